"""What a live session is for: so many sets of reps or seconds, and how far the person has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posturecam.judging.frames import two_sided
from posturecam.language import msgid
from posturecam.model import FrameResult, Side
from posturecam.spec.schema import Dose, Exercise

REST_S = 30.0


@dataclass(frozen=True)
class Goal:
    """``sets`` of ``reps`` or of ``seconds`` held; ``per_side``: that many on the left and on the right.

    ``ends`` tells whether reaching it ends the set and, after the last one, the session. ``rest_s`` lies between sets.
    """

    sets: int = 1
    reps: int | None = None
    seconds: float | None = None
    per_side: bool = False
    ends: bool = True
    rest_s: float = REST_S


def goal_for(
    exercise: Exercise,
    *,
    reps: int | None = None,
    seconds: float | None = None,
    dose: Dose | None = None,
    ends: bool = True,
) -> Goal:
    """The goal that the user asked for (one set of ``reps`` or ``seconds``), or else the ``dose``, or the exercise's own.

    Seconds asked of an exercise with reps, and reps asked of a hold, are ignored.
    """
    per_side = two_sided(exercise)
    if exercise.reps is not None:
        if reps is not None:
            return Goal(1, reps, None, per_side, ends)
        chosen = dose if dose is not None and dose.reps else exercise.dose
        return Goal(chosen.sets, chosen.reps or 10, None, per_side, ends)
    if seconds is not None:
        return Goal(1, None, seconds, per_side, ends)
    chosen = dose if dose is not None and dose.seconds else exercise.dose
    return Goal(chosen.sets, None, chosen.seconds or 20.0, per_side, ends)


@dataclass(frozen=True)
class SetProgress:
    """How far the current set is: ``number`` from 1; ``left`` and ``right`` are None unless sides count separately.

    ``done``, ``left`` and ``right`` are reps or held seconds of this set; ``target`` is for one side where sides count
    separately. ``fraction`` 0..1 of the set; ``reached`` whether the set's goal is reached, ``ends`` whether that
    ends the set.
    """

    number: int = 1
    sets: int = 1
    done: float = 0.0
    left: float | None = None
    right: float | None = None
    target: float = 0.0
    fraction: float = 0.0
    reached: bool = False
    ends: bool = True

    @property
    def last(self) -> bool:
        """Whether no set follows."""
        return self.number >= self.sets

    @property
    def side_to_come(self) -> Side | None:
        """The side that is still to be done while the other one has reached its target; None while there is nothing to change."""
        if self.left is None or self.right is None or self.target <= 0:
            return None
        more, less = max(self.left, self.right), min(self.left, self.right)
        # whoever takes turns is one rep apart at the most, and needs not be told
        if more < self.target or less >= self.target or more - less < min(2.0, self.target):
            return None
        return "right" if self.left > self.right else "left"


CHANGE_SIDES: Mapping[Side, str] = {
    "left": msgid("Change sides: now your left side"),
    "right": msgid("Change sides: now your right side"),
}


def change_sides(side: Side) -> str:
    """What to say and show when it is time for this side, in English: it is put into another language where it is shown."""
    return CHANGE_SIDES[side]


class GoalTracker:
    """Follows the counts towards the goal; pure, fed every judged frame."""

    def __init__(self, goal: Goal) -> None:
        self.goal = goal
        self._number = 1
        self._base: dict[Side | None, float] = {}
        self._totals: dict[Side | None, float] = {None: 0.0, "left": 0.0, "right": 0.0}
        self._finished: dict[Side | None, float] = {None: 0.0, "left": 0.0, "right": 0.0}

    def update(self, result: FrameResult) -> SetProgress:
        """Take one frame's result."""
        if self.goal.reps is not None:
            progress = result.progress
            self._totals = {
                None: float(progress.reps),
                "left": float(progress.left or 0),
                "right": float(progress.right or 0),
            }
        else:
            self._follow_holds(result)
        return self.progress

    def _follow_holds(self, result: FrameResult) -> None:
        for hold in result.finished_holds:
            self._finished[None] += hold.duration_s
            if hold.side is not None:
                self._finished[hold.side] += hold.duration_s
        self._totals = dict(self._finished)
        held = result.progress.hold_s
        self._totals[None] += held
        if result.side is not None:
            self._totals[result.side] += held

    def _in_set(self, side: Side | None) -> float:
        return max(0.0, self._totals[side] - self._base.get(side, 0.0))

    @property
    def progress(self) -> SetProgress:
        """Where the current set stands."""
        goal = self.goal
        target = float(goal.reps) if goal.reps is not None else goal.seconds or 0.0
        left = right = None
        if goal.per_side:
            left, right = self._in_set("left"), self._in_set("right")
            fraction = (min(left, target) + min(right, target)) / (2 * target) if target else 0.0
            reached = min(left, right) >= target
        else:
            fraction = min(1.0, self._in_set(None) / target) if target else 0.0
            reached = self._in_set(None) >= target
        return SetProgress(
            self._number, goal.sets, self._in_set(None), left, right, target, fraction, reached, goal.ends
        )

    def next_set(self) -> None:
        """Begin the next set: what was done until now belongs to the last one."""
        self._number += 1
        self._base = dict(self._totals)
