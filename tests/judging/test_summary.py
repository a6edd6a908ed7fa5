"""What a session comes to: shares, doubts, held fault time and the score."""

from __future__ import annotations

import numpy as np
import pytest

from posturecam.judging.judge import judge
from posturecam.judging.summary import doubts, frame_seconds, held_fault_seconds, session_score
from posturecam.model import Hold, Rep, Trace, Verdict
from tests.builders import plank, record, times
from tests.specs import check, exercise, holding

PLANK = holding(checks={"sag": check(during="hold")})


def rep(score: float | None) -> Rep:
    return Rep(1, None, 0, 1, 2, "elbow", 170, 80, 1, 0, 1, (), score)


def hold(start_s: float, end_s: float, score: float | None = 100.0) -> Hold:
    return Hold(None, start_s, end_s, end_s - start_s, (), score)


def trace(t_s: np.ndarray, states: np.ndarray) -> Trace:
    blank = ("",) * len(t_s)
    return Trace(t_s, blank, blank, (None,) * len(t_s), {}, {"sag": states.astype(np.int8)})  # type: ignore[arg-type]


@pytest.mark.parametrize(("away_s", "told"), [(1.2, True), (0.8, False)])
def test_shares_are_of_all_frames_and_rare_problems_are_left_out(away_s: float, told: bool) -> None:
    poses = record(lambda t_s: None if t_s < away_s else plank(), times(10 - 1 / 30, 30))
    tracking = judge(exercise(), poses).result().tracking
    assert (tracking.view, tracking.view_ok) == ("side", True)
    assert tracking.person == pytest.approx(1 - away_s / 10, abs=0.01)
    assert tracking.judged == pytest.approx(1 - away_s / 10, abs=0.05)
    assert tracking.problems == ((f"Step into the picture ({away_s / 10:.0%} of the time)",) if told else ())


def test_without_frames_nothing_is_known() -> None:
    tracking = judge(exercise(), record(lambda t_s: None, [])).result().tracking
    assert (tracking.person, tracking.view, tracking.view_ok, tracking.problems) == (0.0, "unknown", None, ())


def test_a_frame_stands_for_the_time_since_the_one_before_and_a_gap_for_half_a_second() -> None:
    assert frame_seconds(np.array([0.0, 0.4, 0.8, 5.0])).tolist() == pytest.approx([0.0, 0.4, 0.4, 0.5])


def test_every_unknown_is_listed_with_its_share_and_usual_reason() -> None:
    hidden, far, right = (Verdict("head", "unknown", reason=r) for r in ("ear hidden", "too far", None))
    right = Verdict("head", "ok", 1.0)
    (doubt,) = doubts([hidden, hidden, far, right, Verdict("sag", "ok", 0.0)])
    assert (doubt.check, doubt.reason, doubt.share) == ("head", "ear hidden", 0.75)
    assert doubts([]) == ()


@pytest.mark.parametrize("fps", [5, 15, 60])
def test_held_fault_time_is_in_seconds_and_only_within_holds(fps: int) -> None:
    t_s = np.arange(0, 20, 1 / fps)
    states = np.where((t_s >= 5) & (t_s < 12), -1, 1)
    seconds = held_fault_seconds(PLANK, [hold(2, 9)], trace(t_s, states))
    assert seconds["sag"] == pytest.approx(4.0, abs=0.25)


def test_a_gap_in_the_source_is_nobodys_fault_time() -> None:
    seconds = held_fault_seconds(
        PLANK, [hold(0, 31)], trace(np.array([0.0, 0.5, 30.5, 31.0]), np.array([-1, -1, -1, -1]))
    )
    assert seconds["sag"] == pytest.approx(1.5)


def test_checks_without_fault_time_are_left_out() -> None:
    assert held_fault_seconds(PLANK, [hold(0, 3)], trace(np.arange(4.0), np.array([1, 0, -2, 1]))) == {}


@pytest.mark.parametrize(("state", "seconds"), [("fault", 9.0), ("ok", None)])
def test_a_value_of_the_whole_hold_is_a_fault_of_all_of_it_or_of_none(state: str, seconds: float | None) -> None:
    whole = holding(checks={"sag": check(during="hold", take="median")})
    one = Hold(None, 0, 9, 9, (Verdict("sag", state, -0.3),), 70.0)  # type: ignore[arg-type]
    on_the_way = trace(np.arange(10.0), np.array([-1] * 4 + [1] * 6))
    assert held_fault_seconds(whole, [one], on_the_way).get("sag") == seconds


@pytest.mark.parametrize(("scores", "expected"), [([100, 50], 75), ([None, 60], 60), ([None], None), ([], None)])
def test_the_score_is_the_mean_of_what_was_judged(scores: list[float | None], expected: float | None) -> None:
    assert session_score(exercise(), tuple(map(rep, scores)), ()) == expected


def test_a_long_hold_weighs_more_than_a_short_one() -> None:
    assert session_score(holding(), (), (hold(0, 30, 100.0), hold(40, 50, 60.0))) == pytest.approx(90)
    assert session_score(holding(), (), ()) is None
