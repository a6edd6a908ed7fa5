"""The exercises that ship: complete, free of warnings, with every fault id that reports and clips rely on."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from posturecam.spec.catalogue import (
    exercise_ids,
    load_exercise,
    load_programme_by_id,
    load_spec,
    programme_ids,
    specs_folder,
)
from posturecam.spec.json_schema import file_schema, file_schema_text
from posturecam.spec.schema import Exercise
from tests.spec.files import COUNTED, changed

FAULTS = {
    "cat_cow": """hands_not_under_shoulders knees_not_under_hips back_not_rounded back_not_arched head_not_tucked
        head_not_lifted elbows_bent too_fast""",
    "trunk_rotation": "knees_straightening knees_apart shallow_rotation shoulders_lifting too_fast",
    "neck_flexion": "chin_not_down shoulders_shrugged trunk_leaning shallow_tilt too_fast",
    "overhead_reach": "elbows_bent arms_not_overhead shallow_lean hips_shifting leaning_forward",
    "thoracic_extension": "hips_lifting head_unsupported shallow_extension too_fast",
    "shoulder_rolls": "shallow_roll uneven_shoulders arms_swinging",
    "plank": """hips_sagging hips_too_high back_not_neutral shoulders_not_over_support head_dropping head_lifted knees_bent
        arm_not_vertical""",
    "push_up": """hips_sagging hips_too_high not_low_enough arms_not_straight head_dropping knees_bent too_fast
        resting_on_floor""",
    "external_rotation": "elbow_leaving_side elbow_not_bent shallow_rotation trunk_twisting",
    "reverse_fly": """hands_too_low hands_too_high elbows_bent shoulders_shrugged leaning_back shallow_pull uneven_arms""",
    "shoulder_extension": "elbows_bent shallow_pull trunk_swinging shoulders_shrugged too_fast",
    "chin_tuck": "head_nodding shallow_tuck trunk_leaning too_fast",
    "side_plank": "hips_sagging hips_too_high support_not_under_shoulder trunk_rolling knees_bent",
    "standing_row": "shallow_pull no_squeeze shoulders_shrugged trunk_swinging elbows_flaring",
    "child_pose": "hips_off_heels arms_not_stretched head_up hands_off_floor",
    "chest_stretch_wall": "elbow_not_90 elbow_too_low no_twist",
    "pectoral_stretch": "hands_too_low no_lean hips_bending",
    "trapezius_stretch": "shallow_tilt shoulders_shrugged head_turned trunk_leaning",
    "hands_behind_head": "hands_not_behind_head chin_not_down trunk_leaning",
}
VARIANTS = {
    "plank": ("high", "forearm", "rotation"),
    "push_up": ("floor", "knee", "incline", "wall"),
    "reverse_fly": ("front", "bent_over"),
    "side_plank": ("classic", "star"),
    "child_pose": ("classic", "thread_needle"),
    "trapezius_stretch": ("free", "hand_assisted"),
}
ALL = [(name, variant) for name in FAULTS for variant in VARIANTS.get(name, (None,))]


def test_every_exercise_ships() -> None:
    assert exercise_ids() == tuple(sorted(FAULTS))


@pytest.mark.parametrize("name", FAULTS)
def test_a_shipped_exercise_has_its_variants_its_faults_and_no_warnings(name: str) -> None:
    spec = load_spec(name)
    assert spec.default.id == name
    assert spec.variants == VARIANTS.get(name, ())
    assert {fault for exercise in spec.exercises.values() for fault in exercise.checks} == set(FAULTS[name].split())
    assert spec.warnings == ()


@pytest.mark.parametrize(("name", "variant"), ALL)
def test_a_shipped_exercise_leaves_nothing_unsaid(name: str, variant: str | None) -> None:
    exercise = load_exercise(name, variant)
    assert exercise.muscles
    assert len(exercise.steps) >= 2
    assert exercise.variant_name or variant is None
    assert all(check.praise and len(check.advice) > 30 for check in exercise.checks.values())


@pytest.mark.parametrize(("name", "variant"), ALL)
def test_a_cue_can_be_spoken_and_says_what_to_do(name: str, variant: str | None) -> None:
    for check in load_exercise(name, variant).checks.values():
        assert len(check.cue.split()) <= 5
        assert not {"not", "don't", "no", "never", "stop", "avoid"} & set(check.cue.lower().split()), check.cue


def test_only_what_one_camera_cannot_measure_is_left_unjudged() -> None:
    unjudged = {
        (name, v, fault)
        for name, v in ALL
        for fault, check in load_exercise(name, v).checks.items()
        if not check.judged
    }
    assert unjudged == {
        ("reverse_fly", "bent_over", "shoulders_shrugged"),
        *(("push_up", variant, "resting_on_floor") for variant in VARIANTS["push_up"]),
    }


@pytest.mark.parametrize("name", exercise_ids())
def test_every_exercise_with_reps_states_its_sessions_error(name: str) -> None:
    """Not the unit's: how well a range of motion is seen differs from one exercise to the next (benchmarks/session_error.py)."""
    exercises = load_spec(name).exercises.values()
    assert all(exercise.reps is None or exercise.reps.range_error is not None for exercise in exercises)


