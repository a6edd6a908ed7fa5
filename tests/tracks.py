"""Poses made into sequences and tracks, for tests of what is measured."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from posturecam.kinematics.measures import Columns, measure, with_baseline
from posturecam.kinematics.track import Track
from posturecam.kinematics.tracker import Tracker
from posturecam.model import LANDMARK_INDEX, FloatArray, Pose, Side
from posturecam.poses import PoseSequence
from posturecam.spec.schema import Exercise
from tests import builders

Rows = Iterable[tuple[float, Pose | None]]


def sequence(rows: Rows) -> PoseSequence:
    """The rows as a recording keeps them, in 32 bits."""
    poses = PoseSequence()
    for t_s, pose in rows:
        width, height = (builders.WIDTH, builders.HEIGHT) if pose is None else (pose.width, pose.height)
        poses.append(t_s, pose, width, height)
    return poses


def follow(rows: Rows, *, lying: bool = False) -> Track:
    return Tracker(lying=lying).follow(sequence(rows))


def track_of(*poses: Pose | None, lying: bool = False) -> Track:
    """A track of poses a thirtieth of a second apart."""
    return follow(((index / 30, pose) for index, pose in enumerate(poses)), lying=lying)


def columns_of(exercise: Exercise, *poses: Pose | None, rest: Mapping[str, float] | None = None) -> Columns:
    """What is measured in poses, with the same resting values for both sides."""
    columns = measure(exercise, track_of(*poses, lying=exercise.lying))
    return columns if rest is None else with_baseline(columns, {"left": rest, "right": rest})


def value_in(exercise: Exercise, name: str, pose: Pose, *, active: Side = "left", rest: Any = None) -> float:
    """One measure in one pose."""
    return float(columns_of(exercise, pose, rest=rest or {}).of(name, active)[0])


def point(track: Track, name: str, index: int = -1) -> FloatArray:
    """A landmark in one frame, in pixels."""
    return np.asarray(track.xy[index, LANDMARK_INDEX[name]])


def arrays_of(item: Any) -> dict[str, np.ndarray]:
    """The arrays of a track by name."""
    names = [field.name for field in dataclasses.fields(item)]
    return {name: value for name in names if isinstance(value := getattr(item, name), np.ndarray)}


def assert_same(one: Track, other: Track) -> None:
    """Row for row the same numbers."""
    left, right = arrays_of(one), arrays_of(other)
    assert left.keys() == right.keys()
    for name, value in left.items():
        assert value.dtype == right[name].dtype, name
        np.testing.assert_allclose(value.astype(float), right[name].astype(float), rtol=0, atol=1e-9, err_msg=name)
