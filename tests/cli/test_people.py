"""``posturecam people`` and ``--person``: whose sessions are kept, apart from those of others, handed on and deleted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from posturecam.cli.main import main
from posturecam.store import PeopleStore, SessionStore
from tests.stored import WHEN, own_store, push_ups, store_session


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SessionStore:
    monkeypatch.setenv("POSTURECAM_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return own_store(tmp_path / "data")


@pytest.fixture
def two(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> SessionStore:
    """Ana, who goes ever deeper, and Ben, who does not, three weeks each."""
    for name, depths in (("ana", (125.0, 110.0, 90.0)), ("ben", (120.0, 120.0, 120.0))):
        assert main(["people", "edit", name, "--name", f"{name.title()} Zabala"]) == 0
        for week, depth in enumerate(depths):
            film = f"/films/{name} {week}.mp4"
            session = store_session(store, push_ups((depth, depth)), created=WHEN + timedelta(weeks=week), path=film)
            assert main(["sessions", "assign", session.id, "--person", name]) == 0
    capsys.readouterr()
    return store


def test_a_person_is_kept_with_what_is_known(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    edit = ["people", "edit", "ana", "--name", "Ana Ruiz", "--height", "168 cm", "--pain", "left"]
    assert main([*edit, "--programme", "upper_back_relief", "--notes", "Desk work."]) == 0
    assert main(["people", "show", "ana ruiz"]) == 0
    out = capsys.readouterr().out
    for words in ("Ana Ruiz (ana)", "168 cm", "left", "upper_back_relief", "Desk work."):
        assert words in out
    assert main(["people", "edit", "ana", "--height", "-"]) == 0
    person = PeopleStore().read("ana")
    assert (person.height_cm, person.painful_side) == (None, "left")


@pytest.mark.parametrize(
    "wrong", [["--height", "tall"], ["--height", "1.68"], ["--programme", "nonsense"], ["--name", ""]]
)
def test_a_wrong_value_changes_nothing(
    store: SessionStore, capsys: pytest.CaptureFixture[str], wrong: list[str]
) -> None:
    assert main(["people", "edit", "ana", *wrong]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert PeopleStore().people().everybody == ()


def test_histories_of_two_people_are_apart(two: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "--person", "ana"]) == 0
    ana = capsys.readouterr().out
    assert "over 3 sessions up" in ana
    assert "Range of motion up from" in ana
    assert main(["history", "--person", "ben"]) == 0
    assert "Range of motion unchanged within the measuring error" in capsys.readouterr().out
    assert main(["history"]) == 0
    everybody = capsys.readouterr().out
    assert "Push-up (on the toes), Ana Zabala" in everybody
    assert "Push-up (on the toes), Ben Zabala" in everybody
    assert "over 6 sessions" not in everybody


def test_compare_stays_with_the_person(two: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    last = store_session(two, created=WHEN + timedelta(weeks=9), path="/films/carla.mp4")
    assert main(["people", "edit", "carla"]) == 0
    assert main(["sessions", "assign", "last", "--person", "carla"]) == 0
    assert main(["compare", "last"]) == 2
    assert "no earlier session" in capsys.readouterr().err
    assert main(["sessions", "assign", last.id, "--person", "ben"]) == 0
    assert main(["compare", "last"]) == 0
    assert "Ana" not in capsys.readouterr().out


def test_one_recording_analysed_twice_is_one_point(two: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    session = store_session(
        two, push_ups((90.0, 90.0)), created=WHEN + timedelta(weeks=2, hours=1), path="/films/ana 2.mp4"
    )
    assert main(["sessions", "assign", session.id, "--person", "ana"]) == 0
    assert len(two.ids()) == 7
    capsys.readouterr()
    assert main(["history", "--person", "ana"]) == 0
    assert "over 3 sessions" in capsys.readouterr().out


def test_a_recording_analysed_twice_is_one_session_in_the_list(
    two: SessionStore, capsys: pytest.CaptureFixture[str]
) -> None:
    later = WHEN + timedelta(weeks=2, hours=1)
    session = store_session(two, push_ups((90.0, 90.0)), created=later, path="/films/ana 2.mp4")
    assert main(["sessions", "assign", session.id, "--person", "ana"]) == 0
    capsys.readouterr()
    assert main(["people", "list"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[2] for row in rows] == ["sessions", "3", "3"]


@pytest.mark.parametrize(
    "call", [["analyse", "no.mp4", "-e", "push_up"], ["live", "push_up", "--camera", "no.mp4", "--no-window"]]
)
def test_what_fails_leaves_nobody_new_behind(
    store: SessionStore, call: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("no.mp4").write_bytes(b"no film")
    monkeypatch.setattr("posturecam.app.desktop.model_file", lambda *_: Path("model.task"))
    assert main([*call, "--person", "Dora Vidal"]) != 0
    assert PeopleStore().people().everybody == ()
    assert not list((store.root.parent / "people").glob("*"))
    assert main(["people", "edit", "dora"]) == 0
    assert main([*call, "--person", "dora"]) != 0
    assert [one.id for one in PeopleStore().people().everybody] == ["dora"]


def test_fhir_calls_people_by_one_pseudonym_for_good(two: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("fhir.resources.R4B.bundle")
    texts = []
    for name in ("one.json", "two.json"):
        assert main(["history", "--person", "ana", "--format", "fhir", "--out", name]) == 0
        texts.append(Path(name).read_text(encoding="utf-8"))
    pseudonym = PeopleStore().read("ana").pseudonym
    assert pseudonym is not None
    assert all(pseudonym in text for text in texts)
    assert not any(word in text for text in texts for word in ("Ana", "Zabala", '"ana"'))
    assert main(["history", "--person", "ana", "--format", "fhir", "--with-names"]) == 0
    assert "Ana Zabala" in Path("posturecam-history.fhir.json").read_text(encoding="utf-8")


def test_a_new_name_is_what_every_session_shows(two: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["people", "edit", "ana", "--name", "Ana Moreno"]) == 0
    assert main(["sessions", "list", "--person", "ana"]) == 0
    out = capsys.readouterr().out
    assert out.count("Ana Moreno") == 4
    assert "Zabala" not in out


def test_everything_moves_to_another_store_and_leaves_no_trace_when_deleted(
    two: SessionStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["people", "export", "ana", "--out", "ana.zip"]) == 0
    assert main(["people", "export", "ana", "--out", "ana.zip"]) == 2
    monkeypatch.setenv("POSTURECAM_DATA", str(tmp_path / "other"))
    assert main(["people", "import", "ana.zip"]) == 0
    capsys.readouterr()
    assert main(["people", "list"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "ana\tAna Zabala\t3\t2026-03-15"
    monkeypatch.setenv("POSTURECAM_DATA", str(tmp_path / "data"))
    assert main(["people", "delete", "ana"]) == 2  # nobody can be asked
    assert main(["people", "delete", "ana", "--yes"]) == 0
    for path in (tmp_path / "data").rglob("*"):
        assert "ana" not in path.name
        assert path.is_dir() or b"Ana Zabala" not in path.read_bytes()
        assert path.is_dir() or b'"ana"' not in path.read_bytes()
    assert len(two.ids()) == 3


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["--person", "ana", "--name", "Ana"], "give one of them"),
        (["--person", "ana", "--save", "sessions"], "leave out --save"),
        (["--person", "ana", "--no-images"], "leaves out names"),
    ],
)
def test_what_contradicts_a_person_is_refused_before_any_work(
    store: SessionStore, capsys: pytest.CaptureFixture[str], call: list[str], words: str
) -> None:
    assert main(["analyse", "a.mp4", "b.mp4", "-e", "push_up", *call]) == 2
    assert words in capsys.readouterr().err
    assert PeopleStore().people().everybody == ()


def test_live_needs_an_exercise_or_a_programme_of_the_persons_own(
    store: SessionStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["people", "edit", "ana"]) == 0
    assert main(["live", "--person", "ana"]) == 2
    assert "no programme of their own" in capsys.readouterr().err


def test_how_often_somebody_is_to_exercise_makes_adherence(
    two: SessionStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["people", "edit", "ana", "--days-a-week", "8"]) == 2
    assert main(["people", "edit", "ana", "--days-a-week", "2"]) == 0
    capsys.readouterr()
    assert main(["history", "--person", "ana"]) == 0
    # three Sundays: one day that is left in the first week, two in each of the others; 2 of 8 reps on each
    assert "done on 3 of the 5 days asked in 3 weeks, with 25 % of the dose" in capsys.readouterr().out


def test_pain_is_written_down_afterwards(two: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    first, *_ = two.ids()
    assert main(["sessions", "pain", first]) == 2
    assert main(["sessions", "pain", first, "--before", "11"]) == 2
    assert main(["sessions", "pain", first, "--before", "6"]) == 0
    assert main(["sessions", "pain", first, "--after", "4"]) == 0
    capsys.readouterr()
    assert main(["sessions", "show", first]) == 0
    assert "Pain      6 before, 4 after" in capsys.readouterr().out
