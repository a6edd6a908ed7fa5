"""Finding swings: a value that goes to and fro between two end positions, whatever lies in the middle.

For movements of which one rep visits both ends (cat and cow). No resting value is needed, and a pause on the way, as in table
pose, changes nothing: an end position is known for one when the value has turned back from it by a third of the person's own
range, or has stayed behind after having come that far. Everything runs on seconds, not on frames.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from statistics import median
from typing import Literal

from posturecam.form.excursions import LEAVE_SHARE, NEAR_SHARE, REMEMBERED, Excursion
from posturecam.geometry import NAN

SETTLED_S = 1.5
FORGET_S = 60.0
FULL_SHARE = 0.8

Way = Literal["high", "low"]


@dataclass(frozen=True)
class Turn:
    """One end position: ``way`` which, ``visit`` its times and height; values in the way's direction, as in excursions."""

    way: Way
    visit: Excursion


@dataclass(frozen=True)
class SwingStep:
    """What one value brought: the end position that is now ``reached`` (counts at once), and the ``turn`` that is final."""

    reached: Way | None = None
    turn: Turn | None = None


NO_SWING = SwingStep()


class SwingFinder:
    """Follows one value, NaN while unseen. ``minimum`` is the smallest range between the ends that counts.

    ``unrest`` is how far even a still value wanders: a stay at an end survives it.
    """

    def __init__(self, minimum: float, unrest: float = 0.0) -> None:
        self._minimum = minimum
        self._unrest = unrest
        self._ranges: deque[float] = deque(maxlen=REMEMBERED)
        self._history: list[tuple[float, float]] = []
        self._going: Way | None = None
        self._extreme_s = self._extreme = NAN
        self._previous_s = self._previous = NAN
        self._announced = False
        self._turned = False
        self._ends: tuple[float, float] | None = None

    @property
    def expected(self) -> float:
        """Range that is expected between the ends: the person's own, at least the minimum."""
        return max(self._minimum, median(self._ranges)) if self._ranges else self._minimum

    @property
    def middle(self) -> float | None:
        """Middle between the last two end positions; None before both are known."""
        return sum(self._ends) / 2 if self._ends else None

    def nearness(self, value: float) -> tuple[float | None, Way]:
        """How far the value has come on its way (0..1), and which end it goes to; None before anything is known."""
        way: Way = self._going or "high"
        if self._going is None or math.isnan(value) or math.isnan(self._previous):
            return None, way
        return max(
            0.0, min(1.0, abs(value - self._previous) / max(self.expected, abs(self._extreme - self._previous)))
        ), way

    def update(self, t_s: float, value: float) -> SwingStep:
        """Take the value at ``t_s`` (later than the last)."""
        if math.isnan(value):
            return NO_SWING
        self._history.append((t_s, value))
        if self._going is None:
            return self._first_direction(t_s, value)
        sign = 1.0 if self._going == "high" else -1.0
        if (value - self._extreme) * sign > 0:
            self._extreme_s, self._extreme = t_s, value
        elif (self._extreme - value) * sign >= self._threshold():
            return self._turn_round(t_s, value)
        far = (self._extreme - self._previous) * sign >= self._threshold()
        if far and not self._announced and t_s - self._extreme_s >= SETTLED_S:
            self._announced = True
            return SwingStep(reached=self._going)
        return NO_SWING

    def finish(self) -> SwingStep:
        """End: the end position the value is at, if it came far enough, and the last turn; then start afresh."""
        step = NO_SWING
        sign = 1.0 if self._going == "high" else -1.0
        if self._going is not None and (self._extreme - self._previous) * sign >= self._threshold():
            turn = Turn(self._going, self._visit(self._history[-1][0]))
            if abs(self._extreme - self._previous) >= FULL_SHARE * self.expected:
                self._note_ends()  # less may be the way back to where the person rests
            step = SwingStep(reached=None if self._announced else self._going, turn=turn)
        self._history = []
        self._going = None
        self._extreme_s = self._extreme = self._previous_s = self._previous = NAN
        self._announced = self._turned = False
        return step

    def _note_ends(self) -> None:
        # where the very first swing came from is where the person started, not an end position
        if self._turned:
            self._ends = (self._previous, self._extreme)
        self._turned = True

    def _threshold(self) -> float:
        return max(self._minimum, LEAVE_SHARE * self.expected)

    def _first_direction(self, t_s: float, value: float) -> SwingStep:
        horizon = t_s - FORGET_S
        if self._history[0][0] < horizon:
            self._history = [item for item in self._history if item[0] >= horizon]
        low = min(self._history, key=lambda item: item[1])
        high = max(self._history, key=lambda item: item[1])
        if high[1] - low[1] < self._minimum:
            return NO_SWING
        self._going = "high" if high[0] > low[0] else "low"
        (self._previous_s, self._previous) = low if self._going == "high" else high
        self._extreme_s, self._extreme = t_s, value
        return NO_SWING

    def _turn_round(self, t_s: float, value: float) -> SwingStep:
        assert self._going is not None
        way = self._going
        visit = self._visit(t_s)
        reached = None if self._announced else way
        self._ranges.append(abs(self._extreme - self._previous))
        self._note_ends()
        self._history = [item for item in self._history if item[0] >= self._extreme_s]
        self._previous_s, self._previous = self._extreme_s, self._extreme
        self._going = "low" if way == "high" else "high"
        self._extreme_s, self._extreme = t_s, value
        self._announced = False
        return SwingStep(reached, Turn(way, visit))

    def _visit(self, t_s: float) -> Excursion:
        sign = 1.0 if self._going == "high" else -1.0
        height = abs(self._extreme - self._previous)
        near = self._extreme * sign - max(2 * NEAR_SHARE * height, self._unrest)
        before = [item for item in self._history if item[0] <= self._extreme_s]
        reached_s = next((t for t, value in reversed(before) if value * sign < near), self._previous_s)
        departed_s = next((t for t, value in self._history if t > self._extreme_s and value * sign < near), t_s)
        low = self._previous * sign
        return Excursion(
            left_s=self._previous_s,
            reached_s=reached_s,
            peak_s=self._extreme_s,
            departed_s=departed_s,
            returned_s=t_s,
            low=low,
            peak=self._extreme * sign,
            low_after=low,
        )
