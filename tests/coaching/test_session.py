"""A live session's stages: what is counted when, what pauses it, what ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from posturecam.coaching.goals import Goal, goal_for
from posturecam.coaching.session import LiveSession, LiveState
from posturecam.judging.analyzer import Analyzer
from posturecam.model import FrameResult, Pose
from posturecam.spec.catalogue import load_exercise
from tests.builders import path, plank, push_up, rounds, standing, table, times
from tests.coaching.test_gesture import CROSSED
from tests.specs import arm_raise, cat_cow, exercise, holding, reps

FPS = 20
MOVE = exercise()
MANY = Goal(reps=50)
PoseAt = Callable[[float], "Pose | None"]


def play(session: LiveSession, pose_at: PoseAt, when: Iterable[float]) -> list[tuple[LiveState, FrameResult]]:
    """Show it a movement until it ends."""
    seen = []
    for t_s in when:
        result = session.update(t_s, pose_at(t_s))
        seen.append((session.state, result))
        if session.state.ended:
            break
    return seen


def screens(seen: list[tuple[LiveState, FrameResult]]) -> list[str]:
    """The screens in their order, repeats left out."""
    names = [state.screen for state, _ in seen]
    return [name for index, name in enumerate(names) if index == 0 or names[index - 1] != name]


def pushing(count: int, still_s: float) -> tuple[PoseAt, float]:
    elbow, seconds = rounds(172.0, [85.0] * count, still_s=still_s)
    return (lambda t_s: push_up(elbow(t_s))), seconds


def test_framing_then_countdown_then_counting() -> None:
    moving, seconds = pushing(3, 8.0)
    session = LiveSession(MOVE, MANY)
    seen = play(session, lambda t_s: None if t_s < 2 else standing() if t_s < 4 else moving(t_s), times(seconds, FPS))
    assert screens(seen)[:3] == ["framing", "countdown", "active"]
    begun = next(state_result[1].t_s for state_result in seen if state_result[0].screen == "active")
    assert begun == pytest.approx(4.0 + MOVE.setup.hold_s + 3.0, abs=0.6)
    assert len(session.finish().reps) == 3


def test_numbers_fall_from_three_to_one() -> None:
    session = LiveSession(MOVE, MANY)
    seen = play(session, lambda _t: plank(), times(6.0, FPS))
    waits = [state.wait_s for state, _ in seen if state.wait_s is not None]
    assert waits[0] == pytest.approx(3.0, abs=0.06)
    assert waits == sorted(waits, reverse=True)
    assert waits[-1] == pytest.approx(1 / FPS, abs=0.06)


def test_nothing_counts_that_happens_before_the_countdown_has_ended() -> None:
    # one rep in the countdown, one that begins in it and ends after it
    elbow = path((0, 172), (1.6, 172), (2.2, 85), (2.8, 172), (3.2, 172), (3.8, 85), (4.6, 172), (9, 172))
    session = LiveSession(MOVE, MANY)
    seen = play(session, lambda t_s: push_up(elbow(t_s)), times(9.0, FPS))
    assert "active" in screens(seen)
    assert all(result.progress.reps == 0 for _, result in seen)
    assert session.finish().reps == ()


def test_leaving_the_position_in_the_countdown_begins_it_again() -> None:
    def pose(t_s: float) -> Pose:
        return standing() if 2.0 <= t_s < 4.0 else plank()

    seen = play(LiveSession(MOVE, MANY), pose, times(10.0, FPS))
    assert screens(seen) == ["framing", "countdown", "framing", "countdown", "active"]


def test_the_time_of_a_hold_runs_from_the_word_go() -> None:
    session = LiveSession(holding(), goal_for(holding(), seconds=5))
    seen = play(session, lambda _t: plank(), times(30.0, FPS))
    go = next(result.t_s for state, result in seen if state.screen == "active")
    assert seen[-1][0].ended == "goal"
    assert seen[-1][1].t_s - go == pytest.approx(5.0, abs=0.15)


def bulging(cycles: int, hold_s: float, last_s: float) -> PoseAt:
    """Cats and cows on all fours after six still seconds, each end held; the last cow for ``last_s``."""
    keys, t_s = [(0.0, 0.0), (6.0, 0.0)], 6.0
    for number in range(cycles):
        for bulge in (0.06, -0.06):
            stay_s = last_s if number == cycles - 1 and bulge < 0 else hold_s
            keys += [(t_s + 1.5, bulge), (t_s + 1.5 + stay_s, bulge), (t_s + 3.0 + stay_s, 0.0)]
            t_s += 3.0 + stay_s
    back = path(*keys)
    return lambda t_s: table(bulge=back(t_s))


@pytest.mark.parametrize("hold_s", [1.0, 1.5, 2.0, 5.0])
@pytest.mark.parametrize("asked", [1, 2, 3])
def test_the_last_cycle_is_left_before_the_set_ends_and_so_counts_in_the_end(asked: int, hold_s: float) -> None:
    session = LiveSession(cat_cow(), Goal(reps=asked))
    seen = play(session, bulging(asked + 1, hold_s, hold_s), times(120.0, FPS))
    assert seen[-1][0].ended == "goal"
    back_s = 6.0 + asked * 2 * (3.0 + hold_s)
    assert seen[-1][1].t_s == pytest.approx(back_s, abs=0.7)
    assert len(session.finish().reps) == asked


@pytest.mark.parametrize(("stays_s", "waits"), [(8.5, True), (11.5, False)])
def test_somebody_who_stays_at_a_cycles_end_is_waited_for_ten_seconds(stays_s: float, waits: bool) -> None:
    session = LiveSession(cat_cow(), Goal(reps=2))
    seen = play(session, bulging(2, 2.0, stays_s), times(60.0, FPS))
    assert seen[-1][0].ended == "goal"
    at_end_s = 6.0 + 3 * 5.0 + 1.5
    assert (seen[-1][1].t_s > at_end_s + stays_s) is waits


# pauses -----------------------------------------------------------------------------------------------------------------


def test_leaving_pauses_and_two_seconds_in_position_go_on() -> None:
    elbow, seconds = rounds(172.0, [85.0] * 4, still_s=5.0)
    away = (11.5, 16.0)

    def pose(t_s: float) -> Pose | None:
        if away[0] <= t_s < away[1]:
            return None
        return push_up(elbow(t_s if t_s < away[0] else t_s - (away[1] - away[0]) - 3.0))

    session = LiveSession(MOVE, MANY)
    seen = play(session, pose, times(seconds + 8.0, FPS))
    assert screens(seen) == ["framing", "countdown", "active", "paused", "active"]
    paused = [result.t_s for state, result in seen if state.screen == "paused"]
    assert paused[0] - away[0] < 1.0
    assert paused[-1] - away[1] == pytest.approx(2.0, abs=0.3)
    assert session.finish().reps[0].index == 1


def test_what_was_counted_stays_through_a_pause() -> None:
    moving, seconds = pushing(2, 5.0)
    session = LiveSession(MOVE, MANY)
    seen = play(session, lambda t_s: moving(t_s) if t_s < seconds else standing(), times(seconds + 3, FPS))
    assert seen[-1][0].screen == "paused"
    assert seen[-1][0].guidance
    assert seen[-1][1].progress.reps == 2
    assert seen[-1][1].verdicts == ()
    assert len(session.finish().reps) == 2


def test_a_key_pauses_until_it_is_pressed_again() -> None:
    session = LiveSession(MOVE, MANY)
    play(session, lambda _t: plank(), times(6.0, FPS))
    session.wish("pause")
    play(session, lambda _t: plank(), times(6.0, FPS, 6.1))
    assert session.state.screen == "paused"
    assert session.state.by_key
    session.wish("pause")
    play(session, lambda _t: plank(), times(3.0, FPS, 12.2))
    assert session.state.screen == "active"


def test_getting_up_and_coming_back_also_ends_a_pause_by_key() -> None:
    session = LiveSession(MOVE, MANY)
    play(session, lambda _t: plank(), times(6.0, FPS))
    session.wish("pause")
    seen = play(session, lambda t_s: standing() if 8 < t_s < 10 else plank(), times(8.0, FPS, 6.1))
    assert seen[-1][0].screen == "active"


# ends -------------------------------------------------------------------------------------------------------------------


def test_the_goal_ends_the_session_once_the_last_rep_is_complete() -> None:
    moving, seconds = pushing(4, 5.0)
    session = LiveSession(MOVE, Goal(reps=2))
    seen = play(session, moving, times(seconds, FPS))
    assert seen[-1][0].ended == "goal"
    result = session.finish()
    assert [rep.index for rep in result.reps] == [1, 2]


def test_sets_are_parted_by_a_rest() -> None:
    moving, seconds = pushing(30, 5.0)
    session = LiveSession(MOVE, Goal(sets=2, reps=2, rest_s=4.0))
    seen = play(session, moving, times(seconds, FPS))
    assert screens(seen)[:5] == ["framing", "countdown", "active", "resting", "framing"]
    rest = [result.t_s for state, result in seen if state.screen == "resting"]
    assert rest[-1] - rest[0] == pytest.approx(4.0, abs=0.1)


def test_a_rest_can_be_skipped() -> None:
    moving, _ = pushing(2, 5.0)
    session = LiveSession(MOVE, Goal(sets=2, reps=2, rest_s=60.0))
    seen = play(session, moving, times(14.0, FPS))
    assert seen[-1][0].screen == "resting"
    session.wish("skip")
    seen = play(session, moving, times(6.0, FPS, 14.1))
    assert screens(seen) == ["framing", "countdown", "active"]
    assert seen[-1][0].progress.number == 2
    assert seen[-1][0].progress.done == 0


def test_crossed_arms_end_it() -> None:
    moving, seconds = pushing(1, 5.0)
    session = LiveSession(MOVE, MANY)
    seen = play(session, lambda t_s: moving(t_s) if t_s < seconds else CROSSED, times(seconds + 4, FPS))
    assert seen[-1][0].ended == "gesture"
    assert len(session.finish().reps) == 1


def test_nobody_for_long_ends_it_but_half_a_minute_does_not() -> None:
    moving, seconds = pushing(1, 5.0)
    session = LiveSession(MOVE, MANY)
    play(session, lambda t_s: moving(t_s) if t_s < seconds else None, times(seconds + 30, 5))
    assert session.state.screen == "paused"
    play(session, lambda _t: None, times(120.0, 2, seconds + 31))
    assert session.state.ended == "nobody"
    empty = LiveSession(MOVE, MANY)
    play(empty, lambda _t: None, times(301.0, 2))
    assert empty.state.ended == "nobody"
    assert empty.start_s is None


def test_a_wish_to_finish_ends_it() -> None:
    session = LiveSession(MOVE, MANY)
    session.update(0.0, plank())
    session.wish("finish")
    assert session.state.ended == "key"
    session.wish("pause")
    assert session.state.screen == "finished"


# without waiting, and again ---------------------------------------------------------------------------------------------


def test_without_countdown_it_judges_as_a_recording_is_judged() -> None:
    spec = load_exercise("push_up")
    moving, seconds = pushing(4, 1.5)
    session = LiveSession(spec, goal_for(spec, ends=False), countdown_s=0.0)
    alone = Analyzer(spec)
    for t_s in times(seconds, FPS):
        pose = None if 9 < t_s < 10 else moving(t_s)
        session.update(t_s, pose)
        alone.update(t_s, pose)
    live, recorded = session.finish(), alone.finish()
    assert live.reps == recorded.reps
    assert live.attempts == recorded.attempts


def test_judging_again_what_was_taken_gives_the_same() -> None:
    elbow, seconds = rounds(172.0, [85.0, 130.0, 85.0], still_s=5.0)
    session = LiveSession(MOVE, MANY)
    taken: list[tuple[float, Pose | None]] = []
    for t_s in times(seconds + 10, FPS):
        session.update(t_s, standing() if 12 < t_s < 14 else push_up(elbow(t_s)))
        taken += session.taken
    again = Analyzer(MOVE)
    for t_s, pose in taken:
        again.update(t_s, pose)
    first, second = session.finish(), again.finish()
    assert first.reps == second.reps
    assert first.attempts == second.attempts
    assert first.frames == second.frames
    assert first.duration_s == second.duration_s


def test_both_sides_must_reach_the_goal() -> None:
    spec = arm_raise()
    goal = goal_for(spec, reps=1)
    assert goal.per_side
    lift = path((0, 5), (5, 5), (6.5, 80), (8, 5), (9, 5), (10.5, 80), (12, 5), (20, 5))

    def pose(t_s: float) -> Pose:
        left = t_s < 8.5
        return standing(abduction=lift(t_s) if left else 5.0, right_abduction=5.0 if left else lift(t_s))

    session = LiveSession(spec, goal)
    seen = play(session, pose, times(20.0, FPS))
    assert seen[-1][0].ended == "goal"
    assert seen[-1][1].t_s > 10


def test_signed_goal_of_a_dose() -> None:
    spec = exercise(reps=reps(), dose={"sets": 3, "reps": 4})
    assert goal_for(spec) == Goal(sets=3, reps=4)
    assert goal_for(spec, reps=7) == Goal(sets=1, reps=7)


def test_a_view_that_stays_wrong_is_counted_from_there_after_a_while() -> None:
    session = LiveSession(arm_raise(), MANY)
    seen = play(session, lambda _t: standing(yaw=80.0), times(23.0, FPS))
    begun = next(result.t_s for state, result in seen if state.screen == "active")
    assert begun >= 15.0
    assert screens(seen) == ["framing", "countdown", "active"]
