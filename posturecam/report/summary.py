"""The report's first sentence: what a physiotherapist would say after watching."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from posturecam.judging.verdicts import TOO_CLOSE
from posturecam.language import SOURCE, current, gettext, inside, msgid, ngettext
from posturecam.model import Tracking
from posturecam.report.types import (
    Fault,
    HoldItem,
    Holds,
    Judgement,
    Kind,
    RepItem,
    Report,
    Reps,
    TrackingPart,
    Unknown,
)
from posturecam.report.wording import holds_text, listed, reps_counted, reps_text, seconds_text

NOTHING = msgid("Nothing stood out that needs work.")
WHOLLY = 0.995
"""A check in doubt for this share of the time or more was never judged: rounded, it is all of it."""
UNEVEN_S = 2.0
"""Sides held this much apart, in seconds, are told apart: less is the time of lying down and getting up."""
STILL = msgid("A picture shows the position only, so nothing is counted or timed.")


def summary_text(report: Report) -> str:
    """The report's summary in the language spoken here: as it is kept, or put together again from what it rests on."""
    if current() == SOURCE:
        return report.summary
    beyond_any = {check.id for check in report.checks if not check.judged}
    return summary_sentence(
        report.kind,
        report.reps,
        report.holds,
        report.faults,
        report.verdict,
        report.tracking,
        [one for one in report.unknown if one.id not in beyond_any],
        {check.id: check.name for check in report.checks},
        is_still=report.source.is_still,
    )


