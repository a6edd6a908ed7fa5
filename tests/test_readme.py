"""The README names only commands, options, documents and exercises that are there, as they are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from posturecam.cli import main as cli
from posturecam.spec.catalogue import shipped_specs
from posturecam.spec.words import dose_text

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CALLS = re.findall(r"^\$ (?:\S*/)?posturecam (.+?)(?:\s+#.*)?$", README, re.MULTILINE)


def test_its_table_holds_every_exercise_as_its_spec_says() -> None:
    rows = re.findall(r"^\|[^|]*\| ([^|]+) \| `(\w+)` \| ([^|]*)\| ([^|]+) \| ([^|]+) \|$", README, re.MULTILINE)
    shown = {key: (name, variants.strip(), view, dose) for name, key, variants, view, dose in rows}
    shipped = {
        spec.default.id: (
            spec.default.name,
            ", ".join(spec.variants),
            " or ".join(spec.default.camera.view),
            dose_text(spec.default),
        )
        for spec in shipped_specs().values()
    }
    assert shown == shipped


@pytest.mark.parametrize("call", CALLS)
def test_the_options_of_its_examples_are_known(call: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = call.split()
    path = words[:2] if words[0] in ("specs", "evaluate", "model", "sessions") else words[:1]
    assert cli.main([*path, "--help"]) == 0
    known = set(re.findall(r"--[a-z][a-z-]*", capsys.readouterr().out))
    assert {word for word in words if word.startswith("--")} - known == set()


@pytest.mark.parametrize(
    "document", ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_documents_link_only_to_what_is_there(document: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / document).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / document).parent.joinpath(link).exists()] == []
