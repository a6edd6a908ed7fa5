"""What must hold between the fields of a report, so that everything that shows one may rely on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from posturecam.report.types import Curve, HoldItem, RepItem, Report

Problem = tuple[str, str]
"""A field, as ``reps.items.3.end_s``, and what is wrong with it."""

MAX_PIXELS = 100_000
SLACK_S = 0.002
"""Times are rounded when they are written."""


def contradictions(report: Report) -> Iterator[Problem]:
    """What in a report contradicts the rest of it; nothing for every report that this program has written."""
    yield from _source(report)
    yield from _counts(report)
    for index, rep in enumerate(report.reps.items):
        yield from _rep(f"reps.items.{index}", rep)
    for index, attempt in enumerate(report.reps.attempts):
        yield from _ordered(f"reps.attempts.{index}.end_s", (attempt.start_s, attempt.end_s))
    for index, hold in enumerate(report.holds.items):
        yield from _hold(f"holds.items.{index}", hold)
    yield from _checks(report)
    yield from _fault_reps(report)
    for name, measure in report.measures.items():
        yield from _ordered(f"measures.{name}", (measure.min, measure.median, measure.max))
    yield from _timeline(report)


def _source(report: Report) -> Iterator[Problem]:
    source = report.source
    for name in ("width", "height"):
        if not 0 <= getattr(source, name) <= MAX_PIXELS:
            yield f"source.{name}", "is not the size of a picture"
    for name in ("frames", "duration_s", "fps"):
        if (getattr(source, name) or 0) < 0:
            yield f"source.{name}", "is negative"
    for name in ("sets", "reps", "seconds"):
        if (getattr(report.dose, name) or 0) < 0:
            yield f"dose.{name}", "is negative"


def _counts(report: Report) -> Iterator[Problem]:
    reps, holds = report.reps, report.holds
    if reps.count != len(reps.items):
        yield "reps.count", f"says {reps.count}, but {len(reps.items)} are listed"
    if not 0 <= reps.good <= len(reps.items):
        yield "reps.good", "is not between nothing and all reps"
    if [item.index for item in reps.items] != list(range(1, len(reps.items) + 1)):
        yield "reps.items", "are not numbered from 1"
    sides = (reps.left, reps.right)
    if None in sides and sides != (None, None):
        yield "reps.left", "is given without the other side"
    elif min(side or 0 for side in sides) < 0 or sum(side or 0 for side in sides) > reps.count:
        yield "reps.left", "and right are not part of all reps"
    if min(holds.total_s, holds.longest_s) < 0 or holds.longest_s > holds.total_s + SLACK_S:
        yield "holds.longest_s", "is longer than all holds"
    if (holds.left_s is None) != (holds.right_s is None):
        yield "holds.left_s", "is given without the other side"


def _rep(where: str, rep: RepItem) -> Iterator[Problem]:
    yield from _ordered(f"{where}.end_s", (rep.start_s, rep.end_position_s, rep.end_s))
    for name in ("out_s", "hold_s", "return_s"):
        if (getattr(rep, name) or 0) < 0:
            yield f"{where}.{name}", "is negative"


def _hold(where: str, hold: HoldItem) -> Iterator[Problem]:
    yield from _ordered(f"{where}.end_s", (hold.start_s, hold.end_s))
    if hold.duration_s < 0:
        yield f"{where}.duration_s", "is negative"


def _checks(report: Report) -> Iterator[Problem]:
    """Whatever names a check names one that is listed, once."""
    known = [check.id for check in report.checks]
    if len(set(known)) != len(known):
        yield "checks", "hold an id twice"
    for where, name in _named_checks(report):
        if name not in known:
            yield where, f"names the check {name[:60]!r}, which is not listed"


def _named_checks(report: Report) -> Iterator[Problem]:
    for kind, marked in (("reps", report.reps.items), ("holds", report.holds.items)):
        for index, item in enumerate(marked):
            for part in ("faults", "unknown"):
                for number, mark in enumerate(getattr(item, part)):
                    yield f"{kind}.items.{index}.{part}.{number}.id", mark.id
    for number, fault in enumerate(report.faults):
        yield f"faults.{number}.id", fault.id
    for number, unknown in enumerate(report.unknown):
        yield f"unknown.{number}.id", unknown.id
    for name in report.timeline.checks:
        yield f"timeline.checks.{name[:60]}", name


def _fault_reps(report: Report) -> Iterator[Problem]:
    count = max(len(report.reps.items), len(report.holds.items))
    for index, fault in enumerate(report.faults):
        if any(not 1 <= number <= count for number in fault.reps):
            yield f"faults.{index}.reps", f"names one that is not among the {count}"
        if fault.seconds < 0:
            yield f"faults.{index}.seconds", "is negative"


def _timeline(report: Report) -> Iterator[Problem]:
    timeline = report.timeline
    if timeline.curve is not None:
        yield from _curve(timeline.curve)
    lists = [
        ("timeline.phases", timeline.phases),
        *((f"timeline.checks.{k[:60]}", v) for k, v in timeline.checks.items()),
    ]
    for where, stretches in lists:
        for index, stretch in enumerate(stretches):
            yield from _ordered(f"{where}.{index}.end_s", (stretch.start_s, stretch.end_s))


def _curve(curve: Curve) -> Iterator[Problem]:
    if len(curve.t_s) != len(curve.values):
        yield "timeline.curve.values", f"are {len(curve.values)} for {len(curve.t_s)} times"
    if not _rises(curve.t_s):
        yield "timeline.curve.t_s", "does not go forward"


def _ordered(where: str, numbers: Sequence[float]) -> Iterable[Problem]:
    if not _rises(numbers):
        yield where, "comes before what it follows"


def _rises(numbers: Sequence[float]) -> bool:
    return all(after >= before - SLACK_S for before, after in pairwise(numbers))