def summary_sentence(
    kind: Kind,
    reps: Reps,
    holds: Holds,
    faults: Sequence[Fault],
    verdict: Judgement,
    tracking: Tracking | TrackingPart,
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
    work_on = " ".join(filter(None, [_work_on(faults, kind), seldom])) or ("" if missed else gettext(NOTHING))
    if is_still and verdict != "unknown":
        return " ".join(filter(None, [work_on, _not_judged(missed), gettext(STILL)]))
    did = "" if is_still else _reps_sentence(reps, missed) if kind == "reps" else _hold_sentence(holds)
    if verdict == "unknown":
        return " ".join(filter(None, [did, _why_unknown(reps, holds, tracking)]))
    return " ".join(filter(None, [did, work_on, _uneven(reps, holds), _not_judged(missed)]))


def never_judged(unknown: Sequence[Unknown]) -> list[Unknown]:
    """The checks of which nothing at all is known: of those that were only too close to call, something is."""
    return [item for item in unknown if item.share >= WHOLLY and item.reason != TOO_CLOSE]


def _not_judged(missed: Sequence[Unknown]) -> str:
    if not missed:
        return ""
    return gettext("Not judged: {checks}.", checks=_some([_lower(item.name or item.id) for item in missed]))


def _some(names: Sequence[str], most: int = 3) -> str:
    """A list that stays short: "a, b, c and 2 more"."""
    rest = len(names) - most
    return listed(names if rest <= 0 else [*names[:most], gettext("{number} more", number=rest)])


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
    numbered = reps_text if reps.items else holds_text
    parts = [f"{_lower(names.get(check, check))} ({numbered(found)})" for check, found in places.items()]
    return gettext("Seen now and then: {faults}.", faults=_some(parts)) if parts else ""


def _reps_sentence(reps: Reps, missed: Sequence[Unknown]) -> str:
    if not reps.count:
        return _none_counted(len(reps.attempts))
    count, judged = reps.count, sum(item.good is not None for item in reps.items)
    if not judged:
        return ngettext("{number} rep counted.", "{number} reps counted.", count)
    if reps.good == count and any(item.faults for item in reps.items):
        if count == 2:
            return gettext("Neither of the 2 reps had a major fault.")
        return ngettext("The one rep had no major fault.", "None of the {number} reps had a major fault.", count)
    if reps.good == count:
        return _all_good(count, as_far=bool(missed))
    if count == 1:
        return gettext("The one rep was not good.")
    return _some_good(reps.good, count, count - judged)


def _none_counted(tried: int) -> str:
    if not tried:
        return gettext("No reps were counted.")
    return ngettext(
        "No reps were counted; {number} movement fell short of counting.",
        "No reps were counted; {number} movements fell short of counting.",
        tried,
    )


def _all_good(count: int, *, as_far: bool) -> str:
    """``as_far``: something could not be judged."""
    if count == 2:
        return gettext("Both reps were good, as far as could be judged.") if as_far else gettext("Both reps were good.")
    if as_far:
        return ngettext(
            "The one rep was good, as far as could be judged.",
            "All {number} reps were good, as far as could be judged.",
            count,
        )
    return ngettext("The one rep was good.", "All {number} reps were good.", count)


def _some_good(good: int, count: int, doubted: int) -> str:
    doubt = gettext(" ({number} could not be judged)", number=doubted) if doubted else ""
    if not good and count == 2:
        return gettext("Neither of the 2 reps was good{doubt}.", doubt=doubt)
    if not good:
        return gettext("None of the {number} reps was good{doubt}.", number=count, doubt=doubt)
    return ngettext(
        "{number} of {reps} was good{doubt}.",
        "{number} of {reps} were good{doubt}.",
        good,
        reps=reps_counted(count),
        doubt=doubt,
    )


def _hold_sentence(holds: Holds) -> str:
    if not holds.items:
        return gettext("The position was not held long enough to be timed.")
    if len(holds.items) == 1:
        return gettext("Held for {time}.", time=seconds_text(holds.total_s))
    return gettext(
        "Held for {time} in {number} holds, the longest {longest}.",
        time=seconds_text(holds.total_s),
        number=len(holds.items),
        longest=seconds_text(holds.longest_s),
    )


def _work_on(faults: Sequence[Fault], kind: Kind) -> str:
    if not faults:
        return ""
    parts = [_lower(fault.name) + _where(fault, kind) for fault in faults[:3]]
    if len(faults) > 3:
        return gettext("Work on: {faults}; and {number} more.", faults=", ".join(parts), number=len(faults) - 3)
    return gettext("Work on: {faults}.", faults=", ".join(parts))


def _where(fault: Fault, kind: Kind) -> str:
    if kind == "reps" and fault.reps:
        return f" ({reps_text(fault.reps)})"
    if not fault.seconds:
        return ""
    return f" ({gettext('{time} of the hold', time=seconds_text(fault.seconds))})"


def _uneven(reps: Reps, holds: Holds) -> str:
    if reps.left is not None and reps.right is not None and reps.left != reps.right:
        return one_side_only(reps.left, reps.right) or _both_sides(str(reps.left), str(reps.right))
    if holds.left_s is None or holds.right_s is None:
        return ""
    if only := one_side_only(holds.left_s, holds.right_s):
        return only
    if abs(holds.left_s - holds.right_s) >= UNEVEN_S:
        return _both_sides(seconds_text(holds.left_s), seconds_text(holds.right_s))
    return ""


def _both_sides(left: str, right: str) -> str:
    return gettext("Left {left}, right {right}.", left=left, right=right)


def one_side_only(left: float, right: float) -> str:
    """Says that a side was left out; empty when both were done, or neither."""
    if (left > 0) == (right > 0):
        return ""
    return gettext("Only the left side was done.") if left > 0 else gettext("Only the right side was done.")


def _why_unknown(reps: Reps, holds: Holds, tracking: Tracking | TrackingPart) -> str:
    if tracking.person == 0:
        return gettext("Nobody was seen in the picture, so nothing could be judged.")
    if tracking.view_ok is False:
        return gettext("The camera stood where this exercise cannot be judged.")
    if reps.count or holds.items:
        return gettext("The form could not be judged.")
    return gettext("Nothing could be judged.")


def _lower(name: str) -> str:
    return inside(gettext(name))
