"""Deleting everything that the program keeps of people on this computer."""

from __future__ import annotations

import contextlib
from pathlib import Path

from posturecam.app.memory import forget
from posturecam.errors import OutputError
from posturecam.store import PeopleStore, SessionStore
from posturecam.store.folders import remove
from posturecam.store.locks import try_lock


def delete_everything(sessions: SessionStore, people: PeopleStore, looks: Path | None) -> None:
    """Delete all sessions, finished, damaged or left by a crash, all people, what was done last, and ``looks``.

    These are what earlier versions kept of recordings (None: nothing). Folders that hold something else stay with it. Raises
    OutputError when a session is going on in another program, before anything is deleted, or when something cannot be deleted.
    """
    hidden = sorted(sessions.root.glob(".*")) if sessions.root.is_dir() else []
    locks = []
    try:
        for folder in (one for one in hidden if one.is_dir()):
            lock = try_lock(folder.with_name(f"{folder.name}.lock"))
            if lock is None:
                raise OutputError("Nothing was deleted: a live session is going on in another program; end it first.")
            locks.append(lock)
        for path in hidden:
            remove(path)
    finally:
        for lock in locks:
            lock.release()
    for name in sessions.ids():
        sessions.delete(name)
    for person in people.folders():
        remove(person)
    forget(sessions)
    for path in looks.glob("*.npz") if looks is not None else ():
        remove(path)
    for folder in (sessions.root, people.root, *([looks] if looks is not None else [])):
        with contextlib.suppress(OSError):  # not there, or not empty: then it holds what is not ours
            folder.rmdir()
    if left := [*sessions.ids(), *(path.name for path in people.folders())]:
        raise OutputError(f"{len(left)} things could not be deleted, such as {left[0]}.")
