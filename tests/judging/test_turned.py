"""A picture that lies on its side is told from somebody who stands, sits down or does another variant."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from posturecam.judging.judge import judge
from posturecam.judging.turned import against_gravity, bears_on_hands, turned, turns_needed, well_done
from posturecam.model import State, Verdict
from posturecam.poses import PoseSequence
from posturecam.spec.catalogue import load_exercise, load_spec
from posturecam.spec.schema import Exercise
from tests.builders import HEIGHT, WIDTH, push_up, record, rounds, standing, times
from tests.builders_report import make_rep

PUSH_UP = load_exercise("push_up")
VARIANTS = list(load_spec("push_up").exercises.values())


def push_ups(reps: int) -> PoseSequence:
    elbow, seconds = rounds(172.0, [80.0] * reps)
    return record(lambda t_s: push_up(elbow(t_s)), times(seconds, 20))


@pytest.mark.parametrize("lying", [1, 2, 3])
def test_push_ups_in_a_turned_picture_are_turned_back(lying: int) -> None:
    assert turns_needed(PUSH_UP, VARIANTS, turned(push_ups(4), lying)) == 4 - lying


def test_push_ups_in_an_upright_picture_stay_as_they_are() -> None:
    assert turns_needed(PUSH_UP, VARIANTS, push_ups(4)) == 0


def test_two_movements_are_too_few_to_turn_a_picture_by() -> None:
    assert turns_needed(PUSH_UP, VARIANTS, turned(push_ups(2), 1)) == 0


def test_what_another_variant_explains_as_it_is_is_not_turned() -> None:
    # asked for the wall variant, shown the floor's: the person really lies
    wall = load_exercise("push_up", "wall")
    assert turns_needed(wall, VARIANTS, push_ups(4)) == 0


def test_somebody_who_stands_about_and_an_empty_room_are_not_turned() -> None:
    still = record(lambda _t_s: standing(yaw=90.0), times(8, 20))
    assert turns_needed(PUSH_UP, VARIANTS, still) == 0
    assert turns_needed(PUSH_UP, VARIANTS, record(lambda _t_s: None, times(3, 20))) == 0


def test_four_turns_are_none_and_one_swaps_width_and_height() -> None:
    poses = push_ups(1)
    np.testing.assert_allclose(turned(turned(poses, 1), 3).points, poses.points, atol=1e-3)
    assert turned(poses, 1).size[0].tolist() == [HEIGHT, WIDTH]
    # the right edge comes to the top
    assert turned(poses, 1).points[0, 0].tolist() == pytest.approx(
        [poses.points[0, 0, 1], WIDTH - poses.points[0, 0, 0]], abs=1e-3
    )


def test_against_gravity_tells_standing_from_lying_by_the_exercise() -> None:
    still = record(lambda _t_s: standing(yaw=90.0), times(2, 20))
    assert against_gravity(PUSH_UP, still)
    assert not against_gravity(PUSH_UP, push_ups(1))
    assert against_gravity(load_exercise("chin_tuck"), turned(still, 1))
    assert not against_gravity(load_exercise("chin_tuck"), still)


@pytest.mark.parametrize(("leaning", "lies"), [(65.0, True), (55.0, False)])
def test_who_is_upright_does_not_lie_from_thirty_degrees_on(leaning: float, lies: bool) -> None:
    bent = record(lambda _t_s: standing(yaw=90.0, trunk=leaning), times(1, 20))
    assert against_gravity(load_exercise("chin_tuck"), bent) is lies


@pytest.mark.parametrize(("leaning", "stands"), [(25.0, True), (35.0, False)])
def test_who_lies_does_not_stand_up_to_sixty_degrees(leaning: float, stands: bool) -> None:
    bent = record(lambda _t_s: standing(yaw=90.0, trunk=leaning), times(1, 20))
    assert against_gravity(PUSH_UP, bent) is stands


def turns_for(*, reps: int = 0, held_s: float = 0.0, judged: float = 1.0, score: float = 100.0) -> int:
    """How often a picture is turned in which so much is done once it is turned by 90 degrees, and nothing else otherwise."""
    times_asked = 0
    known = [verdict("ok")]

    def told(_exercise: Exercise, _poses: PoseSequence, *, still: bool = False, doubted: str | None = None) -> Any:
        nonlocal times_asked
        times_asked += 1
        there = times_asked == 2  # the first time as it is, then turned once, twice, three times
        result = SimpleNamespace(
            reps=[SimpleNamespace(verdicts=known)] * reps if there else [],
            holds=[SimpleNamespace(verdicts=known, duration_s=held_s)] if there and held_s else [],
            tracking=SimpleNamespace(judged=judged),
            score=score,
        )
        shape = SimpleNamespace(position="supine")
        return SimpleNamespace(reps=result.reps, holds=result.holds, result=lambda: result, exercise=shape)

    return turns_needed(PUSH_UP, [], push_ups(1), told)


@pytest.mark.parametrize(
    ("done", "turns"),
    [
        ({"reps": 2}, 0),
        ({"reps": 3}, 1),
        ({"held_s": 4.5}, 0),
        ({"held_s": 5.5}, 1),
        ({"reps": 3, "judged": 0.45}, 0),
        ({"reps": 3, "judged": 0.55}, 1),
        ({"reps": 3, "score": 65.0}, 0),
        ({"reps": 3, "score": 75.0}, 1),
    ],
)
def test_how_much_and_how_well_it_must_be_done_to_turn_a_picture(done: dict[str, Any], turns: int) -> None:
    assert turns_for(**done) == turns


def test_who_stands_and_bends_an_arm_is_not_turned_for_a_hand_that_bears_stays_where_it_is() -> None:
    elbow, seconds = rounds(172.0, [110.0] * 4)
    curls = record(lambda t_s: standing(yaw=90.0, shoulder=40.0, elbow=180.0 - elbow(t_s)), times(seconds, 20))
    lying = judge(PUSH_UP, turned(curls, 3))
    assert len(lying.reps) == 4
    assert not bears_on_hands(lying)
    assert bears_on_hands(judge(PUSH_UP, push_ups(4)))
    assert turns_needed(PUSH_UP, VARIANTS, curls) == 0


def verdict(state: State, check: str = "hips_sagging") -> Verdict:
    return Verdict(check, state)


@pytest.mark.parametrize(
    ("states", "well"),
    [
        (["ok", "ok", "unknown"], True),
        (["ok", "unknown", "unknown"], False),  # seen from where it cannot be judged, it proves nothing
        (["ok", "ok", "fault"], True),
        (["ok", "fault", "fault"], False),
        ([*["ok"] * 5, *["fault"] * 4], True),
        ([*["ok"] * 4, *["fault"] * 5], False),
        ([*["ok"] * 5, *["unknown"] * 4], True),
        ([*["ok"] * 4, *["unknown"] * 5], False),
        (["ok", "fault"], False),
        ([], False),
    ],
)
def test_a_turned_picture_convinces_by_form_that_is_known_and_mostly_right(states: list[State], well: bool) -> None:
    reps = [make_rep(number, verdict(state)) for number, state in enumerate(states, 1)]
    assert well_done(reps) is well
