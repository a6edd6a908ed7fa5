"""The report's first sentence: what a physiotherapist would say after watching."""

from __future__ import annotations

from collections.abc import Sequence

from posturecam.model import Tracking
from posturecam.report.types import Fault, Holds, Judgement, Kind, Reps
from posturecam.report.wording import counted, reps_text, seconds_text

STILL = "A picture shows the position only, so nothing is counted or timed."


def summary_sentence(
    kind: Kind,
    reps: Reps,
    holds: Holds,
    faults: Sequence[Fault],
    verdict: Judgement,
    tracking: Tracking,
    *,
    is_still: bool = False,
) -> str:
    """Two or three plain sentences: what was done, how well, what to work on; ``is_still``: it was one picture."""
    if is_still and verdict != "unknown":
        return f"{_work_on(faults, kind)} {STILL}"
    did = "" if is_still else _reps_sentence(reps, flawless=not faults) if kind == "reps" else _hold_sentence(holds)
    if verdict == "unknown":
        return " ".join(filter(None, [did, _why_unknown(reps, holds, tracking)]))
    return " ".join(filter(None, [did, _work_on(faults, kind), _uneven(reps, holds)]))


def _reps_sentence(reps: Reps, *, flawless: bool) -> str:
    if not reps.count:
        tried = f"; {counted(len(reps.attempts), 'movement')} fell short of counting" if reps.attempts else ""
        return f"No reps were counted{tried}."
    judged = sum(item.good is not None for item in reps.items)
    if not judged:
        return f"{counted(reps.count, 'rep')} counted."
    if reps.good == reps.count and not flawless:
        return "The one rep had no major fault." if reps.count == 1 else f"None of {reps.count} reps had a major fault."
    if reps.good == reps.count:
        return "The one rep was good." if reps.count == 1 else f"All {reps.count} reps were good."
    if reps.count == 1:
        return "The one rep was not good."
    verb = "was" if reps.good == 1 else "were"
    doubt = f" ({reps.count - judged} could not be judged)" if judged < reps.count else ""
    return f"{reps.good or 'None'} of {counted(reps.count, 'rep')} {verb} good{doubt}."


def _hold_sentence(holds: Holds) -> str:
    if not holds.items:
        return "The position was not held long enough to be timed."
    if len(holds.items) == 1:
        return f"Held for {seconds_text(holds.total_s)}."
    return f"Held for {seconds_text(holds.total_s)} in {len(holds.items)} holds, the longest {seconds_text(holds.longest_s)}."


def _work_on(faults: Sequence[Fault], kind: Kind) -> str:
    if not faults:
        return "Nothing stood out that needs work."
    parts = [_lower(fault.name) + _where(fault, kind) for fault in faults[:3]]
    more = f"; and {len(faults) - 3} more" if len(faults) > 3 else ""
    return f"Work on: {', '.join(parts)}{more}."


def _where(fault: Fault, kind: Kind) -> str:
    if kind == "reps" and fault.reps:
        return f" ({reps_text(fault.reps)})"
    return f" ({seconds_text(fault.seconds)} of the hold)" if fault.seconds else ""


def _uneven(reps: Reps, holds: Holds) -> str:
    if reps.left is not None and reps.right is not None and reps.left != reps.right:
        return f"Left {reps.left}, right {reps.right}."
    if holds.left_s is not None and holds.right_s is not None and abs(holds.left_s - holds.right_s) >= 2:
        return f"Left {seconds_text(holds.left_s)}, right {seconds_text(holds.right_s)}."
    return ""


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
