"""The back's line: how far the silhouette reaches to both sides of the line from shoulder to hip."""

from __future__ import annotations

import numpy as np
import pytest

from posturecam.contour import back_profile
from posturecam.model import CONTOUR_SAMPLES, FloatArray

SHOULDER, HIP = np.array([200.0, 240.0]), np.array([400.0, 240.0])


def silhouette(up: float = 40, down: float = 60, size: tuple[int, int] = (640, 480)) -> FloatArray:
    """A lying band from ``up`` pixels over the line at height 240 to ``down`` pixels under it."""
    y = np.arange(size[1])[:, None] + 0.5
    return np.repeat(((y > 240 - up) & (y < 240 + down)).astype(np.float32), size[0], axis=1)


def test_measures_both_sides_in_lengths_of_the_line() -> None:
    profile = back_profile(silhouette(up=40, down=60), SHOULDER, HIP)
    assert profile.shape == (2, CONTOUR_SAMPLES)
    np.testing.assert_allclose(profile[0], 40 / 200, atol=0.005)  # walking to the picture's right, left is up
    np.testing.assert_allclose(profile[1], 60 / 200, atol=0.005)


def test_walking_the_other_way_swaps_the_sides() -> None:
    there = back_profile(silhouette(), SHOULDER, HIP)
    back = back_profile(silhouette(), HIP, SHOULDER)
    np.testing.assert_allclose(back, there[::-1, ::-1], atol=0.01)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_turning_the_picture_changes_nothing(turns: int) -> None:
    mask = silhouette()
    mask[: 240 - 20, 307:] = 0  # a step, so that the samples differ
    height, width = mask.shape
    points = [SHOULDER, HIP]
    for _ in range(turns):
        points = [np.array([y, width - x]) for x, y in points]
        height, width = width, height
    turned = back_profile(np.rot90(mask, turns), *points)
    np.testing.assert_allclose(turned, back_profile(mask, SHOULDER, HIP), atol=0.01)


@pytest.mark.parametrize("edge", [40.3, 40.7, 41.0, 41.4])
def test_finds_the_edge_between_pixels_of_a_soft_mask(edge: float) -> None:
    y = np.arange(480)[:, None] + 0.5
    soft = np.repeat(np.clip(0.5 + (y - (240 - edge)) / 4, 0, 1), 640, axis=1)
    profile = back_profile(np.minimum(soft, silhouette(up=100)), SHOULDER, HIP)
    np.testing.assert_allclose(profile[0], edge / 200, atol=0.0005)


def test_a_rounded_back_bulges_in_the_middle() -> None:
    x = np.arange(640)[None, :] + 0.5
    y = np.arange(480)[:, None] + 0.5
    bulge = 40 + 20 * np.sin(np.pi * np.clip((x - 200) / 200, 0, 1))
    profile = back_profile(((y > 240 - bulge) & (y < 300)).astype(np.float32), SHOULDER, HIP)
    chord = (profile[0, 0] + profile[0, -1]) / 2
    assert profile[0, CONTOUR_SAMPLES // 2] - chord == pytest.approx(20 / 200, abs=0.01)


def test_a_sample_outside_the_silhouette_is_not_seen() -> None:
    mask = silhouette()
    mask[:, 350:] = 0
    profile = back_profile(mask, SHOULDER, HIP)
    assert np.isfinite(profile[:, :10]).all()
    assert np.isnan(profile[:, 11:]).all()


def test_a_silhouette_cut_off_by_the_picture_is_not_measured_on_that_side() -> None:
    profile = back_profile(silhouette(down=1000), SHOULDER, HIP)
    assert np.isfinite(profile[0]).all()
    assert np.isnan(profile[1]).all()


def test_a_silhouette_that_goes_on_for_ever_is_a_limb_and_not_a_back() -> None:
    profile = back_profile(silhouette(up=140), SHOULDER, np.array([280.0, 240.0]))
    assert np.isnan(profile[0]).all()
    assert np.isfinite(profile[1]).all()


@pytest.mark.parametrize(
    ("mask", "shoulder", "hip"),
    [
        (silhouette(), [np.nan, 240], [400, 240]),
        (silhouette(), [200, 240], [np.inf, 240]),
        (silhouette(), [200, 240], [200, 240]),
        (silhouette(), [1e12, 0], [-1e12, 0]),
        (silhouette(), [-5000, -5000], [-4000, -5000]),
        (silhouette() * np.nan, [200, 240], [400, 240]),
        (np.zeros((0, 0)), [200, 240], [400, 240]),
        (np.ones((4, 4, 3)), [0, 0], [3, 3]),
        (np.zeros((480, 640)), [200, 240], [400, 240]),
    ],
)
def test_rubbish_gives_nothing_seen(mask: FloatArray, shoulder: list[float], hip: list[float]) -> None:
    profile = back_profile(mask, np.array(shoulder, dtype=float), np.array(hip, dtype=float))
    assert profile.shape == (2, CONTOUR_SAMPLES)
    assert np.isnan(profile).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1)])
def test_a_mask_one_pixel_wide_does_not_break_it(shape: tuple[int, int]) -> None:
    assert back_profile(np.ones(shape), np.array([0.0, 0.0]), np.array([9.0, 0.0])).shape == (2, CONTOUR_SAMPLES)
