"""What the program knows after each frame, for drawing, speaking and storing: one frame of a judgement as a FrameResult."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posturecam.judging.framing import guidance
from posturecam.judging.judge import Judgement
from posturecam.judging.moments import asked_now
from posturecam.judging.verdicts import is_good, judge_value, not_from
from posturecam.kinematics.measures import why_missing
from posturecam.kinematics.track import VIEWS, Track
from posturecam.model import Attempt, FrameResult, Hold, Measurement, Pose, Progress, Rep, Verdict
from posturecam.poses import PoseSequence
from posturecam.spec.schema import Exercise

_NOTHING = Progress()


@dataclass(frozen=True)
class News:
    """What ended with a frame."""

    reps: tuple[Rep, ...] = ()
    holds: tuple[Hold, ...] = ()
    attempts: tuple[Attempt, ...] = ()


def frame_at(judgement: Judgement, row: int, pose: Pose | None, progress: Progress, news: News) -> FrameResult:
    """One row of a judgement as everything that is shown of it; what to say about it is the coach's business."""
    observed, at = judgement.observed, judgement.moments
    exercise, track = judgement.exercise, observed.track
    t_s = float(observed.t_s[row])
    side = at.side_at(row)
    values = {name: float(observed.values(name, side)[row]) for name in exercise.measures} if track.seen[row] else {}
    verdicts = _verdicts(judgement, row)
    stage = at.stage_at(row)
    guided = stage != "active" or (exercise.hold is None and not verdicts)
    return FrameResult(
        t_s=t_s,
        pose=shown_pose(pose, track, row),
        stage=stage,
        view=track.view_at(row) if track.seen[row] else "unknown",
        phase=at.phase_at(row),
        end=at.end_at(row),
        measures={name: Measurement(value, _problem(judgement, name, row, value)) for name, value in values.items()},
        verdicts=verdicts,
        progress=progress,
        side=side if two_sided(exercise) else None,
        near=track.near_at(row),
        guidance=guidance(exercise, track[row : row + 1])[0] if guided else None,
        finished_reps=news.reps,
        finished_holds=news.holds,
        attempts=news.attempts,
    )


def shown_pose(pose: Pose | None, track: Track, row: int) -> Pose | None:
    """The pose of a row as it was followed: smoothed, without outliers."""
    return replace(pose, points=track.xy[row]) if pose is not None else None


def two_sided(exercise: Exercise) -> bool:
    """Whether left and right count apart."""
    if exercise.reps is not None:
        return exercise.reps.sides != "none"
    return exercise.hold is not None and exercise.hold.side is not None


def _problem(judgement: Judgement, name: str, row: int, value: float) -> str | None:
    if not math.isnan(value):
        return None
    observed = judgement.observed
    side = judgement.moments.side_at(row)
    return why_missing(observed.columns, observed.track, name, side, slice(row, row + 1))


def _verdicts(judgement: Judgement, row: int) -> tuple[Verdict, ...]:
    """Verdicts of the checks that are asked in a row."""
    observed, at = judgement.observed, judgement.moments[row : row + 1]
    if not at.judging[0] or not observed.track.seen[row]:
        return ()
    side = at.side_at(0)
    # in a still picture nothing is counted
    still = judgement.exercise.reps is not None and judgement.done.rule is None
    verdicts = []
    for name, check in judgement.exercise.checks.items():
        if check.measure is None or not asked_now(observed, at, check, row, still=still):
            continue
        if wrong := not_from(judgement.exercise, name, check, VIEWS[int(observed.view[row])]):
            verdicts.append(wrong)
            continue
        value = float(observed.values(check.measure, side)[row])
        problem = _problem(judgement, check.measure, row, value)
        verdicts.append(judge_value(name, check, value, float(observed.t_s[row]), problem))
    return tuple(verdicts)


_NO_NEWS = News()


def frames(judgement: Judgement, poses: PoseSequence, wanted: NDArray[np.bool_] | None = None) -> Iterator[FrameResult]:
    """Every frame of a judged recording in the order of time, as the overlay and the pictures show it.

    With ``wanted`` (n,) only those frames, and those with which something ended.
    """
    told = _Told(judgement)
    for row, t_s in enumerate(poses.t_s.tolist()):
        news = told.until(t_s, last=row == len(poses) - 1)
        if wanted is None or wanted[row] or news != _NO_NEWS:
            yield frame_at(judgement, row, poses.pose(row), told.progress(t_s), news)


class _Told:
    """What has been counted and told so far of a judged recording."""

    def __init__(self, judgement: Judgement) -> None:
        self._judgement = judgement
        self._reps = list(judgement.reps)
        self._holds = list(judgement.holds)
        self._attempts = sorted(judgement.attempts, key=lambda one: one.end_s)
        self._usual = judgement.done.counted.usual

    def until(self, t_s: float, *, last: bool) -> News:
        """What ended up to ``t_s`` and has not been told."""
        return News(
            tuple(_taken(self._reps, t_s, last)),
            tuple(_taken(self._holds, t_s, last)),
            tuple(_taken(self._attempts, t_s, last)),
        )

    def progress(self, t_s: float) -> Progress:
        """Counts up to ``t_s``."""
        judgement = self._judgement
        reps = [rep for rep in judgement.reps if rep.end_s <= t_s]
        holding = next((hold for hold in judgement.holds if hold.start_s <= t_s <= hold.end_s), None)
        ended = sum(hold.duration_s for hold in judgement.holds if hold.end_s < t_s)
        held = t_s - holding.start_s if holding is not None else 0.0
        return progress_of(judgement.exercise, reps, held, ended + held)


def progress_of(
    exercise: Exercise,
    reps: Sequence[Rep],
    hold_s: float = 0.0,
    total_s: float = 0.0,
    fraction: float | None = None,
    *,
    before: Progress = _NOTHING,
) -> Progress:
    """Counts of finished ``reps``, on top of those counted ``before``, and held seconds."""
    sided = exercise.reps is not None and exercise.reps.sides != "none"
    return Progress(
        reps=before.reps + len(reps),
        good_reps=before.good_reps + sum(is_good(exercise, rep.verdicts) for rep in reps),
        left=(before.left or 0) + sum(rep.side == "left" for rep in reps) if sided else None,
        right=(before.right or 0) + sum(rep.side == "right" for rep in reps) if sided else None,
        hold_s=hold_s,
        total_hold_s=total_s,
        fraction=fraction,
    )


def _taken(waiting: list, t_s: float, last: bool) -> list:  # type: ignore[type-arg]
    """Take off the front of ``waiting`` what ended by ``t_s``; everything with the ``last`` frame."""
    count = len(waiting) if last else sum(1 for one in waiting if one.end_s <= t_s)
    taken, waiting[:] = waiting[:count], waiting[count:]
    return taken
