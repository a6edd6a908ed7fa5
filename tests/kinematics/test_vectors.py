"""Angles, tilts and offsets: tables of known cases, and what may never change them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from posturecam.kinematics import vectors

coordinate = st.floats(-1000, 1000, allow_nan=False)
point = st.tuples(coordinate, coordinate)
turn = st.floats(0, 360)
UP, DOWN, RIGHT, LEFT = (0.0, -1.0), (0.0, 1.0), (1.0, 0.0), (-1.0, 0.0)
NAN = math.nan


def one(function: Callable[..., Any], *points: Any) -> Any:
    """A function of columns on single points: a number, or a tuple for a vector."""
    result = function(*(np.array([complex(*p)]) for p in points))[0]
    return (float(result.real), float(result.imag)) if isinstance(result, complex) else float(result)


def moved(p: tuple[float, float], degrees: float, scale: float, shift: tuple[float, float]) -> tuple[float, float]:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return (scale * (cos * p[0] - sin * p[1]) + shift[0], scale * (sin * p[0] + cos * p[1]) + shift[1])


def far_apart(*points: tuple[float, float]) -> bool:
    return all(math.dist(a, b) > 1.0 for i, a in enumerate(points) for b in points[:i])


pytestmark = pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning", "ignore:divide by zero:RuntimeWarning")


@pytest.mark.parametrize(
    ("a", "b", "c", "expected"),
    [
        ((0, 0), (1, 0), (2, 0), 180.0),
        ((0, 0), (1, 0), (1, 5), 90.0),
        ((0, 0), (1, 0), (0, 0), 0.0),
        ((0, 0), (1, 0), (0, 1), 45.0),
    ],
)
def test_inner_angle(a: tuple, b: tuple, c: tuple, expected: float) -> None:
    assert one(vectors.angle, a, b, c) == pytest.approx(expected, abs=1e-6)


@given(point, point, point, turn, st.floats(0.1, 10), point)
def test_an_angle_does_not_change_with_shift_scale_or_rotation(a, b, c, degrees, scale, shift) -> None:
    assume(far_apart(a, b, c))
    transformed = (moved(p, degrees, scale, shift) for p in (a, b, c))
    # rounding turns rays of a tenth of a pixel, among coordinates of 1e3, by less than 1e-8 degrees
    assert one(vectors.angle, *transformed) == pytest.approx(one(vectors.angle, a, b, c), abs=1e-6)


@given(point, point, point)
def test_an_angle_does_not_change_in_a_mirror(a, b, c) -> None:
    mirror = [(-p[0], p[1]) for p in (a, b, c)]
    assert one(vectors.angle, *mirror) == pytest.approx(one(vectors.angle, a, b, c), nan_ok=True)


@pytest.mark.parametrize("unseen", [0, 1, 2])
def test_an_unseen_point_gives_no_angle(unseen: int) -> None:
    points = [(0.0, 0.0), (1.0, 0.0), (1.0, 5.0)]
    points[unseen] = (NAN, NAN)
    assert math.isnan(one(vectors.angle, *points))
    assert math.isnan(one(vectors.bend, *points, UP))
    assert math.isnan(one(vectors.line_offset, *points, UP))


def test_points_that_coincide_give_no_angle() -> None:
    assert math.isnan(one(vectors.angle, (1, 1), (1, 1), (2, 2)))
    assert math.isnan(one(vectors.elevation, (0, 0)))
    assert math.isnan(one(vectors.signed_tilt, (0, 0), UP, RIGHT))
    assert math.isnan(one(vectors.unit, (0, 0))[0])
    assert math.isnan(one(vectors.bend, (1, 1), (1, 1), (1, 1), UP))


@pytest.mark.parametrize(
    ("vector", "expected"),
    [((0, -1), 0), ((1, 0), 90), ((-1, 0), -90), ((1, -1), 45), ((-1, -1), -45), ((0.0, 1), 180)],
)
def test_signed_tilt_from_up_towards_the_right(vector, expected) -> None:
    assert one(vectors.signed_tilt, vector, UP, RIGHT) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("vector", "expected"), [((1, 0), 0), ((-1, 0), 0), ((1, -1), 45), ((-1, -1), 45), ((1, 1), -45), ((0, -2), 90)]
)
def test_elevation_is_positive_when_it_rises_in_the_picture(vector, expected) -> None:
    assert one(vectors.elevation, vector) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("p", "towards", "expected"),
    [((5, -3), UP, 3), ((5, 3), UP, -3), ((5, 3), DOWN, 3), ((50, -3), UP, 3), ((5, 0), UP, 0)],
)
def test_offset_from_a_level_line_is_positive_towards_the_given_side(p, towards, expected) -> None:
    assert one(vectors.line_offset, p, (0, 0), (10, 0), towards) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("p", "a", "b"), [((3, 3), (0, 0), (0, 10)), ((0, 0), (0, -210), (1.0625, 853))], ids=["along", "nearly along"]
)
def test_a_line_along_the_direction_has_no_side_whichever_end_comes_first(p: tuple, a: tuple, b: tuple) -> None:
    assert math.isnan(one(vectors.line_offset, p, a, b, UP))
    assert math.isnan(one(vectors.line_offset, p, b, a, UP))


@pytest.mark.parametrize(("aside", "expected"), [(0.9, NAN), (1.1, 500.0), (-1.1, 500.0), (-0.9, NAN)])
def test_a_line_has_sides_once_it_leans_by_more_than_a_thousandth(aside: float, expected: float) -> None:
    p = (math.copysign(500.0, aside), 0.0)
    offset = one(vectors.line_offset, p, (0, 0), (aside, 1000), UP)
    assert offset == pytest.approx(expected, abs=0.01, nan_ok=True)


@given(point, point, point, st.floats(0.1, 10), point)
def test_line_offset_grows_with_scale_and_ignores_shift_and_order(p, a, b, scale, shift) -> None:
    # ten times as far from the direction as a line must be that has sides, so that rounding takes none away
    assume(far_apart(a, b) and abs(a[0] - b[0]) > 0.01 * math.dist(a, b))
    offset = one(vectors.line_offset, p, a, b, UP)
    p2, a2, b2 = (moved(q, 0, scale, shift) for q in (p, a, b))
    assert one(vectors.line_offset, p2, a2, b2, UP) == pytest.approx(scale * offset, abs=1e-6)
    assert one(vectors.line_offset, p, b, a, UP) == pytest.approx(offset, abs=1e-6)


@pytest.mark.parametrize(
    ("middle", "towards", "expected"),
    [((5, -5), UP, 90), ((5, 5), UP, -90), ((5, 5), DOWN, 90), ((5, 0), UP, 0)],
)
def test_bend_tells_which_way_a_joint_points(middle, towards, expected) -> None:
    assert one(vectors.bend, (0, 0), middle, (10, 0), towards) == pytest.approx(expected, abs=1e-6)


def test_a_straight_limb_along_the_direction_is_straight_and_a_bent_one_has_no_side() -> None:
    assert one(vectors.bend, (0, 0), (0, 5), (0, 10), UP) == pytest.approx(0.0, abs=1e-6)
    assert math.isnan(one(vectors.bend, (0, 0), (4, 5), (0, 10), UP))


@pytest.mark.parametrize(("degrees", "expected"), [(0.9, 0.9), (1.1, NAN)])
def test_a_limb_along_the_direction_is_straight_up_to_a_degree(degrees: float, expected: float) -> None:
    middle = (5 * math.tan(math.radians(degrees / 2)), 5)
    assert one(vectors.bend, (0, 0), middle, (0, 10), UP) == pytest.approx(expected, abs=1e-6, nan_ok=True)


@given(st.floats(-1e4, 1e4))
def test_wrapped_degrees_are_the_same_direction(value) -> None:
    wrapped = float(vectors.wrapped(np.array([value]))[0])
    assert -180 <= wrapped <= 180
    assert math.cos(math.radians(wrapped - value)) == pytest.approx(1.0)


@given(point, st.sampled_from([UP, DOWN, LEFT, RIGHT]))
def test_a_perpendicular_is_square_and_points_to_the_given_side(vector, towards) -> None:
    assume(math.hypot(*vector) > 1e-3)
    normal = one(vectors.perpendicular, vector, towards)
    assert math.hypot(*normal) == pytest.approx(1.0)
    assert one(vectors.dot, normal, one(vectors.unit, vector)) == pytest.approx(0.0, abs=1e-9)
    assert one(vectors.dot, normal, towards) >= 0


def test_columns_are_computed_row_by_row() -> None:
    random = np.random.default_rng(1)
    a, b, c = random.normal(0, 100, (3, 50)) + 1j * random.normal(0, 100, (3, 50))
    whole = vectors.bend(a, b, c, vectors.UP)
    rows = [vectors.bend(a[i : i + 1], b[i : i + 1], c[i : i + 1], vectors.UP)[0] for i in range(50)]
    np.testing.assert_allclose(whole, rows, rtol=1e-12)


@pytest.mark.parametrize(
    ("u", "v", "expected"),
    [
        ((0, 0, 1), (0, 3, 0), 90.0),
        ((1, 1, 1), (-2, -2, -2), 180.0),
        ((1, 0, 0), (1, 0, 1), 45.0),
        ((0, 0, 0), (1, 0, 0), NAN),
    ],
)
def test_an_angle_in_space(u: tuple, v: tuple, expected: float) -> None:
    found = vectors.space_between(np.array([u], dtype=float).T, np.array([v], dtype=float).T)[0]
    assert found == pytest.approx(expected, abs=1e-4, nan_ok=True)


@pytest.mark.parametrize(("u", "v", "expected"), [(RIGHT, UP, 90), (UP, RIGHT, -90), (UP, UP, 0), (DOWN, RIGHT, 90)])
def test_a_turn_is_positive_clockwise(u: tuple, v: tuple, expected: float) -> None:
    assert one(vectors.signed_between, u, v) == pytest.approx(expected)


def test_the_arc_sine_of_what_lies_beyond_one_is_a_right_angle() -> None:
    assert vectors.arc_sine(np.array([-2.0, -1.0, 0.0, 0.5, 1.0, 3.0])) == pytest.approx([-90, -90, 0, 30, 90, 90])
    assert math.isnan(vectors.arc_sine(np.array([math.nan]))[0])


@pytest.mark.parametrize(("degrees", "ratio"), [(60, 1.0), (60, 1.3), (120, 1.0), (120, 1.3), (180, 1.0)])
def test_a_limb_is_folded_by_what_its_ends_are_closer_than_its_length(degrees: float, ratio: float) -> None:
    one, other = ratio / (1 + ratio), 1 / (1 + ratio)
    apart = math.sqrt(one**2 + other**2 - 2 * one * other * math.cos(math.radians(degrees)))
    assert vectors.folded(np.array([apart]))[0] == pytest.approx(degrees, abs=0.1 if ratio == 1 else 2.0)
    assert vectors.folded(np.array([1.2]))[0] == 180
    assert math.isnan(vectors.folded(np.array([np.nan]))[0])