def test_the_programme_holds_every_exercise_and_ends_in_childs_pose() -> None:
    programme = load_programme_by_id("upper_back_relief")
    steps = [step.exercise for step in programme.steps]
    assert programme_ids() == ("upper_back_relief",)
    assert (steps[0], steps[-1]) == ("neck_flexion", "child_pose")
    assert sorted(steps) == sorted(FAULTS)
    order = [load_exercise(step.exercise, step.variant).category for step in programme.steps]
    assert order[1:] == sorted(order[1:], key=["mobilise", "strengthen", "stretch"].index)


# the schema for editors


@pytest.fixture(scope="module")
def validator() -> jsonschema.protocols.Validator:
    schema = file_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_committed_schema_is_current() -> None:
    committed = (specs_folder() / "schema.json").read_text(encoding="utf-8")
    assert committed == file_schema_text(), "run: posturecam specs schema > exercise_specs/schema.json"
    json.loads(committed)


@pytest.mark.parametrize("path", sorted(specs_folder().glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_exercise_fits_the_schema_and_points_editors_to_it(
    path: Path, validator: jsonschema.protocols.Validator
) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=schema.json\n")
    assert [error.message for error in validator.iter_errors(yaml.safe_load(text))] == []


@pytest.mark.parametrize(
    "change",
    [
        ("id: squeeze", "id: Squeeze"),
        ("id: squeeze", "idd: squeeze"),
        ("view: [side]", "view: [top]"),
        ("near.elbow, near", "near.elbw, near"),
        ("along: up", "along: upp"),
        ('fault: "> 100"', "fault: 100"),
        ("severity: major", "severity: huge"),
        ("from: high", "frm: high"),
        ("name: Squeeze\n", ""),
    ],
)
def test_the_schema_finds_what_an_editor_can_find(
    change: tuple[str, str], validator: jsonschema.protocols.Validator
) -> None:
    assert validator.is_valid(yaml.safe_load(COUNTED))
    assert not validator.is_valid(yaml.safe_load(changed(COUNTED, change)))


def test_the_schema_knows_variants(validator: jsonschema.protocols.Validator) -> None:
    def valid(variants: str) -> bool:
        return validator.is_valid(yaml.safe_load(COUNTED + variants))

    assert valid(
        "variants: {band: {}, cable: {checks: {hand_low: null, elbow_wide: {cue: In}}}}\ndefault_variant: cable\n"
    )
    assert not valid("variants: {band: {chekcs: {}}}\n")
    assert not valid("variants: {band: {checks: {elbow_wide: {severity: huge}}}}\n")
    assert not valid("variants: {}\n")


def test_types_are_immutable() -> None:
    exercise = load_exercise("push_up")
    with pytest.raises(ValueError, match="frozen"):
        exercise.name = "Other"  # type: ignore[misc]
    assert isinstance(exercise, Exercise)
