"""A phone lends its camera to the computer's screen: what passes between them, and everybody who is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from posturecam.web import live, room
from posturecam.web.camera import HEAD, decode
from posturecam.web.desk import Desk
from tests.web.serving import HERE, THERE, desk_client, paired_phone, phone_client, posted, socket_of
from tests.web.test_camera import jpeg

ASKED = "/live/socket?exercise=push_up&camera=phone"


class Echo(room.Room):
    """A session that judges nothing: it tells of every picture that it was sent."""

    def _run(self) -> None:
        for frame in self.camera:
            shape = list(frame.image.shape)
            self._tell({"kind": "frame", "n": self.camera.number, "shape": shape})
        self._tell({"kind": "end", "sessions": [], "summaries": [], "problem": None})
        self.over.set()


@pytest.fixture
def client(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(live, "Room", Echo)
    desk.lan = THERE
    with desk_client(desk) as client:
        yield client


@pytest.fixture
def phone(desk: Desk) -> Iterator[TestClient]:
    with paired_phone(desk) as phone:
        yield phone


def lens(phone: TestClient) -> Any:
    return socket_of(phone, "/lending/socket")


def screen(client: TestClient, path: str = ASKED) -> Any:
    return socket_of(client, path)


def heard(socket: Any, kind: str) -> dict[str, Any]:
    """The next message of this kind, and with it the picture that came along.

    A screen hears of pictures from its "room" on: what was judged before that, nobody is told.
    """
    for _ in range(20):
        message = socket.receive()
        if message["type"] == "websocket.close":
            raise WebSocketDisconnect(message["code"])
        if message.get("text") is not None:
            said, picture = json.loads(message["text"]), None
        else:
            (length,) = room.HEAD.unpack_from(message["bytes"])
            said, picture = json.loads(message["bytes"][4 : 4 + length]), message["bytes"][4 + length :]
        if said["kind"] == kind:
            return {**said, "picture": picture}
    raise AssertionError(kind)


def test_the_phones_pictures_are_judged_and_shown_on_the_computer(client: TestClient, phone: TestClient) -> None:
    with lens(phone) as camera, screen(client) as shown:
        assert heard(camera, "watched")
        assert heard(shown, "room")["seeing"] is True
        camera.send_bytes(HEAD.pack(10.0, 1) + jpeg(80, 60))
        told = heard(shown, "frame")
        assert told["shape"] == [60, 80, 3]
        assert decode(told["picture"]) is not None
        assert heard(camera, "taken")["n"] == 1
        shown.send_text('{"wish": "finish"}')
        assert heard(shown, "end")["problem"] is None
        assert heard(camera, "idle")


def test_it_does_not_matter_which_of_the_two_comes_first(client: TestClient, phone: TestClient) -> None:
    with screen(client) as shown:
        assert heard(shown, "room")["seeing"] is False
        with lens(phone) as camera:
            assert heard(camera, "watched")
            assert heard(shown, "camera")["on"] is True


def test_a_phone_that_goes_and_comes_back_goes_on_with_the_session(client: TestClient, phone: TestClient) -> None:
    with screen(client) as shown:
        heard(shown, "room")
        with lens(phone) as camera:
            assert heard(camera, "watched")
        heard(shown, "camera")
        assert heard(shown, "camera")["on"] is False
        with lens(phone) as camera:
            assert heard(shown, "camera")["on"] is True
            camera.send_bytes(HEAD.pack(10.0, 1) + jpeg())
            assert heard(shown, "frame")["n"] == 1


def test_nothing_is_kept_of_what_a_phone_sends_while_nobody_looks(desk: Desk, phone: TestClient) -> None:
    with lens(phone) as camera:
        camera.send_bytes(HEAD.pack(10.0, 1) + jpeg())
        assert desk.rooms == {}


def test_the_screen_cannot_slip_pictures_in(client: TestClient, phone: TestClient) -> None:
    with lens(phone) as camera, screen(client) as shown:
        heard(camera, "watched")
        heard(shown, "room")
        shown.send_bytes(HEAD.pack(10.0, 7) + jpeg())
        camera.send_bytes(HEAD.pack(10.0, 8) + jpeg())
        assert heard(shown, "frame")["n"] == 8


def test_a_phone_cannot_have_another_phones_camera(client: TestClient, phone: TestClient) -> None:
    assert client is not None
    with socket_of(phone, ASKED) as socket:
        assert "--lan" in heard(socket, "end")["problem"]


def test_a_phone_cannot_come_into_the_computers_session(client: TestClient, phone: TestClient, desk: Desk) -> None:
    with screen(client) as shown:
        heard(shown, "room")
        [name] = desk.rooms
        with socket_of(phone, f"/live/socket?room={name}") as socket:
            assert "ended" in heard(socket, "end")["problem"]


def test_without_lan_there_is_no_phone_to_look_through(client: TestClient, desk: Desk) -> None:
    desk.lan = None
    with screen(client) as shown:
        assert "--lan" in heard(shown, "end")["problem"]
    assert 'id="phone"' not in client.get("/live?exercise=push_up").text


@pytest.mark.parametrize("origin", ["https://evil.example", HERE, "null"])
def test_the_camera_is_lent_to_no_other_page(phone: TestClient, origin: str) -> None:
    with pytest.raises(WebSocketDisconnect), socket_of(phone, "/lending/socket", origin):
        pass


def test_strangers_and_the_desk_have_no_camera_to_lend(desk: Desk, client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), lens(phone_client(desk)):
        pass
    assert client.get("/lending").status_code == 404


def test_ending_it_for_all_phones_cuts_off_a_camera_that_is_on(
    desk: Desk, client: TestClient, phone: TestClient
) -> None:
    with lens(phone) as camera, screen(client) as shown:
        heard(camera, "watched")
        heard(shown, "room")
        assert posted(client, "/phone/end").status_code == 303
        with pytest.raises(WebSocketDisconnect) as cut:
            heard(camera, "never")
        assert cut.value.code == 4403
        assert heard(shown, "camera")["on"] is False
        with pytest.raises(WebSocketDisconnect), lens(phone):
            pass
