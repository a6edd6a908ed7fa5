"""People as a user names them: who a session belongs to, and what they are called today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from posturecam.app.host import Host
from posturecam.errors import CallError
from posturecam.report.types import Person, Report
from posturecam.store import PeopleStore, PersonRecord, Session, SessionStore, nothing_of, owner_of


def person_part(person: PersonRecord) -> Person:
    """What a report says of a person."""
    return Person(name=person.name, id=person.id, height_cm=person.height_cm)


@contextmanager
def whose(
    reference: str | None, name: str | None, host: Host, *, elsewhere: bool, kept: bool = True
) -> Iterator[Person | str | None]:
    """Whose exercise it is, by ``--person`` or by the free ``--name``; somebody new is added to the store and ``host`` told so.

    Somebody new of whom nothing was stored at the end is taken out again. ``elsewhere``: sessions go into another folder than the
    store's own; ``kept``: whether anything is kept. Raises CallError.
    """
    if reference is None:
        yield name
        return
    if name is not None:
        raise CallError("--person and --name both say whose it is; give one of them.")
    if elsewhere:
        raise CallError(
            "--person's sessions stay in the user's own store; leave out --save, or set POSTURECAM_DATA to move the store."
        )
    people = PeopleStore()
    person = people.lookup(reference)
    if person is not None or not kept:
        yield person_part(person or people.named(reference))
        return
    person = people.named(reference)
    people.add(person)
    host.say(f"{person.name} is new here, as {person.id!r}; if it is mistyped, 'posturecam people delete {person.id}'.")
    try:
        yield person_part(person)
    finally:
        if nothing_of(person, people, SessionStore()):
            people.remove(person.id)
            host.say(f"Nothing was stored of {person.name}, who was therefore not added.")


def as_known(report: Report, everybody: Sequence[PersonRecord]) -> Report:
    """The report with the person as the store knows them today, and how often they are to exercise where it does not say."""
    if report.person is None:
        return report
    data = {"person": report.person if isinstance(report.person, str) else report.person.model_dump()}
    owner = owner_of(data, everybody)
    known = next((one for one in everybody if one.id == owner), None)
    if known is None:
        return report
    dose = report.dose.model_copy(update={"days_a_week": report.dose.days_a_week or known.days_a_week})
    return report.model_copy(update={"person": person_part(known), "dose": dose})


def person_key(report: Report) -> str | None:
    """What is the same in all reports of one person: their id, or else their name; None where nobody is named."""
    if isinstance(report.person, Person) and report.person.id:
        return f"id {report.person.id}"
    return f"name {report.person_name.casefold()}" if report.person_name else None


def is_theirs(report: Report, person: PersonRecord) -> bool:
    """Whether a report is of somebody whom the store knows."""
    return isinstance(report.person, Person) and report.person.id == person.id


def give(session: Session, person: PersonRecord) -> Session:
    """Assign a session to somebody, in its reports and its page; raises OutputError."""
    from posturecam.app.amending import amended  # slow to import: it writes pages

    return amended(session, person=person_part(person))
