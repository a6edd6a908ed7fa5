"""Recordings shared out to processes of this machine, a whole recording each."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

from posturecam.app import looking
from posturecam.app.batch import Outcome, failed, settle
from posturecam.app.host import Advance, Host, Interruptible
from posturecam.app.orders import Order, judge
from posturecam.app.workers import Send, WorkerDiedError, share_out
from posturecam.files import shown
from posturecam.pipeline import Source

PATIENCE_S = 3.0
"""So long may recordings under way take to save what they have, once the user has ended the batch."""
LOOKING = 0.6
"""Share of a recording's time that looking takes where it is drawn afterwards."""
TELL_SHARE = 0.01

Told = Callable[[int, Outcome], None]
"""Takes the number of a recording and what became of it."""
Share = Callable[[int, float], None]
"""Takes the number of a recording and how much of it is done, 0 to 1."""


@dataclass(frozen=True)
class Unit:
    """One recording to judge as ordered, into a folder of its own in ``root``."""

    order: Order
    video: Path
    root: Path | None


def run_pool(
    order: Order, videos: Sequence[Path], root: Path | None, jobs: int, host: Host, *, told: Told, share: Share
) -> None:
    """Judge all recordings by ``jobs`` processes, in the order given; ``told`` gets each outcome as it comes.

    KeyboardInterrupt of the ``host`` ends all; what was under way is saved up to there.
    """
    units = [Unit(order, video, root) for video in videos]

    def take(number: int, content: tuple[str, object]) -> None:
        kind, what = content
        if kind == "said":
            host.say(str(what))
        elif kind == "error" and isinstance(what, BaseException):
            host.trace(what)
        elif kind == "share" and isinstance(what, float):
            share(number, what)
        elif isinstance(what, Outcome):
            told(number, what)

    def lost(number: int, error: WorkerDiedError) -> None:
        told(number, failed(videos[number], WorkerDiedError(f"{shown(videos[number])}: {error}"), host))

    share_out(
        work,
        units,
        jobs,
        take=take,
        again=lambda number: units[number],
        what="it",
        waiting=host.waiting,
        lost=lost,
        patience_s=PATIENCE_S,
    )


def get_ready() -> None:
    """Read in what judging a recording takes."""
    looking.get_ready()
    looking.load_ahead()


def work(unit: Unit, send: Send) -> None:
    """Judge one recording in a process of its own."""
    host = Served(send, drawn=unit.root is not None)
    signal.signal(signal.SIGTERM, host.end)
    outcome = settle(partial(judge, unit.order, host=host), unit.video, unit.root, host)
    send(("outcome", outcome))


def share_of(title: str, unit: str, done: float, whole: float | None, *, drawn: bool) -> float:
    """How much of a recording is done, 0 to 1, as a progress of :mod:`posturecam.app.analyse` tells it.

    ``drawn``: whether what was looked at is drawn afterwards.
    """
    if unit != "frames" or not whole:
        return 0.0
    part = min(1.0, done / whole)
    looking = LOOKING if drawn else 1.0
    return looking + (1 - looking) * part if title.endswith(": pictures") else looking * part


class Served(Host):
    """The host in a process that works for another: what it is told is sent there, and SIGTERM is the wish to end.

    ``drawn``: whether what was looked at is drawn afterwards.
    """

    def __init__(self, send: Send, *, drawn: bool) -> None:
        self._send = send
        self._drawn = drawn
        self._told = 0.0
        self._open = False
        self._wished = False

    def end(self, _number: int, _frame: FrameType | None) -> None:
        """Take the wish to end; raises KeyboardInterrupt where the work waits. A second one ends it at once."""
        if self._wished:
            os._exit(1)
        self._wished = True
        if self._open:
            raise KeyboardInterrupt

    def say(self, line: str) -> None:
        """Send the line."""
        self._send(("said", line))

    def trace(self, error: BaseException) -> None:
        """Send the error."""
        self._send(("error", error))

    def progress(self, title: str, total: float | None, unit: str) -> AbstractContextManager[Advance]:
        """Send how much of the recording is done, when that is noticeably more than before."""
        del total
        return nullcontext(lambda done, whole: self._advance(share_of(title, unit, done, whole, drawn=self._drawn)))

    def _advance(self, share: float) -> None:
        if share >= self._told + TELL_SHARE:
            self._told = share
            self._send(("share", share))

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """The wish to end raises KeyboardInterrupt in the block, and one that came before at its beginning."""
        self.check()
        self._open = True
        try:
            yield
        finally:
            self._open = False

    def waiting(self) -> AbstractContextManager[None]:
        """The same."""
        return self.interruptible()

    def check(self) -> None:
        """Raise KeyboardInterrupt once it is wished."""
        if self._wished:
            raise KeyboardInterrupt

    @property
    def ending(self) -> bool:
        """Whether it is wished."""
        return self._wished

    def frames(self, source: Source) -> Source:
        """The source, ended by the wish between two frames."""
        return Interruptible(source, self.interruptible)
