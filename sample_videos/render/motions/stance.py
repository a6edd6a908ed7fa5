"""Sitting and standing: where the upright exercises start."""

from __future__ import annotations

import numpy as np

from ..contacts import CLOTH, ankle_on_sole, wrist_on_palm
from ..motion import Actor, Prop, Take, both
from ..skeleton import SIDES, Pose, Posed
from ..solve import Contacts, Goal, arm_lengths, chord, height_over, leg_lengths

HANGING: Pose = both(raise_=9.0, plane=62.0, elbow=165.0, forearm=10.0, grip=0.3)
WOOD = (150, 108, 70)


def longer_leg(want: str) -> Goal:
    """Goal: the leg whose hip stands farther from its ankle is bent as a pose number asks for."""

    def goal(posed: Posed) -> float:
        l1, l2 = leg_lengths(posed.body)
        spans = []
        for s, (_, _, side) in SIDES.items():
            foot = np.array([posed.get(f"foot_{k}", s) for k in "xyz"])
            spans.append(float(np.linalg.norm(foot - posed.joints[f"{side}_hip"])))
        return max(spans) - chord(l1, l2, posed.pose[want])

    return goal


def upright(a: Actor, apart: float = 0.03) -> tuple[Pose, Contacts]:
    """Standing with both feet planted and the arms hanging; the hips may be moved over the feet."""
    foot = a.body.head("upperleg01.L")[0] + apart
    ankle = ankle_on_sole(a.body, shoe=a.shoe)
    pose: Pose = {**HANGING, **both(plant=1.0, sole=1.0, foot_z=ankle, foot_y=0.0, knee_out=4.0)}
    pose |= {"foot_x_l": foot, "foot_x_r": -foot, "z": 0.9, "want_knee": 175.0}
    pose |= {"sole_yaw_l": 8.0, "sole_yaw_r": -8.0}
    return pose, Contacts("upright", ("z",), (longer_leg("want_knee"),))


def seated(a: Actor) -> tuple[Pose, list[Prop]]:
    """Sitting tall on a chair with level thighs, the hands on them; nothing needs solving."""
    body = a.body
    thigh, shin = leg_lengths(body)
    ankle = ankle_on_sole(body, shoe=a.shoe)
    hip = ankle + shin * 0.985
    legs = {f"upperleg0{k}.{tag}" for k in (1, 2) for tag in "LR"} | {"root", "pelvis.L", "pelvis.R"}
    seat = hip - height_over(body, both(hip=88.0, knee=90.0), "upperleg01.L", legs, CLOTH)
    foot = body.head("upperleg01.L")[0] + 0.06
    pose: Pose = both(plant=1.0, sole=1.0, foot_z=ankle, foot_y=-thigh * 0.98, knee_out=8.0)
    pose |= {"foot_x_l": foot, "foot_x_r": -foot, "z": hip, "sole_yaw_l": 9.0, "sole_yaw_r": -9.0}
    pose |= both(reach=1.0, palm=1.0, grip=0.15, pole_out=35.0, pole_fwd=-60.0)
    pose |= both(hand_y=-thigh * 0.52, hand_z=hip + wrist_on_palm(body) + 0.072)
    pose |= {"hand_x_l": foot + 0.01, "hand_x_r": -foot - 0.01, "palm_yaw_l": -14.0, "palm_yaw_r": 14.0}
    return pose, chair(seat)


def chair(seat: float) -> list[Prop]:
    """A plain wooden chair under somebody who sits at the origin; `seat` = height in metres."""
    out = [Prop("box", (0, 0.02, seat - 0.02), (0.42, 0.40, 0.04), WOOD)]
    for x in (-0.18, 0.18):
        out.append(Prop("box", (x, -0.15, seat / 2 - 0.02), (0.035, 0.035, seat - 0.04), WOOD))
        out.append(Prop("box", (x, 0.20, 0.42), (0.035, 0.035, 0.84), WOOD))
    out.append(Prop("box", (0, 0.20, 0.74), (0.40, 0.025, 0.16), WOOD))
    return out


def begin(a: Actor, sit: bool) -> Take:
    """A take that starts sitting on a chair or standing."""
    if sit:
        pose, props = seated(a)
        take = Take(a).start(pose)
        take.props.extend(props)
        return take
    pose, contacts = upright(a)
    return Take(a).start(pose, contacts)


def arm_span(a: Actor) -> float:
    """Shoulder to wrist, metres."""
    return sum(arm_lengths(a.body))


def placed(a: Actor, pose: Pose, joint: str) -> np.ndarray:
    """Where a joint is in a pose (world, metres)."""
    return Posed(a.body, pose).joints[joint]
