"""What leaves for other programs: the history as FHIR, with pseudonyms in place of people."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from posturecam.report.fhir import history_fhir, people_in
from posturecam.report.history import Entry
from posturecam.store import PeopleStore, changed


def as_fhir(entries: Sequence[Entry], *, with_names: bool = False) -> str:
    """The sessions as a FHIR Bundle's JSON; raises CallError when the extra ``fhir`` is missing, OutputError from the store.

    Somebody in the store has one pseudonym for good; a name that was only written down gets another one every time.
    """
    people = PeopleStore()
    known = {one.id: one for one in people.people().everybody}
    pseudonyms = {}
    for whose in people_in(entries):
        record = known.get(whose)
        if record is not None and record.pseudonym is None:
            record = changed(record, pseudonym=str(uuid.uuid4()))
            people.replace(record)
        pseudonyms[whose] = str(uuid.uuid4()) if record is None or record.pseudonym is None else record.pseudonym
    return history_fhir(entries, datetime.now().astimezone(), pseudonyms, with_names=with_names)
