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
"""Per row: 1 given, 0 not known, -1 contrary."""

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


def inside(wanted: Range, values: FloatArray) -> NDArray[np.bool_]:
    """Whether each value is in a range; NaN is in none."""
    within = (values >= wanted.low) & (values <= wanted.high)
    result: NDArray[np.bool_] = ~np.isnan(values) & (within != wanted.outside)
    return result


def conditions_evidence(conditions: Conditions, values: Mapping[str, FloatArray], count: int) -> Evidence:
    """Whether all ``conditions`` hold in each of ``count`` rows.

    Unknown where none is broken, but less than half of them (those left out that need not be seen) can be measured: an ankle
    outside of the picture takes nothing from what hips and hands show.
    """
    contrary = np.zeros(count, dtype=bool)
    measured = np.zeros(count)
    asked = 0
    for name, wanted in conditions.items():
        value = values[name]
        seen = ~np.isnan(value)
        contrary |= seen & ~inside(wanted, value)
        if not wanted.if_seen:
            asked += 1
            measured += seen
    evidence = np.where(measured >= MEASURED_SHARE * asked, GIVEN, UNKNOWN)
    evidence[contrary] = CONTRARY
    return evidence.astype(np.int8)


def posture_evidence(lying: bool, inclination: FloatArray) -> Evidence:
    """Whether the trunk's ``inclination`` (n,) from the vertical, degrees, is that of somebody who is ``lying``."""
    beyond = inclination - LYING_FROM if lying else LYING_FROM - inclination
    evidence = np.zeros(len(inclination), dtype=np.int8)
    evidence[beyond >= POSTURE_ERROR] = GIVEN
    evidence[beyond <= -POSTURE_ERROR] = CONTRARY
    return evidence


def intervals(
    t_s: FloatArray, inside: NDArray[np.bool_], least_s: float = 0.0, bridge_s: float = FLICKER_S
) -> list[Interval]:
    """Runs of ``inside`` (n,) of at least ``least_s``, after breaks of up to ``bridge_s`` between two have been bridged."""
    edges = np.flatnonzero(np.diff(inside, prepend=False, append=False)).reshape(-1, 2)
    runs: list[Interval] = []
    for first, stop in edges.tolist():
        if runs and t_s[first] - t_s[runs[-1].stop - 1] <= bridge_s:
            runs[-1] = Interval(runs[-1].first, stop)
        else:
            runs.append(Interval(first, stop))
    return [run for run in runs if t_s[run.stop - 1] - t_s[run.first] >= least_s]
