"""Where the camera stands, and what to change about it, in words a person can act on."""

from __future__ import annotations

import math

from posturecam.form.body import OUTSIDE, Body
from posturecam.model import LANDMARK_INDEX
from posturecam.spec.schema import Exercise

SMALLEST_TORSO = 0.09
CAMERA_HIGH = 0.22
_FEET = tuple(LANDMARK_INDEX[f"{side}_ankle"] for side in ("left", "right"))
_HANDS = tuple(LANDMARK_INDEX[f"{side}_wrist"] for side in ("left", "right"))
HIPS = tuple(LANDMARK_INDEX[f"{side}_hip"] for side in ("left", "right"))
_HEAD = (LANDMARK_INDEX["nose"],)

STEP_IN = "Step into the picture"
TURN_SIDE = "Turn side-on to the camera"
TURN_A_LITTLE = "Turn a little more side-on"
FACE_CAMERA = "Turn to face the camera"
COME_CLOSER = "Come closer to the camera"
LOWER = "Move the camera lower"


def view_ok(exercise: Exercise, body: Body) -> bool:
    """Tell whether the exercise can be judged from where the camera stands."""
    return body.view in exercise.camera.view


def view_guidance(exercise: Exercise, body: Body) -> str | None:
    """What to do about a wrong view; None when the view is right."""
    if view_ok(exercise, body):
        return None
    if "side" in exercise.camera.view and (body.view == "oblique" or "front" not in exercise.camera.view):
        return TURN_A_LITTLE if body.view == "oblique" else TURN_SIDE
    return FACE_CAMERA


def framed_parts(exercise: Exercise) -> list[tuple[str, tuple[int, ...]]]:
    """Parts of the body that must be in the picture, the likeliest to be outside first, with their landmarks."""
    parts = [("hands", _HANDS), ("head", _HEAD), ("hips", HIPS)]
    return [("feet", _FEET), *parts] if exercise.camera.frame == "full_body" else parts


def framing_guidance(exercise: Exercise, body: Body, height: int) -> str | None:
    """What to do about the framing: the view, parts out of the picture, distance, camera height; None when all is well.

    ``height`` is the picture's in pixels.
    """
    wrong_view = view_guidance(exercise, body)
    if wrong_view:
        return wrong_view
    for name, indices in framed_parts(exercise):
        # from the side only the near limb tells: the far one is hidden behind it
        judged = indices[body.near == "right" :][:1] if body.view == "side" and len(indices) == 2 else indices
        if any(body.why_unseen.get(index) == OUTSIDE for index in judged):
            return f"Step back, {name} out of the picture"
    if body.torso < SMALLEST_TORSO * height:
        return COME_CLOSER
    return LOWER if camera_height(body) > CAMERA_HIGH else None


def camera_height(body: Body) -> float:
    """How far the camera looks down on somebody seen from the side: near hip under the far hip, in torso lengths.

    0 for a camera at the hips' height, positive above, NaN while a hip is unseen or the view is not from the side. Only
    meaningful for somebody whose hips are level, that is lying, kneeling or standing.
    """
    if body.view != "side":
        return math.nan
    left, right = body.xy[HIPS[0]], body.xy[HIPS[1]]
    lower = left[1] - right[1] if body.near == "left" else right[1] - left[1]
    return lower / body.torso
