"""The names of the landmarks and the small conveniences of the value types."""

from __future__ import annotations

import dataclasses

import pytest

from posturecam.model import LANDMARK_COUNT, LANDMARK_INDEX, LANDMARK_NAMES, Hold, Rep, Verdict

FAULT, OK, UNKNOWN = Verdict("a", "fault", -1.0), Verdict("b", "ok", 1.0), Verdict("c", "unknown", reason="hidden")


def test_landmarks_are_mediapipes_33_in_its_order() -> None:
    assert LANDMARK_COUNT == len(set(LANDMARK_NAMES)) == 33
    known = {"nose": 0, "left_shoulder": 11, "right_wrist": 16, "left_hip": 23, "right_foot_index": 32}
    assert {name: LANDMARK_INDEX[name] for name in known} == known


def test_every_left_has_a_right() -> None:
    swapped = {name.replace("left", "*").replace("right", "left").replace("*", "right") for name in LANDMARK_NAMES}
    assert swapped == set(LANDMARK_NAMES)


def test_only_faults_are_faults() -> None:
    verdicts = (FAULT, OK, UNKNOWN)
    assert Rep(1, None, 0, 1, 2, "elbow", 170, 80, 1, 0, 1, verdicts).faults == (FAULT,)
    assert Hold(None, 0, 5, 5, verdicts).faults == (FAULT,)


def test_values_do_not_change_once_made() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        OK.state = "fault"  # type: ignore[misc]
