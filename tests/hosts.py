"""A host for the tests of what the program does: it remembers what it was told."""

from __future__ import annotations

from posturecam.app.host import Host


class Listening(Host):
    """``said``: the sentences; ``errors``: what the work went on after. ``wants_to_end`` is the person's wish."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.errors: list[BaseException] = []
        self.wants_to_end = False

    def say(self, line: str) -> None:
        self.said.append(line)

    def trace(self, error: BaseException) -> None:
        self.errors.append(error)

    @property
    def ending(self) -> bool:
        return self.wants_to_end
