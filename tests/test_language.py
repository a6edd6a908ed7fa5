"""The reader's language: how it is chosen, who speaks it, and what becomes of sentences that are kept in English."""

from __future__ import annotations

import threading
from contextvars import copy_context
from pathlib import Path

import pytest

from posturecam import language
from posturecam.app.workers import share_out
from posturecam.cli.main import main


def test_the_languages_are_english_and_those_with_a_catalogue() -> None:
    assert language.languages() == ("en", "de", "es")


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "es-MX"}, "es"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "fr:es:de"}, "es"),
        ({}, "en"),
    ],
)
def test_the_environment_says_the_language(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language.from_environment() == expected


def test_a_language_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'fr'.*en, de, es"):
        language.use("fr")


def test_the_option_may_stand_anywhere_and_names_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--language", "xx"]) == 2
    assert "choose from en, de, es" in capsys.readouterr().err
    assert main(["--language=de", "--version"]) == 0
    assert language.current() == "de"


def test_what_no_patient_reads_is_english_whatever_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["specs", "show", "side_plank", "--language", "de"]) == 0
    shown = capsys.readouterr().out
    assert "Side plank" in shown
    assert "Seitstütz" not in shown


def test_threads_speak_what_the_process_does_and_requests_what_they_chose() -> None:
    language.use("de")
    said: dict[str, str] = {}

    def say(name: str) -> None:
        said[name] = language.gettext("Well done")

    with language.spoken("es"):
        say("here")
        inherited = copy_context()
        threads = [threading.Thread(target=inherited.run, args=(say, "its own thread"))]
        threads.append(threading.Thread(target=say, args=("another thread",)))
        for thread in threads:
            thread.start()
            thread.join()
    say("afterwards")
    assert said == {
        "here": "Bien hecho",
        "its own thread": "Bien hecho",
        "another thread": "Gut gemacht",
        "afterwards": "Gut gemacht",
    }


def _say_where_it_works(task: str, send: object) -> None:
    send(language.gettext(task))  # type: ignore[operator]


def test_worker_processes_speak_the_language_of_the_one_that_started_them() -> None:
    said: list[object] = []
    with language.spoken("es"):
        share_out(
            _say_where_it_works,
            ["Well done"],
            1,
            take=lambda _number, words: said.append(words),
            again=lambda _number: "Well done",
            what="it",
        )
    assert said == ["Bien hecho"]


def test_plurals_numbers_and_quotation_marks_are_those_of_the_language() -> None:
    with language.spoken("de"):
        assert language.ngettext("{number} rep", "{number} reps", 1) == "1 Wiederholung"
        assert language.ngettext("{number} rep", "{number} reps", 0) == "0 Wiederholungen"
        assert language.decimals("2.5 s") == "2,5 s"
        assert language.inside("Hüfte zu hoch") == "Hüfte zu hoch"
    with language.spoken("es"):
        assert language.inside("Caderas hundidas") == "caderas hundidas"
    assert language.inside("Hips sagging") == "hips sagging"
    assert language.inside("ROM") == "ROM"


def test_what_no_catalogue_has_stays_as_it_is() -> None:
    with language.spoken("de"):
        assert language.gettext("Wiggle {your} ears") == "Wiggle {your} ears"
        assert language.gettext("") == ""


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("too close to the limit to call", "zu nah an der Grenze, um es zu sagen"),
        ("held 0.8 of the 2.0 seconds that count", "0,8 der 2,0 Sekunden gehalten, die zählen"),
        ("left elbow hidden", "linker Ellbogen verdeckt"),
        ("moved −12 % of the 35 % that count", "−12 % bewegt von den 35 %, die zählen"),
        (
            "Step back, feet out of the picture (35% of the time)",
            "Geh zurück, Füße nicht im Bild (35% der Zeit)",
        ),
        ("No pictures for 1.5 s after 10.2 s, so tempo is not known there", "1,5 s ohne Bilder nach 10,2 s"),
    ],
)
def test_sentences_kept_in_english_are_told_with_their_figures_and_words(kept: str, told: str) -> None:
    assert language.retold(kept) == kept
    with language.spoken("de"):
        assert language.retold(kept).startswith(told)


@pytest.mark.parametrize(
    "strange", ["", "hidden", "a" * 100_000, "x (y (z (" * 3000, "left elbow hidden\n" * 40, "{landmark}"]
)
def test_a_sentence_that_is_none_of_ours_is_shown_as_it_is_at_once(strange: str) -> None:
    with language.spoken("es"):
        assert language.retold(strange) == strange


def test_a_catalogue_that_is_missing_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        with monkeypatch.context() as patched:
            patched.setattr(language, "LOCALE", tmp_path)
            language.languages.cache_clear()
            assert language.languages() == ("en",)
    finally:
        # only once the place is the real one again: the next to ask would keep what is found there
        language.languages.cache_clear()
