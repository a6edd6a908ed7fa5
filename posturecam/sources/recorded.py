"""When a recording was filmed: what its container says, or else its file's date."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal, NamedTuple

from posturecam.errors import SourceError
from posturecam.sources.container import open_recording

ENDS_BYTES = 1 << 20
EARLIEST_YEAR = 1990
"""Cameras without a clock write 1904 or 1970: the beginnings of their calendars, not a date."""


class RecordedAt(NamedTuple):
    """A moment with its time zone, and where it is known from."""

    at: datetime
    known_from: Literal["tag", "file"]


def recorded_at(path: str | Path) -> RecordedAt | None:
    """When the recording was filmed; None when neither its tags nor its file tell.

    ``creation_time`` of the container (mp4, mov, mkv; UTC unless it says otherwise) comes first, as copying a file keeps it.
    """
    tagged = _tagged(Path(path))
    if tagged is not None:
        return RecordedAt(tagged, "tag")
    try:
        changed = datetime.fromtimestamp(Path(path).stat().st_mtime, timezone.utc)
    except (OSError, OverflowError, ValueError):
        return None
    return RecordedAt(changed.astimezone(), "file")


def fingerprint(path: str | Path) -> str | None:
    """The same for two copies of one recording, and for no others: its size and the SHA-256 of its beginning and end.

    None when it cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            digest = hashlib.sha256(file.read(ENDS_BYTES))
            file.seek(max(0, size - ENDS_BYTES))
            digest.update(file.read(ENDS_BYTES))
    except OSError:
        return None
    return f"{size}-{digest.hexdigest()[:32]}"


def _tagged(path: Path) -> datetime | None:
    try:
        container, file = open_recording(path)
    except SourceError:
        return None
    with file, container:
        tags = [dict(container.metadata), *(dict(stream.metadata) for stream in container.streams.video)]
    for name in ("com.apple.quicktime.creationdate", "creation_time"):
        for tag in tags:
            if (moment := moment_of(tag.get(name, ""))) is not None:
                return moment
    return None


def moment_of(text: str) -> datetime | None:
    """A tag's moment, with a time zone; None when it is not one that a camera can have been used at."""
    text = text.strip().replace("Z", "+00:00")
    # Apple writes +0100, which Python reads from 3.11 on only
    if len(text) > 5 and text[-5] in "+-" and text[-4:].isdigit():
        text = f"{text[:-2]}:{text[-2:]}"
    if "." in text:
        head, _, rest = text.partition(".")
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        text = head + rest[len(digits) :]
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.year < EARLIEST_YEAR:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
