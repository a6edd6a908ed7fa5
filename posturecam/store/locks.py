"""Locks that the system takes back from a program that dies: who holds one is alive."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from pathlib import Path

_HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_QUIET_S = 86_400.0
"""Where the disk knows no locks, whoever has not touched the file for so long is taken to be dead."""


class Lock:
    """A lock that is held until :meth:`release`, or until this process ends in whatever way."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Give it back and remove its file; a second call does nothing."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        if os.name == "nt":  # an open file cannot be removed there
            os.close(descriptor)
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        if os.name != "nt":
            os.close(descriptor)


def try_lock(path: Path) -> Lock | None:
    """The lock on ``path`` (made when missing); None when a living program holds it. Raises OSError when it cannot be made."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
    except OSError as error:
        quiet_s = time.time() - os.fstat(descriptor).st_mtime
        if error.errno in _HELD or 1.0 < quiet_s < _QUIET_S:
            os.close(descriptor)
            return None
    return Lock(path, descriptor)


def _lock(descriptor: int) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        # belongs to the open file, not to the process: the program cannot take its own living session for a dead one
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
