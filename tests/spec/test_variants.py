"""Variants: overrides laid over the rest of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spec.files import COUNTED, changed, load_text, problems_of


def test_the_first_variant_is_the_default_one(tmp_path: Path) -> None:
    spec = load_text(tmp_path, COUNTED + "variants:\n  band: {}\n  cable:\n")
    assert (spec.variants, spec.default_variant, spec.default.variant) == (("band", "cable"), "band", "band")


def test_default_variant_names_another(tmp_path: Path) -> None:
    assert (
        load_text(tmp_path, COUNTED + "default_variant: cable\nvariants: {band: {}, cable: {}}\n").default.variant
        == "cable"
    )


def test_an_override_changes_only_what_it_names(tmp_path: Path) -> None:
    spec = load_text(tmp_path, COUNTED + "variants:\n  band: {}\n  cable: {checks: {elbow_wide: {cue: Elbow in}}}\n")
    band, cable = spec.exercises["band"], spec.exercises["cable"]
    assert (band.checks["elbow_wide"].cue, cable.checks["elbow_wide"].cue) == ("Bend further", "Elbow in")
    assert cable.checks["elbow_wide"].ok == band.checks["elbow_wide"].ok
    assert cable.checks["hand_low"] == band.checks["hand_low"]


def test_null_removes_a_key(tmp_path: Path) -> None:
    spec = load_text(
        tmp_path, COUNTED + "variants:\n  band: {}\n  cable: {checks: {hand_low: null}, setup: {for: null}}\n"
    )
    assert list(spec.exercises["cable"].checks) == ["elbow_wide"]
    assert spec.exercises["cable"].setup.hold_s == 0.5


def test_a_list_is_replaced_as_a_whole(tmp_path: Path) -> None:
    spec = load_text(tmp_path, COUNTED + "variants:\n  band: {}\n  cable: {steps: [Only this]}\n")
    assert spec.exercises["cable"].steps == ("Only this",)


def test_a_measure_of_another_kind_replaces_the_whole_measure(tmp_path: Path) -> None:
    override = "variants:\n  band: {}\n  cable: {measures: {hand: {distance: [near.wrist, near.hip]}}}\n"
    assert (
        type(load_text(tmp_path, COUNTED + override).exercises["cable"].measures["hand"]).__name__ == "DistanceMeasure"
    )


def test_a_measure_without_its_kind_keeps_it(tmp_path: Path) -> None:
    spec = load_text(tmp_path, COUNTED + "variants:\n  band: {}\n  cable: {measures: {hand: {label: Hand}}}\n")
    assert spec.exercises["cable"].measures["hand"].label == "Hand"


TWO = "variants:\n  band: {}\n  cable:"


@pytest.mark.parametrize(
    ("variants", "problem"),
    [
        ("variants: {band: {id: other}}", "38: variants.band.id: cannot be changed by a variant"),
        ("variants: {band: [1, 2]}", "38: variants.band: expected a mapping of overrides, found a list of 2"),
        ("variants: {Band: {}}", "38: variants: expected a name of 2 to 41 lower-case letters"),
        ("variants: {}", "38: variants: expected a mapping of variant names to overrides"),
        ("variants: [band]", "38: variants: expected a mapping of variant names to overrides"),
        ("default_variant: band", "38: default_variant: this file has no variants"),
        ("variant: band", "38: variant: variants go under 'variants', by name"),
        (
            TWO + " {}\ndefault_variant: bnd",
            "41: default_variant: expected one of band, cable, found 'bnd' (did you mean 'band'?)",
        ),
        (
            "variants: {band: {}}\ndefault_variant: [band]",
            "39: default_variant: expected one of band, found a list of 1",
        ),
        (
            TWO + "\n    checks:\n      hand_low: {cue: 7}",
            "42: checks.hand_low.cue: expected text, found the number 7 [variant cable]",
        ),
        (
            TWO + " {measures: {hand: null}}",
            "31: checks.hand_low.measure: expected a measure of this file (one of elbow, lean)",
        ),
        (
            "variants: {" + ", ".join(f"v{n}x: {{}}" for n in range(25)) + "}",
            "38: variants: expected at most 20, found 25",
        ),
    ],
)
def test_a_mistake_in_the_variants_is_named_with_its_line(tmp_path: Path, variants: str, problem: str) -> None:
    found = problems_of(tmp_path, COUNTED + variants + "\n")
    assert any(problem in line for line in found), found


def test_a_mistake_that_all_variants_share_is_said_once(tmp_path: Path) -> None:
    text = changed(COUNTED, ("cue: Bend further", "cue: X")) + "variants: {band: {}, cable: {}}\n"
    assert problems_of(tmp_path, text) == ["26: checks.elbow_wide.cue: expected at least 2 characters, found 1"]
