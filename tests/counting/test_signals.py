"""A signal ready for counting: even, without lag, bridged over short gaps and cut at long ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter1d

from posturecam.counting.signals import gaussian, segmented, smoothed

NAN = float("nan")


def sampled(seconds: float, fps: float) -> np.ndarray:
    return np.arange(0.0, seconds + 1e-9, 1 / fps)


@pytest.mark.parametrize("fps", [10, 15, 30, 60, 240])
def test_smoothing_has_no_lag_at_any_frame_rate(fps: float) -> None:
    t_s = sampled(4.0, fps)
    signal = smoothed(t_s, np.exp(-(((t_s - 2.0) / 0.4) ** 2)))
    assert signal.t_s[np.argmax(signal.values)] == pytest.approx(2.0, abs=0.5 / min(fps, 60) + 1e-9)


def test_the_fastest_rep_keeps_four_fifths_of_its_range() -> None:
    t_s = sampled(4.0, 60)
    moving = np.abs(t_s - 2.0) <= 0.275
    values = np.where(moving, (1 + np.cos(2 * np.pi * (t_s - 2.0) / 0.55)) / 2, 0.0)
    assert 0.8 <= smoothed(t_s, values).values.max() < 0.95


def test_noise_of_single_frames_is_halved() -> None:
    t_s = sampled(20.0, 30)
    noise = np.random.default_rng(1).normal(0.0, 1.0, len(t_s))
    assert np.std(smoothed(t_s, noise).values) < 0.55


def test_uneven_times_become_an_even_grid_over_the_same_time() -> None:
    t_s = np.cumsum(np.random.default_rng(2).uniform(0.01, 0.08, 100))
    signal = smoothed(t_s, t_s * 2.0)
    assert (signal.start_s, signal.end_s) == (pytest.approx(t_s[0]), pytest.approx(t_s[-1]))
    assert np.ptp(np.diff(signal.t_s)) < 1e-9
    np.testing.assert_allclose(signal.values[10:-10], signal.t_s[10:-10] * 2.0, atol=0.02)


def test_at_five_frames_a_second_nothing_is_smoothed_away() -> None:
    t_s = sampled(6.0, 5)
    values = np.where(np.arange(len(t_s)) % 5 == 2, 1.0, 0.0)
    assert smoothed(t_s, values).values.max() == pytest.approx(1.0, abs=0.35)


@pytest.mark.parametrize(("gap_s", "pieces"), [(2.9, 1), (3.1, 2)])
def test_a_gap_is_bridged_up_to_three_seconds(gap_s: float, pieces: int) -> None:
    t_s = sampled(10.0, 20)
    values = np.where((t_s > 4.0) & (t_s < 4.0 + gap_s - 1e-6), NAN, 1.0)
    found = segmented(t_s, values)
    assert len(found) == pieces
    assert all(np.isfinite(signal.values).all() for signal in found)


@pytest.mark.parametrize("seen", [0, 1, 2])
def test_fewer_than_three_values_say_nothing(seen: int) -> None:
    values = np.full(30, NAN)
    values[:seen] = 1.0
    assert segmented(sampled(1.0, 29), values) == []


@given(st.floats(-500, 500), st.floats(0.1, 50))
def test_shift_and_scale_go_through(shift: float, scale: float) -> None:
    t_s = sampled(2.0, 30)
    values = np.sin(3 * t_s)
    np.testing.assert_allclose(
        smoothed(t_s, shift + scale * values).values, shift + scale * smoothed(t_s, values).values, atol=1e-6
    )


def test_smoothing_is_shorter_than_the_shortest_stay() -> None:
    t_s = sampled(3.0, 60)
    step = smoothed(t_s, (t_s >= 1.5).astype(float))
    rising = step.t_s[(step.values > 0.025) & (step.values < 0.975)]
    assert np.ptp(rising) == pytest.approx(0.235, abs=0.03)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=80), st.floats(0.1, 4.0))
def test_scipy_smooths_the_same_to_the_last_bit(values: list[float], width: float) -> None:
    smooth = gaussian_filter1d(np.array(values), width, mode="nearest")
    assert gaussian(np.array(values), width).tolist() == smooth.tolist()
