"""Peaks of a signal and how far each stands out.

The same as ``scipy.signal.find_peaks``, which takes over half a second to import.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posturecam.model import FloatArray


class Peaks(NamedTuple):
    """Peaks in order of time: their ``rows`` (m,), and how far each stands out on both sides, ``prominence`` (m,) over 0."""

    rows: NDArray[np.intp]
    prominence: FloatArray

    def of_at_least(self, least: float) -> Peaks:
        """Those that stand out by ``least``."""
        enough = self.prominence >= least
        return Peaks(self.rows[enough], self.prominence[enough])


def peaks_of(values: FloatArray) -> Peaks:
    """The peaks of finite ``values`` (n,): where they have risen and fall next; a level top is one, in its middle.

    How far a peak stands out is its height over the higher one of two valleys: the lowest values on the ways to the next higher
    peaks, or to the ends where there is none.
    """
    steps = values[1:] - values[:-1]
    moves = np.flatnonzero(steps)
    rises = steps[moves] > 0
    tops = np.flatnonzero(rises[:-1] & ~rises[1:])
    rows = (moves[tops] + 1 + moves[tops + 1]) // 2
    if not len(rows):
        return Peaks(rows, np.zeros(0))
    heights = values[rows].tolist()
    # the lowest value before each peak, and after the last one
    valleys = np.minimum.reduceat(values, [0, *rows]).tolist()
    before = _valleys_before(heights, valleys[:-1])
    after = _valleys_before(heights[::-1], valleys[:0:-1])[::-1]
    return Peaks(rows, np.array(heights) - np.maximum(before, after))


def _valleys_before(heights: list[float], valleys: list[float]) -> list[float]:
    """The lowest value since the last higher peak, for peaks of these ``heights`` with a valley before each."""
    result: list[float] = []
    # those that no higher one has followed yet, each with the lowest value since the higher one before it
    higher: list[tuple[float, float]] = []
    for height, valley in zip(heights, valleys, strict=True):
        lowest = valley
        while higher and higher[-1][0] <= height:
            lowest = min(lowest, higher.pop()[1])
        higher.append((height, lowest))
        result.append(lowest)
    return result
