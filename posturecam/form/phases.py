"""Reps and holds: from the drive's values to counted reps, attempts and timed holds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from posturecam.form.excursions import Excursion, ExcursionFinder, Step
from posturecam.geometry import NAN
from posturecam.model import Attempt, Side
from posturecam.spec.schema import HoldRule, Reps

FLICKER_S = 0.2


@dataclass(frozen=True)
class RepSpan:
    """The times of one rep before it is judged: ``visits`` holds the excursion to each end position, in order of time.

    ``side`` is None for exercises without sides; ``sign`` +1 when the drive rises to the end of the first visit, else -1.
    Drive values (``from_value``, ``to_value``) are in the drive's own unit and direction.
    """

    side: Side | None
    visits: tuple[tuple[str, Excursion], ...]
    from_value: float
    to_value: float

    @property
    def start_s(self) -> float:
        """Moment at which rest is left."""
        return self.visits[0][1].left_s

    @property
    def end_s(self) -> float:
        """Moment at which rest is reached again."""
        return self.visits[-1][1].returned_s


@dataclass(frozen=True)
class Counted:
    """What one frame brought: reps that count from now on (``counted``, by side), reps ready to be judged, attempts."""

    counted: tuple[Side | None, ...] = ()
    finished: tuple[RepSpan, ...] = ()
    attempts: tuple[Attempt, ...] = ()


NOTHING_COUNTED = Counted()


@dataclass(frozen=True)
class _Track:
    """One direction of one drive: ``end`` its name, ``sign`` the way the drive goes, ``source`` whose drive it is."""

    finder: ExcursionFinder
    end: str
    sign: float
    side: Side | None
    source: Side | None


def _tracks(rule: Reps, unit: str, unrest: float | None) -> list[_Track]:
    def track(end: str, sign: float, side: Side | None = None, source: Side | None = None) -> _Track:
        finder = ExcursionFinder(rule.min_range, rule.min_seconds, rule.max_seconds, unit, unrest, to_rest=rule.to_rest)
        return _Track(finder, end, sign, side, source)

    names = {way: name for name, way in rule.ends.items()}
    if rule.rest == "middle":
        signed = rule.sides == "signed"
        return [
            track(names.get("high", "end"), 1.0, "left" if signed else None),
            track(names.get("low", "end"), -1.0, "right" if signed else None),
        ]
    sign = 1.0 if rule.rest == "low" else -1.0
    end = names.get("high" if rule.rest == "low" else "low", "end")
    if rule.sides == "active":
        return [track(end, sign, "left", "left"), track(end, sign, "right", "right")]
    return [track(end, sign)]


class RepCounter:
    """Counts visits to an end position on the drive's values.

    ``unit`` names the drive's unit in the reasons of attempts, ``unrest`` is its known error in that unit.
    """

    def __init__(self, rule: Reps, unit: str, unrest: float | None = None) -> None:
        self._rule = rule
        self._tracks = _tracks(rule, unit, unrest)

    def update(self, t_s: float, drive: Mapping[Side | None, float], neutral: float) -> Counted:
        """Take the drive at ``t_s``: for each side under its name, else under None; NaN while unseen.

        ``neutral`` is the drive's resting value, used by two-way movements only.
        """
        moving = [track for track in self._tracks if track.finder.out]
        events = []
        for track in self._tracks:
            value = self._travel(track, drive, neutral)
            if moving and track not in moving:
                # while one side works, the other is carried along: where that takes it is not its rest
                value = max(value, track.finder.low)
            events.append((track, track.finder.update(t_s, value)))
        return self._collect(events, neutral)

    def cancel(self, t_s: float, reason: str, neutral: float = 0.0) -> Counted:
        """End what is under way; a counted rep that was still coming to rest is handed out."""
        return self._collect([(track, track.finder.cancel(t_s, reason)) for track in self._tracks], neutral)

    def fraction(self, drive: Mapping[Side | None, float], neutral: float) -> tuple[float | None, str]:
        """How far the moving track has come (0 rest, 1 end position), and the name of the end it goes to."""
        best: float | None = None
        end = self._tracks[0].end
        for track in self._tracks:
            fraction = track.finder.fraction(self._travel(track, drive, neutral))
            if fraction is not None and (best is None or fraction > best):
                best, end = fraction, track.end
        return best, end

    def _travel(self, track: _Track, drive: Mapping[Side | None, float], neutral: float) -> float:
        """The drive's value along the track's way; for two-way movements from ``neutral``, 0 on the other way."""
        value = drive[track.source] * track.sign
        if self._rule.rest != "middle":
            return value
        # the value first: max(0.0, NaN) is 0.0, and an unseen joint would be at rest
        return max(value - neutral * track.sign, 0.0)

    @property
    def moving(self) -> Side | Literal[False] | None:
        """Side of the excursion under way (None without sides), or False at rest."""
        return next((track.side for track in self._tracks if track.finder.out), False)

    def _collect(self, events: list[tuple[_Track, Step]], neutral: float) -> Counted:
        counted: list[Side | None] = []
        finished: list[RepSpan] = []
        attempts: list[Attempt] = []
        for track, step in events:
            if step.counted:
                counted.append(track.side)
            if step.finished:
                finished.append(self._span(track, step.finished, neutral))
            if step.rejected:
                rejected = step.rejected
                attempts.append(Attempt(rejected.left_s, rejected.returned_s, rejected.reason, track.side))
        if not (counted or finished or attempts):
            return NOTHING_COUNTED
        return Counted(tuple(counted), tuple(finished), tuple(attempts))

    def _span(self, track: _Track, excursion: Excursion, neutral: float) -> RepSpan:
        base = neutral if self._rule.rest == "middle" else 0.0
        low, peak = (base + track.sign * value for value in (excursion.low, excursion.peak))
        return RepSpan(track.side, ((track.end, excursion),), low, peak)


@dataclass(frozen=True)
class HoldSpan:
    """A finished hold before it is judged; ``gaps`` are the bridged interruptions."""

    side: Side | None
    start_s: float
    end_s: float
    gaps: tuple[tuple[float, float], ...]

    @property
    def duration_s(self) -> float:
        """Held time without the gaps."""
        return self.end_s - self.start_s - sum(end - start for start, end in self.gaps)


class HoldTimer:
    """Times holds: a hold starts (retroactively) once the position was right for ``start_after`` and survives short gaps."""

    def __init__(self, rule: HoldRule) -> None:
        self._rule = rule
        self._start_s = NAN
        self._last_right_s = NAN
        self._running = False
        self._interrupted = False
        self._gaps: list[tuple[float, float]] = []
        self._gaps_s = 0.0
        self._side_sum = 0.0

    @property
    def running(self) -> bool:
        """Whether a hold is being timed."""
        return self._running

    @property
    def start_s(self) -> float:
        """Start of the current hold; NaN when none runs."""
        return self._start_s if self._running else NAN

    @property
    def side(self) -> Side | None:
        """Side of the current hold."""
        if self._rule.side is None or not self._running:
            return None
        return "left" if self._side_sum >= 0 else "right"

    def held_s(self, t_s: float) -> float:
        """Seconds held so far in the current hold, gaps left out."""
        if not self._running:
            return 0.0
        return min(t_s, self._last_right_s) - self._start_s - self._gaps_s

    def update(self, t_s: float, right: bool | None, side_value: float = NAN) -> HoldSpan | None:
        """Take whether the position is right at ``t_s`` (None: cannot be seen); returns a hold that has just ended.

        ``side_value`` is the value of the side measure (positive = left); a change of sign ends the hold.
        """
        finished = None
        # also when the source itself had a gap: nobody knows what was held meanwhile
        expired = t_s - self._last_right_s > (FLICKER_S if not (right or self._running) else self._rule.grace)
        if expired or (right and self._running and self._changed_side(side_value)):
            finished = self.finish()
        if right:
            self._take_right(t_s, side_value)
        else:
            self._interrupted = True
        return finished

    def _take_right(self, t_s: float, side_value: float) -> None:
        if math.isnan(self._start_s):
            self._start_s = t_s
        elif self._running and self._interrupted and t_s - self._last_right_s > FLICKER_S:
            self._gaps.append((self._last_right_s, t_s))
            self._gaps_s += t_s - self._last_right_s
        self._last_right_s = t_s
        self._interrupted = False
        if not math.isnan(side_value):
            self._side_sum += side_value
        if t_s - self._start_s >= self._rule.start_after:
            self._running = True

    def _changed_side(self, side_value: float) -> bool:
        return self._rule.side is not None and not math.isnan(side_value) and side_value * self._side_sum < 0

    def finish(self) -> HoldSpan | None:
        """End the hold; None when none ran."""
        span = None
        if self._running:
            span = HoldSpan(self.side, self._start_s, self._last_right_s, tuple(self._gaps))
        self._start_s = self._last_right_s = NAN
        self._running = False
        self._interrupted = False
        self._gaps = []
        self._gaps_s = self._side_sum = 0.0
        return span
