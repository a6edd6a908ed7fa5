"""Head pitch, roll and yaw from the face's landmarks.

Conventions: pitch positive = chin up, roll positive = ear towards the left shoulder, yaw positive = nose to the person's left.
MediaPipe's face follows the true head with about a third to three quarters of the angle (field notes), so limits in specs
are in what is measured here.
"""

from __future__ import annotations

import math

from posturecam import geometry
from posturecam.form.body import L_EAR, L_SHOULDER, NOSE, R_EAR, R_SHOULDER, Body
from posturecam.geometry import NAN, Vector

# the nose stands about this share of the ears' distance in front of the line between them (adult head breadth 15 cm, tip 11 cm)
NOSE_DEPTH = 0.75


def head_points(kind: str) -> tuple[str, ...]:
    """Points that a head measure cannot do without, as a spec names them."""
    return {"pitch": ("nose", "near.ear"), "roll": ("left.ear", "right.ear", "left.shoulder", "right.shoulder")}.get(
        kind, ("nose", "left.ear", "right.ear")
    )


def head_angle(kind: str, body: Body, back: Vector | None) -> float:
    """Head ``pitch``, ``roll`` or ``yaw`` in degrees; NaN when its landmarks are unseen.

    ``back`` is the unit vector out of the back for somebody lying (pitch is then against the trunk), None for somebody upright.
    """
    if kind == "pitch":
        return _pitch_from_side(body, back) if body.turn > 45.0 else _pitch_from_front(body)
    return _roll(body) if kind == "roll" else _yaw(body)


def _pitch_from_side(body: Body, back: Vector | None) -> float:
    ear = body.xy[L_EAR if body.near == "left" else R_EAR]
    nose = body.xy[NOSE]
    gaze = (nose[0] - ear[0], nose[1] - ear[1])
    if back is None:
        up, ahead = geometry.UP, (body.facing, 0.0)
    else:
        up, ahead = body.trunk(), (-back[0], -back[1])
    return geometry.signed_tilt(gaze, ahead, up)


def _across(body: Body, left: int, right: int) -> Vector:
    a, b = body.xy[right], body.xy[left]
    return (b[0] - a[0], b[1] - a[1])


def _roll(body: Body) -> float:
    # the ears, not the eyes: with the chin down the eyes jump about two to three times as much from frame to frame (renders)
    ears, shoulders = _across(body, L_EAR, R_EAR), _across(body, L_SHOULDER, R_SHOULDER)
    # turned round, left is on the picture's left: the line from right to left still starts at the right
    lean = math.degrees(math.atan2(ears[1], ears[0])) - math.degrees(math.atan2(shoulders[1], shoulders[0]))
    roll = geometry.wrap_degrees(lean)
    return roll if body.faces_camera else -roll


def _nose_from_ears(body: Body) -> tuple[float, float, float]:
    """How far the nose lies aside of and over the middle of the ears, along the head's own axes, and their distance; pixels."""
    ears = _across(body, L_EAR, R_EAR)
    breadth = math.hypot(*ears)
    if not breadth > 0:
        return NAN, NAN, NAN
    middle = geometry.midpoint(body.xy[L_EAR], body.xy[R_EAR])
    nose = body.xy[NOSE]
    aside = ((nose[0] - middle[0]) * ears[0] + (nose[1] - middle[1]) * ears[1]) / breadth
    rise = ((nose[0] - middle[0]) * ears[1] - (nose[1] - middle[1]) * ears[0]) / breadth
    return aside, rise, breadth


def _pitch_from_front(body: Body) -> float:
    _, rise, breadth = _nose_from_ears(body)
    sine = rise / (NOSE_DEPTH * breadth)
    # min(1.0, NaN) is 1.0: a hidden nose must not read as a chin straight up
    return NAN if math.isnan(sine) else math.degrees(math.asin(max(-1.0, min(1.0, sine))))


def _yaw(body: Body) -> float:
    aside, _, breadth = _nose_from_ears(body)
    return math.degrees(math.atan2(aside, NOSE_DEPTH * breadth))
