"""Which of several people is the one who exercises: whoever does most of the exercise over the whole recording."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from posturecam.judging.judge import Judge, Judgement, judge
from posturecam.poses import PoseSequence
from posturecam.spec.schema import Exercise

BELIEVED_SCORE = 50.0
"""Points from which what somebody does is believed in full: joints that jump about make reps as well, with every fault there is
(a crop of a bystander gave 23 reps at 27 points, where the exerciser beside did 5 at 100)."""


def exerciser(exercises: Iterable[Exercise], people: Sequence[PoseSequence], judge: Judge = judge) -> int:
    """The place in ``people`` (at least one, each the same frames) of whoever does most of one of the ``exercises``.

    Most time in reps and holds counts first (less where they would be done terribly), then time in position, then how long
    somebody is seen.
    """
    exercises = list(exercises)
    done = [max((_done(judge(exercise, poses)) for exercise in exercises), default=(0.0, 0.0)) for poses in people]
    ranks = [(*done[place], float(people[place].seen.mean())) for place in range(len(people))]
    return max(range(len(people)), key=lambda place: ranks[place])


def does_something(exercises: Iterable[Exercise], poses: PoseSequence, judge: Judge = judge) -> bool:
    """Whether one of the ``exercises`` is done at all in one person's poses."""
    return any(_done(judge(exercise, poses))[0] > 0 for exercise in exercises)


def _done(judgement: Judgement) -> tuple[float, float]:
    """Seconds of the exercise in one person's poses, as far as they are believed, and the share of frames in its position."""
    result = judgement.result()
    # of a rep joined from the recording's two ends nobody knows how long it took
    spans = [rep for rep in judgement.done.counted.reps if not rep.joined]
    moving_s = sum(rep.end_s - rep.start_s for rep in spans) + sum(hold.duration_s for hold in result.holds)
    believed = 1.0 if result.score is None else min(1.0, max(result.score, 1.0) / BELIEVED_SCORE) ** 2
    return round(believed * moving_s, 1), round(float(np.nan_to_num(result.tracking.judged)), 2)
