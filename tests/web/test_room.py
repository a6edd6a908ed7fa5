"""A live session and the browsers that come to it: nobody misses its end, whenever they come."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest

from posturecam.app.live_steps import Routine
from posturecam.app.saving import Keeping
from posturecam.web.desk import Desk
from posturecam.web.exercises import routine_of
from posturecam.web.room import Room


class Ending(Room):
    """A session that says its end at once, and is over only when it is let go."""

    def __init__(self, routine: Routine, desk: Desk) -> None:
        self.told, self.let_go = threading.Event(), threading.Event()
        super().__init__(routine, Keeping(desk.store, "", None, desk.host.say), None, desk.host, lambda _id: None)

    def _run(self) -> None:
        self._tell({"kind": "end", "sessions": [], "summaries": [], "problem": None})
        self.told.set()
        self.let_go.wait(60)
        self.over.set()


@pytest.fixture
def ending(desk: Desk) -> Iterator[Ending]:
    room = Ending(routine_of({"exercise": "push_up"}), desk)
    yield room
    room.let_go.set()
    assert room.wait(60)


def kinds(heard: list[str | bytes]) -> list[str]:
    return [json.loads(message)["kind"] for message in heard]


def test_a_browser_that_comes_while_a_session_ends_hears_of_its_end(ending: Ending) -> None:
    assert ending.told.wait(60)
    heard: list[str | bytes] = []
    ending.attach(heard.append)
    assert kinds(heard) == ["end"]
