"""A recording looked at by several processes is the recording looked at by one."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from posturecam.app.looking import CHUNK_ROWS, Looked, Watch, differ, look, number_of_parts
from posturecam.model import LANDMARK_COUNT, Pose
from posturecam.poses import PoseSequence

SEAM_PIXELS = 2.0


@pytest.fixture(scope="module")
def one(sample_clip: Path, model_path: Path) -> Looked:
    return look(Watch(sample_clip, model_path, silhouette=True), 1)


def test_two_processes_find_what_one_finds(one: Looked, sample_clip: Path, model_path: Path) -> None:
    told: list[tuple[float, float | None]] = []
    watch = Watch(sample_clip, model_path, silhouette=True)
    two = look(watch, 2, lambda done, total: told.append((done, total)))
    (seam,) = two.seams
    assert two.info == one.info
    assert np.array_equal(two.poses.t_s, one.poses.t_s)
    assert np.array_equal(two.poses.points[:seam], one.poses.points[:seam])
    assert np.array_equal(two.poses.outlined, one.poses.outlined)
    apart = np.linalg.norm(two.poses.points[seam:] - one.poses.points[seam:], axis=2)
    assert np.nanmedian(apart) < SEAM_PIXELS
    assert not two.interrupted
    assert two.crowded == one.crowded
    assert told[-1] == (len(two.poses), len(two.poses))


def test_ctrl_c_keeps_what_was_found_from_the_beginning_on(one: Looked, sample_clip: Path, model_path: Path) -> None:
    done_so_far = 0.0

    def tell(done: float, _total: float | None) -> None:
        nonlocal done_so_far
        done_so_far = done

    @contextlib.contextmanager
    def waiting() -> Iterator[None]:
        # more than the second process has to do: the first one has told something too
        if done_so_far > len(one.poses) / 2 + 2 * CHUNK_ROWS:
            raise KeyboardInterrupt
        yield

    some = look(Watch(sample_clip, model_path, silhouette=True), 2, tell, waiting=waiting)
    assert some.interrupted
    assert 0 < len(some.poses) < len(one.poses)
    assert np.array_equal(some.poses.points, one.poses.points[: len(some.poses)])
    assert not multiprocessing.active_children()


def test_a_short_recording_is_not_cut() -> None:
    assert number_of_parts(4.0, 2) == 1
    assert number_of_parts(9.9, 2) == 1
    assert number_of_parts(10.0, 2) == 2


def test_a_recording_is_cut_in_a_part_a_process_and_an_hour_in_parts_of_a_minute() -> None:
    assert number_of_parts(60.0, 2) == 2
    assert number_of_parts(60.0, 8) == 8
    assert number_of_parts(3600.0, 2) == 60
    assert number_of_parts(3600.0, 8) == 64


def seen(*places: float | None) -> PoseSequence:
    """A row each: a body at that place in the picture, or nobody."""
    poses = PoseSequence()
    for row, place in enumerate(places):
        body = np.random.default_rng(5).uniform(0, 200, (LANDMARK_COUNT, 2))
        pose = None
        if place is not None:
            pose = Pose(body + np.array([place, 0]), np.zeros((LANDMARK_COUNT, 3)), np.ones(LANDMARK_COUNT), 640, 480)
        poses.append(row / 25, pose, 640, 480)
    return poses


def test_looks_that_follow_different_people_are_told_from_those_that_follow_one() -> None:
    assert not differ(seen(100, 101, 102), seen(101, 100, 104))
    assert differ(seen(100, 101, 102), seen(300, 301, 302))
    assert differ(seen(None, None, None), seen(300, 301, 302))
    assert not differ(seen(None, None, None), seen(None, None, None))


def test_one_frame_in_which_nobody_was_seen_is_no_other_person() -> None:
    assert not differ(seen(100, None, 102), seen(101, 100, 104))
