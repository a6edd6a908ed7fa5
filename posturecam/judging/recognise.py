"""Recognising which exercise is being done, from the specs themselves: whichever explains the most of the recording, and well.

Every candidate judges the same poses. Its evidence is the share of the time that it explains as reps or as a hold, times how
well done that would have been: somebody who squats makes some "external rotations", but terrible ones. A hold is only believed
as far as the person keeps still. No training, so a new spec is recognised as soon as it is written.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posturecam.judging.baseline import WATCHED
from posturecam.judging.judge import Judge, Remembers
from posturecam.judging.summary import frame_seconds
from posturecam.model import HIPS, SHOULDERS, FloatArray, Hold, SessionResult
from posturecam.poses import PoseSequence
from posturecam.spec.schema import Exercise

ENOUGH = 0.25
CLEAR = 1.25
STILL_OVER_S, STILL_TORSOS = 1.5, 0.15
ELSEWHERE = 0.6
"""What evidence weighs of an exercise seen from where it is not meant to be: most of its checks cannot speak against it."""
BETWEEN_S = 2.0
"""So long before and after a rep nobody holds a position: who makes reps in it waits there."""
MOVES_SHARE = 0.5
"""How far a hold in which arms or chest move is believed where the person is not still."""
LONGEST_S = 120.0
LONGEST_PAUSE_S = 4.0


@dataclass(frozen=True)
class Candidate:
    """One exercise that might be it: ``evidence`` 0..1 is the share of the time it explains, by how well done it would be."""

    exercise: str
    variant: str | None
    evidence: float


@dataclass(frozen=True)
class Recognition:
    """What the recording shows: ``best`` is None when it is none of the exercises.

    ``confidence`` 0..1: the best exercise's share of its and the runner-up's evidence, less where little is explained.
    ``ranking`` holds every exercise with any evidence, the best first; of variants that explain about as much, the usual one.
    """

    best: Candidate | None
    confidence: float
    ranking: tuple[Candidate, ...]


def recognise(exercises: Iterable[Exercise], poses: PoseSequence, judge: Judge | None = None) -> Recognition:
    """Tell which of ``exercises`` (every variant one) the recorded landmarks show, from their first two minutes."""
    found: dict[str, list[Candidate]] = {}
    for candidate in _candidates(exercises, poses, judge or Remembers()):
        if candidate.evidence > 0:
            found.setdefault(candidate.exercise, []).append(candidate)
    best = [max(own, key=lambda one: one.evidence) for own in found.values()]
    named = [replace(one, variant=own[_usual(own)].variant) for own, one in zip(found.values(), best, strict=True)]
    ranking = tuple(sorted(named, key=lambda candidate: -candidate.evidence))
    return decide(ranking)


def _candidates(exercises: Iterable[Exercise], poses: PoseSequence, judge: Judge) -> list[Candidate]:
    """Each exercise with its evidence in the first two minutes, in their order."""
    rows = int(np.searchsorted(poses.t_s, LONGEST_S))
    poses = poses if rows == len(poses) else poses[:rows]
    results = [(exercise, judge(exercise, poses).result()) for exercise in exercises]
    still, seen_s = stillness(poses), float(frame_seconds(poses.t_s)[poses.seen].sum())
    found = []
    for exercise, result in results:
        # who makes reps in a position does not hold it
        held_level = exercise.hold is not None and exercise.trunk_level
        moving = _moving(exercise, results, poses.t_s) if held_level else np.zeros(len(still), dtype=bool)
        calm = np.where(moving, 0.0, np.maximum(still, MOVES_SHARE) if exercise.hold and exercise.hold.moves else still)
        found.append(Candidate(exercise.id, exercise.variant, evidence(result, calm, poses.t_s, seen_s)))
    return found


@dataclass(frozen=True)
class VariantFound:
    """The variant of an exercise that a recording shows, with the ``confidence`` 0..1 in it against the next best."""

    exercise: Exercise
    confidence: float


def find_variant(variants: Sequence[Exercise], poses: PoseSequence, judge: Judge | None = None) -> VariantFound | None:
    """Tell which of an exercise's ``variants`` (the usual one first) is shown; None when none of them explains anything.

    Where several explain about as much, the one that comes first is taken.
    """
    found = _candidates(variants, poses, judge or Remembers())
    if max((one.evidence for one in found), default=0.0) <= 0.0:
        return None
    chosen = _usual(found)
    rest = max((one.evidence for index, one in enumerate(found) if index != chosen), default=0.0)
    return VariantFound(variants[chosen], found[chosen].evidence / (found[chosen].evidence + rest))


def _usual(variants: Sequence[Candidate]) -> int:
    """The place of the first variant that explains about as much as the best one does."""
    best = max(one.evidence for one in variants)
    return next(index for index, one in enumerate(variants) if CLEAR * one.evidence >= best)


def _moving(
    exercise: Exercise, results: Sequence[tuple[Exercise, SessionResult]], t_s: FloatArray
) -> NDArray[np.bool_]:
    """Rows (n,) around the reps of an exercise in the same position, where that is seen from the right side."""
    moving = np.zeros(len(t_s), dtype=bool)
    for other, counted in results:
        if counted.reps and other.position == exercise.position and counted.tracking.view_ok:
            for rep in counted.reps:
                moving |= (t_s >= rep.start_s - BETWEEN_S) & (t_s <= rep.end_s + BETWEEN_S)
    return moving


def decide(ranking: Sequence[Candidate]) -> Recognition:
    """Choose among candidates, the best first: none when too little is explained or two explain it as well."""
    if not ranking or ranking[0].evidence < ENOUGH:
        return Recognition(None, 0.0, tuple(ranking))
    best = ranking[0].evidence
    second = ranking[1].evidence if len(ranking) > 1 else 0.0
    confidence = best / (best + second) * min(1.0, best / (2 * ENOUGH))
    chosen = ranking[0] if best >= CLEAR * second else None
    return Recognition(chosen, confidence if chosen else 0.0, tuple(ranking))


def evidence(result: SessionResult, still: FloatArray, t_s: FloatArray, seen_s: float) -> float:
    """Evidence 0..1 for one exercise: the share of the time with a person that it explains, weighted by the score's square."""
    if result.score is None or seen_s <= 0:
        return 0.0
    seconds = frame_seconds(t_s)
    explained = np.zeros(len(t_s))
    for before, rep in zip((None, *result.reps), result.reps, strict=False):
        # the pause between two reps belongs to the set
        paused = before is not None and rep.start_s - before.end_s <= LONGEST_PAUSE_S
        start_s = before.end_s if before is not None and paused else rep.start_s
        explained[(t_s >= start_s) & (t_s <= rep.end_s)] = 1.0
    for hold in _longest_of_each_side(result.holds):
        inside = (t_s >= hold.start_s) & (t_s <= hold.end_s)
        explained[inside] = still[inside]
    share = float((explained * seconds).sum()) / seen_s
    seen = 1.0 if result.tracking.view_ok else ELSEWHERE
    return min(1.0, share) * seen * (result.score / 100.0) ** 2


