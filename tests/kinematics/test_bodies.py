"""Several bodies in a recording: who is who from frame to frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posturecam.kinematics.bodies import apart, changed_over, tracks_of
from posturecam.model import Pose
from posturecam.poses import PoseSequence
from tests.builders import HEIGHT, WIDTH, push_up, record, standing, times


def moved(pose: Pose, right: float) -> Pose:
    return replace(pose, points=pose.points + np.array([right, 0.0]))


def slots_of(frames: list[list[Pose]], most: int = 3, fps: float = 10.0) -> list[PoseSequence]:
    slots = [PoseSequence() for _ in range(most)]
    for index, bodies in enumerate(frames):
        for place, slot in enumerate(slots):
            slot.append(index / fps, bodies[place] if place < len(bodies) else None, WIDTH, HEIGHT)
    return slots


def middles(track: PoseSequence) -> np.ndarray:
    return track.points[track.seen].mean(axis=(1, 2))


def test_two_people_whose_order_changes_in_every_frame_are_two_tracks() -> None:
    left, right = moved(standing(), -200), moved(standing(), 200)
    tracks = tracks_of(slots_of([[left, right], [right, left]] * 10))
    assert len(tracks) == 2
    assert all(track.seen.all() for track in tracks)
    assert all(np.ptp(middles(track)) < 1 for track in tracks)


def test_somebody_who_is_lost_for_seconds_and_found_at_the_same_place_is_the_same() -> None:
    frames = [[push_up()]] * 20 + [[]] * 40 + [[push_up(100)]] * 20
    (track,) = tracks_of(slots_of(frames))
    assert track.seen.sum() == 40


def test_a_body_in_another_pose_at_the_same_place_is_somebody_else() -> None:
    lying = push_up()
    upright = standing()
    upright = replace(upright, points=upright.points + (lying.points.mean(axis=0) - upright.points.mean(axis=0)))
    tracks = tracks_of(slots_of([[lying, upright], [upright, lying]] * 10))
    heights = sorted(float(np.ptp(track.points[0][:, 1])) for track in tracks)
    assert len(tracks) == 2
    assert heights[0] < heights[1] / 1.5
    for track in tracks:
        assert np.ptp(np.ptp(track.points[:, :, 1], axis=1)) < 1


def test_a_body_found_twice_is_one_person() -> None:
    body = standing()
    assert apart([body.points, body.points + 3.0]) == [0]
    assert len(tracks_of(slots_of([[body, moved(body, 3.0)]] * 10))) == 1


def test_somebody_who_only_passes_for_a_moment_is_no_track() -> None:
    passer = moved(standing(), 220)
    frames = [[push_up(), passer] if 10 <= index < 14 else [push_up()] for index in range(60)]
    assert len(tracks_of(slots_of(frames))) == 1


def test_tracks_keep_times_sizes_and_contours_and_show_nobody_where_that_person_was_not() -> None:
    body = standing()
    slots = slots_of([[body], [], [body], [body]])
    (track,) = tracks_of(slots)
    assert track.t_s.tolist() == slots[0].t_s.tolist()
    assert track.seen.tolist() == [True, False, True, True]
    assert np.isnan(track.points[1]).all()
    np.testing.assert_array_equal(track.contour[0], slots[0].contour[0])


def test_nobody_at_all_is_no_track() -> None:
    assert tracks_of([]) == []
    assert tracks_of(slots_of([[], []])) == []


def test_a_body_that_is_elsewhere_in_the_next_frame_is_another() -> None:
    size = float(np.hypot(*np.ptp(standing().points, axis=0)))

    def jumping(share: float) -> bool:
        return changed_over(record(lambda t_s: moved(standing(), share * size if t_s > 1 else 0.0), times(2, 10)))

    assert not jumping(0.43)
    assert jumping(0.47)


def test_who_walks_away_or_comes_back_elsewhere_after_a_while_is_not_another() -> None:
    assert not changed_over(record(lambda t_s: moved(standing(), 150 * t_s), times(3, 10)))
    assert not changed_over(
        record(lambda t_s: None if 1 < t_s < 2 else moved(standing(), 300.0 if t_s > 1 else 0.0), times(3, 10))
    )


# limits in shares of a body's size ------------------------------------------------------------------------------------------

SIZE = float(np.hypot(*np.ptp(standing().points, axis=0)))


@pytest.mark.parametrize(("share", "bodies"), [(0.11, 1), (0.13, 2)])
def test_two_bodies_closer_than_an_eighth_are_one_that_was_found_twice(share: float, bodies: int) -> None:
    assert len(apart([standing().points, moved(standing(), share * SIZE).points])) == bodies


@pytest.mark.parametrize(
    ("share", "seconds", "people"),
    [(0.35, 0.1, 1), (0.39, 0.1, 2), (0.80, 0.5, 1), (0.88, 0.5, 2), (0.87, 2.0, 1), (0.93, 2.0, 2)],
    ids=["a step", "too far at once", "in half a second", "not so far", "in two seconds", "too far for one body"],
)
def test_how_far_somebody_can_be_from_where_they_were(share: float, seconds: float, people: int) -> None:
    slots = slots_of([[standing()], [moved(standing(), share * SIZE)]], most=1, fps=1 / seconds)
    assert len(tracks_of(slots)) == people


@pytest.mark.parametrize(("step_s", "another"), [(0.28, True), (0.32, False)])
def test_a_moment_is_three_tenths_of_a_second(step_s: float, another: bool) -> None:
    assert changed_over(record(lambda t_s: moved(standing(), 0.6 * SIZE if t_s > 0 else 0.0), [0.0, step_s])) is another


@pytest.mark.parametrize(("frames", "people"), [(8, 1), (12, 2)])
def test_who_is_seen_in_less_than_a_tenth_of_the_frames_does_not_exercise(frames: int, people: int) -> None:
    far = moved(standing(), 2 * SIZE)
    slots = slots_of([[standing(), far] if row < frames else [standing()] for row in range(100)], most=2)
    assert len(tracks_of(slots)) == people
