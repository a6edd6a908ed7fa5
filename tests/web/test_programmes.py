"""A programme on the page that was left in its midst: the next time goes on there."""

from __future__ import annotations

import pytest

from posturecam.app.memory import Last, recall, remember
from posturecam.web import live, room
from posturecam.web.desk import Desk
from tests.web.serving import desk_client, paired_phone, socket_of

ASKED = "/live/socket?programme=upper_back_relief&first=4"


class Leaving(room.Room):
    """A session in which one exercise is done."""

    def _run(self) -> None:
        self._reached(self._first + 1)
        self._tell({"kind": "end", "sessions": [], "summaries": [], "problem": None})
        self.over.set()


@pytest.fixture(autouse=True)
def leaving(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "Room", Leaving)


def test_the_place_is_kept_and_offered(desk: Desk) -> None:
    client = desk_client(desk)
    assert "Go on with" not in client.get("/").text
    with socket_of(client, ASKED) as socket:
        socket.receive()
    last = recall(desk.store)
    assert last is not None
    assert (last.programme, last.at) == ("upper_back_relief", 5)
    page = client.get("/").text
    assert f"Go on with exercise 6 of {last.of}" in page
    assert "/live?programme=upper_back_relief&amp;first=5" in page


@pytest.mark.parametrize("first", ["-1", "x", "99999", "9" * 400])
def test_a_place_that_there_is_not_is_the_nearest_that_there_is(desk: Desk, first: str) -> None:
    with socket_of(desk_client(desk), f"/live/socket?programme=upper_back_relief&first={first}") as socket:
        assert '"kind"' in socket.receive_text()


def test_a_phones_place_is_not_kept(desk: Desk) -> None:
    with socket_of(paired_phone(desk), ASKED) as socket:
        socket.receive()
    assert recall(desk.store) is None


def test_a_shortened_programme_is_the_terminals(desk: Desk) -> None:
    remember(desk.store, Last(programme="upper_back_relief", minutes=10, at=2, of=5))
    assert "Go on with" not in desk_client(desk).get("/").text
