"""What belongs to a person: their sessions, given to somebody else, handed on in one zip, or deleted without a trace."""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from posturecam.errors import CallError, OutputError, StoreError
from posturecam.files import whole_file, write_whole
from posturecam.store.folders import make_private, remove, sync_path, writing
from posturecam.store.locks import try_lock
from posturecam.store.people import MAX_PERSON_BYTES, PERSON, PeopleStore, PersonRecord, read_person
from posturecam.store.sessions import REPORT, Session, SessionStore

SESSIONS = "sessions"
MAX_MEMBERS = 200_000
MAX_MEMBER_BYTES = 2_000_000_000
MAX_TOTAL_BYTES = 50_000_000_000

_EPOCH = (1980, 1, 1, 0, 0, 0)
_SESSION_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,120}")
_IMPORT = ".import-"
_BLOCK = 1 << 20


def owner_of(data: Mapping[str, Any], everybody: Iterable[PersonRecord]) -> str | None:
    """The id of the person whose session a report's JSON is; a free name is the only person's that is called so."""
    person = data.get("person")
    if isinstance(person, dict):
        owner = person.get("id")
        if isinstance(owner, str):
            return owner
        person = person.get("name")
    if not isinstance(person, str):
        return None
    typed = person.casefold()
    called = [one.id for one in everybody if typed in (one.id, one.name.casefold())]
    return called[0] if len(called) == 1 else None


def sessions_of(person: PersonRecord, people: PeopleStore, sessions: SessionStore) -> list[Session]:
    """Their readable sessions, oldest first."""
    everybody = people.people().everybody
    return [one for one in sessions.listing().sessions if owner_of(one.data, everybody) == person.id]


def nothing_of(person: PersonRecord, people: PeopleStore, sessions: SessionStore) -> bool:
    """Whether no session is theirs, neither a whole one nor one that was cut off and is yet to be finished."""
    hidden = sessions.root.glob(".*") if sessions.root.is_dir() else ()
    cut_off = any(folder.is_dir() and _mentions(folder, person) for folder in hidden)
    return not (cut_off or sessions_of(person, people, sessions))


def amend(session: Session, values: Mapping[str, Any]) -> None:
    """Put other ``values`` (a report's keys) into every report that a session's folder keeps.

    Raises OutputError.
    """
    for path in sorted(session.folder.glob("report*.json")):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(f"{path} cannot be read; delete it.") from error
        write_whole(path, json.dumps({**data, **values}, indent=2, ensure_ascii=False) + "\n")


