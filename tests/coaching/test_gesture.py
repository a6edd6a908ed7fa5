"""The finishing gesture fires for crossed arms, after its time, and for nothing else that people do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posturecam.coaching.gesture import FinishGesture, TurnGesture, arms_crossed, raised_arm
from posturecam.model import LANDMARK_INDEX, Pose
from tests.builders import PIXELS_PER_METRE, SHOULDER_HALF, YAW, mirrored, plank, scaled, standing

WIDTH_PX = 2 * SHOULDER_HALF * PIXELS_PER_METRE


def with_hands(elbow: tuple[float, float], hand: tuple[float, float], pose: Pose | None = None) -> Pose:
    """Left elbow and hand at (out to the person's left, down) of the mid-shoulder in shoulder widths; the right mirrors it."""
    pose = pose or standing()
    points = pose.points.copy()
    middle = (points[LANDMARK_INDEX["left_shoulder"]] + points[LANDMARK_INDEX["right_shoulder"]]) / 2
    for side, sign in (("left", 1.0), ("right", -1.0)):
        for part, (out, down) in (("elbow", elbow), *((name, hand) for name in ("wrist", "index", "pinky"))):
            points[LANDMARK_INDEX[f"{side}_{part}"]] = middle + np.array([sign * out, down]) * WIDTH_PX
    return replace(pose, points=points)


CROSSED = with_hands((0.35, 0.65), (-0.2, 0.0))
OTHERS = {
    "arms hanging": standing(),
    "arms folded under the chest": with_hands((0.5, 0.75), (-0.25, 0.7)),
    "hands together before the chest": with_hands((0.45, 0.7), (0.05, 0.1)),
    "hands at the own shoulders": with_hands((0.6, 0.6), (0.45, 0.0)),
    "hands behind the head": with_hands((0.9, -0.5), (0.15, -0.7)),
    "arms straight ahead, slightly crossed": with_hands((0.3, 0.05), (-0.1, 0.0)),
    "back to the camera": mirrored(with_hands((-0.35, 0.65), (0.2, 0.0))),
    "side view": with_hands((0.35, 0.65), (-0.2, 0.0), standing(yaw=YAW["right"])),
    "plank": plank(),
}


def test_crossed_arms_are_seen_at_any_distance() -> None:
    assert arms_crossed(CROSSED)
    assert arms_crossed(scaled(CROSSED, 0.3))
    assert arms_crossed(mirrored(CROSSED))


@pytest.mark.parametrize("name", OTHERS)
def test_other_postures_are_not_it(name: str) -> None:
    assert not arms_crossed(OTHERS[name])


def test_hidden_hands_are_not_it() -> None:
    seen = CROSSED.visibility.copy()
    seen[LANDMARK_INDEX["left_wrist"]] = 0.2
    assert not arms_crossed(replace(CROSSED, visibility=seen))


def test_it_counts_once_it_was_held() -> None:
    gesture = FinishGesture()
    shares = [gesture.update(frame / 20, CROSSED) for frame in range(31)]
    assert shares == sorted(shares)
    assert shares[-2] < 1.0
    assert shares[-1] == 1.0


def test_flicker_is_bridged_and_a_gap_begins_again() -> None:
    gesture = FinishGesture()
    for frame in range(20):
        gesture.update(frame / 20, None if frame in (7, 8, 9) else CROSSED)
    assert gesture.update(1.0, CROSSED) == pytest.approx(1.0 / 1.5)
    for frame in range(21, 35):
        share = gesture.update(frame / 20, standing())
    assert share == 0.0
    assert gesture.update(2.0, CROSSED) == 0.0


@pytest.mark.parametrize("name", ["a", "b"])
def test_a_rendered_person_is_understood(name: str) -> None:
    from posturecam.sources.landmarks import LandmarkSource

    stored = LandmarkSource(Path(__file__).parents[1] / "data" / f"finish_gesture_{name}.npz")
    gesture = FinishGesture()
    ended = [frame.t_s for frame in stored if gesture.update(frame.t_s, stored.estimate(frame)) >= 1.0]
    assert ended
    assert 2.0 < ended[0] < 4.0


def test_one_raised_arm_turns_the_programme() -> None:

    nose = LANDMARK_INDEX["nose"]

    def with_hands_over_the_head(*sides: str) -> Pose:
        pose = standing()
        points = pose.points.copy()
        for side in sides:
            points[LANDMARK_INDEX[f"{side}_wrist"]][1] = points[nose][1] - 0.8 * trunk(points)
        return replace(pose, points=points)

    def trunk(points: np.ndarray) -> float:
        return abs(float(points[LANDMARK_INDEX["left_hip"]][1] - points[LANDMARK_INDEX["left_shoulder"]][1]))

    assert raised_arm(standing()) is None
    assert raised_arm(with_hands_over_the_head("left", "right")) is None
    for side in ("left", "right"):
        assert raised_arm(with_hands_over_the_head(side)) == side
    gesture = TurnGesture()
    shares = [gesture.update(number / 10, with_hands_over_the_head("right")) for number in range(16)]
    assert shares[7][1] < 1
    assert shares[15] == ("right", 1.0)


# limits ------------------------------------------------------------------------------------------------------------------


def moved_point(pose: Pose, name: str, by: tuple[float, float]) -> Pose:
    """A point moved by so many shoulder widths to the right and down."""
    points = pose.points.copy()
    points[LANDMARK_INDEX[name]] += np.array(by) * WIDTH_PX
    return replace(pose, points=points)


@pytest.mark.parametrize(
    ("pose", "crossed"),
    [
        (with_hands((0.35, 0.65), (-0.06, 0.0)), False),
        (with_hands((0.35, 0.65), (-0.09, 0.0)), True),
        (with_hands((0.35, 0.65), (-0.2, -0.31)), True),
        (with_hands((0.35, 0.65), (-0.2, -0.39)), False),
        (with_hands((0.35, 0.95), (-0.2, 0.51)), True),
        (with_hands((0.35, 0.95), (-0.2, 0.59)), False),
        (with_hands((0.35, 0.65), (-0.2, 0.37)), True),
        (with_hands((0.35, 0.65), (-0.2, 0.43)), False),
        (moved_point(with_hands((0.35, 0.9), (-0.2, 0.3)), "left_shoulder", (0.0, 0.42)), True),
        (moved_point(with_hands((0.35, 0.9), (-0.2, 0.3)), "left_shoulder", (0.0, 0.48)), False),
        (with_hands((0.35, 0.65), (-0.2, 0.0), standing(yaw=40.0)), True),
        (with_hands((0.35, 0.65), (-0.2, 0.0), standing(yaw=43.0)), False),
    ],
    ids=[
        "not over",
        "over",
        "high",
        "too high",
        "low",
        "too low",
        "rising",
        "flat",
        "tilted",
        "bent",
        "turned",
        "aside",
    ],
)
def test_how_arms_are_crossed(pose: Pose, crossed: bool) -> None:
    assert arms_crossed(pose) is crossed


@pytest.mark.parametrize(("visibility", "crossed"), [(0.45, False), (0.55, True)])
def test_hands_must_be_seen_surely(visibility: float, crossed: bool) -> None:
    seen = CROSSED.visibility.copy()
    seen[LANDMARK_INDEX["left_wrist"]] = visibility
    assert arms_crossed(replace(CROSSED, visibility=seen)) is crossed


@pytest.mark.parametrize(("gap_s", "share"), [(0.25, 1.0 / 1.5), (0.35, 0.0)])
def test_a_flicker_is_three_tenths_of_a_second_long(gap_s: float, share: float) -> None:
    gesture = FinishGesture()
    for frame in range(51):
        gesture.update(frame / 100, CROSSED)
    for frame in range(51, round(50 + 100 * gap_s)):
        gesture.update(frame / 100, None)
    begun_again = [gesture.update(t_s, CROSSED) for t_s in (0.5 + gap_s, 1.0)]
    assert begun_again[1] == pytest.approx(share if share else (0.5 - gap_s) / 1.5, abs=0.01)


@pytest.mark.parametrize(
    ("over", "leaning", "raised"),
    [(0.5, 0.0, True), (0.4, 0.0, False), (0.9, 34.0, True), (0.9, 40.0, False)],
    ids=["up", "at the head", "leaning", "lying over"],
)
def test_how_an_arm_is_raised(over: float, leaning: float, raised: bool) -> None:
    pose = standing(side_lean=leaning)
    points = pose.points.copy()
    pairs = [LANDMARK_INDEX[f"{side}_{part}"] for part in ("shoulder", "hip") for side in ("left", "right")]
    trunk = float(np.hypot(*(points[pairs[:2]].mean(axis=0) - points[pairs[2:]].mean(axis=0))))
    points[LANDMARK_INDEX["left_wrist"], 1] = points[LANDMARK_INDEX["nose"], 1] - over * trunk
    points[LANDMARK_INDEX["right_wrist"], 1] = points[LANDMARK_INDEX["right_hip"], 1] + 1.0
    assert (raised_arm(replace(pose, points=points)) == "left") is raised
