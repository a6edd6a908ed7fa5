"""Where the camera stands, and what to change about it, in words a person can act on; for any number of frames."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posturecam.kinematics.track import VIEWS, Track, Unseen
from posturecam.language import msgid
from posturecam.model import ANKLES, HIPS, LANDMARK_INDEX, WRISTS, FloatArray, View
from posturecam.spec.schema import Exercise

SMALLEST_TORSO = 0.09
"""Torso over the picture's height from which on landmarks are exact enough to judge by."""
CAMERA_HIGH = 0.22
"""Near hip under the far hip, in torso lengths, from which on the camera looks down too steeply to judge lines by."""
STEP_IN = msgid("Step into the picture")
TURN_SIDE = msgid("Turn side-on to the camera")
TURN_A_LITTLE = msgid("Turn a little more side-on")
FACE_CAMERA = msgid("Turn to face the camera")
COME_CLOSER = msgid("Come closer to the camera")
LOWER = msgid("Move the camera lower")
STEP_BACK = "Step back, "
"""How everything begins that asks for more distance."""
OUTSIDE = {
    "feet": msgid("Step back, feet out of the picture"),
    "hands": msgid("Step back, hands out of the picture"),
    "head": msgid("Step back, head out of the picture"),
    "hips": msgid("Step back, hips out of the picture"),
}
_HEAD = [LANDMARK_INDEX["nose"]]
_SIDE = VIEWS.index("side")
_OUTSIDE = int(Unseen.OUTSIDE)


def view_guidance(exercise: Exercise, view: View) -> str | None:
    """What to do about a wrong view; None when the view is right."""
    wanted = exercise.camera.view
    if view in wanted:
        return None
    if "side" in wanted and (view == "oblique" or "front" not in wanted):
        return TURN_A_LITTLE if view == "oblique" else TURN_SIDE
    return FACE_CAMERA


def framed_parts(exercise: Exercise) -> list[tuple[str, list[int]]]:
    """Parts of the body that must be in the picture, the likeliest to be outside first, with their landmarks."""
    parts = [("hands", WRISTS), ("head", _HEAD), ("hips", HIPS)]
    return [("feet", ANKLES), *parts] if exercise.camera.frame == "full_body" else parts


def guidance(exercise: Exercise, track: Track) -> list[str | None]:
    """What to do about the framing in each frame: the view, parts outside, distance, camera height; None when all is well."""
    texts: list[str | None] = [None]
    code = np.zeros(len(track), dtype=np.int64)

    def say(text: str, when: NDArray[np.bool_]) -> None:
        if when.any():
            code[when & (code == 0)] = len(texts)
            texts.append(text)

    say(STEP_IN, ~track.seen)
    for seen in np.flatnonzero(np.bincount(track.view)).tolist():
        if wrong := view_guidance(exercise, VIEWS[seen]):
            say(wrong, track.view == seen)
    sideways = track.view == _SIDE
    outside = track.unseen == _OUTSIDE
    for name, indices in framed_parts(exercise) if outside.any() else ():
        say(OUTSIDE[name], _outside(outside, indices, track, sideways))
    say(COME_CLOSER, track.torso < SMALLEST_TORSO * track.size[:, 1])
    if sideways.any():
        say(LOWER, sideways & (camera_height(track) > CAMERA_HIGH))
    return [texts[number] for number in code.tolist()]


def _outside(
    outside: NDArray[np.bool_], indices: list[int], track: Track, sideways: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    any_side = np.asarray(outside[:, indices].any(axis=1))
    if len(indices) < 2:
        return any_side
    # from the side only the near limb tells: the far one is hidden behind it
    near = np.where(track.near == 0, outside[:, indices[0]], outside[:, indices[1]])
    return np.asarray(np.where(sideways, near, any_side))


def camera_height(track: Track) -> FloatArray:
    """How far the camera looks down on somebody seen from the side (n,): near hip under the far hip, in torso lengths.

    0 for a camera at the hips' height, positive above, NaN while a hip is unseen. Only meaningful for somebody whose hips are
    level, that is lying, kneeling or standing.
    """
    left, right = (track.xy[:, index, 1] for index in HIPS)
    lower = np.where(track.near == 0, left - right, right - left)
    with np.errstate(invalid="ignore", divide="ignore"):
        result: FloatArray = lower / track.torso
    return result
