"""What to change about camera and position, in words; silence when all is well."""

from __future__ import annotations

import math

import pytest
from posturecam.form import view
from posturecam.form.body import Body, BodyTracker

from posturecam.model import Pose
from posturecam.spec.schema import Exercise
from tests.builders import HEIGHT, YAW, make_pose, mirrored, plank, push_up, standing
from tests.specs import exercise


def body_of(pose: Pose, *, lying: bool = False) -> Body:
    return BodyTracker(lying=lying).update(0.0, pose)


def seen_from(*views: str, frame: str = "full_body") -> Exercise:
    return exercise(camera={"view": views, "frame": frame})


@pytest.mark.parametrize(
    ("wanted", "yaw", "guidance"),
    [
        (["side"], "right", None),
        (["side"], "left", None),
        (["side"], "front", view.TURN_SIDE),
        (["side"], "back", view.TURN_SIDE),
        (["side"], "oblique", view.TURN_A_LITTLE),
        (["front"], "front", None),
        (["front"], "right", view.FACE_CAMERA),
        (["front"], "oblique", view.FACE_CAMERA),
        (["front"], "back", view.FACE_CAMERA),
        (["side", "front"], "right", None),
        (["side", "front"], "front", None),
        (["side", "front"], "oblique", view.TURN_A_LITTLE),
        (["side", "front"], "back", view.FACE_CAMERA),
    ],
)
def test_view_guidance(wanted: list[str], yaw: str, guidance: str | None) -> None:
    body = body_of(standing(yaw=YAW[yaw]))
    assert view.view_guidance(seen_from(*wanted), body) == guidance
    assert view.view_ok(seen_from(*wanted), body) is (guidance is None)


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
    assert view.framing_guidance(seen_from("front"), body_of(pose), HEIGHT) == guidance


def test_an_upper_body_exercise_needs_no_feet() -> None:
    body = body_of(standing(at_px=(320, 520)))
    assert view.framing_guidance(seen_from("front", frame="upper_body"), body, HEIGHT) is None


def test_a_wrong_view_comes_first() -> None:
    body = body_of(standing(yaw=90, at_px=(320, 520)))
    assert view.framing_guidance(seen_from("front"), body, HEIGHT) == view.FACE_CAMERA


def test_somebody_far_away_should_come_closer() -> None:
    pose = standing()
    pose.points[:] = (pose.points - 320) * 0.3 + 320
    assert view.framing_guidance(seen_from("front"), body_of(pose), HEIGHT) == view.COME_CLOSER


@pytest.mark.parametrize("flip", [lambda pose: pose, mirrored], ids=["as it is", "mirrored"])
def test_a_camera_that_looks_down_should_move_lower(flip) -> None:
    # seen from above, what is near lies lower in the picture
    pose = push_up(yaw=YAW["right"])
    right, left = pose.points[24].copy(), pose.points[23].copy()
    high = flip(push_up(points={"right_hip": (right[0], right[1] + 15), "left_hip": (left[0], left[1] - 15)}))
    body = body_of(high, lying=True)
    assert view.camera_height(body) == pytest.approx(0.3, abs=0.03)
    assert view.framing_guidance(seen_from("side"), body, HEIGHT) == view.LOWER


def test_a_level_camera_is_at_height_zero_and_only_from_the_side() -> None:
    assert view.camera_height(body_of(plank(), lying=True)) == pytest.approx(0.0, abs=0.01)
    assert math.isnan(view.camera_height(body_of(standing())))
    assert math.isnan(view.camera_height(body_of(make_pose(yaw=90, hidden=["left_hip"]))))
