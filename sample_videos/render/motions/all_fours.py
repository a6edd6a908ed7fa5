"""Exercises that start in table position."""

from __future__ import annotations

from ..contacts import knee_on_floor, wrist_on_palm
from ..motion import Actor, Take, both
from ..skeleton import Pose
from ..solve import Contacts, arm_bent, leg_lengths, mid, torso_length
from .registry import clip, register


def table(a: Actor) -> tuple[Pose, Contacts]:
    """Hands under the shoulders, knees under the hips; hips' place and back follow the pose."""
    body = a.body
    torso = torso_length(body)
    thigh, shin = leg_lengths(body)
    hips_apart = body.head("upperleg01.L")[0] + 0.02
    wide = body.head("upperarm01.L")[0]
    knee = knee_on_floor(body)
    pose: Pose = both(palm=1.0, reach=1.0, grip=0.0, pole_out=10.0, plant=1.0)
    pose |= both(hand_y=0.0, hand_z=wrist_on_palm(body), foot_z=0.075, sole=1.0, sole_pitch=158.0)
    pose |= {"hand_x_l": wide, "hand_x_r": -wide, "foot_x_l": hips_apart, "foot_x_r": -hips_apart}
    pose |= {"pitch": 80.0, "z": thigh + knee, "y": torso * 0.97, "want_elbow": 172.0}
    pose |= {"knee_y": torso * 0.95, "knee_z": knee, "hip_y": torso * 0.97}
    pose |= both(foot_y=pose["knee_y"] + shin * 0.995)
    contacts = Contacts(
        "table",
        ("y", "z", "pitch"),
        (arm_bent("l", "want_elbow"), mid("hip", "y", "hip_y"), mid("knee", "z", "knee_z")),
    )
    return pose, contacts


def cat_cow(a: Actor) -> Take:
    """One rep = cat, then cow, through table position."""
    pose, contacts = table(a)
    torso = torso_length(a.body)
    shift = a.pick("hands_not_under_shoulders", 0.0, -0.56 * torso)
    # the hands go with the shoulders, so that only the knees stay behind
    slide = a.pick("knees_not_under_hips", 0.0, 0.36 * torso)
    pose |= both(hand_y=shift - slide)
    pose["hip_y"] -= slide
    pose["want_elbow"] = a.pick("elbows_bent", 172.0, 128.0)
    take = Take(a).start(pose, contacts).stay(2.0)
    for _ in a.each_rep():
        rest = a.pick("too_fast", a.vary(1.45), 0.2)
        move = a.pick("too_fast", a.vary(0.9), 0.55)
        round_back = a.pick("back_not_rounded", a.vary(62.0, 0.08), 6.0)
        # with the hands far ahead the straight arms leave less room to round
        round_back = a.pick("hands_not_under_shoulders", round_back, 32.0)
        tuck = a.pick("head_not_tucked", 34.0, -14.0)
        arch = a.pick("back_not_arched", a.vary(-46.0, 0.08), 2.0)
        lift = a.pick("head_not_lifted", -30.0, 18.0)
        cat = {
            "lumbar": round_back * 0.5,
            "thorax": round_back * 0.5,
            "neck": tuck,
            "nod": tuck * 0.6,
        }
        cow = {"lumbar": arch * 0.7, "thorax": arch * 0.3, "neck": lift, "nod": lift * 0.7}
        flat = {"lumbar": 0.0, "thorax": 0.0, "neck": 0.0, "nod": 0.0}
        take.to(move, cat).peak().to(rest)
        take.to(move, flat).to(0.25)
        take.to(move, cow).to(rest)
        take.to(move, flat).to(0.3)
    return take.stay(0.8)


CAT_COW_FAULTS = (
    "hands_not_under_shoulders",
    "knees_not_under_hips",
    "back_not_rounded",
    "back_not_arched",
    "head_not_tucked",
    "head_not_lifted",
    "elbows_bent",
    "too_fast",
)
register(
    "cat_cow",
    cat_cow,
    "reps",
    "side",
    [
        clip("cat_cow_good", reps=4),
        *(clip(f"cat_cow_{fault}", fault, reps=3) for fault in CAT_COW_FAULTS),
    ],
)
