"""How high joints lie when a part of the body rests on the floor, per body (metres)."""

from __future__ import annotations

from .body import Body
from .motion import both
from .skeleton import Pose
from .solve import height_over

CLOTH = 0.012


def wrist_on_palm(body: Body) -> float:
    """Wrist joint over the plane under a flat palm."""
    return height_over(body, both(palm=1.0, grip=0.0), "wrist.L", body.under("wrist.L"))


def ankle_on_sole(body: Body, pitch: float = 0.0, toes: float = 0.0, shoe: float = 0.008) -> float:
    """Ankle joint over the floor under a foot held at `pitch` (0 = flat, 90 = on the toes)."""
    pose = both(sole=1.0, sole_pitch=pitch, toes=toes)
    return height_over(body, pose, "foot.L", body.under("foot.L"), shoe)


def knee_on_floor(body: Body) -> float:
    """Knee joint over the floor in kneeling, thigh upright."""
    pose: Pose = both(knee=90.0)
    return height_over(body, pose, "lowerleg01.L", {"lowerleg01.L", "upperleg02.L"}, CLOTH)


def elbow_on_floor(body: Body) -> float:
    """Elbow joint over the floor, upper arm upright and forearm level."""
    pose = both(raise_=0.0, elbow=90.0, forearm=0.0, palm=1.0)
    return height_over(body, pose, "lowerarm01.L", {"lowerarm01.L", "upperarm02.L"}, 0.004)


def wrist_on_forearm(body: Body) -> float:
    """Wrist joint over the floor with the forearm and the palm lying on it."""
    return wrist_on_palm(body) + 0.004
