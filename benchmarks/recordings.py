"""Recordings made for a measurement out of a short clip: as long, and of as many frames per second, as is asked for."""

from __future__ import annotations

from fractions import Fraction
from itertools import cycle
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

NOISE = 2
"""Grey levels: no two frames are the same, as a camera's never are, so that none is decoded for nothing."""


def repeated(clip: Path, target: Path, seconds: float, *, fps: int, times: int = 1) -> Path:
    """``clip`` over and over for so many ``seconds``, forwards and backwards so that nothing jumps.

    Each of its frames is shown ``times`` times, with noise of its own, at ``fps`` frames per second.
    """
    frames = _luma_and_colour(clip)
    rng = np.random.default_rng(0)
    speckle = [rng.integers(-NOISE, NOISE + 1, frames[0].shape, np.int16).astype(np.int8) for _ in range(16)]
    order = cycle([*range(len(frames)), *range(len(frames) - 2, 0, -1)])
    with av.open(str(target), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=fps, options={"preset": "veryfast", "crf": "23"})
        rows, stream.width = frames[0].shape
        stream.height, stream.pix_fmt = rows * 2 // 3, "yuv420p"
        stream.codec_context.time_base = Fraction(1, fps)
        for number in range(round(seconds * fps)):
            if number % times == 0:
                picture = frames[next(order)]
            noisy = np.clip(picture.astype(np.int16) + speckle[number % len(speckle)], 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(noisy, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target


def _luma_and_colour(clip: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(clip)) as container:
        return [np.asarray(frame.to_ndarray(format="yuv420p"), np.uint8) for frame in container.decode(video=0)]
