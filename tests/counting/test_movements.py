"""What is asked of each movement, on either side of its limits."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from posturecam.counting.movements import Movement, RepSpan, Signal, is_planted, is_possible, named, settled
from posturecam.counting.turning import Visit
from posturecam.model import Side

T_S = np.arange(0.0, 10.0, 0.01)


def visit(start_s: float, end_s: float, height: float = 80.0) -> Visit:
    return Visit(start_s, start_s, (start_s + end_s) / 2, end_s, end_s, 0.0, height, 0.0)


def signal(values: np.ndarray) -> Signal:
    return Signal(values, np.ones(len(values), dtype=bool), None, 6.0, 3.0)


@pytest.mark.parametrize(("seconds", "possible"), [(0.35, False), (0.45, True)])
def test_a_body_takes_four_tenths_of_a_second_there_and_back(seconds: float, possible: bool) -> None:
    assert is_possible(T_S, signal(np.zeros(len(T_S))), visit(2.0, 2.0 + seconds)) is possible


@pytest.mark.parametrize(("share", "possible"), [(0.45, False), (0.55, True)])
def test_half_of_a_movement_must_be_seen(share: float, possible: bool) -> None:
    values = np.where((T_S > 2.0) & (2.0 + 4.0 * (1 - share) > T_S), math.nan, 0.0)
    assert is_possible(T_S, signal(values), visit(2.0, 6.0)) is possible


@pytest.mark.parametrize(("stood_s", "possible"), [(0.7, False), (0.9, True)])
@pytest.mark.parametrize("after", [False, True])
def test_the_posture_lasts_for_eight_tenths_of_a_second_before_or_after_a_movement(
    stood_s: float, after: bool, possible: bool
) -> None:
    stood = (T_S >= 4.0) & (6.0 + stood_s >= T_S) if after else (4.0 - stood_s <= T_S) & (T_S <= 6.0)
    held = replace(signal(np.zeros(len(T_S))), otherwise=~stood)
    assert is_possible(T_S, held, visit(4.0, 6.0)) is possible


@pytest.mark.parametrize("start_s", [0.0, T_S[-1] - 2.0])
def test_a_recording_that_begins_or_ends_in_posture_says_nothing_against_it(start_s: float) -> None:
    held = replace(signal(np.zeros(len(T_S))), otherwise=(start_s > T_S) | (start_s + 2.0 < T_S))
    assert is_possible(T_S, held, visit(start_s, start_s + 2.0))


@pytest.mark.parametrize(("away", "planted"), [(0.25, True), (0.35, False)])
def test_what_carries_the_body_moves_by_three_tenths_of_a_torso_at_the_most(away: float, planted: bool) -> None:
    places = np.zeros((len(T_S), 1, 2))
    places[T_S > 3.0, 0, 0] = away
    assert is_planted(T_S, places, visit(2.0, 6.0)) is planted


def test_who_comes_into_the_picture_is_not_seen_at_first_and_has_moved_since() -> None:
    places = np.zeros((len(T_S), 1, 2))
    places[:, 0, 0] = np.maximum(0.0, 4.0 - T_S)
    assert not is_planted(T_S, places, visit(2.0, 6.0))
    places[T_S < 2.2] = math.nan
    assert not is_planted(T_S, places, visit(2.0, 6.0))


@pytest.mark.parametrize(("height", "told"), [(45.0, 0), (50.0, 1)])
def test_what_carried_it_along_is_told_where_it_comes_near_the_smallest_rep(height: float, told: int) -> None:
    carried = [Movement(None, 2.0, 4.0, height, 20.0, "carried")]
    assert len(named(carried, 80.0)) == told


def test_where_nothing_counts_what_carried_it_along_is_told_once() -> None:
    carried = [Movement("left", start_s, start_s + 2.0, 50.0, 20.0, "carried") for start_s in (8.0, 2.0, 5.0)]
    assert named(carried, None) == [Movement(None, 2.0, 10.0, 50.0, 20.0, "carried")]
    assert named([], None) == []


@pytest.mark.parametrize(("share", "planted"), [(0.08, True), (0.12, False)])
def test_a_landmark_of_it_may_jump_for_a_tenth_of_the_time(share: float, planted: bool) -> None:
    places = np.zeros((len(T_S), 1, 2))
    places[(T_S >= 3.0) & (3.0 + 4.0 * share > T_S), 0, 0] = 0.8
    assert is_planted(T_S, places, visit(2.0, 6.0)) is planted


@pytest.mark.parametrize(("share", "side", "reps"), [(0.55, "right", 1), (0.65, "right", 2), (0.3, "left", 2)])
def test_the_other_side_is_carried_along_up_to_six_tenths(share: float, side: Side, reps: int) -> None:
    def rep(of: Side, height: float, start_s: float) -> RepSpan:
        return RepSpan(of, (("end", visit(start_s, start_s + 2.0, height)),), 0.0, height)

    assert len(settled([rep("left", 80.0, 2.0), rep(side, 80.0 * share, 2.3)], [], 80.0).reps) == reps
