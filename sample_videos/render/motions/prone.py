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
from .registry import clip, register

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
    hip = a.pick("hips_too_high", hip, 33.0)
    lumbar = a.pick("hips_sagging", 0.0, -9.0)
    return hip, lumbar


def push_up(a: Actor) -> Take:
    """On the toes, the knees, hands on a bench, or standing against a wall."""
    body, variant = a.body, a.variant or "floor"
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
    elif variant == "wall":
        ankle = ankle_on_sole(body, 0.0, 0.0, shoe=a.shoe)
        pose |= both(sole_pitch=0.0, toes=0.0, palm_pitch=90.0, hand_z=1.36, hip=0.0, pole_fwd=-10.0)
        pose |= {"pitch": 8.0, "z": 0.95, "y": 0.55, "pivot_y": 0.76} | both(hand_y=hand_z)
    elif variant == "incline":
        props_at = 0.42
        pose |= both(hand_z=hand_z + props_at, sole_pitch=52.0, toes=40.0) | {"pitch": 50.0, "z": 0.8}
        ankle = ankle_on_sole(body, 52.0, 40.0, shoe=a.shoe)
    pose["pivot_z"] = ankle
    line = Contacts(
        f"push_up {variant}",
        ("y", "z", "pitch"),
        (mid(pivot, "y", "pivot_y"), mid(pivot, "z", "pivot_z"), arm_bent("l", "want_elbow")),
    )
    if "pivot_y" not in pose:
        # where toes or knees have to be for the arms to be upright at the top
        over = replace(line, goals=(mid("shoulder", "y", 0.0), *line.goals[1:]))
        pose["pivot_y"] = float(Posed(body, settle(body, pose, over, rounds=80)).joints[f"left_{pivot}"][1])
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


def plank(a: Actor) -> Take:
    """Forearm or high plank, or turning one arm to the roof; comes up from the knees and goes back."""
    pose, reach = _plank_pose(a)
    ahead = a.pick("shoulders_not_over_support", 0.0, -0.24)
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
    straight = settle(a.body, {**pose, **_held(a)}, over, rounds=80)
    pose["pivot_y"] = float(Posed(a.body, straight).joints["left_ankle"][1])
    kneel = replace(
        line,
        free=(*line.free, "knee*"),
        goals=(*line.goals, mid("knee", "z", knee_on_floor(a.body))),
    )
    start = {**pose, **both(hip=2.0, knee=150.0, sole_pitch=84.0)}
    start = settle(a.body, start, kneel, rounds=80)
    knees_down = {n: start[n] for n in ("hip_l", "hip_r", "knee_l", "knee_r")}
    knees_down |= both(sole_pitch=84.0)
    take = Take(a).start(start, line)
    take.stay(1.6)
    take.to(1.4, _held(a)).hold_begins()
    if a.variant == "rotation":
        take.stay(1.2)
        _turn_to_roof(a, take, "l")
        _turn_to_roof(a, take, "r")
        take.hold_ends()
    else:
        take.stay(8.0).hold_ends()
    down = {**knees_down, "lumbar": 0.0, "thorax": 2.0, "neck": 0.0, "nod": 0.0}
    return take.to(1.5, down).stay(1.2)


def _plank_pose(a: Actor) -> tuple[Pose, float]:
    """The pose with hands or forearms placed, and the distance from support to shoulder (m)."""
    body = a.body
    forearm = a.variant == "forearm"
    upper, lower = arm_lengths(body)
    wide = body.head("upperarm01.L")[0] + (0.02 if a.variant != "rotation" else -0.03)
    ankle = ankle_on_sole(body, TOES["sole_pitch"], TOES["toes"], a.shoe)
    pose: Pose = both(palm=1.0, reach=1.0, grip=0.0, sole=1.0, knee=178.0, **TOES)
    pose |= {"hand_x_l": wide, "hand_x_r": -wide, "pitch": 75.0, "z": 0.4, "pivot_z": ankle}
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
    return pose, reach


def _held(a: Actor) -> Pose:
    """What the body does while the plank is held."""
    hip, lumbar = _hips(a)
    hip = a.pick("knees_bent", a.pick("back_not_neutral", hip, -13.0), 22.0)
    thorax = a.pick("back_not_neutral", 2.0, 24.0)
    lumbar = a.pick("back_not_neutral", lumbar, 20.0)
    neck = a.pick("head_lifted", a.pick("head_dropping", 0.0, 34.0), -30.0)
    held = both(hip=hip, knee=a.pick("knees_bent", 177.0, 138.0), sole_pitch=72.0)
    return held | {"lumbar": lumbar, "thorax": thorax, "neck": neck, "nod": neck * 0.6}


