"""Who is in position: what a view can tell, what reads the same from anywhere, and how much easier it is to stay than to come."""

from __future__ import annotations

import numpy as np
import pytest

from posturecam.counting.positions import CONTRARY, GIVEN, UNKNOWN
from posturecam.judging.observed import observe
from posturecam.judging.position import hysteresis
from posturecam.model import LANDMARK_INDEX, Pose
from posturecam.spec.catalogue import load_exercise
from posturecam.spec.ranges import parse_range
from tests.builders import push_up, record, standing, times
from tests.specs import exercise

STRAIGHT = exercise(position="upright", setup={"position": {"elbow": ">= 150"}, "for": 0.5})
"""Somebody upright, to be seen from the side, with straight elbows."""


def entered(pose: Pose) -> int:
    return int(observe(STRAIGHT, record(lambda _t_s: pose, times(1, 10))).positions["left"].entered[-1])


@pytest.mark.parametrize(("elbow", "expected"), [(17.0, GIVEN), (33.0, CONTRARY)])
def test_from_the_side_the_picture_decides(elbow: float, expected: int) -> None:
    assert entered(standing(yaw=90.0, elbow=elbow)) == expected


@pytest.mark.parametrize(("elbow", "expected"), [(46.0, UNKNOWN), (54.0, CONTRARY)])
def test_from_elsewhere_an_angle_in_space_speaks_against_it_past_twenty_degrees_more(
    elbow: float, expected: int
) -> None:
    # an elbow bent by 50 degrees measures 130, which is 20 short of 150
    assert entered(standing(elbow=elbow)) == expected


def test_who_is_upright_is_not_in_position_for_that_alone() -> None:
    assert entered(standing(hidden=["elbow"])) == UNKNOWN
    assert entered(push_up(hidden=["elbow"])) == CONTRARY


def test_who_is_in_position_leaves_it_by_six_degrees_more() -> None:
    wanted = hysteresis(STRAIGHT, {"elbow": parse_range("100..150"), "trunk_tilt": parse_range("outside 100..150")})
    assert (wanted["elbow"].low, wanted["elbow"].high) == (94.0, 156.0)
    assert (wanted["trunk_tilt"].low, wanted["trunk_tilt"].high) == (106.0, 144.0)


def test_nobody_is_in_no_position() -> None:
    observed = observe(STRAIGHT, record(lambda _t_s: None, times(1, 10)))
    assert np.all(observed.positions["left"].entered == CONTRARY)


def shipped(name: str, pose: Pose) -> int:
    observed = observe(load_exercise(name), record(lambda _t_s: pose, times(1, 10)))
    return int(observed.positions["left"].entered[-1])


@pytest.mark.parametrize(("raised", "expected"), [(0.0, CONTRARY), (30.0, CONTRARY), (42.0, GIVEN), (90.0, GIVEN)])
def test_arms_that_hang_are_in_no_rows_position(raised: float, expected: int) -> None:
    assert shipped("standing_row", standing(yaw=90.0, shoulder=raised)) == expected


@pytest.mark.parametrize(("lean", "expected"), [(27.0, GIVEN), (33.0, GIVEN), (37.0, CONTRARY)])
def test_a_neck_is_stretched_also_where_shoulders_lean_along(lean: float, expected: int) -> None:
    leaning = standing(side_lean=lean, head_roll=25.0, hidden=["hip", "knee", "ankle"])
    assert shipped("trapezius_stretch", leaning) == expected


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_raised_arm_is_told_though_the_other_hand_is_below_the_picture(side: str) -> None:
    hanging = standing()
    elbow, shoulder = (LANDMARK_INDEX[f"{side}_{part}"] for part in ("elbow", "shoulder"))
    level = {f"{side}_elbow": (float(hanging.points[elbow, 0]), float(hanging.points[shoulder, 1]))}
    pose = standing(points=level, hidden=["left_wrist", "right_wrist"])
    observed = observe(load_exercise("chest_stretch_wall"), record(lambda _t_s: pose, times(1, 10)))
    assert observed.values("raised", "left")[-1] * (1 if side == "left" else -1) > 0.2
