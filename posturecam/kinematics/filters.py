"""Time-based filters over rows of frames, with state that is carried from block to block.

All know only seconds, never frames, so the result hardly depends on the frame rate, and none depends on how the rows are cut into
blocks. One Euro filter: G. Casiez, N. Roussel and D. Vogel, "1 Euro Filter: A Simple Speed-based Low-pass Filter for Noisy
Input in Interactive Systems", CHI 2012.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import deque
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posturecam.model import FloatArray

NAN = math.nan
QUARTILE_WINDOW_S = 8.0
TICK_S = 0.1
DERIVATIVE_CUTOFF_HZ = 1.0
"""Of the speed that the One Euro filter goes by, as its authors have it."""
RESET_AFTER_S = 0.5
"""After a longer gap the One Euro filter starts afresh: where a body was then says nothing about where it is."""
PATIENCE_S = 0.25
"""A landmark that has jumped and stayed there for so long is where it is seen."""
FORGOTTEN_S = 8.0
"""So long after a fresh start the One Euro filter gives what it would have without: 1 Hz leaves 1e-22 of a difference by then."""
_FIRST_WINDOW = 32


class OneEuroFilter:
    """Low-pass filter whose cut-off rises with speed: steady when still, quick when moving.

    Works on rows of k values, each for itself. ``min_cutoff_hz`` smooths the resting jitter, ``beta`` (per unit of the
    values and second) lets fast movement through; each is a number or an array (k,). A value that is NaN gives NaN and starts
    afresh when it comes back, as does everything after a gap of more than half a second.
    """

    def __init__(self, min_cutoff_hz: float | FloatArray, beta: float | FloatArray) -> None:
        self._min_rate = 2.0 * math.pi * np.asarray(min_cutoff_hz, dtype=np.float64)
        self._rate_by_speed = 2.0 * math.pi * np.asarray(beta, dtype=np.float64)
        self._t_s = -math.inf
        self._value: FloatArray = np.empty(0)
        self._speed: FloatArray = np.empty(0)
        self._missed = False
        self._spare: tuple[FloatArray, FloatArray] = (np.empty(0), np.empty(0))

    def follow(self, t_s: FloatArray, values: FloatArray) -> None:
        """Filter the rows of ``values`` (n, k) in place; ``t_s`` (n,) goes on from the last block's.

        Many rows are cut into lanes, which are filtered side by side: each begins afresh in the rows of the one before.
        """
        count = len(t_s)
        warm = math.ceil(FORGOTTEN_S / median_of(np.diff(t_s))) if count > _FIRST_WINDOW else count
        lanes = count // (2 * warm) if count else 0
        if lanes > 1:
            apart = (count - warm) // lanes
            rows, done = apart + warm, lanes * apart + warm
            windows = np.lib.stride_tricks.sliding_window_view
            table = windows(values[:done], rows, axis=0, writeable=True)[::apart].transpose(2, 0, 1)
            self._side_by_side(windows(t_s[:done], rows)[::apart].T, table, warm)
            t_s, values = t_s[done:], values[done:]
        if not len(self._value):
            self._begin(values.shape[1:])
        missing = np.asarray(np.isnan(values).any(axis=1)).tolist()
        for row, now_s, missed in zip(values, t_s.tolist(), missing, strict=True):
            elapsed_s = now_s - self._t_s
            if elapsed_s > RESET_AFTER_S:
                self._value[:] = row
                self._speed[:] = 0.0
            else:
                self._step(row, elapsed_s, missed)
                row[:] = self._value
            self._t_s, self._missed = now_s, missed

    def _side_by_side(self, times: FloatArray, table: FloatArray, warm: int) -> None:
        """Filter the lanes of ``table`` (rows, lanes, k); of all but the first the rows before ``warm`` are the lane's before.

        That lane filters them in place long after they were read for the next one.
        """
        before, value, speed = np.full(times.shape[1], -math.inf), self._value, self._speed
        self._begin(table.shape[1:])
        if len(value):
            before[0], self._value[0], self._speed[0] = self._t_s, value, speed
        elapsed_s = np.diff(times, axis=0, prepend=before[None])[:, :, None]
        afresh = elapsed_s > RESET_AFTER_S
        np.minimum(elapsed_s, RESET_AFTER_S, out=elapsed_s)
        self._missed = True
        for index, anew in enumerate(np.any(afresh, axis=(1, 2)).tolist()):
            row = table[index]
            if anew:
                np.copyto(self._value, row, where=afresh[index])
                np.copyto(self._speed, 0.0, where=afresh[index])
            self._step(row, elapsed_s[index], missed=True)
            own = slice(1) if index < warm else slice(None)
            row[own] = self._value[own]
        value, speed = self._value[-1], self._speed[-1]
        self._begin(value.shape)
        self._t_s, self._value, self._speed = float(times[-1, -1]), value, speed

    def _begin(self, shape: tuple[int, ...]) -> None:
        self._value, self._speed = np.empty(shape), np.empty(shape)
        self._spare = (np.empty(shape), np.empty(shape))

    def _step(self, row: FloatArray, elapsed_s: float | FloatArray, missed: bool) -> None:
        value, speed = self._value, self._speed
        step, rate = self._spare
        if self._missed:
            np.copyto(value, row, where=np.isnan(value))
        np.subtract(row, value, out=step)
        share = 1.0 - 1.0 / (1.0 + 2.0 * math.pi * DERIVATIVE_CUTOFF_HZ * elapsed_s)
        np.multiply(step, share / elapsed_s, out=rate)
        if missed:
            # a value that is not there neither speeds up nor slows down
            np.copyto(rate, 0.0, where=np.isnan(rate))
        np.multiply(speed, 1.0 - share, out=speed)
        np.add(speed, rate, out=speed)
        np.abs(speed, out=rate)
        np.multiply(rate, self._rate_by_speed, out=rate)
        np.add(rate, self._min_rate, out=rate)
        np.multiply(rate, elapsed_s, out=rate)
        np.multiply(step, rate, out=step)
        np.add(rate, 1.0, out=rate)
        np.divide(step, rate, out=step)
        np.add(value, step, out=value)


class OutlierGate:
    """Holds back landmarks that jump further than a body can move, until they have stayed there for a quarter of a second.

    ``max_speed`` is in units of the points a second, on top of a free ``slack``.
    """

    def __init__(self, max_speed: float, slack: float) -> None:
        self._max_speed = max_speed
        self._slack = slack
        self._accepted: FloatArray | None = None
        self._accepted_s: FloatArray = np.empty(0)
        self._jumped_since_s: FloatArray = np.empty(0)
        self._waiting = False

    def follow(self, t_s: FloatArray, points: FloatArray) -> NDArray[np.bool_]:
        """Tell the outliers (n, m) among ``points`` (n, m, 2), which are left as they are."""
        outlier = np.zeros(points.shape[:2], dtype=np.bool_)
        index, window = 0, _FIRST_WINDOW
        while index < len(t_s):
            # most of the time nothing jumps: such stretches go through as a whole
            if self._accepted is not None and not self._waiting and len(t_s) - index > 1:
                stop = min(len(t_s), index + window)
                calm = self._pass_calm(t_s[index:stop], points[index:stop])
                window = 2 * window if index + calm == stop else _FIRST_WINDOW
                index += calm
                if index == stop:
                    continue
            outlier[index] = self._row(float(t_s[index]), points[index])
            index += 1
        return outlier

    def _row(self, t_s: float, points: FloatArray) -> NDArray[np.bool_]:
        if self._accepted is None:
            self._accepted = points.copy()
            self._accepted_s = np.full(len(points), t_s)
            self._jumped_since_s = np.full(len(points), NAN)
            return np.zeros(len(points), dtype=np.bool_)
        offset = points - self._accepted
        distance = np.hypot(offset[:, 0], offset[:, 1])
        jumped = distance > self._slack + self._max_speed * (t_s - self._accepted_s)
        if not self._waiting and not jumped.any():
            taken = ~np.isnan(points[:, 0])
            np.copyto(self._accepted, points, where=taken[:, None])
            self._accepted_s[taken] = t_s
            return jumped
        self._jumped_since_s = np.where(jumped, np.fmin(self._jumped_since_s, t_s), NAN)
        # when most of the body jumps at once it is a cut or a better detection, not a stray landmark
        everything = np.count_nonzero(jumped) > np.count_nonzero(~np.isnan(distance)) / 2
        outlier: NDArray[np.bool_] = jumped & (t_s - self._jumped_since_s < PATIENCE_S) & (not everything)
        accepted = ~outlier & ~np.isnan(points[:, 0])
        self._accepted[accepted] = points[accepted]
        self._accepted_s[accepted] = t_s
        self._jumped_since_s[accepted] = NAN
        self._waiting = not np.isnan(self._jumped_since_s).all()
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


class Running:
    """A value that follows its input with a time constant; starts at the first input, and stays where the input is NaN."""

    def __init__(self, time_constant_s: float) -> None:
        self._time_constant_s = time_constant_s
        self._value = NAN
        self._t_s = NAN

    def follow(self, t_s: FloatArray, values: FloatArray) -> FloatArray:
        """The running value (n,) of ``values`` (n,); ``t_s`` (n,) goes on from the last block's."""
        value, last_s, time_constant_s = self._value, self._t_s, self._time_constant_s
        result = []
        for now_s, new in zip(t_s.tolist(), values.tolist(), strict=True):
            if new == new:  # not NaN
                if value == value:
                    value += (1.0 - math.exp((last_s - now_s) / time_constant_s)) * (new - value)
                else:
                    value = new
                last_s = now_s
            result.append(value)
        self._value, self._t_s = value, last_s
        return np.array(result)


