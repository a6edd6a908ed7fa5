"""What must not be counted: nobody there, somebody passing, everyday movements, other exercises."""

from __future__ import annotations

import numpy as np

from ..motion import Actor, Key, Take, both, one
from .registry import clip, register
from .stance import HANGING, begin, placed, seated, upright
from .walking import past


def idle(a: Actor) -> Take:
    """Stands about: looks around, shifts the weight, scratches the head, waits."""
    pose, contacts = upright(a, 0.06)
    take = Take(a).start(pose, contacts)
    take.to(1.6, {"neck_turn": 32.0, "x": 0.03}).to(0.8)
    take.to(1.4, {"neck_turn": -24.0, "x": -0.035, "twist": -5.0}).to(0.6)
    take.to(1.1, one("r", raise_=118.0, plane=52.0, elbow=42.0, turn=10.0, forearm=-20.0) | {"neck_turn": 0.0}).to(0.9)
    take.to(1.2, {**HANGING, "twist": 0.0, "x": 0.02, "neck": 14.0, "nod": 10.0}).to(1.2)
    return take.to(1.2, {"neck": 0.0, "nod": 0.0, "x": 0.0, "neck_turn": 18.0}).stay(1.0)


def walk_through(a: Actor) -> Take:
    """Comes into the picture, crosses it and leaves."""
    take = Take(a)
    take.sway = {}
    poses = past(a.body, np.array([-2.9, 0.1]), np.array([2.9, 0.1]), 12.0)
    take.keys = [Key(k / 12.0, pose, None) for k, pose in enumerate(poses)]
    return take


def squats(a: Actor) -> Take:
    """Squats: an exercise, but none of ours."""
    pose, contacts = upright(a, 0.10)
    take = Take(a).start(pose, contacts).stay(1.6)
    down = {"want_knee": 88.0, "pitch": 40.0, "y": 0.26, "neck": -14.0, "nod": -8.0, **both(hip=0.0)}
    up = {"want_knee": 175.0, "pitch": 0.0, "y": 0.0, "neck": 0.0, "nod": 0.0}
    for _ in a.each_rep():
        take.to(a.vary(1.3), {**down, **both(raise_=118.0, plane=6.0, elbow=170.0)}).to(0.3)
        take.to(a.vary(1.2), {**up, **HANGING}).to(a.vary(0.5))
    return take.stay(0.8)


def sit_and_tie(a: Actor) -> Take:
    """Sits down on a chair, ties a shoe, sits up again."""
    sitting, props = seated(a)
    feet = {k: v for k, v in sitting.items() if k.startswith(("foot", "sole", "plant", "knee"))}
    pose, contacts = upright(a)
    place = sitting["foot_y_l"] + 0.02
    take = Take(a).start({**pose, **feet, "y": place}, contacts)
    take.props.extend(props)
    take.stay(1.4)
    stood = take.keys[-1].pose
    half = {k: (stood.get(k, 0.0) + sitting.get(k, 0.0)) / 2 for k in ("y", "z")}
    free = both(reach=0.0, palm=0.0)
    take.to(0.9, {**half, "y": half["y"] + 0.04, "pitch": 38.0, "neck": -10.0, **free}, None)
    take.to(0.8, {"y": 0.0, "z": sitting["z"], "pitch": 12.0, "neck": 0.0, **free})
    take.to(0.9, {**sitting, "pitch": 0.0}).to(1.0)
    shoe = sitting["foot_y_l"] - 0.05
    over = {"pitch": 40.0, "lumbar": 34.0, "thorax": 22.0, "neck": 6.0, **both(palm=0.0, grip=0.6, pole_fwd=-20.0)}
    over |= both(hand_y=shoe, hand_z=0.20) | {"hand_x_l": sitting["foot_x_l"] + 0.05}
    over |= {"hand_x_r": sitting["foot_x_l"] - 0.05}
    take.to(1.5, over)
    for k in range(3):
        spread = 0.09 if k % 2 == 0 else 0.03
        take.to(0.45, {"hand_x_l": sitting["foot_x_l"] + spread, "hand_x_r": sitting["foot_x_l"] - spread})
    upright_again = {**sitting, "pitch": 0.0, "lumbar": 0.0, "thorax": 0.0, "neck": 0.0}
    return take.to(1.6, upright_again).stay(1.5)


