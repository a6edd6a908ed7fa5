"""``posturecam history``: progress over sessions, as table, page and CSV."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest

from posturecam.cli.main import main
from posturecam.spec.catalogue import load_exercise
from posturecam.store import SessionStore
from tests import builders as build
from tests.stored import WHEN, as_stored, own_store, push_ups, store_session


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SessionStore:
    """Three weeks of push-ups that go ever deeper, and one plank."""
    monkeypatch.setenv("POSTURECAM_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    store = own_store(tmp_path / "data")
    for week, depths in enumerate([(132.0, 130.0), (128.0, 95.0), (90.0, 88.0)]):
        film = f"/home/ana/Videos/week {week}.mp4"
        store_session(store, push_ups(depths), created=WHEN + timedelta(weeks=week), person="Ana", path=film)
    rows = [(t_s, as_stored(build.plank(bulge=0.0))) for t_s in build.times(6.0, 30)]
    store_session(store, rows, exercise=load_exercise("plank"), created=WHEN, person="=cmd()")  # type: ignore[arg-type]
    return store


def test_the_table_says_in_words_how_it_has_gone(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history"]) == 0
    out = capsys.readouterr().out
    first, sentence, kept, _, header, newest, *_ = out.splitlines()
    assert first == "Push-up (on the toes)"
    assert sentence.startswith("Score over 3 sessions up from ")
    assert "Most frequent fault: Not low enough (in 2 of 3 sessions, not in the last one)." in sentence
    assert kept == "Done on 3 days in 3 weeks, with 25 % of the dose on average."
    assert header.split() == ["Date", "Session", "Score", "Reps", "Range", "Dose", "To", "work", "on"]
    assert "± is the measuring error (95 of 100 values lie within it)" in out
    assert newest.startswith("15 March 2026")
    assert "Plank" in out


def test_one_exercise_or_one_person_can_be_asked_for(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "--exercise", "plank"]) == 0
    assert "Push-up" not in capsys.readouterr().out
    assert main(["history", "--name", "ana"]) == 0
    assert "Plank" not in capsys.readouterr().out
    assert main(["history", "--exercise", "cat_cow"]) == 2
    assert "there are sessions of plank, push_up" in capsys.readouterr().err


def test_the_csv_has_a_line_a_session_and_no_formula(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == 4
    push_ups_rows = [row for row in rows if row["exercise"] == "push_up"]
    assert [row["good_reps"] for row in push_ups_rows] == ["0", "1", "2"]
    assert push_ups_rows[0]["most_frequent_fault"] == "Not low enough"
    (plank,) = (row for row in rows if row["exercise"] == "plank")
    assert float(plank["longest_hold_s"]) > 4
    assert plank["reps"] == ""
    assert plank["person"] == "'=cmd()"


def test_the_page_holds_charts_and_asks_nobody_for_anything(
    store: SessionStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", "--format", "html"]) == 0
    page = Path(capsys.readouterr().out.strip()).read_text()
    assert page.count('<svg class="chart wide"') >= 3
    assert "<script" not in page
    assert "http://www.w3.org" in page
    assert not [word for word in ("https://", 'src="', "@import", "url(") if word in page]


def test_a_persons_page_bears_the_name_as_text(store: SessionStore) -> None:
    for week in range(2):
        store_session(store, created=WHEN + timedelta(weeks=week), person="<script>alert(1)</script>")
    assert main(["history", "--name", "<script>alert(1)</script>", "--format", "html", "--out", "page.html"]) == 0
    page = Path("page.html").read_text()
    assert "Progress of &lt;script&gt;" in page
    assert "<script" not in page


def test_a_damaged_session_is_passed_over_and_counted(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    (store.root / "broken").mkdir()
    assert main(["history", "--format", "html", "--out", "page.html"]) == 0
    assert "Skipped" in capsys.readouterr().err
    assert "1 could not be read" in Path("page.html").read_text()


def test_no_session_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POSTURECAM_DATA", str(tmp_path))
    assert main(["history"]) == 0
    assert "No session is stored" in capsys.readouterr().err


@pytest.mark.parametrize("width", [80, 100, 130])
def test_no_line_is_wider_than_the_terminal(
    width: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POSTURECAM_DATA", str(tmp_path))
    monkeypatch.setenv("COLUMNS", str(width))
    store_session(own_store(tmp_path))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(["history"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= width
    assert any("20260301-100000-push_up" in line for line in lines) == (width == 130)


def test_people_read_it_in_their_language_and_programs_in_english(
    store: SessionStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", "--language", "de"]) == 0
    assert "Liegestütz" in capsys.readouterr().out
    assert main(["history", "--language", "de", "--format", "csv"]) == 0
    assert "Liegestütz" not in capsys.readouterr().out