def _longest_of_each_side(holds: Sequence[Hold]) -> list[Hold]:
    # somebody who holds a position does so once a side; what is held again and again is the rest between reps
    longest: dict[str | None, Hold] = {}
    for hold in holds:
        if hold.side not in longest or hold.duration_s > longest[hold.side].duration_s:
            longest[hold.side] = hold
    return list(longest.values())


def stillness(poses: PoseSequence) -> FloatArray:
    """Per frame 1.0 where no watched joint has moved far in the last moments, else 0.0; 0.0 where nobody is seen."""
    points = poses.points[:, WATCHED].astype(np.float64)
    torso = np.linalg.norm(poses.points[:, SHOULDERS].mean(axis=1) - poses.points[:, HIPS].mean(axis=1), axis=-1)
    scale = float(np.nanmedian(torso)) if poses.seen.any() else math.nan
    still = np.zeros(len(poses.t_s))
    if not scale > 0:
        return still
    before = np.searchsorted(poses.t_s, poses.t_s - STILL_OVER_S)
    moved = np.linalg.norm(points - points[before], axis=-1) / scale
    furthest = np.nanmax(np.where(np.isnan(moved), 0.0, moved), axis=1)
    still[poses.seen & (furthest < STILL_TORSOS)] = 1.0
    return still
