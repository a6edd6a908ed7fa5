"""Neck and trapezius: filmed from the front, sitting or standing."""

from __future__ import annotations

import numpy as np

from ..motion import Actor, Take, both, one
from ..skeleton import Pose, Posed
from .registry import clip, register
from .stance import HANGING, begin

UP: Pose = {"neck": 0.0, "nod": 0.0, "neck_side": 0.0, "neck_turn": 0.0, "bend": 0.0, **both(shrug=0.0)}


def neck_flexion(a: Actor) -> Take:
    """Chin to the chest, then the ear to one shoulder and through the middle to the other."""
    take = begin(a, a.rng.random() < 0.6)
    take.stay(2.0)
    for rep in a.each_rep():
        sign = -1.0 if rep % 2 == 0 else 1.0
        chin = a.pick("chin_not_down", a.vary(44.0, 0.06), -6.0)
        tilt = a.pick("shallow_tilt", a.vary(36.0, 0.06), 12.0) * sign
        shrug = a.pick("shoulders_shrugged", 0.0, 36.0)
        down = {"neck": chin * 0.5, "nod": chin * 0.5, **both(shrug=shrug)}
        if rep == 0:
            take.to(1.3, down).to(0.6)
        lean = a.pick("trunk_leaning", 0.0, 26.0) * sign
        move = a.pick("too_fast", a.vary(1.15), 0.42)
        take.to(move, {**down, "neck_side": tilt, "bend": lean}).peak("left" if sign > 0 else "right")
        take.to(a.pick("too_fast", a.vary(0.9), 0.08))
        take.to(move, {**down, "neck_side": 0.0, "bend": 0.0}).to(a.pick("too_fast", 0.3, 0.05))
    return take.to(1.2, UP).stay(0.8)


def trapezius_stretch(a: Actor) -> Take:
    """One ear sinks to its shoulder, held; then the other side (unless `reps` is 1)."""
    assisted = a.variant == "hand_assisted"
    take = begin(a, assisted or a.rng.random() < 0.6)
    resting = {n: v for n, v in take.keys[0].pose.items() if n.split("_")[0] in ("hand", "palm", "pole", "reach")}
    take.stay(2.0)
    sides = (1.0, -1.0) if a.reps > 1 else (float(a.rng.choice([-1, 1])),)
    for sign in sides:
        tilt = a.pick("shallow_tilt", a.vary(37.0, 0.05), 12.0) * sign
        turn = a.pick("head_turned", 0.0, 35.0) * sign
        lean = a.pick("trunk_leaning", 0.0, 26.0) * sign
        held = {"neck_side": tilt, "neck_turn": turn, "bend": lean}
        held |= both(shrug=a.pick("shoulders_shrugged", -2.0, 36.0))
        if assisted:
            _lay_hand(a, take, held, sign)
        take.to(1.8, held).hold_begins().stay(8.0).hold_ends()
        take.to(1.5, UP | resting if assisted else UP).stay(0.9)
    return take


def _lay_hand(a: Actor, take: Take, held: Pose, sign: float) -> None:
    """The hand of the side tilted to lies over the head and goes with it; `held` gets its place."""
    s, other = ("l", "right") if sign > 0 else ("r", "left")
    for pose, final in ((dict(take.keys[-1].pose), False), ({**take.keys[-1].pose, **held}, True)):
        posed = Posed(a.body, pose)
        head = posed.rotation("head")
        place = posed.joints[f"{other}_ear"] + head @ np.array([0.045 * sign, 0.0, 0.125])
        lean = -62.0 + posed.get("neck_side") * sign
        over = one(s, hand_x=place[0], hand_y=place[1], hand_z=place[2], palm_pitch=lean)
        over |= one(s, palm_yaw=-90.0 * sign, palm=1.0, reach=1.0, pole_out=85.0, pole_fwd=10.0)
        if final:
            held.update(over)
            return
        side = one(s, hand_x=0.34 * sign, hand_y=-0.22, hand_z=float(place[2]) + 0.05)
        take.to(0.9, {**over, **side}).to(0.8, over)


