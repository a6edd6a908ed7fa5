"""Smoothing knows seconds, not frames; a jump is held back only as long as it could be an error."""

from __future__ import annotations

import numpy as np
import pytest

from posturecam.kinematics.filters import (
    OneEuroFilter,
    OutlierGate,
    Running,
    RunningQuartiles,
    centred_mean,
    centred_quartile,
    with_hysteresis,
)
from tests import builders


def one_euro() -> OneEuroFilter:
    return OneEuroFilter(min_cutoff_hz=1.5, beta=0.5)


def smoothed(smooth: OneEuroFilter, values: list[float], fps: float) -> list[float]:
    rows = np.array(values)[:, None]
    smooth.follow(np.arange(len(values)) / fps, rows)
    return [float(value) for value in rows[:, 0]]


def filtered(values: list[float], fps: float) -> list[float]:
    return smoothed(one_euro(), values, fps)


def step(smooth: OneEuroFilter, t_s: float, *values: float) -> list[float]:
    rows = np.array([values])
    smooth.follow(np.array([t_s]), rows)
    return [float(value) for value in rows[0]]


def test_what_stands_still_stays_where_it_is() -> None:
    assert filtered([3.0] * 20, 30) == [3.0] * 20


def test_jitter_gets_smaller() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 300)
    assert np.std(filtered(list(noise), 30)[30:]) < 0.6 * np.std(noise)


def test_a_fast_movement_is_followed_closer_than_a_slow_filter_would() -> None:
    ramp = [10.0 * i / 30 for i in range(60)]
    lag = ramp[-1] - filtered(ramp, 30)[-1]
    slow_lag = ramp[-1] - smoothed(OneEuroFilter(min_cutoff_hz=1.5, beta=0.0), ramp, 30)[-1]
    assert 0 <= lag < slow_lag / 2


@pytest.mark.parametrize("fps", [15, 60])
def test_the_result_hardly_depends_on_the_frame_rate(fps: int) -> None:
    def wave(t: np.ndarray) -> np.ndarray:
        return np.sin(2 * np.pi * 0.5 * t)

    reference = filtered(list(wave(np.arange(0, 4, 1 / 30))), 30)
    other = filtered(list(wave(np.arange(0, 4, 1 / fps))), fps)
    at = np.arange(0.5, 3.9, 0.1)
    difference = np.interp(at, np.arange(len(other)) / fps, other) - np.interp(
        at, np.arange(len(reference)) / 30, reference
    )
    assert np.abs(difference).max() < 0.06


def test_an_unseen_element_is_unseen_and_starts_afresh_without_touching_the_others() -> None:
    smooth = one_euro()
    step(smooth, 0.0, 0.0, 5.0)
    gap = step(smooth, 0.1, np.nan, 5.0)
    assert np.isnan(gap[0])
    assert gap[1] == 5.0
    assert step(smooth, 0.2, 9.0, 5.0) == [9.0, 5.0]


@pytest.mark.parametrize(("gap_s", "fresh"), [(0.49, False), (0.51, True)])
def test_after_half_a_second_without_frames_everything_starts_afresh(gap_s: float, fresh: bool) -> None:
    smooth = one_euro()
    step(smooth, 0.0, 0.0)
    assert (step(smooth, gap_s, 7.0) == [7.0]) == fresh


def test_the_speed_is_itself_smoothed_at_one_hertz() -> None:
    # 30 units a second, of which 1 - 1 / (1 + 2 pi / 30) is believed: cut off at 1.5 + 0.5 * 5.2 Hz
    assert filtered([0.0, 1.0], 30)[1] == pytest.approx(0.462, abs=0.01)


# outliers ------------------------------------------------------------------------------------------------------------


def body() -> np.ndarray:
    return np.arange(20.0).reshape(10, 2)


def gate() -> OutlierGate:
    return OutlierGate(max_speed=10.0, slack=1.0)


def gated(g: OutlierGate, t_s: float, points: np.ndarray) -> np.ndarray:
    """Which of the landmarks of one frame are held back."""
    return g.follow(np.array([t_s]), points[None])[0]


def jump(points: np.ndarray, index: int = 3, by: float = 50.0) -> np.ndarray:
    points = points.copy()
    points[index] += by
    return points


def test_a_landmark_that_jumps_is_held_back_alone() -> None:
    g = gate()
    gated(g, 0.0, body())
    assert np.flatnonzero(gated(g, 0.1, jump(body()))).tolist() == [3]


def test_it_is_taken_again_as_soon_as_it_comes_back() -> None:
    g = gate()
    gated(g, 0.0, body())
    gated(g, 0.1, jump(body()))
    assert not gated(g, 0.2, body()).any()


