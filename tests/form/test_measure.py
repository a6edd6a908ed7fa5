"""Each kind of measure against bodies whose joint angles are known, from both sides and in the mirror."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from posturecam.form.body import Body, BodyTracker
from posturecam.form.measure import (
    CHEST_TURNED,
    NO_OUTLINE,
    NOT_MEASURABLE,
    RAW,
    RESTING_UNKNOWN,
    MeasureSet,
    compile_measures,
)

from posturecam.model import Pose, Side
from tests.builders import YAW, make_pose, mirrored, plank, push_up, scaled, standing, table
from tests.specs import exercise

OTHER: dict[str, Side] = {"left": "right", "right": "left"}


def compiled(position: str = "upright", **measures: Any) -> MeasureSet:
    return compile_measures(exercise(position=position, measures=measures))


def body_of(pose: Pose, position: str = "upright") -> Body:
    return BodyTracker(lying=position in ("prone", "supine")).update(0.0, pose)


def value_of(measure: Any, pose: Pose, position: str = "upright", *, active: Side = "left", rest: Any = None) -> float:
    return compiled(position, it=measure).evaluate(body_of(pose, position), rest or {}, active)["it"]


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


def test_difference_change_ratio_and_combinations() -> None:
    measures = compiled(
        change={"change": "left"},
        size={"change": "left", "absolute": True},
        ratio={"ratio": "left"},
        left={"angle": ["left.shoulder", "left.elbow", "left.wrist"]},
        right={"angle": ["right.shoulder", "right.elbow", "right.wrist"]},
        uneven={"difference": ["left", "right"]},
        apart={"difference": ["right", "left"], "absolute": True},
        mean={"combine": "mean", "over": ["left", "right"]},
        least={"combine": "min", "over": ["left", "right"]},
        most={"combine": "max", "over": ["left", "right"]},
        positive={"combine": "abs", "over": ["change"]},
    )
    body = body_of(standing(yaw=YAW["right"], elbow=20, right_elbow=60))
    values = measures.evaluate(body, {"left": 200.0}, "left")
    assert values == pytest.approx(
        {
            "left": 160, "right": 120, "change": -40, "size": 40, "ratio": 0.8, "uneven": 40, "apart": 40,
            "mean": 140, "least": 120, "most": 160, "positive": 40,
        }
    )  # fmt: skip


def test_with_one_side_unseen_only_the_mean_is_still_known() -> None:
    over = ["left", "right"]
    measures = compiled(
        left={"angle": ["left.shoulder", "left.elbow", "left.wrist"]},
        right={"angle": ["right.shoulder", "right.elbow", "right.wrist"]},
        mean={"combine": "mean", "over": over},
        least={"combine": "min", "over": over},
        most={"combine": "max", "over": over},
        uneven={"difference": over},
    )
    values = measures.evaluate(body_of(standing(elbow=90, yaw=90, hidden=["right_wrist"])), {}, "left")
    assert values["mean"] == pytest.approx(90)
    assert all(math.isnan(values[name]) for name in ("right", "least", "most", "uneven"))


def test_spine_flexion_is_taken_from_the_persons_own_rest() -> None:
    measures = compiled("prone", back={"spine": "flexion"}, again={"change": "back"})
    body = body_of(table(bulge=0.05), "prone")
    values = measures.evaluate(body, {"back": 10.0}, "left")
    assert values["back" + RAW] == pytest.approx(35.0)
    assert values["back"] == pytest.approx(25.0)
    assert values["again"] == pytest.approx(25.0), "the offset must not be taken off twice"
    assert math.isnan(measures.evaluate(body, {}, "left")["back"])


@pytest.mark.parametrize(("yaw", "seen"), [(90.0, True), (72.0, True), (55.0, False), (0.0, False)])
def test_the_back_is_only_seen_while_the_chest_is_square_to_the_picture(yaw: float, seen: bool) -> None:
    measures = compiled("prone", back={"spine": "flexion"})
    body = body_of(table(bulge=0.05, yaw=yaw), "prone")
    assert math.isnan(measures.evaluate(body, {"back": 0.0}, "left")["back"]) is not seen
    if not seen:
        assert measures.problem("back", body, {"back": 0.0}, "left") == CHEST_TURNED


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
    measures = compiled(it=EVERY_KIND[kind])
    body = body_of(standing(yaw=YAW["right"], shoulder=40, elbow=50, hidden=["right_wrist"]))
    assert math.isnan(measures.evaluate(body, {}, "left")["it"])
    assert measures.problem("it", body, {}, "left") == "right wrist hidden"


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_points_that_all_coincide_are_no_measurement_and_no_crash(kind: str) -> None:
    pose = standing()
    pose.points[:] = 100.0
    pose.world[:] = 0.0
    value = compiled(it=EVERY_KIND[kind]).evaluate(body_of(pose), {}, "left")["it"]
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
    body = body_of(pose, "prone")
    assert compiled("prone", it=measure).problem("it", body, {}, "left") == reason


def test_from_the_side_one_shoulder_stands_for_both() -> None:
    height = {"offset": "mid.shoulder", "from": "mid.hip", "along": "up"}
    assert value_of(height, standing(yaw=90, hidden=["left_shoulder"])) == pytest.approx(1.0, abs=0.01)
    assert math.isnan(value_of(height, standing(yaw=0, hidden=["left_shoulder"])))


# nothing but the body matters ----------------------------------------------------------------------------------------------

ALL = compiled("prone", **(EVERY_KIND | {"back": {"spine": "flexion"}, "pitch": {"head": "pitch"}}))


@given(st.floats(60, 175), st.floats(-30, 30), st.floats(-0.08, 0.08), st.floats(0.5, 3))
@settings(max_examples=25)
def test_mirror_and_resolution_change_no_measure_of_a_side_view(elbow, neck, bulge, factor) -> None:
    pose = push_up(elbow, neck=neck, bulge=bulge)
    wanted = {name: value for name, value in values_of(pose).items() if name != "turn"}
    for other in (mirrored(pose), scaled(pose, factor), push_up(elbow, neck=neck, bulge=bulge, yaw=YAW["left"])):
        values = values_of(other)
        assert {name: values[name] for name in wanted} == pytest.approx(wanted, abs=1e-6, nan_ok=True)


def values_of(pose: Pose) -> dict[str, float]:
    return ALL.evaluate(body_of(pose, "prone"), {"back": 0.0}, "left")


@given(st.floats(0, 150), st.floats(0, 150), st.floats(0, 120), st.floats(-20, 20))
@settings(max_examples=25)
def test_a_mirror_swaps_left_and_right_in_a_front_view(left, right, elbow, lean) -> None:
    sides = {
        "arm": {"between": [["active.shoulder", "active.hip"], ["active.shoulder", "active.elbow"]]},
        "wrist": {"offset": "active.wrist", "from": "active.shoulder", "along": "up"},
    }
    measures = compiled(**sides)
    pose = standing(abduction=left, right_abduction=right, elbow=elbow, side_lean=lean)
    body, mirror = body_of(pose), body_of(mirrored(pose))
    for side in ("left", "right"):
        assert measures.evaluate(mirror, {}, OTHER[side]) == pytest.approx(
            measures.evaluate(body, {}, side),
            abs=1e-6,  # type: ignore[arg-type]
        )
