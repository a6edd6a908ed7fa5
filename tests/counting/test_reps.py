"""Counting: one way, two ways, sides, cycles; what is small, what is cut off, and what moves the body along."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posturecam.counting.movements import Counted, Signal, in_gap, is_planted
from posturecam.counting.reps import count_reps
from posturecam.counting.turning import Visit
from posturecam.model import Side
from posturecam.spec.schema import Reps
from tests.builders import path, rounds
from tests.specs import reps

NAN = math.nan
Value = Callable[[float], float]
Given = Callable[[np.ndarray], np.ndarray]
LOW = {"from": "low"}
TWO_WAYS = {"from": "middle", "sides": "signed"}


def rule(**changes: object) -> Reps:
    return Reps.model_validate(reps(min_range=20) | changes)


def signal(
    value: Value,
    t_s: np.ndarray,
    *,
    side: Side | None = None,
    given_at: Given | None = None,
    noise: float = 6.0,
    planted: np.ndarray | None = None,
) -> Signal:
    values = np.array([value(t) for t in t_s.tolist()])
    sure = np.ones(len(t_s), dtype=bool) if given_at is None else given_at(t_s)
    return Signal(values, sure, side, noise, noise / 2, planted)


def count(how: Reps, value: Value, seconds: float, *, fps: float = 30, start_s: float = 0.0, **options) -> Counted:
    known = {name: options.pop(name) for name in ("neutral", "known_range") if name in options}
    t_s = np.arange(start_s, seconds + 1e-9, 1 / fps)
    return count_reps(how, t_s, [signal(value, t_s, **options)], **known)


def peaks(ends: Sequence[float], **how: float) -> tuple[Value, float]:
    """Reps to the given heights from a low rest at 0."""
    return rounds(0.0, list(ends), **how)


def unsure(t_s: np.ndarray) -> np.ndarray:
    return np.zeros(len(t_s), dtype=bool)


# one way ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rest", "at_rest", "end"), [("high", 170.0, 80.0), ("low", 20.0, 110.0)])
def test_reps_from_a_high_and_from_a_low_rest(rest: str, at_rest: float, end: float) -> None:
    value, seconds = rounds(at_rest, [end] * 3)
    found = count(rule(**{"from": rest}), value, seconds)
    assert [(one.from_value, one.to_value) for one in found.reps] == [
        (pytest.approx(at_rest, abs=1), pytest.approx(end, abs=1))
    ] * 3
    assert found.movements == ()
    assert found.usual == pytest.approx(90, abs=1)


@settings(max_examples=40)
@given(st.integers(0, 5), st.sampled_from([15.0, 25.0, 60.0]), st.floats(-200, 200), st.integers(0, 1000))
def test_the_count_depends_neither_on_the_frame_rate_nor_on_a_shift_nor_on_jitter(
    number: int, fps: float, shift: float, seed: int
) -> None:
    value, seconds = peaks([80.0] * number)
    random = np.random.default_rng(seed)
    found = count(rule(**LOW), lambda t_s: shift + value(t_s) + random.uniform(-2.5, 2.5), seconds, fps=fps)
    assert (len(found.reps), found.movements) == (number, ())


@given(st.integers(0, 10_000))
def test_jitter_alone_is_neither_rep_nor_attempt(seed: int) -> None:
    random = np.random.default_rng(seed)
    assert count(rule(**LOW), lambda t_s: random.uniform(-3.0, 3.0), 12) == Counted()


def test_nothing_seen_and_hardly_any_frames_are_nothing() -> None:
    assert count(rule(**LOW), lambda t_s: NAN, 10) == Counted()
    assert count(rule(**LOW), lambda t_s: 80.0 * t_s, 0.03) == Counted()


@pytest.mark.parametrize(
    ("way_s", "counted"), [(0.05, 0), (0.2, 1)], ids=["a landmark that jumped", "fast, but a body"]
)
def test_no_body_is_there_and_back_in_a_tenth_of_a_second(way_s: float, counted: int) -> None:
    value, seconds = peaks([90.0], way_s=way_s, stay_s=0.0)
    assert len(count(rule(**LOW), value, seconds, fps=120).reps) == counted


# small and large -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("small", "counted"), [(26.0, 3), (38.0, 4)])
def test_a_single_movement_under_two_fifths_of_the_persons_range_is_no_rep(small: float, counted: int) -> None:
    value, seconds = peaks([80.0, 80.0, small, 80.0])
    found = count(rule(**LOW), value, seconds)
    assert len(found.reps) == counted
    assert len(found.reps) + len(found.movements) == 4, "nothing vanishes"
    for one in found.movements:
        assert (one.height, one.needed, one.cut) == (pytest.approx(26, abs=1), pytest.approx(32, abs=1), None)


@pytest.mark.parametrize(("times", "counted"), [(1, 0), (2, 0), (3, 3), (4, 4)])
def test_a_small_movement_counts_when_it_is_made_three_times(times: int, counted: int) -> None:
    # 19 of the 20 degrees that a spec asks for
    value, seconds = peaks([19.0] * times)
    found = count(rule(**LOW), value, seconds)
    assert (len(found.reps), len(found.movements)) == (counted, times - counted)


@pytest.mark.parametrize(("height", "counted"), [(18.5, 0), (21.5, 1)])
def test_a_single_movement_must_be_as_large_as_the_spec_says(height: float, counted: int) -> None:
    value, seconds = peaks([height])
    assert len(count(rule(**LOW), value, seconds).reps) == counted


@pytest.mark.parametrize(("height", "counted"), [(30.0, 0), (35.0, 1)])
def test_a_single_movement_must_be_twice_as_large_as_the_smallest_that_is_told(height: float, counted: int) -> None:
    value, seconds = peaks([height])
    assert len(count(rule(**LOW), value, seconds, noise=16.0).reps) == counted


@pytest.mark.parametrize(("factor", "counted"), [(1.6, 3), (2.2, 0)])
def test_repeated_movements_are_alike_in_height(factor: float, counted: int) -> None:
    value, seconds = peaks([8.0 * factor, 8.0, 8.0 * factor])
    assert len(count(rule(**LOW), value, seconds, given_at=unsure, noise=4.0).reps) == counted


@pytest.mark.parametrize(("way_s", "counted"), [(1.6, 3), (2.3, 3), (2.8, 0)])
def test_repeated_movements_are_alike_in_time(way_s: float, counted: int) -> None:
    long = (3.5, 0), (3.5 + way_s, 15), (3.5 + 2 * way_s, 0)
    value = path((0, 0), (1, 0), (2, 15), (3, 0), *long, (9.5, 0), (10.5, 15), (11.5, 0), (13, 0))
    assert len(count(rule(**LOW), value, 13).reps) == counted


def test_a_drift_at_rest_lengthens_no_repeated_movement() -> None:
    # a head that rests 2 of 15 degrees to the left: only its tilts to the left seem to begin long before
    left = [(0.0, 0.0), (0.5, 2.0), (4.0, 2.0), (5.0, 15.0), (6.0, 2.0), (9.0, 2.0), (9.5, 0.0)]
    right = [(10.5, -14.0), (11.5, 0.0)]
    again = [(12.0, 2.0), (15.0, 2.0), (16.0, 15.0), (17.0, 2.0), (20.0, 2.0), (20.5, 0.0), (22.0, 0.0)]
    both = rule(**{"from": "middle", "sides": "signed"})
    assert [rep.side for rep in count(both, path(*left, *right, *again), 22).reps] == ["left", "right", "left"]


@pytest.mark.parametrize(("pause_s", "counted"), [(11.0, 3), (13.5, 0)])
def test_repeated_movements_belong_to_one_set(pause_s: float, counted: int) -> None:
    late = (5 + pause_s, 0), (6 + pause_s, 15), (7 + pause_s, 0), (8 + pause_s, 0)
    value = path((0, 0), (1, 0), (2, 15), (3, 0), (4, 15), (5, 0), *late)
    assert len(count(rule(**LOW), value, 8 + pause_s).reps) == counted


@pytest.mark.parametrize(("rise", "counted"), [(6.0, 3), (8.5, 0)])
def test_repeated_movements_come_back_to_where_they_began(rise: float, counted: int) -> None:
    keys = [(0.0, 0.0), (1.0, 0.0)]
    for number in range(3):
        start_s, low = 1.0 + 4 * number, rise * number
        keys += [(start_s + 1, low + 18.0), (start_s + 2, low + rise), (start_s + 4, low + rise)]
    assert len(count(rule(**LOW), path(*keys), 14, given_at=unsure).reps) == counted


@pytest.mark.parametrize(("known_range", "counted"), [(0.0, 1), (60.0, 1), (100.0, 0)])
def test_what_is_known_of_the_persons_range_decides_over_a_last_stretch(known_range: float, counted: int) -> None:
    value, seconds = peaks([30.0])
    assert len(count(rule(**LOW), value, seconds, known_range=known_range).reps) == counted


@pytest.mark.parametrize(("longest_s", "counted"), [(2.4, 0), (3.0, 1)])
def test_a_rep_that_takes_too_long_is_named(longest_s: float, counted: int) -> None:
    value, seconds = peaks([80.0])
    found = count(rule(**LOW, max_seconds=longest_s), value, seconds)
    assert len(found.reps) == counted
    assert [one.cut for one in found.movements] == ["long"] * (1 - counted)


# position ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "counted"), [(0.4, 0), (0.6, 1)])
def test_one_movement_is_believed_where_the_position_is_given_half_of_the_time(share: float, counted: int) -> None:
    value, seconds = peaks([80.0], still_s=1.5, way_s=1.2, stay_s=0.4)
    found = count(rule(**LOW), value, seconds, given_at=lambda t_s: (t_s > 1.5) & (t_s < 1.65 + share * 2.5))
    assert (len(found.reps), len(found.movements)) == (counted, 1 - counted)


@pytest.mark.parametrize(("times", "counted"), [(2, 0), (3, 3)])
def test_where_the_position_is_never_sure_three_alike_are_believed(times: int, counted: int) -> None:
    value, seconds = peaks([80.0] * times)
    found = count(rule(**LOW), value, seconds, given_at=unsure)
    assert (len(found.reps), len(found.movements)) == (counted, times - counted)


def test_a_movement_like_the_sure_ones_is_believed_with_them() -> None:
    value, seconds = peaks([80.0, 75.0])
    half_s = seconds / 2
    assert len(count(rule(**LOW), value, seconds, given_at=lambda t_s: t_s < half_s).reps) == 2


def test_what_lies_out_of_position_is_not_counted() -> None:
    value, seconds = peaks([80.0] * 4, stay_s=2.0)
    half_s = 1.5 + 2 * 6.4 - 1.0
    found = count(rule(**LOW), lambda t_s: value(t_s) if t_s < half_s else NAN, seconds)
    assert len(found.reps) == 2


def at(visit_s: tuple[float, float]) -> Visit:
    return Visit(visit_s[0], visit_s[0], sum(visit_s) / 2, visit_s[1], visit_s[1], 0, 80, 0)


@pytest.mark.parametrize(("away", "share", "planted"), [(0.29, 0.5, True), (0.4, 0.05, True), (0.4, 0.3, False)])
def test_what_carries_the_body_stays_where_it_is(away: float, share: float, planted: bool) -> None:
    t_s = np.arange(0, 4, 1 / 30)
    places = np.zeros((len(t_s), 1, 2))
    moved = (t_s >= 1.8) & (t_s < 1.8 + 2.0 * share)
    places[moved, 0, 1] = away
    assert is_planted(t_s, places, at((1.0, 3.0))) is planted
    assert is_planted(t_s, None, at((1.0, 3.0)))
    assert is_planted(t_s, places * NAN, at((1.0, 3.0))), "what is unseen does not speak against it"


def test_squats_are_no_arm_raises() -> None:
    value, seconds = peaks([80.0] * 3)
    t_s = np.arange(0, seconds, 1 / 30)
    hips = np.zeros((len(t_s), 1, 2))
    hips[:, 0, 1] = [value(t) / 80 * 0.6 for t in t_s.tolist()]
    squats = count_reps(rule(**LOW), t_s, [signal(value, t_s, planted=hips)])
    assert squats.reps == ()
    assert [one.cut for one in squats.movements] == ["carried"], "another exercise is told in one line"
    assert squats.movements[0].end_s - squats.movements[0].start_s > 0.6 * seconds
    assert len(count_reps(rule(**LOW), t_s, [signal(value, t_s, planted=hips * 0.3)]).reps) == 3


@pytest.mark.parametrize(("away", "reps", "carried"), [(0.29, 4, 0), (0.31, 3, 1)])
def test_a_rep_that_carries_a_hand_along_is_named_among_those_that_count(away: float, reps: int, carried: int) -> None:
    value, seconds = peaks([80.0] * 4)
    t_s = np.arange(0, seconds, 1 / 30)
    third = count_reps(rule(**LOW), t_s, [signal(value, t_s)]).reps[2].visits[0][1]
    hand = np.zeros((len(t_s), 1, 2))
    hand[(t_s > third.reached_s) & (t_s < third.departed_s), 0, 1] = away
    found = count_reps(rule(**LOW), t_s, [signal(value, t_s, planted=hand)])
    assert len(found.reps) == reps
    assert [one.cut for one in found.movements] == ["carried"] * carried


# cut off --------------------------------------------------------------------------------------------------------------------


SET, SET_S = peaks([80.0] * 4, still_s=2.0)


def test_two_halves_at_the_ends_make_one_rep_whose_times_are_not_known() -> None:
    # 0.8 s into the first way back, up to 0.8 s into the last way out
    begin_s, end_s = 2.0 + 1.6 + 0.6, SET_S - 2.0 - 0.4 - 1.2 - 0.4 - 0.5
    found = count(rule(**LOW), SET, end_s, start_s=begin_s)
    assert [rep.joined for rep in found.reps].count(True) == 1
    assert len(found.reps) == 3
    assert found.movements == ()


@pytest.mark.parametrize(("begin_s", "end_s", "cut"), [(4.2, 99.0, "start"), (0.0, 2.9, "end")])
def test_one_half_is_named(begin_s: float, end_s: float, cut: str) -> None:
    found = count(rule(**LOW), SET, min(end_s, SET_S), start_s=begin_s)
    assert [one.cut for one in found.movements] == [cut]
    assert len(found.reps) == (3 if cut == "start" else 0)


@pytest.mark.parametrize(("lost_s", "named"), [(0.4, True), (0.6, False)])
def test_a_half_is_cut_off_by_the_recordings_end_and_not_by_hiding_long_before(lost_s: float, named: bool) -> None:
    end_s = 2.9
    found = count(rule(**LOW), lambda t_s: SET(t_s) if t_s <= end_s else NAN, end_s + lost_s)
    assert bool(found.movements) is named


# sides ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("neutral", [0.0, 7.0])
def test_a_signed_movement_counts_each_way_for_its_side(neutral: float) -> None:
    value, seconds = rounds(neutral, [neutral + 30, neutral - 30, neutral - 35, neutral + 30, neutral - 30])
    found = count(rule(**TWO_WAYS), value, seconds, neutral=neutral)
    assert [rep.side for rep in found.reps] == ["left", "right", "right", "left", "right"]
    assert found.reps[0].to_value == pytest.approx(neutral + 30, abs=1)
    assert found.reps[1].to_value == pytest.approx(neutral - 30, abs=1)


@given(st.lists(st.sampled_from([30.0, -30.0]), min_size=1, max_size=6))
def test_mirroring_swaps_the_sides(ends: list[float]) -> None:
    value, seconds = rounds(0.0, ends)
    swap = {"left": "right", "right": "left"}
    plain = [rep.side for rep in count(rule(**TWO_WAYS), value, seconds).reps]
    flipped = [rep.side for rep in count(rule(**TWO_WAYS), lambda t_s: -value(t_s), seconds).reps]
    assert plain == ["left" if end > 0 else "right" for end in ends]
    assert flipped == [swap[side] for side in plain]


def test_from_one_side_straight_to_the_other_is_one_rep_each() -> None:
    value = path((0, 0), (1, 0), (2, 30), (4, -30), (6, 30), (7, 0), (9, 0))
    assert [rep.side for rep in count(rule(**TWO_WAYS), value, 9).reps] == ["left", "right", "left"]


def both(left: Value, right: Value, seconds: float) -> Counted:
    t_s = np.arange(0, seconds, 1 / 30)
    signals = [signal(left, t_s, side="left"), signal(right, t_s, side="right")]
    return count_reps(rule(sides="active", **LOW), t_s, signals)


@pytest.mark.parametrize("first", ["left", "right"])
def test_each_arm_counts_its_own_whichever_comes_first(first: str) -> None:
    early, seconds = peaks([80.0, 80.0])
    late, later = peaks([80.0])

    def after(t_s: float) -> float:
        return late(t_s - seconds)

    found = both(*((early, after) if first == "left" else (after, early)), seconds + later)
    other = "right" if first == "left" else "left"
    assert [rep.side for rep in found.reps] == [first, first, other]


def test_one_arm_alone_is_one_arm() -> None:
    value, seconds = peaks([80.0] * 3)
    assert [rep.side for rep in both(lambda t_s: 1.0, value, seconds).reps] == ["right"] * 3


@pytest.mark.parametrize(("share", "counted"), [(0.5, 2), (0.7, 4)])
def test_an_arm_that_is_carried_along_by_the_other_does_not_count(share: float, counted: int) -> None:
    value, seconds = peaks([80.0, 80.0])
    assert len(both(value, lambda t_s: share * value(t_s), seconds).reps) == counted


def test_a_movement_that_is_too_small_is_an_attempt_of_its_side() -> None:
    value, seconds = rounds(0, [15, -15])
    found = count(rule(**TWO_WAYS), value, seconds)
    assert found.reps == ()
    assert [one.side for one in found.movements] == ["left", "right"]
    assert [(one.height, one.needed) for one in found.movements] == [(pytest.approx(15, abs=0.5), 20)] * 2


# cycles ---------------------------------------------------------------------------------------------------------------------


def cycle(**changes: object) -> Reps:
    return rule(cycle=True, ends={"cat": "high", "cow": "low"}, **{"from": "middle"}, **changes)


def through(*ends: float, way_s: float = 2.0, stay_s: float = 1.0) -> tuple[Value, float]:
    keys = [(0.0, 0.0), (2.0, 0.0)]
    for end in ends:
        keys += [(keys[-1][0] + way_s, end), (keys[-1][0] + way_s + stay_s, end)]
    return path(*keys), keys[-1][0]


@pytest.mark.parametrize("fps", [15, 30, 60])
@pytest.mark.parametrize("first", [40.0, -40.0], ids=["cat first", "cow first"])
@pytest.mark.parametrize("offset", [0.0, 25.0])
def test_a_cat_and_a_cow_make_one_rep_in_either_order_about_any_neutral(fps: int, first: float, offset: float) -> None:
    value, seconds = through(*[first, -first] * 3, 0.0)
    found = count(cycle(), lambda t_s: offset + value(t_s), seconds, fps=fps)
    names = ["cat", "cow"] if first > 0 else ["cow", "cat"]
    assert [[end for end, _ in rep.visits] for rep in found.reps] == [names] * 3
    assert (found.reps[0].from_value, found.reps[0].to_value) == (
        pytest.approx(offset - 40, abs=1),
        pytest.approx(offset + 40, abs=1),
    )


def test_a_pause_in_table_pose_between_the_ends_changes_nothing() -> None:
    value, seconds = through(40, 0, -40, 0, 40, 0, -40, 0)
    assert len(count(cycle(), value, seconds).reps) == 2


@pytest.mark.parametrize("times", [3, 5])
def test_beginning_at_an_end_position_counts_that_end(times: int) -> None:
    value = path((0, 40), (0.5, 40), *((2.0 + 2 * i, -40.0 if i % 2 == 0 else 40.0) for i in range(2 * times - 1)))
    assert len(count(cycle(), value, 2.0 + 2 * (2 * times - 2) + 1.0).reps) >= times - 1


def test_half_a_cycle_at_the_recordings_end_is_no_rep_and_is_named() -> None:
    value, seconds = through(40, -40, 40)
    found = count(cycle(), value, seconds - 1.5)
    assert len(found.reps) == 1
    assert [one.cut for one in found.movements] == ["end"]


@pytest.mark.parametrize("left_out_s", [0.0, 0.5, 1.0])
def test_the_last_way_back_to_neutral_is_not_half_a_cycle(left_out_s: float) -> None:
    value, seconds = through(40, -40, 0, stay_s=0.5)
    assert count(cycle(), value, seconds - left_out_s).movements == ()


def test_noise_and_nothing_seen_make_no_cycle() -> None:
    value, seconds = through(*[2.5, -2.5] * 5)
    assert count(cycle(), value, seconds).reps == ()
    assert count(cycle(), lambda t_s: NAN, 10) == Counted()


# gaps -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("between", "gap"), [((0.0, 2.0), False), ((1.5, 3.5), True), ((2.0, 3.0), True), ((4.0, 9.0), False)]
)
def test_a_gap_lies_within_or_at_the_edge_of_a_time(between: tuple[float, float], gap: bool) -> None:
    t_s = np.concatenate([np.arange(0, 2.05, 0.1), np.arange(3, 9, 0.1)])
    assert in_gap(t_s, *between, 0.13) is gap
