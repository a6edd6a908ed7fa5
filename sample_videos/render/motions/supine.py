"""Exercises on the back, filmed from the side."""

from __future__ import annotations

import numpy as np

from ..contacts import CLOTH, ankle_on_sole
from ..motion import Actor, Prop, Take, both, one
from ..skeleton import SIDES, Pose, Posed
from ..skin import skin
from ..solve import Contacts, Goal, chord, leg_lengths, mid, settle, torso_length
from .registry import clip, register

SEAT = {"root", "pelvis.L", "pelvis.R", "spine05", "upperleg01.L", "upperleg01.R"}
MOVED = ("roll", "x", "z", "pitch", "twist", "neck_turn", *both(lift=0, knee_out=0, sole=0))
CHEST = {"spine01", "spine02", "spine03", "shoulder01.L", "shoulder01.R", "clavicle.L", "clavicle.R"}


def lowest(a: Actor, pose: Pose, region: set[str]) -> float:
    """Height of the lowest skin of some bones in a pose (metres)."""
    posed = Posed(a.body, pose, whole=True)
    rows = np.flatnonzero(a.body.weight_of(region) > 0.5)
    placed, _ = skin(posed, a.body.vertices[rows], a.body.normals[rows], a.body.weights[rows])
    return float(placed[:, 2].min())


def grounded(a: Actor, pose: Pose, region: set[str]) -> float:
    """The pose's `z` with which a region's skin lies on the floor."""
    return pose.get("z", 0.95) - lowest(a, pose, region) + CLOTH


def bone_at(bone: str, axis: str, want: str) -> Goal:
    """Goal: a bone's start lies at a pose number."""
    k = "xyz".index(axis)

    def goal(posed: Posed) -> float:
        return float(posed.point(bone)[k] - posed.pose[want])

    return goal


def on_back(a: Actor, knee: float) -> Pose:
    """On the back with bent knees (degrees) and flat feet; the middle of the hips at y = 0."""
    body = a.body
    pose: Pose = {"pitch": -90.0, **both(hip=45.0, knee=90.0)}
    pose["z"] = grounded(a, pose, SEAT)
    ankle = ankle_on_sole(body, shoe=a.shoe)
    span = chord(*leg_lengths(body), knee)
    ahead = float(np.sqrt(span**2 - (pose["z"] - ankle) ** 2))
    foot = body.head("upperleg01.L")[0] * 0.75
    pose |= both(plant=1.0, sole=1.0, foot_y=-ahead, foot_z=ankle)
    return pose | {"foot_x_l": foot, "foot_x_r": -foot}


def _arms_out(a: Actor) -> tuple[Pose, Contacts]:
    """On the back, arms out on the floor; the contacts keep the shoulders at their height."""
    pose = on_back(a, a.pick("knees_straightening", 84.0, 131.0))
    if a.has("knees_apart"):
        pose |= one("r", foot_y=pose["foot_y_r"] + 0.13, foot_z=pose["foot_z_r"] + 0.26, sole=0.0)
    pose |= both(raise_=64.0, plane=99.0, elbow=174.0, turn=0.0, forearm=-20.0, grip=0.1)
    pose |= {"lift_l": 0.0, "lift_r": 0.0, "neck": 6.0}
    chest = {**pose, "z": 0.5}
    pose["chest_z"] = Posed(a.body, chest).joints["left_shoulder"][2] - lowest(a, chest, CHEST)
    pose["chest_z"] += CLOTH
    arms = Posed(a.body, chest | {"z": pose["z"]}).joints
    pose |= both(reach=1.0, hand_z=0.04, pole_out=0.0, pole_fwd=-25.0)
    for s, (_, _, name) in SIDES.items():
        wrist, shoulder = arms[f"{name}_wrist"], arms[f"{name}_shoulder"]
        pose |= one(s, hand_x=shoulder[0] + 0.95 * (wrist - shoulder)[0], hand_y=wrist[1])
    flat = Contacts("shoulders", ("pitch", "twist", "x"), (_shoulder("l"), _shoulder("r"), mid("shoulder", "x", 0.0)))
    return pose, flat


def trunk_rotation(a: Actor) -> Take:
    """Both bent knees sink to one side, while the shoulders stay on the floor; left, then right."""
    take = Take(a).start(*_arms_out(a)).stay(2.0)
    middle = dict(take.keys[0].pose)
    rest = {name: middle.get(name, 0.0) for name in MOVED}
    for rep in a.each_rep():
        side, sign = ("left", 1.0) if rep % 2 == 0 else ("right", -1.0)
        turn = a.pick("shallow_rotation", a.vary(52.0, 0.04), 28.0)
        lean = a.pick("shallow_rotation", 26.0, 13.0)
        end = {"roll": sign * turn, "knee_out_l": sign * lean, "knee_out_r": -sign * lean}
        end |= {"twist": -sign * turn, "neck_turn": -sign * 25.0} | both(sole=0.35)
        up = a.pick("shoulders_lifting", 0.03, 0.30) * torso_length(a.body)
        end |= {"lift_r" if sign > 0 else "lift_l": up}
        end["z"] = grounded(a, {**middle, **end}, SEAT)
        take.to(a.vary(1.5), end).peak(side)
        take.to(a.pick("too_fast", a.vary(1.8), 0.12))
        take.to(a.vary(1.4), rest).to(a.vary(0.7))
    return take.stay(0.7)


