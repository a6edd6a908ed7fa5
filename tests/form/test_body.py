"""What is taken from a pose: who is near, which way is forward, how long a torso is, from where the camera looks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from posturecam.form.body import HIDDEN, JUMPED, OUTSIDE, Body, BodyTracker, TorsoLength

from posturecam.model import LANDMARK_INDEX, Pose
from tests import builders
from tests.builders import TORSO_PX, YAW, mirrored, push_up, standing, table


def body_of(pose: Pose, *, lying: bool = False) -> Body:
    return BodyTracker(lying=lying).update(0.0, pose)


def settle(tracker: BodyTracker, pose: Pose, start_s: float, seconds: float = 3.0) -> Body:
    for t_s in builders.times(seconds, 15, start_s):
        body = tracker.update(t_s, pose)
    return body


@pytest.mark.parametrize(
    ("yaw", "view"),
    [("front", "front"), ("right", "side"), ("left", "side"), ("back", "back"), ("oblique", "oblique")],
)
def test_view_of_somebody_standing(yaw: str, view: str) -> None:
    assert body_of(standing(yaw=YAW[yaw])).view == view


@given(st.floats(-180, 180))
def test_turn_is_the_angle_out_of_the_picture_whichever_way_one_faces(yaw: float) -> None:
    expected = abs((yaw + 90) % 180 - 90)
    assert body_of(standing(yaw=yaw)).turn == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("make", [push_up, table])
@pytest.mark.parametrize(("yaw", "near", "facing"), [("right", "right", 1.0), ("left", "left", -1.0)])
def test_on_the_floor_forward_is_where_the_head_lies(make, yaw: str, near: str, facing: float) -> None:
    body = body_of(make(yaw=YAW[yaw]), lying=True)
    assert (body.view, body.near, body.facing) == ("side", near, facing)


@pytest.mark.parametrize(("yaw", "near", "facing"), [("right", "right", 1.0), ("left", "left", -1.0)])
def test_standing_forward_is_where_the_face_looks(yaw: str, near: str, facing: float) -> None:
    body = body_of(standing(yaw=YAW[yaw]))
    assert (body.near, body.facing) == (near, facing)


@given(st.sampled_from(["left", "right", "oblique", "front", "back"]), st.floats(0, 160))
@settings(max_examples=30)
def test_a_mirror_swaps_near_and_facing_and_leaves_the_rest(yaw: str, shoulder: float) -> None:
    pose = standing(yaw=YAW[yaw], shoulder=shoulder)
    body, mirror = body_of(pose), body_of(mirrored(pose))
    assert mirror.view == body.view
    assert mirror.turn == pytest.approx(body.turn)
    assert mirror.torso == pytest.approx(body.torso)
    assert mirror.faces_camera == body.faces_camera
    if body.view == "side":
        assert mirror.near != body.near
        assert mirror.facing == -body.facing


def test_somebody_who_turns_round_gets_another_near_side_but_not_at_once() -> None:
    tracker = BodyTracker(lying=True)
    settle(tracker, push_up(yaw=YAW["right"]), 0.0)
    turned = push_up(yaw=YAW["left"])
    assert tracker.update(3.1, turned).near == "right"
    assert settle(tracker, turned, 3.2).near == "left"


def test_near_side_does_not_flicker_between_two_equal_sides() -> None:
    tracker, random = BodyTracker(lying=False), np.random.default_rng(3)
    near = set()
    for t_s in builders.times(10, 30):
        pose = standing()
        pose.visibility[:] = random.uniform(0.6, 0.99, 33)
        near.add(tracker.update(t_s, pose).near)
    assert len(near) == 1


def test_view_has_hysteresis() -> None:
    tracker = BodyTracker(lying=False)
    assert settle(tracker, standing(yaw=58), 0.0).view == "side"
    assert settle(tracker, standing(yaw=52), 4.0).view == "side"
    assert settle(tracker, standing(yaw=48), 8.0).view == "oblique"
    assert settle(tracker, standing(yaw=52), 12.0).view == "oblique"


# what is not believed -----------------------------------------------------------------------------------------------------


def test_a_landmark_of_low_visibility_is_unseen() -> None:
    body = body_of(standing(hidden=["left_wrist"]))
    index = LANDMARK_INDEX["left_wrist"]
    assert math.isnan(body.xy[index][0])
    assert body.why_unseen == {index: HIDDEN}
    assert body.reason(index) == "left wrist hidden"


def test_feet_out_of_the_picture_are_unseen_however_sure_the_model_is() -> None:
    body = body_of(standing(at_px=(320, 520)))
    index = LANDMARK_INDEX["left_ankle"]
    assert body.why_unseen[index] == OUTSIDE
    assert body.reason(index) == "left ankle out of the picture"


def test_a_landmark_that_jumps_is_lost_for_a_moment() -> None:
    tracker = BodyTracker(lying=False)
    tracker.update(0.0, standing())
    body = tracker.update(1 / 30, standing(points={"left_wrist": (100.0, 100.0)}))
    assert body.why_unseen == {LANDMARK_INDEX["left_wrist"]: JUMPED}
    assert tracker.update(2 / 30, standing()).why_unseen == {}


def test_nan_from_a_recording_is_unseen_and_poisons_nothing() -> None:
    tracker = BodyTracker(lying=False)
    blind = standing()
    blind.points[:] = np.nan
    blind.world[:] = np.nan
    for t_s in (0.0, 0.1):
        body = tracker.update(t_s, blind)
        assert body.view == "unknown"
        assert math.isnan(body.torso)
    body = settle(tracker, standing(), 0.2)
    assert (body.view, body.faces_camera, body.why_unseen) == ("front", True, {})
    assert body.torso == pytest.approx(TORSO_PX, rel=0.01)


@pytest.mark.parametrize("start", [standing(), None])
def test_a_moment_without_world_landmarks_does_not_turn_anybody_round(start: Pose | None) -> None:
    tracker, blind = BodyTracker(lying=False), standing()
    blind.world[:] = np.nan
    if start is not None:
        settle(tracker, start, 0.0)
    assert settle(tracker, blind, 4.0).faces_camera


# torso length ---------------------------------------------------------------------------------------------------------------


def test_the_torso_is_measured_from_mid_shoulder_to_mid_hip() -> None:
    assert body_of(standing()).torso == pytest.approx(TORSO_PX)


@pytest.mark.parametrize("hidden", [["left_shoulder"], ["left_hip"], ["left_shoulder", "left_hip"]])
def test_one_side_is_enough_for_the_torso(hidden: list[str]) -> None:
    body = body_of(push_up(hidden=hidden), lying=True)
    assert body.torso == pytest.approx(TORSO_PX, rel=0.01)


def test_bending_towards_the_camera_does_not_shorten_the_torso() -> None:
    tracker = BodyTracker(lying=False)
    settle(tracker, standing(), 0.0, 4.0)
    assert settle(tracker, standing(trunk=60.0), 4.1, 1.0).torso == pytest.approx(TORSO_PX, rel=0.02)


@pytest.mark.parametrize("fps", [5, 15, 30, 60])
def test_torso_length_is_the_same_at_any_frame_rate(fps: int) -> None:
    torso, random = TorsoLength(), np.random.default_rng(0)
    for t_s in builders.times(20, fps):
        value = torso.update(t_s, 100.0 + random.normal(0, 1.0))
    assert value == pytest.approx(100.5, abs=1.0)


def test_a_torso_that_is_unseen_or_a_single_point_has_no_length() -> None:
    torso = TorsoLength()
    assert math.isnan(torso.update(0.0, math.nan))
    assert math.isnan(torso.update(0.1, 0.0))
    assert torso.update(0.2, 80.0) == 80.0
    assert torso.update(0.3, 0.0) == 80.0


def test_a_new_distance_from_the_camera_is_measured_anew() -> None:
    torso = TorsoLength()
    for t_s in builders.times(8, 10):
        torso.update(t_s, 100.0)
    torso.restart()
    assert torso.update(8.2, 60.0) == 60.0


@given(st.floats(0.5, 4.0))
@settings(max_examples=15)
def test_the_resolution_changes_only_pixels(factor: float) -> None:
    small, large = body_of(push_up(), lying=True), body_of(builders.scaled(push_up(), factor), lying=True)
    assert large.torso == pytest.approx(factor * small.torso)
    assert (large.view, large.near, large.facing) == (small.view, small.near, small.facing)
    assert np.allclose(np.array(large.xy), factor * np.array(small.xy))
