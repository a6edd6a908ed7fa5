"""``posturecam report``: any stored session exported again, in any format."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from posturecam.cli.main import main
from posturecam.store import SCHEMA, SessionStore
from tests.stored import own_store, push_ups, report_of, store_session


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SessionStore:
    monkeypatch.setenv("POSTURECAM_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return own_store(tmp_path / "data")


def test_the_last_session_is_written_in_every_format(
    store: SessionStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store_session(store)
    assert main(["report", "--format", "html,pdf,csv,json,md", "--out", str(tmp_path / "out")]) == 0
    written = {Path(line).name: Path(line).read_bytes() for line in capsys.readouterr().out.splitlines()}
    assert set(written) == {"report.html", "report.pdf", "report.csv", "report.json", "report.md"}
    assert written["report.pdf"].startswith(b"%PDF")
    assert written["report.html"].startswith(b"<!doctype html>")


def test_the_json_is_the_stored_report_to_the_letter(
    store: SessionStore, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    session = store_session(store, person="Ana 🧘")
    assert main(["report", session.id, "--format", "json", "--out", "-"]) == 0
    assert capsysbinary.readouterr().out == session.report_path.read_bytes()


def test_one_session_as_fhir_without_a_name(
    store: SessionStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundles = pytest.importorskip("fhir.resources.R4B.bundle")
    store_session(store, person="Ana Zabala")
    assert main(["report", "--format", "fhir", "--out", str(tmp_path / "out")]) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path.name == "report.fhir.json"
    text = path.read_text(encoding="utf-8")
    assert len(bundles.Bundle.model_validate_json(text).entry) > 4
    assert "Zabala" not in text
    assert main(["report", "--format", "fhir", "--out", "-"]) == 0
    assert bundles.Bundle.model_validate_json(capsys.readouterr().out)
    assert main(["report", "--format", "fhir,html"]) == 2


def test_a_file_name_with_a_formats_suffix_is_that_file(store: SessionStore, tmp_path: Path) -> None:
    store_session(store)
    assert main(["report", "--format", "csv", "--out", str(tmp_path / "mine.csv")]) == 0
    assert (tmp_path / "mine.csv").is_file()
    assert main(["report", "--format", "csv,html", "--out", str(tmp_path / "mine.csv")]) == 2


def test_thumbnails_of_the_session_are_in_the_page_unless_left_out(store: SessionStore, tmp_path: Path) -> None:
    store_session(store, push_ups((130.0, 130.0)), person="Ana Müller", path="/home/ana/ana mueller.MOV", pictures=True)
    assert main(["report", "--out", "with.html"]) == 0
    assert main(["report", "--out", "without.html", "--no-images"]) == 0
    assert main(["report", "--out", "without.json", "--format", "json", "--no-images"]) == 0
    page, private = Path("with.html").read_text(), Path("without.html").read_text()
    assert "data:image/jpeg" in page
    assert "Ana Müller" in page
    for text in (private, Path("without.json").read_text()):
        assert "data:image/jpeg" not in text
        assert "Müller" not in text
        assert "mueller" not in text
    assert json.loads(Path("without.json").read_text())["source"]["path"] == "recording.mov"


def test_names_are_shown_as_text_in_the_page(store: SessionStore) -> None:
    store_session(store, person="<script>alert(1)</script>", path='/x/"><img src=x onerror=alert(2)>.mp4')
    assert main(["report", "--out", "page.html"]) == 0
    page = Path("page.html").read_text()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"schema": "posturecam.report/1", ', "cut off"),
        ('{"schema": "posturecam.report/99"}', "newer posturecam"),
        ('{"schema": "posturecam.report/1", "created": "2026-01-01T00:00:00+00:00"}', "is damaged (exercise"),
    ],
)
def test_a_report_that_cannot_be_read_is_one_clear_sentence(
    store: SessionStore, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, words: str
) -> None:
    path = tmp_path / "report.json"
    path.write_text(content)
    assert main(["report", str(path)]) == 1
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert "Traceback" not in error


def test_wrong_calls_are_told_apart_from_missing_sessions(
    store: SessionStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report"]) == 1
    assert "There is no session in" in capsys.readouterr().err
    store_session(store)
    assert main(["report", "nonsense"]) == 1
    assert main(["report", "--format", "docx"]) == 2
    assert main(["report", "--format", "csv,md", "--out", "-"]) == 2


def test_a_place_that_cannot_be_written_to_is_an_error(
    store: SessionStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store_session(store)
    (tmp_path / "file").write_text("in the way")
    assert main(["report", "--out", str(tmp_path / "file" / "below")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_the_stored_report_is_of_the_version_this_program_writes(store: SessionStore) -> None:
    assert report_of(store_session(store)).schema_id == SCHEMA


def test_a_session_kept_in_english_is_read_in_another_language(store: SessionStore, tmp_path: Path) -> None:
    kept = store_session(store, push_ups((130.0, 95.0))).report_path.read_bytes()
    assert main(["report", "--format", "html,md,json", "--out", "es", "--language", "es"]) == 0
    page, text = Path("es/report.html").read_text(), Path("es/report.md").read_text()
    assert '<html lang="es">' in page
    assert "Flexiones" in page
    assert "A trabajar" in text
    assert "Every rep" not in text
    assert Path("es/report.json").read_bytes() == kept
