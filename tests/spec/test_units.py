"""Units: how numbers are written in each, what is little in each, and which one a measure has."""

from __future__ import annotations

import subprocess
import sys

import pytest

from posturecam.spec import units
from posturecam.spec.measures import MEASURE_KEYS
from posturecam.spec.references import find_unit, needs_baseline, unit_of
from tests.specs import ELBOW, exercise

MADE = {
    "elbow": ELBOW,
    "hand": {"offset": "near.wrist", "from": "near.hip", "along": "up"},
    "stretch": {"reach": ["near.shoulder", "near.wrist"], "via": "near.elbow"},
    "back": {"spine": "flexion"},
    "rise": {"change": "hand"},
    "share": {"ratio": "hand"},
    "most": {"combine": "max", "over": ["elbow", "elbow"]},
    "bent": {"difference": ["back", "elbow"]},
    "given": {"difference": ["hand", "hand"], "unit": "ratio"},
}


@pytest.mark.parametrize(
    ("name", "unit", "needs"),
    [
        ("elbow", "degrees", False), ("hand", "torso", False), ("stretch", "ratio", False), ("back", "degrees", True),
        ("rise", "torso", True), ("share", "ratio", True), ("most", "degrees", False), ("bent", "degrees", True),
        ("given", "ratio", False),
    ],
)  # fmt: skip
def test_a_measure_has_the_unit_of_its_kind_or_of_what_it_is_made_from(name: str, unit: str, needs: bool) -> None:
    made = exercise(measures=MADE)
    assert unit_of(made, name) == find_unit(made, name) == unit
    assert needs_baseline(made, name) == needs


def test_a_measure_that_is_not_there_has_no_unit() -> None:
    made = exercise(measures=MADE)
    assert find_unit(made, "knee") is None
    with pytest.raises(KeyError):
        unit_of(made, "knee")


def test_every_kind_says_its_unit_or_what_it_is_made_from() -> None:
    assert [key for key, kind in MEASURE_KEYS.items() if (kind.UNIT is None) and not kind.SOURCE_FIELDS] == []


@pytest.mark.parametrize(
    ("value", "unit", "short", "tick", "sentence"),
    [
        (104.4, "degrees", "104°", "104.4°", "104°"),
        (-12.6, "degrees", "−13°", "−12.6°", "−13°"),
        (-0.3, "degrees", "0°", "−0.3°", "0°"),
        (0.144, "torso", "14 %", "14.4 %", "14 % of torso"),
        (-0.05, "torso", "−5 %", "−5 %", "−5 % of torso"),
        (0.8, "ratio", "80 %", "80 %", "80 %"),
        (8.44, "seconds", "8.4 s", "8.44 s", "8.4 s"),
    ],
)
def test_numbers_are_written_short_on_pictures_exact_on_axes_and_in_words(
    value: float, unit: str, short: str, tick: str, sentence: str
) -> None:
    assert units.number_text(value, unit) == short
    assert units.tick_text(value, unit) == tick
    assert units.value_text(value, unit) == sentence


@pytest.mark.parametrize(
    ("unit", "sem", "span"),
    [("degrees", 5.0, 10.0), ("torso", 0.05, 0.1), ("ratio", 0.05, 0.1), ("seconds", 0.8, 2.0), ("score", 5.7, 10.0)],
)
def test_what_is_little_in_each_unit(unit: str, sem: float, span: float) -> None:
    assert (units.sem_of(unit), units.least_span(unit)) == (sem, span)


def test_listing_exercises_brings_no_numpy() -> None:
    code = "import sys, posturecam.spec.catalogue, posturecam.spec.lint; assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
