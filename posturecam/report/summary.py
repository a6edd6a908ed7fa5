"""The report's first sentence: what a physiotherapist would say after watching."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from posturecam.judging.verdicts import TOO_CLOSE
from posturecam.model import Tracking
from posturecam.report.types import Fault, HoldItem, Holds, Judgement, Kind, RepItem, Reps, Unknown
from posturecam.report.wording import counted, listed, reps_text, seconds_text

NOTHING = "Nothing stood out that needs work."
WHOLLY = 0.995
"""A check in doubt for this share of the time or more was never judged: rounded, it is all of it."""
UNEVEN_S = 2.0
"""Sides held this much apart, in seconds, are told apart: less is the time of lying down and getting up."""
STILL = "A picture shows the position only, so nothing is counted or timed."


def summary_sentence(
    kind: Kind,
    reps: Reps,
    holds: Holds,
    faults: Sequence[Fault],
    verdict: Judgement,
    tracking: Tracking,
    unknown: Sequence[Unknown] = (),
    names: Mapping[str, str] | None = None,
    *,
    is_still: bool = False,
) -> str:
    """A few plain sentences: what was done, how well, what to work on, and what could not be judged.

    ``unknown`` are the checks in doubt, ``names`` the checks' names by id; ``is_still``: it was one picture.
    """
    names = names or {}
    missed = never_judged(unknown)
    seldom = _seldom(reps, holds, faults, names)
    work_on = " ".join(filter(None, [_work_on(faults, kind), seldom])) or ("" if missed else NOTHING)
    if is_still and verdict != "unknown":
        return " ".join(filter(None, [work_on, _not_judged(missed), STILL]))
    did = "" if is_still else _reps_sentence(reps, missed) if kind == "reps" else _hold_sentence(holds)
    if verdict == "unknown":
        return " ".join(filter(None, [did, _why_unknown(reps, holds, tracking)]))
    return " ".join(filter(None, [did, work_on, _uneven(reps, holds), _not_judged(missed)]))


def never_judged(unknown: Sequence[Unknown]) -> list[Unknown]:
    """The checks of which nothing at all is known: of those that were only too close to call, something is."""
    return [item for item in unknown if item.share >= WHOLLY and item.reason != TOO_CLOSE]


def _not_judged(missed: Sequence[Unknown]) -> str:
    return f"Not judged: {_some([_lower(item.name or item.id) for item in missed])}." if missed else ""


def _some(names: Sequence[str], most: int = 3) -> str:
    """A list that stays short: "a, b, c and 2 more"."""
    rest = len(names) - most
    return listed(names if rest <= 0 else [*names[:most], f"{rest} more"])


def _seldom(reps: Reps, holds: Holds, faults: Sequence[Fault], names: Mapping[str, str]) -> str:
    """Faults that were seen, too seldom to be worked on: not saying so would contradict the table."""
    told = {fault.id for fault in faults}
    places: dict[str, list[int]] = {}
    items: list[tuple[int, RepItem | HoldItem]] = [(rep.index, rep) for rep in reps.items]
    items += list(enumerate(holds.items, 1))
    for number, item in items:
        for mark in item.faults:
            if mark.id not in told:
                places.setdefault(mark.id, []).append(number)
    noun = "rep" if reps.items else "hold"
    parts = [f"{_lower(names.get(check, check))} ({reps_text(found, noun)})" for check, found in places.items()]
    return f"Seen now and then: {_some(parts)}." if parts else ""


def _reps_sentence(reps: Reps, missed: Sequence[Unknown]) -> str:
    if not reps.count:
        tried = f"; {counted(len(reps.attempts), 'movement')} fell short of counting" if reps.attempts else ""
        return f"No reps were counted{tried}."
    judged = sum(item.good is not None for item in reps.items)
    if not judged:
        return f"{counted(reps.count, 'rep')} counted."
    if reps.good == reps.count and any(item.faults for item in reps.items):
        return "The one rep had no major fault." if reps.count == 1 else f"{_none_of(reps.count)} had a major fault."
    if reps.good == reps.count:
        so_far = ", as far as could be judged" if missed else ""
        whole = {1: "The one rep was", 2: "Both reps were"}.get(reps.count, f"All {reps.count} reps were")
        return f"{whole} good{so_far}."
    if reps.count == 1:
        return "The one rep was not good."
    doubt = f" ({reps.count - judged} could not be judged)" if judged < reps.count else ""
    if not reps.good:
        return f"{_none_of(reps.count)} was good{doubt}."
    return f"{reps.good} of {counted(reps.count, 'rep')} {'was' if reps.good == 1 else 'were'} good{doubt}."


def _none_of(count: int) -> str:
    return "Neither of the 2 reps" if count == 2 else f"None of the {count} reps"


def _hold_sentence(holds: Holds) -> str:
    if not holds.items:
        return "The position was not held long enough to be timed."
    if len(holds.items) == 1:
        return f"Held for {seconds_text(holds.total_s)}."
    return f"Held for {seconds_text(holds.total_s)} in {len(holds.items)} holds, the longest {seconds_text(holds.longest_s)}."


def _work_on(faults: Sequence[Fault], kind: Kind) -> str:
    if not faults:
        return ""
    parts = [_lower(fault.name) + _where(fault, kind) for fault in faults[:3]]
    more = f"; and {len(faults) - 3} more" if len(faults) > 3 else ""
    return f"Work on: {', '.join(parts)}{more}."


def _where(fault: Fault, kind: Kind) -> str:
    if kind == "reps" and fault.reps:
        return f" ({reps_text(fault.reps)})"
    return f" ({seconds_text(fault.seconds)} of the hold)" if fault.seconds else ""


def _uneven(reps: Reps, holds: Holds) -> str:
    if reps.left is not None and reps.right is not None and reps.left != reps.right:
        return one_side_only(reps.left, reps.right) or f"Left {reps.left}, right {reps.right}."
    if holds.left_s is None or holds.right_s is None:
        return ""
    if only := one_side_only(holds.left_s, holds.right_s):
        return only
    if abs(holds.left_s - holds.right_s) >= UNEVEN_S:
        return f"Left {seconds_text(holds.left_s)}, right {seconds_text(holds.right_s)}."
    return ""


def one_side_only(left: float, right: float) -> str:
    """Says that a side was left out; empty when both were done, or neither."""
    if (left > 0) == (right > 0):
        return ""
    return f"Only the {'left' if left > 0 else 'right'} side was done."


def _why_unknown(reps: Reps, holds: Holds, tracking: Tracking) -> str:
    if tracking.person == 0:
        return "Nobody was seen in the picture, so nothing could be judged."
    if tracking.view_ok is False:
        return "The camera stood where this exercise cannot be judged."
    if reps.count or holds.items:
        return "The form could not be judged."
    return "Nothing could be judged."


def _lower(name: str) -> str:
    """The name inside a sentence: first letter small, unless the word is all capitals."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]
