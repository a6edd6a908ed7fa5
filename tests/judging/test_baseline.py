"""Resting values: the person's own, from the first still second in position, at any frame rate."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from posturecam.form.body import BodyTracker
from posturecam.form.measure import RAW
from posturecam.form.rest import RestFinder

from posturecam.model import Pose
from tests.builders import jittered, standing, times

Watch = Callable[..., RestFinder]


def watch(
    pose_at: Callable[[float], Pose],
    seconds: float,
    fps: float = 30,
    value: Callable[[float], float] = lambda t_s: 42.0,
    in_position: Callable[[float], bool] = lambda t_s: True,
    finder: RestFinder | None = None,
) -> RestFinder:
    finder, tracker = finder or RestFinder(), BodyTracker(lying=False)
    for t_s in times(seconds, fps):
        finder.update(t_s, tracker.update(t_s, pose_at(t_s)), {"it": value(t_s)}, in_position=in_position(t_s))
    return finder


def still(t_s: float) -> Pose:
    return standing()


def waving(t_s: float) -> Pose:
    return standing(abduction=60 + 50 * np.sin(6 * t_s))


@pytest.mark.parametrize("fps", [2, 3, 5, 15, 30, 60])
def test_a_still_person_has_a_resting_value_soon_and_a_final_one_later_at_any_frame_rate(fps: int) -> None:
    finder = watch(still, 4.0, fps)
    assert finder.values == {"it": 42.0}
    assert finder.final


def test_it_is_there_after_a_third_of_a_second_and_final_after_one() -> None:
    assert watch(still, 0.3).values == {}
    early = watch(still, 0.7)
    assert early.values == {"it": 42.0}
    assert not early.final
    assert watch(still, 1.5).final


def test_nothing_is_learned_out_of_position() -> None:
    assert watch(still, 5.0, in_position=lambda t_s: False).values == {}


def test_only_the_time_in_position_counts() -> None:
    finder = watch(still, 4.0, value=lambda t_s: 10.0 if t_s < 2 else 50.0, in_position=lambda t_s: t_s >= 2)
    assert finder.values == {"it": 50.0}


def test_movement_before_the_person_is_still_is_left_out() -> None:
    finder = watch(lambda t_s: waving(t_s) if t_s < 1 else still(t_s), 4.0, value=lambda t_s: 99.0 if t_s < 1 else 5.0)
    assert finder.values == {"it": 5.0}


def test_who_never_keeps_still_gets_the_first_second_and_a_half() -> None:
    finder = watch(waving, 1.0)
    assert finder.values == {}
    finder = watch(waving, 3.0, value=lambda t_s: 7.0)
    assert finder.values == {"it": 7.0}
    assert not finder.final


def test_landmark_noise_is_stillness() -> None:
    random = np.random.default_rng(5)
    assert watch(lambda t_s: jittered(standing(), random, 1.0), 3.0).final


def test_the_median_is_taken_and_nan_left_out() -> None:
    finder = watch(still, 3.0, value=lambda t_s: np.nan if round(t_s * 30) % 3 == 0 else 8.0)
    assert finder.values == {"it": 8.0}


def test_what_is_never_seen_has_no_resting_value() -> None:
    assert watch(still, 3.0, value=lambda t_s: np.nan).values == {}


def test_final_values_stay() -> None:
    finder = watch(still, 3.0)
    watch(still, 3.0, value=lambda t_s: -1.0, finder=finder)
    assert finder.values == {"it": 42.0}


def test_a_calibrated_measure_rests_on_its_raw_value() -> None:
    finder, tracker = RestFinder(), BodyTracker(lying=False)
    for t_s in times(2, 30):
        body = tracker.update(t_s, standing())
        finder.update(t_s, body, {"back" + RAW: 12.0, "back": np.nan}, in_position=True)
    assert finder.values == {"back": 12.0}


@pytest.mark.parametrize("fps", [2, 30])
@pytest.mark.parametrize("pose_at", [still, waving], ids=["still", "waving"])
def test_a_long_session_costs_no_more_memory_than_a_short_one(fps: int, pose_at: Callable[[float], Pose]) -> None:
    finder = watch(pose_at, 40.0 if fps == 30 else 300.0, fps)
    assert len(finder._samples) + len(finder._restless) + len(finder._recent) < 120
