"""Short recordings made from the sample clips: cut, turned, thinned out, as phones and messengers would."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from posturecam.model import ImageArray
from posturecam.sources.file import FileSource

Picture = tuple[float, ImageArray]
Change = Callable[[ImageArray], ImageArray]


def peaks(clip: Path) -> list[float]:
    """Moments of a sample clip's end positions, as it was made."""
    truths = json.loads((clip.parent / "truth.json").read_text("utf-8"))
    return next(truth["rep_peaks_s"] for truth in truths if truth["clip"] == clip.name)


def after(clip: Path, reps: int) -> float:
    """A moment of rest after so many reps of a sample clip."""
    times = peaks(clip)
    return times[reps - 1] + 0.7 * (times[reps] - times[reps - 1])


def pictures(clip: Path, start_s: float = 0.0, end_s: float = 1e9) -> list[Picture]:
    """A clip's pictures of a stretch of time, whose beginning becomes 0."""
    chosen = []
    with FileSource(clip) as source:
        for frame in source:
            if frame.t_s > end_s:
                break
            if frame.t_s >= start_s:
                chosen.append((frame.t_s - start_s, frame.image))
    return chosen


def record(path: Path, rows: Iterable[Picture]) -> Path:
    """Write pictures with their own times as H.264, with the index at the front, as a phone's upload has it."""
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        video = None
        for t_s, image in rows:
            if video is None:
                video = container.add_stream(
                    "libx264", rate=30, options={"preset": "ultrafast", "crf": "22", "bf": "0"}
                )
                video.height, video.width, video.pix_fmt = *image.shape[:2], "yuv420p"
                video.codec_context.time_base = Fraction(1, 1000)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
            frame.pts, frame.time_base = round(1000 * t_s), Fraction(1, 1000)
            container.mux(video.encode(frame))
        assert video is not None
        container.mux(video.encode(None))
    return path


def portrait(image: ImageArray) -> ImageArray:
    """The middle of a picture, higher than wide."""
    height, width = image.shape[:2]
    side = (width - height * 3 // 4) // 4 * 2
    return image[:, side : width - side]


def held_upright(path: Path) -> Path:
    """Make a recording of pictures that lie on their side stand upright by its metadata, as a phone does."""
    content = bytearray(path.read_bytes())
    at = content.index(b"tkhd") + 44  # where the track header keeps its matrix
    one = 0x10000
    content[at : at + 36] = struct.pack(">9i", 0, one, 0, -one, 0, 0, 0, 0, 0x40000000)
    path.write_bytes(content)
    return path


def on_its_side(image: ImageArray) -> ImageArray:
    """A picture as the sensor of an upright phone reads it."""
    return np.rot90(image)


def thinned(rows: list[Picture]) -> list[Picture]:
    """Without a third of the pictures, irregularly: a variable frame rate."""
    random = np.random.default_rng(5)
    return [row for row in rows if random.random() > 1 / 3]


def still(path: Path, image: ImageArray) -> Path:
    """One picture as jpg or png."""
    Image.fromarray(image).save(path, quality=95)
    return path
