"""Side plank on the left forearm, the chest towards the camera."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..contacts import CLOTH, elbow_on_floor, wrist_on_forearm
from ..motion import Actor, Prop, Take, both, one
from ..skeleton import Pose, Posed
from ..solve import Contacts, Goal, arm_lengths, at, height_over, leg_bent, leg_lengths, settle, torso_length
from .registry import clip, register


def _line() -> Goal:
    """Goal: the lower hip lies `want_line` metres over the line from lower shoulder to lower foot."""

    def goal(posed: Posed) -> float:
        hip, a, b = (posed.joints[f"left_{n}"] for n in ("hip", "shoulder", "ankle"))
        share = (hip[0] - b[0]) / (a[0] - b[0])
        return float(hip[2] - (b[2] + share * (a[2] - b[2])) - posed.pose["want_line"])

    return goal


PROP_UP = Contacts(
    "side plank",
    ("x", "z", "roll", "bend", "pole_out_l"),
    (
        leg_bent("l", "want_knee"),
        at("left_shoulder", "z", "shoulder_z"),
        at("left_shoulder", "x", "shoulder_x"),
        _line(),
        at("left_elbow", "x", "elbow_x"),
    ),
)


def _upper_foot(a: Actor, pose: Pose) -> float:
    """Where the upper foot lies (x, m) so that its knee is as straight as the lower one."""
    up = replace(
        PROP_UP,
        free=(*PROP_UP.free, "foot_x_r"),
        goals=(*PROP_UP.goals, leg_bent("r", "want_knee")),
    )
    return settle(a.body, pose, up, rounds=100)["foot_x_r"]


def _propped(a: Actor) -> Pose:
    """On the left forearm with the feet planted; nothing is solved yet."""
    body = a.body
    torso = torso_length(body)
    upper, lower = arm_lengths(body)
    off = a.pick("support_not_under_shoulder", 0.0, 0.45) * torso
    elbow_z = elbow_on_floor(body)
    edge = height_over(body, {"roll": 90.0}, "foot.L", body.under("foot.L"), a.shoe)
    pose: Pose = {"roll": 74.0, "z": 0.35, "x": -0.45, "want_knee": 177.0, "elbow_x": off}
    pose |= one("l", reach=1.0, palm=1.0, grip=0.1, pole_out=90.0, hand_x=off, hand_y=-lower * 0.99)
    pose |= one("l", hand_z=wrist_on_forearm(body), raise_=90.0, plane=90.0)
    pose |= {"shoulder_x": 0.0, "shoulder_z": elbow_z + float(np.sqrt(upper**2 - off**2))}
    pose |= one("r", raise_=5.0, plane=70.0, elbow=165.0)
    length = sum(leg_lengths(body)) + torso
    rise = pose["shoulder_z"] - edge
    foot_x = -float(np.sqrt(length**2 - rise**2)) * 0.985
    pose |= both(plant=1.0, foot_y=0.0, foot_x=foot_x, foot_z=edge)
    return pose | one("r", foot_z=edge + 0.085, foot_y=0.03)


def side_plank(a: Actor) -> Take:
    """From the hips on the floor up into one line, hold, and down again."""
    body, pose = a.body, _propped(a)
    torso = torso_length(body)
    hips = height_over(body, {"roll": 90.0}, "upperleg01.L", {"root", "pelvis.L", "upperleg01.L"}, CLOTH)
    sag = a.pick("hips_sagging", 0.0, -0.18)
    line = a.pick("hips_too_high", sag, 0.34) * torso
    bent = a.pick("knees_bent", 177.0, 128.0)
    # the hips rest on the floor before and after
    start = {**pose, "want_knee": 174.0, "rest_z": hips, "roll": 85.0, "bend": 15.0, "z": 0.15}
    resting = replace(PROP_UP, goals=(*PROP_UP.goals[:3], at("left_hip", "z", "rest_z"), PROP_UP.goals[4]))
    down = settle(body, start, resting, rounds=150)
    goal = PROP_UP.goals[3]
    down["foot_x_r"] = _upper_foot(a, {**pose, "want_line": line, "want_knee": bent})
    down["want_line"] = goal(Posed(body, {**down, "want_line": 0.0}))
    take = Take(a).start(down, PROP_UP).stay(1.8)
    take.props.append(Prop("box", (pose["foot_x_l"] * 0.5, 0.0, 0.004), (2.0, 0.68, 0.008), (70, 112, 96)))
    held: Pose = {"want_line": line, "want_knee": bent}
    held |= {"twist": a.pick("trunk_rolling", 0.0, 46.0), "raise_r": 1.0}
    if a.variant == "star":
        held |= one("r", raise_=96.0, plane=90.0, elbow=174.0, plant=0.0, abduct=32.0)
    take.to(1.5, held).hold_begins().stay(9.0).hold_ends()
    back = {n: down.get(n, 0.0) for n in held}
    return take.to(1.5, back).stay(1.4)


register(
    "side_plank",
    side_plank,
    "hold",
    "front",
    [
        clip("side_plank_good", variant="classic", camera_m=0.6),
        clip("side_plank_star_good", variant="star", camera_m=0.6),
        clip("side_plank_hips_sagging", "hips_sagging", variant="classic", camera_m=0.6),
        clip("side_plank_hips_too_high", "hips_too_high", variant="classic", camera_m=0.6),
        clip(
            "side_plank_support_not_under_shoulder",
            "support_not_under_shoulder",
            variant="classic",
            camera_m=0.6,
        ),
        clip("side_plank_trunk_rolling", "trunk_rolling", variant="classic", camera_m=0.6),
        clip("side_plank_knees_bent", "knees_bent", variant="classic", camera_m=0.6),
    ],
    mat=False,
)
