"""Time-based smoothing of landmarks: an outlier gate and the One Euro filter.

Both know only seconds, never frames, so the result hardly depends on the frame rate. One Euro filter: G. Casiez, N. Roussel
and D. Vogel, "1 Euro Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive Systems", CHI 2012.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from posturecam.model import FloatArray

_FIRST_WINDOW = 32


def _smoothing_factor(elapsed_s: float, cutoff_hz: FloatArray | float) -> FloatArray | float:
    rate: FloatArray | float = cutoff_hz * (2.0 * math.pi) * elapsed_s
    return rate / (rate + 1.0)


class OneEuroFilter:
    """Low-pass filter whose cut-off rises with speed: steady when still, quick when moving.

    Works on arrays of any fixed shape, elementwise. ``min_cutoff_hz`` smooths the resting jitter, ``beta`` (per unit of the
    values and second) lets fast movement through. An element that is NaN gives NaN and starts afresh when it comes back, as
    does everything after a gap of more than ``reset_after_s``.
    """

    def __init__(
        self,
        min_cutoff_hz: float | FloatArray,
        beta: float | FloatArray,
        derivative_cutoff_hz: float = 1.0,
        reset_after_s: float = 0.5,
    ) -> None:
        self.min_cutoff_hz = min_cutoff_hz
        self.beta = beta
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
        cutoff_hz = self.min_cutoff_hz + self.beta * np.abs(self._speed)
        smoothed: FloatArray = previous + _smoothing_factor(elapsed_s, cutoff_hz) * (value - previous)
        self._value = smoothed
        return smoothed

    def update_many(self, t_s: list[float], values: FloatArray) -> None:
        """Filter the rows of ``values`` (n, k) in place, as n calls of :meth:`update` would to the last bit, but quicker."""
        missing: list[bool] = np.asarray(np.isnan(values).any(axis=1)).tolist()
        count = values.shape[1]
        step, speed, cutoff, spare = (np.empty(count) for _ in range(4))
        current, trend = self._value, self._speed
        missed = current is not None and bool(np.isnan(current).any())
        for index, now_s in enumerate(t_s):
            row = values[index]
            elapsed_s = now_s - self._t_s
            self._t_s = now_s
            if current is None or trend is None or elapsed_s > self._reset_after_s:
                current, trend = row.copy(), np.zeros(count)
                missed = missing[index]
                continue
            if missed:
                np.copyto(current, row, where=np.isnan(current))
            np.subtract(row, current, out=step)
            np.divide(step, elapsed_s, out=speed)
            missed = missing[index]
            if missed:
                np.copyto(speed, 0.0, where=np.isnan(speed))
            np.subtract(speed, trend, out=speed)
            np.multiply(speed, _smoothing_factor(elapsed_s, self._derivative_cutoff_hz), out=speed)
            np.add(trend, speed, out=trend)
            np.abs(trend, out=cutoff)
            np.multiply(cutoff, self.beta, out=cutoff)
            np.add(cutoff, self.min_cutoff_hz, out=cutoff)
            np.multiply(cutoff, 2.0 * math.pi, out=cutoff)
            np.multiply(cutoff, elapsed_s, out=cutoff)
            np.add(cutoff, 1.0, out=spare)
            np.divide(cutoff, spare, out=cutoff)
            np.multiply(cutoff, step, out=step)
            np.add(current, step, out=current)
            row[:] = current
        self._value, self._speed = current, trend


class OutlierGate:
    """Holds back landmarks that jump further than a body can move, until they have stayed there for ``patience_s``.

    ``max_speed`` is in units of the points a second, on top of a free ``slack``. A held-back landmark is NaN.
    """

    def __init__(self, max_speed: float, slack: float, patience_s: float = 0.25) -> None:
        self._max_speed = max_speed
        self._slack = slack
        self._patience_s = patience_s
        self._accepted: FloatArray | None = None
        self._accepted_s: FloatArray = np.empty(0)
        self._jumped_since_s: FloatArray = np.empty(0)

    def update(self, t_s: float, points: FloatArray) -> FloatArray:
        """Gate ``points`` (n, 2); returns a copy with outliers as NaN rows."""
        if self._accepted is None:
            self._accepted = points.copy()
            self._accepted_s = np.full(len(points), t_s)
            self._jumped_since_s = np.full(len(points), np.nan)
            first: FloatArray = points.copy()
            return first
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
        gated: FloatArray = points.copy()
        gated[outlier] = np.nan
        return gated

    def update_many(self, t_s: FloatArray, points: FloatArray) -> NDArray[np.bool_]:
        """Tell the outliers (n, m) among ``points`` (n, m, 2), as n calls of :meth:`update` would, but quicker."""
        outlier = np.zeros(points.shape[:2], dtype=np.bool_)
        index, window = 0, _FIRST_WINDOW
        while index < len(t_s):
            if self._accepted is not None and np.isnan(self._jumped_since_s).all():
                stop = min(len(t_s), index + window)
                calm = self._pass_calm(t_s[index:stop], points[index:stop])
                window = 2 * window if index + calm == stop else _FIRST_WINDOW
                index += calm
                if index == stop:
                    continue
            gated = self.update(float(t_s[index]), points[index])
            outlier[index] = np.isnan(gated[:, 0]) & ~np.isnan(points[index, :, 0])
            index += 1
        return outlier

    def _pass_calm(self, t_s: FloatArray, points: FloatArray) -> int:
        """Accept frames up to the first in which a landmark jumps; returns how many. Nothing may be held back at the start."""
        assert self._accepted is not None
        seen = ~np.isnan(points[:, :, 0])
        frame = np.arange(len(t_s))[:, None]
        # the last frame before each one in which the landmark was seen; -1: before these frames
        latest = np.maximum.accumulate(np.where(seen, frame, -1), axis=0)
        before = np.vstack([np.full((1, seen.shape[1]), -1), latest[:-1]])
        landmark = np.arange(seen.shape[1])[None, :]
        fresh = before < 0
        reference = np.where(fresh[:, :, None], self._accepted[None], points[before, landmark])
        since_s = np.where(fresh, self._accepted_s[None], t_s[before])
        distance = np.hypot(points[:, :, 0] - reference[:, :, 0], points[:, :, 1] - reference[:, :, 1])
        jumped = (distance > self._slack + self._max_speed * (t_s[:, None] - since_s)).any(axis=1)
        calm = int(jumped.argmax()) if jumped.any() else len(t_s)
        if calm:
            last = latest[calm - 1]
            taken = last >= 0
            self._accepted[taken] = points[last[taken], landmark[0, taken]]
            self._accepted_s[taken] = t_s[last[taken]]
        return calm
