"""The user's sessions on disk: one folder a session, written whole or not at all, listed even when one is damaged."""

from posturecam.store.journal import JOURNAL, Journal, Log, read_journal
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
    "Session",
    "SessionStore",
    "data_folder",
    "open_session",
    "read_journal",
    "read_report_data",
]
