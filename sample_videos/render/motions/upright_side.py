"""Standing exercises filmed from the side: pulls against a band, and the chin tuck."""

from __future__ import annotations

from ..motion import Actor, Prop, Take, both
from ..skeleton import Pose
from .registry import clip, register
from .stance import HANGING, begin, upright

STILL: Pose = both(shrug=0.0, protract=0.0) | {"pitch": 0.0}


def shoulder_extension(a: Actor) -> Take:
    """Straight arms pull a band from ahead down and past the hips."""
    pose, contacts = upright(a)
    ready = both(raise_=66.0, plane=3.0, elbow=170.0, turn=0.0, forearm=0.0, grip=0.95)
    take = Take(a).start({**pose, **both(grip=0.95)}, contacts)
    take.to(0.3).to(1.1, ready).stay(1.9)
    for _ in a.each_rep():
        behind = a.pick("shallow_pull", a.vary(-27.0, 0.05), a.vary(14.0, 0.05))
        bent = a.pick("elbows_bent", 168.0, 124.0)
        swing = a.pick("trunk_swinging", 0.0, 21.0)
        shrug = a.pick("shoulders_shrugged", -3.0, 34.0)
        end = both(raise_=behind, elbow=bent, shrug=shrug, protract=-7.0) | {"pitch": swing}
        if a.has("elbows_bent"):
            end |= both(raise_=behind - 10.0)
        take.to(a.vary(1.2), end).peak().to(a.vary(0.7))
        back = a.pick("too_fast", a.vary(1.6), 0.42)
        take.to(back, {**ready, **STILL}).to(a.vary(0.55))
    _band(take, 1.95)
    return take.to(1.1, {**HANGING, **both(grip=0.95)}).stay(0.7)


def standing_row(a: Actor) -> Take:
    """Elbows pull a band back close to the sides until they pass behind the trunk."""
    pose, contacts = upright(a)
    ready = both(raise_=68.0, plane=4.0, elbow=166.0, turn=0.0, forearm=-60.0, grip=0.95)
    take = Take(a).start({**pose, **both(grip=0.95)}, contacts)
    take.to(0.3).to(1.1, ready).stay(1.9)
    for _ in a.each_rep():
        back = a.pick("shallow_pull", a.vary(-36.0, 0.05), a.vary(6.0, 0.05))
        # level forearms: the elbow angle makes up for the slope of the upper arm
        end = both(raise_=back, plane=-10.0, elbow=88.0 + back, protract=-12.0, turn=0.0)
        if a.has("elbows_flaring"):
            end |= both(raise_=58.0, plane=146.0, elbow=84.0, turn=-28.0)
        end |= both(shrug=a.pick("shoulders_shrugged", -3.0, 32.0))
        end |= {"pitch": a.pick("trunk_swinging", 0.0, -20.0)}
        take.to(a.vary(1.1), end).peak()
        take.to(a.pick("no_squeeze", a.vary(1.1), 0.03))
        take.to(a.pick("no_squeeze", a.vary(1.3), 0.8), {**ready, **STILL}).to(a.vary(0.6))
    _band(take, 1.25)
    return take.to(1.1, {**HANGING, **both(grip=0.95)}).stay(0.7)


def _band(take: Take, height: float) -> None:
    """One band from a point ahead to both hands."""
    hands = ("left_index", "right_index")
    take.props.append(Prop("band", start=(0.0, -2.4, height), joints=hands, colour=(200, 74, 60)))


def chin_tuck(a: Actor) -> Take:
    """Sitting or standing, the head glides straight back and comes forward again."""
    take = begin(a, a.variant != "standing")
    ahead = _head(26.0, -26.0)
    take.keys[0].pose |= ahead
    take.stay(2.0)
    for _ in a.each_rep():
        back = a.pick("shallow_tuck", a.vary(-20.0, 0.06), 13.0)
        level = -back
        if a.has("head_nodding"):
            back, level = -30.0, 62.0
        lean = a.pick("trunk_leaning", 0.0, -14.0)
        take.to(a.pick("too_fast", a.vary(1.0), 0.6), {**_head(back, level), "pitch": lean}).peak()
        take.to(a.pick("too_fast", a.vary(1.7), 0.06))
        take.to(a.pick("too_fast", a.vary(1.0), 0.6), {**ahead, "pitch": 0.0}).to(a.vary(0.8))
    return take.stay(0.7)


def _head(low: float, skull: float) -> Pose:
    return {"neck": low, "nod": skull}


def _three(exercise: str, *faults: str) -> list:
    return [clip(f"{exercise}_{fault}", fault, reps=3) for fault in faults]


register(
    "shoulder_extension",
    shoulder_extension,
    "reps",
    "side",
    [
        clip("shoulder_extension_good", reps=4),
        *_three(
            "shoulder_extension",
            "elbows_bent",
            "shallow_pull",
            "trunk_swinging",
            "shoulders_shrugged",
            "too_fast",
        ),
    ],
    mat=False,
)
register(
    "standing_row",
    standing_row,
    "reps",
    "side",
    [
        clip("standing_row_good", reps=4),
        *_three(
            "standing_row",
            "shallow_pull",
            "no_squeeze",
            "shoulders_shrugged",
            "trunk_swinging",
            "elbows_flaring",
        ),
    ],
    mat=False,
)
register(
    "chin_tuck",
    chin_tuck,
    "reps",
    "side",
    [
        clip("chin_tuck_good", reps=4, camera_m=1.0),
        clip("chin_tuck_head_nodding", "head_nodding", reps=3, camera_m=1.0),
        clip("chin_tuck_shallow_tuck", "shallow_tuck", reps=3, camera_m=1.0),
        clip("chin_tuck_trunk_leaning", "trunk_leaning", reps=3, camera_m=1.0),
        clip("chin_tuck_too_fast", "too_fast", reps=3, camera_m=1.0),
    ],
    mat=False,
)
