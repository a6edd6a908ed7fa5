"""Makes faces unrecognisable in every picture that leaves the program: overlay, window, thumbnails.

When in doubt too much is covered, never too little: the region is larger than the head, it is kept and grows while the face
is lost for a moment, and without any idea where the face is the whole picture is coarsened. Only the exerciser is looked
for: somebody else in the background is not covered.
"""

from __future__ import annotations

import dataclasses
import math
from collections import deque
from typing import NamedTuple

import cv2
import numpy as np

from posturecam.model import LANDMARK_INDEX, LANDMARK_NAMES, Frame, FrameResult, ImageArray, Pose
from posturecam.pipeline import Sink

FACE = tuple(LANDMARK_NAMES.index(name) for name in LANDMARK_NAMES[:11])
"""Nose, eyes, ears and mouth."""
SPREAD = 2.0
TORSO_SHARE = 0.42
SMALLEST_SHARE = 0.03
REMEMBER_S = 0.6
LOST_S = 2.0
GROWTH_PER_S = 1.0
CELLS = 5
"""Coarse cells across the region: too few to tell one face from another."""
CELLS_OF_PICTURE = 12

_TORSO = tuple(tuple(LANDMARK_INDEX[f"{side}_{part}"] for side in ("left", "right")) for part in ("shoulder", "hip"))


class Region(NamedTuple):
    """A disc in the picture, in pixels."""

    x: float
    y: float
    radius: float


def face_region(pose: Pose) -> Region | None:
    """The disc that surely holds the face of a ``pose`` (unseen points NaN); None when no point of the face is known."""
    points = pose.points[list(FACE)]
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) == 0:
        return None
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    spread = float(np.hypot(*(points - middle).T).max())
    shoulder, hip = (pose.points[list(pair)].mean(axis=0) for pair in _TORSO)
    torso = float(np.hypot(*(shoulder - hip)))
    least = SMALLEST_SHARE * max(pose.width, pose.height)
    # seen from behind or far away the face's points lie close together, so the body's size counts as well
    radius = max(SPREAD * spread, least, TORSO_SHARE * torso if math.isfinite(torso) else 0.0)
    return Region(float(middle[0]), float(middle[1]), radius)


def coarsened(image: ImageArray, region: Region | None) -> ImageArray:
    """A copy of ``image`` (height, width, 3) with the disc made of a few coarse cells; None coarsens the whole picture."""
    height, width = image.shape[:2]
    if region is None:
        return _cells(image, CELLS_OF_PICTURE)
    left, right = _span(region.x, region.radius, width)
    top, bottom = _span(region.y, region.radius, height)
    result: ImageArray = image.copy()
    if right <= left or bottom <= top:
        return result
    part = result[top:bottom, left:right]
    rows, columns = np.ogrid[top:bottom, left:right]
    inside = (columns - region.x) ** 2 + (rows - region.y) ** 2 <= region.radius**2
    part[inside] = _cells(part, CELLS)[inside]
    return result


def _span(middle: float, radius: float, size: int) -> tuple[int, int]:
    return max(0, math.floor(middle - radius)), min(size, math.ceil(middle + radius) + 1)


def _cells(image: ImageArray, across: int) -> ImageArray:
    """The image in about ``across`` cells along its longer side, smoothly joined: what lay between them is gone for good."""
    height, width = image.shape[:2]
    cell = max(height, width) / across
    size = (max(1, round(width / cell)), max(1, round(height / cell)))
    small = cv2.resize(np.ascontiguousarray(image), size, interpolation=cv2.INTER_AREA)
    coarse: ImageArray = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return coarse


class FaceBlur:
    """Follows the face over time; feed :meth:`cover` every frame in the order of time.

    Asked again for the same frame it answers from memory, so that several sinks can share one.
    """

    def __init__(self) -> None:
        self._recent: deque[tuple[float, Region]] = deque()
        self._last_frame: Frame | None = None
        self._covered: Frame | None = None

    def cover(self, frame: Frame, pose: Pose | None) -> Frame:
        """The frame with its face covered."""
        if self._covered is None or self._last_frame is not frame:
            region = self.region(frame.t_s, pose)
            self._last_frame = frame
            self._covered = dataclasses.replace(frame, image=coarsened(frame.image, region))
        return self._covered

    def region(self, t_s: float, pose: Pose | None) -> Region | None:
        """What to cover at ``t_s``; None is the whole picture, because nobody knows where the face is."""
        found = face_region(pose) if pose is not None else None
        if found is not None:
            self._recent.append((t_s, found))
        while len(self._recent) > 1 and self._recent[0][0] < t_s - REMEMBER_S:
            self._recent.popleft()
        if not self._recent or t_s - self._recent[-1][0] > LOST_S:
            return None
        seen_s, last = self._recent[-1]
        # a face that turns away shrinks at once in the landmarks, but not in the picture
        widest = max(region.radius for _, region in self._recent)
        return last._replace(radius=widest * (1.0 + GROWTH_PER_S * (t_s - seen_s)))


class FaceBlurred:
    """A sink that hands every frame on with its face covered; sinks of one session share one ``blur``."""

    def __init__(self, sink: Sink, blur: FaceBlur) -> None:
        self._sink = sink
        self._blur = blur
        self.title = str(getattr(sink, "title", type(sink).__name__))

    def write(self, frame: Frame, result: FrameResult) -> None:
        """Cover, and hand on."""
        self._sink.write(self._blur.cover(frame, result.pose), result)

    def close(self) -> None:
        """Close the sink within."""
        self._sink.close()
