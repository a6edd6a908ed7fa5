"""Folders and files of the store as the disk sees them: private, synced, and never taking each other's place."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from posturecam.errors import OutputError

MAX_SAME_NAME = 1000


def safe_name(text: str) -> str:
    """``text`` as part of a file name on any system: ASCII letters, digits, - and _, at most 60 of them."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", text).strip("_-")[:60]
    return plain or "session"


def make_private(root: Path) -> None:
    """Make the folder so that only its owner can look at the pictures and numbers in it."""
    if not root.is_dir():
        root.mkdir(parents=True, exist_ok=True, mode=0o700)


def remove(path: Path) -> None:
    """Remove a file or folder, and not what a link points at; what cannot be removed stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


def keep_beside(path: Path, name: str) -> None:
    """Copy a file under a new name in its folder, which never is that of another copy."""
    for number in range(1, MAX_SAME_NAME):
        kept = path.with_name(f"{name}.json" if number == 1 else f"{name}-{number}.json")
        try:
            with kept.open("xb") as copy:
                copy.write(path.read_bytes())
                sync(copy.fileno())
        except FileExistsError:
            continue
        return
    raise OutputError(f"{path.parent} holds too many reports called {name}; delete some of them.")


def newest_change(folder: Path) -> float:
    """When anything in a folder changed last, in seconds since 1970; now when that cannot be told."""
    try:
        return max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))
    except OSError:
        return time.time()


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Work that writes a session in ``path``: what the disk refuses becomes an OutputError."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"The session cannot be saved in {path}: {reason}.") from error


def sync_path(path: Path) -> None:
    """Bring a file (or, where the system can, a folder's list of names) onto the disk before it counts as saved."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def sync(descriptor: int) -> None:
    """Bring an open file onto the disk."""
    os.fsync(descriptor)


def quoted(text: str) -> str:
    """What somebody typed, in quotes, short, and fit for a terminal."""
    shown = "".join(char if char.isprintable() else "?" for char in text[:80])
    return f"{shown!r}"
