"""Somebody at a desk, seen from head to elbows: the hips are outside of the picture, and the torso still has a length."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posturecam.kinematics.track import Unseen
from posturecam.kinematics.tracker import Tracker, settled
from posturecam.model import LANDMARK_INDEX, Pose
from tests.builders import record, standing, times

HIPS = [LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]
SHOULDERS = [LANDMARK_INDEX["left_shoulder"], LANDMARK_INDEX["right_shoulder"]]


def at_desk(pose: Pose) -> Pose:
    """The same body, cut off by the picture's lower edge in the middle of the trunk."""
    cut = float((pose.points[SHOULDERS, 1].mean() + pose.points[HIPS, 1].mean()) / 2)
    return replace(pose, points=pose.points + np.array([0.0, pose.height - cut]))


def length(pose: Pose) -> float:
    return float(np.hypot(*(pose.points[SHOULDERS] - pose.points[HIPS]).mean(axis=0)))


def test_the_torso_is_as_long_as_supposed_while_the_hips_stay_unseen() -> None:
    pose = at_desk(standing())
    track = Tracker(lying=False).follow(record(lambda _t_s: pose, times(2, 20)))
    assert (track.unseen[:, HIPS] == Unseen.OUTSIDE).all()
    assert np.isnan(track.xy[:, HIPS]).all()
    assert track.torso[-1] == pytest.approx(length(pose), rel=1e-3)
    assert settled(track).torso == pytest.approx(length(pose), rel=1e-3)


def test_hips_that_are_hidden_in_the_picture_are_not_supposed() -> None:
    pose = standing()
    visibility = pose.visibility.copy()
    visibility[HIPS] = 0.1
    hidden = replace(pose, visibility=visibility)
    track = Tracker(lying=False).follow(record(lambda _t_s: hidden, times(1, 20)))
    assert np.isnan(track.torso).all()
