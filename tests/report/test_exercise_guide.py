"""docs/exercises.md is made from the specs, and says all that somebody needs who wants to do an exercise."""

from __future__ import annotations

from pathlib import Path

import pytest

from posturecam.cli import main as cli
from posturecam.report.exercise_guide import exercise_guide
from posturecam.spec.catalogue import shipped_specs
from tests.spec.files import COUNTED, load_text

COMMITTED = Path(__file__).parents[2] / "docs" / "exercises.md"


@pytest.fixture(scope="module")
def guide() -> str:
    return exercise_guide(shipped_specs().values())


def test_the_committed_guide_is_current(guide: str) -> None:
    assert COMMITTED.read_text("utf-8") == guide, "run: posturecam specs docs --out docs/exercises.md"


def test_every_exercise_variant_check_and_cue_is_in_it(guide: str) -> None:
    for spec in shipped_specs().values():
        assert f"\n### {spec.default.name}\n" in guide
        for variant, exercise in spec.exercises.items():
            assert variant is None or f"`{variant}`" in guide or f"--variant {variant}`" in guide
            assert exercise.camera.advice in guide
            for step in exercise.steps:
                assert f". {step}\n" in guide
            for name, check in exercise.checks.items():
                assert f"{check.name}<br>`{name}`" in guide
                assert f"| {check.cue} |" in guide


def test_limits_are_in_plain_words(tmp_path: Path) -> None:
    text = exercise_guide([load_text(tmp_path, COUNTED)])
    assert "at least" in text or "at most" in text
    assert ">=" not in text


def test_the_command_prints_it_or_writes_it(
    guide: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "COMMANDS", ("specs",))
    assert cli.main(["specs", "docs"]) == 0
    assert capsys.readouterr() == (guide, "")
    assert cli.main(["specs", "docs", "--out", str(tmp_path / "guide.md")]) == 0
    assert (tmp_path / "guide.md").read_text("utf-8") == guide
    (tmp_path / "file").touch()
    assert cli.main(["specs", "docs", "--out", str(tmp_path / "file" / "guide.md")]) == 1
    assert "cannot be written" in capsys.readouterr().err
