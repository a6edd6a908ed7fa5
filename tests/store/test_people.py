"""People are kept under ids that are safe anywhere; what is theirs can be handed on whole and deleted without a trace."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from posturecam.errors import CallError, OutputError, StoreError
from posturecam.store import (
    SCHEMA,
    PeopleStore,
    PersonRecord,
    Session,
    SessionStore,
    amend,
    changed,
    delete_person,
    export_person,
    import_person,
    sessions_of,
)


@pytest.fixture
def people(tmp_path: Path) -> PeopleStore:
    return PeopleStore(tmp_path / "data" / "people")


@pytest.fixture
def sessions(tmp_path: Path) -> SessionStore:
    return SessionStore(tmp_path / "data" / "sessions")


def person(people: PeopleStore, name: str = "Ana Ruiz", **values: object) -> PersonRecord:
    made = changed(people.named(name), **values)
    people.add(made)
    return made


def session(sessions: SessionStore, person: Any = None, day: int = 1, **files: bytes) -> Session:
    data = {"schema": SCHEMA, "exercise": "push_up", "created": f"2026-03-{day:02}T10:00:00+00:00", "person": person}
    return sessions.save(json.dumps(data, ensure_ascii=False), {"thumbnails/rep 1.jpg": b"\xff\xd8", **files})


def of(person: PersonRecord) -> dict[str, object]:
    return {"name": person.name, "id": person.id, "height_cm": person.height_cm}


def tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


# names -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "person_id"),
    [
        ("ana", "ana"),
        ("Ana María Ruiz", "ana-maria-ruiz"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", "person"),
        ("李雷", "person"),
        ("CON", "con-2"),
        ("a/b\\c:d", "a-b-c-d"),
        ("x" * 100, "x" * 32),
        ("-rf", "rf"),
    ],
)
def test_whatever_is_typed_makes_a_folder_within_the_store(people: PeopleStore, typed: str, person_id: str) -> None:
    made = person(people, typed)
    assert made.id == person_id
    assert people.folder(made.id).parent == people.root
    assert people.find(typed) == made


@pytest.mark.parametrize("typed", ["", "  ", "Ana\x1b[31m", "x" * 121, "half \ud800"])
def test_what_is_no_name_is_refused_and_nothing_is_written(people: PeopleStore, typed: str) -> None:
    with pytest.raises(CallError):
        people.named(typed)
    assert not people.root.exists()


def test_two_people_may_have_one_name_and_are_told_apart_by_their_ids(people: PeopleStore) -> None:
    assert [person(people, "Ana").id, person(people, "ana").id] == ["ana", "ana-2"]
    assert people.find("ana").id == "ana"
    people.replace(changed(people.read("ana"), name="Anna"))
    people.replace(changed(people.read("ana-2"), name="Anna"))
    with pytest.raises(CallError, match="2 people"):
        people.find("anna")


def test_somebody_unknown_is_told_with_who_there_is(people: PeopleStore) -> None:
    with pytest.raises(CallError, match="nobody is stored yet"):
        people.find("ben")
    person(people, "Ana")
    with pytest.raises(CallError, match="there are ana"):
        people.find("ben")


@pytest.mark.parametrize("values", [{"height_cm": 16}, {"painful_side": "up"}, {"name": ""}, {"notes": "\x00"}])
def test_values_that_nobody_has_are_refused(people: PeopleStore, values: dict[str, object]) -> None:
    with pytest.raises(CallError):
        changed(people.named("Ana"), **values)


def test_a_damaged_record_is_named_and_hides_nobody(people: PeopleStore) -> None:
    person(people, "Ana")
    person(people, "Ben")
    (people.folder("ben") / "person.json").write_text("{")
    found = people.people()
    assert [one.id for one in found.everybody] == ["ana"]
    assert "ben" in found.problems[0]
    with pytest.raises(StoreError):
        people.read("ben")


# whose session -------------------------------------------------------------------------------------------------------


def test_sessions_belong_by_id_and_a_free_name_to_the_only_one_who_is_called_so(
    people: PeopleStore, sessions: SessionStore
) -> None:
    ana, ben = person(people, "Ana"), person(people, "Ben")
    by_id = session(sessions, of(ana), 1)
    by_name = session(sessions, "ANA", 2)
    session(sessions, of(ben), 3)
    session(sessions, None, 4)
    assert [one.id for one in sessions_of(ana, people, sessions)] == [by_id.id, by_name.id]
    person(people, "Ana")
    assert [one.id for one in sessions_of(ana, people, sessions)] == [by_id.id]


def test_a_session_given_to_somebody_else_keeps_nothing_of_the_one_before(
    people: PeopleStore, sessions: SessionStore
) -> None:
    ana, ben = person(people, "Ana Ruiz"), person(people, "Ben")
    stored = session(sessions, of(ana))
    stored = sessions.replace_report(stored, stored.report_path.read_text())
    amend(stored, {"person": of(ben)})
    assert [one.id for one in sessions_of(ben, people, sessions)] == [stored.id]
    assert not any(b"Ana Ruiz" in content for content in tree(stored.folder).values())


# handing on ------------------------------------------------------------------------------------------------------------


def test_an_export_imported_into_an_empty_store_is_the_same_to_the_byte(
    people: PeopleStore, sessions: SessionStore, tmp_path: Path
) -> None:
    ana = person(people, "Ana Ruiz", height_cm=168.5, painful_side="left", notes="Desk work.\nSwims.")
    for day in (1, 8, 15):
        session(sessions, of(ana), day, **{"landmarks.npz": bytes(range(256)) * day})
    assert export_person(ana, people, sessions, tmp_path / "ana.zip") == 3
    other_people, other_sessions = PeopleStore(tmp_path / "new" / "people"), SessionStore(tmp_path / "new" / "sessions")
    assert import_person(tmp_path / "ana.zip", other_people, other_sessions) == (ana, 3)
    assert tree(tmp_path / "new") == tree(tmp_path / "data")
    export_person(ana, other_people, other_sessions, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "ana.zip").read_bytes()


def test_an_import_never_replaces_anybody(people: PeopleStore, sessions: SessionStore, tmp_path: Path) -> None:
    ana = person(people)
    session(sessions, of(ana))
    export_person(ana, people, sessions, tmp_path / "ana.zip")
    before = tree(tmp_path / "data")
    with pytest.raises(CallError, match="person 'ana-ruiz' already"):
        import_person(tmp_path / "ana.zip", people, sessions)
    people.remove(ana.id)
    with pytest.raises(CallError, match=r"session .* already"):
        import_person(tmp_path / "ana.zip", people, sessions)
    people.add(ana)
    assert tree(tmp_path / "data") == before


RECORD = json.dumps({"schema": "posturecam.person/1", "id": "ana", "name": "Ana"})


@pytest.mark.parametrize(
    "names",
    [
        ["sessions/one/../../../out.txt"],
        ["../out.txt"],
        ["/out.txt"],
        ["sessions/.hidden/report.json"],
        ["sessions/one/report.json", "sessions/one/C:\\out.txt"],
        ["sessions/one/report.json", "sessions/one/nul./x"],
        ["sessions/one/report.json", "sessions/one//x"],
        ["sessions/one/landmarks.npz"],
        ["notes.txt"],
    ],
)
def test_a_zip_with_a_strange_file_imports_nothing(
    people: PeopleStore, sessions: SessionStore, tmp_path: Path, names: list[str]
) -> None:
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("person.json", RECORD)
        for name in names:
            archive.writestr(name, "{}")
    with pytest.raises(CallError):
        import_person(tmp_path / "bad.zip", people, sessions)
    assert tree(tmp_path).keys() == {"bad.zip"}


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 cut off"])
def test_what_is_no_export_is_refused(
    people: PeopleStore, sessions: SessionStore, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "bad.zip").write_bytes(content)
    with pytest.raises(CallError, match=r"bad\.zip"):
        import_person(tmp_path / "bad.zip", people, sessions)


# deleting --------------------------------------------------------------------------------------------------------------


def test_after_deleting_no_file_holds_the_id_or_the_name_and_others_are_untouched(
    people: PeopleStore, sessions: SessionStore, tmp_path: Path
) -> None:
    ana, ben = person(people, "Ana Ruíz"), person(people, "Ben")
    kept = session(sessions, of(ben), 1)
    first = session(sessions, of(ana), 1)
    sessions.replace_report(first, first.report_path.read_text())
    broken = session(sessions, of(ana), 2)
    broken.report_path.write_text(broken.report_path.read_text()[:-3])
    left = sessions.root / ".unfinished-1-1"
    left.mkdir()
    (left / "journal").write_text(json.dumps({"person": of(ana)}))
    assert delete_person(ana, people, sessions) == 2
    for name, content in tree(tmp_path).items():
        text = name.casefold() + content.decode("utf-8", "replace").casefold()
        assert "ana-ruiz" not in text
        assert "ruíz" not in text
        assert "ru\\u00edz" not in text
    assert sessions.ids() == (kept.id,)
    assert [one.id for one in people.people().everybody] == ["ben"]


def test_nobody_is_deleted_while_a_live_session_of_theirs_goes_on(people: PeopleStore, sessions: SessionStore) -> None:
    ana = person(people)
    stored = session(sessions, of(ana))
    with sessions.draft() as draft:
        journal = draft.begin_journal({"person": of(ana)}, lambda _line: None)
        with pytest.raises(OutputError, match="is going on"):
            delete_person(ana, people, sessions)
        journal.close()
    assert sessions.ids() == (stored.id,)
    assert delete_person(ana, people, sessions) == 1
