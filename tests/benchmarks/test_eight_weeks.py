"""Two people over eight weeks: apart, a change called only past the error, adherence right, one recording counted once."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from benchmarks.eight_weeks import ANAS_DAYS, Film, make_store
from posturecam.cli.main import main
from posturecam.model import SourceInfo
from posturecam.poses import PoseSequence
from posturecam.store import SessionStore
from tests import builders as build
from tests.stored import as_stored, push_ups

Out = pytest.CaptureFixture[str]


def film(rows: list) -> Film:  # type: ignore[type-arg]
    poses = PoseSequence()
    for t_s, pose in rows:
        poses.append(t_s, pose, build.WIDTH, build.HEIGHT)
    return Film(poses, SourceInfo("film.mp4", build.WIDTH, build.HEIGHT, 30.0, rows[-1][0], len(rows)))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store, of landmarks by hand: push-ups to 130 degrees, to 90, and to 88; a plank of some seconds."""
    folder = tmp_path_factory.mktemp("weeks")
    plank = [(t_s, as_stored(build.plank(bulge=0.0))) for t_s in build.times(12.0, 15)]
    films = {
        "shallow": film(push_ups((130.0,) * 3)),
        "deep": film(push_ups((90.0,) * 3)),
        "deep again": film(push_ups((88.0,) * 3)),
        "plank": film(plank),
    }
    make_store(folder / "data", films, reps=3, seconds=8.0)
    return folder


@pytest.fixture(autouse=True)
def store(data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SessionStore:
    monkeypatch.setenv("POSTURECAM_DATA", str(data / "data"))
    monkeypatch.chdir(tmp_path)
    return SessionStore(data / "data" / "sessions")


def history(capsys: Out, *options: str) -> str:
    assert main(["history", *options]) == 0
    return capsys.readouterr().out


def rows(capsys: Out, person: str, exercise: str = "push_up") -> list[dict[str, str]]:
    text = history(capsys, "--person", person, "--exercise", exercise, "--format", "csv")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_change_is_called_for_her_who_changed_alone(capsys: Out) -> None:
    ana = rows(capsys, "ana")
    calls = [(row["created"][:10], row["range_change_is"]) for row in ana if row["range_change_is"] in ("up", "down")]
    # the fourth week's first session, and no other
    assert calls == [("2026-10-19", "up")]
    assert {row["range_change_is"] for row in rows(capsys, "ben")} == {"", "within the error"}
    table = history(capsys, "--person", "ana", "--exercise", "push_up")
    assert "Range of motion up from" in table
    assert "Pain before it down from 6 to 3 of 10." in table
    assert "Range of motion unchanged within the measuring error" in history(capsys, "--person", "ben")


def test_adherence_is_what_was_done_of_what_was_asked(capsys: Out) -> None:
    done = sum(ANAS_DAYS)
    told = history(capsys, "--person", "ana", "--exercise", "push_up")
    assert f"Adherence {100 * done / 24:.0f} %: done on {done} of the 24 days asked in 8 weeks, with 100 %" in told
    assert "Adherence 100 %: done on 16 of the 16 days asked in 8 weeks" in history(capsys, "--person", "ben")
    by_week = {row["week"]: (row["week_days_done"], row["week_days_asked"]) for row in rows(capsys, "ana")}
    assert by_week["2026-10-12"] == ("2", "3")
    assert "2026-10-26" not in by_week, "nothing was done in the fifth week"


def test_the_recording_that_was_analysed_twice_is_one(capsys: Out, store: SessionStore) -> None:
    anas = sum(ANAS_DAYS) + sum(days > 0 for days in ANAS_DAYS)
    assert len(store.ids()) == anas + 1 + 16
    assert main(["people", "list"]) == 0
    listed = [line.split("\t") for line in capsys.readouterr().out.splitlines()[1:]]
    assert [(row[0], row[2]) for row in listed] == [("ana", str(anas)), ("ben", "16")]
    assert len(rows(capsys, "ana")) == sum(ANAS_DAYS)


def test_histories_are_apart_on_one_page_too(capsys: Out) -> None:
    history(capsys, "--format", "html", "--out", "all.html")
    page = Path("all.html").read_text(encoding="utf-8")
    assert "Push-up (on the toes), Ana Zabala" in page
    assert "Push-up (on the toes), Ben Ortuño" in page
    history(capsys, "--person", "ben", "--format", "html", "--out", "ben.html")
    assert "Ana" not in Path("ben.html").read_text(encoding="utf-8")


def test_the_workbook_opens_elsewhere_with_weeks_and_meanings(capsys: Out) -> None:
    calamine = pytest.importorskip("python_calamine")
    history(capsys, "--person", "ana", "--format", "xlsx", "--out", "ana.xlsx")
    book = calamine.CalamineWorkbook.from_path("ana.xlsx")
    assert book.sheet_names == ["Sessions", "Weeks", "Meanings"]
    head, *weeks = book.get_sheet_by_name("Weeks").to_python()
    push = [dict(zip(head, row, strict=True)) for row in weeks if row[head.index("exercise")] == "push_up"]
    assert [week["days done"] for week in push] == list(ANAS_DAYS)
    assert [week["adherence"] for week in push] == pytest.approx([days / 3 for days in ANAS_DAYS], abs=0.001)


def test_fhir_has_each_of_it_once(capsys: Out) -> None:
    bundles = pytest.importorskip("fhir.resources.R4B.bundle")
    history(capsys, "--person", "ana", "--format", "fhir", "--out", "ana.json")
    text = Path("ana.json").read_text(encoding="utf-8")
    assert bundles.Bundle.model_validate_json(text)
    codes = [
        entry["resource"]["code"]["coding"][-1]["code"]
        for entry in json.loads(text)["entry"]
        if entry["resource"]["resourceType"] == "Observation"
    ]
    assert codes.count("range-of-motion") == codes.count("pain-before") == sum(ANAS_DAYS)
    assert codes.count("adherence") == 2 * len(ANAS_DAYS)
    assert "Zabala" not in text


def test_an_export_brought_into_an_empty_store_is_the_same_to_the_byte_and_deletion_leaves_no_trace(
    capsys: Out, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: SessionStore
) -> None:
    # a pseudonym is made by the first export without names, and goes along
    history(capsys, "--person", "ana", "--format", "fhir")
    assert main(["people", "export", "ana", "--out", "ana.zip"]) == 0
    monkeypatch.setenv("POSTURECAM_DATA", str(tmp_path / "other"))
    assert main(["people", "import", "ana.zip"]) == 0
    assert main(["people", "export", "ana", "--out", "again.zip"]) == 0
    assert Path("ana.zip").read_bytes() == Path("again.zip").read_bytes()
    here = {
        path.relative_to(tmp_path / "other"): path.read_bytes()
        for path in (tmp_path / "other").rglob("*")
        if path.is_file()
    }
    for name, content in here.items():
        assert (store.root.parent / name).read_bytes() == content
    pseudonym = json.loads((tmp_path / "other" / "people" / "ana" / "person.json").read_text())["pseudonym"]
    assert main(["people", "delete", "ana", "--yes"]) == 0
    for path in (tmp_path / "other").rglob("*"):
        assert "ana" not in path.name
        if path.is_file():
            assert not any(word in path.read_bytes() for word in (b"Ana", b"Zabala", b'"ana"', pseudonym.encode()))
