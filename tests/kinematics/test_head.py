"""Head angles keep their sign whichever way the person faces."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posturecam.kinematics.frames import Frames
from posturecam.kinematics.head import head_angle
from posturecam.model import Pose
from tests.builders import YAW, mirrored, standing, table
from tests.tracks import follow, track_of


def angle(kind: str, pose: Pose, position: str = "upright") -> float:
    return float(head_angle(kind, Frames(track_of(pose, lying=position != "upright"), position))[0])


@pytest.mark.parametrize("yaw", ["right", "left"])
@pytest.mark.parametrize("pitch", [-40, -10, 0, 25])
def test_pitch_from_the_side_is_positive_with_the_chin_up(yaw: str, pitch: float) -> None:
    assert angle("pitch", standing(yaw=YAW[yaw], head_pitch=pitch)) == pytest.approx(pitch, abs=0.1)


@pytest.mark.parametrize("yaw", ["right", "left"])
@pytest.mark.parametrize("pitch", [-40, 0, 25])
def test_pitch_on_all_fours_is_against_the_trunk(yaw: str, pitch: float) -> None:
    assert angle("pitch", table(yaw=YAW[yaw], head_pitch=pitch), "prone") == pytest.approx(pitch, abs=0.1)


@pytest.mark.parametrize("pitch", [-25, 0, 25])
def test_pitch_from_the_front_follows_the_head(pitch: float) -> None:
    assert angle("pitch", standing(head_pitch=pitch)) == pytest.approx(pitch, abs=4)


@given(st.floats(-35, 35))
@settings(max_examples=20)
def test_roll_is_positive_towards_the_left_shoulder_and_flips_in_a_mirror(roll: float) -> None:
    pose = standing(head_roll=roll)
    assert angle("roll", pose) == pytest.approx(roll, abs=0.1)
    assert angle("roll", mirrored(pose)) == pytest.approx(-roll, abs=0.1)
    assert angle("roll", standing(yaw=YAW["back"], head_roll=roll)) == pytest.approx(roll, abs=0.1)


def test_roll_is_against_the_shoulders() -> None:
    assert angle("roll", standing(head_roll=20, side_lean=15)) == pytest.approx(20, abs=0.1)


@given(st.floats(-50, 50))
@settings(max_examples=20)
def test_yaw_is_positive_with_the_nose_to_the_left_and_flips_in_a_mirror(yaw: float) -> None:
    value = angle("yaw", standing(head_yaw=yaw))
    assert math.copysign(1, value) == math.copysign(1, yaw) or abs(yaw) < 0.1
    assert angle("yaw", mirrored(standing(head_yaw=yaw))) == pytest.approx(-value, abs=0.1)


@pytest.mark.parametrize("kind", ["pitch", "roll", "yaw"])
@pytest.mark.parametrize("yaw", ["front", "right"])
def test_without_a_point_it_needs_there_is_no_head_angle(kind: str, yaw: str) -> None:
    hidden = {"pitch": "nose", "yaw": "nose", "roll": "left_ear"}[kind]
    assert math.isnan(angle(kind, standing(yaw=YAW[yaw], hidden=[hidden])))


def test_a_pitch_is_read_from_the_side_or_from_the_front_frame_by_frame() -> None:
    poses = [standing(yaw=yaw, head_pitch=-20) for yaw in (90, 90, 0, 0)]
    alone = [angle("pitch", pose) for pose in poses]
    rows = [(10.0 * index, pose) for index, pose in enumerate(poses)]
    together = head_angle("pitch", Frames(follow(rows), "upright"))
    assert together[0] == pytest.approx(alone[0], abs=1e-3)
    assert together[-1] == pytest.approx(alone[-1], abs=1e-3)
