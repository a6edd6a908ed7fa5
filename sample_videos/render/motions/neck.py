"""Neck and trapezius: filmed from the front, sitting or standing."""

from __future__ import annotations

from ..motion import Actor, Take, both
from ..skeleton import Pose
from . import clip, register
from .stance import begin

UP: Pose = {"neck": 0.0, "nod": 0.0, "neck_side": 0.0, "neck_turn": 0.0, "bend": 0.0, **both(shrug=0.0)}


def neck_flexion(a: Actor) -> Take:
    """Chin to the chest, then the ear to one shoulder and through the middle to the other."""
    take = begin(a, a.rng.random() < 0.6)
    take.stay(2.0)
    for rep in a.each_rep():
        sign = -1.0 if rep % 2 == 0 else 1.0
        chin = a.pick("chin_not_down", a.vary(44.0, 0.06), -6.0)
        tilt = a.pick("shallow_tilt", a.vary(36.0, 0.06), 11.0) * sign
        shrug = a.pick("shoulders_shrugged", 0.0, 24.0)
        down = {"neck": chin * 0.5, "nod": chin * 0.5, **both(shrug=shrug)}
        if rep == 0:
            take.to(1.3, down).to(0.6)
        lean = a.pick("trunk_leaning", 0.0, 28.0) * sign
        move = a.pick("too_fast", a.vary(1.15), 0.42)
        take.to(move, {**down, "neck_side": tilt, "bend": lean}).peak("left" if sign > 0 else "right")
        take.to(a.pick("too_fast", a.vary(0.9), 0.08))
        take.to(move, {**down, "neck_side": 0.0, "bend": 0.0}).to(a.pick("too_fast", 0.3, 0.05))
    return take.to(1.2, UP).stay(0.8)


def trapezius_stretch(a: Actor) -> Take:
    """One ear sinks to its shoulder, held; then the other side."""
    assisted = a.variant == "hand_assisted"
    take = begin(a, assisted or a.rng.random() < 0.6)
    take.stay(2.0)
    for sign, hand in ((1.0, "l"), (-1.0, "r")):
        tilt = a.pick("shallow_tilt", a.vary(37.0, 0.05), 10.0) * sign
        turn = a.pick("head_turned", 0.0, 42.0) * sign
        lean = a.pick("trunk_leaning", 0.0, 30.0) * sign
        held = {"neck_side": tilt, "neck_turn": turn, "bend": lean}
        held |= both(shrug=a.pick("shoulders_shrugged", -2.0, 24.0))
        take.to(1.8, held).hold_begins().stay(8.0).hold_ends()
        take.to(1.5, UP).stay(0.9)
    return take


register(
    "neck_flexion",
    neck_flexion,
    "sides",
    "front",
    [clip("neck_flexion_good", reps=6, camera_m=1.2)],
    mat=False,
)
register(
    "trapezius_stretch",
    trapezius_stretch,
    "hold",
    "front",
    [clip("trapezius_stretch_free_good", variant="free", camera_m=1.2)],
    mat=False,
)
