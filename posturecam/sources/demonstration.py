"""The films that show an exercise, as pictures at their own pace, over and over."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import av
import numpy as np

from posturecam.model import ImageArray


@lru_cache(maxsize=64)
def still(path: Path) -> ImageArray:
    """The picture (RGB, read-only) in the middle of a film that ships with the program."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        middle = stream.frames // 2
        for number, frame in enumerate(container.decode(stream)):
            picture = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
            if number >= middle:
                break
    picture.setflags(write=False)
    return picture


def looped(path: Path) -> Iterator[tuple[ImageArray, float]]:
    """Pictures (RGB) of a film that ships with the program, each with the seconds it stays; begins again after the last one."""
    while True:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            stays_s = 1.0 / float(stream.average_rate or 12)
            for frame in container.decode(stream):
                yield np.asarray(frame.to_ndarray(format="rgb24"), np.uint8), stays_s
