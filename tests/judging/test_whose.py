"""Which of several people exercises: whoever does most of the exercise."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from posturecam.judging.judge import judge
from posturecam.judging.whose import does_something, exerciser
from posturecam.poses import PoseSequence
from posturecam.spec.catalogue import load_exercise
from tests.builders import push_up, record, rounds, standing, times

PUSH_UP = load_exercise("push_up")


def exercising(reps: int, seconds: float) -> PoseSequence:
    elbow, _ = rounds(172.0, [80.0] * reps)
    return record(lambda t_s: push_up(elbow(t_s)), times(seconds, 20))


def bystander(seconds: float) -> PoseSequence:
    return record(lambda _t_s: standing(yaw=90.0), times(seconds, 20))


def test_the_one_who_does_push_ups_and_not_the_one_who_stands_beside() -> None:
    assert exerciser([PUSH_UP], [bystander(14), exercising(3, 14)]) == 1
    assert exerciser([PUSH_UP], [exercising(3, 14), bystander(14)]) == 0


def test_of_two_who_exercise_the_one_who_does_more() -> None:
    assert exerciser([PUSH_UP], [exercising(1, 14), exercising(3, 14)]) == 1


def test_where_nobody_does_the_exercise_whoever_is_in_its_position_and_then_whoever_is_seen_longest() -> None:
    assert exerciser([PUSH_UP], [bystander(6), exercising(0, 6)]) == 1
    half = record(lambda t_s: standing(yaw=90.0) if t_s < 2 else None, times(6, 20))
    assert exerciser([PUSH_UP], [half, bystander(6)]) == 1


def test_whether_anything_of_the_exercise_is_done() -> None:
    assert does_something([PUSH_UP], exercising(1, 6))
    assert not does_something([PUSH_UP], bystander(6))


def test_a_rep_joined_from_both_ends_of_the_recording_is_no_long_exercise() -> None:
    # bent at the beginning and at the end, and nothing between: two halves that are 14 s apart
    joined = record(lambda t_s: push_up(min(172.0, 80.0 + 70.0 * min(t_s, 14 - t_s))), times(14, 20))
    (rep,) = judge(PUSH_UP, joined).result().reps
    assert rep.time_doubt is not None
    assert exerciser([PUSH_UP], [joined, exercising(2, 14)]) == 1


@pytest.mark.parametrize(("score", "chosen"), [(27.0, 1), (39.0, 1), (45.0, 0), (60.0, 0)])
def test_terrible_repetitions_are_less_than_fewer_good_ones_but_faults_alone_are_not(score: float, chosen: int) -> None:
    # 18 s of the exercise in the first one's joints, 12 s of it done well in the second one's
    people = [exercising(1, 6), exercising(1, 6)]
    told = {id(people[0]): (18.0, score), id(people[1]): (12.0, 100.0)}

    def told_judge(_exercise: Any, poses: PoseSequence, **_: Any) -> Any:
        seconds, points = told[id(poses)]
        rep = SimpleNamespace(start_s=0.0, end_s=seconds, joined=False)
        result = SimpleNamespace(holds=[], score=points, tracking=SimpleNamespace(judged=1.0))
        done = SimpleNamespace(counted=SimpleNamespace(reps=[rep]))
        return SimpleNamespace(result=lambda: result, done=done)

    assert exerciser([PUSH_UP], people, told_judge) == chosen
