"""Judging live: what is said while it is done, and that the end is judged exactly as a recording is."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posturecam.judging.analyzer import Analyzer
from posturecam.judging.judge import judge
from posturecam.model import FrameResult, Pose, SessionResult
from posturecam.poses import PoseSequence
from posturecam.spec.catalogue import load_exercise
from posturecam.spec.schema import Exercise
from tests.builders import jittered, path, plank, push_up, record, rounds, standing, table, times
from tests.specs import arm_raise, cat_cow, check, exercise, holding, side_lean

FPS = 20
PUSH_UP = load_exercise("push_up")
PoseAt = Callable[[float], "Pose | None"]
SET, SET_S = rounds(172.0, [85.0, 90.0, 85.0])
LINE = {"line": check()}


def live(spec: Exercise, pose_at: PoseAt, seconds: float, fps: float = FPS) -> tuple[list[FrameResult], SessionResult]:
    analyzer = Analyzer(spec)
    shown = analyzer.feed(record(pose_at, times(seconds, fps)))
    return shown, analyzer.finish()


def pushing(t_s: float) -> Pose:
    return push_up(SET(t_s))


# the end is the same, whichever way it came ------------------------------------------------------------------------------


def differences(one: object, other: object, where: str = "result") -> list[str]:
    """Where two results differ, bit for bit; NaN equals NaN."""
    if isinstance(one, np.ndarray):
        return [] if np.array_equal(one, other, equal_nan=one.dtype.kind == "f") else [where]  # type: ignore[arg-type]
    if dataclasses.is_dataclass(one):
        names = [field.name for field in dataclasses.fields(one)]
        return [d for name in names for d in differences(getattr(one, name), getattr(other, name), f"{where}.{name}")]
    if isinstance(one, dict):
        assert isinstance(other, dict)
        assert one.keys() == other.keys()
        return [d for key in one for d in differences(one[key], other[key], f"{where}[{key}]")]
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return [d for i, (a, b) in enumerate(zip(one, other, strict=True)) for d in differences(a, b, f"{where}[{i}]")]
    return [] if one == other or (one != one and other != other) else [f"{where}: {one} or {other}"]


def troubled(seed: int) -> PoseSequence:
    """Push-ups as a camera sees them: noise, hidden joints, and now and then nobody."""
    random = np.random.default_rng(seed)

    def seen(t_s: float) -> Pose | None:
        if random.random() < 0.05:
            return None
        hidden = ["elbow"] if random.random() < 0.05 else []
        return jittered(push_up(SET(t_s), hidden=hidden), random, 1.0)

    return record(seen, times(SET_S, 12))


@settings(max_examples=12)
@given(st.integers(0, 100), st.lists(st.integers(1, 60), max_size=6))
def test_blocks_of_any_size_come_to_what_the_whole_recording_comes_to(seed: int, sizes: list[int]) -> None:
    poses, spec = troubled(seed), exercise(checks=LINE)
    analyzer = Analyzer(spec)
    cuts = [0, *np.minimum(np.cumsum(sizes, dtype=int), len(poses)).tolist(), len(poses)]
    shown: list[FrameResult] = []
    for first, stop in pairwise(cuts):
        shown += analyzer.feed(poses[first:stop])
    assert len(shown) == len(poses)
    assert differences(analyzer.finish(), judge(spec, poses).result()) == []


MOVES: dict[str, tuple[Exercise, PoseAt, float]] = {
    "reps": (exercise(checks=LINE), pushing, SET_S),
    "a hold": (
        holding(checks={"line": check(during="hold")}),
        lambda t_s: plank() if 2 < t_s < 9 else standing(),
        12.0,
    ),
    "both arms": (arm_raise(), lambda t_s: standing(abduction=(172 - SET(t_s)) * 0.9 + 5, right_abduction=5.0), SET_S),
    "two ways": (side_lean(), lambda t_s: standing(side_lean=(172 - SET(t_s)) / 3), SET_S),
    "cycles": (cat_cow(), lambda t_s: table(bulge=(128 - SET(t_s)) / 700), SET_S),
}


@pytest.mark.parametrize("name", MOVES)
def test_live_at_its_end_is_the_recording_judged_again(name: str) -> None:
    spec, pose_at, seconds = MOVES[name]
    _, session = live(spec, pose_at, seconds)
    stored = judge(spec, record(pose_at, times(seconds, FPS))).result()
    assert differences(session, stored) == []
    assert session.reps or session.holds


@pytest.mark.parametrize("name", MOVES)
def test_what_was_told_live_is_what_it_comes_to(name: str) -> None:
    spec, pose_at, seconds = MOVES[name]
    # somebody stays a little after the last rep
    shown, session = live(spec, lambda t_s: pose_at(min(t_s, seconds)), seconds + 3.0)
    told = [rep for frame in shown for rep in frame.finished_reps]
    assert [(rep.index, rep.side) for rep in told] == [(rep.index, rep.side) for rep in session.reps]
    assert [rep.end_position_s for rep in told] == pytest.approx([rep.end_position_s for rep in session.reps], abs=0.3)
    assert [hold.side for frame in shown for hold in frame.finished_holds] == [hold.side for hold in session.holds]


# while it is done -----------------------------------------------------------------------------------------------------------


def test_nobody_is_paused_while_they_stay_in_position() -> None:
    shown, _ = live(exercise(checks=LINE), pushing, SET_S)
    stages = [frame.stage for frame in shown]
    first = stages.index("active")
    assert shown[first].t_s == pytest.approx(0.5, abs=0.2)
    assert set(stages[first:]) == {"active"}


@pytest.mark.parametrize("fps", [10, 30])
def test_the_count_shown_only_rises_and_follows_each_end_position_within_a_second(fps: float) -> None:
    shown, session = live(exercise(), pushing, SET_S, fps)
    counts = [frame.progress.reps for frame in shown]
    assert counts == sorted(counts)
    for number, rep in enumerate(session.reps, 1):
        seen_s = next(frame.t_s for frame in shown if frame.progress.reps >= number)
        assert rep.end_position_s < seen_s <= rep.end_s + 0.6


def test_what_another_signal_counts_is_shown_from_its_second_rep_on_without_delay() -> None:
    shown, session = live(PUSH_UP, lambda t_s: push_up(SET(t_s), yaw=0.0), SET_S)
    assert len(session.reps) == 3
    for number, rep in enumerate(session.reps[1:], 2):
        seen_s = next(frame.t_s for frame in shown if frame.progress.reps >= number)
        assert rep.end_position_s < seen_s <= rep.end_s + 0.6


def test_the_phases_of_a_rep_come_in_their_order() -> None:
    shown, _ = live(exercise(), pushing, SET_S)
    phases = [frame.phase for frame in shown if frame.phase]
    order = [phase for i, phase in enumerate(phases) if i == 0 or phases[i - 1] != phase]
    assert order[:5] == ["rest", "out", "end", "return", "rest"]


def test_fraction_rises_to_the_end_position_and_falls() -> None:
    shown, _ = live(exercise(), pushing, SET_S)
    by_time = {round(frame.t_s, 2): frame.progress.fraction for frame in shown}
    assert by_time[1.4] == pytest.approx(0.0, abs=0.1)
    assert by_time[2.9] == pytest.approx(1.0, abs=0.1)
    assert by_time[4.6] == pytest.approx(0.0, abs=0.15)


def test_getting_into_position_counts_nothing() -> None:
    # half sits down, arms bend and stretch, then lies
    def session(t_s: float) -> Pose:
        return standing(yaw=90, elbow=40 + 40 * math.sin(4 * t_s)) if t_s < 4 else pushing(t_s - 4)

    shown, result = live(exercise(), session, SET_S + 4)
    assert all(frame.progress.reps == 0 for frame in shown if frame.t_s < 5)
    assert len(result.reps) == 3


def test_leaving_the_position_pauses_and_is_seen_soon() -> None:
    shown, _ = live(exercise(), lambda t_s: pushing(t_s) if t_s < 8 else standing(yaw=90), 11)
    paused = next(frame.t_s for frame in shown if frame.t_s > 8 and frame.stage != "active")
    assert paused <= 9.2
    assert shown[-1].stage == "paused"


def test_a_hold_is_timed_as_it_goes_and_told_when_it_ends() -> None:
    shown, session = live(holding(), lambda t_s: plank() if t_s < 10 else standing(yaw=90), 13)
    seconds = {round(frame.t_s, 2): frame.progress.hold_s for frame in shown}
    assert seconds[5.0] == pytest.approx(5.0, abs=0.5)
    assert seconds[9.5] == pytest.approx(9.5, abs=0.5)
    assert seconds[12.9] == 0.0
    (told,) = [(frame.t_s, hold) for frame in shown for hold in frame.finished_holds]
    assert told[0] > 10
    assert told[1].duration_s == pytest.approx(session.holds[0].duration_s, abs=0.3)
    assert shown[-1].progress.total_hold_s == pytest.approx(10.0, abs=0.5)


def test_between_two_decisions_the_body_moves_and_a_hold_goes_on() -> None:
    drifting = record(lambda t_s: plank(at_px=(320 + 2 * t_s, 400)), times(6, 60))
    shown = Analyzer(holding()).feed(drifting)[240:]
    assert all(b.pose.points[0, 0] > a.pose.points[0, 0] for a, b in pairwise(shown))  # type: ignore[union-attr]
    held = [frame.progress.hold_s for frame in shown]
    assert np.diff(held) == pytest.approx(1 / 60, abs=0.002)
    measured = {frame.measures["hip_line"].value for frame in shown}
    assert len(measured) <= len(shown) / 5, "measured six times as seldom as it was followed"


def test_a_hold_longer_than_what_is_looked_at_again_keeps_its_beginning() -> None:
    shown, session = live(holding(), lambda t_s: plank() if t_s < 100 else standing(yaw=90), 104, fps=5)
    assert max(frame.progress.hold_s for frame in shown) == pytest.approx(100, abs=1)
    (told,) = [hold for frame in shown for hold in frame.finished_holds]
    assert told.duration_s == pytest.approx(100, abs=1)
    assert session.holds[0].duration_s == pytest.approx(100, abs=1)


def test_a_long_session_looks_at_its_last_stretch_only() -> None:
    value, seconds = rounds(172.0, [85.0] * 30)
    analyzer = Analyzer(exercise())
    longest = 0
    for t_s in times(seconds, 10):
        analyzer.update(t_s, push_up(value(t_s)))
        assert analyzer._window is not None
        longest = max(longest, len(analyzer._window))
    assert longest < 10 * 10
    assert len(analyzer.finish().reps) == 30


def test_time_must_advance() -> None:
    analyzer = Analyzer(exercise())
    analyzer.update(1.0, push_up())
    for wrong in (1.0, 0.5, math.nan):
        with pytest.raises(ValueError, match="time must advance"):
            analyzer.update(wrong, push_up())


def test_a_still_picture_is_judged_but_not_counted() -> None:
    spec = exercise(checks={"line": check()})
    result = Analyzer(spec, still=True).update(0.0, push_up(shift={"hip": (0, 0.3)}))
    assert [verdict.state for verdict in result.verdicts] == ["fault"]
    assert result.progress.reps == 0


def test_a_small_rep_among_large_ones_is_told_as_an_attempt() -> None:
    value, seconds = rounds(172.0, [85.0, 85.0, 150.0, 85.0])
    shown, session = live(exercise(), lambda t_s: push_up(value(t_s)), seconds + 3)
    assert (len(session.reps), len(session.attempts)) == (3, 1)
    assert [one.reason for frame in shown for one in frame.attempts] == [one.reason for one in session.attempts]


def test_what_needs_rest_is_judged_once_rest_is_known() -> None:
    measures = arm_raise().model_dump(by_alias=True, exclude_none=True)["measures"]
    spec = arm_raise(
        measures=measures | {"lean": {"change": "trunk_tilt"}},
        checks={"leaning": check(measure="lean", during="always", ok="<= 10", fault="> 15")},
    )
    arms = path((0, 10), (2, 10), (3, 90), (4, 10), (6, 10))
    shown, _ = live(spec, lambda t_s: standing(abduction=arms(t_s), side_lean=20.0 if t_s > 4.5 else 0.0), 6)
    assert [verdict.state for verdict in shown[-1].verdicts] == ["fault"]
    assert [verdict.state for verdict in shown[int(1.8 * FPS)].verdicts] == ["ok"]


def test_a_rep_that_has_just_settled_is_no_break_in_the_position() -> None:
    """Cats and cows with ends of a second: each is told less than the set-up's half second before what is looked at begins."""
    keys, t_s = [(0.0, 0.0), (3.0, 0.0)], 3.0
    for bulge in (0.06, -0.06) * 3:
        keys += [(t_s + 1.5, bulge), (t_s + 2.5, bulge), (t_s + 4.0, 0.0)]
        t_s += 4.0
    back = path(*keys)
    shown, _ = live(cat_cow(), lambda at_s: table(bulge=back(at_s)), t_s + 2.0)
    assert {result.stage for result in shown if result.t_s > 1.0} == {"active"}
    assert shown[-1].progress.reps == 3
