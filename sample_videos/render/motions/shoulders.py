"""Shoulder exercises filmed from the front: rolls, rotation with a band, side bends."""

from __future__ import annotations

import numpy as np

from ..motion import Actor, Prop, Take, both, one
from ..skeleton import Pose, Posed
from ..solve import Contacts, settle
from .registry import clip, register
from .stance import HANGING, upright


def shoulder_rolls(a: Actor) -> Take:
    """Both shoulders up at the front, back at the top, and down."""
    pose, contacts = upright(a)
    take = Take(a).start(pose, contacts).stay(2.0)
    for _ in a.each_rep():
        size = a.pick("shallow_roll", a.vary(1.0, 0.06), 0.2)
        small = a.pick("uneven_shoulders", 1.0, 0.05)
        out = a.pick("arms_swinging", 0.0, 36.0)
        up: Pose = {"shrug_l": 25.0 * size, "shrug_r": 25.0 * size * small}
        arms = both(raise_=9.0 + out, plane=62.0 + 0.6 * out)
        take.to(a.vary(0.9), {**up, **arms, **both(protract=9.0 * size)})
        take.to(a.vary(0.35), both(protract=-12.0 * size)).peak()
        low = both(shrug=-5.0 * size, protract=-6.0 * size)
        take.to(a.vary(0.9), {**low, **both(raise_=9.0, plane=62.0)})
        take.to(a.vary(0.35), both(shrug=0.0, protract=0.0))
    return take.stay(0.8)


def external_rotation(a: Actor) -> Take:
    """Elbow at the side, the forearm turns outwards against a band; right arm first, then left."""
    pose, contacts = upright(a)
    ready = both(raise_=7.0, plane=60.0, elbow=90.0, turn=-22.0, forearm=0.0, grip=0.9)
    take = Take(a).start({**pose, **ready}, contacts).stay(2.0)
    for rep in a.each_rep():
        s, sign = ("r", -1.0) if rep < a.reps / 2 else ("l", 1.0)
        out = a.pick("shallow_rotation", a.vary(58.0, 0.05), 14.0)
        lift = a.pick("elbow_leaving_side", 7.0, 46.0)
        bent = a.pick("elbow_not_bent", 90.0, 148.0)
        twist = a.pick("trunk_twisting", 0.0, 29.0) * sign
        end = one(s, raise_=lift, plane=60.0 + lift * 0.6, elbow=bent, turn=out) | {"twist": twist}
        take.to(a.vary(1.1), end).peak("left" if sign > 0 else "right")
        take.to(a.vary(0.6)).to(a.vary(1.2), {**ready, "twist": 0.0}).to(a.vary(0.4))
    take.props.append(Prop("band", start_joint="left_index", joints=("right_index",), colour=(190, 70, 60)))
    return take.stay(0.6)


def overhead_reach(a: Actor) -> Take:
    """Arms stretched overhead, hand on wrist; the trunk bends to one side, then to the other."""
    pose, contacts = upright(a, apart=0.08)
    level = a.pick("arms_not_overhead", 1.0, 0.0)
    bent = a.pick("elbows_bent", 171.0, 112.0)
    ready = _overhead(a, pose, bent) if level else both(raise_=118.0, plane=40.0, elbow=bent, grip=0.6)
    take = Take(a).start(pose, contacts)
    take.to(0.4).to(0.8, both(raise_=95.0, plane=70.0)).to(0.9, ready).stay(1.8)
    for rep in a.each_rep():
        sign = -1.0 if rep % 2 == 0 else 1.0
        lean = a.pick("shallow_lean", a.vary(33.0, 0.05), 11.0)
        slide = a.pick("hips_shifting", 0.0, 0.13)
        fold = a.pick("leaning_forward", 0.0, 40.0)
        end = {"bend": a.pick("leaning_forward", lean, 22.0) * sign, "x": -slide * sign, "pitch": fold}
        take.to(a.vary(1.4), end).peak("left" if sign > 0 else "right")
        take.to(a.vary(1.3)).to(a.vary(1.3), {"bend": 0.0, "x": 0.0, "pitch": 0.0}).to(a.vary(0.5))
    return take.to(1.3, HANGING).stay(0.7)


def _overhead(a: Actor, pose: Pose, elbow: float) -> Pose:
    """The arms' numbers with the hands together overhead."""

    def together(posed: Posed) -> float:
        return float(posed.joints["left_wrist"][0] - posed.joints["right_wrist"][0] - 0.09)

    hands = Contacts("hands together", ("raise*",), (together,))
    arms = both(raise_=185.0, plane=86.0, elbow=elbow, turn=0.0, forearm=0.0, grip=0.6)
    found = settle(a.body, {**pose, **arms}, hands, rounds=40)
    return {name: float(np.clip(found[name], 0, 230)) for name in arms}


register(
    "overhead_reach",
    overhead_reach,
    "sides",
    "front",
    [
        clip("overhead_reach_good", reps=4, camera_m=1.1, portrait=True),
        clip("overhead_reach_elbows_bent", "elbows_bent", camera_m=1.1),
        clip("overhead_reach_arms_not_overhead", "arms_not_overhead", camera_m=1.1),
        clip("overhead_reach_shallow_lean", "shallow_lean", camera_m=1.1, portrait=True),
        clip("overhead_reach_hips_shifting", "hips_shifting", camera_m=1.1),
        clip("overhead_reach_leaning_forward", "leaning_forward", camera_m=1.1),
    ],
    mat=False,
)
register(
    "shoulder_rolls",
    shoulder_rolls,
    "reps",
    "front",
    [
        clip("shoulder_rolls_good", reps=5, camera_m=1.1),
        clip("shoulder_rolls_shallow_roll", "shallow_roll", camera_m=1.1, portrait=True),
        clip("shoulder_rolls_uneven_shoulders", "uneven_shoulders", camera_m=1.1),
        clip("shoulder_rolls_arms_swinging", "arms_swinging", camera_m=1.1),
    ],
    mat=False,
)
register(
    "external_rotation",
    external_rotation,
    "sides",
    "front",
    [
        clip("external_rotation_good", reps=6, camera_m=1.0),
        clip("external_rotation_elbow_leaving_side", "elbow_leaving_side", camera_m=1.0),
        clip("external_rotation_elbow_not_bent", "elbow_not_bent", camera_m=1.0),
        clip("external_rotation_shallow_rotation", "shallow_rotation", camera_m=1.0, portrait=True),
        clip("external_rotation_trunk_twisting", "trunk_twisting", camera_m=1.0),
    ],
    mat=False,
)
