"""The gate: nothing counts before the position has been right for long enough; counting pauses when it is left."""

from __future__ import annotations

import math

import pytest
from posturecam.form.conditions import Gate, holds, unit_of, widened

from posturecam.spec.ranges import parse_range
from tests.builders import times
from tests.specs import exercise

NAN = math.nan
RIGHT, WRONG, UNSEEN = {"trunk_tilt": 85.0}, {"trunk_tilt": 10.0}, {"trunk_tilt": NAN}
BENT = {"trunk_tilt": 85.0, "elbow": 90.0}
STRAIGHT = {"trunk_tilt": 85.0, "elbow": 170.0}


def make_gate(**setup: object) -> Gate:
    return Gate(exercise(setup={"position": {"trunk_tilt": "45..125"}, "for": 0.5} | setup))


def show(gate: Gate, values: dict | None, start_s: float, seconds: float, *, fps: float = 30, view: bool = True) -> str:
    stage = ""
    for t_s in times(seconds, fps, start_s):
        stage = gate.update(t_s, values, view_ok=view)
    return stage


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"a": 5.0, "b": 5.0}, True),
        ({"a": 5.0, "b": 50.0}, False),
        ({"a": 5.0, "b": NAN}, None),
        ({"a": 50.0, "b": NAN}, False),
        ({"a": NAN, "b": NAN}, None),
    ],
)
def test_an_unseen_condition_is_neither_true_nor_false(values: dict[str, float], expected: bool | None) -> None:
    wanted = {"a": parse_range("0..10"), "b": parse_range("<= 10")}
    assert holds(wanted, values) is expected


@pytest.mark.parametrize(("value", "expected"), [(10.0, True), (30.0, False), (math.nan, True)])
def test_a_condition_if_seen_is_not_broken_by_what_is_unseen(value: float, expected: bool) -> None:
    assert holds({"trunk_tilt": parse_range("<= 20 if seen")}, {"trunk_tilt": value}) is expected


def test_a_known_error_says_how_much_easier_staying_is_than_entering() -> None:
    known = exercise(measures={"trunk_tilt": {"tilt": ["mid.hip", "mid.shoulder"], "error": 2.0}})
    wide = widened(known, {"trunk_tilt": parse_range("<= 20 if seen")})["trunk_tilt"]
    assert (wide.high, wide.if_seen) == (22.0, True)


def test_no_conditions_always_hold() -> None:
    assert holds({}, {}) is True


@pytest.mark.parametrize("fps", [5, 15, 30, 60])
def test_the_position_must_have_been_right_for_its_time(fps: int) -> None:
    gate = make_gate()
    stages = [gate.update(t_s, RIGHT, view_ok=True) for t_s in times(1.0, fps)]
    first_active = stages.index("active") / fps
    assert stages[0] == "set_up"
    assert 0.5 - 1e-9 <= first_active <= 0.5 + 1.01 / fps


@pytest.mark.parametrize(
    ("values", "view", "stage"), [(None, True, "nobody"), (RIGHT, False, "framing"), (WRONG, True, "set_up")]
)
def test_what_is_missing_is_told_apart(values: dict | None, view: bool, stage: str) -> None:
    assert show(make_gate(), values, 0.0, 5.0, view=view) == stage


def test_a_moment_out_of_position_starts_the_wait_anew() -> None:
    gate = make_gate()
    show(gate, RIGHT, 0.0, 0.4)
    gate.update(0.43, WRONG, view_ok=True)
    assert show(gate, RIGHT, 0.46, 0.4) == "set_up"
    assert show(gate, RIGHT, 0.9, 0.2) == "active"


def test_a_flicker_of_an_unseen_joint_does_not() -> None:
    gate = make_gate()
    show(gate, RIGHT, 0.0, 0.4)
    gate.update(0.45, UNSEEN, view_ok=True)
    assert gate.update(0.55, RIGHT, view_ok=True) == "active"


def test_an_unseen_position_never_becomes_active() -> None:
    assert show(make_gate(), UNSEEN, 0.0, 10.0) == "set_up"


def test_a_gap_in_the_source_is_not_time_in_position() -> None:
    gate = make_gate()
    gate.update(0.0, RIGHT, view_ok=True)
    assert gate.update(5.0, RIGHT, view_ok=True) == "set_up"


