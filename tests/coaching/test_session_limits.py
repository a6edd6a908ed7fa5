"""The times of a live session, on either side of each limit, with an analyzer that sees what it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from posturecam.coaching.goals import Goal
from posturecam.coaching.session import LiveSession
from posturecam.model import FrameResult, Measurement, Pose, Progress
from tests.builders import plank, push_up, standing, times
from tests.builders_report import make_result
from tests.specs import cat_cow, exercise

FPS = 50
REST, MOVING, AWAY, WRONG_VIEW = plank(), push_up(100.0), standing(), standing(yaw=80.0)
PoseAt = Callable[[float], "Pose | None"]


class Told:
    """Sees in each pose what it stands for, and from the start as many reps as ``reps``."""

    reps = 0

    def __init__(self, _exercise: object) -> None:
        pass

    def update(self, t_s: float, pose: Pose | None) -> FrameResult:
        active = pose is REST or pose is MOVING
        stage = "active" if active else "framing" if pose is WRONG_VIEW else "paused"
        phase = "out" if pose is MOVING else "rest"
        return make_result(t_s, stage=stage, phase=phase, progress=Progress(self.reps, self.reps))


class ToldOfTwo(Told):
    reps = 2


def session(goal: Goal | None = None, make: Any = Told, countdown_s: float = 3.0) -> LiveSession:
    return LiveSession(exercise(), goal or Goal(reps=50), countdown_s, make)


def changes(led: LiveSession, pose_at: PoseAt, until_s: float, fps: float = FPS) -> list[tuple[str, float]]:
    """The screens with the times at which they came."""
    seen: list[tuple[str, float]] = []
    for t_s in times(until_s, fps):
        led.update(t_s, pose_at(t_s))
        if not seen or seen[-1][0] != led.state.screen:
            seen.append((led.state.screen, t_s))
        if led.state.ended:
            break
    return seen


def test_after_a_pause_it_goes_on_two_seconds_after_coming_back() -> None:
    seen = changes(session(), lambda t_s: AWAY if 5 < t_s < 8 else REST, 12)
    # half a second, the set-up's own, has passed when the analyzer sees the position
    assert dict(seen[3:])["active"] == pytest.approx(8.0 + 2.0 - 0.5, abs=0.05)


def test_a_second_and_a_third_before_the_word_go_is_handed_in_with_the_first_frame() -> None:
    led = session()
    first = next(led.taken for t_s in times(5, FPS) if led.update(t_s, REST) and led.taken)
    assert first[-1][0] - first[0][0] == pytest.approx(1.3, abs=0.05)


def test_the_word_go_waits_four_seconds_for_somebody_who_moves() -> None:
    assert changes(session(), lambda _t_s: MOVING, 9)[-1] == ("active", pytest.approx(3.0 + 4.0, abs=0.05))


def test_a_wrong_view_is_put_up_with_after_fifteen_seconds() -> None:
    assert changes(session(), lambda _t_s: WRONG_VIEW, 20)[-1] == ("active", pytest.approx(15.0 + 3.0, abs=0.1))


def test_who_leaves_at_the_word_go_has_a_second_and_a_half_to_come_back() -> None:
    seen = changes(session(), lambda t_s: REST if t_s < 3.01 else AWAY, 6)
    assert seen[-1] == ("paused", pytest.approx(3.0 + 1.5, abs=0.06))


@pytest.mark.parametrize(("seconds", "goes_on"), [(0.26, True), (0.36, False)])
def test_a_wobble_of_three_tenths_of_a_second_does_not_stop_the_countdown(seconds: float, goes_on: bool) -> None:
    seen = changes(session(), lambda t_s: AWAY if 1.0 < t_s < 1.0 + seconds else REST, 3.5)
    assert (seen[-1] == ("active", pytest.approx(3.0, abs=0.05))) is goes_on


def test_a_last_rep_may_take_two_seconds_and_a_half_to_come_back() -> None:
    led = session(Goal(reps=2), ToldOfTwo, countdown_s=0.0)
    assert changes(led, lambda _t_s: MOVING, 6)[-1] == ("finished", pytest.approx(2.5, abs=0.05))


def test_a_set_is_followed_by_thirty_seconds_of_rest() -> None:
    seen = changes(session(Goal(sets=2, reps=2), ToldOfTwo), lambda _t_s: REST, 45, fps=10)
    rest = [screen for screen, _ in seen].index("resting")
    assert seen[rest + 1][1] - seen[rest][1] == pytest.approx(30.0, abs=0.2)


@pytest.mark.parametrize(("gone_s", "ended"), [(110.0, None), (130.0, "nobody")])
def test_two_minutes_without_anybody_end_it(gone_s: float, ended: str | None) -> None:
    led = session()
    changes(led, lambda t_s: REST if t_s < 6 else None, 6 + gone_s, fps=4)
    assert led.state.ended == ended


@pytest.mark.parametrize(("waited_s", "ended"), [(280.0, None), (320.0, "nobody")])
def test_who_does_not_come_within_five_minutes_does_not_come(waited_s: float, ended: str | None) -> None:
    led = session()
    changes(led, lambda _t_s: None, waited_s, fps=2)
    assert led.state.ended == ended


def cycling(back: Callable[[float], float], counted_s: float) -> float:
    """When a set of two cycles ends, whose second is counted at ``counted_s``, of somebody whose back is so round."""

    class Told(ToldOfTwo):
        def update(self, t_s: float, pose: Pose | None) -> FrameResult:
            seen = super().update(t_s, pose)
            reps = 2 if t_s >= counted_s else 1
            return replace(seen, measures={"back": Measurement(back(t_s))}, progress=Progress(reps, reps))

    led = LiveSession(cat_cow(), Goal(reps=2), 0.0, Told)
    return changes(led, lambda _t_s: REST, 20.0)[-1][1]


@pytest.mark.parametrize(("left", "ends_s"), [(13.0, 2.0), (17.0, 11.5)])
def test_a_cycle_is_over_within_fifteen_hundredths_of_its_widest_way_or_after_ten_seconds(
    left: float, ends_s: float
) -> None:
    assert cycling(lambda t_s: 0.0 if t_s < 1 else 100.0 if t_s < 2 else left, 1.5) == pytest.approx(ends_s, abs=0.06)


@pytest.mark.parametrize(("end", "ends_s"), [(55.0, 5.0), (45.0, 13.0)])
def test_an_end_of_a_cycle_is_half_of_the_widest_way(end: float, ends_s: float) -> None:
    def back(t_s: float) -> float:
        return 100.0 if 1 <= t_s < 2 else end if 4 <= t_s < 5 else 0.0

    assert cycling(back, 3.0) == pytest.approx(ends_s, abs=0.06)
