"""Smoothing knows seconds, not frames; a jump is held back only as long as it could be an error."""

from __future__ import annotations

import numpy as np
import pytest
from posturecam.smoothing import OneEuroFilter, OutlierGate


def one_euro() -> OneEuroFilter:
    return OneEuroFilter(min_cutoff_hz=1.5, beta=0.5)


def filtered(values: list[float], fps: float) -> list[float]:
    smooth = one_euro()
    return [float(smooth.update(i / fps, np.array([value]))[0]) for i, value in enumerate(values)]


def test_what_stands_still_stays_where_it_is() -> None:
    assert filtered([3.0] * 20, 30) == [3.0] * 20


def test_jitter_gets_smaller() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 300)
    assert np.std(filtered(list(noise), 30)[30:]) < 0.6 * np.std(noise)


def test_a_fast_movement_is_followed_closer_than_a_slow_filter_would() -> None:
    ramp = [10.0 * i / 30 for i in range(60)]
    lag = ramp[-1] - filtered(ramp, 30)[-1]
    plain = OneEuroFilter(min_cutoff_hz=1.5, beta=0.0)
    slow_lag = ramp[-1] - [float(plain.update(i / 30, np.array([v]))[0]) for i, v in enumerate(ramp)][-1]
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
    smooth.update(0.0, np.array([0.0, 5.0]))
    gap = smooth.update(0.1, np.array([np.nan, 5.0]))
    assert np.isnan(gap[0])
    assert gap[1] == 5.0
    assert smooth.update(0.2, np.array([9.0, 5.0])).tolist() == [9.0, 5.0]


def test_after_a_gap_in_time_everything_starts_afresh() -> None:
    smooth = one_euro()
    smooth.update(0.0, np.array([0.0]))
    assert smooth.update(2.0, np.array([7.0]))[0] == 7.0


@pytest.mark.parametrize("shape", [(1,), (33, 2), (33, 3)])
def test_any_shape_goes_through(shape: tuple[int, ...]) -> None:
    smooth = one_euro()
    for i in range(3):
        assert smooth.update(i / 30, np.ones(shape)).shape == shape


# outliers ------------------------------------------------------------------------------------------------------------


def body() -> np.ndarray:
    return np.arange(20.0).reshape(10, 2)


def gate() -> OutlierGate:
    return OutlierGate(max_speed=10.0, slack=1.0, patience_s=0.25)


def jump(points: np.ndarray, index: int = 3, by: float = 50.0) -> np.ndarray:
    points = points.copy()
    points[index] += by
    return points


def test_a_landmark_that_jumps_is_held_back_alone() -> None:
    g = gate()
    g.update(0.0, body())
    result = g.update(0.1, jump(body()))
    assert np.isnan(result[3]).all()
    assert np.isnan(result).sum() == 2


def test_it_is_taken_again_as_soon_as_it_comes_back() -> None:
    g = gate()
    g.update(0.0, body())
    g.update(0.1, jump(body()))
    assert not np.isnan(g.update(0.2, body())).any()


@pytest.mark.parametrize("fps", [10, 30, 60])
def test_it_is_believed_after_a_quarter_of_a_second_at_any_frame_rate(fps: int) -> None:
    g = gate()
    g.update(0.0, body())
    held = [np.isnan(g.update(i / fps, jump(body()))[3, 0]) for i in range(1, fps)]
    assert held[0]
    first_taken = held.index(False) / fps
    assert 0.25 - 1e-9 <= first_taken <= 0.25 + 2 / fps


def test_a_movement_as_fast_as_a_body_can_is_let_through() -> None:
    g = gate()
    for i in range(10):
        assert not np.isnan(g.update(i / 10, body() + 0.9 * i)).any()


def test_when_most_of_the_body_jumps_it_is_a_cut_and_not_an_outlier() -> None:
    g = gate()
    g.update(0.0, body())
    assert not np.isnan(g.update(0.1, body() + 100)).any()


def test_a_landmark_that_was_unseen_is_no_outlier_when_it_comes_back_in_time() -> None:
    g = gate()
    hidden = body()
    hidden[3] = np.nan
    g.update(0.0, body())
    for i in range(1, 40):
        assert np.isnan(g.update(i / 10, hidden)[3]).all()
    assert not np.isnan(g.update(4.0, jump(body(), by=5.0))).any()


def test_what_comes_in_is_never_written_to() -> None:
    g = gate()
    points = jump(body())
    g.update(0.0, body())
    before = points.copy()
    g.update(0.1, points)
    assert (points == before).all()