@pytest.mark.parametrize("fps", [10, 30, 60])
def test_it_is_believed_after_a_quarter_of_a_second_at_any_frame_rate(fps: int) -> None:
    g = gate()
    gated(g, 0.0, body())
    held = g.follow(np.arange(1, fps) / fps, np.repeat(jump(body())[None], fps - 1, axis=0))[:, 3].tolist()
    assert held[0]
    first_taken = held.index(False) / fps
    assert 0.25 - 1e-9 <= first_taken <= 0.25 + 2 / fps


@pytest.mark.parametrize(("speed", "held"), [(9.9, False), (30.0, True)])
def test_a_movement_as_fast_as_a_body_can_is_let_through(speed: float, held: bool) -> None:
    points = np.array([jump(body(), by=speed * i / 10) for i in range(10)])
    assert gate().follow(np.arange(10) / 10, points).any() == held


def test_when_most_of_the_body_jumps_it_is_a_cut_and_not_an_outlier() -> None:
    g = gate()
    gated(g, 0.0, body())
    assert not gated(g, 0.1, body() + 100).any()


def test_a_landmark_that_was_unseen_is_no_outlier_when_it_comes_back_in_time() -> None:
    g = gate()
    hidden = body()
    hidden[3] = np.nan
    points = np.array([body()] + [hidden] * 39 + [jump(body(), by=5.0)])
    assert not g.follow(np.arange(41) / 10, points).any()


def test_what_comes_in_is_never_written_to() -> None:
    points = np.array([body(), jump(body())])
    before = points.copy()
    gate().follow(np.array([0.0, 0.1]), points)
    assert (points == before).all()


@pytest.mark.parametrize("seed", range(3))
def test_gate_and_filter_do_not_depend_on_the_blocks(seed: int) -> None:
    random = np.random.default_rng(seed)
    count = 700
    t_s = np.cumsum(random.choice([1 / 30, 0.1, 0.7], count, p=[0.9, 0.09, 0.01]))
    points = 300 + np.cumsum(random.normal(0, 2, (count, 33, 2)), axis=0)
    for _ in range(20):
        start = random.integers(count - 20)
        points[start : start + random.integers(1, 20), random.integers(33)] += 300.0
    points[random.random((count, 33)) < 0.03] = np.nan
    whole = OutlierGate(900.0, 35.0).follow(t_s, points)
    for size in (1, 7, 250):
        g = OutlierGate(900.0, 35.0)
        parts = [g.follow(t_s[a : a + size], points[a : a + size]) for a in range(0, count, size)]
        np.testing.assert_array_equal(np.vstack(parts), whole)
    assert 0.001 < whole.mean() < 0.1
    flat = np.where(whole[:, :, None], np.nan, points).reshape(count, -1)
    smooth = flat.copy()
    OneEuroFilter(2.0, 0.05).follow(t_s, smooth)
    for size in (1, 7, 250):
        parts, f = flat.copy(), OneEuroFilter(2.0, 0.05)
        for a in range(0, count, size):
            f.follow(t_s[a : a + size], parts[a : a + size])
        np.testing.assert_array_equal(parts, smooth)


@pytest.mark.parametrize("fps", [12.0, 30.0])
def test_lanes_side_by_side_are_one_recording(fps: float) -> None:
    random = np.random.default_rng(3)
    count = 2100
    t_s = np.cumsum(random.choice([1 / fps, 0.2, 0.7], count, p=[0.96, 0.03, 0.01]))
    values = 300 + np.cumsum(random.normal(0, 5, (count, 4)), axis=0)
    values[random.random(values.shape) < 0.02] = np.nan
    values[:, 0] = np.nan
    together, singly, halves = values.copy(), values.copy(), values.copy()
    OneEuroFilter(2.0, 0.02).follow(t_s, together)
    smooth, again = OneEuroFilter(2.0, 0.02), OneEuroFilter(2.0, 0.02)
    for row in range(count):
        smooth.follow(t_s[row : row + 1], singly[row : row + 1])
    for rows in (slice(0, 1001), slice(1001, None)):
        again.follow(t_s[rows], halves[rows])
    np.testing.assert_allclose(together, singly, rtol=1e-12)
    np.testing.assert_allclose(halves, singly, rtol=1e-12)


# running values --------------------------------------------------------------------------------------------------------------


