"""The person's own resting values: taken in the first still second in position, never from a textbook."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from statistics import median

from posturecam.form.body import Body
from posturecam.form.measure import RAW, Values
from posturecam.geometry import NAN
from posturecam.model import LANDMARK_INDEX
from posturecam.spec.measures import ChangeMeasure, RatioMeasure
from posturecam.spec.schema import Exercise

STILL_TORSOS = 0.06
STILL_OVER_S = 0.25
FIRST_S = 0.3
ENOUGH_S = 1.0
IMPATIENT_S = 1.5
PASSING_BY_S = 4.0
_WATCHED = tuple(
    LANDMARK_INDEX[name]
    for name in (
        "nose",
        *(f"{side}_{part}" for side in ("left", "right") for part in ("shoulder", "wrist", "hip", "knee")),
    )
)


def needs_rest(exercise: Exercise) -> bool:
    """Whether something of the exercise is measured against the person's own rest."""
    return any(isinstance(measure, ChangeMeasure | RatioMeasure) for measure in exercise.measures.values())


class RestFinder:
    """Collects what is measured while the person is in position and still; medians of it are the resting values.

    They are there after 0.3 still seconds and final after one second. Somebody who never keeps still gets the values of the
    first 1.5 seconds in position, because no resting value at all would leave the exercise unjudged.
    """

    def __init__(self) -> None:
        self._samples: list[tuple[float, Values]] = []
        self._restless: list[Values] = []
        self._since_s = NAN
        self._still_s = 0.0
        self._last_s = NAN
        self._recent: deque[tuple[float, Body]] = deque()
        self._rest: dict[str, float] = {}
        self.final = False
        self.from_stillness = False
        """Whether the resting values were taken while the person kept still."""
        self.trusted = False
        """Whether the person has kept still in position, or has been in it for longer than somebody who passes by."""

    @property
    def values(self) -> Mapping[str, float]:
        """Resting value of each measure; empty while not known."""
        return self._rest

    def replace(self, name: str, value: float) -> None:
        """Set one resting value: what was taken for rest has turned out not to be."""
        self._rest[name] = value

    def update(self, t_s: float, body: Body, raw: Values, *, in_position: bool) -> None:
        """Take one frame's uncalibrated values; a no-op once the resting values are final."""
        if self.final:
            return
        still = self._is_still(t_s, body)
        elapsed_s = 0.0 if math.isnan(self._last_s) else min(t_s - self._last_s, STILL_OVER_S)
        self._last_s = t_s
        if not in_position:
            self._since_s = NAN
            if not self._rest:
                self._samples.clear()
                self._restless.clear()
                self._still_s = 0.0
            return
        self._since_s = t_s if math.isnan(self._since_s) else self._since_s
        self.trusted = self.trusted or t_s - self._since_s > PASSING_BY_S
        if still:
            self._samples.append((t_s, raw))
            self._still_s += elapsed_s
        elif not self._rest:
            self._restless.append(raw)
        if still and self._still_s >= FIRST_S:
            self._rest = _medians([values for _, values in self._samples])
            self.from_stillness = self.trusted = True
            self.final = self._still_s >= ENOUGH_S
        elif not self._rest and t_s - self._since_s > IMPATIENT_S:
            self._rest = _medians(self._restless + [values for _, values in self._samples])
            self._samples = [(t_s, raw)]

    def _is_still(self, t_s: float, body: Body) -> bool:
        self._recent.append((t_s, body))
        while len(self._recent) > 1 and self._recent[1][0] <= t_s - STILL_OVER_S:
            self._recent.popleft()
        before_s, before = self._recent[0]
        if t_s - before_s < STILL_OVER_S * 0.8:
            return False
        moved = [
            math.hypot(body.xy[index][0] - before.xy[index][0], body.xy[index][1] - before.xy[index][1])
            for index in _WATCHED
        ]
        seen = [distance for distance in moved if not math.isnan(distance)]
        return len(seen) >= 3 and max(seen) <= STILL_TORSOS * body.torso


def _medians(samples: list[Values]) -> dict[str, float]:
    result = {}
    for name in samples[0]:
        if name + RAW in samples[0]:
            continue
        seen = [values[name] for values in samples if not math.isnan(values[name])]
        if seen:
            # of a calibrated measure, what counts is the value before calibration
            result[name.removesuffix(RAW)] = median(seen)
    return result
