"""Walking: feet that stand still on the floor while the body passes over them."""

from __future__ import annotations

import numpy as np

from ..body import Body
from ..contacts import ankle_on_sole
from ..motion import both, one
from ..skeleton import Pose
from ..solve import leg_lengths

CYCLE_S = 1.15
STRIDE_M = 1.30
STANCE = 0.6


def past(body: Body, start: np.ndarray, end: np.ndarray, fps: float) -> list[Pose]:
    """Poses, one a frame, of a walk from `start` to `end` (x, y on the floor, metres)."""
    seconds = float(np.linalg.norm(end - start)) / (STRIDE_M / CYCLE_S)
    return [walk(body, start, end, k / fps) for k in range(int(seconds * fps))]


def walk(body: Body, start: np.ndarray, end: np.ndarray, t: float) -> Pose:
    """The pose `t` seconds after leaving `start` for `end` at an easy pace."""
    way = (end - start) / np.linalg.norm(end - start)
    left = np.array([-way[1], way[0]])
    ahead = t / CYCLE_S * STRIDE_M
    yaw = float(np.degrees(np.arctan2(way[0], -way[1])))
    ankle = ankle_height(body)
    leg = sum(leg_lengths(body))
    beat = 2 * np.pi * t / CYCLE_S
    place = start + way * ahead
    pose: Pose = {"x": place[0], "y": place[1], "yaw": yaw, "pitch": 3.0, "twist": 4.0 * float(np.cos(beat))}
    pose["z"] = ankle + leg * 0.955 + 0.012 * float(np.cos(2 * beat + 0.6))
    pose |= both(plant=1.0, sole=1.0, sole_yaw=yaw, plane=4.0, elbow=158.0, grip=0.35, knee_out=3.0)
    for s, sign, shift in (("l", 1.0, 0.0), ("r", -1.0, 0.5)):
        share = (t / CYCLE_S + shift) % 1.0
        reach = STRIDE_M * STANCE / 2
        swing = max(share - STANCE, 0.0) / (1 - STANCE)
        smooth = swing * swing * (3 - 2 * swing)
        along = ahead + (reach - STRIDE_M * share if swing == 0 else -reach + 2 * reach * smooth)
        off = max(0.0, 1 - abs(share - 0.62) / 0.16)
        foot = start + way * along + left * sign * 0.085
        pose |= one(s, foot_x=foot[0], foot_y=foot[1], foot_z=ankle + 0.06 * np.sin(np.pi * swing) + 0.07 * off)
        pose |= one(s, sole_pitch=34.0 * off - 14.0 * max(0.0, 1 - abs(share - 0.98) / 0.12), toes=20.0 * off)
        pose |= one(s, raise_=-20.0 * float(np.cos(2 * np.pi * (share - 0.08))))
    return pose


def ankle_height(body: Body) -> float:
    """Ankle joint over the floor in shoes, metres."""
    return ankle_on_sole(body, shoe=0.008)
