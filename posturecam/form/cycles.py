"""Counting movements of which one rep visits two end positions, in either order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from posturecam.form.conditions import unit_of
from posturecam.form.phases import NOTHING_COUNTED, Counted, RepCounter, RepSpan
from posturecam.form.swings import SwingFinder, SwingStep, Turn, Way
from posturecam.model import Side
from posturecam.spec.schema import Exercise, Reps


class CycleCounter:
    """Counts a rep whenever both ends have been visited since the last one; the same interface as a RepCounter."""

    def __init__(self, rule: Reps, unrest: float | None = None) -> None:
        self._finder = SwingFinder(rule.min_range, unrest or 0.0)
        names: dict[Way, str] = {"high": "high", "low": "low"}
        names.update({way: name for name, way in rule.ends.items()})
        self._names = names
        self._reached: set[Way] = set()
        self._turns: list[Turn] = []

    @property
    def moving(self) -> Side | Literal[False] | None:
        """False until the first end position is in sight; a cycle has no sides."""
        return None if self._finder.nearness(0.0)[0] is not None else False

    @property
    def middle(self) -> float | None:
        """Middle between the end positions, in the drive's unit; None before both are known."""
        return self._finder.middle

    def update(self, t_s: float, drive: Mapping[Side | None, float], neutral: float) -> Counted:  # noqa: ARG002
        """Take the drive at ``t_s`` under None, NaN while unseen; ``neutral`` is not needed."""
        return self._take(self._finder.update(t_s, drive[None]))

    def cancel(self, t_s: float, reason: str, neutral: float = 0.0) -> Counted:  # noqa: ARG002
        """End what is under way; half a cycle is no rep and leaves nothing."""
        collected = self._take(self._finder.finish())
        self._reached.clear()
        self._turns.clear()
        return collected

    def fraction(self, drive: Mapping[Side | None, float], neutral: float) -> tuple[float | None, str]:  # noqa: ARG002
        """How far the value has come towards the next end (0..1), and that end's name."""
        fraction, way = self._finder.nearness(drive[None])
        return fraction, self._names[way]

    def _take(self, step: SwingStep) -> Counted:
        counted: tuple[Side | None, ...] = ()
        finished: tuple[RepSpan, ...] = ()
        if step.reached is not None:
            self._reached.add(step.reached)
            if len(self._reached) == 2:
                self._reached.clear()
                counted = (None,)
        if step.turn is not None:
            self._turns.append(step.turn)
            if len({turn.way for turn in self._turns}) == 2:
                finished = (self._span(),)
                self._turns.clear()
        return Counted(counted, finished) if counted or finished else NOTHING_COUNTED

    def _span(self) -> RepSpan:
        first, second = self._turns[-2:]
        peaks = {turn.way: turn.visit.peak * (1.0 if turn.way == "high" else -1.0) for turn in (first, second)}
        visits = tuple((self._names[turn.way], turn.visit) for turn in (first, second))
        return RepSpan(None, visits, from_value=peaks["low"], to_value=peaks["high"])


def make_counter(exercise: Exercise) -> RepCounter | CycleCounter | None:
    """The counter an exercise asks for; None when it is held."""
    rule = exercise.reps
    if rule is None:
        return None
    unit = {"degrees": "degrees", "torso": "torso lengths"}.get(unit_of(exercise, rule.drive), "")
    error = exercise.measures[rule.drive].error
    return CycleCounter(rule, error) if rule.cycle else RepCounter(rule, unit, error)
