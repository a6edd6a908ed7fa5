"""What to change about camera and position, in words; silence when all is well."""

from __future__ import annotations

import math

import pytest

from posturecam.judging import framing
from posturecam.model import Pose
from posturecam.spec.schema import Exercise
from tests.builders import HEIGHT, TORSO_PX, YAW, make_pose, mirrored, plank, push_up, standing
from tests.specs import exercise
from tests.tracks import track_of


def advice(spec: Exercise, pose: Pose | None, *, lying: bool = False) -> str | None:
    return framing.guidance(spec, track_of(pose, lying=lying))[0]


def seen_from(*views: str, frame: str = "full_body") -> Exercise:
    return exercise(camera={"view": views, "frame": frame})


@pytest.mark.parametrize(
    ("wanted", "yaw", "guidance"),
    [
        (["side"], "right", None),
        (["side"], "left", None),
        (["side"], "front", framing.TURN_SIDE),
        (["side"], "back", framing.TURN_SIDE),
        (["side"], "oblique", framing.TURN_A_LITTLE),
        (["front"], "front", None),
        (["front"], "right", framing.FACE_CAMERA),
        (["front"], "oblique", framing.FACE_CAMERA),
        (["front"], "back", framing.FACE_CAMERA),
        (["side", "front"], "right", None),
        (["side", "front"], "front", None),
        (["side", "front"], "oblique", framing.TURN_A_LITTLE),
        (["side", "front"], "back", framing.FACE_CAMERA),
    ],
)
def test_view_guidance(wanted: list[str], yaw: str, guidance: str | None) -> None:
    track = track_of(standing(yaw=YAW[yaw]))
    assert framing.view_guidance(seen_from(*wanted), track.view_at(0)) == guidance
    assert framing.guidance(seen_from(*wanted), track) == [guidance]


@pytest.mark.parametrize(
    ("pose", "guidance"),
    [
        (standing(), None),
        (standing(at_px=(320, 520)), "Step back, feet out of the picture"),
        (standing(at_px=(320, 300)), "Step back, head out of the picture"),
        (standing(abduction=90, at_px=(20, 430)), "Step back, feet out of the picture"),
    ],
)
def test_parts_out_of_the_picture(pose: Pose, guidance: str | None) -> None:
    assert advice(seen_from("front"), pose) == guidance


@pytest.mark.parametrize(
    ("yaw", "part", "guidance"),
    [
        ("right", "right_ankle", "Step back, feet out of the picture"),
        ("right", "left_ankle", None),
        ("left", "left_wrist", "Step back, hands out of the picture"),
        ("left", "right_wrist", None),
        ("right", "left_hip", None),
    ],
)
def test_from_the_side_only_the_near_limb_must_be_in_the_picture(yaw: str, part: str, guidance: str | None) -> None:
    assert advice(seen_from("side"), standing(yaw=YAW[yaw], points={part: (-5.0, 240.0)})) == guidance


@pytest.mark.parametrize("part", ["left_wrist", "right_wrist"])
def test_from_the_front_both_limbs_must_be_in_the_picture(part: str) -> None:
    told = advice(seen_from("front"), standing(points={part: (-5.0, 240.0)}))
    assert told == "Step back, hands out of the picture"


def test_an_upper_body_exercise_needs_no_feet() -> None:
    assert advice(seen_from("front", frame="upper_body"), standing(at_px=(320, 520))) is None


def test_a_wrong_view_comes_first() -> None:
    assert advice(seen_from("front"), standing(yaw=90, at_px=(320, 520))) == framing.FACE_CAMERA


def test_nobody_is_asked_in() -> None:
    assert advice(seen_from("side"), None) == framing.STEP_IN


@pytest.mark.parametrize(("torso_share", "guidance"), [(0.094, None), (0.086, framing.COME_CLOSER)])
def test_somebody_far_away_should_come_closer(torso_share: float, guidance: str | None) -> None:
    pose = standing()
    factor = torso_share * HEIGHT / TORSO_PX
    pose.points[:] = (pose.points - 320) * factor + 320
    assert advice(seen_from("front"), pose) == guidance


@pytest.mark.parametrize("flip", [lambda pose: pose, mirrored], ids=["as it is", "mirrored"])
@pytest.mark.parametrize(("under", "guidance"), [(0.20, None), (0.24, framing.LOWER)])
def test_a_camera_that_looks_down_should_move_lower(flip, under: float, guidance: str | None) -> None:
    # seen from above, what is near lies lower in the picture
    right, left = push_up(yaw=YAW["right"]).points[[24, 23]]
    by = under * TORSO_PX / 2
    high = flip(push_up(points={"right_hip": (right[0], right[1] + by), "left_hip": (left[0], left[1] - by)}))
    assert framing.camera_height(track_of(high, lying=True))[0] == pytest.approx(under, abs=0.01)
    assert advice(seen_from("side"), high, lying=True) == guidance


def test_a_level_camera_is_at_height_zero_and_a_hidden_hip_tells_none() -> None:
    assert framing.camera_height(track_of(plank(), lying=True))[0] == pytest.approx(0.0, abs=0.01)
    assert math.isnan(framing.camera_height(track_of(make_pose(yaw=90, hidden=["left_hip"])))[0])
