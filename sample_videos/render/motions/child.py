"""Child's pose: from the knees back onto the heels, arms long on the floor."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..contacts import knee_on_floor, wrist_on_palm
from ..motion import Actor, Take, both, one
from ..skeleton import Pose, Posed
from ..solve import Contacts, Goal, arm_bent, leg_lengths, mid, settle, torso_length
from .registry import clip, register


def _seat() -> Goal:
    """Goal: the left hip stands as far from the ankle as the pose number `want_seat` (m)."""

    def goal(posed: Posed) -> float:
        j = posed.joints
        return float(np.linalg.norm(j["left_hip"] - j["left_ankle"]) - posed.pose["want_seat"])

    return goal


KNEEL = Contacts(
    "kneeling",
    ("y", "z", "hip*", "knee*", "pitch"),
    (
        mid("knee", "y", "knee_y"),
        mid("knee", "z", "knee_z"),
        mid("ankle", "z", "ankle_z"),
        _seat(),
        arm_bent("l", "want_elbow"),
    ),
)

#: while threading, the shoulders' height says how the chest lies: a nearly straight arm along the floor says little of it,
#: and what is solved from its elbow jumps from frame to frame
THREADING = Contacts("threading", KNEEL.free, (*KNEEL.goals[:-1], mid("shoulder", "z", "shoulder_z")))


def child_pose(a: Actor) -> Take:
    """From all fours onto the heels, stay, and back; one arm threaded through in `thread_needle`."""
    body, needle = a.body, a.variant == "thread_needle"
    torso = torso_length(body)
    thigh, shin = leg_lengths(body)
    knee = knee_on_floor(body)
    wide = body.head("upperarm01.L")[0] + 0.02
    floor = wrist_on_palm(body)
    pose: Pose = both(palm=1.0, reach=1.0, grip=0.0, pole_out=50.0, sole=1.0, sole_pitch=164.0)
    pose |= both(hip=88.0, knee=90.0, hand_y=0.0, hand_z=floor, abduct=9.0, hipturn=0.0)
    pose |= {"hand_x_l": wide, "hand_x_r": -wide, "pitch": 82.0, "z": thigh + knee, "y": 0.5}
    pose |= {"knee_y": 0.5, "knee_z": knee, "ankle_z": 0.075, "want_elbow": 168.0}
    pose["want_seat"] = float(np.hypot(thigh, shin)) * 0.99
    seat = a.pick("hips_off_heels", 0.34, 0.74) * torso
    folded = {"want_seat": seat, "lumbar": 26.0, "thorax": 16.0, "neck": -16.0, "nod": -4.0}
    folded["want_elbow"] = a.pick("arms_not_stretched", 166.0, 96.0)
    if a.has("head_up"):
        folded |= {"neck": -44.0, "nod": -26.0, "thorax": 4.0}
    if a.has("hips_off_heels"):
        folded["neck"] = -38.0
    hover = a.pick("hands_off_floor", 0.0, 0.42) * torso
    low = a.pick("head_up", 0.36, 0.46) * torso
    folded |= _arms_ahead(a, {**pose, **folded} | both(hand_z=floor + hover), low)
    take = Take(a).start({**pose, **both(hand_y=folded["hand_y_l"])}, KNEEL).stay(1.8)
    table = take.keys[0].pose
    take.to(2.0, folded)
    back = {n: table.get(n, 0.0) for n in folded}
    if needle:
        _needle(a, take, floor, torso)
        back["shoulder_z"] = _shoulders_up(a, table)
    else:
        take.hold_begins().stay(9.0).hold_ends()
    return take.to(1.9, back).stay(1.2)


def _shoulders_up(a: Actor, pose: Pose) -> float:
    """Height (m) of the middle between the shoulders."""
    joints = Posed(a.body, pose).joints
    return float(joints["left_shoulder"][2] + joints["right_shoulder"][2]) / 2


def _arms_ahead(a: Actor, pose: Pose, low: float) -> Pose:
    """Where the hands lie so that the shoulders sink to `low` (m) with the elbows as wished."""
    goals = (*KNEEL.goals, mid("shoulder", "z", low))
    reach = replace(KNEEL, free=(*KNEEL.free, "hand_y*"), goals=goals)
    start = {**pose, **both(hip=140.0, knee=40.0, hand_y=-0.45), "pitch": 100.0, "z": 0.2, "y": 0.75}
    found = settle(a.body, start, reach, rounds=150)
    return {n: found[n] for n in (*both(hand_y=0, hand_z=0), "pitch", "y", "z", *both(hip=0, knee=0))}


def _needle(a: Actor, take: Take, floor: float, torso: float) -> None:
    """The right arm slides under the left, the right shoulder sinks, the head turns; stay, and back."""
    ahead = take.keys[-1].pose | {"shoulder_z": _shoulders_up(a, take.keys[-1].pose)}
    behind = Posed(a.body, ahead).joints["right_shoulder"][1] - 0.05
    take.to(0.0, ahead, THREADING)
    # over the floor on its way
    take.to(0.7, one("r", hand_z=floor + 0.09, palm=0.0))
    through = one("r", hand_x=0.36, hand_y=behind, hand_z=0.075, palm=0.0, pole_out=20.0)
    turned = {
        "twist": 20.0,
        "neck_turn": 46.0,
        "neck": a.pick("hips_off_heels", -24.0, -40.0),
        "shoulder_z": 0.27 * torso,
    }
    take.to(1.2, through | turned).hold_begins().stay(9.0).hold_ends()
    take.to(1.4, {name: ahead.get(name, 0.0) for name in take.keys[-1].pose})


register(
    "child_pose",
    child_pose,
    "hold",
    "side",
    [
        clip("child_pose_good", variant="classic"),
        clip("child_pose_thread_needle_good", variant="thread_needle"),
        clip("child_pose_hips_off_heels", "hips_off_heels", variant="classic"),
        clip("child_pose_arms_not_stretched", "arms_not_stretched", variant="classic"),
        clip("child_pose_head_up", "head_up", variant="classic"),
        clip("child_pose_hands_off_floor", "hands_off_floor", variant="classic"),
    ],
)
