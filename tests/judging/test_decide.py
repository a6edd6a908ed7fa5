"""What a recording is counted by, and how small a movement still is one, on either side of each limit."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from posturecam.judging.decide import decide, rule_for, sided
from posturecam.judging.observed import observe
from posturecam.model import Pose
from posturecam.spec.catalogue import load_exercise
from posturecam.spec.schema import Exercise
from tests.builders import YAW, path, push_up, record, rounds, run, standing, times
from tests.specs import arm_raise, exercise, reps

PUSH_UP = load_exercise("push_up")


class Rows(SimpleNamespace):
    """Measures as they stand, seen in the first so many of 100 rows."""

    def __len__(self) -> int:
        return 100

    def values(self, name: str, _side: str) -> np.ndarray:
        return np.where(np.arange(100) < self.seen[name], 1.0, np.nan)


@pytest.mark.parametrize(
    ("seen", "other_seen", "counted_by"),
    [(45, 60, "elbow"), (35, 50, "chest_height"), (35, 34, "elbow"), (60, 82, "elbow"), (60, 88, "chest_height")],
    ids=[
        "seen well enough",
        "hardly seen",
        "but the other is not seen better",
        "the other little better",
        "far better",
    ],
)
def test_a_signal_is_counted_by_while_four_tenths_of_it_or_all_but_a_quarter_is_seen(
    seen: int, other_seen: int, counted_by: str
) -> None:
    rows: Any = Rows(exercise=PUSH_UP, sides=("left",), seen={"elbow": seen, "chest_height": other_seen})
    assert rule_for(rows).signal == counted_by


@pytest.mark.parametrize(("degrees", "reps"), [(8.5, 0), (12.5, 3)])
def test_a_movement_is_told_from_an_error_of_five_degrees_from_ten_on(degrees: float, reps: int) -> None:
    elbow, seconds = rounds(150.0, [150.0 - degrees] * 3)
    observed = observe(exercise(), record(lambda t_s: push_up(elbow(t_s)), times(seconds, 30)))
    assert len(decide(observed).counted.reps) == reps


@pytest.mark.parametrize(("raises", "confirmed"), [(2, False), (3, True)])
def test_where_the_position_is_not_known_reps_confirm_it(raises: int, confirmed: bool) -> None:
    arm, seconds = rounds(5.0, [85.0] * raises)
    observed = observe(
        arm_raise(),
        record(lambda t_s: standing(yaw=90.0, shoulder=arm(t_s), right_shoulder=5.0), times(seconds, 30)),
    )
    done = decide(observed)
    # from the side nothing tells surely that somebody upright is in position
    assert not (observed.positions["left"].entered > 0).any()
    assert len(done.counted.reps) == (raises if confirmed else 0)
    assert done.in_position.all() == done.in_position.any() == confirmed


def leaning_raises() -> Exercise:
    return arm_raise(
        measures={
            "arm": {"between": [["left.hip", "left.shoulder"], ["left.elbow", "left.shoulder"]]},
            "lean": {"tilt": ["mid.hip", "mid.shoulder"], "towards": "left", "error": 2},
        },
        setup={"position": {"lean": "-60..60"}, "for": 0.5},
        reps=reps(drive="arm", sides="measured", side="lean") | {"from": "low"},
    )


@pytest.mark.parametrize(
    ("at_the_end", "on_the_way", "side"),
    [(3.0, -12.0, "left"), (-3.0, 12.0, "right"), (1.0, -12.0, "right"), (-1.0, 12.0, "left")],
)
def test_the_side_of_a_rep_is_its_measures_sign_at_the_end_or_over_all_of_it_where_that_is_within_the_error(
    at_the_end: float, on_the_way: float, side: str
) -> None:
    arm, seconds = rounds(5.0, [85.0] * 3)

    def pose(t_s: float) -> Pose:
        return standing(abduction=arm(t_s), side_lean=at_the_end if arm(t_s) > 75.0 else on_the_way)

    observed = observe(leaning_raises(), record(pose, times(seconds, 30)))
    assert [rep.side for rep in sided(observed, decide(observed)).counted.reps] == [side] * 3


@pytest.mark.parametrize(("before_s", "count"), [(0.3, 0), (2.0, 1)])
def test_who_only_passes_through_the_posture_does_not_do_the_exercise(before_s: float, count: int) -> None:
    """Somebody who stands, bends over with bent arms, and stands again is in no push-up; who stays down a while is."""
    elbow = path((5.0, 172.0), (6.0, 80.0), (7.0, 172.0))

    def at(t_s: float) -> Pose:
        return push_up(elbow(t_s)) if 5.0 - before_s <= t_s <= 7.3 else standing(yaw=YAW["right"])

    assert len(run(PUSH_UP, at, 12.0).reps) == count
