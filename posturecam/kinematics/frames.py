"""Points and directions of the body in n frames, as a spec names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from posturecam.kinematics.track import Track
from posturecam.kinematics.vectors import DOWN, NAN, UP, Direction, Space, Vector, perpendicular, unit
from posturecam.model import LANDMARK_INDEX, Side

T = TypeVar("T", bound=np.generic)
OTHER: Mapping[Side, Side] = {"left": "right", "right": "left"}
FROM_THE_SIDE_DEGREES = 45.0
"""Turn from which on left and right lie nearly behind each other, so that one can stand for both."""
FACING_DEGREES = 20.0
"""Turn up to which somebody upright faces the camera, or away from it: what is ahead of them is not in the picture.

At 20 degrees a third of it would be; people rendered 28 degrees off the front are still counted.
"""


def landmark(side: str, part: str) -> int:
    """Index of a landmark of one side."""
    return LANDMARK_INDEX[f"mouth_{side}" if part == "mouth" else f"{side}_{part}"]


def point_indices(point: str, near: Side, active: Side) -> tuple[int, ...]:
    """Landmark indices of a spec's point in one frame: one, or two for ``mid.`` and ``each.`` points."""
    if point == "nose":
        return (LANDMARK_INDEX["nose"],)
    which, _, part = point.partition(".")
    if which in ("mid", "each"):
        return (landmark("left", part), landmark("right", part))
    sides = {"near": near, "far": OTHER[near], "active": active, "passive": OTHER[active]}
    return (landmark(sides.get(which, which), part),)


def resolved(point: str, side: Side) -> str:
    """The point with ``active``, ``passive`` and ``each`` put as the sides they are when ``side`` is measured."""
    which, _, part = point.partition(".")
    if which in ("active", "each"):
        return f"{side}.{part}"
    return f"{OTHER[side]}.{part}" if which == "passive" else point


def _only_side(left: NDArray[np.bool_]) -> Side | None:
    """The side that is near in all frames; None when that changes, or there are none."""
    if left.all():
        return "left" if len(left) else None
    return None if left.any() else "right"


class Frames:
    """The frames of a track and what is read from them more than once. ``position`` is the exercise's."""

    def __init__(self, track: Track, position: str) -> None:
        self.track = track
        self.position = position
        self.left_is_near: NDArray[np.bool_] = track.near == 0
        self._always_near = _only_side(self.left_is_near)
        self.from_the_side: NDArray[np.bool_] = track.turn > FROM_THE_SIDE_DEGREES
        self._xy: Vector = track.xy.view(np.complex128)[:, :, 0]
        self._world = track.world.transpose(1, 2, 0)
        self._points: dict[tuple[str, Side], Vector] = {}
        self._world_points: dict[tuple[str, Side], Space] = {}
        self._trunk: Vector | None = None
        self._dorsal: Vector | None = None

    def __len__(self) -> int:
        return len(self.track)

    # points ---------------------------------------------------------------------------------------------------------------

    def point(self, name: str, side: Side = "left") -> Vector:
        """A spec's point in the image frame (n,); ``side`` is the one that is measured."""
        found = self._points.get((name, side))
        if found is None:
            found = self._points[name, side] = self._image_point(resolved(name, side))
        return found

    def _image_point(self, name: str) -> Vector:
        which, _, part = name.partition(".")
        if which == "nose":
            return self._landmark(LANDMARK_INDEX["nose"])
        if which in ("left", "right"):
            return self._landmark(landmark(which, part))
        left, right = self._landmark(landmark("left", part)), self._landmark(landmark("right", part))
        if which == "mid":
            return self._middle(left, right, self.from_the_side)
        return self.chosen(which, left, right)

    def _landmark(self, index: int) -> Vector:
        return self._xy[:, index]

    def chosen(self, which: str, left: NDArray[T], right: NDArray[T]) -> NDArray[T]:
        """The ``near`` or ``far`` one of two vectors or columns, frame by frame."""
        if self._always_near is not None:
            return left if (self._always_near == "left") == (which == "near") else right
        return np.where(self.left_is_near == (which == "near"), left, right)

    @staticmethod
    def _middle(left: Vector, right: Vector, one_will_do: NDArray[np.bool_]) -> Vector:
        """The point halfway; one side alone where the other is unseen and ``one_will_do``."""
        middle: Vector = (left + right) / 2
        gaps = np.isnan(middle) & one_will_do
        if gaps.any():
            middle = np.where(gaps, np.where(np.isnan(left), right, left), middle)
        return middle

    def world_point(self, name: str, side: Side = "left") -> Space:
        """A spec's point in the world frame (3, n); NaN where its landmark is unseen, since it is a guess then."""
        found = self._world_points.get((name, side))
        if found is None:
            found = self._world_points[name, side] = self._seen_world_point(resolved(name, side))
        return found

    def _seen_world_point(self, name: str) -> Space:
        which, _, part = name.partition(".")
        if which in ("nose", "left", "right"):
            index = LANDMARK_INDEX["nose"] if which == "nose" else landmark(which, part)
            result: Space = np.where(np.isnan(self._xy[:, index]), NAN, self._world[index])
            return result
        left, right = self.world_point(f"left.{part}"), self.world_point(f"right.{part}")
        if which == "mid":
            middle: Space = (left + right) / 2
            return middle
        return self.chosen(which, left, right)

    def world_landmark(self, index: int) -> Space:
        """One landmark in the world frame (3, n), seen or not."""
        result: Space = self._world[index]
        return result

    # directions -----------------------------------------------------------------------------------------------------------

    @property
    def trunk(self) -> Vector:
        """Unit direction from hips to shoulders in the image frame (n,); one side stands for both where the other is unseen."""
        if self._trunk is None:
            always = np.ones(len(self), dtype=np.bool_)
            shoulder, hip = (
                self._middle(self._landmark(landmark("left", part)), self._landmark(landmark("right", part)), always)
                for part in ("shoulder", "hip")
            )
            self._trunk = unit(shoulder - hip)
        return self._trunk

    @property
    def dorsal(self) -> Vector:
        """Unit direction out of the back, across the trunk, in the image frame (n,); side views."""
        if self._dorsal is None:
            towards: Direction = {"prone": UP, "supine": DOWN}.get(self.position, -self.track.facing)
            self._dorsal = perpendicular(self.trunk, towards)
        return self._dorsal

    @property
    def _ahead(self) -> Direction:
        """Where the person faces in the picture (n,): its right or its left, NaN for who stands or sits facing the camera."""
        if self.position != "upright":
            return self.track.facing
        return np.where(self.track.turn <= FACING_DEGREES, NAN, self.track.facing)

    def axis(self, name: str, side: Side, point: str = "") -> Direction:
        """A spec's direction as unit vectors in the image frame; ``point`` is the measured one, which outward depends on."""
        if name in ("outward", "inward"):
            on_left = resolved(point, side).startswith("left.")
            name = "left" if on_left == (name == "outward") else "right"
        if name in ("up", "down"):
            return UP if name == "up" else DOWN
        if name in ("forward", "backward"):
            return self._ahead if name == "forward" else -self._ahead
        if name in ("left", "right"):
            # the left of somebody who faces the camera is on the picture's right
            return np.where(self.track.faces_camera == (name == "left"), 1.0, -1.0)
        return self.trunk if name == "trunk" else self.dorsal
