"""The user's sessions on disk: one folder a session, written whole or not at all, listed even when one is damaged."""

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
    "LANDMARKS",
    "REPORT",
    "SCHEMA",
    "SPEC",
    "THUMBNAILS",
    "Damaged",
    "Draft",
    "Listing",
    "Session",
    "SessionStore",
    "data_folder",
    "open_session",
    "read_report_data",
]
