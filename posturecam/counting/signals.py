"""A measured signal made ready for counting: gaps bridged, smoothed without lag, cut where nothing is known for long."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from posturecam.counting.peaks import Peaks, peaks_of
from posturecam.kinematics.filters import median_of
from posturecam.model import FloatArray

SMOOTHING_S = 0.06
"""Standard deviation of the smoothing, seconds: a rep of 0.55 s keeps four fifths of its range."""
LONGEST_BRIDGE_S = 3.0
"""Longest gap that is bridged, seconds: nobody does a whole rep in less than half of it, so at most one can hide in it."""
FASTEST_GRID_S = 1 / 60
SLOWEST_GRID_S = 1 / 15
SMOOTHING_REACH = 4.0
"""Smoothing looks so many standard deviations to both sides."""


@dataclass(frozen=True, eq=False)
class Segment:
    """One stretch of a measured signal without long gaps: ``t_s`` (n,) strictly increasing, ``values`` (n,) finite."""

    t_s: FloatArray
    values: FloatArray

    @property
    def start_s(self) -> float:
        """First moment."""
        return float(self.t_s[0])

    @property
    def end_s(self) -> float:
        """Last moment."""
        return float(self.t_s[-1])

    @functools.cached_property
    def peaks(self) -> Peaks:
        """All its peaks, however small."""
        return peaks_of(self.values)

    @functools.cached_property
    def turned(self) -> Segment:
        """The same upside down."""
        return Segment(self.t_s, -self.values)


def segmented(t_s: FloatArray, values: FloatArray) -> list[Segment]:
    """Cut ``values`` (n,), NaN where not measured, into smoothed segments; gaps of up to three seconds are bridged.

    A stretch of fewer than three measured values says nothing and is left out.
    """
    seen = np.flatnonzero(~np.isnan(values))
    if len(seen) < 3:
        return []
    cuts = np.flatnonzero(np.diff(t_s[seen]) > LONGEST_BRIDGE_S) + 1
    pieces = [seen[first:stop] for first, stop in pairwise([0, *cuts.tolist(), len(seen)])]
    return [smoothed(t_s[rows], values[rows]) for rows in pieces if len(rows) >= 3]


def smoothed(t_s: FloatArray, values: FloatArray) -> Segment:
    """Smooth finite ``values`` at ``t_s`` on an even grid, where times may be uneven; no lag."""
    usual = median_of(np.diff(t_s))
    step = min(max(usual, FASTEST_GRID_S), SLOWEST_GRID_S)
    count = int(np.ceil((t_s[-1] - t_s[0]) / step)) + 1
    grid = np.linspace(t_s[0], t_s[-1], count)
    even = np.interp(grid, t_s, values)
    width = SMOOTHING_S / ((t_s[-1] - t_s[0]) / max(1, count - 1))
    # at a frame rate that hardly sees the movement smoothing would take what little there is
    if usual <= 2 * SMOOTHING_S:
        even = gaussian(even, width)
    return Segment(grid, even)


def gaussian(values: FloatArray, width: float) -> FloatArray:
    """Smooth ``values`` (n,) with a Gaussian of a standard deviation of ``width`` values; beyond the ends they stay as they are.

    The same as ``scipy.ndimage.gaussian_filter1d``, which takes a fifth of a second to import.
    """
    reach, count = int(SMOOTHING_REACH * width + 0.5), len(values)
    weights = np.exp(-0.5 / (width * width) * np.arange(-reach, reach + 1) ** 2)
    weights /= weights.sum()
    padded = np.concatenate((np.full(reach, values[0]), values, np.full(reach, values[-1])))
    result: FloatArray = values * weights[reach]
    # two neighbours a step, which weigh the same: the furthest first, as their share is the smallest
    for before, after in zip(range(reach), range(2 * reach, reach, -1), strict=True):
        result += (padded[before : before + count] + padded[after : after + count]) * weights[before]
    return result
