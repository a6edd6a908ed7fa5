"""Two sessions of one exercise played in step: which moment of the one is the same phase of the rep as a moment of the other."""

from __future__ import annotations

from difflib import SequenceMatcher

from posturecam.report.types import HoldItem, RepItem, Report


def knots(before: Report, after: Report) -> list[tuple[float, float]]:
    """Pairs of moments, seconds in the one and in the other, that belong together; both rise strictly.

    They are the beginnings, end positions and ends of reps (the beginnings and ends of holds), the first with the first and so
    on; of exercises with sides, left with left and right with right. Between two pairs, time runs evenly. Empty where nothing
    belongs together.
    """
    found: list[tuple[float, float]] = []
    if (before.exercise, before.kind) != (after.exercise, after.kind):
        return found
    for one, other in _pairs(before, after):
        for pair in zip(_moments(one), _moments(other), strict=True):
            if not found or (pair[0] > found[-1][0] and pair[1] > found[-1][1]):
                found.append(pair)
    return found


def _pairs(before: Report, after: Report) -> list[tuple[RepItem | HoldItem, RepItem | HoldItem]]:
    ones, others = list(before.judged_items), list(after.judged_items)
    sides, other_sides = ([one.side for one in items] for items in (ones, others))
    # the longest common run of sides, so that what only one of them has in between is left out
    blocks = SequenceMatcher(None, sides, other_sides, autojunk=False).get_matching_blocks()
    return [(ones[block.a + i], others[block.b + i]) for block in blocks for i in range(block.size)]


def _moments(item: RepItem | HoldItem) -> tuple[float, ...]:
    if isinstance(item, RepItem):
        return item.start_s, item.end_position_s, item.end_s
    return item.start_s, item.end_s
