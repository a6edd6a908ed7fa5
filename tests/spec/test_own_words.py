"""A user's own exercise may bring its words in other languages along."""

from __future__ import annotations

from pathlib import Path

import pytest

from posturecam import language
from posturecam.errors import SpecError
from posturecam.spec.catalogue import load_exercise, specs_folder


def own_spec(folder: Path) -> Path:
    path = folder / "curl.yaml"
    text = (specs_folder() / "standing_row.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("name: Standing row", "name: Biceps curl"), encoding="utf-8")
    return path


def test_the_words_beside_a_spec_are_spoken(tmp_path: Path) -> None:
    path = own_spec(tmp_path)
    (tmp_path / "curl.de.yaml").write_text("Biceps curl: Bizepscurl\nPause: Rast\n", encoding="utf-8")
    name = load_exercise(path).name
    assert name == "Biceps curl"
    with language.spoken("de"):
        assert language.gettext(name) == "Bizepscurl"
    with language.spoken("es"):
        assert language.gettext(name) == "Biceps curl"


def test_the_words_of_the_program_go_before_those_of_a_spec(tmp_path: Path) -> None:
    path = own_spec(tmp_path)
    (tmp_path / "curl.de.yaml").write_text("Well done: Toll\n", encoding="utf-8")
    load_exercise(path)
    with language.spoken("de"):
        assert language.gettext("Well done") == "Gut gemacht"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Biceps curl: [a]\n", "curl.de.yaml:1: 'Biceps curl' needs its words"),
        ("- a\n", "found a list"),
        ("a: {b\n", "curl.de.yaml"),
    ],
)
def test_words_that_are_none_are_named_with_their_line(tmp_path: Path, text: str, problem: str) -> None:
    path = own_spec(tmp_path)
    (tmp_path / "curl.de.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=problem):
        load_exercise(path)
