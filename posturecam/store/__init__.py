"""The user's people and sessions on disk: one folder each, written whole or not at all, listed even when one is damaged."""

from posturecam.store.belongings import (
    amend,
    delete_person,
    export_person,
    import_person,
    nothing_of,
    owner_of,
    sessions_of,
)
from posturecam.store.journal import JOURNAL, Journal, Log, read_journal
from posturecam.store.people import People, PeopleStore, PersonRecord, changed
from posturecam.store.sessions import (
    LANDMARKS,
    REPORT,
    SPEC,
    THUMBNAILS,
    Damaged,
    Draft,
    Listing,
    Session,
    SessionStore,
    data_folder,
    open_session,
)
from posturecam.store.versions import SCHEMA, read_report_data

__all__ = [
    "JOURNAL",
    "LANDMARKS",
    "REPORT",
    "SCHEMA",
    "SPEC",
    "THUMBNAILS",
    "Damaged",
    "Draft",
    "Journal",
    "Listing",
    "Log",
    "People",
    "PeopleStore",
    "PersonRecord",
    "Session",
    "SessionStore",
    "amend",
    "changed",
    "data_folder",
    "delete_person",
    "export_person",
    "import_person",
    "nothing_of",
    "open_session",
    "owner_of",
    "read_journal",
    "read_report_data",
    "sessions_of",
]
