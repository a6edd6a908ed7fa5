"""Two reports side by side: what is better, what is worse, and what differs by no more than the measuring error."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Literal

from posturecam.language import decimals, gettext, inside
from posturecam.report.change import change
from posturecam.report.history import change_text, entry_of, number_text
from posturecam.report.presentation import view_words
from posturecam.report.types import Pain, Report
from posturecam.report.wording import DASH, holds_text, listed, percent_text, reps_text
from posturecam.spec.units import MINUS, sem_of

Trend = Literal["better", "worse", "same", "changed"]
FaultTrend = Literal["gone", "new", "still"]
_EPOCH = datetime.fromtimestamp(0, timezone.utc)


@dataclass(frozen=True)
class Row:
    """One quantity before and after, as text. ``trend`` is "changed" where neither way is better, "same" within the error."""

    name: str
    before: str
    after: str
    change: str
    trend: Trend


@dataclass(frozen=True)
class FaultRow:
    """One fault that either report brings up; shares are 0..1 and 0 where it is not brought up."""

    id: str
    name: str
    before: float
    after: float
    trend: FaultTrend


@dataclass(frozen=True)
class Comparison:
    """Everything that can be compared; ``cautions`` are sentences on what makes the two hard to compare."""

    rows: tuple[Row, ...]
    faults: tuple[FaultRow, ...]
    cautions: tuple[str, ...]

    def sentence(self) -> str:
        """What has changed, in a sentence."""
        parts = []
        if better := [inside(row.name) for row in self.rows if row.trend == "better"]:
            parts.append(gettext("Better: {names}.", names=listed(better)))
        if worse := [inside(row.name) for row in self.rows if row.trend == "worse"]:
            parts.append(gettext("Worse: {names}.", names=listed(worse)))
        if gone := [fault.name for fault in self.faults if fault.trend == "gone"]:
            parts.append(gettext("No longer a fault: {names}.", names=listed(gone)))
        if new := [fault.name for fault in self.faults if fault.trend == "new"]:
            parts.append(gettext("New fault: {names}.", names=listed(new)))
        return " ".join(parts) or gettext("No difference beyond the measuring error.")


def compare(before: Report, after: Report) -> Comparison:
    """Compare two reports, best of the same exercise."""
    same = (before.exercise, before.variant) == (after.exercise, after.variant)
    rows = [_scored(before, after)]
    if before.kind == after.kind == "reps":
        rows += _rep_rows(before, after)
    elif before.kind == after.kind == "hold":
        rows += _hold_rows(before, after)
    rows += _pain(before, after)
    rows.append(_share_row(gettext("In position"), before.tracking.judged, after.tracking.judged))
    return Comparison(
        tuple(row for row in rows if row is not None), _faults(before, after), _cautions(before, after, same)
    )


def _pain(before: Report, after: Report) -> list[Row]:
    """Pain told before and after each of the two, where both know it."""
    old, new = (report.pain or Pain() for report in (before, after))
    pairs = ((gettext("Pain before"), old.before, new.before), (gettext("Pain after"), old.after, new.after))
    return [_row(name, one, other, "pain", better="down") for name, one, other in pairs if None not in (one, other)]


def _scored(before: Report, after: Report) -> Row:
    return _row(gettext("Score"), before.score, after.score, "score", better="up")


def _rep_rows(before: Report, after: Report) -> list[Row]:
    old, new = (entry_of("", _EPOCH, report) for report in (before, after))
    sems = old.range_error, new.range_error
    rows: list[Row] = [
        _count(gettext("Reps"), before.reps.count, after.reps.count),
        _count(gettext("Good reps"), before.reps.good, after.reps.good, better=True),
        _count(gettext("Not counted"), len(before.reps.attempts), len(after.reps.attempts)),
    ]
    if before.reps.left is not None and after.reps.left is not None:
        rows += [
            _count(gettext("Left reps"), before.reps.left, after.reps.left),
            _count(gettext("Right reps"), before.reps.right or 0, after.reps.right or 0),
        ]
    if old.unit == new.unit:
        rows.append(_row(gettext("Range of motion"), old.range_of_motion, new.range_of_motion, old.unit, sems=sems))
        if old.side_difference is not None or new.side_difference is not None:
            rows.append(
                _row(
                    gettext("Left-right difference"),
                    _size(old.side_difference),
                    _size(new.side_difference),
                    old.side_unit,
                    better="down",
                    # each is a difference of two already
                    sems=(math.sqrt(2) * sems[0], math.sqrt(2) * sems[1]),
                )
            )
    for name, part in (
        (gettext("Time there"), "out_s"),
        (gettext("Time at the end position"), "hold_s"),
        (gettext("Time back"), "return_s"),
    ):
        rows.append(_row(name, _mean(before, part), _mean(after, part), "tempo"))
    return rows


def _hold_rows(before: Report, after: Report) -> list[Row]:
    rows: list[Row] = [
        _count(gettext("Holds"), len(before.holds.items), len(after.holds.items)),
        _row(gettext("Held"), before.holds.total_s, after.holds.total_s, "seconds", better="up"),
        _row(gettext("Longest hold"), before.holds.longest_s, after.holds.longest_s, "seconds", better="up"),
    ]
    if before.holds.left_s is not None and after.holds.left_s is not None:
        rows += [
            _row(gettext("Held on the left"), before.holds.left_s, after.holds.left_s, "seconds"),
            _row(gettext("Held on the right"), before.holds.right_s, after.holds.right_s, "seconds"),
        ]
    return rows


def _row(
    name: str,
    before: float | None,
    after: float | None,
    unit: str,
    better: str | None = None,
    sems: tuple[float, float] | None = None,
) -> Row:
    if before is None or after is None:
        trend: Trend = "same" if before == after else "changed"
        return Row(name, _text(before, unit), _text(after, unit), "", trend)
    found = change(before, after, *(sems or (sem_of(unit),)))
    if not found.real:
        trend = "same"
    elif better is None:
        trend = "changed"
    else:
        trend = "better" if found.kind == better else "worse"
    return Row(name, _text(before, unit), _text(after, unit), _signed(after - before, unit), trend)


def _text(value: float | None, unit: str) -> str:
    if value is None:
        return DASH
    return decimals(f"{value:.1f} s") if unit in ("tempo", "seconds") else number_text(value, unit)


def _signed(difference: float, unit: str) -> str:
    if unit in ("tempo", "seconds"):
        size = f"{abs(difference):.1f} s"
        return decimals(f"{'±' if size == '0.0 s' else '+' if difference > 0 else MINUS}{size}")
    return change_text(difference, unit)


def _count(name: str, before: int, after: int, *, better: bool = False) -> Row:
    trend: Trend = "same" if before == after else ("better" if after > before else "worse") if better else "changed"
    return Row(
        name, str(before), str(after), f"{after - before:+d}".replace("-", "−") if after != before else "±0", trend
    )


def _share_row(name: str, before: float, after: float) -> Row:
    trend: Trend = "same" if abs(after - before) < 0.05 else "changed"
    return Row(name, percent_text(before), percent_text(after), change_text(after - before, "ratio"), trend)


def _size(value: float | None) -> float | None:
    return None if value is None else abs(value)


def _mean(report: Report, part: str) -> float | None:
    values = [value for item in report.reps.items if (value := getattr(item, part)) is not None]
    return sum(values) / len(values) if values else None


def _faults(before: Report, after: Report) -> tuple[FaultRow, ...]:
    shares = [{fault.id: fault.share for fault in report.faults} for report in (before, after)]
    names = {fault.id: gettext(fault.name) for report in (before, after) for fault in report.faults}
    rows = []
    for check, name in names.items():
        old, new = (share.get(check, 0.0) for share in shares)
        trend: FaultTrend = (
            "still" if check in shares[0] and check in shares[1] else "gone" if check in shares[0] else "new"
        )
        rows.append(FaultRow(check, name, old, new, trend))
    return tuple(rows)


def _cautions(before: Report, after: Report, same: bool) -> tuple[str, ...]:
    if not same:
        return (
            gettext(
                "These are different exercises ({before} and {after}): only the scores can be set side by side.",
                before=before.title(),
                after=after.title(),
            ),
        )
    found = []
    if changed := changed_limits(before, after):
        names = listed(gettext(name) for name in changed)
        found.append(gettext("The limits differ for {names}: part of the change may be theirs.", names=names))
    if (before.provenance.model or "") != (after.provenance.model or ""):
        found.append(
            gettext(
                "The pose models differ ({before} and {after}).",
                before=before.provenance.model or "?",
                after=after.provenance.model or "?",
            )
        )
    if before.tracking.view != after.tracking.view:
        views = [view_words(report.tracking.view) for report in (before, after)]
        found.append(gettext("The camera stood elsewhere ({before} and {after}).", before=views[0], after=views[1]))
    return tuple(found)


def changed_limits(before: Report, after: Report) -> list[str]:
    """Names of the checks whose limits differ, or which only one of the two knows."""
    old, new = ({check.id: check for check in report.checks} for report in (before, after))
    names = []
    for check in dict.fromkeys([*old, *new]):
        one, other = old.get(check), new.get(check)
        if one is None or other is None or (one.ok, one.fault) != (other.ok, other.fault):
            known = other or one
            assert known is not None
            names.append(known.name)
    return names


def rep_changes(before: Report, after: Report) -> list[str]:
    """What became of each rep and hold when the same recording was judged again: one line for each that changed."""
    lines = []
    pairs: list[tuple[str, Callable[[Sequence[int]], str], Sequence[Any], Sequence[Any]]] = [
        ("Rep", reps_text, before.reps.items, after.reps.items),
        ("Hold", holds_text, before.holds.items, after.holds.items),
    ]
    for noun, numbered, old_items, new_items in pairs:
        for number, (old, new) in enumerate(zip(old_items, new_items, strict=False), 1):
            told = _item_change(before, after, old, new)
            if told:
                lines.append(f"{noun} {number}: {told}")
        missing, extra = len(old_items) - len(new_items), len(new_items) - len(old_items)
        if missing > 0:
            lines.append(f"No longer counted: {numbered(range(len(new_items) + 1, len(old_items) + 1))}")
        if extra > 0:
            lines.append(f"Now counted: {numbered(range(len(old_items) + 1, len(new_items) + 1))}")
    return lines


def _item_change(before: Report, after: Report, old: Any, new: Any) -> str:
    parts = []
    if old.score != new.score:
        parts.append(f"score {_text(old.score, 'score')} → {_text(new.score, 'score')}")
    had, has = ({mark.id for mark in item.faults} for item in (old, new))
    parts += [f"no longer {before.check_name(check).lower()}" for check in sorted(had - has)]
    parts += [f"now {after.check_name(check).lower()}" for check in sorted(has - had)]
    return ", ".join(parts)
