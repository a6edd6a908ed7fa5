"""Counting by rule: sides, two-way movements, cycles, and timed holds."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from posturecam.form.cycles import CycleCounter
from posturecam.form.phases import Counted, HoldSpan, HoldTimer, RepCounter

from posturecam.spec.schema import HoldRule, Reps
from tests.builders import path, rounds, times
from tests.specs import reps

NAN = math.nan
Drive = Callable[[float], float]


def rule(**changes: object) -> Reps:
    return Reps.model_validate(reps(min_range=20) | changes)


def count(
    counter: RepCounter | CycleCounter, seconds: float, *, fps: float = 30, neutral: float = 0.0, **drives: Drive
) -> Counted:
    """Everything a movement comes to; ``both`` is the drive without sides."""
    everything: list[Counted] = []
    for t_s in times(seconds, fps):
        drive = {None if side == "both" else side: value(t_s) for side, value in drives.items()}
        everything.append(counter.update(t_s, drive, neutral))  # type: ignore[arg-type]
    everything.append(counter.cancel(seconds + 0.1, "it ended", neutral))
    return Counted(
        tuple(side for one in everything for side in one.counted),
        tuple(span for one in everything for span in one.finished),
        tuple(attempt for one in everything for attempt in one.attempts),
    )


@pytest.mark.parametrize(("rest", "at_rest", "end"), [("high", 170.0, 80.0), ("low", 20.0, 110.0)])
def test_reps_from_a_high_and_from_a_low_rest(rest: str, at_rest: float, end: float) -> None:
    value, seconds = rounds(at_rest, [end] * 3)
    result = count(RepCounter(rule(**{"from": rest}), "degrees"), seconds, both=value)
    assert result.counted == (None, None, None)
    assert [(span.from_value, span.to_value) for span in result.finished] == [
        (pytest.approx(at_rest), pytest.approx(end))
    ] * 3


@pytest.mark.parametrize("neutral", [0.0, 7.0])
def test_a_signed_movement_counts_each_way_for_its_side(neutral: float) -> None:
    value, seconds = rounds(neutral, [neutral + 30, neutral - 30, neutral - 35, neutral + 30, neutral - 30])
    counter = RepCounter(rule(sides="signed", **{"from": "middle"}), "degrees")
    result = count(counter, seconds, neutral=neutral, both=value)
    assert result.counted == ("left", "right", "right", "left", "right")
    assert [span.side for span in result.finished] == list(result.counted)
    assert result.finished[0].to_value == pytest.approx(neutral + 30)
    assert result.finished[1].to_value == pytest.approx(neutral - 30)


def test_from_one_side_straight_to_the_other_is_one_rep_each() -> None:
    value = path((0, 0), (1, 0), (2, 30), (4, -30), (6, 30), (7, 0), (9, 0))
    counter = RepCounter(rule(sides="signed", **{"from": "middle"}), "degrees")
    assert count(counter, 9, both=value).counted == ("left", "right", "left")


def test_an_unseen_two_way_movement_is_not_at_rest() -> None:
    value = path((0, 0), (1, 0), (2, 30), (3, 30), (4, 0), (6, 0))
    counter = RepCounter(rule(sides="signed", **{"from": "middle"}), "degrees")
    result = count(counter, 6, both=lambda t_s: NAN if 2.1 < t_s < 2.8 else value(t_s))
    assert result.counted == ("left",)
    assert result.finished[0].end_s > 3.5, "the rep ends when the person is back, not when they were lost"
    blind = count(RepCounter(rule(sides="signed", **{"from": "middle"}), "degrees"), 5, both=lambda t_s: NAN)
    assert blind == Counted()


def test_each_arm_counts_its_own() -> None:
    left, seconds = rounds(20, [100, 100])
    right, _ = rounds(20, [100])
    counter = RepCounter(rule(sides="active", **{"from": "low"}), "degrees")
    result = count(counter, seconds, left=left, right=right, both=left)
    assert sorted(side or "" for side in result.counted) == ["left", "left", "right"]


def test_an_arm_that_is_carried_along_by_the_other_is_not_at_rest_there() -> None:
    working, seconds = rounds(20, [100, 100])
    counter = RepCounter(rule(sides="active", **{"from": "low"}), "degrees")
    carried = count(counter, seconds, left=working, right=lambda t_s: 20 - (working(t_s) - 20) * 0.5, both=working)
    assert carried.counted == ("left", "left")


def test_both_arms_at_once_count_for_both() -> None:
    value, seconds = rounds(20, [100, 100])
    counter = RepCounter(rule(sides="active", **{"from": "low"}), "degrees")
    assert (
        sorted(map(str, count(counter, seconds, left=value, right=value, both=value).counted))
        == ["left"] * 2 + ["right"] * 2
    )


def test_a_movement_that_is_too_small_is_an_attempt_of_its_side() -> None:
    value, seconds = rounds(0, [15, -15])
    counter = RepCounter(rule(sides="signed", **{"from": "middle"}), "degrees")
    result = count(counter, seconds, both=value)
    assert [attempt.side for attempt in result.attempts] == ["left", "right"]
    assert all(attempt.reason == "moved 15 of the 20 degrees that count" for attempt in result.attempts)


def test_moving_and_fraction_tell_which_side_is_under_way() -> None:
    counter = RepCounter(rule(sides="signed", **{"from": "middle"}), "degrees")
    assert counter.moving is False
    value = path((0, 0), (1, 0), (2, -30))
    for t_s in times(2, 30):
        counter.update(t_s, {None: value(t_s)}, 0.0)
    assert counter.moving == "right"
    assert counter.fraction({None: -30.0}, 0.0) == (1.0, "end")


# cycles ----------------------------------------------------------------------------------------------------------------------


def cycle() -> CycleCounter:
    return CycleCounter(rule(cycle=True, ends={"cat": "high", "cow": "low"}, **{"from": "middle"}))


def through(*ends: float, way_s: float = 2.0, stay_s: float = 1.0) -> tuple[Drive, float]:
    keys = [(0.0, 0.0), (2.0, 0.0)]
    for end in ends:
        keys += [(keys[-1][0] + way_s, end), (keys[-1][0] + way_s + stay_s, end)]
    return path(*keys), keys[-1][0]


@pytest.mark.parametrize("fps", [15, 30, 60])
@pytest.mark.parametrize("first", [40.0, -40.0], ids=["cat first", "cow first"])
def test_a_cat_and_a_cow_make_one_rep_in_either_order(fps: int, first: float) -> None:
    value, seconds = through(*[first, -first] * 3, 0.0)
    result = count(cycle(), seconds, fps=fps, both=value)
    assert len(result.counted) == len(result.finished) == 3
    names = ["cat", "cow"] if first > 0 else ["cow", "cat"]
    assert [end for end, _ in result.finished[0].visits] == names
    assert (result.finished[0].from_value, result.finished[0].to_value) == (pytest.approx(-40), pytest.approx(40))


def test_a_pause_in_table_pose_between_the_ends_changes_nothing() -> None:
    value, seconds = through(40, 0, -40, 0, 40, 0, -40, 0)
    assert len(count(cycle(), seconds, both=value).counted) == 2


def test_a_stay_at_an_end_survives_the_drives_known_error() -> None:
    value = path((0, 0), (2, 0), (3, 46), (3.5, 38), (5, 38), (6, -40), (8, -40), (9, 0), (11, 0))
    stays = []
    for error in (None, 9.0):
        rule_ = rule(cycle=True, ends={"cat": "high", "cow": "low"}, **{"from": "middle"})
        (span,) = count(CycleCounter(rule_, error), 11, both=value).finished
        cat = dict(span.visits)["cat"]
        stays.append(cat.departed_s - cat.reached_s)
    assert stays[0] < 1.2
    assert stays[1] > 2.0


def test_half_a_cycle_is_no_rep() -> None:
    value, seconds = through(40)
    assert count(cycle(), seconds, both=value).counted == ()


def test_small_movements_and_nothing_seen_make_no_cycle() -> None:
    value, seconds = through(*[8, -8] * 5)
    assert count(cycle(), seconds, both=value).counted == ()
    assert count(cycle(), 10, both=lambda t_s: NAN) == Counted()


def test_the_middle_lies_between_two_proven_ends_and_survives_a_pause() -> None:
    counter = cycle()
    assert counter.middle is None
    value, seconds = through(50, -30, 50, -30, 10)
    for t_s in times(seconds, 30):
        counter.update(t_s, {None: value(t_s)}, 0.0)
        assert counter.middle is None or counter.middle == pytest.approx(10, abs=1)
    counter.cancel(seconds + 1, "left")
    counter.update(seconds + 2, {None: 10.0}, 0.0)
    assert counter.middle == pytest.approx(10, abs=1)


# holds ---------------------------------------------------------------------------------------------------------------

Right = Callable[[float], "bool | None"]


def hold(**changes: object) -> HoldTimer:
    return HoldTimer(HoldRule.model_validate({"while": {"it": ">= 0"}} | changes))


def keep(timer: HoldTimer, right: Right, seconds: float, fps: float = 30, side: Drive = lambda t_s: NAN):
    spans: list[HoldSpan | None] = [timer.update(t_s, right(t_s), side(t_s)) for t_s in times(seconds, fps)]
    return [span for span in [*spans, timer.finish()] if span]


@pytest.mark.parametrize("fps", [2, 5, 15, 30, 60])
def test_a_hold_is_as_long_as_it_was_at_any_frame_rate(fps: int) -> None:
    (span,) = keep(hold(), lambda t_s: 2.0 <= t_s <= 12.0, 15, fps)
    assert span.start_s == pytest.approx(2.0, abs=1e-6)
    assert span.duration_s == pytest.approx(10.0, abs=1e-6)
    assert span.gaps == ()


def test_it_starts_after_half_a_second_counting_from_the_beginning() -> None:
    timer = hold()
    seconds = {}
    for t_s in times(2, 30):
        timer.update(t_s, True)
        seconds[round(t_s, 3)] = timer.held_s(t_s)
    assert seconds[0.4] == 0.0
    assert seconds[0.6] == pytest.approx(0.6)


def test_a_position_that_is_right_for_a_moment_only_is_no_hold() -> None:
    assert keep(hold(), lambda t_s: t_s % 1.0 < 0.4, 10) == []


@pytest.mark.parametrize("fps", [5, 15, 30, 60])
@pytest.mark.parametrize("lost", [False, None], ids=["left", "unseen"])
def test_a_gap_under_a_second_is_bridged_but_not_held(fps: int, lost: bool | None) -> None:
    (span,) = keep(hold(), lambda t_s: lost if 5.0 <= t_s < 5.8 - 1e-9 else True, 10, fps)
    assert (span.start_s, span.end_s) == (0.0, 10.0)
    assert span.duration_s == pytest.approx(10 - 0.8, abs=1.01 / fps)


@pytest.mark.parametrize("fps", [5, 15, 30, 60])
def test_a_longer_gap_ends_the_hold_where_it_was_last_right(fps: int) -> None:
    first, second = keep(hold(), lambda t_s: not 5.0 < t_s < 6.6, 10, fps)
    assert first.end_s == pytest.approx(5.0, abs=1 / fps)
    assert second.start_s == pytest.approx(6.6, abs=1 / fps)


def test_a_flicker_costs_nothing() -> None:
    (span,) = keep(hold(), lambda t_s: not 5.0 < t_s < 5.1, 10)
    assert span.duration_s == pytest.approx(10.0)


def test_a_gap_in_the_source_is_not_held_time() -> None:
    timer = hold()
    before = keep_without_end(timer, 0.0, 5.0)
    after = [timer.update(30.0, True), *keep_without_end(timer, 30.1, 3.0)]
    spans = [span for span in (*before, *after, timer.finish()) if span]
    assert [(round(span.start_s, 1), round(span.end_s, 1)) for span in spans] == [(0.0, 5.0), (30.0, 33.1)]


def keep_without_end(timer: HoldTimer, start_s: float, seconds: float) -> list[HoldSpan | None]:
    return [timer.update(t_s, True) for t_s in times(seconds, 30, start_s)]


def test_a_short_visit_before_a_gap_in_the_source_is_no_early_start() -> None:
    timer = hold()
    timer.update(0.0, True)
    timer.update(20.0, True)
    assert timer.held_s(20.0) == 0.0


def test_the_sign_of_the_side_measure_is_the_side_and_a_change_ends_the_hold() -> None:
    left, right = keep(hold(side="it"), lambda t_s: True, 10, side=lambda t_s: 5.0 if t_s < 4 else -5.0)
    assert (left.side, right.side) == ("left", "right")
    assert left.end_s == pytest.approx(4.0, abs=0.05)


def test_without_a_side_measure_a_hold_has_no_side() -> None:
    (span,) = keep(hold(), lambda t_s: True, 3, side=lambda t_s: -5.0)
    assert span.side is None


@pytest.mark.parametrize("lost", [False, None])
def test_nothing_right_is_no_hold(lost: bool | None) -> None:
    assert keep(hold(), lambda t_s: lost, 10) == []
