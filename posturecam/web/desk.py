"""What the pages work on: one run of the program with its store, its settings, and what is going on in it."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from posturecam import language
from posturecam.app.forgetting import delete_everything
from posturecam.app.host import Host
from posturecam.app.kept_looks import former_looks
from posturecam.app.stored import Stored, known, load, load_all
from posturecam.errors import CallError, StoreError
from posturecam.files import plain, read_bounded, write_whole
from posturecam.language import msgid
from posturecam.pose.models import MODEL_NAMES
from posturecam.store import Damaged, PeopleStore, SessionStore
from posturecam.store.folders import remove
from posturecam.store.sessions import data_folder, open_session
from posturecam.web.access import Access, Guest
from posturecam.web.arriving import Uploads
from posturecam.web.jobs import Jobs
from posturecam.web.lenses import Lenses
from posturecam.web.room import Room

SETTINGS = "page.json"
MAX_SETTINGS = 100_000
OWN = ("uploads", "labelled", SETTINGS, "lan-certificate.pem", "lan-key.pem")
"""What the page itself keeps in the user's folder."""


class Voice(Host):
    """The page as the host of the program's work: its news go to the terminal that it was started from."""

    def say(self, line: str) -> None:
        """One line to standard error."""
        print(plain(line), file=sys.stderr, flush=True)


@dataclass(eq=False)
class Desk:
    """Everything one run of the page shares.

    ``data`` is the user's folder, ``looks`` what earlier versions kept of recordings (None: nothing), ``lan`` the phones' address
    (None: no phones).
    ``rooms`` are the live sessions that go on, with whose they are; they change under ``lock``.
    """

    data: Path = field(default_factory=data_folder)
    access: Access = field(default_factory=Access)
    host: Host = field(default_factory=Voice)
    looks: Path | None = field(default_factory=former_looks)
    lan: str | None = None
    fingerprint: str = ""
    rooms: dict[str, tuple[Room, Guest]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    lenses: Lenses = field(default_factory=Lenses)
    jobs: Jobs = field(init=False)

    def __post_init__(self) -> None:
        self.jobs = Jobs(self.store, self.people, self.uploads, self.host)

    @property
    def uploads(self) -> Uploads:
        """Recordings that are on their way in."""
        return Uploads(self.data / "uploads")

    def close(self, seconds: float) -> None:
        """End what goes on, saving it, within so many seconds each."""
        for room, _ in self.rooms.values():
            room.finish()
        for room, _ in self.rooms.values():
            room.wait(seconds)
        self.jobs.close(seconds)

    @property
    def store(self) -> SessionStore:
        """The user's sessions."""
        return SessionStore(self.data / "sessions")

    @property
    def people(self) -> PeopleStore:
        """Who exercises here."""
        return PeopleStore(self.data / "people")

    # sessions -------------------------------------------------------------------------------------------------------

    def sessions(self) -> tuple[list[Stored], list[Damaged]]:
        """Every session that can be read, the newest first, and those that cannot."""
        stored, damaged = load_all(self.store, self.host, self.people)
        return stored[::-1], damaged

    def session(self, name: str, guest: Guest) -> Stored:
        """The stored session of exactly this id, which is compared and never joined to a path; StoreError when there is none.

        A phone has only its own.
        """
        store = self.store
        if name not in store.ids() or (guest.kind == "phone" and name not in guest.made):
            raise StoreError(msgid("There is no such session; it may have been deleted."))
        return known(load(open_session(store.root / name)), self.people)

    # settings -------------------------------------------------------------------------------------------------------

    @property
    def model(self) -> str | None:
        """The pose model that was chosen on the page; None: the program's own choice."""
        return self._chosen("model", MODEL_NAMES)

    @property
    def language(self) -> str:
        """The language of exercises, cues and reports that was chosen on the page, else that of the program."""
        return self._chosen("language", language.languages()) or language.current()

    def choose(self, **chosen: str) -> None:
        """Keep a choice of model or language; CallError for what is not known. Raises OutputError."""
        for name, known_values in (("model", MODEL_NAMES), ("language", language.languages())):
            if name in chosen and chosen[name] not in known_values:
                raise CallError(f"There is no such {name}.")
        write_whole(self.data / SETTINGS, json.dumps({**self._settings(), **chosen}) + "\n")

    def _chosen(self, name: str, known_values: Collection[str]) -> str | None:
        chosen = self._settings().get(name)
        return chosen if chosen in known_values else None

    def _settings(self) -> dict[str, str]:
        try:
            said = json.loads(read_bounded(self.data / SETTINGS, MAX_SETTINGS))
        except (OSError, ValueError, RecursionError):
            return {}
        kept = said if isinstance(said, dict) else {}
        return {name: value for name, value in kept.items() if isinstance(name, str) and isinstance(value, str)}

    def delete_everything(self) -> None:
        """All that the page and the commands keep of people, and the phones' certificate; raises OutputError."""
        delete_everything(self.store, self.people, self.looks)
        for path in (*(self.data / name for name in OWN), *self.data.glob("export-*")):
            remove(path)
        with suppress(OSError):  # not empty: it holds what is not ours
            self.data.rmdir()
