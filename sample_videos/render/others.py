"""People in the picture who do not exercise: somebody beside the mat, somebody who walks, waves or squats."""

from __future__ import annotations

import numpy as np

from .body import Body
from .camera import Camera
from .contacts import ankle_on_sole
from .motion import both
from .motions.walking import past
from .skeleton import Pose
from .solve import leg_lengths


def standing_at(body: Body, place: np.ndarray, yaw: float) -> Pose:
    """Upright on straight legs at a place on the floor (x, y)."""
    pose: Pose = both(raise_=10.0, plane=55.0, elbow=160.0, knee=178.0, abduct=4.0)
    height = sum(leg_lengths(body)) + ankle_on_sole(body)
    return pose | {"x": float(place[0]), "y": float(place[1]), "yaw": yaw, "z": height}


def beside(body: Body, place: np.ndarray, yaw: float, times: list[float], rng: np.random.Generator) -> list[Pose]:
    """Somebody who stands and looks on."""
    still = standing_at(body, place, yaw)
    rate, phase = rng.uniform(0.08, 0.25, 3), rng.uniform(0, 6.3, 3)
    out = []
    for t in times:
        wave = np.sin(2 * np.pi * rate * t + phase)
        out.append(still | {"neck_turn": 14.0 * float(wave[0]), "twist": 3.0 * float(wave[1]), "bend": float(wave[2])})
    return out


def busy(
    what: str, body: Body, place: np.ndarray, yaw: float, times: list[float], rng: np.random.Generator
) -> list[Pose]:
    """Somebody who waves the arms or does knee bends, again and again."""
    still = standing_at(body, place, yaw)
    every = float(rng.uniform(1.6, 2.8))
    thigh, shin = leg_lengths(body)
    out = []
    for t in times:
        share = 0.5 - 0.5 * float(np.cos(2 * np.pi * t / every))
        if what == "waves":
            out.append(still | both(raise_=10.0 + 130.0 * share, plane=80.0))
            continue
        bent = 70.0 * share
        lost = (thigh + shin) * (1 - float(np.cos(np.radians(bent))))
        squat = both(hip=bent, knee=180.0 - 2 * bent, ankle=-bent, raise_=10.0 + 70.0 * share, plane=10.0)
        out.append(still | squat | {"z": still["z"] - lost})
    return out


def walking(
    body: Body, camera: Camera, middle: np.ndarray, times: list[float], rng: np.random.Generator
) -> list[Pose | None]:
    """Somebody who crosses the picture one way and later back again, behind the exercise; None = not there."""
    way = np.array([camera.back[1], -camera.back[0]])
    out: list[Pose | None] = [None] * len(times)
    for share, sign in ((0.12, 1.0), (0.6, -1.0)):
        begin = times[0] + (times[-1] - times[0]) * (share + float(rng.uniform(0, 0.1)))
        poses = past(body, middle - sign * way * 3.0, middle + sign * way * 3.0, 60.0)
        for i, t in enumerate(times):
            k = int((t - begin) * 60)
            if 0 <= k < len(poses):
                out[i] = poses[k]
    return out