def test_a_running_value_starts_at_its_first_input_and_reaches_two_thirds_of_a_step_in_its_time() -> None:
    t_s = np.arange(0, 2, 0.1)
    result = Running(0.7).follow(t_s, np.where(t_s < 0.35, np.where(t_s < 0.05, np.nan, 0.0), 1.0))
    assert np.isnan(result[0])
    assert result[1] == 0.0
    assert np.interp(0.3 + 0.7, t_s, result) == pytest.approx(1 - np.exp(-1), abs=0.01)


def test_a_running_value_stays_where_there_is_no_input() -> None:
    assert Running(0.5).follow(np.array([0.0, 1.0, 2.0]), np.array([3.0, np.nan, 3.0])).tolist() == [3.0, 3.0, 3.0]


@pytest.mark.parametrize(("value", "sign"), [(0.39, 1.0), (-0.39, 1.0), (-0.41, -1.0)])
def test_a_sign_changes_only_beyond_its_threshold(value: float, sign: float) -> None:
    assert with_hysteresis(np.array([value, 0.0, np.nan]), 0.4, 1.0).tolist() == [sign] * 3
    assert with_hysteresis(np.array([-0.1, 0.1]), 0.4, None).tolist() == [-1.0, -1.0]


@pytest.mark.parametrize("fps", [5, 15, 30, 60])
@pytest.mark.parametrize("centred", [False, True])
def test_a_length_is_the_same_at_any_frame_rate(fps: int, centred: bool) -> None:
    t_s = np.array(builders.times(20, fps))
    lengths = 100.0 + np.random.default_rng(0).normal(0, 1.0, len(t_s))
    values = centred_quartile(t_s, lengths) if centred else RunningQuartiles(1).follow(t_s, lengths[:, None])[:, 0]
    assert values[-1] == pytest.approx(100.5, abs=1.0)


def test_a_length_that_is_unseen_or_nothing_is_no_length() -> None:
    lengths = np.array([[np.nan, 5.0], [0.0, 5.0], [80.0, np.nan], [0.0, np.nan]])
    result = RunningQuartiles(2).follow(np.arange(4) / 10, lengths)
    np.testing.assert_array_equal(result, [[np.nan, 5.0], [np.nan, 5.0], [80.0, 5.0], [80.0, 5.0]])
    np.testing.assert_array_equal(centred_quartile(np.arange(4) / 10, lengths[:, 0]), [80.0] * 4)
    assert np.isnan(centred_quartile(np.arange(4) / 10, lengths[:, 0] * 0)).all()


def test_the_centred_quartile_is_that_of_four_seconds_to_both_sides() -> None:
    random = np.random.default_rng(5)
    t_s = np.cumsum(random.choice([0.1, 0.2, 3.0], 400, p=[0.8, 0.18, 0.02]))
    t_s = np.round(t_s, 1) + 0.05
    values = np.where(random.random(400) < 0.1, np.nan, random.uniform(50, 100, 400))
    expected = []
    ticks = np.round((t_s - t_s[0]) / 0.1).astype(int)
    for tick in ticks:
        near = np.sort(values[(np.abs(ticks - tick) <= 40) & ~np.isnan(values)])
        expected.append(near[3 * (len(near) - 1) // 4])
    found = centred_quartile(t_s, values)
    known = ~np.isnan(values)
    np.testing.assert_allclose(found[known], np.array(expected)[known])


def test_a_gap_of_years_costs_nothing() -> None:
    t_s = np.array([0.0, 0.1, 1e9, 1e9 + 1])
    assert centred_quartile(t_s, np.array([1.0, 2.0, 3.0, 4.0])).tolist() == [1.0, 1.0, 3.0, 3.0]


def test_the_centred_mean_is_that_of_half_a_window_to_both_sides() -> None:
    t_s = np.arange(0, 5, 0.1)
    values = np.where(t_s < 2.45, 0.0, 1.0)
    values[40:] = np.nan
    mean = centred_mean(t_s, values, 1.5)
    assert mean[[0, 10]].tolist() == [0.0, 0.0]
    assert np.interp(2.45, t_s, mean) == pytest.approx(0.5, abs=0.01)
    assert mean[35] == pytest.approx(1.0)
    assert np.isnan(mean[48])


def test_a_length_is_the_upper_quartile_of_eight_seconds() -> None:
    t_s = np.arange(0.0, 40.0, 0.01)
    values = np.where(t_s < 20.0, 2.0, 1.0)[:, None]
    shorter = t_s[RunningQuartiles(1).follow(t_s, values)[:, 0] < 1.5]
    # three quarters of the window, of which a value every 0.10 to 0.11 s is taken
    assert shorter[0] - 20.0 == pytest.approx(6.3, abs=0.4)
