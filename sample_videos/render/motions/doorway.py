"""Chest stretches against a door frame and a wall."""

from __future__ import annotations

import numpy as np

from ..contacts import wrist_on_palm
from ..motion import Actor, Prop, Take, both, one
from ..skeleton import Pose, Posed
from ..solve import Contacts, at, leg_lengths
from .registry import clip, register
from .stance import HANGING, placed, upright

FRAME = (222, 214, 198)


def pectoral_stretch(a: Actor) -> Take:
    """Hands on a door frame slightly above the head; the straight body leans forwards."""
    pose, contacts = upright(a)
    body = a.body
    pose |= both(knee_out=2.0)
    shoulder = placed(a, Take(a).start(pose, contacts).keys[0].pose, "left_shoulder")
    low = a.pick("hands_too_low", 1.0, 0.0)
    # hands: a little over the head, or (too low) at the height of the ears
    top = body.vertices[:, 2].max() - body.head("upperarm01.L")[2]
    hand_z = shoulder[2] + (top + 0.06 if low else 0.19)
    wide = 0.39
    face = shoulder[1] - 0.19
    take = Take(a).start(pose, contacts).stay(1.9)
    take.props.extend(_frame(a, wide, face - 0.02, hand_z - 0.16))
    hands: Pose = both(reach=1.0, palm=1.0, palm_pitch=90.0, grip=0.1, hand_z=hand_z, pole_out=55.0)
    hands |= both(hand_y=face + wrist_on_palm(body), pole_fwd=-20.0)
    hands |= {"hand_x_l": wide - 0.04, "hand_x_r": 0.04 - wide}
    ready = both(
        raise_=100.0 if low else 70.0, plane=55.0, elbow=62.0, turn=50.0, forearm=60.0, palm=0.6, palm_pitch=90.0
    )
    take.to(0.9, ready).to(0.9, hands).to(0.4)
    tilt = a.pick("no_lean", a.pick("hips_bending", 13.0, 29.0), 0.0)
    leg = a.pick("hips_bending", tilt, -5.0)
    lean: Pose = {"pitch": tilt, "y": -float(np.sin(np.radians(leg)) * sum(leg_lengths(body)))}
    lean |= both(protract=-6.0) | {"neck": -tilt * 0.4}
    take.to(1.3, lean).hold_begins().stay(7.5).hold_ends()
    take.to(1.3, {"pitch": 0.0, "y": 0.0, "neck": 0.0, **both(protract=0.0)}).to(0.2)
    down = both(raise_=20.0, plane=40.0, elbow=75.0, turn=30.0, reach=0.0)
    take.to(0.5, {**ready, **down}).to(0.7, {**HANGING, **both(palm=0.0, turn=0.0)})
    return take.stay(0.8)


def _frame(a: Actor, wide: float, y: float, low: float) -> list[Prop]:
    """A door frame; of the post before a side camera only what is above `low` is shown."""
    top = max(2.06, low + 0.5)
    out = [Prop("box", (0, y, top + 0.03), (2 * wide + 0.07, 0.04, 0.07), FRAME)]
    for s, x in (("l", wide), ("r", -wide)):
        foot = low if s == a.near else 0.0
        out.append(Prop("box", (x, y, (foot + top) / 2), (0.07, 0.04, top - foot), FRAME))
    return out


def chest_stretch_wall(a: Actor) -> Take:
    """Forearm on a wall beside the body, then a step forwards and a turn away; `reps` 2 = right arm."""
    s, sign, side = ("r", -1.0, "right") if a.reps == 2 else ("l", 1.0, "left")
    pose, contacts = upright(a)
    lift = a.pick("elbow_too_low", 88.0, 62.0)
    elbow = a.pick("elbow_too_low", a.pick("elbow_not_90", 92.0, 140.0), 84.0)
    laid = one(s, raise_=lift, plane=94.0, elbow=elbow, turn=92.0, forearm=70.0)
    laid |= one(s, palm=1.0, palm_pitch=90.0, palm_yaw=90.0 * sign, grip=0.1)
    take = Take(a).start(pose, contacts).stay(1.9)
    pose = take.keys[-1].pose
    ankle = pose["foot_z_l"]
    there = Posed(a.body, {**pose, **laid})
    wall = _outermost(there, side, sign) + 0.035
    lies = Contacts(
        "forearm on wall",
        (*contacts.free, "x", "y"),
        (
            *contacts.goals,
            lambda posed: _outermost(posed, side, sign) + 0.035 - wall,
            at(f"{side}_elbow", "y", float(there.joints[f"{side}_elbow"][1])),
        ),
    )
    take.to(0.6, one(s, raise_=66.0, plane=40.0, elbow=70.0, turn=60.0, forearm=40.0))
    take.to(0.9, laid, lies).to(0.3)
    far = "l" if s == "r" else "r"
    take.to(0.35, one(far, foot_y=-0.09, foot_z=ankle + 0.06)).to(0.35, one(far, foot_y=-0.18, foot_z=ankle))
    turn = a.pick("no_twist", 34.0, 0.0)
    trail = 94.0 + (turn + 22.0 if turn else 0.0)
    take.to(1.5, {"twist": -turn * sign, **one(s, plane=trail, turn=trail - 2.0)})
    take.hold_begins().stay(7.0).hold_ends()
    take.to(1.2, {"twist": 0.0, **one(s, plane=94.0, turn=92.0)})
    take.to(0.35, one(far, foot_y=-0.09, foot_z=ankle + 0.06)).to(0.35, one(far, foot_y=0.0, foot_z=ankle))
    take.to(1.2, {**HANGING, **both(palm=0.0, turn=0.0), "x": 0.0, "y": 0.0}, contacts).stay(0.8)
    take.props.append(Prop("box", (sign * (wall + 0.06), 0.22, 1.1), (0.12, 0.9, 2.2), (198, 204, 208)))
    return take


def _outermost(posed: Posed, side: str, sign: float) -> float:
    """How far to the side the elbow or the wrist reaches, metres."""
    return max(sign * float(posed.joints[f"{side}_{joint}"][0]) for joint in ("elbow", "wrist"))


register(
    "pectoral_stretch",
    pectoral_stretch,
    "hold",
    "side",
    [
        clip("pectoral_stretch_good", camera_m=1.1),
        clip("pectoral_stretch_hands_too_low", "hands_too_low", view="front", camera_m=1.1),
        clip("pectoral_stretch_no_lean", "no_lean", camera_m=1.1),
        clip("pectoral_stretch_hips_bending", "hips_bending", camera_m=1.1, portrait=True),
    ],
    mat=False,
)
register(
    "chest_stretch_wall",
    chest_stretch_wall,
    "hold",
    "front",
    [
        clip("chest_stretch_wall_good", camera_m=1.1),
        clip("chest_stretch_wall_right_good", reps=2, camera_m=1.1, portrait=True),
        clip("chest_stretch_wall_elbow_not_90", "elbow_not_90", camera_m=1.1),
        clip("chest_stretch_wall_elbow_too_low", "elbow_too_low", reps=2, camera_m=1.1),
        clip("chest_stretch_wall_no_twist", "no_twist", camera_m=1.1),
    ],
    mat=False,
)