def bend_and_lift(a: Actor) -> Take:
    """Picks something up from the floor and puts it down: a hinge, but no exercise of ours."""
    take = begin(a, False).stay(1.2)
    down = {"pitch": 62.0, "y": 0.16, "want_knee": 142.0, "lumbar": 24.0, "thorax": 14.0, "neck": 10.0}
    up = {"pitch": 0.0, "y": 0.0, "want_knee": 175.0, "lumbar": 0.0, "thorax": 0.0, "neck": 0.0}
    for _ in range(2):
        take.to(1.3, {**down, **both(raise_=46.0, plane=8.0, elbow=168.0)}).to(0.7)
        take.to(1.3, {**up, **both(raise_=18.0, plane=20.0, elbow=96.0)}).to(1.0)
    return take.to(0.8, HANGING).stay(0.8)


def cross_the_arms(a: Actor) -> Take:
    """The gesture that ends a live session: hands at the opposite shoulders, held, and down again."""
    pose, contacts = upright(a, 0.06)
    take = Take(a).start(pose, contacts).stay(0.6)
    stood = take.keys[-1].pose
    left, right = (placed(a, stood, f"{side}_shoulder") for side in ("left", "right"))
    crossed = both(reach=1.0, pole_out=55.0, pole_fwd=15.0, grip=0.1, wrist=20.0, protract=8.0)
    # the right forearm lies on the left one
    for side, aim, ahead_m in (("l", right, 0.13), ("r", left, 0.18)):
        inwards = 0.10 if side == "l" else -0.10
        crossed |= one(side, hand_x=aim[0] + inwards, hand_y=aim[1] - ahead_m, hand_z=aim[2] - 0.05)
    start = {}
    for side, name in (("l", "left"), ("r", "right")):
        hand = placed(a, stood, f"{name}_wrist")
        start |= one(side, hand_x=hand[0], hand_y=hand[1], hand_z=hand[2], reach=0.0)
    take.keys[-1].pose |= start
    take.to(1.0, crossed).stay(3.2)
    return take.to(1.0, {**start, **HANGING, **both(wrist=0.0, protract=0.0)}).stay(0.6)


NOBODY = clip("negative_empty_room", view="side", empty=True, notes="Nobody in the room.")
register(
    "negative_idle",
    idle,
    "none",
    "front",
    [
        clip("negative_idle_front", camera_m=1.1, notes="Stands about."),
        clip("negative_idle_side", view="side", camera_m=1.1, portrait=True, notes="Stands about."),
        NOBODY,
    ],
    mat=False,
)
register(
    "negative_walk",
    walk_through,
    "none",
    "front",
    [clip("negative_walk_through", camera_m=1.0, notes="Crosses the picture.")],
    mat=False,
)
register(
    "negative_squats",
    squats,
    "none",
    "side",
    [clip("negative_squats", camera_m=0.9, notes="Another exercise: squats.")],
    mat=False,
)
register(
    "negative_sit",
    sit_and_tie,
    "none",
    "side",
    [clip("negative_sit_and_tie_shoes", camera_m=0.9, notes="Sits down and ties a shoe.")],
    mat=False,
)
register(
    "negative_bend",
    bend_and_lift,
    "none",
    "side",
    [clip("negative_bend_and_lift", camera_m=0.9, notes="Picks something up and puts it down.")],
    mat=False,
)
register(
    "negative_gesture",
    cross_the_arms,
    "none",
    "front",
    [clip("negative_arms_crossed", camera_m=1.1, notes="The gesture that ends a live session, and nothing else.")],
    mat=False,
)
