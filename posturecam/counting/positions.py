"""Who is in position, as intervals of time: weak evidence, asked of the right view only, and of either side.

A picture measure of a set-up condition is true only where the exercise is meant to be seen from. From elsewhere it says nothing,
and the posture of the trunk in MediaPipe's world landmarks stands for it: measured on 36 real recordings it reads 70 to 99
degrees from the vertical for whoever lies or kneels on all fours, 4 to 31 for whoever stands or sits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posturecam.model import FloatArray
from posturecam.spec.ranges import Range
from posturecam.spec.schema import Conditions

Evidence = NDArray[np.int8]
"""Per row: 1 given, 0 not known, -1 contrary; with levels, a row of the array for each."""

GIVEN, UNKNOWN, CONTRARY = 1, 0, -1
FLICKER_S = 0.5
"""Shorter breaks are a landmark's, not the person's: nobody leaves a position and is back in half a second."""
MEASURED_SHARE = 0.5
"""Share of a position's conditions that must be measured, and hold, for the position to be given."""
LYING_FROM = 45.0
"""Degrees of the trunk from the vertical from which on somebody lies or kneels on all fours rather than stands or sits."""
POSTURE_ERROR = 12.0
"""Degrees by which the trunk's world landmarks may err (renders from 0 to 60 degrees off): within it the posture is not known."""


@dataclass(frozen=True)
class Interval:
    """Rows ``first`` up to, not including, ``stop``."""

    first: int
    stop: int


@dataclass(frozen=True, eq=False)
class Limits:
    """Conditions as arrays, so that all are asked at once: those of c measures, each on k levels. Build with :func:`limits_of`.

    ``low`` and ``high`` (k, c, 1); ``outside`` and ``must_be_seen`` (c, 1) are the same on all levels.
    """

    names: tuple[str, ...]
    low: FloatArray
    high: FloatArray
    outside: NDArray[np.bool_]
    must_be_seen: NDArray[np.bool_]
    least_seen: float


def inside(wanted: Range | Limits, values: FloatArray) -> NDArray[np.bool_]:
    """Whether each value is in a range; NaN is in none."""
    within = (values >= wanted.low) & (values <= wanted.high)
    result: NDArray[np.bool_] = ~np.isnan(values) & (within != wanted.outside)
    return result


def limits_of(*levels: Conditions) -> Limits:
    """Conditions on the same measures, which differ from level to level in how easy they are to meet."""
    first = levels[0]
    must_be_seen = [not wanted.if_seen for wanted in first.values()]
    return Limits(
        tuple(first),
        np.array([[[level[name].low] for name in first] for level in levels]).reshape(len(levels), -1, 1),
        np.array([[[level[name].high] for name in first] for level in levels]).reshape(len(levels), -1, 1),
        np.array([[wanted.outside] for wanted in first.values()], dtype=np.bool_).reshape(-1, 1),
        np.array(must_be_seen, dtype=np.bool_).reshape(-1, 1),
        MEASURED_SHARE * sum(must_be_seen),
    )


def conditions_evidence(limits: Limits, values: Mapping[str, FloatArray], count: int) -> Evidence:
    """Whether all conditions hold in each of ``count`` rows, on each level (k, count).

    Unknown where none is broken, but less than half of them (those left out that need not be seen) can be measured: an ankle
    outside of the picture takes nothing from what hips and hands show.
    """
    measured = np.array([values[name] for name in limits.names]).reshape(len(limits.names), count)
    seen = ~np.isnan(measured)
    contrary = (seen & ~inside(limits, measured)).any(axis=1)
    enough = (seen & limits.must_be_seen).sum(axis=0) >= limits.least_seen
    return np.where(contrary, CONTRARY, np.where(enough, GIVEN, UNKNOWN)).astype(np.int8)


def posture_evidence(lying: bool, inclination: FloatArray) -> Evidence:
    """Whether the trunk's ``inclination`` (n,) from the vertical, degrees, is that of somebody who is ``lying``."""
    beyond = inclination - LYING_FROM if lying else LYING_FROM - inclination
    evidence = np.zeros(len(inclination), dtype=np.int8)
    evidence[beyond >= POSTURE_ERROR] = GIVEN
    evidence[beyond <= -POSTURE_ERROR] = CONTRARY
    return evidence


def _runs(inside: NDArray[np.bool_]) -> NDArray[np.intp]:
    """First rows and ends (k, 2) of the runs of ``inside`` (n,)."""
    framed = np.zeros(len(inside) + 2, dtype=np.bool_)
    framed[1:-1] = inside
    return np.flatnonzero(framed[1:] != framed[:-1]).reshape(-1, 2)


def intervals(
    t_s: FloatArray, inside: NDArray[np.bool_], least_s: float = 0.0, bridge_s: float = FLICKER_S
) -> list[Interval]:
    """Runs of ``inside`` (n,) of at least ``least_s``, after breaks of up to ``bridge_s`` between two have been bridged."""
    runs: list[Interval] = []
    for first, stop in _runs(inside).tolist():
        if runs and t_s[first] - t_s[runs[-1].stop - 1] <= bridge_s:
            runs[-1] = Interval(runs[-1].first, stop)
        else:
            runs.append(Interval(first, stop))
    return [run for run in runs if t_s[run.stop - 1] - t_s[run.first] >= least_s]
