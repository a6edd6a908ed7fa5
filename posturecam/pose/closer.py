"""A second look at somebody small, distant or lost: only the part of the picture that they are in.

The detector sees the whole picture in 224 pixels: of a person who takes a fifth of it, too little is left to be found in every
frame. Somebody cut off by the picture's edge is found more often as well when the rest of the room is left away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from posturecam.model import Frame, ImageArray, Pose
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.poses import PoseSequence

SMALL_SHARE = 0.3
"""Share of the picture's width and height that a body takes up to which a closer look is worth its time."""
MARGIN = 0.35
"""What is left around the body, over its larger side: arms that reach out where nobody was found."""
LOST_SHARE = 0.85
"""Share of the frames with somebody under which a closer look is worth its time for people of any size."""
LARGEST_PART = 0.7
"""Share of the picture from which on a part of it is no closer look."""
TILES = tuple((x, y) for y in (0.5, 0.25, 0.0) for x in (0.25, 0.0, 0.5))
"""Left and top of the parts, half as wide and high as the picture, in which somebody is looked for: the floor first."""


@dataclass(frozen=True)
class Box:
    """A part of the picture in pixels: from ``left``, ``top`` to before ``right``, ``bottom``."""

    left: int
    top: int
    right: int
    bottom: int


class _Finder(Protocol):
    def estimate(self, frame: Frame) -> Pose | None: ...


class Closer:
    """An estimator that looks at a part of every picture; poses are those of the whole picture."""

    def __init__(self, estimator: _Finder, box: Box) -> None:
        self._estimator = estimator
        self._box = box

    def estimate(self, frame: Frame) -> Pose | None:
        """The body in the part of the picture, or None when nobody is seen there."""
        pose = self._estimator.estimate(replace(frame, image=part_of(frame.image, self._box)))
        if pose is None:
            return None
        height, width = frame.image.shape[:2]
        shifted = (pose.points + np.array([self._box.left, self._box.top])).astype(np.float32).astype(np.float64)
        return replace(pose, points=shifted, width=width, height=height)


def part_of(image: ImageArray, box: Box) -> ImageArray:
    """The part of an image (height, width, 3), copied."""
    return np.ascontiguousarray(image[box.top : box.bottom, box.left : box.right])


def worth_a_closer_look(poses: PoseSequence) -> Box | None:
    """The part of the picture in which somebody small or often lost moves in a whole recording; None where there is nobody."""
    if not poses.seen.any() or len(np.unique(poses.size, axis=0)) > 1:
        return None
    points = poses.points[poses.seen].astype(np.float64)
    size = poses.size[0].astype(np.float64)
    low, high = np.clip(points.min(axis=1), 0, size), np.clip(points.max(axis=1), 0, size)
    lost = poses.seen.mean() < LOST_SHARE
    if not lost and (np.median(high - low, axis=0) > SMALL_SHARE * size).any():
        return None
    # frames in which a chair or shadow was taken for the person are few
    first, last = np.percentile(low, 5, axis=0), np.percentile(high, 95, axis=0)
    margin = MARGIN * (last - first).max()
    left, top = np.maximum(0, np.floor(first - margin)).astype(int).tolist()
    right, bottom = np.minimum(size, np.ceil(last + margin)).astype(int).tolist()
    if (right - left) * (bottom - top) > LARGEST_PART * size.prod() or right - left < 32 or bottom - top < 32:
        return None
    return Box(left, top, right, bottom)


def found_in_part(estimator: MediaPipeEstimator, frame: Frame) -> Pose | None:
    """The surest body in one of the :data:`TILES` of a picture in which nobody was found; None when there is none either.

    ``estimator`` takes frames that are apart.
    """
    height, width = frame.image.shape[:2]
    found: list[Pose] = []
    for x, y in TILES:
        left, top = int(x * width), int(y * height)
        pose = Closer(estimator, Box(left, top, left + width // 2, top + height // 2)).estimate(frame)
        if pose is not None:
            found.append(pose)
    return max(found, key=lambda pose: float(pose.visibility.mean()), default=None)
