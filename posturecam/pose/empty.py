"""Pictures in which nobody is, and which do not change, need no look each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posturecam.model import Frame

EMPTY_AFTER_S = 1.0
"""Nobody has to have been found for so long: a body that is found now and then is still looked for in every frame."""
LOOK_EVERY_S = 0.5
"""An unchanged picture is looked at as often all the same: who stands in it without being found loses no more than this."""
CELLS = (32, 24)
CHANGED_LEVELS = 4.0
"""A cell whose mean grey (0 to 255) differs by more has changed: a camera's noise moves the mean of a cell by under one level,
and a hand that comes into a corner of the picture by ten and more."""


class EmptyPicture:
    """Remembers the last look that found nobody; says of a frame whether another look can be saved."""

    def __init__(self) -> None:
        self._empty_since_s: float | None = None
        self._looked_s = -np.inf
        self._looked: NDArray[np.float32] | None = None

    def same(self, frame: Frame) -> bool:
        """Whether the frame shows what the last look saw, when that was nobody, for a while and not long ago."""
        since_s = self._empty_since_s
        if since_s is None or self._looked is None or frame.t_s - since_s < EMPTY_AFTER_S:
            return False
        if frame.t_s - self._looked_s >= LOOK_EVERY_S:
            return False
        return bool(np.abs(_cells(frame) - self._looked).max() <= CHANGED_LEVELS)

    def looked(self, frame: Frame, somebody: bool) -> None:
        """Take what a look at the frame found."""
        if somebody:
            self._empty_since_s = self._looked = None
            return
        if self._empty_since_s is None:
            self._empty_since_s = frame.t_s
        self._looked_s, self._looked = frame.t_s, _cells(frame)


def _cells(frame: Frame) -> NDArray[np.float32]:
    """Mean grey of each cell, rows by columns."""
    import cv2  # slow to import, and in most recordings somebody is in the first picture

    cells = cv2.resize(frame.image, CELLS, interpolation=cv2.INTER_AREA)
    grey: NDArray[np.float32] = np.asarray(cells, np.float32).mean(axis=2)
    return grey
