"""``posturecam compare``: two sessions side by side, and nothing made of differences within the measuring error."""

from __future__ import annotations

import json
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
    monkeypatch.setenv("POSTURECAM_DATA", str(tmp_path))
    return own_store(tmp_path)


def test_what_is_better_and_what_is_no_longer_a_fault(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    first = store_session(store, push_ups((130.0, 132.0)), person="Ana")
    store_session(store, push_ups((90.0, 88.0)), created=WHEN + timedelta(days=7), person="Ana")
    assert main(["compare", first.id]) == 0
    out = capsys.readouterr().out
    assert "Better: score and good reps. No longer a fault: Not low enough." in out
    assert "+\tGood reps\t0\t2\t+2" in out
    assert "gone\tNot low enough\t100 %\t-" in out


def test_the_same_movement_twice_differs_by_nothing(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    first = store_session(store, push_ups((90.0, 88.0)))
    second = store_session(store, push_ups((90.0, 88.0), noise=1.0), created=WHEN + timedelta(days=1))
    assert main(["compare", first.id, second.id]) == 0
    assert "No difference beyond the measuring error." in capsys.readouterr().out


def test_different_exercises_come_with_a_caution(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    first = store_session(store)
    rows = [(t_s, as_stored(build.plank(bulge=0.0))) for t_s in build.times(6.0, 30)]
    second = store_session(store, rows, exercise=load_exercise("plank"), created=WHEN + timedelta(days=1))  # type: ignore[arg-type]
    assert main(["compare", first.id, second.id]) == 0
    assert "These are different exercises" in capsys.readouterr().err


def test_other_limits_come_with_a_caution(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    first = store_session(store)
    data = json.loads(first.report_path.read_text())
    data["checks"][0]["ok"] = ">= -0.3"
    other = store.root.parent / "other.json"
    other.write_text(json.dumps(data))
    assert main(["compare", str(other), first.id]) == 0
    assert "The limits differ for Hips sagging" in capsys.readouterr().err


def test_the_json_says_the_same(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    first = store_session(store, push_ups((130.0, 132.0)))
    second = store_session(store, push_ups((90.0, 88.0)), created=WHEN + timedelta(days=7))
    assert main(["compare", first.id, second.id, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["before"] == first.id
    assert {"name": "Good reps", "before": "0", "after": "2", "change": "+2", "trend": "better"} in told["rows"]
    assert told["faults"][0]["trend"] == "gone"


def test_a_session_that_is_not_there_is_an_error(store: SessionStore) -> None:
    store_session(store)
    assert main(["compare", "nonsense"]) == 1


def test_last_alone_compares_the_last_two_of_the_exercise(
    store: SessionStore, capsys: pytest.CaptureFixture[str]
) -> None:
    first = store_session(store, push_ups((130.0, 132.0)))
    second = store_session(store, push_ups((90.0, 88.0)), created=WHEN + timedelta(days=1))
    assert main(["compare", "last"]) == 0
    out = capsys.readouterr().out
    assert out.index(first.id) < out.index(second.id)


def test_a_session_is_not_compared_with_itself(store: SessionStore, capsys: pytest.CaptureFixture[str]) -> None:
    only = store_session(store)
    assert main(["compare", "last"]) == 2
    assert "There is no earlier session of Push-up" in capsys.readouterr().err
    assert main(["compare", only.id, "last"]) == 2
    assert "are the same session; name two" in capsys.readouterr().err
