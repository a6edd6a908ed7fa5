"""Telling that a picture lies on its side, from what would be done in it if it were turned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from posturecam.judging.judge import judge
from posturecam.model import SessionResult
from posturecam.poses import PoseSequence
from posturecam.spec.schema import Exercise

LEAST_REPS, LEAST_HELD_S = 3, 5.0
"""What must be done in a turned picture: fewer reps, or less time, may be somebody who sits down or bends."""
LEAST_JUDGED = 0.5
LEAST_SCORE = 70.0


def turns_needed(exercise: Exercise, variants: Sequence[Exercise], poses: PoseSequence) -> int:
    """How often (0 to 3 times by 90 degrees to the left) a recording must be turned to be upright; 0 unless that is certain.

    Certain is it when nothing of any of the exercise's ``variants`` is done in the picture as it is, and in exactly one turned
    picture the ``exercise`` is done again and again, and well.
    """
    if not poses.seen.any() or any(_done(judge(variant, poses).result()) for variant in (exercise, *variants)):
        return 0
    fitting = [turns for turns in (1, 2, 3) if _clearly(exercise, turned(poses, turns))]
    return fitting[0] if len(fitting) == 1 else 0


def _done(result: SessionResult) -> bool:
    return bool(result.reps or result.holds)


def _clearly(exercise: Exercise, poses: PoseSequence) -> bool:
    result = judge(exercise, poses).result()
    held_s = sum(hold.duration_s for hold in result.holds)
    return (
        (len(result.reps) >= LEAST_REPS or held_s >= LEAST_HELD_S)
        and result.tracking.judged >= LEAST_JUDGED
        and (result.score or 0.0) >= LEAST_SCORE
    )


def turned(poses: PoseSequence, turns: int) -> PoseSequence:
    """The same poses in pictures that are turned ``turns`` times by 90 degrees to the left. Contours follow the body."""
    arrays = dict(poses.arrays)
    points, world, size = arrays["points"], arrays["world"], arrays["size"]
    for _ in range(turns % 4):
        width = size[:, :1].astype(np.float32)
        points = np.stack((points[..., 1], width - points[..., 0]), axis=-1)
        world = np.stack((world[..., 1], -world[..., 0], world[..., 2]), axis=-1)
        size = _swapped(size)
    return PoseSequence({**arrays, "points": points, "world": world, "size": size})


def _swapped(size: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.ascontiguousarray(size[:, ::-1])
