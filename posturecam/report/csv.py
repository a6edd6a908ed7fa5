"""The reps or holds as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from posturecam.report.types import FaultMark, HoldItem, RepItem, Report

COLUMNS = (
    "file",
    "person",
    "exercise",
    "variant",
    "kind",
    "number",
    "side",
    "start_s",
    "end_position_s",
    "end_s",
    "measure",
    "range_from",
    "range_to",
    "range",
    "out_s",
    "hold_s",
    "return_s",
    "good",
    "score",
    "faults",
    "fault_values",
    "unknown",
)
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def render_csv(report: Report) -> str:
    """One row a rep or hold, then one an attempt; a header row first; lines end in CRLF as RFC 4180 has it.

    The first columns are those of a batch's summary, so that files of many recordings can be put together.

    Units are those of report.json: seconds, and the measure's own unit. Several faults are separated by semicolons.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    whose = {
        "file": report.source.path,
        "person": report.person_name,
        "exercise": report.name,
        "variant": report.variant_name,
    }
    for row in _rows(report):
        writer.writerow([cell({**whose, **row}.get(column)) for column in COLUMNS])
    return text.getvalue()


def cell(value: object) -> str:
    """A cell's text. One that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}" if abs(value) >= 1e-3 or value == 0 else f"{value:.6f}"
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(RISKY) and not isinstance(value, int) else text


def _rows(report: Report) -> Iterable[dict[str, object]]:
    for rep in report.reps.items:
        yield {
            "kind": "rep",
            "number": rep.index,
            "side": rep.side,
            "start_s": rep.start_s,
            "end_position_s": rep.end_position_s,
            "end_s": rep.end_s,
            "measure": rep.range.measure,
            "range_from": rep.range.start,
            "range_to": rep.range.to,
            "range": round(abs(rep.range.to - rep.range.start), 3),
            "out_s": rep.out_s,
            "hold_s": rep.hold_s,
            "return_s": rep.return_s,
            **_judgement(rep),
        }
    for number, hold in enumerate(report.holds.items, 1):
        yield {
            "kind": "hold",
            "number": number,
            "side": hold.side,
            "start_s": hold.start_s,
            "end_s": hold.end_s,
            "hold_s": hold.duration_s,
            **_judgement(hold),
        }
    for number, attempt in enumerate(report.reps.attempts, 1):
        yield {
            "kind": "attempt",
            "number": number,
            "side": attempt.side,
            "start_s": attempt.start_s,
            "end_s": attempt.end_s,
            "unknown": attempt.reason,
        }


def _judgement(item: RepItem | HoldItem) -> dict[str, object]:
    return {
        "good": item.good,
        "score": item.score,
        "faults": "; ".join(mark.id for mark in item.faults),
        "fault_values": "; ".join(_measured(mark) for mark in item.faults),
        "unknown": "; ".join(f"{mark.id}: {mark.reason}" for mark in item.unknown),
    }


def _measured(mark: FaultMark) -> str:
    if mark.value is None or mark.limit is None:
        return mark.id
    return f"{mark.id} {mark.value:g} (limit {mark.limit:g})"
