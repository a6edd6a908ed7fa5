"""Turning points of a whole signal: visits to an end position, and swings between two.

Nothing here knows a rest level, a start pose, or a smallest range in absolute numbers. Noise decides what is a movement, and
the person's own usual range decides what is a rep: a visit counts when it rises by at least 40 % of it on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from posturecam.counting.signals import Segment
from posturecam.model import FloatArray

OWN_SHARE = 0.4
"""Share of the person's own usual range from which on a movement is a rep (DESIGN.md, section 5)."""
NEAR_REST = 0.05
"""Share of a visit's height within which the signal has left, or has come back to, where it began."""
NEAR_END = 0.05
BRISK_S = 0.3
"""The last twentieth of the way is a slow drift in many people: it counts only as far as it is travelled within this time."""
MOVING_S = 0.3
MOVING_SHARE = 0.12
"""Who moves by this share of a movement's height in its first or last 0.3 s was cut off in the middle of it."""
STAYING_S = 0.5
"""Who stays where the recording begins for longer than this had not begun yet."""
AT_END_SHARE = 0.15
"""Share of the height within which a value lies at the person's end position."""


@dataclass(frozen=True)
class Visit:
    """One visit to an extreme and back. Values are in the direction of travel: they rise from ``low`` to ``peak``.

    ``left_s`` leaves where it began, ``reached_s`` and ``departed_s`` bound the stay near the extreme, ``peak_s`` is the
    extreme itself, ``returned_s`` is back. ``low`` and ``low_after`` are the lowest values before and after.
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
        """Travel to the extreme, in the signal's unit."""
        return self.peak - self.low

    @property
    def prominence(self) -> float:
        """The lesser of the ways there and back, in the signal's unit."""
        return self.peak - max(self.low, self.low_after)


@dataclass(frozen=True)
class Half:
    """A movement of which the recording shows one way only: ``out`` to the extreme at its end, else back from it at its start."""

    start_s: float
    end_s: float
    height: float
    out: bool


def usual_range(heights: FloatArray) -> float:
    """The person's own range: the height such that half of all travel was made in movements of at least that height.

    Many small wobbles between a few large reps weigh little; a set of small reps is the person's range. 0 without movements.
    """
    if len(heights) == 0:
        return 0.0
    ordered = np.sort(heights)[::-1]
    travelled = np.cumsum(ordered)
    return float(ordered[int(np.searchsorted(travelled, travelled[-1] / 2))])


def visits(segment: Segment, least: float, noise: float) -> list[Visit]:
    """All visits of at least ``least`` on both sides, in order of time; ``noise`` is how far a still signal wanders."""
    values = segment.values
    peaks = segment.peaks.of_at_least(least).rows
    if len(peaks) == 0:
        return []
    edges = [
        0,
        *(int(a) + int(np.argmin(values[a:b])) for a, b in pairwise(peaks)),
        len(values) - 1,
    ]
    edges[0] = int(np.argmin(values[: peaks[0] + 1]))
    edges[-1] = int(peaks[-1]) + int(np.argmin(values[peaks[-1] :]))
    return [
        _visit(segment, low, int(peak), after, noise)
        for low, peak, after in zip(edges[:-1], peaks, edges[1:], strict=True)
    ]


def _visit(segment: Segment, low: int, peak: int, after: int, noise: float) -> Visit:
    t_s, values = segment.t_s, segment.values
    way_out, way_back = values[low : peak + 1], values[peak : after + 1]
    rise, fall = values[peak] - values[low], values[peak] - values[after]
    higher = max(rise, fall)
    near, at_end = values[peak] - max(NEAR_END * higher, noise), values[peak] - AT_END_SHARE * higher
    left_s = _left(t_s[low : peak + 1], way_out, rise)
    returned_s = -_left(-t_s[peak : after + 1][::-1], way_back[::-1], fall)
    before, beyond = _before_stay(way_out, near, at_end), _before_stay(way_back[::-1], near, at_end)
    return Visit(
        left_s=left_s,
        reached_s=left_s if before is None else float(t_s[low + before]),
        peak_s=float(t_s[peak]),
        departed_s=returned_s if beyond is None else float(t_s[after - beyond]),
        returned_s=returned_s,
        low=float(values[low]),
        peak=float(values[peak]),
        low_after=float(values[after]),
    )


def _before_stay(way: FloatArray, near: float, at_end: float) -> int | None:
    """The last row of a ``way`` up to an extreme before the stay there, None where it all is the stay.

    Who wobbles at the end position, but does not leave it (``at_end``), stays there from the first moment ``near`` the extreme.
    """
    away = np.flatnonzero(way < min(at_end, near))
    start = int(away[-1]) + 1 if len(away) else 0
    first = start + int(np.argmax(way[start:] >= near))
    return first - 1 if first > 0 else None


def _left(t_s: FloatArray, values: FloatArray, height: float) -> float:
    """Last moment at which ``values``, on their way up by ``height``, are still near where they began."""
    low = values[0]
    rest = np.flatnonzero(values <= low + NEAR_REST * height)
    brisk = np.flatnonzero(values <= low + 2 * NEAR_REST * height)
    return float(max(t_s[rest[-1]], t_s[brisk[-1]] - BRISK_S))


def halves(segment: Segment, found: list[Visit], least: float) -> list[Half]:
    """What begins or ends in mid-movement: a fall from the segment's start, or a rise up to its end, of at least ``least``.

    Somebody who stands still at the start and only then takes up the position is not in the middle of a rep: the signal must be
    on its way there, or lie where the person's end position is.
    """
    values, t_s = segment.values, segment.t_s
    peaks = [visit.peak for visit in found]
    level = float(np.median(peaks)) if peaks else np.inf
    result = []
    first = int(np.searchsorted(t_s, found[0].left_s)) if found else len(values) - 1
    low = int(np.argmin(values[: first + 1]))
    top = int(np.argmax(values[: low + 1]))
    fall = float(values[top] - values[low])
    if fall >= least and _cut(t_s, values, top, t_s[0], fall, level):
        result.append(Half(float(t_s[0]), float(t_s[low]), fall, out=False))
    last = int(np.searchsorted(t_s, found[-1].returned_s)) if found else 0
    last = min(last, len(values) - 1)
    low = last + int(np.argmin(values[last:]))
    top = low + int(np.argmax(values[low:]))
    rise = float(values[top] - values[low])
    if rise >= least and _cut(t_s, values, top, t_s[-1], rise, level):
        result.append(Half(float(t_s[low]), float(t_s[-1]), rise, out=True))
    return result


def _cut(t_s: FloatArray, values: FloatArray, top: int, edge_s: float, height: float, level: float) -> bool:
    """Whether a half movement of ``height`` to or from its extreme at ``top`` was cut off at ``edge_s``."""
    near = np.abs(t_s - edge_s) <= MOVING_S
    if float(np.ptp(values[near])) >= MOVING_SHARE * height:
        return True
    soon = np.abs(t_s - edge_s) <= STAYING_S
    at_end = values[top] >= level - AT_END_SHARE * height
    return bool(at_end and np.ptp(values[soon]) >= MOVING_SHARE * height)
