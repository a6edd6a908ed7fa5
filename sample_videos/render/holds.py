"""When a position is truly held, from the true joints: eased ways in and out begin and end too slowly to be seen.

The motion knows the moments at which its keys lie; a person who leaves a position over a second has moved hardly at all in the
first tenths of it. So a hold lasts as long as every joint stays near where it is held, which is what anybody who looks sees.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

NEAR_TORSOS = 0.03
LONGEST_S = 2.0


def held_intervals(truth: Path, between_keys: list[tuple[float, float]]) -> list[list[float]]:
    """The keys' intervals (seconds), each widened while all joints stay within 3 % of a torso of their place in it.

    ``truth`` is the clip's `.npz`. A joint that moves within the hold (a lifted arm, sway) may stray as far as it does there. No
    end is moved by more than 2 s: where a fault is not to move into the position at all, it is held since before the key.
    """
    with np.load(truth) as arrays:
        t_s = arrays["t_s"].astype(float)
        # in space where that is known: an oblique camera would foreshorten what moves
        joints = arrays["world" if "world" in arrays else "joints2d"].astype(float)
        names = list(arrays["joint_names"])
    torso = _torso(joints, names)
    return [_widened(t_s, joints, torso, start, end) for start, end in between_keys]


def _torso(joints: NDArray[np.float64], names: list[str]) -> float:
    def middle(part: str) -> NDArray[np.float64]:
        return (joints[:, names.index(f"left_{part}")] + joints[:, names.index(f"right_{part}")]) / 2

    return float(np.percentile(np.linalg.norm(middle("shoulder") - middle("hip"), axis=1), 75))


def _widened(
    t_s: NDArray[np.float64], joints: NDArray[np.float64], torso: float, start: float, end: float
) -> list[float]:
    inside = (t_s >= start) & (t_s <= end)
    away = np.linalg.norm(joints - np.median(joints[inside], axis=0), axis=2)
    near = (away <= np.maximum(NEAR_TORSOS * torso, away[inside].max(axis=0))).all(axis=1)
    first, last = int(np.argmax(inside)), len(t_s) - 1 - int(np.argmax(inside[::-1]))
    while first > 0 and near[first - 1] and start - t_s[first - 1] <= LONGEST_S:
        first -= 1
    while last < len(t_s) - 1 and near[last + 1] and t_s[last + 1] - end <= LONGEST_S:
        last += 1
    return [round(min(start, float(t_s[first])), 3), round(max(end, float(t_s[last])), 3)]
