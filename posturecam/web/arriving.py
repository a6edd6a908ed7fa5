"""Recordings on their way into the user's folder: in checked pieces, so that one that was cut off goes on where it was.

Every recording has a folder of its own, named by a digest of what the browser said of it: the same file finds its beginning
again, also after a restart of the program. Nothing of what a request says becomes part of a path.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path

from posturecam.errors import CallError, OutputError, PosturecamError, StoreError
from posturecam.files import read_bounded, write_whole

MOST_BYTES = 32_000_000_000
MOST_UPLOADS = 200
LEAVE_FREE = 500_000_000
"""So much room stays on the disk, for reports and for the rest of the computer."""
FORGOTTEN_S = 14 * 86_400.0
MAX_ABOUT = 20_000
ABOUT, PART = "about.json", "part"
_ID = re.compile(r"[0-9a-f]{32}")
_ENDING = re.compile(r"\.[a-z0-9]{1,5}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class About:
    """What was said of a recording: its ``name`` (only ever shown), ``size`` in bytes, and what it is to be judged as."""

    name: str
    size: int
    exercise: str
    variant: str | None
    person: str | None


class Mismatch(PosturecamError):  # noqa: N818 - an answer, not a failure
    """A piece that does not go on where the recording is, or is not what it says; ``offset`` is where to go on."""

    def __init__(self, offset: int, sentence: str) -> None:
        super().__init__(sentence)
        self.offset = offset


@dataclass(frozen=True)
class Arriving:
    """One recording, whole or in part. ``folder`` is its own."""

    id: str
    folder: Path
    about: About

    @property
    def part(self) -> Path:
        """The bytes that have come."""
        return self.folder / PART

    @property
    def offset(self) -> int:
        """How many bytes have come and been checked."""
        try:
            return self.part.stat().st_size
        except OSError:
            return 0

    @property
    def whole(self) -> bool:
        """Whether all of it is here."""
        return self.offset == self.about.size

    @property
    def ending(self) -> str:
        """The ending that a recording of this name has; ``.mp4`` for none that a recording would have."""
        ending = Path(self.about.name).suffix.lower()
        return ending if _ENDING.fullmatch(ending) else ".mp4"

    async def take(self, offset: int, digest: str, pieces: AsyncIterator[bytes]) -> int:
        """Append what comes, once it has the SHA-256 that was promised; returns the new offset.

        Raises Mismatch, and OutputError when the disk refuses it. What does not come whole leaves nothing behind.
        """
        begun = self.offset
        if offset != begun:
            raise Mismatch(begun, "The recording goes on at another place.")
        if not _DIGEST.fullmatch(digest):
            raise Mismatch(begun, "Each piece needs its SHA-256.")
        found = hashlib.sha256()
        kept = False
        try:
            with self.part.open("ab") as file:
                try:
                    async for piece in pieces:
                        if file.tell() + len(piece) > self.about.size:
                            raise Mismatch(begun, "More came than was announced.")
                        found.update(piece)
                        file.write(piece)
                    kept = found.hexdigest() == digest
                    if not kept:
                        raise Mismatch(begun, "A piece was damaged on its way; it is sent again.")
                    file.flush()
                    os.fsync(file.fileno())
                finally:
                    if not kept:
                        file.truncate(begun)
        except OSError as error:
            raise OutputError(
                f"The recording cannot be kept ({error.strerror or error}); make room and go on."
            ) from error
        return self.offset


class Uploads:
    """The recordings in one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def begin(self, about: About, digest: str) -> Arriving:
        """A place for a recording, or the one that it already has; ``digest`` of its first bytes tells equal names apart."""
        if not (0 < about.size <= MOST_BYTES):
            raise CallError("That is not a recording, or it is larger than 32 GB.")
        if not _DIGEST.fullmatch(digest):
            raise CallError("Say what the recording begins with.")
        key = json.dumps([about.name, about.size, digest, about.exercise, about.variant, about.person])
        folder = self.root / hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32]
        if not folder.is_dir():
            self._make_room(about.size)
            folder.mkdir(parents=True, mode=0o700)
            write_whole(folder / ABOUT, json.dumps(asdict(about)) + "\n")
        return Arriving(folder.name, folder, about)

    def find(self, name: str) -> Arriving:
        """The recording of an id; StoreError when there is none."""
        folder = self.root / name if _ID.fullmatch(name) else None
        about = _read(folder) if folder is not None else None
        if folder is None or about is None:
            raise StoreError("There is no such recording; add it again.")
        return Arriving(name, folder, about)

    def remove(self, arriving: Arriving) -> None:
        """Delete what has come of it."""
        shutil.rmtree(arriving.folder, ignore_errors=True)

    def waiting(self) -> list[Arriving]:
        """What is here, in part or whole, the oldest first."""
        try:
            folders = sorted(
                (one for one in self.root.iterdir() if _ID.fullmatch(one.name)), key=lambda one: one.stat().st_mtime
            )
        except OSError:
            return []
        known = [(folder, _read(folder)) for folder in folders]
        return [Arriving(folder.name, folder, about) for folder, about in known if about is not None]

    def _make_room(self, size: int) -> None:
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        now = time.time()
        for one in self.waiting():
            if now - one.folder.stat().st_mtime > FORGOTTEN_S:
                self.remove(one)
        waiting = self.waiting()
        if len(waiting) >= MOST_UPLOADS:
            raise CallError(f"{len(waiting)} recordings wait already; let them be judged, or take some away.")
        missing = sum(one.about.size - one.offset for one in waiting) + size + LEAVE_FREE
        if shutil.disk_usage(self.root).free < missing:
            raise OutputError("There is not enough room on this computer's disk for that recording.")


def _read(folder: Path) -> About | None:
    try:
        said = json.loads(read_bounded(folder / ABOUT, MAX_ABOUT))
        return About(**said)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
