"""Which of several people is the one who exercises: whoever does most of the exercise over the whole recording."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from posturecam.judging.judge import Judge, Judgement, judge
from posturecam.poses import PoseSequence
from posturecam.spec.schema import Exercise


def exerciser(exercises: Iterable[Exercise], people: Sequence[PoseSequence], judge: Judge = judge) -> int:
    """The place in ``people`` (at least one, each the same frames) of whoever does most of one of the ``exercises``.

    Most time in reps and holds counts first, then time in position, then how long somebody is seen.
    """
    exercises = list(exercises)
    done = [max((_done(judge(exercise, poses)) for exercise in exercises), default=(0.0, 0.0)) for poses in people]
    ranks = [(*done[place], float(people[place].seen.mean())) for place in range(len(people))]
    return max(range(len(people)), key=lambda place: ranks[place])


def does_something(exercises: Iterable[Exercise], poses: PoseSequence, judge: Judge = judge) -> bool:
    """Whether one of the ``exercises`` is done at all in one person's poses."""
    return any(_done(judge(exercise, poses))[0] > 0 for exercise in exercises)


def _done(judgement: Judgement) -> tuple[float, float]:
    """Seconds of the exercise in one person's poses, and the share of the frames in which its position was taken."""
    result = judgement.result()
    moving_s = sum(rep.end_s - rep.start_s for rep in result.reps) + sum(hold.duration_s for hold in result.holds)
    return round(moving_s, 1), round(float(np.nan_to_num(result.tracking.judged)), 2)
