"""The back's bulge: positive rounds, negative hollows, whichever way the body lies in the picture."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from posturecam.form.spine import DEGREES_PER_BULGE, bulge, flexion_before_calibration

from tests.builders import YAW, make_contour, make_profile, mirrored, table

BULGES = st.floats(-0.15, 0.15)


@given(BULGES, st.floats(0.05, 0.5))
def test_bulge_is_measured_over_the_chord_whatever_the_thickness(size: float, thickness: float) -> None:
    assert bulge(make_profile(size, thickness)) == pytest.approx(size, abs=1e-9)


@given(BULGES, st.floats(-0.2, 0.2))
def test_a_slanting_edge_is_not_a_bulge(size: float, slant: float) -> None:
    profile = make_profile(size) + np.linspace(-slant, slant, 15)
    assert bulge(profile) == pytest.approx(size, abs=1e-9)


@pytest.mark.parametrize("unseen", [[0], [1], [13], [14], list(range(3, 8)), list(range(15))])
def test_without_its_ends_or_half_of_its_middle_there_is_no_bulge(unseen: list[int]) -> None:
    profile = make_profile(0.1)
    profile[unseen] = np.nan
    assert math.isnan(bulge(profile))


def test_a_small_hole_in_the_middle_is_bridged() -> None:
    profile = make_profile(0.1)
    profile[[5, 9]] = np.nan
    assert bulge(profile) == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize("degrees", range(0, 360, 30))
@pytest.mark.parametrize("back_on_the_left", [True, False])
@pytest.mark.parametrize("size", [-0.06, 0.06])
def test_sign_is_right_at_every_angle_of_the_trunk(degrees: int, back_on_the_left: bool, size: float) -> None:
    trunk = (math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))
    back = (trunk[1], -trunk[0]) if back_on_the_left else (-trunk[1], trunk[0])
    xy = np.full((33, 2), 300.0)
    xy[[11, 12]] += 100 * np.array(trunk)
    contour = make_contour(xy, back, size)
    assert flexion_before_calibration(contour, trunk, back, "back") == pytest.approx(size * DEGREES_PER_BULGE)


@pytest.mark.parametrize("yaw", ["right", "left"])
@pytest.mark.parametrize("size", [-0.06, 0.06])
def test_sign_survives_a_mirror_and_a_picture_upside_down(yaw: str, size: float) -> None:
    pose = table(yaw=YAW[yaw], bulge=size)
    for other, up in ((pose, -1.0), (mirrored(pose), -1.0)):
        middle = [other.points[[a, b]].mean(axis=0) for a, b in ((11, 12), (23, 24))]
        trunk = (middle[0] - middle[1]) / np.linalg.norm(middle[0] - middle[1])
        for sign in (1.0, -1.0):
            # turned by half a turn the contour stays as it is: left of the way from shoulder to hip is still left of it
            value = flexion_before_calibration(other.contour, tuple(sign * trunk), (0.0, sign * up), "back")
            assert value == pytest.approx(size * DEGREES_PER_BULGE)


def test_on_the_back_the_chests_edge_is_read_with_opposite_sign_and_half_the_slope() -> None:
    xy = np.full((33, 2), 300.0)
    xy[[11, 12], 0] += 100
    chest_up = make_contour(xy, (0.0, -1.0), 0.05)
    value = flexion_before_calibration(chest_up, (1.0, 0.0), (0.0, 1.0), "front")
    assert value == pytest.approx(-0.5 * 0.05 * DEGREES_PER_BULGE)


def test_without_a_silhouette_or_a_trunk_there_is_no_flexion() -> None:
    contour = np.array([make_profile(0.1)] * 2)
    assert math.isnan(flexion_before_calibration(None, (1.0, 0.0), (0.0, -1.0), "back"))
    assert math.isnan(flexion_before_calibration(contour, (math.nan, math.nan), (math.nan, math.nan), "back"))
