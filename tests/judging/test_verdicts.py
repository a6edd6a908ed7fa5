"""Three-valued verdicts: right, wrong, or not known; a fault must last; unknown costs nothing and is never called good."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posturecam.counting.movements import RepSpan
from posturecam.counting.stays import HoldSpan
from posturecam.counting.turning import Visit
from posturecam.judging.observed import Observed
from posturecam.judging.verdicts import (
    NOT_FROM_ONE_CAMERA,
    NOT_SEEN,
    TIMES_DOUBTED,
    TOO_CLOSE,
    is_good,
    judge_hold,
    judge_rep,
    judge_value,
    score_of,
    worst,
)
from posturecam.kinematics.track import VIEWS
from posturecam.model import Side, Verdict, View
from posturecam.spec.schema import Exercise
from tests.builders import times
from tests.specs import check, exercise, holding, make_check

NAN = math.nan
LOW = make_check(ok=">= -0.10", fault="< -0.15")
BOTH = make_check(ok="-10..10", fault="outside -15..15")
Value = Callable[[float], float]


@pytest.mark.parametrize(
    ("limits", "value", "state", "marks"),
    [
        (LOW, 0.3, "ok", 1.0),
        (LOW, -0.10, "ok", 1.0),
        (LOW, -0.125, "unknown", 0.5),
        (LOW, -0.15, "unknown", 0.0),
        (LOW, -0.151, "fault", 0.0),
        (BOTH, 0.0, "ok", 1.0),
        (BOTH, 12.5, "unknown", 0.5),
        (BOTH, -12.5, "unknown", 0.5),
        (BOTH, 16.0, "fault", 0.0),
        (BOTH, -16.0, "fault", 0.0),
    ],
)
def test_between_right_and_wrong_it_is_too_close_to_call(limits, value, state, marks) -> None:
    verdict = judge_value("it", limits, value, 1.0, None)
    assert (verdict.state, verdict.value) == (state, value)
    assert verdict.marks == pytest.approx(marks)
    assert verdict.reason == (TOO_CLOSE if state == "unknown" else None)


def test_the_limit_is_that_of_the_side_the_value_strays_to() -> None:
    assert (judge_value("it", BOTH, 20.0, None, None).limit, judge_value("it", BOTH, -20.0, None, None).limit) == (
        15,
        -15,
    )
    assert judge_value("it", LOW, -0.3, None, None).margin == pytest.approx(0.05)


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_nan_is_never_a_verdict_and_marks_stay_between_0_and_1(value: float) -> None:
    for limits in (LOW, BOTH):
        verdict = judge_value("it", limits, value, None, "wrist hidden")
        assert 0.0 <= verdict.marks <= 1.0
        if math.isnan(value):
            assert (verdict.state, verdict.value, verdict.reason) == ("unknown", None, "wrist hidden")


def test_what_one_camera_cannot_tell_is_always_unknown() -> None:
    verdict = judge_value("it", make_check(judged=False), -9.0, None, None)
    assert (verdict.state, verdict.reason) == ("unknown", NOT_FROM_ONE_CAMERA)


# one rep ---------------------------------------------------------------------------------------------------------------

REP = RepSpan(None, (("end", Visit(1.0, 2.0, 2.5, 3.0, 4.0, 0.0, 80.0, 0.0)),), 170.0, 90.0)


class Table(Observed):
    """Columns as they stand, by name or by (name, side), in place of a body."""

    def __init__(self, exercise: Exercise, t_s: np.ndarray, columns: dict, problem: str | None, view: View) -> None:
        codes = np.full(len(t_s), VIEWS.index(view), dtype=np.int8)
        self.__dict__.update(
            exercise=exercise, given=columns, problem=problem, track=SimpleNamespace(t_s=t_s, view=codes)
        )

    def values(self, name: str, side: Side | None = None) -> np.ndarray:
        return self.given[(name, side) if (name, side) in self.given else name]

    def why_missing(self, name: str, start_s: float, end_s: float, side: Side | None = None) -> str:
        return self.problem or NOT_SEEN


def record(
    spec: Exercise,
    fps: float = 30,
    problem: str | None = None,
    seconds: float = 6,
    view: View = "side",
    t_s: np.ndarray | None = None,
    **columns: Value | dict[Side, Value],
) -> Table:
    t_s = np.array(times(seconds, fps)) if t_s is None else t_s
    given: dict = {}
    for name, value in columns.items():
        for side, one in value.items() if isinstance(value, dict) else ((None, value),):
            given[(name, side) if side else name] = np.array([one(t) for t in t_s.tolist()])
    return Table(spec, t_s, given, problem, view)


def judge(
    value: Value,
    *,
    fps: float = 30,
    span: RepSpan = REP,
    problem: str | None = None,
    seen: View = "side",
    **changes: Any,
) -> Verdict:
    spec = exercise(checks={"it": check(**changes)})
    verdicts = judge_rep(spec, span, record(spec, fps, problem, view=seen, hip_line=value))
    assert len(verdicts) == 1
    return verdicts[0]


def bad_between(start_s: float, end_s: float, level: float = -0.3) -> Value:
    return lambda t_s: level if start_s <= t_s <= end_s else 0.0


@pytest.mark.parametrize("fps", [10, 15, 30, 60])
@pytest.mark.parametrize(("lasts_s", "state"), [(0.1, "ok"), (0.25, "ok"), (0.6, "fault"), (1.5, "fault")])
def test_a_fault_must_last_at_any_frame_rate(fps: int, lasts_s: float, state: str) -> None:
    verdict = judge(bad_between(2.0, 2.0 + lasts_s), fps=fps)
    assert verdict.state == state
    if state == "fault":
        assert verdict.value == pytest.approx(-0.3)
        assert 2.0 <= verdict.at_s <= 2.0 + lasts_s


@pytest.mark.parametrize(
    ("when", "bad", "expected"),
    [
        ({"during": "rep"}, (1.2, 1.8), "fault"),
        ({"during": "rep"}, (4.5, 5.5), "ok"),
        ({"during": "out"}, (1.2, 1.8), "fault"),
        ({"during": "out"}, (3.2, 3.8), "ok"),
        ({"during": "return"}, (3.2, 3.8), "fault"),
        ({"during": "end"}, (2.1, 2.9), "fault"),
        ({"during": "end"}, (1.2, 1.8), "ok"),
        ({"during": None, "at": "end"}, (2.4, 2.6), "fault"),
        ({"during": None, "at": "end"}, (2.8, 3.5), "ok"),
        ({"during": None, "at": "start"}, (0.8, 1.2), "fault"),
        ({"during": None, "at": "middle"}, (1.3, 1.7), "fault"),
        ({"during": None, "at": "return"}, (3.9, 4.5), "fault"),
    ],
)
def test_only_the_part_of_the_rep_that_was_asked_for_is_judged(when: dict, bad: tuple, expected: str) -> None:
    assert judge(bad_between(*bad), **when).state == expected


@pytest.mark.parametrize(("take", "value"), [("min", -0.3), ("max", 0.2), ("median", 0.0), ("range", 0.5)])
def test_what_is_made_of_a_stretch(take: str, value: float) -> None:
    def hip(t_s: float) -> float:
        return -0.3 if 2.0 <= t_s < 2.1 else 0.2 if 3.0 <= t_s < 3.1 else 0.0

    assert judge(hip, take=take).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("hidden_share", "state"), [(0.3, "fault"), (0.45, "fault"), (0.55, "unknown"), (1.0, "unknown")]
)
def test_hidden_for_most_of_the_rep_is_unknown_with_the_reason(hidden_share: float, state: str) -> None:
    verdict = judge(lambda t_s: NAN if t_s < 1.0 + 3 * hidden_share else -0.4, problem="left hip hidden")
    assert verdict.state == state
    if state == "unknown":
        assert (verdict.value, verdict.reason) == (None, "left hip hidden")


def test_without_a_frame_in_the_stretch_it_is_unknown() -> None:
    assert judge(lambda t_s: 0.0, fps=0.5, during=None, at="end").reason == NOT_SEEN


@pytest.mark.parametrize(("away_s", "state"), [(0.13, "fault"), (0.17, "ok")])
def test_a_moment_is_fifteen_hundredths_of_a_second_to_either_side(away_s: float, state: str) -> None:
    bad = bad_between(2.5 + away_s - 0.001, 2.5 + away_s + 0.001)
    assert judge(bad, fps=100, during=None, at="end", take="min").state == state


@pytest.mark.parametrize("bad", ["left", "right"])
def test_each_side_is_judged_by_its_own_values(bad: str) -> None:
    spec = exercise(checks={"it": check()})
    sides: tuple[Side, Side] = ("left", "right")
    columns: dict[Side, Value] = {side: (lambda t_s: -0.4) if side == bad else (lambda t_s: 0.0) for side in sides}
    for side in sides:
        (verdict,) = judge_rep(spec, RepSpan(side, REP.visits, 0, 80), record(spec, hip_line=columns))
        assert verdict.state == ("fault" if side == bad else "ok")


def test_a_condition_limits_what_is_judged_and_may_leave_the_check_out() -> None:
    limited = exercise(checks={"it": check(when={"elbow": "<= 120"})})
    bent = record(limited, hip_line=bad_between(1.0, 1.9), elbow=lambda t_s: 90.0 if 2 <= t_s <= 3 else 170.0)
    (verdict,) = judge_rep(limited, REP, bent)
    assert verdict.state == "ok"
    assert judge_rep(limited, REP, record(limited, hip_line=bad_between(1, 4), elbow=lambda t_s: 170.0)) == ()


@pytest.mark.parametrize(
    ("view", "asked", "state"),
    [("side", None, "fault"), ("front", None, "unknown"), ("oblique", None, "unknown"), ("front", "front", "fault"),
     ("side", "front", "unknown"), ("front", "any", "fault")],
)  # fmt: skip
def test_what_the_camera_cannot_tell_from_there_is_unknown(view: View, asked: str | None, state: str) -> None:
    verdict = judge(bad_between(1, 4), seen=view, **({} if asked is None else {"view": asked}))
    assert verdict.state == state
    if state == "unknown":
        assert verdict.value is None
        assert verdict.reason == f"can only be judged from the {asked or 'side'}"


# time ------------------------------------------------------------------------------------------------------------------

QUICK = {"measure": None, "during": None, "ok": ">= 2", "fault": "< 1.5"}


@pytest.mark.parametrize(("tempo", "seconds"), [("out", 1.0), ("end", 1.0), ("return", 1.0), ("rep", 3.0)])
def test_tempo_is_judged_in_seconds(tempo: str, seconds: float) -> None:
    verdict = judge(lambda t_s: 0.0, tempo=tempo, **QUICK)
    assert verdict.value == pytest.approx(seconds)
    assert verdict.state == ("ok" if seconds >= 2 else "fault")


def test_a_tempo_of_an_end_that_was_not_visited_is_left_out() -> None:
    spec = exercise(checks={"it": check(tempo="end", end="cow", **QUICK)})
    assert judge_rep(spec, REP, record(spec, hip_line=lambda t_s: 0.0)) == ()


@pytest.mark.parametrize(("peak", "asked"), [(-0.05, False), (-0.3, True)])
def test_a_tempo_is_asked_only_of_an_end_that_was_reached(peak: float, asked: bool) -> None:
    spec = exercise(checks={"it": check(tempo="end", when={"hip_line": "outside -0.1..0.1"}, **QUICK)})
    assert bool(judge_rep(spec, REP, record(spec, hip_line=bad_between(2.0, 3.0, peak)))) is asked


@pytest.mark.parametrize(("fps", "state"), [(7.5, "unknown"), (8.0, "fault"), (30.0, "fault")])
def test_under_eight_frames_a_second_tempo_is_unknown(fps: float, state: str) -> None:
    verdict = judge(lambda t_s: 0.0, fps=fps, tempo="out", **QUICK)
    assert (verdict.state, verdict.reason) == (state, TIMES_DOUBTED if state == "unknown" else None)


@pytest.mark.parametrize(("gap_s", "state"), [(0.12, "fault"), (0.14, "unknown")])
@pytest.mark.parametrize(("at_s", "within"), [(2.0, True), (5.0, False)])
def test_over_missing_frames_tempo_is_unknown(gap_s: float, state: str, at_s: float, within: bool) -> None:
    spec = exercise(checks={"it": check(tempo="out", **QUICK)})
    t_s = np.concatenate([np.arange(0, at_s, 0.03), np.arange(0, 2, 0.03) + np.arange(0, at_s, 0.03)[-1] + gap_s])
    (verdict,) = judge_rep(spec, REP, record(spec, t_s=t_s, hip_line=lambda t_s: 0.0))
    assert verdict.state == (state if within else "fault")


def test_of_a_rep_joined_of_two_halves_or_a_doubted_recording_no_time_is_known() -> None:
    spec = exercise(checks={"it": check(tempo="rep", **QUICK)})
    seen = record(spec, hip_line=lambda t_s: 0.0)
    (joined,) = judge_rep(spec, replace(REP, joined=True), seen)
    (doubted,) = judge_rep(spec, REP, seen, doubted="the file's times were mended")
    assert (joined.state, joined.reason) == ("unknown", TIMES_DOUBTED)
    assert (doubted.state, doubted.reason) == ("unknown", "the file's times were mended")


@pytest.mark.parametrize(
    ("reached_s", "departed_s", "state"),
    [(0.0, 1.0, "unknown"), (5.2, 6.0, "unknown"), (0.0, 3.0, "ok"), (0.5, 1.5, "fault")],
    ids=["begun before the recording", "cut off by its end", "long enough all the same", "seen whole"],
)
def test_a_stay_that_the_recording_cuts_off_is_not_called_short(
    reached_s: float, departed_s: float, state: str
) -> None:
    spec = exercise(checks={"it": check(tempo="end", **QUICK)})
    middle_s = (reached_s + departed_s) / 2
    span = RepSpan(None, (("end", Visit(reached_s, reached_s, middle_s, departed_s, departed_s, 0, 80, 0)),), 170, 90)
    verdicts = judge_rep(spec, span, record(spec, hip_line=lambda t_s: 0.0))
    assert [verdict.state for verdict in verdicts] == [state]


@pytest.mark.parametrize(("begins_s", "state"), [(0.08, "unknown"), (0.12, "fault")])
def test_a_way_that_begins_within_a_tenth_of_a_second_was_cut_off(begins_s: float, state: str) -> None:
    spec = exercise(checks={"it": check(tempo="out", **QUICK)})
    span = RepSpan(None, (("end", Visit(begins_s, 1.0, 1.5, 2.0, 3.0, 0, 80, 0)),), 170, 90)
    assert [one.state for one in judge_rep(spec, span, record(spec, hip_line=lambda t_s: 0.0))] == [state]


@pytest.mark.parametrize(
    ("first", "second", "worse"), [(-20.0, 16.0, -20.0), (16.0, -20.0, -20.0), (-16.0, 20.0, 20.0)]
)
def test_of_two_limits_the_one_that_is_passed_by_more_is_judged(first: float, second: float, worse: float) -> None:
    verdict = judge(
        lambda t_s: first if 1.2 <= t_s < 2.2 else second if 2.6 <= t_s < 3.6 else 0.0,
        ok="-10..10",
        fault="outside -15..15",
    )
    assert (verdict.state, verdict.value) == ("fault", worse)


def test_of_the_stays_at_both_ends_of_a_cycle_the_shorter_one_is_judged() -> None:
    spec = exercise(checks={"it": check(tempo="end", **QUICK)})
    visits = (("cat", Visit(0.5, 1.0, 1.5, 2.0, 2.5, 0, 80, 0)), ("cow", Visit(2.5, 3.0, 4.0, 5.0, 5.5, 0, 80, 0)))
    (verdict,) = judge_rep(spec, RepSpan(None, visits, 170, 90), record(spec, hip_line=lambda t_s: 0.0))
    assert verdict.value == pytest.approx(1.0)


# one hold --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad_s", "state", "marks"), [(0.0, "ok", 1), (1.5, "fault", 0.7), (5.0, "fault", 0), (9, "fault", 0)]
)
def test_the_marks_of_a_hold_follow_the_share_of_the_time(bad_s: float, state: str, marks: float) -> None:
    plank = holding(checks={"it": check(during="hold")})
    seen = record(plank, seconds=10, hip_line=bad_between(0.0, bad_s - 0.01))
    (verdict,) = judge_hold(plank, HoldSpan(None, 0.0, 10.0, ()), seen)
    assert verdict.state == state
    assert verdict.marks == pytest.approx(marks, abs=0.02)


def test_a_fault_of_the_whole_hold_costs_all_its_marks() -> None:
    plank = holding(checks={"it": check(during="hold", take="max", ok=">= 0.1", fault="< 0.05")})
    (verdict,) = judge_hold(plank, HoldSpan(None, 0.0, 10.0, ()), record(plank, seconds=10, hip_line=lambda t_s: 0.0))
    assert (verdict.state, verdict.marks) == ("fault", 0.0)


# marks ------------------------------------------------------------------------------------------------------------------------

TWO = exercise(checks={"major": check(), "minor": check(severity="minor")})
OK = Verdict("major", "ok", 0.0)
FAULT, SMALL = Verdict("major", "fault", -1.0, marks=0.0), Verdict("minor", "fault", -1.0, marks=0.0)
UNKNOWN = Verdict("major", "unknown", reason="hidden")


@pytest.mark.parametrize(
    ("verdicts", "score", "good"),
    [
        ([OK], 100, True),
        ([FAULT], 70, False),
        ([SMALL], 88, True),
        ([FAULT, SMALL], 58, False),
        ([OK, UNKNOWN], 100, True),
        ([Verdict("major", "unknown", -0.12, marks=0.5)], 100, True),
        ([UNKNOWN], None, False),
        ([], None, False),
    ],
)
def test_score_and_whether_it_was_good(verdicts: list[Verdict], score: float | None, good: bool) -> None:
    assert score_of(TWO, verdicts) == score
    assert is_good(TWO, verdicts) is good


def test_the_worst_verdict_is_a_fault_before_a_doubt_before_a_pass() -> None:
    assert worst([OK, UNKNOWN, FAULT]) is FAULT
    assert worst([OK, UNKNOWN]) is UNKNOWN
    assert worst([]) is None
