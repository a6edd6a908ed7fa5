"""Time is doubted like everything else: over gaps, at few frames per second, and where a recording's times are not true ones."""

from __future__ import annotations

import numpy as np
import pytest

from posturecam.judging.judge import judge
from posturecam.judging.summary import time_problems
from posturecam.model import SessionResult
from posturecam.spec.catalogue import load_exercise
from tests.builders import push_up, record, rounds, times

PUSH_UP = load_exercise("push_up")


def quick(fps: float = 20.0, gap: tuple[float, float] = (-1.0, -1.0), doubted: str | None = None) -> SessionResult:
    """Three push-ups that are lowered far too fast."""
    elbow, seconds = rounds(172.0, [80.0] * 3, way_s=0.35)
    when = [t_s for t_s in times(seconds, fps) if not gap[0] < t_s < gap[1]]
    return judge(PUSH_UP, record(lambda t_s: push_up(elbow(t_s)), when), doubted=doubted).result()


def test_reps_that_are_too_fast_are_told_when_times_are_known() -> None:
    result = quick()
    assert [rep.time_doubt for rep in result.reps] == [None] * 3
    assert all(any(mark.check == "too_fast" for mark in rep.faults) for rep in result.reps)


def test_no_tempo_is_judged_where_the_recordings_times_are_doubted_and_the_reason_is_given() -> None:
    result = quick(doubted="the recording holds no times")
    assert len(result.reps) == 3
    for rep in result.reps:
        assert rep.time_doubt == "the recording holds no times"
        (tempo,) = [verdict for verdict in rep.verdicts if verdict.check == "too_fast"]
        assert (tempo.state, tempo.reason) == ("unknown", "the recording holds no times")


def test_a_gap_is_named_with_its_length_and_place() -> None:
    result = quick(gap=(2.0, 2.9))
    assert any(text.startswith("No pictures for 0.9 s after 2.0 s") for text in result.tracking.problems)


@pytest.mark.parametrize(("step_s", "named"), [(0.25, 0), (0.35, 1)])
def test_short_gaps_are_not_named(step_s: float, named: int) -> None:
    t_s = np.array([0.0, 0.05, 0.1, 0.1 + step_s, 0.15 + step_s, 0.2 + step_s])
    assert len(time_problems(t_s)) == named


def test_many_gaps_are_counted_and_the_three_longest_named_in_their_order() -> None:
    steps = np.full(100, 0.04)
    steps[[10, 30, 50, 70]] = 0.5, 2.0, 1.0, 1.5
    said = time_problems(np.concatenate(([0.0], np.cumsum(steps))))
    assert [text.split(" after")[0] for text in said[:3]] == [
        "No pictures for 2.0 s",
        "No pictures for 1.0 s",
        "No pictures for 1.5 s",
    ]
    assert said[3] == "4 gaps without pictures in all"


def test_a_rate_that_tells_no_tempo_is_named_once() -> None:
    assert time_problems(np.arange(20.0)) == ["Only 1 pictures per second, so tempo is not known"]
    assert time_problems(np.arange(20) / 10.0) == []
    assert time_problems(np.array([])) == []
