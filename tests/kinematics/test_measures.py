"""Each kind of measure against bodies whose joint angles are known, from both sides and in the mirror."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posturecam.kinematics.kinds import OF_BODY, OF_MEASURES
from posturecam.kinematics.measures import (
    CHEST_TURNED,
    NO_OUTLINE,
    NOBODY,
    NOT_MEASURABLE,
    RESTING_UNKNOWN,
    Columns,
    measure,
    plan_of,
    why_missing,
    with_baseline,
)
from posturecam.kinematics.tracker import Tracker, settled
from posturecam.model import LANDMARK_INDEX, Pose, Side
from posturecam.spec.catalogue import exercise_ids, load_spec
from posturecam.spec.measures import MEASURE_KEYS
from posturecam.spec.schema import Exercise
from tests.builders import YAW, make_pose, mirrored, plank, push_up, scaled, standing, table
from tests.kinematics.test_tracker import CUTS, staying, troubled
from tests.specs import exercise
from tests.tracks import columns_of, follow, sequence, track_of, value_in

OTHER: dict[str, Side] = {"left": "right", "right": "left"}


def measuring_of(position: str = "upright", **measures: Any) -> Exercise:
    return exercise(position=position, measures=measures)


def value_of(measure: Any, pose: Pose, position: str = "upright", *, active: Side = "left", rest: Any = None) -> float:
    return value_in(measuring_of(position, it=measure), "it", pose, active=active, rest=rest)


ELBOW = {"angle": ["near.shoulder", "near.elbow", "near.wrist"]}
SIDES = pytest.mark.parametrize("yaw", [YAW["right"], YAW["left"]], ids=["facing right", "facing left"])


@SIDES
@given(elbow=st.floats(0, 175))
@settings(max_examples=20)
def test_angle(yaw: float, elbow: float) -> None:
    assert value_of(ELBOW, standing(yaw=yaw, elbow=elbow)) == pytest.approx(180 - elbow, abs=0.1)


def test_an_angle_in_world_space_is_seen_from_any_side() -> None:
    measure = ELBOW | {"space": "world"}
    for yaw in (0, 30, 60, 90, 150):
        assert value_of(measure, standing(yaw=yaw, elbow=70)) == pytest.approx(110, abs=0.1)


def test_near_is_the_side_at_the_camera_and_far_the_other() -> None:
    pose = standing(yaw=YAW["right"], elbow=10, right_elbow=60)
    far = {"angle": ["far.shoulder", "far.elbow", "far.wrist"]}
    assert (value_of(ELBOW, pose), value_of(far, pose)) == (pytest.approx(120), pytest.approx(170))


def test_active_and_passive_follow_the_active_side() -> None:
    pose = standing(yaw=YAW["right"], elbow=10, right_elbow=60)
    active = {"angle": ["active.shoulder", "active.elbow", "active.wrist"]}
    passive = {"angle": ["passive.shoulder", "passive.elbow", "passive.wrist"]}
    assert value_of(active, pose, active="left") == pytest.approx(170)
    assert value_of(passive, pose, active="left") == pytest.approx(120)
    assert value_of(active, pose, active="right") == pytest.approx(120)


@SIDES
@pytest.mark.parametrize("lean", [-60, -20, 0, 15, 80])
def test_tilt_from_vertical(yaw: float, lean: float) -> None:
    pose = standing(yaw=yaw, trunk=lean)
    segment = ["near.hip", "near.shoulder"]
    assert value_of({"tilt": segment}, pose) == pytest.approx(abs(lean), abs=0.1)
    assert value_of({"tilt": segment, "towards": "forward"}, pose) == pytest.approx(lean, abs=0.1)
    assert value_of({"tilt": segment, "towards": "backward"}, pose) == pytest.approx(-lean, abs=0.1)


@pytest.mark.parametrize("yaw", ["front", "back"])
@pytest.mark.parametrize("lean", [-25, 0, 10, 40])
def test_a_lean_to_the_persons_left_is_the_same_from_front_and_back(yaw: str, lean: float) -> None:
    pose = standing(yaw=YAW[yaw], side_lean=lean)
    assert value_of({"tilt": ["mid.hip", "mid.shoulder"], "towards": "left"}, pose) == pytest.approx(lean, abs=0.1)
    assert value_of({"tilt": ["mid.hip", "mid.shoulder"], "towards": "right"}, pose) == pytest.approx(-lean, abs=0.1)


@pytest.mark.parametrize(("towards", "sign"), [("up", 1), ("down", -1)])
def test_tilt_from_horizontal(towards: str, sign: int) -> None:
    pose = standing(yaw=YAW["right"], shoulder=60)
    measure = {"tilt": ["near.shoulder", "near.elbow"], "from": "horizontal"}
    assert value_of(measure, pose) == pytest.approx(30, abs=0.1)
    assert value_of(measure | {"towards": towards}, pose) == pytest.approx(-30 * sign, abs=0.1)


def test_angle_between_two_segments() -> None:
    pose = standing(yaw=YAW["right"], shoulder=75)
    measure = {"between": [["near.shoulder", "near.hip"], ["near.shoulder", "near.elbow"]]}
    assert value_of(measure, pose) == pytest.approx(75, abs=0.1)


@SIDES
def test_offsets_are_in_torso_lengths_along_a_direction(yaw: float) -> None:
    pose = standing(yaw=yaw, shoulder=90)
    offset = {"offset": "near.wrist", "from": "near.shoulder"}
    assert value_of(offset | {"along": "forward"}, pose) == pytest.approx(0.57 / 0.5, abs=0.01)
    assert value_of(offset | {"along": "backward"}, pose) == pytest.approx(-0.57 / 0.5, abs=0.01)
    assert value_of(offset | {"along": "up"}, pose) == pytest.approx(0.0, abs=0.01)
    shoulder = {"offset": "near.shoulder", "from": "near.hip"}
    assert value_of(shoulder | {"along": "up"}, pose) == pytest.approx(1.0, abs=0.01)
    assert value_of(shoulder | {"along": "trunk"}, pose) == pytest.approx(1.0, abs=0.01)
    assert value_of(shoulder | {"along": "dorsal"}, pose) == pytest.approx(0.0, abs=0.01)


@SIDES
@pytest.mark.parametrize("sag", [-0.15, -0.1, 0.0, 0.1])
def test_hip_line_in_a_plank(yaw: float, sag: float) -> None:
    pose = plank(yaw=yaw, shift={"hip": (0, -sag)})
    measure = {"line_offset": "near.hip", "of": ["near.shoulder", "near.ankle"], "towards": "up"}
    # moving the hip also changes the torso a little
    assert value_of(measure, pose, "prone") == pytest.approx(sag, abs=0.03)


@SIDES
@pytest.mark.parametrize("neck", [-30, 0, 25])
def test_a_neck_bent_down_is_a_bend_upwards_at_the_shoulder(yaw: float, neck: float) -> None:
    measure = {"bend": ["near.ear", "near.shoulder", "near.hip"], "towards": "up"}
    assert value_of(measure, table(yaw=yaw, neck=neck), "prone") == pytest.approx(neck, abs=0.2)


def test_distance() -> None:
    assert value_of({"distance": ["left.hip", "right.hip"]}, standing()) == pytest.approx(0.22 / 0.5, abs=0.01)


@pytest.mark.parametrize("yaw", [-40, 0, 25, 60, 180])
def test_turn_about_the_vertical_is_positive_when_the_left_side_goes_back(yaw: float) -> None:
    turned = value_of({"turn": ["right.shoulder", "left.shoulder"]}, standing(yaw=yaw))
    assert math.cos(math.radians(turned - yaw)) == pytest.approx(1.0, abs=1e-6)
    against = {"turn": ["right.shoulder", "left.shoulder"], "relative_to": ["right.hip", "left.hip"]}
    assert value_of(against, standing(yaw=yaw)) == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize("yaw", ["front", "back"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_outward_is_away_from_the_body_on_either_side(yaw: str, side: str) -> None:
    pose = standing(yaw=YAW[yaw], abduction=90)
    expected = pytest.approx(0.30 / 0.5, abs=0.01)
    for point, active in ((side, "left"), ("active", side), ("passive", OTHER[side])):
        out = {"offset": f"{point}.elbow", "from": f"{point}.shoulder", "along": "outward"}
        assert value_of(out, pose, active=active) == expected  # type: ignore[arg-type]
        inward = value_of(out | {"along": "inward"}, pose, active=active)  # type: ignore[arg-type]
        assert -inward == expected


@pytest.mark.parametrize("lean", [-20, 0, 35])
def test_a_lean_to_the_camera_shows_in_world_space(lean: float) -> None:
    measure = {"tilt": ["mid.hip", "mid.shoulder"], "towards": "camera", "space": "world"}
    assert value_of(measure, standing(trunk=lean)) == pytest.approx(lean, abs=0.1)
    assert math.isnan(value_of(measure, standing(trunk=lean, hidden=["hip"])))


# made from other measures ---------------------------------------------------------------------------------------------------

ARMS = {
    "left": {"angle": ["left.shoulder", "left.elbow", "left.wrist"]},
    "right": {"angle": ["right.shoulder", "right.elbow", "right.wrist"]},
}


def first_of(columns: Columns) -> dict[str, float]:
    return {name: float(columns.of(name, "left")[0]) for name in columns.names}


def test_difference_change_ratio_and_combinations() -> None:
    wanted = measuring_of(
        change={"change": "left"},
        size={"change": "left", "absolute": True},
        ratio={"ratio": "left"},
        **ARMS,
        uneven={"difference": ["left", "right"]},
        apart={"difference": ["right", "left"], "absolute": True},
        mean={"combine": "mean", "over": ["left", "right"]},
        least={"combine": "min", "over": ["left", "right"]},
        most={"combine": "max", "over": ["left", "right"]},
        positive={"combine": "abs", "over": ["change"]},
    )
    columns = columns_of(wanted, standing(yaw=YAW["right"], elbow=20, right_elbow=60), rest={"left": 200.0})
    assert first_of(columns) == pytest.approx(
        {
            "left": 160, "right": 120, "change": -40, "size": 40, "ratio": 0.8, "uneven": 40, "apart": 40,
            "mean": 140, "least": 120, "most": 160, "positive": 40,
        }, rel=1e-5
    )  # fmt: skip


def test_with_one_side_unseen_only_the_mean_is_still_known() -> None:
    over = ["left", "right"]
    wanted = measuring_of(
        **ARMS,
        mean={"combine": "mean", "over": over},
        least={"combine": "min", "over": over},
        most={"combine": "max", "over": over},
        uneven={"difference": over},
    )
    values = first_of(columns_of(wanted, standing(elbow=90, yaw=90, hidden=["right_wrist"])))
    assert values["mean"] == pytest.approx(90, rel=1e-5)
    assert all(math.isnan(values[name]) for name in ("right", "least", "most", "uneven"))


def test_without_resting_values_only_what_needs_them_is_unknown() -> None:
    wanted = measuring_of(
        **ARMS, change={"change": "left"}, ratio={"ratio": "left"}, twice={"difference": ["change", "right"]}
    )
    columns = columns_of(wanted, standing(yaw=90, elbow=30))
    assert {name for name, value in first_of(columns).items() if math.isnan(value)} == {"change", "ratio", "twice"}
    later = with_baseline(columns, {"left": {"left": 100.0}})
    assert later.of("twice", "left")[0] == pytest.approx(50 - 150, rel=1e-4)
    assert later.of("left", "left") is columns.of("left", "left")
    assert math.isnan(columns.of("change", "left")[0])


def test_a_ratio_to_nothing_is_unknown() -> None:
    assert math.isnan(
        columns_of(measuring_of(**ARMS, it={"ratio": "left"}), standing(), rest={"left": 0.0}).of("it", "left")[0]
    )


def test_spine_flexion_is_taken_from_the_persons_own_rest() -> None:
    wanted = measuring_of(
        "prone", back={"spine": "flexion"}, again={"change": "back"}, size={"spine": "flexion", "absolute": True}
    )
    pose = table(bulge=0.05)
    columns = columns_of(wanted, pose, rest={"back": 10.0, "size": 50.0})
    assert columns.raw("back")[0] == pytest.approx(35.0, rel=1e-5)
    assert columns.of("back", "left")[0] == pytest.approx(25.0, rel=1e-5)
    assert columns.of("again", "left")[0] == pytest.approx(25.0, rel=1e-5), "the offset must not be taken off twice"
    assert columns.of("size", "left")[0] == pytest.approx(15.0, rel=1e-4)
    assert columns.raw("size")[0] == pytest.approx(35.0, rel=1e-5)
    assert math.isnan(columns_of(wanted, pose).of("back", "left")[0])
    assert columns_of(wanted, pose).raw("back")[0] == pytest.approx(35.0, rel=1e-5)


def test_each_side_has_its_own_resting_values_and_what_is_common_has_one() -> None:
    wanted = measuring_of(
        arm={"angle": ["active.shoulder", "active.elbow", "active.wrist"]},
        change={"change": "arm"},
        lean={"tilt": ["mid.hip", "mid.shoulder"]},
        sway={"change": "lean"},
    )
    columns = columns_of(wanted, standing(yaw=90, elbow=20, right_elbow=60))
    assert columns.two_sided("change")
    assert not columns.two_sided("sway")
    columns = with_baseline(columns, {"left": {"arm": 100.0}, "right": {"arm": 150.0, "lean": 5.0}})
    assert columns.of("change", "left")[0] == pytest.approx(60, rel=1e-4)
    assert columns.of("change", "right")[0] == pytest.approx(-30, rel=1e-4)
    assert columns.of("sway", "left")[0] == columns.of("sway", "right")[0] == pytest.approx(-5, abs=0.01)


@pytest.mark.parametrize(("yaw", "seen"), [(90.0, True), (72.0, True), (55.0, False), (0.0, False)])
def test_the_back_is_only_seen_while_the_chest_is_square_to_the_picture(yaw: float, seen: bool) -> None:
    wanted, pose = measuring_of("prone", back={"spine": "flexion"}), table(bulge=0.05, yaw=yaw)
    assert math.isnan(value_in(wanted, "back", pose, rest={"back": 0.0})) is not seen
    if not seen:
        assert problem(wanted, "back", pose, {"back": 0.0}) == CHEST_TURNED


# without sign, for each side, and the reach of a limb -----------------------------------------------------------------------

EACH_ARM = {"angle": ["each.shoulder", "each.elbow", "each.wrist"]}


@pytest.mark.parametrize(("reduce", "expected"), [("min", 120), ("max", 170), ("mean", 145)])
def test_each_side_is_measured_and_both_become_one_value(reduce: str, expected: float) -> None:
    wanted = measuring_of(it=EACH_ARM | {"reduce": reduce})
    pose = standing(yaw=90, elbow=10, right_elbow=60)
    assert value_in(wanted, "it", pose) == pytest.approx(expected, rel=1e-4)
    assert value_in(wanted, "it", pose, active="right") == pytest.approx(expected, rel=1e-4)
    assert not plan_of(wanted).two_sided


@pytest.mark.parametrize("reduce", ["min", "max", "mean", "weighted"])
def test_a_side_that_is_not_seen_leaves_the_other_alone(reduce: str) -> None:
    measure = EACH_ARM | {"reduce": reduce}
    assert value_of(measure, standing(yaw=90, elbow=10, right_elbow=60, hidden=["right_elbow"])) == pytest.approx(
        170, rel=1e-4
    )
    assert math.isnan(value_of(measure, standing(hidden=["elbow"])))


def test_weighted_by_how_well_the_points_are_seen() -> None:
    pose = standing(yaw=90, elbow=10, right_elbow=60)
    pose.visibility[[12, 14, 16]] = [0.5, 0.5, 0.5]
    expected = (170 * 0.99 + 120 * 0.5) / 1.49
    assert value_of(EACH_ARM | {"reduce": "weighted"}, pose) == pytest.approx(expected, rel=1e-4)


def test_each_works_for_every_kind_with_points_and_outward_is_of_its_own_side() -> None:
    pose = standing(abduction=60, elbow=20, right_elbow=20, yaw=20)
    kinds: dict[str, Any] = {
        name: as_each(kind) | {"reduce": "mean"} for name, kind in (EVERY_KIND | REACHES).items() if name != "turn"
    }
    kinds["outward"] = {"offset": "each.wrist", "from": "each.shoulder", "along": "outward", "reduce": "min"}
    values = first_of(columns_of(measuring_of(**kinds), pose))
    assert not any(math.isnan(value) for value in values.values()), values
    assert values["outward"] > 0.5


def as_each(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_each(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_each(item) for item in value]
    return value.replace("near.", "each.") if isinstance(value, str) else value


def test_absolute_leaves_the_sign_away_before_the_sides_are_reduced() -> None:
    pose = standing(yaw=YAW["right"], trunk=-20)
    lean = {"tilt": ["near.hip", "near.shoulder"], "towards": "forward"}
    assert value_of(lean, pose) == pytest.approx(-20, abs=0.1)
    assert value_of(lean | {"absolute": True}, pose) == pytest.approx(20, abs=0.1)
    across = {"offset": "each.wrist", "from": "mid.shoulder", "along": "left", "reduce": "mean"}
    spread = standing(abduction=90)
    assert value_of(across, spread) == pytest.approx(0.0, abs=0.01)
    assert value_of(across | {"absolute": True}, spread) == pytest.approx((0.57 + 0.18) / 0.5, abs=0.01)


REACHES: dict[str, Any] = {
    "reach": {"reach": ["near.shoulder", "near.wrist"], "via": "near.elbow"},
    "world_reach": {"reach": ["near.shoulder", "near.wrist"], "via": "near.elbow", "space": "world"},
}


def reach_of(elbow: float) -> float:
    return math.sqrt(0.30**2 + 0.27**2 + 2 * 0.30 * 0.27 * math.cos(math.radians(elbow))) / 0.57


@SIDES
@pytest.mark.parametrize("space", ["image", "world"])
@pytest.mark.parametrize("elbow", [0, 40, 90, 140])
def test_reach_is_the_distance_of_the_ends_over_the_length_of_the_limb(yaw: float, space: str, elbow: float) -> None:
    for reach in (["near.shoulder", "near.wrist"], ["near.wrist", "near.shoulder"]):
        measure = {"reach": reach, "via": "near.elbow", "space": space}
        assert value_of(measure, standing(yaw=yaw, elbow=elbow)) == pytest.approx(reach_of(elbow), abs=0.01)


def test_reach_of_a_leg_and_of_both_arms() -> None:
    leg = {"reach": ["near.hip", "near.ankle"], "via": "near.knee"}
    assert value_of(leg, standing(yaw=90, hip=60, knee=90)) == pytest.approx(math.sqrt(0.5), abs=0.01)
    both = as_each(REACHES["reach"]) | {"reduce": "min"}
    assert value_of(both, standing(yaw=90, elbow=0, right_elbow=90)) == pytest.approx(reach_of(90), abs=0.01)


def test_an_arm_that_points_to_the_camera_has_not_become_shorter() -> None:
    wanted = measuring_of(image=REACHES["reach"], world=REACHES["world_reach"])
    rows = [*staying(standing(abduction=90), 0.0, 4.0), *staying(standing(shoulder=90), 4.1, 1.0)]
    track = follow(rows)
    columns = measure(wanted, track)
    assert columns.of("image", "left")[-1] < 0.3
    assert columns.of("world", "left")[-1] == pytest.approx(1.0, abs=0.01)
    back = measure(
        wanted, settled(follow([*staying(standing(shoulder=90), 0.0, 1.0), *staying(standing(abduction=90), 1.1, 4.0)]))
    )
    assert back.of("image", "left")[0] < 0.3


def test_a_reach_without_its_joint_is_unknown() -> None:
    for reach in REACHES.values():
        assert math.isnan(value_of(reach, standing(yaw=90, hidden=["right_elbow"])))


# what cannot be measured ------------------------------------------------------------------------------------------------------

EVERY_KIND: dict[str, Any] = {
    "angle": ELBOW,
    "world": ELBOW | {"space": "world"},
    "bend": {"bend": ["near.shoulder", "near.elbow", "near.wrist"], "towards": "up"},
    "tilt": {"tilt": ["near.elbow", "near.wrist"]},
    "between": {"between": [["near.elbow", "near.wrist"], ["near.hip", "near.shoulder"]]},
    "offset": {"offset": "near.wrist", "from": "near.shoulder", "along": "up"},
    "line_offset": {"line_offset": "near.wrist", "of": ["near.shoulder", "near.hip"], "towards": "forward"},
    "distance": {"distance": ["near.wrist", "near.hip"]},
    "turn": {"turn": ["near.wrist", "far.wrist"]},
}


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_hidden_joint_makes_every_measure_unknown_and_says_which(kind: str) -> None:
    wanted = measuring_of(it=EVERY_KIND[kind])
    pose = standing(yaw=YAW["right"], shoulder=40, elbow=50, hidden=["right_wrist"])
    assert math.isnan(value_in(wanted, "it", pose))
    assert problem(wanted, "it", pose) == "right wrist hidden"


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_points_that_all_coincide_are_no_measurement_and_no_crash(kind: str) -> None:
    pose = standing()
    pose.points[:] = 100.0
    pose.world[:] = 0.0
    value = value_of(EVERY_KIND[kind], pose)
    assert math.isnan(value) or kind == "turn"


@pytest.mark.parametrize(
    ("measure", "pose", "reason"),
    [
        ({"spine": "flexion"}, table(), NO_OUTLINE),
        ({"spine": "flexion"}, table(bulge=math.nan), RESTING_UNKNOWN),
        (ELBOW, make_pose(points={"right_elbow": (300, 200), "right_wrist": (300, 200)}, yaw=90), NOT_MEASURABLE),
    ],
)
def test_reasons_in_words(measure: Any, pose: Pose, reason: str) -> None:
    assert problem(measuring_of("prone", it=measure), "it", pose) == reason


def problem(wanted: Exercise, name: str, pose: Pose | None, rest: Any = None) -> str:
    track = track_of(pose, lying=wanted.lying)
    columns = with_baseline(measure(wanted, track), {"left": rest or {}})
    return why_missing(columns, track, name, "left")


def test_the_most_frequent_reason_is_given_and_only_of_the_rows_asked_for() -> None:
    wanted = measuring_of(it=ELBOW)
    hidden, lost = standing(yaw=90, hidden=["right_elbow"]), standing(yaw=90, points={"right_wrist": (80.0, 80.0)})
    seen = standing(yaw=90)
    track = track_of(seen, hidden, None, hidden, lost, seen, None)
    columns = measure(wanted, track)
    assert why_missing(columns, track, "it", "left") == "right elbow hidden"
    assert why_missing(columns, track, "it", "left", slice(4, 6)) == "right wrist lost for a moment"
    assert why_missing(columns, track, "it", "left", slice(6, 7)) == NOBODY
    assert why_missing(columns, track, "it", "left", slice(4, 5)).endswith("moment")


def test_a_hidden_side_that_the_other_stands_for_is_no_reason() -> None:
    wanted = measuring_of(it={"offset": "mid.shoulder", "from": "near.wrist", "along": "up"})
    pose = standing(yaw=90, hidden=["left_shoulder", "right_wrist"])
    assert problem(wanted, "it", pose) == "right wrist hidden"


def test_from_the_side_one_shoulder_stands_for_both() -> None:
    height = {"offset": "mid.shoulder", "from": "mid.hip", "along": "up"}
    assert value_of(height, standing(yaw=90, hidden=["left_shoulder"])) == pytest.approx(1.0, abs=0.01)
    assert math.isnan(value_of(height, standing(yaw=0, hidden=["left_shoulder"])))


@pytest.mark.parametrize(("yaw", "known"), [(43, False), (47, True), (90, True)])
def test_one_shoulder_stands_for_both_from_45_degrees_of_turn_on(yaw: float, known: bool) -> None:
    height = {"offset": "mid.shoulder", "from": "mid.hip", "along": "up"}
    assert math.isnan(value_of(height, standing(yaw=yaw, hidden=["left_shoulder"]))) is not known


# nothing but the body matters ----------------------------------------------------------------------------------------------

ALL = measuring_of("prone", **(EVERY_KIND | REACHES | {"back": {"spine": "flexion"}, "pitch": {"head": "pitch"}}))


@given(st.floats(60, 175), st.floats(-30, 30), st.floats(-0.08, 0.08), st.floats(0.5, 3))
@settings(max_examples=25)
def test_mirror_and_resolution_change_no_measure_of_a_side_view(elbow, neck, bulge, factor) -> None:
    pose = push_up(elbow, neck=neck, bulge=bulge)
    wanted = {name: value for name, value in values_of(pose).items() if name != "turn"}
    for other in (mirrored(pose), scaled(pose, factor), push_up(elbow, neck=neck, bulge=bulge, yaw=YAW["left"])):
        values = values_of(other)
        # the recording keeps 32 bits
        assert {name: values[name] for name in wanted} == pytest.approx(wanted, abs=0.02, nan_ok=True)


def values_of(pose: Pose) -> dict[str, float]:
    return first_of(columns_of(ALL, pose, rest={"back": 0.0}))


@given(st.floats(0, 150), st.floats(0, 150), st.floats(0, 120), st.floats(-20, 20))
@settings(max_examples=25)
def test_a_mirror_swaps_left_and_right_in_a_front_view(left, right, elbow, lean) -> None:
    wanted = measuring_of(
        arm={"between": [["active.shoulder", "active.hip"], ["active.shoulder", "active.elbow"]]},
        wrist={"offset": "active.wrist", "from": "active.shoulder", "along": "up"},
    )
    pose = standing(abduction=left, right_abduction=right, elbow=elbow, side_lean=lean)
    columns, mirror = columns_of(wanted, pose), columns_of(wanted, mirrored(pose))
    for name in columns.names:
        for side in ("left", "right"):
            assert mirror.of(name, OTHER[side])[0] == pytest.approx(columns.of(name, side)[0], abs=0.02)  # type: ignore[arg-type]


# blocks and kinds -------------------------------------------------------------------------------------------------------------


@given(st.sampled_from(exercise_ids()), st.integers(0, 2), CUTS)
@settings(max_examples=20, deadline=None)
def test_blocks_of_any_size_give_the_same_columns(name: str, seed: int, cuts: list[int]) -> None:
    wanted = load_spec(name).default
    poses, tracker = sequence(troubled(seed)), Tracker(lying=wanted.lying)
    rest = {"left": dict.fromkeys(wanted.measures, 12.0), "right": dict.fromkeys(wanted.measures, 7.0)}
    parts = [with_baseline(measure(wanted, tracker.follow(poses[a:b])), rest) for a, b in pairwise(cuts)]
    together = parts[0].combined(lambda *columns: np.concatenate(columns), *parts[1:])
    whole = with_baseline(measure(wanted, Tracker(lying=wanted.lying).follow(poses)), rest)
    assert len(together) == len(whole) == 240
    for measured in whole.names:
        for side in ("left", "right"):
            one, other = together.of(measured, side), whole.of(measured, side)
            np.testing.assert_allclose(one, other, rtol=0, atol=1e-9, err_msg=measured)
            np.testing.assert_array_equal(whole.combined(lambda column: column[30:90]).of(measured, side), other[30:90])


def test_every_kind_of_the_spec_language_is_computed_in_one_place() -> None:
    kinds = set(MEASURE_KEYS.values())
    assert kinds == OF_BODY.keys() | OF_MEASURES.keys()
    assert not OF_BODY.keys() & OF_MEASURES.keys()
    assert {kind for kind in kinds if kind.SOURCE_FIELDS} == set(OF_MEASURES)


def test_the_plan_of_an_exercise_is_made_once_and_follows_a_changed_one() -> None:
    one = measuring_of(**ARMS)
    assert plan_of(one) is plan_of(one)
    other = one.model_copy(update={"measures": measuring_of(it=ELBOW).measures})
    assert plan_of(other).order == ("it",)


@pytest.mark.parametrize(("facing", "known"), [(90, True), (0, False)])
def test_the_angle_of_an_arm_that_points_to_the_camera_is_not_known_in_the_plane(facing: float, known: bool) -> None:
    elbow = ["left.shoulder", "left.elbow", "left.wrist"]
    wanted = measuring_of(any={"angle": elbow}, sure={"angle": elbow, "in_plane": 0.5})
    poses = [standing(yaw=facing)] * 20 + [standing(yaw=facing, shoulder=2.0 * step) for step in range(46)]
    columns = columns_of(wanted, *poses)
    assert not math.isnan(columns.of("any", "left")[-1])
    assert math.isnan(columns.of("sure", "left")[-1]) != known


@pytest.mark.parametrize(("elbow", "flare"), [(80, 0), (80, 50), (130, 0), (130, 40)])
def test_the_angle_of_an_arm_by_its_reach_is_the_elbows_however_far_it_flares_to_the_camera(
    elbow: float, flare: float
) -> None:
    """Shoulder and hand are in the picture's plane; turned about the line between them, the elbow comes to the camera."""
    named = ["near.shoulder", "near.elbow", "near.wrist"]
    wanted = measuring_of("prone", drawn={"angle": named}, read={"angle": named, "by_reach": True})
    bent = push_up(elbow)
    shoulder, joint, hand = (bent.points[LANDMARK_INDEX[f"right_{name}"]] for name in ("shoulder", "elbow", "wrist"))
    chord = (hand - shoulder) / np.linalg.norm(hand - shoulder)
    foot = shoulder + ((joint - shoulder) @ chord) * chord
    flared = bent.points.copy()
    flared[LANDMARK_INDEX["right_elbow"]] = foot + (joint - foot) * math.cos(math.radians(flare))
    columns = columns_of(wanted, *[push_up(175.0)] * 60, *[replace(bent, points=flared)] * 20)
    assert columns.of("read", "left")[-1] == pytest.approx(elbow, abs=4.0)
    if flare:
        assert columns.of("drawn", "left")[-1] > elbow + 8


def test_beyond_is_what_lies_over_a_fixed_value() -> None:
    wanted = measuring_of(
        elbow={"angle": ["left.shoulder", "left.elbow", "left.wrist"]}, it={"beyond": "elbow", "value": 157}
    )
    assert value_in(wanted, "it", standing(yaw=90, elbow=40)) == pytest.approx(140 - 157, abs=0.1)


@pytest.mark.parametrize(("yaw", "known"), [(17, False), (23, True), (90, True)])
def test_what_is_ahead_of_somebody_who_faces_the_camera_is_not_in_the_picture(yaw: float, known: bool) -> None:
    ahead = value_of(
        {"offset": "left.wrist", "from": "left.shoulder", "along": "forward"}, standing(yaw=yaw, shoulder=60)
    )
    assert math.isnan(ahead) != known
