"""Turning points: visits to an extreme and back, the person's own range, and what the recording cuts in half."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posturecam.counting.signals import Segment, smoothed
from posturecam.counting.turning import halves, usual_range, visits
from tests.builders import path, rounds


def segment_of(value, seconds: float, fps: float = 60) -> Segment:
    t_s = np.arange(0.0, seconds + 1e-9, 1 / fps)
    return smoothed(t_s, np.array([value(float(t)) for t in t_s]))


# visits ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_a_visit_is_bounded_by_leaving_and_coming_back(fps: float) -> None:
    value, seconds = rounds(0.0, [80.0], way_s=1.2, stay_s=1.0)
    (visit,) = visits(segment_of(value, seconds, fps), 10.0, 2.0)
    assert visit.left_s == pytest.approx(1.65, abs=0.15)
    assert visit.reached_s == pytest.approx(2.55, abs=0.15)
    assert visit.reached_s <= visit.peak_s <= visit.departed_s
    assert visit.departed_s == pytest.approx(3.85, abs=0.15)
    assert visit.returned_s == pytest.approx(4.75, abs=0.15)
    assert (visit.height, visit.prominence) == (pytest.approx(80, abs=1), pytest.approx(80, abs=1))


@pytest.mark.parametrize(("least", "count"), [(29.0, 1), (31.0, 0)])
def test_a_visit_must_stand_out_on_both_sides(least: float, count: int) -> None:
    value = path((0, 0), (1, 0), (2, 60), (3, 30), (5, 30))
    assert len(visits(segment_of(value, 5), least, 1.0)) == count


def test_the_height_is_the_way_there_and_the_prominence_the_lesser_way() -> None:
    value = path((0, 0), (1, 0), (2, 60), (3, 40), (5, 40))
    (visit,) = visits(segment_of(value, 5), 5.0, 1.0)
    assert (visit.height, visit.prominence) == (pytest.approx(60, abs=1), pytest.approx(20, abs=1))


def test_wobbling_at_the_end_position_is_one_visit() -> None:
    value = path((0, 0), (1, 0), (2, 80), (2.3, 76), (2.6, 80), (2.9, 75), (3.2, 80), (4.2, 0), (5, 0))
    (visit,) = visits(segment_of(value, 5), 20.0, 5.0)
    assert visit.departed_s - visit.reached_s > 1.0


@pytest.mark.parametrize(("sunk", "stays"), [(8.0, True), (11.0, True), (14.0, False)])
def test_who_sinks_a_little_at_the_end_position_and_comes_near_it_again_stayed_there(sunk: float, stays: bool) -> None:
    value = path((0, 0), (1, 0), (2, 80), (2.3, 80), (2.6, 80 - sunk), (3.2, 80 - sunk), (3.5, 77.5), (4, 77.5), (5, 0))
    (visit,) = visits(segment_of(value, 5), 20.0, 1.0)
    assert (visit.departed_s > 3.9) is stays
    mirrored = path(
        (0, 0), (1, 77.5), (1.5, 77.5), (1.8, 80 - sunk), (2.4, 80 - sunk), (2.7, 80), (3, 80), (4, 0), (5, 0)
    )
    (visit,) = visits(segment_of(mirrored, 5), 20.0, 1.0)
    assert (visit.reached_s < 1.1) is stays


@pytest.mark.parametrize(("noise", "stays"), [(9.0, True), (1.0, False)])
def test_a_stay_near_the_end_is_as_wide_as_the_signals_noise(noise: float, stays: bool) -> None:
    value = path((0, 0), (2, 0), (3, 86), (3.5, 78), (5, 78), (6, 0), (8, 0))
    (visit,) = visits(segment_of(value, 8), 30.0, noise)
    assert (visit.departed_s - visit.reached_s > 1.8) is stays


@pytest.mark.parametrize(("drift_s", "early"), [(3.0, False), (0.2, True)])
def test_a_slow_drift_before_the_movement_is_not_yet_the_movement(drift_s: float, early: bool) -> None:
    # eight of a hundred in the drift, the rest in 0.8 s
    value = path((0, 0), (4 - drift_s, 0), (4, 8), (4.8, 100), (5.6, 0), (7, 0))
    (visit,) = visits(segment_of(value, 7), 20.0, 1.0)
    assert visit.left_s > 3.5


@given(st.integers(0, 6), st.sampled_from([15.0, 24.0, 30.0, 60.0]), st.floats(0.6, 2.0), st.floats(-300, 300))
def test_the_count_does_not_change_between_15_and_60_frames_a_second(reps: int, fps: float, way_s: float, low: float):
    value, seconds = rounds(low, [low + 70.0] * reps, way_s=way_s)
    assert len(visits(segment_of(value, seconds, fps), 20.0, 2.0)) == reps


@given(st.integers(0, 10_000), st.sampled_from([15.0, 30.0, 60.0]))
def test_jitter_under_the_noise_counts_nothing(seed: int, fps: float) -> None:
    noise = np.random.default_rng(seed).uniform(-2.0, 2.0, round(10 * fps))
    t_s = np.arange(len(noise)) / fps
    assert visits(smoothed(t_s, noise), 4.0, 2.0) == []


@given(st.integers(0, 10_000))
def test_jitter_on_a_movement_counts_nothing_twice(seed: int) -> None:
    value, seconds = rounds(0.0, [70.0] * 3)
    t_s = np.arange(0, seconds, 1 / 30)
    noise = np.random.default_rng(seed).uniform(-4.0, 4.0, len(t_s))
    assert len(visits(smoothed(t_s, np.array([value(float(t)) for t in t_s]) + noise), 16.0, 4.0)) == 3


# the person's own range ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heights", "usual"),
    [
        ([], 0.0),
        ([50.0], 50.0),
        ([80.0, 82.0, 78.0], 80.0),
        ([80.0, 80.0, *[4.0] * 20], 80.0),
        ([10.0] * 8, 10.0),
        ([100.0, *[30.0] * 4], 30.0),
    ],
    ids=["none", "one", "alike", "wobbles weigh little", "small is their range", "one large is not"],
)
def test_the_usual_range_is_where_half_of_the_way_was_travelled(heights: list[float], usual: float) -> None:
    assert usual_range(np.array(heights)) == usual


# halves --------------------------------------------------------------------------------------------------------------------


def cut(value, seconds: float, least: float = 20.0) -> list[bool]:
    """For each half that is found, whether it is a way out."""
    signal = segment_of(value, seconds)
    return [half.out for half in halves(signal, visits(signal, least, 2.0), least)]


WHOLE, SECONDS = rounds(0.0, [80.0] * 3, still_s=2.0)


def test_a_whole_set_has_no_halves() -> None:
    assert cut(WHOLE, SECONDS) == []


def test_beginning_in_mid_movement_is_a_way_back() -> None:
    # 2.6: half way out; 3.9: half way back
    assert cut(lambda t_s: WHOLE(t_s + 3.9 + 0.4), SECONDS - 4.3) == [False]


def test_ending_in_mid_movement_is_a_way_out() -> None:
    assert cut(WHOLE, 2.0 + 0.8) == [True]


def test_ending_at_the_end_position_while_still_moving_is_a_way_out() -> None:
    assert cut(WHOLE, SECONDS - 2.0 - 0.4 - 1.2 - 0.4 - 0.1) == [True]


@pytest.mark.parametrize("still_s", [0.2, 3.0])
def test_who_stands_still_elsewhere_and_then_takes_up_the_position_is_in_no_half(still_s: float) -> None:
    # arms hang at another angle before the set begins
    value = path((0, 40), (still_s + 0.6, 40), (still_s + 1.6, 0), (30, 0))
    assert cut(lambda t_s: value(t_s) if t_s < still_s + 3 else WHOLE(t_s - still_s - 3), still_s + 3 + SECONDS) == []


@pytest.mark.parametrize(("height", "found"), [(19.0, []), (24.0, [True])])
def test_a_half_is_as_high_as_a_movement_must_be(height: float, found: list[bool]) -> None:
    value = path((0, 0), (3, 0), (4, height))
    assert cut(value, 3.9) == found


# limits: literal values on either side, so that a changed constant cannot take its test along --------------------------------


def raw(*keys: tuple[float, float]) -> Segment:
    """Straight lines through (seconds, value) keys, not smoothed, 100 values a second."""
    t_s = np.linspace(keys[0][0], keys[-1][0], round(100 * (keys[-1][0] - keys[0][0])) + 1)
    return Segment(t_s, np.interp(t_s, *np.array(keys).T))


@pytest.mark.parametrize(("crept", "left_s"), [(4.0, 3.0), (6.0, 2.7)])
def test_rest_is_left_at_a_twentieth_of_the_way(crept: float, left_s: float) -> None:
    # of 100 so many are crept in the first instant, then nothing for a second
    (visit,) = visits(raw((0, 0), (2, 0), (2.01, crept), (3, crept), (3.2, 100), (6, 0)), 20.0, 0.0)
    assert visit.left_s == pytest.approx(left_s, abs=0.06)


@pytest.mark.parametrize(("fallen", "stays"), [(4.0, True), (6.0, False)])
def test_the_end_position_is_the_last_twentieth_of_the_way(fallen: float, stays: bool) -> None:
    (visit,) = visits(raw((0, 0), (2, 100), (2.1, 100 - fallen), (4, 100 - fallen), (6, 0)), 20.0, 0.0)
    assert (visit.departed_s > 3.5) is stays


def test_the_slow_last_twentieth_counts_as_far_as_it_is_travelled_in_three_tenths_of_a_second() -> None:
    # a tenth is reached only after 3 s of drifting
    (visit,) = visits(raw((0, 0), (3, 10), (4, 100), (8, 0)), 20.0, 0.0)
    assert visit.left_s == pytest.approx(3.0 - 0.3, abs=0.05)


@pytest.mark.parametrize(("share", "named"), [(0.105, False), (0.14, True)])
def test_who_moves_by_an_eighth_of_the_way_at_the_very_end_was_cut_off(share: float, named: bool) -> None:
    # far from the end position of the other reps, so that only the movement itself tells
    rise = raw((0, 0), (1, 0), (2, 50), (3, 0), (4, 20 * (1 - share)), (4.31, 20 * (1 - share)), (4.31 + 0.29, 20))
    (visit,) = visits(rise, 30.0, 0.0)
    assert [half.out for half in halves(rise, [visit], 10.0)] == [True] * named


@pytest.mark.parametrize(("still_s", "named"), [(0.25, True), (0.35, False)])
def test_who_keeps_still_for_the_last_three_tenths_of_a_second_was_not_cut_off(still_s: float, named: bool) -> None:
    rise = raw((0, 0), (1, 0), (2, 50), (3, 0), (3.8, 0), (4, 20), (4 + still_s, 20))
    (visit,) = visits(rise, 30.0, 0.0)
    assert [half.out for half in halves(rise, [visit], 10.0)] == [True] * named


@pytest.mark.parametrize(
    ("top", "still_s", "named"), [(46.0, 0.45, True), (46.0, 0.55, False), (43.8, 0.45, True), (41.5, 0.45, False)]
)
def test_at_the_end_position_half_a_second_of_stillness_is_still_cut_off(
    top: float, still_s: float, named: bool
) -> None:
    # the end position is 50; 0.15 of the height below it is 43.5
    rise = raw((0, 0), (1, 0), (2, 50), (3, 0), (3.8, 0), (4, top), (4 + still_s, top))
    (visit,) = visits(raw((0, 0), (1, 0), (2, 50), (3, 0)), 30.0, 0.0)
    assert [half.out for half in halves(rise, [visit], 10.0)] == [True] * named
