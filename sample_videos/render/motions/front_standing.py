"""Standing exercises filmed from the front."""

from __future__ import annotations

from ..contacts import ankle_on_sole
from ..motion import Actor, Prop, Take, both
from ..skeleton import Pose
from ..solve import Contacts, leg_bent
from .registry import clip, register


def standing(a: Actor, apart: float = 0.03) -> tuple[Pose, Contacts]:
    """Upright with both feet planted, arms hanging."""
    body = a.body
    foot = body.head("upperleg01.L")[0] + apart
    ankle = ankle_on_sole(body, shoe=a.shoe)
    pose: Pose = both(plant=1.0, sole=1.0, foot_z=ankle, foot_y=0.0, knee_out=4.0)
    pose |= {"foot_x_l": foot, "foot_x_r": -foot, "z": 0.9, "want_knee": 175.0}
    pose |= {"sole_yaw_l": 8.0, "sole_yaw_r": -8.0}
    return pose, Contacts("standing", ("z",), (leg_bent("l", "want_knee"),))


def reverse_fly(a: Actor) -> Take:
    """Arms straight ahead with a band, pulled open to the sides at shoulder height."""
    if a.variant == "bent_over":
        return _bent_over(a)
    pose, contacts = standing(a)
    ready = both(raise_=84.0, plane=6.0, elbow=172.0, grip=0.9, forearm=10.0)
    take = Take(a).start({**pose, **both(raise_=10.0, plane=50.0, elbow=165.0, grip=0.9)}, contacts)
    take.to(0.4).to(1.0, ready).stay(1.8)
    for _ in a.each_rep():
        level = a.pick("hands_too_high", a.pick("hands_too_low", 87.0, 75.0), 104.0)
        opened = a.pick("shallow_pull", a.vary(90.0, 0.04), 27.0)
        # bent elbows sink and the hands stay level, so that the front view shows it
        bent, turn = a.pick("elbows_bent", 170.0, 114.0), a.pick("elbows_bent", 0.0, 80.0)
        level = a.pick("elbows_bent", level, 60.0)
        uneven = a.pick("uneven_arms", 0.0, 8.0)
        shrug = a.pick("shoulders_shrugged", -3.0, 34.0)
        lean = a.pick("leaning_back", 0.0, -18.0)
        end = both(plane=opened, elbow=bent, turn=turn, shrug=shrug, protract=-8.0)
        end |= {"raise_l": level + uneven, "raise_r": level - uneven, "pitch": lean}
        take.to(a.vary(1.2), end).peak()
        take.to(a.vary(1.1))
        take.to(a.vary(1.3), {**ready, **both(shrug=0.0, protract=0.0, turn=0.0), "pitch": 0.0})
        take.to(a.vary(0.4))
    take.props.append(Prop("band", start_joint="left_index", joints=("right_index",), colour=(60, 150, 90)))
    return take.to(1.0, both(raise_=10.0, plane=50.0, elbow=165.0)).stay(0.6)


def _bent_over(a: Actor) -> Take:
    """Bowed at the hips with a long back; the hanging arms rise to the sides."""
    pose, contacts = standing(a, 0.05)
    loose = both(raise_=12.0, plane=40.0, elbow=165.0, grip=0.95)
    take = Take(a).start({**pose, **loose}, contacts).stay(0.5)
    tilt = 64.0
    bowed = {"pitch": tilt, "y": 0.24, "want_knee": 156.0, "neck": -8.0, "nod": -16.0, "lumbar": 4.0}
    hang = both(raise_=tilt, plane=8.0, elbow=168.0, forearm=20.0)
    take.to(1.6, {**bowed, **hang}).stay(1.8)
    for _ in a.each_rep():
        opened = a.pick("shallow_pull", a.vary(92.0, 0.03), 34.0)
        level = a.pick("shallow_pull", a.pick("hands_too_low", 88.0, 66.0), 66.0)
        swing = a.pick("leaning_back", 0.0, -30.0)
        end = both(raise_=level, plane=opened, elbow=a.pick("elbows_bent", 166.0, 105.0), protract=-8.0)
        take.to(a.vary(1.2), {**end, "pitch": tilt + swing}).peak()
        take.to(a.vary(0.9)).to(a.vary(1.3), {**hang, **both(protract=0.0), "pitch": tilt}).to(a.vary(0.4))
    upright = {"pitch": 0.0, "y": 0.0, "want_knee": 175.0, "neck": 0.0, "nod": 0.0, "lumbar": 0.0}
    return take.to(1.6, {**upright, **loose}).stay(0.6)


register(
    "reverse_fly",
    reverse_fly,
    "reps",
    "front",
    [
        clip("reverse_fly_good", reps=4, camera_m=1.1),
        clip("reverse_fly_bent_over_good", variant="bent_over", view="side", reps=4),
        clip("reverse_fly_hands_too_low", "hands_too_low", reps=3, camera_m=1.1),
        clip("reverse_fly_hands_too_high", "hands_too_high", reps=3, camera_m=1.1),
        clip("reverse_fly_elbows_bent", "elbows_bent", reps=3, camera_m=1.1),
        clip("reverse_fly_shallow_pull", "shallow_pull", reps=3, camera_m=1.1, portrait=True),
        clip("reverse_fly_shoulders_shrugged", "shoulders_shrugged", reps=3, camera_m=1.1),
        clip("reverse_fly_leaning_back", "leaning_back", reps=3, camera_m=1.1),
        clip("reverse_fly_uneven_arms", "uneven_arms", reps=3, camera_m=1.1),
        clip("reverse_fly_bent_over_leaning_back", "leaning_back", variant="bent_over", view="side", reps=3),
    ],
    mat=False,
)
