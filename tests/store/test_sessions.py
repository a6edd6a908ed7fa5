"""The store keeps every session whole, lists what can be read, and says in one sentence what cannot."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from posturecam.errors import CallError, OutputError, StoreError
from posturecam.store import SCHEMA, SessionStore, data_folder, read_report_data, versions


@pytest.fixture
def store(tmp_path: Path) -> SessionStore:
    return SessionStore(tmp_path / "sessions")


def report(created: str = "2026-03-01T10:00:00+00:00", exercise: str = "push_up", **more: Any) -> str:
    return json.dumps({"schema": SCHEMA, "exercise": exercise, "created": created, **more})


def names(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir())


# where -----------------------------------------------------------------------------------------------------------------


def test_sessions_live_in_the_users_data_folder_which_the_environment_can_move(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("POSTURECAM_DATA", raising=False)
    assert data_folder().name == "posturecam"
    monkeypatch.setenv("POSTURECAM_DATA", str(tmp_path / "elsewhere"))
    assert SessionStore().root == tmp_path / "elsewhere" / "sessions"


@pytest.mark.skipif(os.name == "nt", reason="Windows folders have no modes")
def test_only_their_owner_can_look_at_them(store: SessionStore) -> None:
    store.save(report())
    assert store.root.stat().st_mode & 0o077 == 0


# saving ----------------------------------------------------------------------------------------------------------------


def test_a_session_is_one_folder_named_after_its_moment_and_exercise(store: SessionStore) -> None:
    session = store.save(report(), {"landmarks.npz": b"numbers", "thumbnails/rep-1.jpg": b"picture"})
    assert session.id.endswith("-push_up")
    assert names(session.folder) == ["landmarks.npz", "report.json", "thumbnails"]
    assert session.has_landmarks
    assert store.find(session.id).data["exercise"] == "push_up"


def test_two_sessions_of_the_same_second_are_both_kept(store: SessionStore) -> None:
    first, second = store.save(report()), store.save(report())
    assert first.id != second.id
    assert len(store.listing().sessions) == 2


def test_nothing_is_listed_before_it_is_committed_and_nothing_is_left_when_it_is_given_up(store: SessionStore) -> None:
    with store.draft() as draft:
        draft.add("landmarks.npz", b"numbers")
        assert store.listing().sessions == ()
    assert names(store.root) == []


def test_files_can_be_copied_from_elsewhere(store: SessionStore, tmp_path: Path) -> None:
    made = tmp_path / "landmarks.npz"
    made.write_bytes(b"numbers")
    assert store.save(report(), {"landmarks.npz": made}).landmarks_path.read_bytes() == b"numbers"


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "a/../../evil", ".", ""])
def test_no_file_is_written_outside_the_sessions_folder(store: SessionStore, tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="outside the session's folder"):
        store.save(report(), {name: b"x"})
    assert not (tmp_path / "evil").exists()
    assert names(store.root) == []


@pytest.mark.parametrize(
    "exercise", ["../../etc", "<script>alert(1)</script>", "a/b\\c", 'say "hi"', "🧘", "", "." * 5, "x" * 500]
)
def test_whatever_an_exercise_is_called_its_session_stays_inside_the_store(store: SessionStore, exercise: str) -> None:
    session = store.save(report(exercise=exercise))
    assert session.folder.parent == store.root
    assert all(char.isalnum() or char in "-_" for char in session.id)
    assert len(session.id) < 100
    assert store.find(session.id).exercise == exercise


def test_a_full_disk_is_told_in_one_sentence_and_leaves_nothing(
    store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match=r"cannot be saved in .*: no space left on device\.$"):
        store.save(report())
    assert names(store.root) == []


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be saved"):
        SessionStore(tmp_path / "file" / "sessions").save(report())


def test_what_a_crash_left_behind_goes_after_a_day(store: SessionStore) -> None:
    store.save(report())
    old, new, deleted = (store.root / name for name in (".unfinished-1-1", ".unfinished-2-2", ".deleted-3-3"))
    for folder in (old, new, deleted):
        folder.mkdir()
    os.utime(old, (0, 0))
    store.save(report())
    assert not old.exists()
    assert new.exists()
    assert not deleted.exists()


# listing ---------------------------------------------------------------------------------------------------------------


def test_sessions_are_listed_oldest_first_whatever_their_time_zones(store: SessionStore) -> None:
    late = store.save(report("2026-03-01T10:00:00+00:00"))
    early = store.save(report("2026-03-01T11:00:00+02:00"))
    assert [session.id for session in store.listing().sessions] == [early.id, late.id]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b'{"schema": "posturecam.rep', "cut off"),
        (b"\xff\xfe\x00", "not text"),
        (b"[1, 2]", "not a JSON object"),
        (b'{"schema": "posturecam.report/1", "created": "yesterday"}', "date cannot be read"),
        (b'{"schema": "posturecam.report/1", "score": NaN}', "damaged"),
        (b'{"schema": "posturecam.report/99"}', "newer posturecam"),
        (b'{"schema": "somebody.else/1"}', "not a posturecam report"),
        (b"[" * 100_000, "damaged"),
    ],
)
def test_a_damaged_session_is_listed_with_its_problem_and_never_hides_the_others(
    store: SessionStore, content: bytes, words: str
) -> None:
    whole = store.save(report())
    (store.root / "broken").mkdir()
    (store.root / "broken" / "report.json").write_bytes(content)
    listing = store.listing()
    assert [session.id for session in listing.sessions] == [whole.id]
    assert [damaged.id for damaged in listing.damaged] == ["broken"]
    assert words in listing.damaged[0].problem
    assert store.find("last").id == whole.id


def test_a_folder_without_a_report_counts_as_damaged_and_a_stray_file_as_nothing(store: SessionStore) -> None:
    store.save(report())
    (store.root / "empty").mkdir()
    (store.root / "notes.txt").write_text("mine")
    listing = store.listing()
    assert [damaged.id for damaged in listing.damaged] == ["empty"]
    assert "no report" in listing.damaged[0].problem


def test_an_empty_store_lists_nothing(store: SessionStore) -> None:
    assert store.listing().sessions == ()
    with pytest.raises(StoreError, match="There is no session in"):
        store.find("last")


# naming ----------------------------------------------------------------------------------------------------------------


def test_a_session_is_named_by_last_id_beginning_folder_or_report(store: SessionStore) -> None:
    store.save(report("2026-03-01T10:00:00+00:00"))
    newest = store.save(report("2026-03-02T10:00:00+00:00", exercise="plank"))
    for reference in ("last", newest.id, newest.id[:8], str(newest.folder), str(newest.folder / "report.json")):
        assert store.find(reference).id == newest.id


def test_a_report_may_have_any_file_name(store: SessionStore, tmp_path: Path) -> None:
    path = tmp_path / "from a colleague.json"
    path.write_text(report())
    assert store.find(str(path)).report_path == path


def test_an_unknown_name_and_an_ambiguous_one_are_told_apart(store: SessionStore) -> None:
    store.save(report("2026-03-01T10:00:00+00:00"))
    store.save(report("2026-03-01T12:00:00+00:00"))
    with pytest.raises(StoreError, match="There is no session 'nonsense'"):
        store.find("nonsense")
    with pytest.raises(CallError, match="names 2 sessions"):
        store.find("202603")


@pytest.mark.parametrize("reference", ["..", "../sessions", "", "/", "a\x1b[31mb"])
def test_a_name_never_leads_out_of_the_store(store: SessionStore, reference: str) -> None:
    store.save(report())
    with pytest.raises((StoreError, CallError)) as caught:
        store.delete(reference)
    assert "\x1b" not in str(caught.value)
    assert len(store.listing().sessions) == 1


def test_a_folder_of_sessions_is_no_session(store: SessionStore) -> None:
    store.save(report())
    with pytest.raises(CallError, match="holds several sessions"):
        store.find(str(store.root))


# changing and deleting -------------------------------------------------------------------------------------------------


def test_a_replaced_report_keeps_the_one_before(store: SessionStore) -> None:
    session = store.save(report(score=50))
    store.replace_report(session, report(score=60))
    assert store.find(session.id).data["score"] == 60
    kept = [path for path in session.folder.iterdir() if path.name.startswith("report-until-")]
    assert json.loads(kept[0].read_text())["score"] == 50


def test_deleting_removes_one_session_and_only_that(store: SessionStore) -> None:
    first, second = store.save(report()), store.save(report(exercise="plank"), {"landmarks.npz": b"x"})
    store.delete(second.id)
    assert names(store.root) == [first.id]


def test_a_damaged_session_can_be_deleted(store: SessionStore) -> None:
    (store.root / "broken").mkdir(parents=True)
    store.delete("broken")
    assert names(store.root) == []


# versions --------------------------------------------------------------------------------------------------------------


def test_the_store_and_the_report_agree_on_the_version() -> None:
    from posturecam.report import types

    assert types.SCHEMA == SCHEMA == f"posturecam.report/{versions.CURRENT}"


def test_a_report_of_version_1_is_read_with_the_names_of_version_2(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    rep = {"index": 1, "down_s": 0.9, "hold_s": 0.3, "up_s": 0.8}
    path.write_text(json.dumps({"schema": "posturecam.report/1", "reps": {"count": 1, "items": [rep]}}))
    data = read_report_data(path)
    assert data["schema"] == "posturecam.report/2"
    assert data["reps"] == {"count": 1, "items": [{"index": 1, "out_s": 0.9, "hold_s": 0.3, "return_s": 0.8}]}


def test_an_older_report_is_brought_up_to_date_step_by_step(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(versions, "CURRENT", 3)
    monkeypatch.setattr(
        versions, "MIGRATIONS", {1: lambda old: {**old, "two": 2}, 2: lambda old: {**old, "three": old["two"] + 1}}
    )
    path = tmp_path / "report.json"
    path.write_text(report(schema="posturecam.report/1"))
    data = read_report_data(path)
    assert (data["two"], data["three"], data["schema"]) == (2, 3, "posturecam.report/3")


def test_a_report_that_cannot_be_brought_up_to_date_is_damaged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(versions, "CURRENT", 2)
    monkeypatch.setattr(versions, "MIGRATIONS", {1: lambda old: {"new": old["missing"]}})
    path = tmp_path / "report.json"
    path.write_text(report(schema="posturecam.report/1"))
    with pytest.raises(StoreError, match="could not be brought up from version 1"):
        read_report_data(path)
