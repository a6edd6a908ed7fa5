"""Stored sessions as a user asks for them: their reports typed, their problems in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from posturecam.app.host import Host
from posturecam.app.people import as_known, is_theirs, person_key
from posturecam.app.recovery import finish_abandoned
from posturecam.errors import CallError, SessionError, SpecError, StoreError
from posturecam.files import plain
from posturecam.report.history import Entry, each_recording_once, entry_of
from posturecam.report.relations import contradictions
from posturecam.report.types import Report
from posturecam.spec.catalogue import SUFFIXES
from posturecam.spec.own_words import learn_words
from posturecam.store import Damaged, PeopleStore, PersonRecord, Session, SessionStore


@dataclass(frozen=True, eq=False)
class Stored:
    """A stored session and its report."""

    session: Session
    report: Report


def load(session: Session) -> Stored:
    """The session with its report typed and free of contradictions; SessionError names the first part that is wrong."""
    try:
        report = Report.model_validate(session.data, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SessionError(session.report_path, where, first["msg"].lower()) from error
    for where, problem in contradictions(report):
        raise SessionError(session.report_path, where, problem)
    _learn_words(report)
    return Stored(session, report)


def _learn_words(report: Report) -> None:
    """Take the translations of a user's own exercise, if its file is still there: without them it is told as it is written."""
    path = Path(report.provenance.spec_path or "")
    if path.suffix in SUFFIXES:
        with suppress(SpecError, OSError, ValueError):
            learn_words(path)


def find(reference: str, host: Host) -> Stored:
    """What ``last``, an id, a folder or a report.json names; raises StoreError or CallError."""
    store = SessionStore()
    finish_abandoned(store, host)
    return _known(load(store.find(reference)), PeopleStore().people().everybody)


def _known(stored: Stored, everybody: Sequence[PersonRecord]) -> Stored:
    return replace(stored, report=as_known(stored.report, everybody))


def session_before(later: Stored, host: Host) -> Stored:
    """The last earlier session of the same exercise, variant and person; CallError when there is none."""
    report = later.report
    earlier = [
        one
        for one in load_all(SessionStore(), host)[0]
        if one.session.id != later.session.id
        and one.session.created <= later.session.created
        and (one.report.exercise, one.report.variant, person_key(one.report))
        == (report.exercise, report.variant, person_key(report))
    ]
    if not earlier:
        raise CallError(f"There is no earlier session of {plain(report.title())} to compare with.")
    return earlier[-1]


def known(stored: Stored, people: PeopleStore) -> Stored:
    """The session with its person as these people are called today."""
    return _known(stored, people.people().everybody)


def load_all(store: SessionStore, host: Host, people: PeopleStore | None = None) -> tuple[list[Stored], list[Damaged]]:
    """Every session that can be read, oldest first, and those that cannot; ``people`` None: the user's own."""
    finish_abandoned(store, host)
    listing = store.listing()
    readable: list[Stored] = []
    damaged = list(listing.damaged)
    everybody = (people or PeopleStore()).people().everybody
    for session in listing.sessions:
        try:
            readable.append(_known(load(session), everybody))
        except StoreError as error:
            damaged.append(Damaged(session.id, session.folder, str(error)))
    return readable, damaged


def as_entry(stored: Stored) -> Entry:
    """What the history tells of the session."""
    return entry_of(stored.session.id, stored.session.created, stored.report)


def each_once(stored: Iterable[Stored]) -> dict[str, list[Entry]]:
    """Everybody's sessions by their id in the store, the oldest first; a recording that was analysed again is there once."""
    found: dict[str, list[Entry]] = {}
    for entry in sorted(each_recording_once(map(as_entry, stored)), key=lambda entry: (entry.created, entry.session)):
        if entry.person_id is not None:
            found.setdefault(entry.person_id, []).append(entry)
    return found


def tell_damaged(damaged: Iterable[Damaged], host: Host) -> None:
    """Say which sessions were skipped, and why."""
    for one in damaged:
        host.say(f"Skipped: {plain(one.problem)}")


def chosen(
    stored: Iterable[Stored], exercise: str | None, person: str | None, record: PersonRecord | None = None
) -> list[Stored]:
    """The sessions of one exercise, of one person, or all; CallError names the exercises there are when none fits.

    ``person`` is a name that stands in the report, ``record`` somebody whom the store knows.
    """
    everything = list(stored)
    fitting = [
        one
        for one in everything
        if (exercise is None or one.report.exercise == exercise)
        and (record is None or is_theirs(one.report, record))
        and (person is None or (one.report.person_name or "").casefold() == person.casefold())
    ]
    if everything and not fitting:
        if exercise is not None and not any(one.report.exercise == exercise for one in everything):
            known = ", ".join(sorted({plain(one.report.exercise) for one in everything}))
            raise CallError(f"No session of {plain(exercise)!r} is stored; there are sessions of {known}.")
        whose = plain(record.name if record else person or "")
        raise CallError(f"No session of {whose!r} is stored; 'posturecam sessions list' shows whose there are.")
    return fitting


def folder_of(path: str | None) -> SessionStore:
    """The store at ``--from``, or the user's own; CallError when there is no such folder."""
    if path is None:
        return SessionStore()
    if not Path(path).expanduser().is_dir():
        raise CallError(f"{path} is not a folder; --from names a folder of sessions.")
    return SessionStore(path)