def _turn_to_roof(a: Actor, take: Take, s: str) -> None:
    """One hand leaves the floor and points to the roof, stays, and comes back."""
    sign, rest = (1.0, "r") if s == "l" else (-1.0, "l")
    ground = dict(take.keys[-1].pose)
    length = sum(arm_lengths(a.body)) * 0.97
    posed = Posed(a.body, ground)
    shoulder = posed.joints["left_shoulder" if s == "l" else "right_shoulder"]
    apart = abs(shoulder[0])
    # the chest turns about the shoulder that bears the weight, so the other one rises over it
    turned = {"twist": 46.0 * sign, "roll": -5.0 * sign, "neck_turn": 30.0 * sign, f"abduct_{s}": 6.0}
    lean = np.radians(a.pick("arm_not_vertical", 0.0, 46.0))
    top = {f"hand_x_{s}": sign * apart * 0.25, f"palm_{s}": 0.0, f"pole_out_{s}": 90.0}
    top |= {f"hand_y_{s}": float(shoulder[1] - length * np.sin(lean))}
    top |= {f"hand_z_{s}": float(shoulder[2] + apart * 0.9 + length * np.cos(lean))}
    out = {f"hand_x_{s}": sign * (apart + length * 0.8), f"hand_z_{s}": float(shoulder[2] + 0.12), f"palm_{s}": 0.0}
    half = {k: v * 0.45 for k, v in turned.items()}
    bear = f"{'left' if rest == 'l' else 'right'}_shoulder"
    before = take.keys[-1].contacts
    assert before is not None
    held = replace(before, name=f"roof {s}", goals=(*before.goals[:2], _bears(bear)))
    take.keys[-1].contacts = held
    take.to(0.9, {**half, **out}).to(0.9, {**turned, **top}).to(2.4).to(0.9, {**half, **out})
    back = {k: ground.get(k, 0.0) for k in (*turned, *top)}
    take.to(0.9, back).to(0.5)


def _bears(shoulder: str) -> Goal:
    """Goal: one shoulder keeps its arm's length over the support."""

    def goal(posed: Posed) -> float:
        upper, lower = arm_lengths(posed.body)
        s = "l" if shoulder.startswith("left") else "r"
        hand = np.array([posed.get(f"hand_{k}", s) for k in "xyz"])
        return float(np.linalg.norm(posed.joints[shoulder] - hand) - (upper + lower) * 0.998)

    return goal


register(
    "push_up",
    push_up,
    "reps",
    "side",
    [
        clip("push_up_floor_good", variant="floor", reps=5, fps=15.0),
        clip("push_up_floor_good_30fps", variant="floor", reps=3, fps=30.0),
        clip("push_up_knee_good", variant="knee"),
        clip("push_up_incline_good", variant="incline"),
        clip("push_up_wall_good", variant="wall", camera_m=1.1),
        clip("push_up_floor_hips_sagging", "hips_sagging", variant="floor"),
        clip("push_up_floor_hips_too_high", "hips_too_high", variant="floor"),
        clip("push_up_floor_not_low_enough", "not_low_enough", variant="floor"),
        clip("push_up_floor_arms_not_straight", "arms_not_straight", variant="floor"),
        clip("push_up_floor_head_dropping", "head_dropping", variant="floor"),
        clip("push_up_floor_too_fast", "too_fast", variant="floor", reps=4),
        clip("push_up_knee_hips_too_high", "hips_too_high", variant="knee"),
        clip("push_up_incline_hips_sagging", "hips_sagging", variant="incline"),
        clip("push_up_wall_not_low_enough", "not_low_enough", variant="wall", camera_m=1.1),
        clip("push_up_floor_mixed", "not_low_enough", variant="floor", reps=4, fault_reps=(1, 3)),
        clip("push_up_floor_passer", variant="floor", passer=4, notes="A second person walks past behind, twice."),
        clip(
            "push_up_wrong_view_front",
            variant="floor",
            reps=3,
            view="front",
            judgeable=False,
            notes="Wrong camera view: filmed from the front, so its form cannot be judged.",
        ),
    ],
)
register(
    "plank",
    plank,
    "hold",
    "side",
    [
        clip("plank_high_good", variant="high"),
        clip("plank_forearm_good", variant="forearm"),
        clip("plank_rotation_good", variant="rotation"),
        clip("plank_high_hips_sagging", "hips_sagging", variant="high"),
        clip("plank_forearm_hips_too_high", "hips_too_high", variant="forearm"),
        clip("plank_forearm_back_not_neutral", "back_not_neutral", variant="forearm"),
        clip("plank_high_shoulders_not_over_support", "shoulders_not_over_support", variant="high"),
        clip("plank_forearm_head_dropping", "head_dropping", variant="forearm"),
        clip("plank_high_head_lifted", "head_lifted", variant="high"),
        clip("plank_forearm_knees_bent", "knees_bent", variant="forearm"),
        clip("plank_rotation_arm_not_vertical", "arm_not_vertical", variant="rotation"),
        clip(
            "plank_wrong_view_front",
            variant="high",
            view="front",
            judgeable=False,
            notes="Wrong camera view: filmed from the front, so its form cannot be judged.",
        ),
    ],
)
