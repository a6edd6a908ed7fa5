"""From a decoded picture to upright RGB with square pixels."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from posturecam.model import ImageArray

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

MAX_SIDE = 1280
"""Larger pictures are scaled down while they are converted: MediaPipe looks at 256 pixels, and memory stays bounded."""


@dataclass(frozen=True)
class Upright:
    """How a recording's pictures have to be treated: first mirrored, then turned ``turns`` times by 90 degrees to the left.

    ``stretch`` is the width of a pixel over its height.
    """

    turns: int
    mirrored: bool
    stretch: float

    @classmethod
    def of(cls, picture: VideoFrame, stream: VideoStream) -> Upright:
        """What the recording's metadata ask for."""
        aspect = stream.sample_aspect_ratio
        stretch = float(aspect) if aspect and 0.1 < float(aspect) < 10 else 1.0
        turns, mirrored = _orientation(picture)
        return cls(turns, mirrored, stretch)

    def turned(self, turns: int) -> Upright:
        """The same, and then turned ``turns`` times to the left."""
        return replace(self, turns=(self.turns + turns) % 4)

    def rgb(self, picture: VideoFrame) -> ImageArray:
        """The picture (height, width, 3), at most ``MAX_SIDE`` on its long side."""
        width, height = picture.width * self.stretch, float(picture.height)
        shrink = min(1.0, MAX_SIDE / max(width, height))
        size = max(1, round(width * shrink)), max(1, round(height * shrink))
        image = picture.reformat(width=size[0], height=size[1], format="rgb24").to_ndarray()
        if self.mirrored:
            image = image[:, ::-1]
        return np.ascontiguousarray(np.rot90(image, self.turns))


def _orientation(picture: VideoFrame) -> tuple[int, bool]:
    """Turns to the left and whether to mirror first, from the display matrix (also of pictures with EXIF data)."""
    try:
        data: Any = picture.side_data.get("DISPLAYMATRIX")
    except ValueError:  # PyAV 18 stumbles over kinds of side data that it does not know, such as a picture's EXIF
        return round(picture.rotation / 90) % 4, False
    if data is None:
        return 0, False
    a, b, _, c, d = struct.unpack("=9i", bytes(data))[:5]
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    clockwise = math.degrees(math.atan2(b, a))
    return round(-clockwise / 90) % 4, mirrored