def test_the_start_must_be_seen_once_while_in_position() -> None:
    gate = make_gate(start={"elbow": ">= 140"})
    assert show(gate, BENT, 0.0, 3.0) == "set_up"
    assert gate.in_position
    assert not gate.confirming
    assert gate.update(3.1, STRAIGHT, view_ok=True) == "active"


def test_between_start_and_certainty_the_position_is_being_confirmed() -> None:
    gate = make_gate(start={"elbow": ">= 140"})
    gate.update(0.0, STRAIGHT, view_ok=True)
    assert gate.confirming
    show(gate, BENT, 0.1, 0.3)
    assert gate.confirming
    assert show(gate, BENT, 0.45, 0.2) == "active"
    assert not gate.confirming


def active_gate() -> Gate:
    gate = make_gate()
    assert show(gate, RIGHT, 0.0, 1.0) == "active"
    return gate


@pytest.mark.parametrize("values", [WRONG, None])
def test_who_leaves_the_position_or_the_picture_is_paused_after_half_a_second(values) -> None:
    gate = active_gate()
    assert show(gate, values, 1.1, 0.3) == "active"
    assert show(gate, values, 1.4, 0.5) in ("paused", "nobody")
    assert not gate.active


def test_a_body_that_turns_in_its_position_is_forgiven_for_five_seconds() -> None:
    gate = active_gate()
    assert show(gate, RIGHT, 1.1, 4.5, view=False) == "active"
    assert show(gate, RIGHT, 5.7, 1.5, view=False) == "framing"
    assert not gate.active


def test_an_exercise_may_say_how_long_its_body_turns() -> None:
    gate = Gate(exercise(camera={"view": ["side"], "turned_s": 60}))
    assert show(gate, RIGHT, 0.0, 1.0) == "active"
    assert show(gate, RIGHT, 1.1, 30.0, view=False) == "active"


def test_an_unseen_joint_is_forgiven_for_longer_than_a_wrong_position() -> None:
    gate = active_gate()
    assert show(gate, UNSEEN, 1.1, 2.5) == "active"
    assert show(gate, UNSEEN, 3.7, 1.0) == "paused"


def test_leaving_takes_more_than_entering() -> None:
    assert show(active_gate(), {"trunk_tilt": 41.0}, 1.1, 3.0) == "active"
    assert show(make_gate(), {"trunk_tilt": 41.0}, 0.0, 3.0) == "set_up"


def test_coming_back_needs_the_position_but_not_the_start_again() -> None:
    gate = make_gate(start={"elbow": ">= 140"})
    show(gate, STRAIGHT, 0.0, 1.0)
    assert show(gate, WRONG, 1.1, 2.0) == "paused"
    assert show(gate, BENT, 3.2, 0.3) == "paused"
    assert show(gate, BENT, 3.6, 0.5) == "active"


@pytest.mark.parametrize(
    ("wanted", "values"),
    [("45..125", (39.0, 131.0)), (">= 45", (39.0, math.inf)), ("outside 45..125", (51.0, 119.0))],
)
def test_widened_conditions_are_easier_to_meet_on_both_sides(wanted: str, values: tuple[float, float]) -> None:
    wide = widened(exercise(), {"trunk_tilt": parse_range(wanted)})["trunk_tilt"]
    assert (wide.low, wide.high) == values


@pytest.mark.parametrize(
    ("name", "unit"),
    [("angle", "degrees"), ("offset", "torso"), ("difference", "torso"), ("change", "torso"), ("ratio", "ratio"),
     ("mean", "degrees"), ("said", "ratio")],
)  # fmt: skip
def test_units_follow_what_a_measure_is_made_from(name: str, unit: str) -> None:
    angle = {"angle": ["near.hip", "near.knee", "near.ankle"]}
    measures = {
        "angle": angle,
        "offset": {"offset": "near.hip", "from": "near.knee", "along": "up"},
        "difference": {"difference": ["offset", "offset"]},
        "change": {"change": "offset"},
        "ratio": {"ratio": "angle"},
        "mean": {"combine": "mean", "over": ["angle"]},
        "said": angle | {"unit": "ratio"},
    }
    assert unit_of(exercise(measures=measures), name) == unit