class RunningQuartiles:
    """Upper quartile of the positive values of the last eight seconds, sampled evenly in time, in each of k columns.

    The upper quartile is a robust length in the picture, because bending and turning only ever shorten it.
    """

    def __init__(self, columns: int) -> None:
        self._samples: list[deque[float]] = [deque(maxlen=round(QUARTILE_WINDOW_S / TICK_S)) for _ in range(columns)]
        self._ordered: list[list[float]] = [[] for _ in range(columns)]
        self._next_s = [-math.inf] * columns
        self._due_s = -math.inf
        self._values = [NAN] * columns

    def follow(self, t_s: FloatArray, values: FloatArray) -> FloatArray:
        """The running quartiles (n, k) of ``values`` (n, k), NaN while there was none; goes on from the last block's."""
        states, starts = [self._values.copy()], [0]
        for index, now_s in enumerate(t_s.tolist()):
            if now_s >= self._due_s and self._take(now_s, values[index].tolist()):
                states.append(self._values.copy())
                starts.append(index)
        counts = [stop - start for start, stop in pairwise([*starts, len(t_s)])]
        return np.repeat(np.array(states), counts, axis=0)

    def _take(self, now_s: float, values: list[float]) -> bool:
        """Take the samples that are due; tells whether there were any."""
        taken = False
        for column, value in enumerate(values):
            if value > 0 and now_s >= self._next_s[column]:
                self._next_s[column] = now_s + TICK_S
                self._put(column, value)
                taken = True
        self._due_s = min(self._next_s)
        return taken

    def _put(self, column: int, value: float) -> None:
        samples, ordered = self._samples[column], self._ordered[column]
        if len(samples) == samples.maxlen:
            del ordered[bisect_left(ordered, samples[0])]
        samples.append(value)
        insort(ordered, value)
        self._values[column] = ordered[_quartile_place(len(ordered))]


