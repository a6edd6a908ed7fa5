"""What a piece of work asks of whoever runs it: to pass on news and progress, and to say when it is to end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posturecam.model import Frame, SourceInfo
    from posturecam.pipeline import Source

Advance = Callable[[float, float | None], None]
"""Told how much is done, and of how much where that is known."""


class Host:
    """Whoever runs the work: the command line, a page, a benchmark. This one shows nothing and never ends the work.

    The wish to end (Ctrl-C, a closed page) may come at any time; a host turns it into KeyboardInterrupt only where the work
    says that it can be interrupted.
    """

    def say(self, line: str) -> None:
        """Pass on one sentence of news, such as a warning."""

    def trace(self, error: BaseException) -> None:
        """Take an error that the work goes on after, for whoever wants to see more than its sentence."""

    def progress(self, title: str, total: float | None, unit: str) -> AbstractContextManager[Advance]:
        """Show how far something has come, in ``unit`` ("frames", "bytes"), for as long as the block lasts."""
        del title, total, unit
        return nullcontext(lambda _done, _total: None)

    def deferred(self) -> AbstractContextManager[None]:
        """Work that must not be torn: a wish to end waits for :meth:`check`, or for the end of the block."""
        return nullcontext()

    def interruptible(self) -> AbstractContextManager[None]:
        """Waiting inside :meth:`deferred` work: a wish to end raises KeyboardInterrupt at once, also one that came before."""
        return nullcontext()

    def waiting(self) -> AbstractContextManager[None]:
        """The same, for work that handles the KeyboardInterrupt: it is not raised again at the end of the deferred work."""
        return nullcontext()

    def check(self) -> None:
        """Raise KeyboardInterrupt when there is a wish to end that nobody was told of yet."""

    @property
    def ending(self) -> bool:
        """Whether there has been a wish to end."""
        return False

    def frames(self, source: Source) -> Source:
        """The source, ended by a wish between two frames or while it waits, never while a frame is being judged."""
        return source


class Interruptible:
    """A source that a wish ends between two frames, or while it waits for the next, but never while one is being judged.

    Inside ``waiting()`` a wish to end raises KeyboardInterrupt.
    """

    def __init__(self, source: Source, waiting: Callable[[], AbstractContextManager[None]]) -> None:
        self._source, self._waiting = source, waiting

    @property
    def info(self) -> SourceInfo:
        """The source's."""
        return self._source.info

    def __iter__(self) -> Iterator[Frame]:
        """The source's frames; raises KeyboardInterrupt."""
        frames = iter(self._source)
        while True:
            with self._waiting():
                frame = next(frames, None)
            if frame is None:
                return
            yield frame


def frames_bar(host: Host, name: str) -> Callable[[str, float | None], AbstractContextManager[Advance]]:
    """Progress over frames, named after a recording and what is looked at."""
    return lambda what, total: host.progress(f"{name}: {what}" if what else name, total, "frames")
