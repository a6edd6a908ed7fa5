"""A recording's poses as arrays: what goes in comes out, in memory and from a file (refusals: tests/sinks/test_landmarks.py)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posturecam.errors import OutputError, SourceError
from posturecam.model import Pose, SourceInfo
from posturecam.poses import LAYOUT, PoseSequence, concatenate, load
from tests import builders

INFO = SourceInfo("clip.mp4", 640, 480, fps=25.0, warnings=["It breaks off."])


def some(count: int, start: int = 0) -> PoseSequence:
    """Every third frame empty, every second outlined."""
    poses = PoseSequence()
    for index in range(start, start + count):
        bulge = 0.02 if index % 2 else None
        pose = None if index % 3 == 0 else builders.table(neck=float(index % 40), bulge=bulge)
        poses.append(index / 25, pose, 640, 480)
    return poses


def assert_equal(one: PoseSequence, other: PoseSequence) -> None:
    for name, array in one.arrays.items():
        np.testing.assert_array_equal(array, other.arrays[name], err_msg=name)


def assert_poses_equal(one: Pose | None, other: Pose | None) -> None:
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        np.testing.assert_allclose(one.points, other.points, rtol=1e-6)
        np.testing.assert_allclose(one.world, other.world, rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(one.visibility, other.visibility, rtol=1e-6)
        assert (one.width, one.height, one.contour is None) == (other.width, other.height, other.contour is None)


def test_it_starts_empty() -> None:
    poses = PoseSequence()
    assert len(poses) == 0
    assert list(poses) == []
    assert {name: array.shape[1:] for name, array in poses.arrays.items()} == {
        n: tail for n, (_, tail) in LAYOUT.items()
    }


def test_what_was_appended_comes_back_frame_by_frame() -> None:
    given = [(0.0, builders.standing()), (0.04, None), (0.1, builders.table(bulge=0.03))]
    poses = PoseSequence()
    for t_s, pose in given:
        poses.append(t_s, pose, 640, 480)
    for (t_s, pose), (time, wanted) in zip(poses, given, strict=True):
        assert t_s == time
        assert_poses_equal(pose, wanted)


def test_a_frame_without_anybody_is_nan_throughout() -> None:
    poses = some(1)
    assert (poses.seen[0], poses.outlined[0]) == (False, False)
    assert all(np.isnan(array).all() for array in (poses.points, poses.world, poses.visibility, poses.contour))
    assert poses.size.tolist() == [[640, 480]]


def test_it_grows_far_beyond_its_first_room() -> None:
    poses = some(1500)
    assert len(poses) == 1500
    np.testing.assert_allclose(poses.t_s, np.arange(1500) / 25)
    assert_equal(poses, concatenate([some(700), some(800, 700)]))


def test_a_slice_is_a_view_that_growing_leaves_alone() -> None:
    poses = some(256)
    part = poses[10:20]
    assert np.shares_memory(part.points, poses.points)
    for index in range(256, 600):
        poses.append(index / 25, None, 640, 480)
    part.append(99.0, None, 1, 1)
    assert (len(part), len(poses)) == (11, 600)
    assert poses.t_s[20] == 20 / 25
    assert_equal(part[:10], some(10, 10))


def test_concatenating_nothing_gives_nothing() -> None:
    assert len(concatenate([])) == 0


def test_arrays_that_do_not_fit_are_refused() -> None:
    arrays = some(5).arrays
    with pytest.raises(ValueError, match="points"):
        PoseSequence(arrays | {"points": arrays["points"][:4]})
    with pytest.raises(ValueError, match="world"):
        PoseSequence(arrays | {"world": arrays["world"].astype(float)})


def test_a_file_brings_back_every_bit(tmp_path: Path) -> None:
    poses = some(300)
    poses.save(tmp_path / "new" / "landmarks.npz", INFO, {"model": "full"})
    stored = load(tmp_path / "new" / "landmarks.npz")
    assert_equal(poses, stored.poses)
    assert (stored.info, stored.extra) == (INFO, {"model": "full"})


def test_a_file_that_is_not_there_and_a_place_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no stored landmarks"):
        load(tmp_path / "none.npz")
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        some(2).save(tmp_path / "file" / "landmarks.npz", INFO)


@pytest.mark.parametrize("name", ["points", "world", "visibility", "contour"])
def test_infinite_landmarks_are_refused(name: str, tmp_path: Path) -> None:
    poses = PoseSequence()
    poses.append(0.0, None, 640, 480)
    poses.arrays[name][...] = np.inf
    poses.save(tmp_path / "landmarks.npz", SourceInfo("clip.mp4", 640, 480))
    with pytest.raises(SourceError, match="not finite"):
        load(tmp_path / "landmarks.npz")
