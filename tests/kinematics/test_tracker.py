"""What is taken from poses: who is near, which way is forward, how long a torso is, from where the camera looks."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posturecam.kinematics.track import VIEWS, Track, Unseen, concatenate, unseen_text
from posturecam.kinematics.tracker import Tracker, settled, view_from
from posturecam.model import LANDMARK_INDEX, Pose
from tests import builders
from tests.builders import TORSO_PX, YAW, mirrored, push_up, standing, table
from tests.tracks import assert_same, follow, point, sequence, track_of


def staying(
    pose: Pose | None, start_s: float, seconds: float = 3.0, fps: float = 15
) -> list[tuple[float, Pose | None]]:
    return [(t_s, pose) for t_s in builders.times(seconds, fps, start_s)]


@pytest.mark.parametrize(
    ("yaw", "view"),
    [("front", "front"), ("right", "side"), ("left", "side"), ("back", "back"), ("oblique", "oblique")],
)
def test_view_of_somebody_standing(yaw: str, view: str) -> None:
    assert track_of(standing(yaw=YAW[yaw])).view_at(0) == view


@given(st.floats(-180, 180))
def test_turn_is_the_angle_out_of_the_picture_whichever_way_one_faces(yaw: float) -> None:
    expected = abs((yaw + 90) % 180 - 90)
    assert track_of(standing(yaw=yaw)).turn[0] == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("make", [push_up, table])
@pytest.mark.parametrize(("yaw", "near", "facing"), [("right", "right", 1.0), ("left", "left", -1.0)])
def test_on_the_floor_forward_is_where_the_head_lies(make, yaw: str, near: str, facing: float) -> None:
    track = track_of(make(yaw=YAW[yaw]), lying=True)
    assert (track.view_at(0), track.near_at(0), track.facing[0]) == ("side", near, facing)


@pytest.mark.parametrize(("yaw", "near", "facing"), [("right", "right", 1.0), ("left", "left", -1.0)])
def test_standing_forward_is_where_the_face_looks(yaw: str, near: str, facing: float) -> None:
    track = track_of(standing(yaw=YAW[yaw]))
    assert (track.near_at(0), track.facing[0]) == (near, facing)


@given(st.sampled_from(["left", "right", "oblique", "front", "back"]), st.floats(0, 160))
@settings(max_examples=30)
def test_a_mirror_swaps_near_and_facing_and_leaves_the_rest(yaw: str, shoulder: float) -> None:
    pose = standing(yaw=YAW[yaw], shoulder=shoulder)
    track, mirror = track_of(pose), track_of(mirrored(pose))
    assert mirror.view[0] == track.view[0]
    assert mirror.turn[0] == pytest.approx(track.turn[0], abs=1e-3)
    assert mirror.torso[0] == pytest.approx(track.torso[0], rel=1e-5)
    assert mirror.faces_camera[0] == track.faces_camera[0]
    if track.view_at(0) == "side":
        assert mirror.near[0] != track.near[0]
        assert mirror.facing[0] == -track.facing[0]


def test_somebody_who_turns_round_gets_another_near_side_but_not_at_once() -> None:
    turned = push_up(yaw=YAW["left"])
    track = follow([*staying(push_up(yaw=YAW["right"]), 0.0), (3.1, turned), *staying(turned, 3.2)], lying=True)
    at_once = int(np.searchsorted(track.t_s, 3.1))
    assert (track.near_at(at_once), track.near_at(-1)) == ("right", "left")


def test_near_side_does_not_flicker_between_two_equal_sides() -> None:
    random = np.random.default_rng(3)

    def poses() -> Iterable[tuple[float, Pose]]:
        for t_s in builders.times(10, 30):
            pose = standing()
            pose.visibility[:] = random.uniform(0.6, 0.99, 33)
            yield t_s, pose

    assert len(np.unique(follow(poses()).near)) == 1


def front_with(depth_m: float = 0.0, right_visibility: float = 0.99) -> Pose:
    """Somebody who faces the camera, the left side nearer by ``depth_m``."""
    pose = standing()
    for side, sign in (("left", -0.5), ("right", 0.5)):
        for part in ("shoulder", "hip"):
            pose.world[LANDMARK_INDEX[f"{side}_{part}"], 2] = sign * depth_m
    pose.visibility[[LANDMARK_INDEX[f"right_{part}"] for part in ("shoulder", "elbow", "hip", "knee", "ankle")]] = (
        right_visibility
    )
    return pose


@pytest.mark.parametrize(
    ("pose", "near"),
    [
        (front_with(depth_m=0.11), "right"),
        (front_with(depth_m=0.13), "left"),
        (front_with(right_visibility=0.61), "right"),
        (front_with(right_visibility=0.57), "left"),
    ],
)
def test_the_other_side_is_near_when_it_is_clearly_nearer_or_better_seen(pose: Pose, near: str) -> None:
    track = follow([*staying(front_with(depth_m=-0.3), 0.0), *staying(pose, 3.1, 8.0)])
    assert track.near_at(-1) == near


@pytest.mark.parametrize(("aside", "facing"), [(-0.02, 1.0), (-0.04, -1.0)])
def test_the_face_looks_the_other_way_when_the_nose_is_clearly_on_the_other_side(aside: float, facing: float) -> None:
    pose = standing(yaw=YAW["right"])
    ear = pose.points[LANDMARK_INDEX["right_ear"]]
    pose.points[LANDMARK_INDEX["nose"]] = (ear[0] + aside * TORSO_PX, ear[1])
    assert follow([*staying(standing(yaw=YAW["right"]), 0.0), *staying(pose, 3.1, 8.0)]).facing[-1] == facing


def test_a_turn_to_the_other_side_is_believed_after_half_a_second() -> None:
    rows = [
        *staying(push_up(yaw=YAW["right"]), 0.0, 3.0, 60),
        *staying(push_up(yaw=YAW["left"]), 3.0 + 1 / 60, 3.0, 60),
    ]
    track = follow(rows, lying=True)
    assert 0.4 < track.t_s[(track.facing < 0).argmax()] - 3.0 < 0.65


def test_view_has_hysteresis() -> None:
    turns = [58, 52, 48, 52, 34, 38, 43, 38]
    rows = [row for index, yaw in enumerate(turns) for row in staying(standing(yaw=yaw), 4.0 * index)]
    track = follow(rows)
    ends = [track.view_at(int(np.searchsorted(track.t_s, 4.0 * index + 3.0))) for index in range(len(turns))]
    assert ends == ["side", "side", "oblique", "oblique", "front", "front", "oblique", "oblique"]


# what is not believed -----------------------------------------------------------------------------------------------------


def reasons(track: Track, index: int = -1) -> dict[str, Unseen]:
    return {name: Unseen(code) for name, at in LANDMARK_INDEX.items() if (code := int(track.unseen[index, at]))}


def test_a_landmark_of_low_visibility_is_unseen() -> None:
    track = track_of(standing(hidden=["left_wrist"]))
    assert np.isnan(point(track, "left_wrist")).all()
    assert reasons(track) == {"left_wrist": Unseen.HIDDEN}
    assert unseen_text(LANDMARK_INDEX["left_wrist"], Unseen.HIDDEN) == "left wrist hidden"


@pytest.mark.parametrize(("visibility", "seen"), [(0.49, False), (0.5, True)])
def test_half_visible_is_seen(visibility: float, seen: bool) -> None:
    assert np.isfinite(point(track_of(standing(visibility=visibility)), "left_wrist")).all() == seen


@pytest.mark.parametrize(("x", "seen"), [(3.0, False), (3.5, True), (636.5, True), (637.0, False)])
def test_what_lies_within_half_a_percent_of_the_edge_is_out_of_the_picture(x: float, seen: bool) -> None:
    track = track_of(standing(points={"left_wrist": (x, 200.0)}))
    assert reasons(track) == ({} if seen else {"left_wrist": Unseen.OUTSIDE})
    assert np.isfinite(point(track, "left_wrist")).all() == seen


def test_feet_out_of_the_picture_are_unseen_however_sure_the_model_is() -> None:
    track = track_of(standing(at_px=(320, 520)))
    assert reasons(track)["left_ankle"] is Unseen.OUTSIDE
    assert unseen_text(LANDMARK_INDEX["left_ankle"], Unseen.OUTSIDE) == "left ankle out of the picture"


def test_a_landmark_that_jumps_is_lost_for_a_moment() -> None:
    track = track_of(standing(), standing(points={"left_wrist": (100.0, 100.0)}), standing())
    assert reasons(track, 1) == {"left_wrist": Unseen.LOST}
    assert reasons(track, 2) == {}


@pytest.mark.parametrize(("torsos", "lost"), [(0.60, False), (0.70, True)])
def test_a_jump_is_further_than_a_third_of_a_torso_and_nine_a_second(torsos: float, lost: bool) -> None:
    pose = standing()
    x, y = pose.points[LANDMARK_INDEX["left_wrist"]]
    track = track_of(pose, standing(points={"left_wrist": (x + torsos * TORSO_PX, y)}))
    assert (reasons(track) == {"left_wrist": Unseen.LOST}) == lost


def test_nan_from_a_recording_is_unseen_and_poisons_nothing() -> None:
    blind = standing()
    blind.points[:] = np.nan
    blind.world[:] = np.nan
    track = follow([(0.0, blind), (0.1, blind), *staying(standing(), 0.2)])
    assert [track.view_at(index) for index in (0, 1)] == ["unknown", "unknown"]
    assert np.isnan(track.torso[:2]).all()
    assert (track.view_at(-1), track.faces_camera[-1], reasons(track)) == ("front", True, {})
    assert track.torso[-1] == pytest.approx(TORSO_PX, rel=0.01)


@pytest.mark.parametrize("start", [standing(), None])
def test_a_moment_without_world_landmarks_does_not_turn_anybody_round(start: Pose | None) -> None:
    blind = standing()
    blind.world[:] = np.nan
    assert follow([*staying(start, 0.0), *staying(blind, 4.0)]).faces_camera[-1]


def test_a_frame_without_anybody_is_nan_and_what_is_known_of_the_body_stays() -> None:
    track = track_of(None, push_up(yaw=YAW["left"]), None, push_up(yaw=YAW["left"]), lying=True)
    assert track.seen.tolist() == [False, True, False, True]
    assert np.isnan(track.xy[[0, 2]]).all()
    assert np.isnan(track.torso_now[[0, 2]]).all()
    assert track.near.tolist()[1:] == [0, 0, 0]
    assert track.facing.tolist()[1:] == [-1.0, -1.0, -1.0]
    assert math.isnan(track.torso[0])
    assert track.torso[2] == track.torso[1]
    assert [track.view_at(index) for index in range(4)] == ["unknown", "side", "unknown", "side"]


# torso length ---------------------------------------------------------------------------------------------------------------


def test_the_torso_is_measured_from_mid_shoulder_to_mid_hip() -> None:
    assert track_of(standing()).torso[0] == pytest.approx(TORSO_PX, rel=1e-5)


@pytest.mark.parametrize("hidden", [["left_shoulder"], ["left_hip"], ["left_shoulder", "left_hip"]])
def test_one_side_is_enough_for_the_torso(hidden: list[str]) -> None:
    assert track_of(push_up(hidden=hidden), lying=True).torso[0] == pytest.approx(TORSO_PX, rel=0.01)


def test_bending_towards_the_camera_does_not_shorten_the_torso() -> None:
    track = follow([*staying(standing(), 0.0, 4.0), *staying(standing(trunk=60.0), 4.1, 1.0)])
    assert track.torso[-1] == pytest.approx(TORSO_PX, rel=0.02)
    assert track.torso_now[-1] < 0.6 * TORSO_PX


def test_limbs_are_as_long_as_they_were_seen_at_their_longest() -> None:
    out, forward = standing(abduction=90), standing(shoulder=90)
    track = follow([*staying(out, 0.0, 4.0), *staying(forward, 4.1, 1.0)])
    assert track.limb[-1, :2] == pytest.approx(0.57 / 0.5 * TORSO_PX, rel=0.02)
    assert (track.limb_now[-1, :2] < 0.3 * TORSO_PX).all()
    assert track.limb[-1, 2:] == pytest.approx(0.84 / 0.5 * TORSO_PX, rel=0.02)


@given(st.floats(0.5, 4.0))
@settings(max_examples=15)
def test_the_resolution_changes_only_pixels(factor: float) -> None:
    small, large = track_of(push_up(), lying=True), track_of(builders.scaled(push_up(), factor), lying=True)
    assert large.torso[0] == pytest.approx(factor * small.torso[0], rel=1e-4)
    assert (large.view[0], large.near[0], large.facing[0]) == (small.view[0], small.near[0], small.facing[0])
    np.testing.assert_allclose(large.xy, factor * small.xy, rtol=1e-4)


# blocks -----------------------------------------------------------------------------------------------------------------------


def troubled(seed: int, count: int = 240) -> list[tuple[float, Pose | None]]:
    """Somebody who moves and turns round, with noise, hidden joints, stray landmarks, gaps, and now and then nobody."""
    random = np.random.default_rng(seed)
    rows: list[tuple[float, Pose | None]] = []
    t_s = 0.0
    for index in range(count):
        t_s += float(random.choice([1 / 30, 0.1, 0.8], p=[0.9, 0.08, 0.02]))
        pose = builders.jittered(
            standing(yaw=index * 2.0, shoulder=60 + 50 * math.sin(index / 9), bulge=0.02), random, 1.5
        )
        chance = random.random()
        if chance < 0.1:
            pose.visibility[random.integers(0, 33, 6)] = 0.1
        elif chance < 0.2:
            pose.points[random.integers(0, 33)] += 300.0
        elif chance < 0.22:
            pose.world[:] = np.nan
        rows.append((t_s, None if 0.22 < chance < 0.27 else pose))
    return rows


CUTS = st.lists(st.integers(0, 240), max_size=12).map(lambda cuts: sorted({0, 240, *cuts}))


@given(st.integers(0, 3), st.booleans(), CUTS)
@settings(max_examples=25, deadline=None)
def test_blocks_of_any_size_give_the_same_track(seed: int, lying: bool, cuts: list[int]) -> None:
    poses = sequence(troubled(seed))
    tracker = Tracker(lying=lying)
    parts = concatenate([tracker.follow(poses[a:b]) for a, b in pairwise(cuts)])
    assert_same(parts, Tracker(lying=lying).follow(poses))


def test_frame_by_frame_gives_the_same_track() -> None:
    poses = sequence(troubled(7))
    tracker = Tracker(lying=False)
    assert_same(
        concatenate([tracker.follow(poses[index : index + 1]) for index in range(len(poses))]),
        Tracker(lying=False).follow(poses),
    )


def test_no_frames_are_a_track_of_none() -> None:
    tracker = Tracker(lying=False)
    assert len(tracker.follow(sequence([]))) == 0
    assert len(tracker.follow(sequence([(0.0, standing())]))) == 1


def test_a_part_of_a_track_is_a_view() -> None:
    track = follow(troubled(1, 50))
    part = track[10:30]
    assert (len(part), part.t_s[0]) == (20, track.t_s[10])
    assert np.shares_memory(part.xy, track.xy)
    assert_same(concatenate([track[:10], part, track[30:]]), track)


# with the whole recording in view ----------------------------------------------------------------------------------------------


def test_settled_somebody_who_starts_hidden_and_half_turned_is_on_the_right_side_from_the_start() -> None:
    unclear = push_up(yaw=YAW["left"])
    unclear.visibility[:] = 0.6
    unclear.world[:, 2] = 0.0
    unclear.points[[LANDMARK_INDEX[n] for n in ("left_shoulder", "right_shoulder", "left_hip", "right_hip")], 0] = 300.0
    rows = [*staying(unclear, 0.0, 0.4, 30), *staying(push_up(yaw=YAW["right"]), 0.5, 3.0, 30)]
    track = follow(rows, lying=True)
    assert track.near_at(0) == "left"
    better = settled(track)
    assert (np.unique(better.near).tolist(), np.unique(better.facing).tolist()) == ([1], [1.0])


def test_settled_the_change_of_sides_comes_when_it_happens() -> None:
    rows = [*staying(push_up(yaw=YAW["right"]), 0.0, 3.0, 30), *staying(push_up(yaw=YAW["left"]), 3.04, 3.0, 30)]
    track = follow(rows, lying=True)
    late, at_once = (float(t.t_s[(t.facing < 0).argmax()]) for t in (track, settled(track)))
    assert late > at_once
    assert abs(at_once - 3.0) < 0.4


@pytest.mark.parametrize(("seconds", "followed"), [(0.6, False), (1.0, True)])
def test_settled_a_glance_to_the_other_side_is_not_followed(seconds: float, followed: bool) -> None:
    right, left = push_up(yaw=YAW["right"]), push_up(yaw=YAW["left"])
    rows = [*staying(right, 0.0, 3.0, 30), *staying(left, 3.03, seconds, 30), *staying(right, 3.1 + seconds, 3.0, 30)]
    assert (settled(follow(rows, lying=True)).facing < 0).any() == followed


def test_settled_the_torso_of_the_first_frames_is_that_of_the_person_upright() -> None:
    track = follow([*staying(standing(trunk=60.0), 0.0, 2.0), *staying(standing(), 2.1, 4.0)])
    assert track.torso[0] < 0.6 * TORSO_PX
    assert settled(track).torso[0] == pytest.approx(TORSO_PX, rel=0.02)


def test_settled_nobody_at_all_changes_nothing() -> None:
    track = track_of(None, None)
    better = settled(track)
    assert np.isnan(better.torso).all()
    assert better.near.tolist() == track.near.tolist()


@pytest.mark.parametrize("yaw", ["left", "right", "front", "oblique"])
@pytest.mark.parametrize("lying", [False, True])
def test_settled_of_a_whole_recording_asks_for_nothing_that_was_left_open(yaw: str, lying: bool) -> None:
    rows = [*staying(None, 0.0, 0.5), *staying(standing(yaw=YAW[yaw]), 1.0), *staying(standing(yaw=YAW["left"]), 5.0)]
    running, whole = (Tracker(lying=lying, whole=whole).follow(sequence(rows)) for whole in (False, True))
    assert_same(settled(whole), settled(running))


# limits: how long, how far and how clearly, in literal numbers -----------------------------------------------------------------


def leaning(side: float, *, depth_m: float = 0.0) -> Pose:
    """Somebody whose left side is seen better (1), worse (-1) or as well (0) and lies nearer by so many metres."""
    pose = standing()
    visibility, world = pose.visibility.copy(), pose.world.copy()
    for name, sign in (("left", 1.0), ("right", -1.0)):
        parts = [LANDMARK_INDEX[f"{name}_{part}"] for part in ("shoulder", "elbow", "hip", "knee", "ankle")]
        visibility[parts] = 0.75 + 0.25 * sign * side if side == 0 else 1.0 if sign * side > 0 else 0.0
        world[[LANDMARK_INDEX[f"{name}_{part}"] for part in ("shoulder", "hip")], 2] = -sign * depth_m / 2
    return dataclasses.replace(pose, visibility=visibility, world=world)


@pytest.mark.parametrize(("depth_m", "near"), [(-0.11, "left"), (-0.13, "right")])
def test_the_other_side_is_near_once_it_is_nearer_by_twelve_centimetres(depth_m: float, near: str) -> None:
    # four tenths of the thirty centimetres that weigh as much as being seen surely
    track = follow([*staying(leaning(1.0), 0.0, 3.0), *staying(leaning(0.0, depth_m=depth_m), 3.1, 8.0)])
    assert track.near_at(-1) == near


def flips_after_s(track: Track, changed_s: float) -> float:
    """Seconds from a change of the pose to the moment at which the track's near side follows it."""
    return float(track.t_s[np.flatnonzero(track.near != track.near[0])[0]]) - changed_s