def _quartile_place(count: Any) -> Any:
    """Place of the upper quartile among that many ordered values: of an int an int, of an array an array."""
    return (3 * (count - 1)) // 4


def centred_quartile(t_s: FloatArray, values: FloatArray) -> FloatArray:
    """Upper quartile (n,) of the positive ``values`` (n,) within four seconds before and after, sampled evenly in time.

    Where the window holds none, the last known quartile stands, before the first the first; NaN when there is none at all.
    """
    result = np.full(len(t_s), NAN)
    good = np.flatnonzero(values > 0)
    if not len(good):
        return result
    # one sample a tick, the first; ticks are numbered, so a gap in time costs nothing
    tick_of_row = np.floor((t_s - t_s[0]) / TICK_S + 1e-6)
    tick, first = np.unique(tick_of_row[good], return_index=True)
    quartile = _tick_quartiles(tick, values[good[first]], round(QUARTILE_WINDOW_S / TICK_S / 2))
    nearest = np.clip(np.searchsorted(tick, tick_of_row, side="right") - 1, 0, len(tick) - 1)
    result[:] = quartile[nearest]
    return result


def _tick_quartiles(tick: FloatArray, samples: FloatArray, half: int) -> FloatArray:
    """Upper quartile of the samples within ``half`` ticks to both sides of each tick (m,)."""
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(samples, half), 2 * half + 1)
    ticks = np.lib.stride_tricks.sliding_window_view(np.pad(tick, half, constant_values=np.inf), 2 * half + 1)
    result = np.empty(len(tick))
    # an hour's windows at once would take 70 MB
    for start in range(0, len(tick), 8192):
        rows = slice(start, start + 8192)
        near = np.where(np.abs(ticks[rows] - tick[rows, None]) <= half, windows[rows], np.inf)
        near.sort(axis=1)
        count = np.count_nonzero(near < np.inf, axis=1)
        result[rows] = near[np.arange(len(near)), _quartile_place(count)]
    return result