def _shoulder(side: str) -> Goal:
    def goal(posed: Posed) -> float:
        height = posed.joints[f"{SIDES[side][2]}_shoulder"][2]
        return float(height - posed.pose["chest_z"] - posed.pose[f"lift_{side}"])

    return goal


def _lying_back(a: Actor, hips: float) -> Pose:
    """The end position over the roller; `hips` = height (m) of the buttocks' rest."""
    opened = a.pick("shallow_extension", a.vary(-26.0, 0.06), 16.0)
    lift = a.pick("hips_lifting", 0.0, 0.24) * torso_length(a.body)
    # without the upper back the neck does the work
    loins, neck = (8.0, -22.0) if a.has("shallow_extension") else (2.0, -8.0)
    end = {"lumbar": loins, "thorax": opened, "neck": neck, "nod": 0.0, "z": hips + lift}
    if lift:
        # the chest sinks on the roller's far side: less opening keeps the hands off the floor
        end |= {"lumbar": -12.0, "thorax": -10.0, "neck": 12.0}
    return end


def thoracic_extension(a: Actor) -> Take:
    """The upper back opens over a roller, the hands carry the head, the buttocks stay down."""
    radius = 0.065
    pose = on_back(a, 88.0)
    chest = {**pose, "z": 0.5, "thorax": -10.0}
    thick = Posed(a.body, chest).point("spine01")[2] - lowest(a, chest, {"spine01", "spine02"})
    pose["back_z"] = 2 * radius + thick
    over = Contacts("roller", ("pitch",), (bone_at("spine01", "z", "back_z"),))
    ready = {"lumbar": 8.0, "thorax": 22.0, "neck": 16.0, "nod": 4.0, "pitch": -75.0}
    take = Take(a).start(pose | ready, over)
    ready = {n: take.keys[0].pose[n] for n in ready}
    hands = a.pick("head_unsupported", 1.0, 0.0)
    free = both(raise_=4.0, plane=60.0, elbow=152.0, grip=0.1)
    top = _hands_at_head(a, take.keys[0].pose) if hands else free
    take.start(take.keys[0].pose | top, over).stay(2.0)
    spot = Posed(a.body, take.keys[0].pose).point("spine01")
    hips = take.keys[0].pose["z"]
    for _ in a.each_rep():
        end = _lying_back(a, hips)
        there = settle(a.body, {**take.keys[-1].pose, **end}, over, rounds=60)
        end |= _hands_at_head(a, there) if hands else both(raise_=-28.0, plane=-8.0)
        take.to(a.vary(1.4), end).peak()
        take.to(a.pick("too_fast", a.vary(2.1), 0.12))
        take.to(a.vary(1.3), {**ready, **top, "z": hips}).to(a.vary(0.7))
    wide = 0.28
    ends = ((-wide, spot[1], radius), (wide, spot[1], radius))
    take.props.append(Prop("roller", start=ends[0], end=ends[1], radius=radius, colour=(70, 110, 150)))
    return take.stay(0.7)


def _hands_at_head(a: Actor, pose: Pose) -> Pose:
    """The arms' numbers with the hands behind the head, elbows half forwards."""
    arms = both(raise_=112.0, plane=62.0, elbow=48.0, turn=10.0, forearm=30.0, grip=0.3)
    goals = tuple(_by_ear(k, off) for k, off in enumerate((0.045, 0.075, -0.01)))
    hold = Contacts("hands at head", ("raise*", "plane*", "elbow*"), goals)
    found = settle(a.body, {**pose, **arms}, hold, rounds=60)
    return {name: found[name] for name in arms}


def _by_ear(axis: int, offset: float) -> Goal:
    """Goal: the left wrist's place from the ear along an axis of the head (m)."""

    def goal(posed: Posed) -> float:
        away = posed.joints["left_wrist"] - posed.joints["left_ear"]
        return float((posed.rotation("head").T @ away)[axis] - offset)

    return goal


register(
    "trunk_rotation",
    trunk_rotation,
    "sides",
    "side",
    [
        clip("trunk_rotation_good", reps=4),
        clip("trunk_rotation_shoulders_lifting", "shoulders_lifting", reps=4),
        clip("trunk_rotation_shallow_rotation", "shallow_rotation", reps=4),
        clip("trunk_rotation_knees_straightening", "knees_straightening", reps=4),
        clip("trunk_rotation_knees_apart", "knees_apart", reps=4),
        clip("trunk_rotation_too_fast", "too_fast", reps=4),
    ],
)
register(
    "thoracic_extension",
    thoracic_extension,
    "reps",
    "side",
    [
        clip("thoracic_extension_good", reps=4),
        clip("thoracic_extension_hips_lifting", "hips_lifting", reps=3),
        clip("thoracic_extension_head_unsupported", "head_unsupported", reps=3),
        clip("thoracic_extension_shallow_extension", "shallow_extension", reps=3),
        clip("thoracic_extension_too_fast", "too_fast", reps=3),
    ],
)