def hands_behind_head(a: Actor) -> Take:
    """Hands linked behind the head, whose weight brings the chin to the chest."""
    take = begin(a, a.rng.random() < 0.5)
    loose = {**HANGING, **both(reach=0.0, palm=0.0)}
    take.to(0.8, loose).stay(1.4)
    beside = both(raise_=84.0, plane=96.0, elbow=48.0, turn=96.0, forearm=20.0, palm=0.6, grip=0.12)
    beside |= both(palm_pitch=90.0, palm_spin=62.0, pole_out=80.0, pole_fwd=4.0)
    take.to(1.2, beside)
    low = a.pick("hands_not_behind_head", 0.0, 1.0)
    chin = a.pick("chin_not_down", 46.0, -4.0)
    lean = a.pick("trunk_leaning", 0.0, 16.0)
    take.to(0.7, _linked(a, take, low))
    bowed = {"neck": chin * 0.5, "nod": chin * 0.5, "lumbar": lean * 0.6, "thorax": lean * 0.4, "pitch": lean * 0.7}
    held = {**take.keys[-1].pose, **bowed}
    take.to(1.3, {**bowed, **_linked(a, take, low, held)}).hold_begins().stay(9.0).hold_ends()
    up = dict.fromkeys(bowed, 0.0)
    take.to(1.2, {**up, **_linked(a, take, low, {**held, **up})})
    return take.to(0.7, {**beside, **both(reach=0.0)}).to(1.2, loose).stay(0.9)


def _linked(a: Actor, take: Take, low: float, pose: Pose | None = None) -> Pose:
    """The hands behind the head of a pose; `low` = 1: in front of the face instead."""
    posed = Posed(a.body, pose or take.keys[-1].pose)
    head = posed.rotation("head")
    out = both(reach=1.0, palm=1.0)
    for s, sign, side in (("l", 1.0, "left"), ("r", -1.0, "right")):
        away = np.array([0.0, 0.085, -0.02]) + low * np.array([0.05 * sign, 0.0, 0.20])
        place = posed.joints[f"{side}_ear"] + head @ away
        out |= one(s, hand_x=place[0], hand_y=place[1], hand_z=place[2])
        out |= one(s, palm_pitch=90.0 + posed.get("neck") + posed.get("nod") + posed.get("pitch"))
    return out


register(
    "neck_flexion",
    neck_flexion,
    "sides",
    "front",
    [
        clip("neck_flexion_good", reps=6, camera_m=1.2),
        clip("neck_flexion_chin_not_down", "chin_not_down", camera_m=1.2),
        clip("neck_flexion_shoulders_shrugged", "shoulders_shrugged", camera_m=1.2),
        clip("neck_flexion_trunk_leaning", "trunk_leaning", camera_m=1.2),
        clip("neck_flexion_shallow_tilt", "shallow_tilt", camera_m=1.2, portrait=True),
        clip("neck_flexion_too_fast", "too_fast", camera_m=1.2, reps=6),
    ],
    mat=False,
)
register(
    "trapezius_stretch",
    trapezius_stretch,
    "hold",
    "front",
    [
        clip("trapezius_stretch_free_good", variant="free", camera_m=1.2),
        clip("trapezius_stretch_hand_assisted_good", variant="hand_assisted", camera_m=1.2),
        clip("trapezius_stretch_shallow_tilt", "shallow_tilt", variant="free", reps=1, camera_m=1.2),
        clip("trapezius_stretch_shoulders_shrugged", "shoulders_shrugged", variant="free", reps=1, camera_m=1.2),
        clip("trapezius_stretch_head_turned", "head_turned", variant="hand_assisted", reps=1, camera_m=1.2),
        clip("trapezius_stretch_trunk_leaning", "trunk_leaning", variant="free", reps=1, camera_m=1.2, portrait=True),
    ],
    mat=False,
)
register(
    "hands_behind_head",
    hands_behind_head,
    "hold",
    "front",
    [
        clip("hands_behind_head_good", camera_m=1.1),
        clip("hands_behind_head_hands_not_behind_head", "hands_not_behind_head", camera_m=1.1),
        clip("hands_behind_head_chin_not_down", "chin_not_down", camera_m=1.1, portrait=True),
        clip("hands_behind_head_trunk_leaning", "trunk_leaning", view="side", camera_m=1.1),
    ],
    mat=False,
)
