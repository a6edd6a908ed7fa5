"""Finding excursions: a value leaves rest, reaches an extreme and comes back.

Counting adapts to the person. Fixed angles count badly (field notes: 16 % of sets exact against 45 %), so rest and range
are learned as the session goes: an excursion begins when the value has left its recent low by 35 % of the range, and is over
when it has come back by 65 % of the excursion's own height. Between those two thresholds jitter counts nothing. An absolute
minimum range keeps fidgeting out; absolute limits only judge, elsewhere. Everything runs on seconds, not on frames.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace
from statistics import median

from posturecam.geometry import NAN

LEAVE_SHARE = 0.35
NOTICE_SHARE = 0.25
"""From this share of the person's range on a movement is followed: too small to count, it is still listed as an attempt."""
RETURN_SHARE = 0.65
FULL_RETURN_SHARE = 0.8
AS_BEFORE_SHARE = 0.5
TURN_SHARE = 0.45
SMALLEST_SHARE = 0.5
NEAR_SHARE = 0.05
NEAR_PEAK_SHARE = 0.25
FASTEST_S = 0.2
"""Nobody comes back from an extreme quicker than this: what does is a landmark that jumped for a moment."""
UNREST_SHARE = 0.12
"""Share of the smallest range within which even a still value wanders, where nothing better is known."""
SETTLE_S = 0.5
BRISK_S = 0.3
STILL_SHARE = 0.03
REST_WINDOW_S = 3.0
UNSEEN_S = 1.0
REMEMBERED = 5


@dataclass(frozen=True)
class Excursion:
    """One visit to an extreme and back. Values are in the direction of travel: they rise from rest to the extreme.

    ``left_s`` leaves rest, ``reached_s`` and ``departed_s`` bound the stay near the extreme (within a twentieth of the height),
    ``peak_s`` is the extreme itself, ``returned_s`` is back at rest. ``low`` and ``peak`` are the values at rest and extreme,
    ``low_after`` the lowest value after the return.
    """

    left_s: float
    reached_s: float
    peak_s: float
    departed_s: float
    returned_s: float
    low: float
    peak: float
    low_after: float

    @property
    def height(self) -> float:
        """Travel from rest to the extreme, in the value's unit."""
        return self.peak - self.low


@dataclass(frozen=True)
class Rejected:
    """An excursion that does not count; ``reason`` in words, with the numbers."""

    left_s: float
    returned_s: float
    reason: str


@dataclass(frozen=True)
class Step:
    """What one value brought.

    ``counted``: an excursion has just come back; ``finished``: one whose return has settled, for judging; ``rejected``: a
    movement that did not count.
    """

    counted: bool = False
    finished: Excursion | None = None
    rejected: Rejected | None = None


NOTHING = Step()


