"""The browser's camera as a source: JPEG frames come over a socket, the newest counts, and a gap is a pause."""

from __future__ import annotations

import io
import math
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image

from posturecam.model import Frame, ImageArray, SourceInfo

HEAD = struct.Struct("<dI")
"""Before each picture: milliseconds on the page's clock, and the picture's number."""
MAX_BYTES = 2_000_000
MAX_SIDE = 1920
SILENT_S = 300.0
"""After so long without a picture (the page was closed, the phone has gone) the session ends and is saved."""
GAP_S = 1.5
"""So long without a picture is a pause: nobody knows what was done meanwhile."""
TICK_S = 0.5


@dataclass(frozen=True)
class Picture:
    """One picture as it came: ``t_s`` on the source's clock, ``number`` the page's."""

    t_s: float
    number: int
    jpeg: bytes


def unpack(message: bytes) -> tuple[float, int, bytes] | None:
    """Seconds on the page's clock, number and JPEG of a socket's message; None when it is none of ours."""
    if not HEAD.size < len(message) <= MAX_BYTES:
        return None
    ms, number = HEAD.unpack_from(message)
    if not math.isfinite(ms) or not 0 <= ms < 1e14:
        return None
    return ms / 1000.0, number, message[HEAD.size :]


def decode(jpeg: bytes) -> ImageArray | None:
    """The picture as RGB; None for what is not a JPEG, or larger than a camera's picture should be."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as header:
            if max(header.size) > MAX_SIDE or min(header.size) < 16:
                return None
        image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
    except Exception:  # what hostile bytes make a decoder raise is not documented
        return None
    return None if image is None else np.asarray(image, np.uint8)


class BrowserCamera:
    """A :class:`posturecam.app.live.LiveSource`: pictures are offered from the socket, and taken by the thread that judges.

    ``before`` is called on that thread before each frame, with whether it comes after a gap.
    """

    def __init__(self, before: Callable[[bool], None] = lambda _gap: None, clock: Callable[[], float] = time.monotonic):
        self.info = SourceInfo("the browser's camera", 0, 0)
        self.trouble: str | None = None
        self.before = before
        self.number = 0
        """Of the picture that is being judged, and the picture itself."""
        self.jpeg = b""
        self._clock = clock
        self._begun_s = clock()
        self._changed = threading.Condition()
        self._newest: Picture | None = None
        self._offset_s: float | None = None
        self._offered_s = -math.inf
        self._taken_s = -math.inf
        self._heard_s = clock()
        self._ended = False
        self._index = 0

    def now(self) -> float:
        """Seconds since the camera was made."""
        return self._clock() - self._begun_s

    @property
    def ended(self) -> bool:
        """Whether no further pictures are taken."""
        return self._ended

    # the socket's side ----------------------------------------------------------------------------------------------

    def attach(self) -> None:
        """A page's clock begins again: its first picture is now."""
        with self._changed:
            self._offset_s = None

    def offer(self, t_s: float, number: int, jpeg: bytes) -> None:
        """Take the newest picture, with its time on the page's clock; an older one that still waits is dropped."""
        with self._changed:
            if self._offset_s is None:
                self._offset_s = self.now() - t_s
            at_s = t_s + self._offset_s
            # a page's clock that is set back, or runs away, must not end the order of time
            if not self._offered_s < at_s < self.now() + 1.0:
                self._offset_s += self.now() - at_s
                at_s = max(self.now(), self._offered_s + 1e-3)
            self._offered_s = at_s
            self._heard_s = self._clock()
            self._newest = Picture(at_s, number, jpeg)
            self._changed.notify()

    def end(self) -> None:
        """No further pictures: whoever iterates comes to the end."""
        with self._changed:
            self._ended = True
            self._changed.notify()

    # the judging thread's side --------------------------------------------------------------------------------------

    def wait_for_first(self) -> bool:
        """Wait until a picture has come, so that its size is known; False when none will."""
        with self._changed:
            while self._newest is None:
                if self._over():
                    return False
                self._changed.wait(TICK_S)
            image = decode(self._newest.jpeg)
            if image is not None:
                height, width = image.shape[:2]
                self.info = replace(self.info, width=width, height=height)
                return True
            self._newest = None
        return self.wait_for_first()

    def __iter__(self) -> Iterator[Frame]:
        """The newest frames; may be iterated again for each exercise and rest."""
        while (picture := self._take()) is not None:
            image = decode(picture.jpeg)
            if image is None:
                continue
            self.number, self.jpeg = picture.number, picture.jpeg
            self.before(picture.t_s - self._taken_s > GAP_S)
            self._taken_s = picture.t_s
            yield Frame(self._index, picture.t_s, image)
            self._index += 1

    def _take(self) -> Picture | None:
        with self._changed:
            while self._newest is None and not self._over():
                self._changed.wait(TICK_S)
            picture, self._newest = self._newest, None
            return None if self._ended else picture

    def _over(self) -> bool:
        return self._ended or self._clock() - self._heard_s > SILENT_S
