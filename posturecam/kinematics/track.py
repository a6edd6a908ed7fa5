"""The body over n frames, ready for measuring: what the tracker makes of poses."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posturecam.language import stored
from posturecam.model import LANDMARK_INDEX, LANDMARK_NAMES, FloatArray, Side, View

VIEWS: tuple[View, ...] = ("side", "front", "back", "oblique", "unknown")
"""Views by their code in :attr:`Track.view`."""
SIDES: tuple[Side, Side] = ("left", "right")
"""Sides by their code in :attr:`Track.near`."""
LIMBS = tuple(
    tuple(LANDMARK_INDEX[f"{side}_{part}"] for part in parts)
    for parts in (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle"))
    for side in SIDES
)
"""Landmarks of the limbs in :attr:`Track.limb`: left and right arm, left and right leg, from the trunk to the end."""


class Unseen(IntEnum):
    """Why a landmark is unseen: its code in :attr:`Track.unseen`."""

    SEEN = 0
    HIDDEN = 1
    LOST = 2
    OUTSIDE = 3

    @property
    def words(self) -> str:
        """The reason in words, behind the landmark's name."""
        return UNSEEN_TEXT[self].removeprefix("{landmark} ")


UNSEEN_TEXT = {
    Unseen.SEEN: stored("{landmark} seen"),
    Unseen.HIDDEN: stored("{landmark} hidden"),
    Unseen.LOST: stored("{landmark} lost for a moment"),
    Unseen.OUTSIDE: stored("{landmark} out of the picture"),
}


def unseen_text(landmark: int, code: int) -> str:
    """Why a landmark is unseen, in words: "right wrist hidden"."""
    return stored(UNSEEN_TEXT[Unseen(code)], landmark=LANDMARK_NAMES[landmark].replace("_", " "))


@dataclass(frozen=True, eq=False)
class Track:
    """The body in n frames; arrays of one row a frame.

    ``xy`` (n, 33, 2) smoothed image frame, pixels; ``world`` (n, 33, 3) smoothed world frame, metres; NaN where unseen.
    ``unseen`` (n, 33) codes of :class:`Unseen`. ``visibility`` (n, 33) as in the pose.
    ``torso_now`` (n,) the torso's length in this frame in pixels, ``torso`` (n,) a robust one over the last seconds (after
    :func:`~posturecam.kinematics.tracker.settled`: around each frame); ``limb_now`` and ``limb`` (n, 4) the same of the
    :data:`LIMBS`.
    ``near`` (n,) code into :data:`SIDES` of the side nearer to the camera.
    ``facing`` (n,) is +1 where forward is to the right of the picture, -1 to the left: where the face looks for somebody upright,
    where the head lies for somebody ``lying``.
    ``faces_camera`` (n,) is False where the back is turned to the camera. ``turn`` (n,) is the angle of shoulders and hips out of
    the picture's plane in degrees, 0 (front) to 90 (side), ``view`` (n,) its name's code into :data:`VIEWS`.
    ``size`` (n, 2) the pictures' width and height; ``contour`` (n, 2, 15) and ``outlined`` (n,) as in
    :class:`posturecam.poses.PoseSequence`.
    Where nobody is ``seen``, coordinates, ``turn`` and the lengths of the frame are NaN and the view is unknown; ``near``,
    ``facing``, ``faces_camera``, ``torso`` and ``limb`` stay as they were.
    """

    t_s: FloatArray
    seen: NDArray[np.bool_]
    xy: FloatArray
    world: FloatArray
    unseen: NDArray[np.int8]
    visibility: NDArray[np.floating]
    torso_now: FloatArray
    torso: FloatArray
    limb_now: FloatArray
    limb: FloatArray
    near: NDArray[np.int8]
    facing: FloatArray
    faces_camera: NDArray[np.bool_]
    turn: FloatArray
    view: NDArray[np.int8]
    size: NDArray[np.int32]
    contour: NDArray[np.floating]
    outlined: NDArray[np.bool_]
    lying: bool = False

    def __len__(self) -> int:
        """Frames."""
        return len(self.t_s)

    def __getitem__(self, rows: slice) -> Track:
        """Some of the frames in order, as a view."""
        return self.combined(lambda array: array[rows])

    def combined(self, make: Callable[..., NDArray[Any]], *others: Track) -> Track:
        """The track of which ``make`` makes each array, given this one's and the others' of that name."""
        arrays: dict[str, Any] = dict(zip(_NAMES, map(make, *(_arrays(one) for one in (self, *others))), strict=True))
        return Track(**arrays, lying=self.lying)

    def view_at(self, index: int) -> View:
        """Name of the view in one frame."""
        return VIEWS[int(self.view[index])]

    def near_at(self, index: int) -> Side:
        """The side nearer to the camera in one frame."""
        return SIDES[int(self.near[index])]


_NAMES = tuple(field.name for field in dataclasses.fields(Track) if field.name != "lying")
_arrays = operator.attrgetter(*_NAMES)


def concatenate(tracks: Sequence[Track]) -> Track:
    """The frames of all tracks (at least one) one after the other; a single one is returned as it is."""
    first, *others = tracks
    return first.combined(lambda *arrays: np.concatenate(arrays), *others) if others else first
