"""A second look at somebody small, distant or lost: only the part of the picture that they are in.

The detector sees the whole picture in 224 pixels: of a person who takes a fifth of it, too little is left to be found in every
frame. Somebody cut off by the picture's edge is found more often as well when the rest of the room is left away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from posturecam.model import FloatArray, Frame, ImageArray, Pose
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.poses import PoseSequence

SMALL_SHARE = 0.3
"""Share of the picture's width and height that a body takes up to which a closer look is worth its time."""
MARGIN = 0.35
"""What is left around the body, over its larger side: arms that reach out where nobody was found."""
BESIDE = 0.2
"""Of that margin, what is left between a body and somebody who overlaps it."""
LOST_SHARE = 0.85
"""Share of the frames with somebody under which a closer look is worth its time for people of any size."""
LARGEST_PART = 0.7
"""Share of the picture from which on a part of it is not a closer look."""
FLOOR_FROM = 0.35
"""Top of the part of the picture, over its height, in which people on the floor are looked for."""
INSIDE_SHARE = 0.8
"""Share of a body's joints in the box around somebody else from which on it is a piece of them; who lies behind reaches out."""
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
    hull = _hull(poses)
    if hull is None:
        return None
    size, low, high = hull
    lost = poses.seen.mean() < LOST_SHARE
    if not lost and (np.median(high - low, axis=0) > SMALL_SHARE * size).any():
        return None
    first, last = _usual(low, high)
    margin = MARGIN * (last - first).max()
    return _box(first - margin, last + margin, size)


def parts_around(people: Sequence[PoseSequence]) -> list[Box]:
    """The part of the picture around each of several people, where that is only a part of it.

    Beside somebody else, who is not to be followed in it, a part ends halfway between the two, or a little beyond the person.
    """
    hulls = [hull for hull in map(_hull, people) if hull is not None]
    places = [_usual(low, high) for _, low, high in hulls]
    found = []
    for own, (first, last) in enumerate(places):
        margin = MARGIN * (last - first).max()
        left, right = first[0] - margin, last[0] + margin
        for other, (other_first, other_last) in enumerate(places):
            if other == own:
                continue
            if other_first[0] + other_last[0] > first[0] + last[0]:
                right = min(right, max((last[0] + other_first[0]) / 2, last[0] + BESIDE * margin))
            else:
                left = max(left, min((first[0] + other_last[0]) / 2, first[0] - BESIDE * margin))
        box = _box(np.array([left, first[1] - margin]), np.array([right, last[1] + margin]), hulls[own][0])
        found += [box] if box is not None else []
    return found


def _hull(poses: PoseSequence) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """The picture's size (2,) and the corners of the body (n, 2) in the frames in which it is seen; None without any."""
    if not poses.seen.any() or len(np.unique(poses.size, axis=0)) > 1:
        return None
    points = poses.points[poses.seen].astype(np.float64)
    size = poses.size[0].astype(np.float64)
    return size, np.clip(points.min(axis=1), 0, size), np.clip(points.max(axis=1), 0, size)


def _usual(low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Corners of where a body is, without the few frames in which a chair or shadow was taken for the person."""
    return np.percentile(low, 5, axis=0), np.percentile(high, 95, axis=0)


def _box(first: FloatArray, last: FloatArray, size: FloatArray) -> Box | None:
    left, top = np.maximum(0, np.floor(first)).astype(int).tolist()
    right, bottom = np.minimum(size, np.ceil(last)).astype(int).tolist()
    if (right - left) * (bottom - top) > LARGEST_PART * size.prod() or right - left < 32 or bottom - top < 32:
        return None
    return Box(left, top, right, bottom)


def floor_of(poses: PoseSequence) -> Box | None:
    """The lower part of the picture; None where nobody was seen, or where the picture's size changes."""
    hull = _hull(poses)
    if hull is None:
        return None
    size = hull[0]
    return _box(np.array([0.0, FLOOR_FROM * size[1]]), size, size)


def is_cut_off(found: PoseSequence, whole: PoseSequence, box: Box) -> bool:
    """Whether the body ``found`` in a part of the picture is but a piece of somebody whom the part cuts off.

    ``whole`` are their poses in the whole picture, row by row the same frames: of legs alone MediaPipe makes a body.
    """
    both = found.seen & whole.seen
    if not both.any():
        return False
    low, high = whole.points[both].min(axis=1), whole.points[both].max(axis=1)
    over = low[:, 1] < box.top
    points = found.points[both]
    inside = ((points >= low[:, None]) & (points <= high[:, None])).all(axis=2).mean(axis=1)
    return bool(np.median(np.where(over, inside, 0.0)) >= INSIDE_SHARE)


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
