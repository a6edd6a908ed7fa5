"""``posturecam sessions``: what is stored, whatever state it is in, and removing it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from posturecam.cli.main import main
from posturecam.store import SessionStore
from tests.stored import own_store, push_ups, store_session


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SessionStore:
    monkeypatch.setenv("POSTURECAM_DATA", str(tmp_path))
    return own_store(tmp_path)


def test_sessions_are_listed_with_what_was_done(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    session = store_session(store, person="Ana")
    assert main(["sessions", "list"]) == 0
    header, line = capsys.readouterr().out.splitlines()
    assert header.split("\t") == ["id", "date", "exercise", "person", "score", "summary"]
    assert line.startswith(f"{session.id}\t")
    assert "Ana" in line


def test_an_empty_store_says_how_to_fill_it(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sessions", "list"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "posturecam live" in captured.err


def test_a_damaged_session_is_told_on_standard_error_and_hides_nothing(
    store: SessionStore, capsys: pytest.CaptureFixture[str]
) -> None:
    session = store_session(store)
    (store.root / "broken").mkdir()
    (store.root / "broken" / "report.json").write_text('{"schema": "posturecam.report/1", "created": "2026-01-01"}')
    assert main(["sessions", "list"]) == 0
    captured = capsys.readouterr()
    assert session.id in captured.out
    assert captured.err.startswith("Skipped: ")
    assert "is damaged" in captured.err

    assert main(["sessions", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [one["id"] for one in listed["sessions"]] == [session.id]
    assert [one["id"] for one in listed["damaged"]] == ["broken"]


@pytest.mark.parametrize(
    "person", ["<script>alert(1)</script>", "say \"hi\" & 'bye'", "../../etc/passwd", "🧘 Ana", "a\x1b[31mb\r\n"]
)
def test_a_persons_name_is_shown_as_text_and_never_moves_the_cursor(
    store: SessionStore, capsys: pytest.CaptureFixture[str], person: str
) -> None:
    session = store_session(store, person=person)
    assert session.folder.parent == store.root
    for command in (["sessions", "list"], ["sessions", "show"], ["history"]):
        assert main(command) == 0
        out = capsys.readouterr().out
        assert "\x1b" not in out
        assert "\r" not in out
    assert main(["sessions", "show", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["person"] == person.replace("\x1b", "%1B").replace("\r\n", "%0D%0A")


def test_show_tells_where_the_files_lie(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    session = store_session(store, push_ups((130.0, 130.0)), pictures=True)
    assert main(["sessions", "show", session.id[:8]]) == 0
    out = capsys.readouterr().out
    assert str(session.folder) in out
    assert "landmarks.npz, report.json, thumbnails/rep-1-not_low_enough.jpg" in out


def test_nothing_is_deleted_without_being_asked_for(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    session = store_session(store)
    assert main(["sessions", "delete", session.id]) == 2
    assert "say --yes" in capsys.readouterr().err
    assert session.folder.exists()
    assert main(["sessions", "delete", session.id, "nonsense", "--yes"]) == 1
    assert session.folder.exists(), "one wrong name deletes nothing at all"
    assert main(["sessions", "delete", session.id, "--yes"]) == 0
    assert not session.folder.exists()


def test_a_folder_elsewhere_can_be_listed_but_a_path_is_never_deleted(
    store: SessionStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = SessionStore(tmp_path / "elsewhere")
    session = store_session(elsewhere)
    assert main(["sessions", "list", "--from", str(elsewhere.root)]) == 0
    assert session.id in capsys.readouterr().out
    assert main(["sessions", "delete", str(session.folder), "--yes"]) == 1
    assert session.folder.exists()
    assert main(["sessions", "list", "--from", str(tmp_path / "nowhere")]) == 2
