"""The back's line from the silhouette, and its bulge: positive rounds, negative hollows, whichever way the body lies."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posturecam.kinematics.silhouette import back_profile, bulge, chest_side_on, flexion
from posturecam.model import CONTOUR_SAMPLES, FloatArray
from tests.builders import YAW, make_contour, make_profile, mirrored, table

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


# from the line to flexion ------------------------------------------------------------------------------------------------------


def flexion_of(contour: FloatArray, trunk: tuple[float, ...], back: tuple[float, ...], surface: str = "back") -> float:
    return float(flexion(contour[None], np.array([complex(*trunk)]), np.array([complex(*back)]), surface)[0])


BULGES = st.floats(-0.15, 0.15)


@given(BULGES, st.floats(0.05, 0.5))
def test_bulge_is_measured_over_the_chord_whatever_the_thickness(size: float, thickness: float) -> None:
    assert bulge(make_profile(size, thickness)[None])[0] == pytest.approx(size, abs=1e-9)


@given(BULGES, st.floats(-0.2, 0.2))
def test_a_slanting_edge_is_not_a_bulge(size: float, slant: float) -> None:
    profile = make_profile(size) + np.linspace(-slant, slant, 15)
    assert bulge(profile[None])[0] == pytest.approx(size, abs=1e-9)


@pytest.mark.parametrize("unseen", [[0], [1], [13], [14], list(range(3, 8)), list(range(15))])
def test_without_its_ends_or_half_of_its_middle_there_is_no_bulge(unseen: list[int]) -> None:
    profile = make_profile(0.1)
    profile[unseen] = np.nan
    assert math.isnan(bulge(profile[None])[0])


def test_a_small_hole_in_the_middle_is_bridged() -> None:
    profile = make_profile(0.1)
    profile[[5, 9]] = np.nan
    assert bulge(profile[None])[0] == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize("degrees", range(0, 360, 30))
@pytest.mark.parametrize("back_on_the_left", [True, False])
@pytest.mark.parametrize("size", [-0.06, 0.06])
def test_sign_is_right_at_every_angle_of_the_trunk(degrees: int, back_on_the_left: bool, size: float) -> None:
    trunk = (math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))
    back = (trunk[1], -trunk[0]) if back_on_the_left else (-trunk[1], trunk[0])
    xy = np.full((33, 2), 300.0)
    xy[[11, 12]] += 100 * np.array(trunk)
    contour = make_contour(xy, back, size)
    assert flexion_of(contour, trunk, back) == pytest.approx(size * 700.0)


@pytest.mark.parametrize("yaw", ["right", "left"])
@pytest.mark.parametrize("size", [-0.06, 0.06])
def test_sign_survives_a_mirror_and_a_picture_upside_down(yaw: str, size: float) -> None:
    pose = table(yaw=YAW[yaw], bulge=size)
    for other, up in ((pose, -1.0), (mirrored(pose), -1.0)):
        middle = [other.points[[a, b]].mean(axis=0) for a, b in ((11, 12), (23, 24))]
        trunk = (middle[0] - middle[1]) / np.linalg.norm(middle[0] - middle[1])
        for sign in (1.0, -1.0):
            # turned by half a turn the contour stays as it is: left of the way from shoulder to hip is still left of it
            value = flexion_of(other.contour, tuple(sign * trunk), (0.0, sign * up))
            assert value == pytest.approx(size * 700.0)


def test_on_the_back_the_chests_edge_is_read_with_opposite_sign_and_half_the_slope() -> None:
    xy = np.full((33, 2), 300.0)
    xy[[11, 12], 0] += 100
    chest_up = make_contour(xy, (0.0, -1.0), 0.05)
    value = flexion_of(chest_up, (1.0, 0.0), (0.0, 1.0), "front")
    assert value == pytest.approx(-0.5 * 0.05 * 700.0)


def test_without_an_edge_or_a_trunk_there_is_no_flexion() -> None:
    contour = np.array([make_profile(0.1)] * 2)
    assert math.isnan(flexion_of(np.full((2, 15), np.nan), (1.0, 0.0), (0.0, -1.0)))
    assert math.isnan(flexion_of(contour, (math.nan, math.nan), (math.nan, math.nan)))


@pytest.mark.parametrize(("degrees", "seen"), [(0, False), (64, False), (66, True), (90, True), (116, False)])
def test_the_back_is_seen_while_the_shoulders_stand_behind_each_other(degrees: int, seen: bool) -> None:
    turn = math.radians(degrees)
    left, right = np.array([[math.cos(turn)], [0.0], [math.sin(turn)]]), np.zeros((3, 1))
    assert chest_side_on(left, right).tolist() == [seen]
    assert chest_side_on(np.full((3, 1), np.nan), right).tolist() == [False]


@pytest.mark.parametrize(("value", "seen"), [(0.45, False), (0.55, True)])
def test_a_pixel_is_the_persons_from_one_half_on(value: float, seen: bool) -> None:
    profile = back_profile(silhouette(up=40, down=60) * value, SHOULDER, HIP)
    assert np.isfinite(profile).all() == seen
    assert np.isfinite(profile).any() == seen


@pytest.mark.parametrize(("up", "seen"), [(140, True), (160, False)])
def test_an_edge_is_looked_for_up_to_one_and_a_half_lengths_away(up: int, seen: bool) -> None:
    # 100 pixels from shoulder to hip
    profile = back_profile(silhouette(up=up, down=60), SHOULDER, SHOULDER + np.array([100.0, 0.0]))
    assert np.isfinite(profile[0]).all() == seen


@pytest.mark.parametrize(("length", "seen"), [(7.0, False), (9.0, True)])
def test_a_torso_of_fewer_than_eight_pixels_says_nothing(length: float, seen: bool) -> None:
    profile = back_profile(silhouette(up=4, down=4), SHOULDER, SHOULDER + np.array([length, 0.0]))
    assert np.isfinite(profile).all() == seen
