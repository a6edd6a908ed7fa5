"""``posturecam rescore``: judged again from the landmarks, without the video, and the difference shown."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
import yaml

from posturecam.cli.main import main
from posturecam.report.types import RankedExercise, Recognised
from posturecam.spec.catalogue import specs_folder
from posturecam.store import SessionStore
from tests.stored import own_store, push_ups, report_of, store_session


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SessionStore:
    monkeypatch.setenv("POSTURECAM_DATA", str(tmp_path / "data"))
    return own_store(tmp_path / "data")


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """The push-up's spec with a depth that nobody reaches."""
    spec = yaml.safe_load((specs_folder() / "push_up.yaml").read_text())
    spec["checks"]["not_low_enough"].update(ok="<= 70", fault="> 75")
    path = tmp_path / "my push-up.yaml"
    path.write_text(yaml.safe_dump(spec))
    return path


def test_the_unchanged_spec_gives_the_identical_report(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    session = store_session(store, person="Ana")
    assert main(["rescore", "--json"]) == 0
    assert capsys.readouterr().out == session.report_path.read_text()
    assert main(["rescore"]) == 0
    assert "The same result as before." in capsys.readouterr().out


def test_what_was_found_out_before_judging_is_no_difference(
    store: SessionStore, capsys: pytest.CaptureFixture[str]
) -> None:
    session = store_session(store)
    known = report_of(session).model_copy(
        update={
            "recovered": True,
            "recognised": Recognised(
                confidence=0.8, ranking=[RankedExercise(exercise="push_up", variant="floor", evidence=0.7)]
            ),
        }
    )
    session.report_path.write_text(known.to_json())
    assert main(["rescore", "last", "--json"]) == 0
    assert capsys.readouterr().out == known.to_json()
    assert main(["rescore", "last", "--spec", "plank", "--json"]) == 0
    assert '"recognised": null' in capsys.readouterr().out


def test_another_spec_shows_what_differs_and_changes_nothing(
    store: SessionStore, stricter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = store_session(store, push_ups((90.0, 92.0)))
    before = session.report_path.read_text()
    assert main(["rescore", session.id, "--spec", str(stricter)]) == 0
    out = capsys.readouterr().out
    assert "Other limits: Not low enough" in out
    assert "Now to work on: Not low enough" in out
    assert "Good reps: 2 → 0" in out
    assert "Rep 1: score" in out
    assert session.report_path.read_text() == before


def test_keep_replaces_the_report_and_leaves_the_old_one_beside_it(store: SessionStore, stricter: Path) -> None:
    session = store_session(store, push_ups((90.0, 92.0)))
    before = report_of(session)
    assert main(["rescore", "--spec", str(stricter), "--keep"]) == 0
    after = report_of(session)
    assert after.reps.good == 0
    assert after.created == before.created
    assert after.provenance.spec_digest != before.provenance.spec_digest
    kept = [path for path in session.folder.iterdir() if path.name.startswith("report-until-")]
    assert [json.loads(path.read_text())["reps"]["good"] for path in kept] == [2]


def test_the_sessions_own_copy_of_a_spec_comes_first(store: SessionStore, stricter: Path) -> None:
    session = store_session(store, push_ups((90.0, 92.0)))
    (session.folder / "spec.yaml").write_text(stricter.read_text())
    assert main(["rescore", "--keep"]) == 0
    assert report_of(session).reps.good == 0


def test_another_variant_and_another_exercise_can_be_tried(
    store: SessionStore, capsys: pytest.CaptureFixture[str]
) -> None:
    store_session(store)
    assert main(["rescore", "--variant", "knee"]) == 0
    assert "Push-up (on the knees)" in capsys.readouterr().out
    assert main(["rescore", "--spec", "plank"]) == 0
    captured = capsys.readouterr()
    assert "is judged as 'plank'" in captured.err
    assert "Plank" in captured.out


def test_the_new_report_can_be_written_out(store: SessionStore, tmp_path: Path) -> None:
    store_session(store)
    assert main(["rescore", "--out", str(tmp_path / "new"), "--format", "json,csv"]) == 0
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["report.csv", "report.json"]


def test_missing_and_damaged_landmarks_are_one_clear_sentence(
    store: SessionStore, capsys: pytest.CaptureFixture[str]
) -> None:
    session = store_session(store, landmarks=False)
    assert main(["rescore"]) == 1
    assert "its landmarks are missing" in capsys.readouterr().err
    session.landmarks_path.write_bytes(b"PK\x03\x04 nonsense")
    assert main(["rescore"]) == 1
    error = capsys.readouterr().err
    assert "cannot be replayed" in error
    assert error.count("\n") == 1


def test_an_exercise_of_a_file_that_is_gone_asks_for_it(
    store: SessionStore, capsys: pytest.CaptureFixture[str]
) -> None:
    session = store_session(store)
    data = json.loads(session.report_path.read_text())
    session.report_path.write_text(json.dumps({**data, "exercise": "my_<b>own</b>"}))
    assert main(["rescore"]) == 2
    assert "name its file with --spec" in capsys.readouterr().err


def test_a_full_disk_is_one_clear_sentence_and_keeps_the_old_report(
    store: SessionStore, stricter: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    session = store_session(store, push_ups((90.0, 92.0)))
    before = session.report_path.read_text()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    assert main(["rescore", "--spec", str(stricter), "--keep"]) == 1
    error = capsys.readouterr().err
    assert "no space left on device" in error
    assert error.count("\n") == 1
    assert session.report_path.read_text() == before
