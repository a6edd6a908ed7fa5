"""The table of what tools/mutate.py breaks fits the code as it stands, and each change is one that Python can read."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools.mutations import EQUIVALENT, RULES, Mutation

ROOT = Path(__file__).parents[1]


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
