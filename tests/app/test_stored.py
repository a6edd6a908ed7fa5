"""A stored session is a file that anybody may have written: what contradicts itself is refused by file and field."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from posturecam.app.host import Host
from posturecam.app.stored import load, load_all
from posturecam.errors import SessionError
from posturecam.spec.catalogue import exercise_ids, load_exercise
from posturecam.store import Session, SessionStore, open_session
from tests.stored import own_store, push_ups, store_session

Change = Callable[[dict[str, Any]], object]

WRONG: list[tuple[str, Change]] = [
    ("reps.left", lambda data: data["reps"].update(left="left", right=0)),
    ("reps.left", lambda data: data["reps"].update(left="3", right="1")),
    ("reps.left", lambda data: data["reps"].update(left=90, right=1)),
    ("reps.left", lambda data: data["reps"].update(left=1)),
    ("reps.items.0.side", lambda data: data["reps"]["items"][0].update(side=1)),
    ("reps.items.0.index", lambda data: data["reps"]["items"][0].update(index=True)),
    ("reps.count", lambda data: data["reps"].update(count=99)),
    ("reps.good", lambda data: data["reps"].update(good=-1)),
    ("reps.items", lambda data: data["reps"]["items"].reverse()),
    ("reps.items.0.end_s", lambda data: data["reps"]["items"][0].update(end_s=-5.0)),
    ("reps.items.0.hold_s", lambda data: data["reps"]["items"][0].update(hold_s=-5.0)),
    ("reps.items.0.faults.0.id", lambda data: data["reps"]["items"][0].update(faults=[mark("no_such_check")])),
    ("faults.0.id", lambda data: data["faults"][0].update(id="no_such_check")),
    ("faults.0.reps", lambda data: data["faults"][0].update(reps=[77])),
    ("checks", lambda data: data["checks"].append(data["checks"][0])),
    ("timeline.checks.nothing", lambda data: data["timeline"]["checks"].update(nothing=[])),
    ("timeline.curve.values", lambda data: data["timeline"]["curve"]["values"].pop()),
    ("timeline.curve.t_s", lambda data: data["timeline"]["curve"]["t_s"].reverse()),
    ("timeline.phases.0.end_s", lambda data: data["timeline"]["phases"][0].update(end_s=-9.0)),
    ("measures.elbow", lambda data: data["measures"]["elbow"].update(min=170.0, max=10.0)),
    ("holds.longest_s", lambda data: data["holds"].update(longest_s=9.0)),
    ("source.width", lambda data: data["source"].update(width=-640)),
    ("source.frames", lambda data: data["source"].update(frames=-1)),
    ("dose.sets", lambda data: data["dose"].update(sets=-1)),
    ("score", lambda data: data.update(score=1e400)),
    ("anything.0", lambda data: data.update(anything=[float("1e300")])),
    ("source.frames", lambda data: data["source"].update(frames=10**40)),
    ("summary", lambda data: data.update(summary="half a \ud83d")),
    ("extra", lambda data: data.update(extra={"\udc00": 1})),
    ("created", lambda data: data.update(created="yesterday")),
]


def mark(name: str) -> dict[str, Any]:
    return {"id": name, "value": None, "limit": None, "margin": None, "at_s": None}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return store_session(SessionStore(tmp_path_factory.mktemp("good")), push_ups((90.0, 130.0, 130.0, 130.0)))


def changed(good: Session, change: Change, folder: Path) -> Session:
    """The session with its report changed, read again."""
    data = json.loads(good.report_path.read_text(encoding="utf-8"))
    change(data)
    text = json.dumps(data).replace("Infinity", "1e999")
    (folder / "report.json").write_text(text, encoding="utf-8")
    return open_session(folder)


@pytest.mark.parametrize(("field", "change"), WRONG, ids=[f"{n}-{field}" for n, (field, _) in enumerate(WRONG)])
def test_what_contradicts_itself_is_refused(good: Session, tmp_path: Path, field: str, change: Change) -> None:
    with pytest.raises(SessionError) as refused:
        _ = load(changed(good, change, tmp_path)).session.created
    assert refused.value.path == tmp_path / "report.json"
    assert refused.value.field.startswith(field)
    assert str(refused.value).isprintable()


def test_deep_nesting_is_refused(good: Session, tmp_path: Path) -> None:
    text = good.report_path.read_text(encoding="utf-8").rstrip().removesuffix("}")
    (tmp_path / "report.json").write_text(f'{text}, "x": {"[" * 500}{"]" * 500}}}', encoding="utf-8")
    with pytest.raises(SessionError, match="nested too deeply"):
        open_session(tmp_path)


def test_a_refused_one_never_hides_the_others(good: Session, tmp_path: Path) -> None:
    store_session(own_store(tmp_path))
    bad = own_store(tmp_path).root / "20260101-000000-bad"
    bad.mkdir()
    changed(good, lambda data: data["reps"].update(count=99), bad)
    stored, (damaged,) = load_all(own_store(tmp_path), Host())
    assert [one.report.exercise for one in stored] == ["push_up"]
    assert damaged.id == "20260101-000000-bad"
    assert "reps.count: says 99" in damaged.problem


@pytest.mark.parametrize("name", exercise_ids())
def test_whatever_this_program_writes_is_accepted(name: str, tmp_path: Path) -> None:
    session = store_session(SessionStore(tmp_path), exercise=load_exercise(name), landmarks=False)
    assert load(session).report.exercise == load_exercise(name).id


def test_older_reports_of_one_second_are_all_kept(good: Session, tmp_path: Path) -> None:
    store = SessionStore(tmp_path)
    session = store_session(store)
    texts = [session.report_path.read_text(encoding="utf-8")]
    for number in range(5):
        data = json.loads(texts[0]) | {"summary": f"Number {number}."}
        texts.append(json.dumps(data))
        session = store.replace_report(session, texts[-1])
    kept = [path.read_text(encoding="utf-8") for path in session.folder.glob("report-until-*.json")]
    assert sorted(kept) == sorted(texts[:-1])
