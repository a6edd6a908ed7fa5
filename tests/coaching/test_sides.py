"""When one side is done, the other is asked for; whoever takes turns is left in peace."""

from __future__ import annotations

import pytest

from posturecam.coaching.announcer import Announcer
from posturecam.coaching.goals import Goal, GoalTracker, SetProgress
from posturecam.coaching.session import LiveState
from posturecam.model import FrameResult, Progress
from posturecam.spec.catalogue import load_exercise


@pytest.mark.parametrize(
    ("left", "right", "target", "asked"),
    [
        (15.0, 0.0, 15.0, "right"),
        (3.0, 16.0, 15.0, "left"),
        (14.9, 0.0, 15.0, None),
        (15.0, 15.0, 15.0, None),
        (5.0, 4.0, 5.0, None),
        (5.0, 3.0, 5.0, "right"),
        (1.0, 0.0, 1.0, "right"),
    ],
)
def test_the_side_to_come(left: float, right: float, target: float, asked: str | None) -> None:
    assert SetProgress(left=left, right=right, target=target).side_to_come == asked


def test_one_sided_exercises_have_none() -> None:
    assert SetProgress(done=20.0, target=15.0).side_to_come is None


@pytest.mark.parametrize(
    ("left", "right", "fraction", "reached"),
    [(5, 4, 0.9, False), (4, 5, 0.9, False), (5, 5, 1.0, True), (9, 0, 0.5, False)],
)
def test_a_goal_of_each_side_is_reached_once_both_have_it(
    left: int, right: int, fraction: float, reached: bool
) -> None:
    done = Progress(left + right, left=left, right=right)
    result = FrameResult(0.0, None, "active", "front", "rest", {}, (), done)
    progress = GoalTracker(Goal(reps=5, per_side=True)).update(result)
    assert (progress.fraction, progress.reached) == (pytest.approx(fraction), reached)


def test_a_goal_without_sides_counts_them_together() -> None:
    done = FrameResult(0.0, None, "active", "front", "rest", {}, (), Progress(5, left=5, right=0))
    assert GoalTracker(Goal(reps=5)).update(done).reached


def said(*states: LiveState) -> list[str]:
    announcer = Announcer(load_exercise("side_plank"))
    seen = []
    for number, state in enumerate(states):
        result = FrameResult(number / 10, None, "active", "front", "hold", {}, (), Progress(hold_s=1.0), side="left")
        seen += [say.text for say in announcer.update(result, state)]
    return seen


def test_it_is_said_once_when_to_change() -> None:
    before = LiveState(screen="active", progress=SetProgress(left=14.0, right=0.0, target=15.0))
    after = LiveState(screen="active", progress=SetProgress(left=15.1, right=0.0, target=15.0))
    assert said(before, after, after, after).count("Change sides: now your right side") == 1


def test_the_countdown_says_what_it_waits_for() -> None:
    waiting = LiveState(screen="countdown", wait_s=0.0, steadying=True)
    assert (
        said(LiveState(screen="countdown", wait_s=0.4), waiting, waiting).count("Hold still in the start position") == 1
    )