def test_the_near_side_follows_with_a_time_constant_of_seven_tenths_of_a_second() -> None:
    # from 1 to -1: -0.4 is reached after 0.7 ln(2 / 0.6)
    rows = [*staying(leaning(1.0), 0.0, 4.0, 60), *staying(leaning(-1.0), 4.0 + 1 / 60, 3.0, 60)]
    assert flips_after_s(follow(rows), 4.0) == pytest.approx(0.843, abs=0.06)


def test_with_all_of_it_in_view_the_near_side_is_that_of_a_second_and_a_half_around() -> None:
    # -0.4 is reached where seven tenths of the window have changed
    rows = [*staying(leaning(1.0), 0.0, 4.0, 60), *staying(leaning(-1.0), 4.0 + 1 / 60, 3.0, 60)]
    assert flips_after_s(settled(follow(rows)), 4.0) == pytest.approx(0.7 * 1.5 - 0.75, abs=0.04)


@pytest.mark.parametrize(("ahead", "facing"), [(-0.026, 1.0), (-0.034, -1.0)])
def test_forward_changes_once_the_nose_is_three_hundredths_of_a_torso_past_the_ear(ahead: float, facing: float) -> None:
    def looking(torsos: float) -> Pose:
        x, y = standing().points[LANDMARK_INDEX["left_ear"]]
        pose = leaning(1.0)
        points = pose.points.copy()
        points[LANDMARK_INDEX["nose"]] = (x + torsos * TORSO_PX, y)
        return dataclasses.replace(pose, points=points)

    track = follow([*staying(looking(0.2), 0.0, 3.0), *staying(looking(ahead), 3.1, 8.0)])
    assert (track.facing[0], track.facing[-1]) == (1.0, facing)


def test_the_view_follows_a_turn_with_a_time_constant_of_half_a_second() -> None:
    # from 0 to 90 degrees: 55 is reached after 0.5 ln(90 / 35), and the smoothing of landmarks takes a little longer
    track = follow([*staying(standing(), 0.0, 3.0, 60), *staying(standing(yaw=90.0), 3.0 + 1 / 60, 3.0, 60)])
    turned = [track.view_at(row) == "side" for row in range(len(track))].index(True)
    assert track.t_s[turned] - 3.0 == pytest.approx(0.5, abs=0.09)


@pytest.mark.parametrize(
    ("turn", "before", "view"),
    [
        (54.0, "oblique", "oblique"),
        (56.0, "oblique", "side"),
        (51.0, "side", "side"),
        (49.0, "side", "oblique"),
        (36.0, "oblique", "oblique"),
        (34.0, "oblique", "front"),
        (39.0, "front", "front"),
        (41.0, "front", "oblique"),
    ],
)
def test_a_view_begins_at_55_and_35_degrees_and_is_left_five_degrees_later(turn: float, before: str, view: str) -> None:
    assert VIEWS[view_from(turn, True, VIEWS.index(before))] == view  # type: ignore[arg-type]
