"""Head pitch, roll and yaw from the face's landmarks.

Conventions: pitch positive = chin up, roll positive = ear towards the left shoulder, yaw positive = nose to the person's left.
MediaPipe's face follows the true head with about a third to three quarters of the angle (measured on renders), so limits in specs
are in what is measured here.
"""

from __future__ import annotations

import numpy as np

from posturecam.kinematics.frames import Frames
from posturecam.kinematics.vectors import (
    NAN,
    UP,
    Column,
    Vector,
    arc_sine,
    degrees_of,
    dot,
    signed_between,
    signed_tilt,
    turned_left,
)

# the nose stands about this share of the ears' distance in front of the line between them (adult head breadth 15 cm, tip 11 cm)
NOSE_DEPTH = 0.75


def head_angle(kind: str, frames: Frames) -> Column:
    """Head ``pitch``, ``roll`` or ``yaw`` in degrees (n,); NaN where its landmarks are unseen.

    Pitch from the side is against the horizontal for somebody upright, against the trunk for somebody lying.
    """
    if kind == "roll":
        return _roll(frames)
    if kind == "yaw":
        return _yaw(frames)
    from_the_side = frames.from_the_side
    if from_the_side.all():
        return _pitch_from_side(frames)
    if not from_the_side.any():
        return _pitch_from_front(frames)
    return np.where(from_the_side, _pitch_from_side(frames), _pitch_from_front(frames))


def _pitch_from_side(frames: Frames) -> Column:
    gaze = frames.point("nose") - frames.point("near.ear")
    if frames.position in ("upright", "bent_over"):
        return signed_tilt(gaze, frames.track.facing, UP)
    return signed_tilt(gaze, -frames.dorsal, frames.trunk)


def _roll(frames: Frames) -> Column:
    # the ears, not the eyes: with the chin down the eyes jump about two to three times as much from frame to frame (renders)
    ears = frames.point("left.ear") - frames.point("right.ear")
    shoulders = frames.point("left.shoulder") - frames.point("right.shoulder")
    # turned round, left is on the picture's left: the line from right to left still starts at the right
    roll = signed_between(ears, shoulders)
    return np.where(frames.track.faces_camera, roll, -roll)


def _nose_from_ears(frames: Frames) -> tuple[Vector, Vector, Column]:
    """From the right ear to the left one, from the ears' middle to the nose, and the ears' distance; pixels."""
    left, right = frames.point("left.ear"), frames.point("right.ear")
    ears = left - right
    breadth = np.abs(ears)
    return ears, frames.point("nose") - (left + right) / 2, np.where(breadth > 0, breadth, NAN)


def _pitch_from_front(frames: Frames) -> Column:
    ears, nose, breadth = _nose_from_ears(frames)
    return arc_sine(dot(nose, turned_left(ears)) / breadth / (NOSE_DEPTH * breadth))


def _yaw(frames: Frames) -> Column:
    ears, nose, breadth = _nose_from_ears(frames)
    return degrees_of(dot(nose, ears) / breadth, NOSE_DEPTH * breadth)
