"""Where a check's limits come from: text or a mapping, and every document that is cited can be opened."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from posturecam.spec.catalogue import exercise_ids, load_spec
from posturecam.spec.json_schema import file_schema
from posturecam.spec.schema import Source
from tests.spec.files import COUNTED, changed, load_text, problems_of

ROOT = Path(__file__).parents[2]
FIRST = "advice: Bend the elbow further.\n    source: ours"


def said(text: str) -> tuple[str, str]:
    return (FIRST, f"advice: Bend the elbow further.\n    source: {text}")


def headings(document: str) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", (ROOT / document).read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_plain_text_is_the_rule(tmp_path: Path) -> None:
    check = load_text(tmp_path, COUNTED).default.checks["elbow_wide"]
    assert (check.source, check.source.text) == (Source(rule="ours"), "ours")


def test_its_parts_are_put_into_one_line(tmp_path: Path) -> None:
    text = changed(COUNTED, said("{rule: At 90., offset: 5 more., read: Ours 88., see: docs/evidence.md#squeeze}"))
    source = load_text(tmp_path, text).default.checks["elbow_wide"].source
    assert source.text == "At 90. As measured: 5 more. Read: Ours 88. (docs/evidence.md#squeeze)"


def test_a_variant_replaces_it_as_a_whole(tmp_path: Path) -> None:
    text = changed(COUNTED, said("{rule: At 90., read: Ours 88.}"))
    text += "variants:\n  band: {}\n  cable: {checks: {elbow_wide: {source: {rule: At 80.}}}}\n"
    spec = load_text(tmp_path, text)
    assert spec.exercises["cable"].checks["elbow_wide"].source == Source(rule="At 80.")
    assert spec.exercises["band"].checks["elbow_wide"].source.read == "Ours 88."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "7",
            "checks.elbow_wide.source: expected text, or a mapping of rule, offset, read and see, found the number 7",
        ),
        ("{rul: At 90.}", "checks.elbow_wide.source.rul: unknown key (did you mean 'rule'?)"),
    ],
)
def test_what_is_neither_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    assert [line.split(": ", 1)[1] for line in problems_of(tmp_path, changed(COUNTED, said(text)))] == [problem]


@pytest.mark.parametrize(("text", "right"), [("ours", True), ("{rule: At 90.}", True), ("{rul: At 90.}", False)])
def test_the_json_schema_knows_both_forms(text: str, right: bool) -> None:
    document = yaml.safe_load(changed(COUNTED, said(text)))
    assert jsonschema.Draft202012Validator(file_schema()).is_valid(document) is right


@pytest.mark.parametrize("exercise_id", exercise_ids())
def test_every_check_that_ships_cites_a_heading_that_is_there(exercise_id: str) -> None:
    for exercise in load_spec(exercise_id).exercises.values():
        for name, check in exercise.checks.items():
            document, _, heading = check.source.see.partition("#")
            assert check.source.rule, name
            assert (ROOT / document).is_file(), (name, check.source.see)
            assert heading in headings(document), (name, check.source.see)
