"""The table of what tools/mutate.py breaks fits the code as it stands, and each change is one that Python can read."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tools.mutate import mutations
from tools.mutations import EQUIVALENT, RULES, Mutation

ROOT = Path(__file__).parents[1]
TABLE = re.findall(
    r"^\| `(.+?)` \| (.+?) \| (.+) \|$", (ROOT / "docs/mutations.md").read_text(encoding="utf-8"), re.MULTILINE
)
"""Rows of the document: where, what is changed, and what falls."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.place}: {rule.words}")
def test_a_rule_is_broken_in_one_place(rule: Mutation) -> None:
    source = (ROOT / rule.path).read_text(encoding="utf-8")
    changed = rule.made(source)
    assert changed != source
    ast.parse(changed)
    assert all((ROOT / test).is_file() for test in rule.tests)


def test_what_is_called_harmless_is_there() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "posturecam").rglob("*.py"))
    assert all(name in sources for name in EQUIVALENT)


def test_each_change_has_its_row_in_the_document_and_each_row_its_change() -> None:
    # what is new: python -m tools.mutate NAME, and its rows into the table
    assert [(place, words) for place, words, _ in TABLE] == [(one.place, one.words) for one in mutations()]


def test_each_row_names_a_test_that_there_is_or_says_why_none_falls() -> None:
    reasons = set(EQUIVALENT.values())
    for place, words, falls in TABLE:
        if falls in reasons:
            continue
        path, _, test = falls.partition("::")
        tests = ROOT / "tests" / path
        assert tests.is_file(), (place, words, falls)
        assert f"def {test}(" in tests.read_text(encoding="utf-8"), (place, words, falls)