def export_person(person: PersonRecord, people: PeopleStore, sessions: SessionStore, out: Path) -> int:
    """Write everything of a person into one zip, the same bytes for the same content; returns the number of sessions."""
    theirs = sessions_of(person, people, sessions)
    with writing(out), whole_file(out) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, PERSON, people.folder(person.id) / PERSON)
        for session in theirs:
            for path in sorted(session.folder.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    name = f"{SESSIONS}/{session.id}/{path.relative_to(session.folder).as_posix()}"
                    _put(archive, name, path)
    return len(theirs)


def import_person(path: Path, people: PeopleStore, sessions: SessionStore) -> tuple[PersonRecord, int]:
    """Bring a person that :func:`export_person` wrote into the store, all or nothing; returns them and their sessions' number.

    Raises CallError when the file is not such a zip or something in it is there already, OutputError when it cannot be written.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            person, members = _checked(archive, path)
            names = sorted({name.split("/")[1] for name in members})
            _refuse_taken(person, names, people, sessions)
            _unpack(archive, members, names, sessions)
    except FileNotFoundError as error:
        raise CallError(f"There is no file {path}.") from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise CallError(f"{path} is not a whole zip that 'posturecam people export' wrote ({error}).") from error
    except OSError as error:
        raise OutputError(f"{path} cannot be imported: {(error.strerror or str(error)).lower()}.") from error
    people.add(person)
    return person, len(names)


def delete_person(person: PersonRecord, people: PeopleStore, sessions: SessionStore) -> int:
    """Delete a person and everything of theirs, damaged sessions and what a crash left behind too; returns the sessions' number.

    The person goes last, so that a deletion that was cut off can be repeated. Raises OutputError, also while a live session of
    theirs is going on.
    """
    theirs = [session.id for session in sessions_of(person, people, sessions)]
    damaged = [one.id for one in sessions.listing().damaged if _mentions(one.folder, person)]
    _remove_unfinished(person, sessions)
    for session_id in (*theirs, *damaged):
        sessions.delete(session_id)
    people.remove(person.id)
    return len(theirs) + len(damaged)


def _put(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    info.file_size = path.stat().st_size
    with path.open("rb") as source, archive.open(info, "w") as target:
        shutil.copyfileobj(source, target, _BLOCK)


def _checked(archive: zipfile.ZipFile, path: Path) -> tuple[PersonRecord, dict[str, zipfile.ZipInfo]]:
    """The person in the zip, and its sessions' files by name, every name safe."""
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS or sum(info.file_size for info in infos) > MAX_TOTAL_BYTES:
        raise CallError(f"{path} holds more than any person's sessions.")
    members = {info.filename: info for info in infos}
    if len(members) != len(infos) or PERSON not in members:
        raise CallError(
            f"{path} is not a zip that 'posturecam people export' wrote: it holds no {PERSON}, or a file twice."
        )
    record = members.pop(PERSON)
    if record.file_size > MAX_PERSON_BYTES:
        raise CallError(f"{path}: {PERSON} is larger than any person's record.")
    for name, info in members.items():
        if not _safe(name) or info.file_size > MAX_MEMBER_BYTES:
            raise CallError(f"{path} holds {name[:80]!r}, which is not a file of a session; nothing was imported.")
    try:
        person = read_person(archive.read(record), f"{PERSON} in {path}")
    except StoreError as error:
        raise CallError(str(error)) from error
    missing = {name.split("/")[1] for name in members if f"{SESSIONS}/{name.split('/')[1]}/{REPORT}" not in members}
    if missing:
        raise CallError(f"{path}: the session {sorted(missing)[0]} has no {REPORT}; nothing was imported.")
    return person, members


def _safe(name: str) -> bool:
    """Whether a name in a zip is a file in a session's folder, on any system."""
    parts = PurePosixPath(name).parts
    plain = name == "/".join(parts) and not any(char in '\\:*?"<>|' or not char.isprintable() for char in name)
    return (
        plain
        and 3 <= len(parts) <= 5
        and parts[0] == SESSIONS
        and _SESSION_NAME.fullmatch(parts[1]) is not None
        and all(not part.startswith(".") and part.rstrip(" .") == part for part in parts)
    )


def _refuse_taken(person: PersonRecord, names: list[str], people: PeopleStore, sessions: SessionStore) -> None:
    if people.folder(person.id).exists():
        raise CallError(f"There is a person {person.id!r} already; nothing was imported.")
    taken = sorted(set(names) & set(sessions.ids()))
    if taken:
        raise CallError(f"There is a session {taken[0]} already; nothing was imported.")


def _unpack(
    archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], names: list[str], sessions: SessionStore
) -> None:
    """Write the sessions into a hidden folder, then give each its name; what fails takes all of it back."""
    with writing(sessions.root):
        make_private(sessions.root)
    hidden = sessions.root / f"{_IMPORT}{os.getpid()}"
    placed: list[Path] = []
    try:
        for name, info in members.items():
            target = hidden.joinpath(*PurePosixPath(name).parts[1:])
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with archive.open(info) as source, target.open("xb") as file:
                shutil.copyfileobj(source, file, _BLOCK)
            sync_path(target)
        for name in names:
            (hidden / name).rename(sessions.root / name)
            placed.append(sessions.root / name)
    except BaseException:
        for folder in placed:
            remove(folder)
        raise
    finally:
        remove(hidden)


def _mentions(folder: Path, person: PersonRecord) -> bool:
    """Whether a file of a folder that cannot be read as a session names the person as the one it belongs to."""
    words = {json.dumps(word, ensure_ascii=plain)[1:-1] for word in (person.id, person.name) for plain in (True, False)}
    theirs = "|".join(re.escape(word) for word in words).encode()
    named = re.compile(rb'"(?:id|name|person)"\s*:\s*"(?:' + theirs + rb')"', re.IGNORECASE)
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return any(named.search(path.read_bytes()) for path in files)


def _remove_unfinished(person: PersonRecord, sessions: SessionStore) -> None:
    """Remove what crashes left behind of them; OutputError when one of their sessions is going on."""
    for folder in sorted(sessions.root.glob(".*")) if sessions.root.is_dir() else ():
        if not folder.is_dir() or not _mentions(folder, person):
            continue
        lock = try_lock(folder.with_name(f"{folder.name}.lock"))
        if lock is None:
            raise OutputError(f"A live session of {person.id} is going on; end it, then delete them.")
        remove(folder)
        lock.release()
