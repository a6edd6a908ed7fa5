"""The log of a session that goes on: what was seen is on the disk within half a second, whatever happens next.

The file begins with a line that names its kind; then come blocks: kind (one byte), length and CRC-32 of the content, content. The
first block is the header, a JSON object; the others hold the rows of a :class:`~posturecam.poses.PoseSequence` one after the
other: their number, then each array's bytes in the order of the :data:`~posturecam.poses.LAYOUT`. Blocks are only
ever appended, each brought onto the disk before the next: whatever ends the program tears the last at most; reading ends there.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from posturecam.errors import StoreError
from posturecam.model import Pose
from posturecam.poses import LAYOUT, MAX_FRAMES, PoseSequence, concatenate

JOURNAL = "journal"
FLUSH_S = 0.4
"""So often what has come is written: with the time that a slow disk takes it stays well under the second that is promised."""

_KIND = b"posturecam.journal/1\n"
_HEAD = struct.Struct("<cII")
_COUNT = struct.Struct("<I")
_HEADER, _ROWS = b"H", b"R"
_MAX_BLOCK = 64_000_000
_ROW_BYTES = sum(int(np.dtype(dtype).itemsize * np.prod(tail, dtype=np.int64)) for dtype, tail in LAYOUT.values())


class Journal:
    """Writes the log from a thread of its own, so that a slow disk never holds up the camera.

    A disk that cannot be written to ends nothing: ``tell`` gets one sentence, what was not written is kept and tried again
    every time, and the log never holds half a block for it. Raises OSError when the file cannot be begun.
    """

    def __init__(self, path: Path, header: Mapping[str, object], tell: Callable[[str], None]) -> None:
        self._path = path
        self._tell = tell
        self._lock = threading.Lock()
        self._new = PoseSequence()
        self._unwritten = b""
        self._waiting = 0
        self._told = False
        self._file: int | None = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        self._end = 0
        self.rows = 0
        """How many rows are on the disk."""
        self._write(_KIND + _block(_HEADER, json.dumps(dict(header)).encode()))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def append(self, t_s: float, pose: Pose | None, width: int, height: int) -> None:
        """Take one row, as :meth:`posturecam.poses.PoseSequence.append` does; it is on the disk half a second later."""
        with self._lock:
            self._new.append(t_s, pose, width, height)

    @property
    def complete(self) -> bool:
        """Whether all that came until the last writing is on the disk."""
        return not self._unwritten

    def close(self, *, give_up: bool = False) -> None:
        """Write what is left and close the file, which stays open for another try when that failed, unless ``give_up``."""
        if self._file is None:
            return
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self._flush()
        if self.complete or give_up:
            os.close(self._file)
            self._file = None

    def _run(self) -> None:
        while not self._stop.wait(FLUSH_S):
            self._flush()

    def _flush(self) -> None:
        with self._lock:
            new, self._new = self._new, PoseSequence()
        if len(new):
            self._unwritten += _block(_ROWS, _packed(new))
            self._waiting += len(new)
        if not self._unwritten:
            return
        try:
            self._write(self._unwritten)
        except OSError as error:
            self._cut_back()
            if not self._told:
                self._told = True
                self._tell(
                    f"What is seen cannot be kept as it comes in {self._path.parent} ({error.strerror or error}); make room, "
                    "or a crash would cost this session."
                )
        else:
            self._unwritten = b""
            self.rows, self._waiting = self.rows + self._waiting, 0

    def _write(self, content: bytes) -> None:
        assert self._file is not None
        view = memoryview(content)
        while view:
            view = view[os.write(self._file, view) :]
        os.fsync(self._file)
        self._end += len(content)

    def _cut_back(self) -> None:
        """Take back half a block; reading would end before it in any case."""
        assert self._file is not None
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, self._end)
            os.lseek(self._file, self._end, os.SEEK_SET)


@dataclass(frozen=True, eq=False)
class Log:
    """What a journal holds up to its last whole block."""

    header: Mapping[str, Any]
    poses: PoseSequence


def read_journal(path: Path) -> Log:
    """Read a log whose program may have died at any moment; StoreError when not even its header is whole."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from error
    blocks = _blocks(content)
    if not blocks or blocks[0][0] != _HEADER:
        raise StoreError(f"{path} holds no session that could be finished; delete {path.parent}.")
    try:
        header = json.loads(blocks[0][1])
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict):
        raise StoreError(f"{path} holds no session that could be finished; delete {path.parent}.")
    parts: list[PoseSequence] = []
    last_s, count = -np.inf, 0
    for kind, block in blocks[1:]:
        part = _unpacked(block) if kind == _ROWS else None
        if part is None or not _goes_on(part, last_s) or count + len(part) > MAX_FRAMES:
            break
        parts.append(part)
        last_s, count = float(part.t_s[-1]), count + len(part)
    return Log(header, concatenate(parts))


def _block(kind: bytes, content: bytes) -> bytes:
    return _HEAD.pack(kind, len(content), zlib.crc32(content, ord(kind))) + content


def _blocks(content: bytes) -> list[tuple[bytes, bytes]]:
    """The whole blocks before the first that is torn or damaged."""
    found: list[tuple[bytes, bytes]] = []
    at = len(_KIND)
    if not content.startswith(_KIND):
        return found
    while at + _HEAD.size <= len(content):
        kind, length, check = _HEAD.unpack_from(content, at)
        at += _HEAD.size
        block = content[at : at + length]
        if length > _MAX_BLOCK or len(block) < length or zlib.crc32(block, ord(kind)) != check:
            break
        found.append((kind, block))
        at += length
    return found


def _packed(poses: PoseSequence) -> bytes:
    arrays = poses.arrays
    return _COUNT.pack(len(poses)) + b"".join(arrays[name].tobytes() for name in LAYOUT)


def _unpacked(block: bytes) -> PoseSequence | None:
    """The rows of a block; None when it does not hold what it says."""
    if len(block) < _COUNT.size:
        return None
    (count,) = _COUNT.unpack_from(block)
    if count == 0 or len(block) != _COUNT.size + count * _ROW_BYTES:
        return None
    arrays, at = {}, _COUNT.size
    for name, (dtype, tail) in LAYOUT.items():
        items = int(count * np.prod(tail, dtype=np.int64))
        arrays[name] = np.frombuffer(block, dtype, items, at).reshape(count, *tail)
        at += arrays[name].nbytes
    return PoseSequence(arrays)


def _goes_on(part: PoseSequence, last_s: float) -> bool:
    times = np.concatenate([[last_s], part.t_s])
    return bool(np.isfinite(part.t_s).all() and (np.diff(times) > 0).all())