class ExcursionFinder:
    """Follows one value, NaN while unseen. ``minimum`` is the smallest height that counts, in ``unit`` for the reasons.

    ``unrest`` is how far even a still value wanders, where that is known: a stay near the extreme survives it. With ``to_rest``
    an excursion counts only once it has settled near where it began, which tells a small movement from swaying about.
    """

    def __init__(
        self,
        minimum: float,
        min_seconds: float,
        max_seconds: float,
        unit: str,
        unrest: float | None = None,
        *,
        to_rest: bool = False,
    ) -> None:
        self._minimum = minimum
        self._to_rest = to_rest
        self._return_share = FULL_RETURN_SHARE if to_rest else RETURN_SHARE
        self._unrest = UNREST_SHARE * minimum if unrest is None else unrest
        self._min_seconds = min_seconds
        self._max_seconds = max_seconds
        self._unit = unit
        self._heights: deque[float] = deque(maxlen=REMEMBERED)
        self._expected = minimum
        self._history: list[tuple[float, float]] = []
        self._out = False
        self._low_s = self._low = NAN
        self._low_known = False
        self._peak_s = self._peak = self._near_peak_s = NAN
        self._valley_s = self._valley = NAN
        self._valley_in_time = False
        self._pending: tuple[float, float, float, float] | None = None
        self._settled_since_s = self._settled_low = NAN
        self._unseen_since_s = NAN

    @property
    def out(self) -> bool:
        """Whether an excursion is under way."""
        return self._out

    @property
    def low(self) -> float:
        """The value at rest, or where the excursion under way began; NaN before anything is known."""
        return self._low

    @property
    def expected(self) -> float:
        """Height that is expected of the next excursion: the person's own, at least the minimum."""
        return self._expected

    def fraction(self, value: float) -> float | None:
        """How far ``value`` is from rest (0) to the expected extreme (1); None before anything is known."""
        if math.isnan(value) or math.isnan(self._low):
            return None
        height = max(self.expected, self._peak - self._low) if self._out else self.expected
        return max(0.0, min(1.0, (value - self._low) / height))

    def update(self, t_s: float, value: float) -> Step:
        """Take the value at ``t_s`` (later than the last)."""
        if math.isnan(value):
            return self._unseen(t_s)
        self._unseen_since_s = NAN
        self._history.append((t_s, value))
        if self._out or self._pending is not None:
            # the low is now that of the excursion; the next rest has its own
            self._low_known = False
        return self._while_out(t_s, value) if self._out else self._at_rest(t_s, value)

    def cancel(self, t_s: float, reason: str) -> Step:
        """Give up what is under way, because the person left the position or ended; settles a counted excursion."""
        step = self._settled() if self._pending else NOTHING
        if self._out and self._peak - self._low >= SMALLEST_SHARE * self._minimum:
            step = replace(step, rejected=Rejected(self._low_s, t_s, reason))
        self._out = False
        self._history.clear()
        self._low = self._low_s = NAN
        self._low_known = False
        return step

    def _unseen(self, t_s: float) -> Step:
        self._unseen_since_s = t_s if math.isnan(self._unseen_since_s) else self._unseen_since_s
        if t_s - self._unseen_since_s < UNSEEN_S or not (self._out or self._pending):
            return NOTHING
        return self.cancel(t_s, "the joints it is counted by were out of sight")

    def _at_rest(self, t_s: float, value: float) -> Step:
        if self._pending is None:
            horizon = t_s - REST_WINDOW_S
            drop = 0
            while self._history[drop][0] < horizon:
                drop += 1
            del self._history[:drop]
            if not self._low_known or self._low_s < horizon:
                self._low_s, self._low = min(self._history, key=lambda item: (item[1], -item[0]))
            elif value <= self._low:
                self._low_s, self._low = t_s, value
            self._low_known = True
        elif value <= self._low:
            self._low, self._low_s = value, t_s
        leaving = value - self._low > self._leave_height()
        step = NOTHING
        if self._pending is not None and (leaving or t_s - self._settled_since_s >= SETTLE_S):
            step = self._settled()
        elif self._pending is not None and self._low < self._settled_low - STILL_SHARE * self.expected:
            self._settled_low, self._settled_since_s = self._low, t_s
        if leaving:
            self._out = True
            self._new_peak(t_s, value)
        return step

    def _new_peak(self, t_s: float, value: float) -> None:
        self._peak_s = self._near_peak_s = self._valley_s = t_s
        self._peak = self._valley = value
        self._valley_in_time = False

    def _leave_height(self) -> float:
        return max(NOTICE_SHARE * self.expected, SMALLEST_SHARE * self._minimum)

    def _while_out(self, t_s: float, value: float) -> Step:
        if value >= self._peak:
            self._new_peak(t_s, value)
        elif value < self._valley:
            self._valley_s, self._valley = t_s, value
            self._valley_in_time = t_s - self._near_peak_s >= FASTEST_S
        if t_s - self._low_s > self._max_seconds:
            rejected = Rejected(self._low_s, t_s, f"took longer than {self._max_seconds:.0f} seconds")
            self._forget_excursion(t_s, value)
            return Step(rejected=rejected)
        height = self._peak - self._low
        if self._peak - value >= self._return_share * height and t_s - self._near_peak_s >= FASTEST_S:
            return self._come_back(t_s, value)
        # a person who does not come back all the way still made a rep when the way was clear in both directions
        turned = TURN_SHARE * max(self.expected, height)
        clear = self._peak - self._valley >= turned and value - self._valley >= LEAVE_SHARE * self.expected
        if clear and self._valley_in_time and not self._to_rest:
            return self._come_back(self._valley_s, self._valley)
        if self._peak - value <= NEAR_PEAK_SHARE * height:
            self._near_peak_s = t_s
            if not self._valley_in_time:
                self._valley_s, self._valley = t_s, value
        return NOTHING

    def _come_back(self, t_s: float, value: float) -> Step:
        height = self._peak - self._low
        left_s = self._moment_of_leaving(height)
        reason = self._reason_against(height, t_s - left_s)
        before = (left_s, self._low, self._peak_s, self._peak)
        self._out = False
        later = [item for item in self._history if item[0] >= t_s]
        if reason:
            self._history = later
            self._low_s, self._low = t_s, value
            return Step(rejected=Rejected(left_s, t_s, reason))
        self._pending = before
        self._low_s, self._low = t_s, value
        self._settled_since_s, self._settled_low = t_s, value
        if self._to_rest:
            return NOTHING
        self._learn(height)
        return Step(counted=True)

    def _learn(self, height: float) -> None:
        self._heights.append(height)
        self._expected = max(self._minimum, median(self._heights))

    def _reason_against(self, height: float, seconds: float) -> str | None:
        needed = max(self._minimum, LEAVE_SHARE * self.expected)
        if height < needed:
            digits = 0 if needed >= 5 else 2
            return f"moved {height:.{digits}f} of the {needed:.{digits}f} {self._unit} that count"
        if seconds < self._min_seconds:
            return f"too quick to be a rep ({seconds:.1f} of at least {self._min_seconds:.1f} seconds)"
        return None

    def _settled(self) -> Step:
        """What a pending excursion has come to: finished, or with ``to_rest`` counted as well or rejected."""
        visit = self._settle()
        if not self._to_rest:
            return Step(finished=visit)
        if abs(visit.low_after - visit.low) > AS_BEFORE_SHARE * visit.height:
            return Step(rejected=Rejected(visit.left_s, visit.returned_s, "did not come back to where it began"))
        self._learn(visit.height)
        return Step(counted=True, finished=visit)

    def _settle(self) -> Excursion:
        assert self._pending is not None
        left_s, low, peak_s, peak = self._pending
        height = peak - low
        near = peak - max(NEAR_SHARE * height, self._unrest)
        reached_s = self._crossing_before(peak_s, near)
        departed_s = next((t for t, value in self._history if t > peak_s and value < near), self._low_s)
        returned_s = self._moment_of_return(departed_s, height)
        finished = Excursion(left_s, reached_s, peak_s, departed_s, returned_s, low, peak, self._low)
        self._pending = None
        self._history = [item for item in self._history if item[0] >= self._low_s]
        return finished

    def _moment_of_leaving(self, height: float) -> float:
        # a slow drift at rest is not yet the rep: the last twentieth of it counts only as far as it is travelled briskly
        brisk_s = self._crossing_before(self._peak_s, self._low + 2 * NEAR_SHARE * height)
        return max(self._crossing_before(self._peak_s, self._low + NEAR_SHARE * height), brisk_s - BRISK_S)

    def _moment_of_return(self, departed_s: float, height: float) -> float:
        later = [item for item in self._history if item[0] >= departed_s]
        near, rest = self._low + 2 * NEAR_SHARE * height, self._low + NEAR_SHARE * height
        near_s = next((t for t, value in later if value <= near), self._low_s)
        return min(next((t for t, value in later if value <= rest), self._low_s), near_s + BRISK_S)

    def _crossing_before(self, t_s: float, level: float) -> float:
        """Last moment up to ``t_s`` at which the value was at or under ``level``."""
        return next((t for t, value in reversed(self._history) if t <= t_s and value <= level), self._low_s)

    def _forget_excursion(self, t_s: float, value: float) -> None:
        self._out = False
        self._history = [(t_s, value)]
        self._low_s, self._low = t_s, value
