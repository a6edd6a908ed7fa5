"""Presentation times that can be relied on, whatever the file says."""

from __future__ import annotations

import math

MAX_GAP_S = 30.0
"""A longer step than this (and than 30 usual ones) is a broken time stamp, not a pause."""
SURPLUS = 1.2
"""A recording is thinned out when it is this many times faster than what is asked for."""


class PresentationClock:
    """Turns a recording's own time stamps into seconds that start at 0 and strictly increase.

    A missing stamp counts as one usual step after the last. A falling or repeated stamp is put just after the last; when the
    next one falls too, or one jumps far back or ahead, the recording's clock has been set again (joined recordings), and time
    goes on from there with one usual step. ``mended`` counts all these, ``missing`` the missing ones among them, ``resets`` the
    clocks set again. ``step_s`` is the usual step to begin with; it follows the recording.
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


class Thinner:
    """Chooses the frames of a recording that are nearest to ``most_hz`` a second.

    None, and a recording that is not much faster, keep all. Told the times in their order; ``step_s`` is the recording's
    usual step.
    """

    def __init__(self, most_hz: float | None, step_s: float) -> None:
        # a phone that films at 30 a second does so more or less: none of its frames may be lost to that
        self._every_s = None if most_hz is None or step_s * most_hz > 1 / SURPLUS else 1 / most_hz
        self._slack_s = step_s / 2
        self._due_s = 0.0

    def wants(self, t_s: float) -> bool:
        """Whether the frame at ``t_s`` is one to look at."""
        if self._every_s is None:
            return True
        if t_s + self._slack_s < self._due_s:
            return False
        passed = math.floor((t_s + self._slack_s - self._due_s) / self._every_s + 1e-6)
        self._due_s += (passed + 1) * self._every_s
        return True
