"""A closer look: which part of the picture, and what comes back from it."""

from __future__ import annotations

import numpy as np
import pytest

from posturecam.model import Frame, Pose
from posturecam.pose.closer import (
    FLOOR_FROM,
    Box,
    Closer,
    floor_of,
    is_cut_off,
    parts_around,
    worth_a_closer_look,
)
from posturecam.pose.people import others_in
from posturecam.poses import PoseSequence
from tests.builders import HEIGHT, WIDTH, push_up, scaled, standing


def far_away(pose: Pose, factor: float, right: float, down: float) -> Pose:
    small = scaled(pose, factor)
    return Pose(small.points + np.array([right, down]), small.world, small.visibility, WIDTH, HEIGHT, small.contour)


def repeated(pose: Pose | None, seen: int, unseen: int = 0) -> PoseSequence:
    poses = PoseSequence()
    for index in range(seen + unseen):
        poses.append(index / 10, pose if index < seen else None, WIDTH, HEIGHT)
    return poses


def test_somebody_small_is_looked_at_in_a_part_of_the_picture_that_holds_the_whole_body() -> None:
    body = far_away(push_up(), 0.3, 250, 200)
    box = worth_a_closer_look(repeated(body, 20))
    assert box is not None
    assert (body.points > (box.left, box.top)).all()
    assert (body.points < (box.right, box.bottom)).all()
    assert (box.right - box.left) * (box.bottom - box.top) < 0.5 * WIDTH * HEIGHT


def test_somebody_who_fills_the_picture_is_not_looked_at_again() -> None:
    assert worth_a_closer_look(repeated(standing(), 20)) is None


def test_somebody_of_middling_size_is_looked_at_again_only_when_often_lost() -> None:
    body = far_away(standing(), 0.6, 150, 100)
    assert worth_a_closer_look(repeated(body, 20, unseen=2)) is None
    assert worth_a_closer_look(repeated(body, 20, unseen=6)) is not None


def test_an_empty_room_has_nothing_to_look_at() -> None:
    assert worth_a_closer_look(repeated(None, 0, unseen=5)) is None


def test_poses_found_in_a_part_are_given_in_the_whole_picture() -> None:
    shown: list[tuple[int, ...]] = []

    class Corner:
        def estimate(self, frame: Frame) -> Pose | None:
            shown.append(frame.image.shape)
            height, width = frame.image.shape[:2]
            body = standing()
            return Pose(np.zeros((33, 2)), body.world, body.visibility, width, height)

    closer = Closer(Corner(), Box(100, 50, 300, 250))
    pose = closer.estimate(Frame(0, 0.0, np.zeros((HEIGHT, WIDTH, 3), dtype=np.uint8)))
    assert pose is not None
    assert shown == [(200, 200, 3)]
    assert pose.points[0].tolist() == [100, 50]
    assert (pose.width, pose.height) == (WIDTH, HEIGHT)


@pytest.mark.parametrize(
    ("bodies", "others"),
    [
        ([], 0),
        ([standing()], 0),
        ([standing(), far_away(standing(), 1.0, 4, 0)], 0),
        ([standing(), far_away(standing(), 0.9, 250, 0)], 1),
        ([standing(), far_away(standing(), 0.2, 250, 0)], 0),
    ],
    ids=["nobody", "one", "one found twice", "two", "somebody far behind"],
)
def test_others_are_people_of_their_own_and_near_enough_to_be_followed_by_mistake(
    bodies: list[Pose], others: int
) -> None:
    assert others_in(bodies) == others


def test_of_two_people_each_has_a_part_of_the_picture_that_ends_between_them() -> None:
    left, right = far_away(standing(), 0.5, 20, 100), far_away(standing(), 0.5, 300, 100)
    one, other = parts_around([repeated(left, 20), repeated(right, 20)])
    middle = (left.points[:, 0].max() + right.points[:, 0].min()) / 2
    assert left.points[:, 0].max() < one.right <= np.ceil(middle)
    assert np.floor(middle) <= other.left < right.points[:, 0].min()
    assert parts_around([repeated(right, 20), repeated(left, 20)]) == [other, one]


def test_a_part_around_somebody_alone_leaves_room_on_both_sides() -> None:
    body = far_away(standing(), 0.5, 200, 100)
    (box,) = parts_around([repeated(body, 20)])
    assert box.left < body.points[:, 0].min() - 20
    assert box.right > body.points[:, 0].max() + 20


def test_the_floor_is_the_lower_part_of_the_picture() -> None:
    assert floor_of(repeated(standing(), 5)) == Box(0, int(FLOOR_FROM * HEIGHT), WIDTH, HEIGHT)
    assert floor_of(repeated(None, 0, unseen=5)) is None


FLOOR = Box(0, 200, WIDTH, HEIGHT)


def of_legs(outside: int) -> PoseSequence:
    """A body made of somebody's legs; so many of its 33 joints lie beside them."""
    points = np.tile([WIDTH / 2, 350.0], (33, 1))
    points[:outside, 0] += 200
    body = standing()
    return repeated(Pose(points, body.world, body.visibility, WIDTH, HEIGHT, body.contour), 20)


@pytest.mark.parametrize(("outside", "piece"), [(6, True), (7, False)])
def test_a_body_of_which_four_fifths_lie_within_somebody_cut_off_is_a_piece_of_them(outside: int, piece: bool) -> None:
    assert is_cut_off(of_legs(outside), repeated(standing(), 20), FLOOR) is piece


def test_who_lies_behind_somebody_standing_is_not_a_piece_of_them() -> None:
    assert not is_cut_off(repeated(push_up(), 20), repeated(standing(), 20), FLOOR)


def test_who_lies_wholly_on_the_floor_is_cut_off_by_nothing() -> None:
    lying = repeated(far_away(push_up(), 0.5, 150, 220), 20)
    assert not is_cut_off(lying, lying, FLOOR)


def test_who_is_never_seen_with_them_is_nobodys_piece() -> None:
    assert not is_cut_off(of_legs(0), repeated(None, 0, unseen=20), FLOOR)
