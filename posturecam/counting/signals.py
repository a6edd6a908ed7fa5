"""A measured signal made ready for counting: gaps bridged, smoothed without lag, cut where nothing is known for long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from posturecam.model import FloatArray

SMOOTHING_S = 0.06
"""Standard deviation of the smoothing, seconds: a rep of 0.55 s keeps four fifths of its range."""
LONGEST_BRIDGE_S = 3.0
"""Longest gap that is bridged, seconds: nobody does a whole rep in less than half of it, so at most one can hide in it."""
FASTEST_GRID_S = 1 / 60
SLOWEST_GRID_S = 1 / 15


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


def segmented(t_s: FloatArray, values: FloatArray) -> list[Segment]:
    """Cut ``values`` (n,), NaN where not measured, into smoothed segments; gaps of up to three seconds are bridged.

    A stretch of fewer than three measured values says nothing and is left out.
    """
    seen = np.flatnonzero(~np.isnan(values))
    if len(seen) < 3:
        return []
    cuts = np.flatnonzero(np.diff(t_s[seen]) > LONGEST_BRIDGE_S) + 1
    return [smoothed(t_s[rows], values[rows]) for rows in np.split(seen, cuts) if len(rows) >= 3]


def smoothed(t_s: FloatArray, values: FloatArray) -> Segment:
    """Smooth finite ``values`` at ``t_s`` on an even grid, where times may be uneven; no lag."""
    usual = float(np.median(np.diff(t_s)))
    step = min(max(usual, FASTEST_GRID_S), SLOWEST_GRID_S)
    count = int(np.ceil((t_s[-1] - t_s[0]) / step)) + 1
    grid = np.linspace(t_s[0], t_s[-1], count)
    even = np.interp(grid, t_s, values)
    width = SMOOTHING_S / ((t_s[-1] - t_s[0]) / max(1, count - 1))
    # at a frame rate that hardly sees the movement smoothing would take what little there is
    if usual <= 2 * SMOOTHING_S:
        from scipy.ndimage import gaussian_filter1d  # slow to import, and not needed before the first frame

        even = gaussian_filter1d(even, width, mode="nearest")
    return Segment(grid, even)
