"""Push-up and plank: the body is a line that turns about the toes (or knees)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..contacts import ankle_on_sole, elbow_on_floor, knee_on_floor, wrist_on_forearm, wrist_on_palm
from ..motion import Actor, Prop, Take, both
from ..skeleton import Pose, Posed
from ..solve import (
    Contacts,
    Goal,
    arm_bent,
    arm_lengths,
    leg_lengths,
    mid,
    settle,
    torso_length,
)
from . import clip, register

TOES = {"sole_pitch": 72.0, "toes": 55.0}


def _span(joint_bone: str, point: str, length: float) -> Goal:
    """Goal: both shoulders' middle keeps a distance in the picture's plane from a pose point."""

    def goal(posed: Posed) -> float:
        j = posed.joints
        middle = (j[f"left_{joint_bone}"] + j[f"right_{joint_bone}"]) / 2
        dy = middle[1] - posed.pose[f"{point}_y"]
        dz = middle[2] - posed.pose[f"{point}_z"]
        return float(np.hypot(dy, dz) - length)

    return goal


def _hips(a: Actor) -> tuple[float, float]:
    """Hip flexion (degrees; - = sagging) and hollowing of the loins for the line of the body."""
    hip = a.pick("hips_sagging", 3.0, -15.0)
    hip = a.pick("hips_too_high", hip, 46.0)
    lumbar = a.pick("hips_sagging", 0.0, -9.0)
    return hip, lumbar


def push_up(a: Actor) -> Take:
    """On the toes, the knees, hands on a bench, or standing against a wall."""
    body, variant = a.body, a.variant or "floor"
    torso = torso_length(body)
    hand_z = wrist_on_palm(body)
    pose: Pose = both(palm=1.0, reach=1.0, pole_out=38.0, pole_fwd=-25.0, grip=0.0, sole=1.0)
    wide = body.head("upperarm01.L")[0] + 0.05
    pose |= {"hand_x_l": wide, "hand_x_r": -wide, "z": 0.5, "pitch": 68.0, "want_elbow": 174.0}
    pose |= both(hand_y=0.02, hand_z=hand_z, hip=3.0, knee=178.0, **TOES)
    pivot, props_at = "ankle", 0.0
    ankle = ankle_on_sole(body, TOES["sole_pitch"], TOES["toes"], a.shoe)
    if variant == "knee":
        pivot, ankle = "knee", knee_on_floor(body)
        pose |= both(knee=100.0, sole=0.0, ankle=40.0, toes=0.0) | {"pitch": 60.0}
        pose["pivot_y"] = 0.55 * torso + 0.92
    elif variant == "wall":
        ankle = ankle_on_sole(body, 0.0, 0.0, shoe=a.shoe)
        pose |= both(sole_pitch=0.0, toes=0.0, palm_pitch=90.0, hand_z=1.36, hip=0.0, pole_fwd=-10.0)
        pose |= {"pitch": 8.0, "z": 0.95, "y": 0.55, "pivot_y": 0.76} | both(hand_y=hand_z)
    elif variant == "incline":
        props_at = 0.42
        pose |= both(hand_z=hand_z + props_at, sole_pitch=52.0, toes=40.0) | {"pitch": 50.0}
        ankle = ankle_on_sole(body, 52.0, 40.0, shoe=a.shoe)
    pose["pivot_z"] = ankle
    line = Contacts(
        f"push_up {variant}",
        ("y", "z", "pitch"),
        (mid(pivot, "y", "pivot_y"), mid(pivot, "z", "pivot_z"), arm_bent("l", "want_elbow")),
    )
    if "pivot_y" not in pose:
        pose["pivot_y"] = _toe_place(a, pose, hand_z + props_at)
    elif variant == "knee":
        pose["pivot_y"] = _knee_place(a, hand_z)
    take = Take(a).start(pose, line)
    if props_at:
        take.props.append(Prop("box", (0, -0.10, props_at / 2), (1.1, 0.42, props_at), (150, 104, 66)))
    if variant == "wall":
        take.props.append(Prop("box", (0, -0.075, 1.25), (3.0, 0.15, 2.5), (196, 206, 200)))
    take.stay(1.8)
    return _push_up_reps(a, take, variant)


def _push_up_reps(a: Actor, take: Take, variant: str) -> Take:
    low = 82.0 if variant != "wall" else 88.0
    for _ in a.each_rep():
        hip, lumbar = _hips(a)
        bottom = a.pick("not_low_enough", a.vary(low, 0.05), a.vary(128.0, 0.03))
        top = a.pick("arms_not_straight", 173.0, 138.0)
        neck = a.pick("head_dropping", 0.0, 30.0)
        line = both(hip=hip) | {"lumbar": lumbar, "neck": neck, "nod": neck * 0.7}
        shown = any(a.has(f) for f in ("hips_sagging", "hips_too_high", "head_dropping"))
        if shown and (a.rep == 0 or a.fault_reps is not None):
            take.to(0.7, line)
        down = a.pick("too_fast", a.vary(1.5), 0.42)
        take.to(down, {"want_elbow": bottom, **line}).peak()
        take.to(a.pick("too_fast", a.vary(0.35), 0.1))
        take.to(a.pick("too_fast", a.vary(1.1), 0.6), {"want_elbow": top})
        take.to(a.vary(0.45))
    return take.to(0.5, both(hip=3.0) | {"lumbar": 0.0, "neck": 0.0, "nod": 0.0}).stay(1.0)


def _toe_place(a: Actor, pose: Pose, hand_z: float) -> float:
    """How far behind the hands the toes stand so that the arms are upright at the top (m)."""
    reach = sum(arm_lengths(a.body)) * 0.995 + hand_z - pose["pivot_z"]
    length = sum(leg_lengths(a.body)) + torso_length(a.body)
    return float(np.sqrt(max(length**2 - reach**2, 0.1))) + 0.02


def _knee_place(a: Actor, hand_z: float) -> float:
    reach = sum(arm_lengths(a.body)) * 0.995 + hand_z - knee_on_floor(a.body)
    length = leg_lengths(a.body)[0] + torso_length(a.body)
    return float(np.sqrt(max(length**2 - reach**2, 0.1))) + 0.02


def plank(a: Actor) -> Take:
    """Forearm or high plank; comes up from the knees and goes back to them."""
    body = a.body
    forearm = a.variant == "forearm"
    upper, lower = arm_lengths(body)
    wide = body.head("upperarm01.L")[0] + 0.02
    ankle = ankle_on_sole(body, TOES["sole_pitch"], TOES["toes"], a.shoe)
    pose: Pose = both(palm=1.0, reach=1.0, grip=0.0, sole=1.0, knee=178.0, **TOES)
    pose |= {"hand_x_l": wide, "hand_x_r": -wide, "pitch": 75.0, "z": 0.4, "pivot_z": ankle}
    ahead = a.pick("shoulders_not_over_support", 0.0, -0.24)
    hip, lumbar = _hips(a)
    thorax = a.pick("back_not_neutral", 2.0, 34.0)
    lumbar = a.pick("back_not_neutral", lumbar, 26.0)
    neck = a.pick("head_lifted", a.pick("head_dropping", 0.0, 34.0), -30.0)
    support = elbow_on_floor(body) if forearm else wrist_on_palm(body)
    reach = upper if forearm else (upper + lower) * 0.998
    pose |= {"support_y": 0.0, "support_z": support}
    if forearm:
        pose |= both(hand_y=-lower * 0.99, hand_z=wrist_on_forearm(body), pole_out=0.0)
    else:
        pose |= both(hand_y=0.0, hand_z=support, pole_out=20.0)
    rise = reach + support - ankle
    length = sum(leg_lengths(body)) + torso_length(body)
    pose["pivot_y"] = float(np.sqrt(length**2 - rise**2))
    line = Contacts(
        f"plank {a.variant}",
        ("y", "z", "pitch"),
        (
            mid("ankle", "y", "pivot_y"),
            mid("ankle", "z", "pivot_z"),
            _span("shoulder", "support", reach),
        ),
    )
    # where the toes have to be for the shoulders to stand over the support
    over = replace(line, goals=(mid("shoulder", "y", ahead), *line.goals[1:]))
    straight = settle(body, pose, over, rounds=80)
    pose["pivot_y"] = float(Posed(body, straight).joints["left_ankle"][1])
    kneel = replace(
        line,
        free=(*line.free, "knee*"),
        goals=(*line.goals, mid("knee", "z", knee_on_floor(body))),
    )
    start = {**pose, **both(hip=2.0, knee=150.0, sole_pitch=84.0)}
    start = settle(body, start, kneel, rounds=80)
    knees_down = {n: start[n] for n in ("hip_l", "hip_r", "knee_l", "knee_r")}
    knees_down |= both(sole_pitch=84.0)
    take = Take(a).start(start, line)
    take.stay(1.6)
    held = both(hip=hip, knee=a.pick("knees_bent", 177.0, 138.0), sole_pitch=72.0)
    held |= {"lumbar": lumbar, "thorax": thorax, "neck": neck, "nod": neck * 0.6}
    take.to(1.4, held).hold_begins().stay(9.0).hold_ends()
    down = {**knees_down, "lumbar": 0.0, "thorax": 2.0, "neck": 0.0, "nod": 0.0}
    return take.to(1.5, down).stay(1.5)


register(
    "push_up",
    push_up,
    "reps",
    "side",
    [
        clip("push_up_floor_good", variant="floor", reps=5),
        clip("push_up_floor_hips_sagging", "hips_sagging", variant="floor"),
    ],
)
register("plank", plank, "hold", "side", [clip("plank_forearm_good", variant="forearm")])
