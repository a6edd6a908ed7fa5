"""Recognising an exercise: how much must be explained, and how clearly, on either side of each limit."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from posturecam.judging.recognise import Candidate, decide, evidence, find_variant, stillness
from posturecam.poses import PoseSequence
from posturecam.spec.schema import Exercise
from tests.builders import TORSO_PX, plank, record, standing, times
from tests.specs import exercise, holding


def ranking(*found: float) -> list[Candidate]:
    return [Candidate(f"exercise_{place}", None, one) for place, one in enumerate(found)]


def result(
    reps: Sequence[tuple[float, float]] = (), holds: Sequence[tuple[float, float]] = (), *, view_ok: bool = True
) -> Any:
    """What a judgement comes to, at full marks."""
    return SimpleNamespace(
        score=100.0,
        reps=[SimpleNamespace(start_s=start, end_s=end) for start, end in reps],
        holds=[SimpleNamespace(side=None, start_s=start, end_s=end, duration_s=end - start) for start, end in holds],
        tracking=SimpleNamespace(view_ok=view_ok),
    )


class Judged:
    """A judge who finds in each exercise what was given for it."""

    def __init__(self, **results: Any) -> None:
        self.results, self.asked = results, PoseSequence()

    def __call__(self, one: Exercise, poses: PoseSequence, *, still: bool = False, doubted: str | None = None) -> Any:
        self.asked = poses
        return SimpleNamespace(result=lambda: self.results[one.id])


@pytest.mark.parametrize(("explained", "known"), [(0.24, False), (0.26, True)])
def test_a_quarter_of_the_time_must_be_explained(explained: float, known: bool) -> None:
    assert (decide(ranking(explained)).best is not None) is known


@pytest.mark.parametrize(("second", "known"), [(0.5 / 1.2, False), (0.5 / 1.3, True)])
def test_the_best_explains_a_quarter_more_than_the_next(second: float, known: bool) -> None:
    assert (decide(ranking(0.5, second)).best is not None) is known


def test_of_an_exercise_seen_from_elsewhere_six_tenths_are_believed() -> None:
    t_s = np.arange(0.0, 10.0, 0.1)
    seen, elsewhere = (
        evidence(result([(0.0, 9.0)], view_ok=view_ok), np.ones(len(t_s)), t_s, 10.0) for view_ok in (True, False)
    )
    assert elsewhere == pytest.approx(0.6 * seen)


@pytest.mark.parametrize(("pause_s", "explained_s"), [(3.8, 7.8), (4.2, 4.0)])
def test_a_pause_of_up_to_four_seconds_belongs_to_the_set(pause_s: float, explained_s: float) -> None:
    t_s = np.arange(0.0, 20.0, 0.02)
    found = evidence(result([(0.0, 2.0), (2.0 + pause_s, 4.0 + pause_s)]), np.ones(len(t_s)), t_s, 20.0)
    assert 20.0 * found == pytest.approx(explained_s, abs=0.1)


@pytest.mark.parametrize(("moved", "still"), [(0.13, True), (0.17, False)])
def test_who_moves_by_an_eighth_of_a_torso_in_a_second_and_a_half_is_still(moved: float, still: bool) -> None:
    speed = moved * TORSO_PX / 1.5
    drifting = record(lambda t_s: standing(at_px=(200 + speed * t_s, 430.0)), times(5, 20))
    assert stillness(drifting)[60:].all() == still
    assert stillness(drifting)[60:].any() == still


HOLD, REPS = holding(id="hold"), exercise(id="reps")


def confidence(held: Exercise, reps: Sequence[tuple[float, float]], poses: PoseSequence) -> float:
    """In a hold of all 20 seconds, beside reps in the same position."""
    found = find_variant([held, REPS], poses, Judged(hold=result(holds=[(0.0, 20.0)]), reps=result(reps)))
    assert found is not None
    return found.confidence


def test_two_seconds_around_a_rep_nothing_is_held() -> None:
    poses = record(lambda _t_s: plank(), times(20, 50))
    two = confidence(HOLD, [(10.0, 11.0), (11.0, 12.0)], poses)
    one = confidence(HOLD, [(10.0, 11.0)], poses)
    assert two == pytest.approx(14.0 / (14.0 + 2.0), abs=0.006)
    assert one == pytest.approx(15.0 / (15.0 + 1.0), abs=0.006)


def test_a_hold_in_which_something_moves_is_half_believed_of_who_is_not_still() -> None:
    spec = holding(id="hold", hold={"while": {"trunk_tilt": "55..110"}, "moves": True})
    drifting = record(lambda t_s: plank(at_px=(100 + 2.0 * TORSO_PX * t_s, 360.0)), times(20, 50))
    assert confidence(spec, [(10.0, 11.0)], drifting) == pytest.approx(7.5 / (7.5 + 1.0), abs=0.005)


def test_two_minutes_are_looked_at() -> None:
    judge = Judged(hold=result(holds=[(0.0, 20.0)]))
    find_variant([HOLD], record(lambda _t_s: plank(), times(150, 1)), judge)
    assert judge.asked.t_s[-1] == pytest.approx(120.0, abs=1.5)
