"""Ctrl-C, a polite kill and a closed terminal: one wish to end, which never cuts into saving.

The first signal ends the work in good order; while that lasts, further ones are told to wait, and only one that comes
:data:`PATIENCE_S` later ends the program hard. Imports nothing heavy: the handlers stand before anything else is loaded.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from types import FrameType
from typing import Literal

PATIENCE_S = 5.0
NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
STOPPED = "Stopped."
SAVING = "Saving, one moment."
AT_ONCE = "Ended at once; what was not saved yet is finished at the next start, where it can be."

_Mode = Literal["starting", "open", "deferred"]


class _State:
    """What has come, and whether it may interrupt what is going on."""

    def __init__(self) -> None:
        self.mode: _Mode = "open"
        self.signal: int | None = None
        self.came_s = 0.0
        self.told = False
        self.raised = False


_state = _State()


def install() -> None:
    """Take the signals that end a program; those that the caller has switched off (``nohup``) stay so."""
    for name in NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            with contextlib.suppress(ValueError, OSError):  # not the main thread: somebody else minds the signals
                signal.signal(number, _take)


def over() -> None:
    """All is done but leaving: what comes now changes nothing, and the exit code stays."""
    for name in NAMES:
        number = getattr(signal, name, None)
        if number is not None:
            with contextlib.suppress(ValueError, OSError):
                signal.signal(number, signal.SIG_IGN)


def starting() -> None:
    """From now on a signal ends the program at once and without a trace: nothing has been begun yet."""
    _state.mode = "starting"


def started() -> None:
    """From now on a signal raises KeyboardInterrupt."""
    _state.mode = "open"


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Loading libraries, which an exception in their midst would leave half done: a signal ends the program at once."""
    with _mode("starting"):
        yield


@contextlib.contextmanager
def deferred() -> Iterator[None]:
    """Work that must not be torn: a signal waits for :func:`check`, or for the end of the block."""
    with _mode("deferred"):
        yield
    if _state.mode != "deferred":
        check()


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Waiting inside :func:`deferred` work: a signal raises KeyboardInterrupt at once, one that has come before too."""
    check()
    with _mode("open"):
        yield


@contextlib.contextmanager
def waiting() -> Iterator[None]:
    """The same, for who minds the KeyboardInterrupt: the end of the :func:`deferred` work does not raise it again."""
    try:
        with interruptible():
            yield
    except KeyboardInterrupt:
        _state.raised = True
        raise


@contextlib.contextmanager
def _mode(mode: _Mode) -> Iterator[None]:
    before, _state.mode = _state.mode, mode
    try:
        yield
    finally:
        _state.mode = before


def check() -> None:
    """Raise KeyboardInterrupt when a signal has come that nobody was told of yet."""
    if _state.signal is not None and not _state.raised:
        _state.raised = True
        raise KeyboardInterrupt


def exit_code() -> int:
    """The exit code of a call that a signal has ended: 130 Ctrl-C, 143 kill, 129 closed terminal."""
    return 128 + (_state.signal or signal.SIGINT)


def came() -> bool:
    """Whether the program has been asked to end."""
    return _state.signal is not None


def _take(number: int, _frame: FrameType | None) -> None:
    now_s = time.monotonic()
    if _state.signal is None:
        _state.signal, _state.came_s = number, now_s
        if _state.mode == "starting":
            _tell(STOPPED)
            os._exit(exit_code())
        if _state.mode == "open":
            # a library may swallow it: then the next check raises it again
            raise KeyboardInterrupt
    elif now_s - _state.came_s >= PATIENCE_S:
        _tell(AT_ONCE)
        os._exit(exit_code())
    elif not _state.told:
        _state.told = True
        _tell(SAVING)


def _tell(line: str) -> None:
    """Print from within a handler, which may have interrupted another print: the streams' locks are not touched."""
    with contextlib.suppress(OSError):
        os.write(2, f"{line}\n".encode())