def centred_mean(t_s: FloatArray, values: FloatArray, window_s: float) -> FloatArray:
    """Mean (n,) of the ``values`` (n,) within half a window before and after, NaN left out; NaN where all are."""
    known = ~np.isnan(values)
    total = np.concatenate(([0.0], np.cumsum(np.where(known, values, 0.0))))
    count = np.concatenate(([0], np.cumsum(known)))
    start = np.searchsorted(t_s, t_s - window_s / 2, side="left")
    stop = np.searchsorted(t_s, t_s + window_s / 2, side="right")
    number = count[stop] - count[start]
    return np.where(number > 0, (total[stop] - total[start]) / np.maximum(number, 1), NAN)


def median_of(values: FloatArray) -> float:
    """The median of ``values`` (n,), of which there are some and none is NaN: a fifth of what ``np.median`` takes for a few."""
    low, high = (len(values) - 1) // 2, len(values) // 2
    ordered = np.partition(values, (low, high))
    return float((ordered[low] + ordered[high]) / 2)


def least_between(values: FloatArray, starts: NDArray[np.intp], stops: NDArray[np.intp]) -> FloatArray:
    """The least (m,) of the ``values`` (n,) from each of ``starts`` (m,) up to, not including, the one of ``stops`` (m,)."""
    if not len(starts):
        return np.empty(0)
    # reduced from each bound to the next one: every second result is that of a stretch
    bounds = np.column_stack((starts, stops)).ravel()
    least: FloatArray = np.minimum.reduceat(np.concatenate((values, [np.inf])), bounds)[::2]
    return least


def with_hysteresis(values: FloatArray, threshold: float, before: float | None) -> FloatArray:
    """The sign (n,) of the last value beyond ``threshold``, 1 or -1.

    Up to the first such value it is ``before``, or where that is None the first value's own.
    """
    result, sign = [], before
    for value in values.tolist():
        if sign is None or abs(value) > threshold:
            sign = 1.0 if value >= 0 else -1.0
        result.append(sign)
    return np.array(result, dtype=np.float64)
