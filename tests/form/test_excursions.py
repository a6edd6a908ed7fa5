"""Excursions: what counts as leaving rest, reaching an extreme and coming back, at any frame rate and range."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from posturecam.form.excursions import ExcursionFinder, Step

from tests.builders import path, rounds, times

NAN = math.nan


def make(minimum: float = 25.0, min_seconds: float = 0.5, max_seconds: float = 20.0, **more: object) -> ExcursionFinder:
    return ExcursionFinder(minimum, min_seconds, max_seconds, "degrees", **more)  # type: ignore[arg-type]


def follow(value: Callable[[float], float], seconds: float, fps: float = 30, finder: ExcursionFinder | None = None):
    finder = finder or make()
    steps: list[tuple[float, Step]] = [(t_s, finder.update(t_s, value(t_s))) for t_s in times(seconds, fps)]
    steps.append((seconds + 0.1, finder.cancel(seconds + 0.1, "it ended")))
    return steps


def counted(steps: Sequence[tuple[float, Step]]) -> int:
    return sum(step.counted for _, step in steps)


def finished(steps):
    return [step.finished for _, step in steps if step.finished]


def reasons(steps) -> list[str]:
    return [step.rejected.reason for _, step in steps if step.rejected]


@pytest.mark.parametrize("fps", [8, 15, 30, 60, 120])
@pytest.mark.parametrize("height", [30, 60, 120])
def test_every_round_counts_once_at_any_frame_rate_and_range(fps: int, height: float) -> None:
    value, seconds = rounds(0.0, [height] * 6)
    steps = follow(value, seconds, fps)
    assert counted(steps) == len(finished(steps)) == 6
    assert reasons(steps) == []


@given(
    st.lists(st.floats(55, 100), min_size=1, max_size=6),
    st.floats(0.6, 2.5),
    st.floats(0.0, 2.0),
    st.sampled_from([15, 30, 60]),
    st.floats(-100, 100),
)
@settings(max_examples=25, deadline=None)
def test_the_persons_own_range_may_vary_by_half(heights, way_s, stay_s, fps, rest) -> None:
    value, seconds = rounds(rest, [rest + height for height in heights], way_s=way_s, stay_s=stay_s + 0.1)
    steps = follow(value, seconds, fps)
    assert counted(steps) == len(finished(steps)) == len(heights)


@given(st.integers(0, 1000), st.sampled_from([15, 30, 60]), st.floats(0.1, 1.0))
@settings(max_examples=12, deadline=None)
def test_jitter_under_the_hysteresis_counts_nothing_and_is_no_attempt(seed, fps, share) -> None:
    random = np.random.default_rng(seed)
    size = share * 12.0  # half of the minimum is a movement worth mentioning
    steps = follow(lambda t_s: random.uniform(0, size), 20, fps)
    assert counted(steps) == 0
    assert reasons(steps) == []


@given(st.integers(0, 1000), st.sampled_from([15, 30, 60]))
@settings(max_examples=10, deadline=None)
def test_jitter_on_top_of_reps_changes_no_count(seed, fps) -> None:
    random = np.random.default_rng(seed)
    value, seconds = rounds(0.0, [80.0] * 4, stay_s=0.8)
    steps = follow(lambda t_s: value(t_s) + random.uniform(-5, 5), seconds, fps)
    assert counted(steps) == 4
    assert reasons(steps) == []


def test_times_and_values_of_one_excursion() -> None:
    value = path((0, 10), (1, 10), (2, 90), (3, 90), (4, 12), (6, 12))
    (only,) = finished(follow(value, 6, 60))
    assert only.low == pytest.approx(10)
    assert only.peak == pytest.approx(90)
    assert only.height == pytest.approx(80)
    assert only.low_after == pytest.approx(12)
    assert 1.0 <= only.left_s <= 1.25
    assert 1.8 <= only.reached_s <= 2.0
    assert only.reached_s <= only.peak_s <= only.departed_s
    assert 3.0 <= only.departed_s <= 3.2
    assert 3.75 <= only.returned_s <= 4.05


def test_a_slow_drift_before_the_movement_is_not_yet_the_rep() -> None:
    value = path((0, 0), (4, 6), (5, 80), (6, 0), (8, 0))
    (only,) = finished(follow(value, 8, 30))
    assert only.left_s > 3.5


def test_it_counts_when_back_by_two_thirds_and_is_judged_when_the_return_has_settled() -> None:
    value = path((0, 0), (1, 0), (2, 80), (3, 0), (6, 0))
    steps = follow(value, 6, 60)
    counted_s = next(t_s for t_s, step in steps if step.counted)
    judged_s = next(t_s for t_s, step in steps if step.finished)
    assert value(counted_s) == pytest.approx(0.35 * 80, abs=3)
    assert 3.3 <= judged_s <= 3.8


def test_who_does_not_come_all_the_way_back_still_makes_reps() -> None:
    value = path((0, 0), (1, 0), (2, 100), (3, 45), (4, 100), (5, 45), (6, 100), (7, 0), (9, 0))
    assert counted(follow(value, 9)) == 3


def test_a_stop_on_the_way_is_not_two_reps() -> None:
    value = path((0, 0), (1, 0), (2, 50), (3, 50), (4, 90), (5, 60), (6, 60), (7, 0), (9, 0))
    assert counted(follow(value, 9)) == 1


# what does not count says why --------------------------------------------------------------------------------------------------


def test_a_movement_that_is_too_small_is_an_attempt_with_its_numbers() -> None:
    value, seconds = rounds(0.0, [18.0])
    steps = follow(value, seconds)
    assert counted(steps) == 0
    (reason,) = reasons(steps)
    assert reason == "moved 18 of the 25 degrees that count"


def test_a_third_of_the_persons_own_range_is_enough_once_it_is_known() -> None:
    value, seconds = rounds(0.0, [100.0, 100.0, 40.0])
    steps = follow(value, seconds)
    assert counted(steps) == 3, "a shallow rep is a rep with a fault, not nothing"
    assert reasons(steps) == []


def test_a_twitch_is_too_quick() -> None:
    value = path((0, 0), (1, 0), (1.15, 60), (1.3, 0), (3, 0))
    steps = follow(value, 3, 60)
    assert counted(steps) == 0
    assert reasons(steps)[0].startswith("too quick to be a rep (0.")


def test_a_movement_without_end_is_given_up() -> None:
    value = path((0, 0), (1, 0), (2, 80), (40, 80))
    steps = follow(value, 40)
    assert counted(steps) == 0
    assert reasons(steps)[0] == "took longer than 20 seconds"


def test_an_end_in_the_middle_is_an_attempt() -> None:
    value = path((0, 0), (1, 0), (2, 80))
    steps = follow(value, 2)
    assert counted(steps) == 0
    assert reasons(steps) == ["it ended"]


def test_a_counted_rep_is_handed_out_even_when_the_recording_ends_before_it_settles() -> None:
    value = path((0, 0), (1, 0), (2, 80), (3, 0))
    steps = follow(value, 2.9)
    assert counted(steps) == len(finished(steps)) == 1


# unseen ---------------------------------------------------------------------------------------------------------------


def with_hole(value: Callable[[float], float], start_s: float, end_s: float) -> Callable[[float], float]:
    return lambda t_s: NAN if start_s <= t_s < end_s else value(t_s)


VALUE = path((0, 0), (1, 0), (2, 80), (3, 80), (4, 0), (6, 0))


@pytest.mark.parametrize("start_s", [0.2, 1.4, 2.2, 3.4, 4.2])
def test_a_short_hole_anywhere_loses_no_rep(start_s: float) -> None:
    assert counted(follow(with_hole(VALUE, start_s, start_s + 0.7), 6)) == 1


def test_a_long_hole_under_way_gives_the_rep_up_and_says_so() -> None:
    steps = follow(with_hole(VALUE, 2.2, 3.9), 6)
    assert counted(steps) == 0
    assert reasons(steps) == ["the joints it is counted by were out of sight"]


def test_nothing_seen_is_nothing_counted() -> None:
    steps = follow(lambda t_s: NAN, 10)
    assert all(step == Step() for _, step in steps)


def test_fraction_runs_from_rest_to_the_expected_extreme() -> None:
    finder = make()
    assert finder.fraction(50.0) is None
    follow_value = path((0, 0), (1, 0), (2, 80), (3, 0), (5, 0))
    for t_s in times(5, 30):
        finder.update(t_s, follow_value(t_s))
    assert finder.fraction(0.0) == pytest.approx(0.0, abs=0.01)
    assert finder.fraction(40.0) == pytest.approx(0.5, abs=0.01)
    assert finder.fraction(200.0) == 1.0
    assert finder.fraction(NAN) is None


@pytest.mark.parametrize("value", [lambda t_s: 5.0, lambda t_s: 40 + 40 * math.sin(t_s), lambda t_s: t_s * 50])
def test_an_hour_needs_no_more_memory_than_a_minute(value: Callable[[float], float]) -> None:
    finder = make()
    for t_s in times(600, 10):
        finder.update(t_s, value(t_s))
    assert len(finder._history) < 10 * 30


@pytest.mark.parametrize("fps", [12, 30, 60])
def test_a_landmark_that_jumps_back_for_a_moment_makes_no_second_rep(fps: int) -> None:
    value, seconds = rounds(0.0, [80] * 3, stay_s=1.0)
    peak_s = next(t_s for t_s in times(seconds, 120) if value(t_s) >= 79.9) + 0.4
    steps = follow(lambda t_s: value(t_s) - 60 * (peak_s <= t_s < peak_s + 0.1), seconds, fps)
    assert (counted(steps), reasons(steps)) == (3, [])


def test_a_small_movement_among_large_ones_is_listed_as_an_attempt() -> None:
    value, seconds = rounds(0.0, [80, 80, 22, 80])
    steps = follow(value, seconds)
    assert (counted(steps), reasons(steps)) == (3, ["moved 22 of the 28 degrees that count"])


@pytest.mark.parametrize("fps", [12, 30, 60])
def test_to_rest_counts_what_has_settled_where_it_began_once_it_has(fps: int) -> None:
    value, seconds = rounds(0.0, [40] * 3)
    steps = follow(value, seconds, fps, make(to_rest=True))
    assert counted(steps) == len(finished(steps)) == 3
    assert all(step.finished for _, step in steps if step.counted), "not before it has settled"


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        (((0, 0), (2, 0), (3, 40), (4, 40), (5, -60), (8, -60)), "did not come back to where it began"),
        (((0, 0), (2, 0), (3, 40), (4, 40), (5, 12), (8, 12)), "it ended"),
    ],
    ids=["far beyond", "two thirds of the way"],
)
def test_to_rest_swaying_about_is_no_rep(keys: tuple[tuple[float, float], ...], reason: str) -> None:
    steps = follow(path(*keys), 8, finder=make(to_rest=True))
    assert (counted(steps), reasons(steps)) == (0, [reason])
    assert counted(follow(path(*keys), 8)) == 1, "what must not come to rest counts it"


def test_a_stay_at_the_extreme_survives_the_values_known_unrest() -> None:
    value = path((0, 0), (2, 0), (3, 40), (4, 34), (5, 40), (6, 0), (8, 0))
    (restless,) = finished(follow(value, 8))
    (steady,) = finished(follow(value, 8, finder=make(unrest=7.0)))
    assert restless.departed_s - restless.reached_s < 1.0 < 2.0 <= steady.departed_s - steady.reached_s
