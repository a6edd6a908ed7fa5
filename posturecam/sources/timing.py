"""Presentation times that can be relied on, whatever the file says."""

from __future__ import annotations

import math

MAX_GAP_S = 30.0
"""A longer step than this (and than 30 usual ones) is a broken time stamp, not a pause."""


class PresentationClock:
    """Turns a recording's own time stamps into seconds that start at 0 and strictly increase.

    A missing stamp counts as one usual step after the last. A falling or repeated stamp is put just after the last; when the
    next one falls too, or one jumps far back or ahead, the recording's clock has been set anew (joined recordings), and time
    goes on from there with one usual step. ``mended`` counts all these, ``missing`` the missing ones among them, ``resets`` the
    clocks set anew. ``step_s`` is the usual step to begin with; it follows the recording.
    """

    def __init__(self, step_s: float) -> None:
        self.step_s = step_s
        self.mended = 0
        self.missing = 0
        self.resets = 0
        self._offset: float | None = None
        self._last = -math.inf
        self._fell = False

    @property
    def last_s(self) -> float:
        """The last time given out; minus infinity before the first."""
        return self._last

    def next(self, stamp_s: float | None) -> float:
        """The time of the next frame, whose own stamp is ``stamp_s`` (None or NaN when it has none)."""
        if stamp_s is not None and not math.isfinite(stamp_s):
            stamp_s = None
        self.missing += stamp_s is None
        if self._last == -math.inf:
            self._offset = stamp_s
            self.mended += stamp_s is None
            self._last = 0.0
            return 0.0
        if stamp_s is not None and self._offset is None:
            self._offset = stamp_s - (self._last + self.step_s)
        self._last = self._mend(stamp_s)
        return self._last

    def _mend(self, stamp_s: float | None) -> float:
        if stamp_s is None or self._offset is None:
            self.mended += 1
            return self._last + self.step_s
        time = stamp_s - self._offset
        step = time - self._last
        fell, self._fell = self._fell, step <= 0
        if step > max(MAX_GAP_S, 30 * self.step_s) or step < -max(1.0, 5 * self.step_s) or (step <= 0 and fell):
            self.mended += 1
            self.resets += 1
            self._fell = False
            self._offset = stamp_s - (self._last + self.step_s)
            return self._last + self.step_s
        if step <= 0:
            self.mended += 1
            return self._last + self.step_s / 2
        self.step_s += 0.1 * (min(step, 10 * self.step_s) - self.step_s)
        return time
