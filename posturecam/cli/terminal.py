"""The command line as the host of the program's work: news on standard error, bars, and signals that end it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from posturecam.app.host import Advance, Host, Interruptible
from posturecam.cli import console, signals

if TYPE_CHECKING:
    from posturecam.pipeline import Source


class Terminal(Host):
    """News goes to standard error; Ctrl-C, a polite kill and a closed terminal are the wish to end."""

    def say(self, line: str) -> None:
        """One line to standard error."""
        console.say(line)

    def trace(self, error: BaseException) -> None:
        """The whole traceback, with ``--debug`` only."""
        console.trace(error)

    def progress(self, title: str, total: float | None, unit: str) -> AbstractContextManager[Advance]:
        """A bar on standard error, where that is a terminal."""
        return console.progress_bar(title, total, unit)

    def deferred(self) -> AbstractContextManager[None]:
        """A signal waits."""
        return signals.deferred()

    def interruptible(self) -> AbstractContextManager[None]:
        """A signal raises KeyboardInterrupt at once."""
        return signals.interruptible()

    def waiting(self) -> AbstractContextManager[None]:
        """The same, and it is not raised again."""
        return signals.waiting()

    def check(self) -> None:
        """Raise KeyboardInterrupt for a signal that nobody was told of yet."""
        signals.check()

    @property
    def ending(self) -> bool:
        """Whether a signal has come."""
        return signals.came()

    def frames(self, source: Source) -> Source:
        """The source, ended by a signal between two frames."""
        return Interruptible(source, signals.waiting)
