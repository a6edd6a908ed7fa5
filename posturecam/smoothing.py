"""Time-based smoothing of landmarks: an outlier gate and the One Euro filter.

Both know only seconds, never frames, so the result hardly depends on the frame rate. One Euro filter: G. Casiez, N. Roussel
and D. Vogel, "1 Euro Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive Systems", CHI 2012.
"""

from __future__ import annotations

import math

import numpy as np

from posturecam.model import FloatArray


def _smoothing_factor(elapsed_s: float, cutoff_hz: FloatArray | float) -> FloatArray | float:
    rate = 2.0 * math.pi * cutoff_hz * elapsed_s
    return rate / (rate + 1.0)


class OneEuroFilter:
    """Low-pass filter whose cut-off rises with speed: steady when still, quick when moving.

    Works on arrays of any fixed shape, elementwise. ``min_cutoff_hz`` smooths the resting jitter, ``beta`` (per unit of the
    values and second) lets fast movement through. An element that is NaN gives NaN and starts afresh when it comes back, as
    does everything after a gap of more than ``reset_after_s``.
    """

    def __init__(
        self, min_cutoff_hz: float, beta: float, derivative_cutoff_hz: float = 1.0, reset_after_s: float = 0.5
    ) -> None:
        self._min_cutoff_hz = min_cutoff_hz
        self._beta = beta
        self._derivative_cutoff_hz = derivative_cutoff_hz
        self._reset_after_s = reset_after_s
        self._value: FloatArray | None = None
        self._speed: FloatArray | None = None
        self._t_s = -math.inf

    def update(self, t_s: float, value: FloatArray) -> FloatArray:
        """Filter the ``value`` at ``t_s`` (later than the last); returns an array of the same shape."""
        elapsed_s = t_s - self._t_s
        self._t_s = t_s
        if self._value is None or self._speed is None or elapsed_s > self._reset_after_s:
            self._value, self._speed = value.copy(), np.zeros_like(value)
            return value
        fresh = np.isnan(self._value)
        previous = np.where(fresh, value, self._value)
        speed = (value - previous) / elapsed_s
        factor = _smoothing_factor(elapsed_s, self._derivative_cutoff_hz)
        before = np.where(np.isnan(self._speed), 0.0, self._speed)
        self._speed = before + factor * (np.where(np.isnan(speed), 0.0, speed) - before)
        cutoff_hz = self._min_cutoff_hz + self._beta * np.abs(self._speed)
        smoothed: FloatArray = previous + _smoothing_factor(elapsed_s, cutoff_hz) * (value - previous)
        self._value = smoothed
        return smoothed


class OutlierGate:
    """Holds back landmarks that jump further than a body can move, until they have stayed there for ``patience_s``.

    ``max_speed`` is in units of the points a second, on top of a free ``slack``. A held-back landmark is NaN.
    """

    def __init__(self, max_speed: float, slack: float, patience_s: float = 0.25) -> None:
        self._max_speed = max_speed
        self._slack = slack
        self._patience_s = patience_s
        self._accepted: FloatArray | None = None
        self._accepted_s = np.empty(0)
        self._jumped_since_s = np.empty(0)

    def update(self, t_s: float, points: FloatArray) -> FloatArray:
        """Gate ``points`` (n, 2); returns a copy with outliers as NaN rows."""
        if self._accepted is None:
            self._accepted = points.copy()
            self._accepted_s = np.full(len(points), t_s)
            self._jumped_since_s = np.full(len(points), np.nan)
            return points.copy()
        distance = np.hypot(*(points - self._accepted).T)
        jumped = distance > self._slack + self._max_speed * (t_s - self._accepted_s)
        self._jumped_since_s = np.where(jumped, np.fmin(self._jumped_since_s, t_s), np.nan)
        # when most of the body jumps at once it is a cut or a better detection, not a stray landmark
        everything = np.count_nonzero(jumped) > np.count_nonzero(~np.isnan(distance)) / 2
        outlier = jumped & (t_s - self._jumped_since_s < self._patience_s) & (not everything)
        accepted = ~outlier & ~np.isnan(points[:, 0])
        self._accepted[accepted] = points[accepted]
        self._accepted_s[accepted] = t_s
        self._jumped_since_s[accepted] = np.nan
        gated = points.copy()
        gated[outlier] = np.nan
        return gated
