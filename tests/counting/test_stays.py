"""Holds are stays: in position and still, without the ways there and back, and as long as what carries them stands."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import numpy as np
import pytest

from posturecam.counting.positions import CONTRARY, GIVEN, UNKNOWN
from posturecam.counting.stays import (
    HoldSpan,
    Known,
    StayRule,
    _medians,
    at_rest,
    stays,
    with_side,
)
from tests.builders import path

NAN = math.nan
Value = Callable[[float], float]
At = Callable[[float], int]


def still(t_s: float) -> float:
    return 0.0


def held(
    evidence: At,
    seconds: float = 15.0,
    *,
    fps: float = 30,
    entered: At | None = None,
    joints: tuple[Value, ...] = (still,),
    anchor: Value | None = None,
    grace_s: float = 1.0,
    least_s: float = 0.5,
    side: Value | None = None,
    t_s: np.ndarray | None = None,
    moves: bool = False,
) -> list[HoldSpan]:
    """The stays of somebody whose joints are at the given heights, in torso lengths."""
    t_s = np.arange(0, seconds + 1e-9, 1 / fps) if t_s is None else t_s
    kept = np.array([evidence(t) for t in t_s.tolist()], dtype=np.int8)
    strict = kept if entered is None else np.array([entered(t) for t in t_s.tolist()], dtype=np.int8)
    places = np.array([[(0.0, joint(t)) for joint in joints] for t in t_s.tolist()])
    places[np.isnan(places[..., 1])] = NAN
    carrier = None if anchor is None else np.array([[(0.0, anchor(t))] for t in t_s.tolist()])
    sides = None if side is None else np.array([side(t) for t in t_s.tolist()])
    return stays(t_s, strict, kept, places, carrier, StayRule(grace_s, least_s, moves), sides)


def between(start_s: float, end_s: float, inside: int = GIVEN, outside: int = CONTRARY) -> At:
    return lambda t_s: inside if start_s <= t_s <= end_s else outside


def except_for(start_s: float, end_s: float, what: int = CONTRARY) -> At:
    return lambda t_s: what if start_s < t_s < end_s else GIVEN


@pytest.mark.parametrize("fps", [8, 15, 30, 60])
def test_a_hold_is_as_long_as_it_was_at_any_frame_rate(fps: float) -> None:
    (span,) = held(between(2.0, 12.0), fps=fps)
    assert (span.start_s, span.end_s) == (pytest.approx(2.0, abs=1 / fps), pytest.approx(12.0, abs=1 / fps))
    assert span.gaps == ()


@pytest.mark.parametrize(("seconds", "count"), [(0.4, 0), (0.6, 1)])
def test_a_position_that_is_right_for_a_moment_only_is_no_hold(seconds: float, count: int) -> None:
    assert len(held(between(3.0, 3.0 + seconds))) == count


@pytest.mark.parametrize("evidence", [CONTRARY, UNKNOWN])
def test_a_position_that_is_never_given_is_no_hold(evidence: int) -> None:
    assert held(lambda t_s: evidence) == []


def test_what_is_held_but_for_a_moment_unseen_goes_on() -> None:
    (span,) = held(except_for(5.0, 7.0, UNKNOWN))
    assert span.duration_s == pytest.approx(15.0, abs=0.1)


@pytest.mark.parametrize(("given_s", "count"), [(6.0, 0), (9.0, 1)])
def test_the_position_must_be_given_for_half_of_the_time_or_for_long_at_once(given_s: float, count: int) -> None:
    def flickering(t_s: float) -> int:
        return GIVEN if t_s % 1.0 < given_s / 15 else UNKNOWN

    assert len(held(flickering, least_s=0.9)) == count


def test_hysteresis_who_is_in_position_leaves_it_only_clearly() -> None:
    (span,) = held(between(2, 12), entered=between(3, 8))
    assert (span.start_s, span.end_s) == (pytest.approx(2, abs=0.1), pytest.approx(12, abs=0.1))
    assert held(between(2, 12), entered=between(3, 3.2)) == []


# breaks ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("break_s", "count"), [(0.8, 1), (1.3, 2)])
def test_a_break_of_up_to_the_grace_is_bridged_but_not_held(break_s: float, count: int) -> None:
    spans = held(except_for(6.0, 6.0 + break_s))
    assert len(spans) == count
    assert sum(span.duration_s for span in spans) == pytest.approx(15.0 - break_s, abs=0.15)


@pytest.mark.parametrize(("away", "held_s"), [(0.2, 15.0), (0.25, 14.2)])
def test_a_short_break_in_which_what_carries_the_position_gives_way_is_not_held(away: float, held_s: float) -> None:
    (span,) = held(except_for(6.0, 6.8), anchor=lambda t_s: away if 6.0 < t_s < 6.8 else 0.0)
    assert span.duration_s == pytest.approx(held_s, abs=0.1)


@pytest.mark.parametrize(("then", "count"), [(10.0, 1), (-10.0, 2), (NAN, 1)])
def test_a_break_in_which_the_side_changes_parts_two_holds_however_short_it_is(then: float, count: int) -> None:
    parted = except_for(6.0, 6.6)
    assert len(held(parted, side=lambda t_s: 10.0 if t_s < 6.3 else then)) == count
    assert len(held(parted, side=lambda t_s: 10.0 if t_s < 6.3 else then, anchor=still)) == count


def test_a_flicker_costs_nothing() -> None:
    (span,) = held(except_for(5.0, 5.15))
    assert (span.duration_s, span.gaps) == (pytest.approx(15.0, abs=0.05), ())


@pytest.mark.parametrize("anchor", [None, still])
@pytest.mark.parametrize(("gap_s", "count"), [(1.4, 1), (1.6, 2)])
def test_a_gap_in_the_source_is_not_held_time(gap_s: float, count: int, anchor: Value | None) -> None:
    t_s = np.concatenate([np.arange(0, 5, 1 / 30), np.arange(5 + gap_s, 10, 1 / 30)])
    spans = held(lambda t: GIVEN, t_s=t_s, anchor=anchor)
    assert len(spans) == count
    assert sum(span.duration_s for span in spans) == pytest.approx(10.0 if count == 1 else 10.0 - gap_s, abs=0.1)


@pytest.mark.parametrize(("gap_s", "count"), [(1.4, 1), (1.6, 2)])
def test_a_pause_in_which_the_position_was_just_given_up_is_not_held_time(gap_s: float, count: int) -> None:
    """As live does it: who gets up is fed for a moment longer, then nothing until they are back."""
    t_s = np.array([t for t in np.arange(0, 15.0, 1 / 30) if not 5.3 < t < 5.3 + gap_s])
    found = held(except_for(5.0, 5.31), t_s=t_s, anchor=still, grace_s=0.2)
    assert len(found) == count


@pytest.mark.parametrize(("away", "count"), [(0.2, 1), (0.25, 2)])
def test_a_position_stands_while_what_carries_it_stays_where_it_was(away: float, count: int) -> None:
    # for five seconds an arm threads under the chest: nothing measured fits, but the hips are still up
    spans = held(except_for(5, 10), anchor=lambda t_s: away if 5 < t_s < 10 else 0.0)
    assert len(spans) == count
    if count == 1:
        assert spans[0].duration_s == pytest.approx(15.0, abs=0.1)


@pytest.mark.parametrize(("gone_s", "count"), [(19.0, 1), (21.0, 2)])
def test_an_anchor_speaks_for_the_position_for_twenty_seconds(gone_s: float, count: int) -> None:
    assert len(held(except_for(5, 5 + gone_s), 32, anchor=still, fps=15)) == count


@pytest.mark.parametrize(("hidden_s", "count"), [(2.0, 1), (3.5, 2)])
def test_an_anchor_must_be_seen_for_half_of_the_break(hidden_s: float, count: int) -> None:
    assert len(held(except_for(5, 10), anchor=lambda t_s: NAN if 5 < t_s < 5 + hidden_s else 0.0)) == count


@pytest.mark.parametrize(("away_s", "count"), [(0.3, 1), (0.8, 2)])
def test_a_landmark_of_the_anchor_may_jump_for_a_tenth_of_the_break(away_s: float, count: int) -> None:
    assert len(held(except_for(5, 10), anchor=lambda t_s: 1.0 if 7 < t_s < 7 + away_s else 0.0)) == count


def test_without_an_anchor_a_break_ends_the_hold() -> None:
    assert len(held(except_for(5, 10))) == 2


# arriving and leaving -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", [12, 30, 60])
def test_arriving_and_leaving_are_not_held(fps: float) -> None:
    rising = path((0, -0.3), (1, -0.3), (2.5, 0.0), (12.5, 0.0), (14, -0.3))
    (span,) = held(between(1, 14), fps=fps, joints=(still, rising))
    assert (span.start_s, span.end_s) == (pytest.approx(2.1, abs=0.2), pytest.approx(12.9, abs=0.2))


@pytest.mark.parametrize(("away", "arriving"), [(2.4, False), (2.8, True)])
def test_a_joint_that_comes_from_clearly_elsewhere_is_arriving_and_less_is_drifting(
    away: float, arriving: bool
) -> None:
    (span,) = held(lambda t: GIVEN, joints=(lambda t_s: away * 0.03 if t_s < 2 else 0.0,))
    assert (span.start_s > 1.5) is arriving


@pytest.mark.parametrize(("away", "there"), [(0.9, True), (1.1, False)])
def test_a_joint_has_arrived_when_it_is_near(away: float, there: bool) -> None:
    def coming(t_s: float) -> float:
        return 0.3 if t_s < 1 else away * 0.03 if t_s < 3 else 0.0

    (span,) = held(lambda t: GIVEN, joints=(still, still, coming))
    assert span.start_s == pytest.approx(1.0 if there else 3.0, abs=0.1)


@pytest.mark.parametrize(("swing", "arriving"), [(0.10, False), (0.02, True)])
def test_a_joint_that_moves_while_the_position_is_held_arrives_within_its_own_deviations(swing: float, arriving: bool):
    def moving(t_s: float) -> float:
        return (0.15 if t_s < 2 else 0.0) + swing * math.sin(9 * t_s)

    (span,) = held(lambda t: GIVEN, joints=(moving,))
    assert (span.start_s > 1.5) is arriving


@pytest.mark.parametrize(("way_s", "whole"), [(3.5, False), (5.0, True)])
def test_who_takes_longer_than_four_seconds_holds_it_that_way(way_s: float, whole: bool) -> None:
    (span,) = held(lambda t: GIVEN, 20, joints=(still, still, lambda t_s: 0.3 if t_s < way_s else 0.0))
    assert (span.start_s < 0.1) is whole


@pytest.mark.parametrize(("near_s", "from_start"), [(0.25, False), (0.35, True)])
def test_passing_through_is_not_arriving(near_s: float, from_start: bool) -> None:
    def overshooting(t_s: float) -> float:
        return 0.0 if t_s < near_s or t_s > 2.5 else 0.3

    (span,) = held(lambda t: GIVEN, joints=(overshooting,))
    assert (span.start_s < 0.5) is from_start


@pytest.mark.parametrize(("away", "start_s"), [(0.055, 1.0), (0.065, 3.0)])
def test_near_is_three_of_a_joints_own_deviations(away: float, start_s: float) -> None:
    # 0.02 torso lengths up, in the middle, down
    def coming(t_s: float) -> float:
        return 0.3 if t_s < 1 else away if t_s < 3 else 0.02 * (round(30 * t_s) % 3 - 1)

    (span,) = held(lambda t: GIVEN, joints=(still, still, coming))
    assert span.start_s == pytest.approx(start_s, abs=0.1)


@pytest.mark.parametrize(("moves", "start_s", "end_s"), [(False, 3.5, 16.5), (True, 0.0, 20.0)])
def test_joints_that_go_from_place_to_place_in_a_hold_are_there_wherever_they_first_rest(
    moves: bool, start_s: float, end_s: float
) -> None:
    (span,) = held(
        lambda t: GIVEN, 20, joints=(still, still, lambda t_s: 0.0 if 3.5 <= t_s < 16.5 else 0.3), moves=moves
    )
    assert (span.start_s, span.end_s) == pytest.approx((start_s, end_s), abs=0.1)


@pytest.mark.parametrize(("rested_s", "start_s"), [(0.9, 0.9), (1.1, 0.0)])
def test_a_rest_lasts_for_a_second(rested_s: float, start_s: float) -> None:
    (span,) = held(lambda t: GIVEN, joints=(still, still, lambda t_s: 0.3 if t_s < rested_s else 0.0), moves=True)
    assert span.start_s == pytest.approx(start_s, abs=0.1)


@pytest.mark.parametrize(("speed", "start_s"), [(0.105, 0.0), (0.14, 2.0)])
def test_at_rest_is_who_stays_near_for_a_quarter_of_a_second(speed: float, start_s: float) -> None:
    def drifting(t_s: float) -> float:
        return 0.3 + speed * t_s if t_s < 2 else 0.0

    (span,) = held(lambda t: GIVEN, joints=(still, still, drifting), moves=True)
    assert span.start_s == pytest.approx(start_s, abs=0.1)


@pytest.mark.parametrize(("seconds", "start_s"), [(11.0, 11.0), (13.0, 0.0)])
def test_another_position_before_a_hold_is_left_out_up_to_twelve_seconds(seconds: float, start_s: float) -> None:
    (span,) = held(lambda t: GIVEN, 40, joints=(lambda t_s: 0.3 if t_s < seconds else 0.0,), fps=10)
    assert span.start_s == pytest.approx(start_s, abs=0.15)


@pytest.mark.parametrize(("joints", "start_s"), [(4, 0.0), (6, 8.0)])
def test_another_position_is_one_in_which_half_of_the_joints_are_elsewhere(joints: int, start_s: float) -> None:
    moved = (lambda t_s: 0.3 if t_s < 8 else 0.0,) * joints
    (span,) = held(lambda t: GIVEN, 30, joints=(*moved, *(still,) * (10 - joints)), fps=10)
    assert span.start_s == pytest.approx(start_s, abs=0.15)


@pytest.mark.parametrize("leaving", [False, True])
def test_a_joint_that_hides_on_its_way_has_not_arrived(leaving: bool) -> None:
    def coming(t_s: float) -> float:
        t_s = 15.0 - t_s if leaving else t_s
        return 0.3 if t_s < 1 else NAN if t_s < 2 else 0.0

    (span,) = held(lambda t: GIVEN, joints=(still, still, coming))
    assert (15.0 - span.end_s if leaving else span.start_s) == pytest.approx(2.0, abs=0.05)


def test_a_joint_that_is_hardly_seen_changes_nothing() -> None:
    seen_late = path((0, 0.3), (9, 0.3), (10, 0.0))
    (span,) = held(lambda t: GIVEN, joints=(still, lambda t_s: NAN if t_s < 8 else seen_late(t_s)))
    assert (span.start_s, span.end_s) == (pytest.approx(0.0, abs=0.05), pytest.approx(15.0, abs=0.05))


# sides ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "side"), [(5.0, "left"), (-5.0, "right"), (NAN, None)])
def test_the_sign_of_the_side_measure_is_the_side(value: float, side: str | None) -> None:
    t_s = np.arange(0, 10, 0.1)
    assert with_side(HoldSpan(None, 2.0, 8.0), t_s, np.full(len(t_s), value)).side == side


def test_each_stay_has_its_own_side() -> None:
    t_s = np.arange(0, 20, 0.1)
    values = np.where(t_s < 10, 5.0, -5.0)
    spans = [
        with_side(span, t_s, values) for span in [HoldSpan(None, 1.0, 9.0), HoldSpan(None, 11.0, 19.0, ((12.0, 13.0),))]
    ]
    assert [span.side for span in spans] == ["left", "right"]
    assert spans[1].duration_s == pytest.approx(7.0)


@pytest.mark.parametrize(("share", "holds"), [(0.08, 0), (0.12, 1)])
def test_of_what_is_hardly_ever_seen_nothing_is_held(share: float, holds: int) -> None:
    seconds = 15.0
    assert len(held(lambda t_s: GIVEN if t_s <= share * seconds else UNKNOWN, seconds, least_s=0.5)) == holds


# resting in a like position ----------------------------------------------------------------------------------------------


def risen(lying: float, held_at: float) -> list[tuple[float, float]]:
    """What is left of 15 s in position when the hips lie for 5 s, are held for 5 s, and lie again."""
    t_s = np.arange(0, 15, 0.1)
    height = np.where((t_s >= 5.0) & (t_s < 10.0), held_at, lying)
    inside = t_s[~at_rest(t_s, np.full(len(t_s), GIVEN, np.int8), height, height <= 0.15)]
    return [(round(float(inside[0]), 1), round(float(inside[-1]), 1))]


@pytest.mark.parametrize(
    ("lying", "held_at", "left"),
    [
        (0.05, 0.28, (5.0, 9.9)),  # hips on the floor, lifted, and on the floor again
        (0.05, 0.15, (5.0, 9.9)),
        (0.05, 0.13, (0.0, 14.9)),  # too little between them: hips that sag
        (0.14, 0.40, (5.0, 9.9)),
        (0.16, 0.33, (0.0, 14.9)),  # a bad sag lies higher than the floor
        (0.16, 0.36, (5.0, 9.9)),  # nobody sags by as much, however high a tilted camera shows the floor
    ],
)
def test_hips_on_the_floor_are_a_rest_where_the_hold_lies_clearly_higher(
    lying: float, held_at: float, left: tuple[float, float]
) -> None:
    assert risen(lying, held_at) == [left]


@pytest.mark.parametrize(("seconds", "level"), [(0.9, False), (1.1, True)])
def test_a_height_that_is_only_passed_is_no_level(seconds: float, level: bool) -> None:
    t_s = np.arange(0, 10, 0.02)
    height = np.where(np.abs(t_s - 5.0) < seconds / 2, 0.6, 0.1)
    given = np.full(len(t_s), GIVEN, np.int8)
    assert at_rest(t_s, given, height, height <= 0.15).any() == level


def test_a_touch_of_the_floor_between_two_lifts_is_not_held() -> None:
    t_s = np.arange(0, 12, 0.1)
    height = np.where((t_s >= 5.0) & (t_s < 7.0), 0.05, 0.3)
    given = np.full(len(t_s), GIVEN, np.int8)
    assert t_s[at_rest(t_s, given, height, height <= 0.15)].tolist() == pytest.approx(np.arange(5.0, 7.0, 0.1).tolist())
    assert not at_rest(t_s, given, np.full(len(t_s), NAN), height <= 0.15).any()


@pytest.mark.parametrize(("rested", "lengths"), [(False, [12.0]), (True, [4.9, 4.9])])
def test_a_rest_is_not_held_though_what_carries_the_body_stays_where_it_was(rested: bool, lengths: list[float]) -> None:
    t_s = np.arange(0, 12.05, 0.1)
    between = (t_s > 4.95) & (t_s < 7.05)
    kept = np.where(between, CONTRARY, GIVEN).astype(np.int8)
    places = np.zeros((len(t_s), 3, 2))
    spans = stays(t_s, kept, kept, places, places[:, :1], StayRule(1.0, 0.5), None, between & rested)
    assert [round(span.duration_s, 1) for span in spans] == lengths


@pytest.mark.parametrize("hidden", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("count", [1, 2, 40, 41])
def test_medians_are_those_of_numpy_with_what_is_hidden_left_out(count: int, hidden: float) -> None:
    random = np.random.default_rng(count)
    values = random.normal(size=(2, 7, count))
    values[random.random(values.shape) < hidden] = np.nan
    values[0, 0] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = np.nanmedian(values, axis=2, keepdims=True)
    np.testing.assert_array_equal(_medians(values), expected)


def test_what_was_found_of_a_span_is_kept_while_it_is_asked_for_on_the_same_scale() -> None:
    known, looks = Known(), []

    def look(scale: float, *spans: str) -> int:
        known.look_again(scale)
        before = len(looks)
        for span in (*spans, *spans):
            assert known.found(span, lambda span=span: looks.append(span) or span) == span
        return len(looks) - before

    assert look(300.0, "first", "second") == 2
    assert look(300.0, "first", "third") == 1
    assert look(300.0, "first", "second") == 1
    assert look(310.0, "first") == 1
