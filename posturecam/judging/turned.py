"""Telling that a picture lies on its side, from what would be done in it if it were turned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from posturecam.judging.judge import Judge, Judgement, judge
from posturecam.kinematics.frames import Frames
from posturecam.kinematics.track import SIDES
from posturecam.kinematics.vectors import Vector
from posturecam.model import HIPS, SHOULDERS, Hold, Rep
from posturecam.poses import PoseSequence
from posturecam.spec.schema import Exercise

LEAST_REPS, LEAST_HELD_S = 3, 5.0
"""What must be done in a turned picture: fewer reps, or less time, may be somebody who sits down or bends."""
STANDS_FROM, LIES_TO = 60.0, 30.0
"""Degrees of the trunk from the level: from which on somebody does not lie, and up to which nobody is upright."""
LEAST_JUDGED = 0.5
"""Share of the time in which somebody must be seen, and of the verdicts on their form that must be known: what cannot be judged
in the turned picture, as it is not seen from where the exercise is judged, proves nothing."""
LEAST_SCORE = 70.0
MOST_AT_FAULT = 0.5
"""No check may find a fault in this share of the reps or more: squats turned on their side are push-ups with one fault each."""


def turns_needed(exercise: Exercise, variants: Sequence[Exercise], poses: PoseSequence, judge: Judge = judge) -> int:
    """How often (0 to 3 times by 90 degrees to the left) a recording must be turned to be upright; 0 unless that is certain.

    Certain is it when nothing of any of the exercise's ``variants`` is done in the picture as it is, and in exactly one turned
    picture the ``exercise`` is done again and again, and well.
    """
    if not poses.seen.any() or any(_done(judge(variant, poses)) for variant in (exercise, *variants)):
        return 0
    fitting = [turns for turns in (1, 2, 3) if _clearly(judge(exercise, turned(poses, turns)))]
    return fitting[0] if len(fitting) == 1 else 0


def against_gravity(exercise: Exercise, poses: PoseSequence) -> bool:
    """Whether the trunk mostly lies where the exercise is done upright, or stands where it is done lying.

    Either it is another exercise, or the picture lies on its side: which of them this does not tell.
    """
    if exercise.position == "bent_over" or not poses.seen.any():
        return False
    points = poses.points[poses.seen].astype(np.float64)
    trunk = (points[:, SHOULDERS] - points[:, HIPS]).mean(axis=1)
    from_level = np.degrees(np.arctan2(-trunk[:, 1], np.abs(trunk[:, 0])))
    typical = float(np.median(from_level))
    return abs(typical) > STANDS_FROM if exercise.trunk_level else typical < LIES_TO


def bears_on_hands(judgement: Judgement) -> bool:
    """Whether the shoulders travel further than the near hand in the middle rep: somebody who stands about moves an arm only."""
    observed = judgement.observed
    frames = Frames(observed.track, observed.exercise.position)
    shoulder, hand = (frames.point(name, SIDES[0]) for name in ("near.shoulder", "near.wrist"))
    rows = [observed.rows(rep.start_s, rep.end_s) for rep in judgement.reps]
    of_shoulder, of_hand = (float(np.median([_travel(place[part]) for part in rows])) for place in (shoulder, hand))
    return of_shoulder > of_hand


def _travel(place: Vector) -> float:
    """How far a point's places (n,) lie apart, in pixels; 0 where it is unseen."""
    seen = place[~np.isnan(place)]
    return float(np.hypot(np.ptp(seen.real), np.ptp(seen.imag))) if len(seen) else 0.0


def _done(judgement: Judgement) -> bool:
    return bool(judgement.reps or judgement.holds)


def _clearly(judgement: Judgement) -> bool:
    result = judgement.result()
    held_s = sum(hold.duration_s for hold in result.holds)
    return (
        (len(result.reps) >= LEAST_REPS or held_s >= LEAST_HELD_S)
        and result.tracking.judged >= LEAST_JUDGED
        and (result.score or 0.0) >= LEAST_SCORE
        and well_done([*result.reps, *result.holds])
        and not (judgement.exercise.position == "prone" and result.reps and not bears_on_hands(judgement))
    )


def well_done(items: Sequence[Rep | Hold]) -> bool:
    """Whether the form was mostly known, and no check mostly found a fault."""
    verdicts = [verdict for item in items for verdict in item.verdicts]
    states: dict[str, list[str]] = {}
    for verdict in verdicts:
        states.setdefault(verdict.check, []).append(verdict.state)
    known = [verdict.state != "unknown" for verdict in verdicts]
    return (
        bool(known)
        and bool(np.mean(known) >= LEAST_JUDGED)
        and all(told.count("fault") < MOST_AT_FAULT * len(told) for told in states.values())
    )


def turned(poses: PoseSequence, turns: int) -> PoseSequence:
    """The same poses in pictures that are turned ``turns`` times by 90 degrees to the left. Contours follow the body."""
    arrays = dict(poses.arrays)
    points, world, size = arrays["points"], arrays["world"], arrays["size"]
    for _ in range(turns % 4):
        width = size[:, :1].astype(np.float32)
        points = np.stack((points[..., 1], width - points[..., 0]), axis=-1)
        world = np.stack((world[..., 1], -world[..., 0], world[..., 2]), axis=-1)
        size = np.ascontiguousarray(size[:, ::-1])
    return PoseSequence({**arrays, "points": points, "world": world, "size": size})
