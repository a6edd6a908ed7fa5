"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from posturecam.errors import OutputError

_BLOCK_BYTES = 1 << 20
_TRIAL_BYTES = 300_000
"""What a small session's report and landmarks take."""


def shown(text: str | os.PathLike[str]) -> str:
    """A path or name as a sentence or report may show it: on one line, printable, valid Unicode, and with nothing lost.

    Where it holds control characters, line breaks, direction marks or bytes that are not UTF-8, these are written as in web
    addresses (``%0A``, ``%E9``), and so is the percent sign there; other texts stay as they are.
    """
    plain = os.fspath(text)
    return plain if plain.isprintable() else "".join(map(_escaped, plain))


def plain(text: str) -> str:
    """Text from a file as a terminal may show it: no control characters, which could move the cursor or change colours."""
    return "".join(char if char.isprintable() else "?" for char in text)


def _escaped(char: str) -> str:
    if char.isprintable() and char != "%":
        return char
    undecoded = "\udc80" <= char <= "\udcff"
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogateescape" if undecoded else "surrogatepass"))


def content_digest(path: Path) -> str:
    """A file's SHA-256 in hexadecimal, read in blocks so that its size does not matter. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def read_bounded(path: Path, most: int) -> bytes:
    """A plain file's content, of a longer one its first ``most + 1`` bytes; never waits for a pipe or device.

    Raises OSError when it cannot be read or is not a plain file, ValueError for a path that no file can have.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is a device or pipe, not a file")
        return file.read(most + 1)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A binary file that takes ``path``'s place when the block ends well, and leaves nothing behind when it does not.

    Missing folders are made. Raises OSError when it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a text (UTF-8) or bytes whole or not at all; raises OutputError in one sentence."""
    try:
        with whole_file(path) as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written ({error.strerror or error}); choose another place or make room."
        ) from error


def ensure_writable(folder: Path) -> None:
    """Make a folder and try that a report would fit into it, before long work is begun; raises OutputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(bytes(_TRIAL_BYTES))
    except OSError as error:
        raise OutputError(
            f"The folder {folder} cannot be written to ({error.strerror or error}); choose another."
        ) from error
