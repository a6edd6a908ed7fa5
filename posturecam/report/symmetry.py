"""Left against right, for exercises done on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posturecam.language import decimals, gettext
from posturecam.model import Side
from posturecam.report.types import Report
from posturecam.report.wording import DASH, score_number, seconds_text, value_text


@dataclass(frozen=True)
class SideRow:
    """One quantity on both sides, as text and as shares (0..1) of the larger one for the bars."""

    label: str
    left: str
    right: str
    left_share: float
    right_share: float


def side_rows(report: Report) -> list[SideRow]:
    """Rows of the left-right comparison; none for exercises without sides."""
    if report.reps.left is not None and report.reps.right is not None and report.reps.items:
        return _rep_rows(report)
    if report.holds.left_s is not None and report.holds.right_s is not None and report.holds.items:
        sides: tuple[Side, Side] = ("left", "right")
        held = [sum(item.duration_s for item in report.holds.items if item.side == side) for side in sides]
        scores = [
            _mean([h.score for h in report.holds.items if h.side == side and h.score is not None]) for side in sides
        ]
        return [
            _row(gettext("Held"), held[0], held[1], [seconds_text(value) for value in held]),
            _row(gettext("Score"), scores[0], scores[1], [_whole(score) for score in scores]),
        ]
    return []


def _rep_rows(report: Report) -> list[SideRow]:
    summary = report.measures.get(report.reps.items[0].range.measure)
    unit = summary.unit if summary else "degrees"
    columns = []
    for side in ("left", "right"):
        items = [item for item in report.reps.items if item.side == side]
        columns.append(
            (
                float(len(items)),
                float(sum(item.good is True for item in items)),
                _mean([abs(item.range.to - item.range.start) for item in items]),
                _mean([item.seconds for item in items if item.seconds is not None]),
                _mean([item.score for item in items if item.score is not None]),
            )
        )
    left, right = columns
    return [
        _row(gettext("Reps"), left[0], right[0], [_whole(left[0]), _whole(right[0])]),
        _row(gettext("Good reps"), left[1], right[1], [_whole(left[1]), _whole(right[1])]),
        _row(
            gettext("Range of motion"),
            left[2],
            right[2],
            [value_text(value, unit, short=True) for value in (left[2], right[2])],
        ),
        _row(
            gettext("Time per rep"),
            left[3],
            right[3],
            [decimals(f"{value:.1f} s") if value is not None else DASH for value in (left[3], right[3])],
        ),
        _row(gettext("Score"), left[4], right[4], [_whole(left[4]), _whole(right[4])]),
    ]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _whole(value: float | None) -> str:
    return score_number(value)


def _row(label: str, left: float | None, right: float | None, texts: Sequence[str]) -> SideRow:
    top = max(left or 0.0, right or 0.0, 1e-9)
    return SideRow(label, texts[0], texts[1], (left or 0.0) / top, (right or 0.0) / top)
