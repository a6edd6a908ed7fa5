"""Silence for native libraries that write log lines straight to file descriptor 2."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_depth = 0
_saved: int | None = None


@contextmanager
def native_stderr_silenced() -> Iterator[None]:
    """Send everything written to descriptor 2 to nowhere while inside; restored on leaving, also by an exception.

    May be entered from several threads at once: the first silences, the last restores. Does nothing without a descriptor 2.
    """
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _depth, _saved
    with _lock:
        _depth += 1
        if _depth > 1:
            return
        try:
            if sys.stderr is not None:
                sys.stderr.flush()
            _saved = os.dup(2)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 2)
            os.close(nowhere)
        except (OSError, ValueError):
            if _saved is not None:
                os.close(_saved)
            _saved = None


def _leave() -> None:
    global _depth, _saved
    with _lock:
        _depth -= 1
        if _depth > 0 or _saved is None:
            return
        os.dup2(_saved, 2)
        os.close(_saved)
        _saved = None
