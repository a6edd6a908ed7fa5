"""Recordings come in pieces; whatever is cut off, damaged or wrong leaves what was there before."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from posturecam.web.arriving import PART, About
from posturecam.web.desk import Desk
from tests.web.serving import HERE, csrf_of, desk_client

CONTENT = os.urandom(3_000_000)
PIECE = 1_000_000


class Sender:
    """A browser that sends a recording."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.client: TestClient = desk_client(desk)
        self.headers = {"origin": HERE, "x-csrf-token": csrf_of(self.client)}

    def begin(self, content: bytes = CONTENT, **said: object) -> dict[str, object]:
        body = {
            "name": "ana.mp4",
            "size": len(content),
            "digest": hashlib.sha256(content[:1000]).hexdigest(),
            "exercise": "push_up",
            **said,
        }
        answer = self.client.post("/uploads", json=body, headers=self.headers)
        return {"status": answer.status_code, **(answer.json() if answer.status_code == 200 else {})}

    def send(self, name: object, offset: object, piece: bytes, digest: str | None = None) -> tuple[int, object]:
        headers = {**self.headers, "x-sha256": digest or hashlib.sha256(piece).hexdigest()}
        answer = self.client.put(f"/uploads/{name}?offset={offset}", content=piece, headers=headers)
        return answer.status_code, answer.json().get("offset") if "json" in answer.headers["content-type"] else None


@pytest.fixture
def sender(desk: Desk) -> Sender:
    return Sender(desk)


def test_a_recording_comes_whole_in_pieces(sender: Sender) -> None:
    name = sender.begin()["id"]
    assert sender.send(name, 0, CONTENT[:PIECE]) == (200, PIECE)
    assert sender.send(name, PIECE, CONTENT[PIECE : 2 * PIECE]) == (200, 2 * PIECE)
    part = sender.desk.uploads.root / str(name) / PART
    assert part.read_bytes() == CONTENT[: 2 * PIECE]


def test_after_the_program_was_started_anew_it_goes_on_where_it_was(sender: Sender, tmp_path: Path) -> None:
    name = sender.begin()["id"]
    sender.send(name, 0, CONTENT[:PIECE])
    again = Sender(Desk(data=tmp_path / "data"))
    begun = again.begin()
    assert (begun["id"], begun["offset"]) == (name, PIECE)
    again.desk.close(5.0)


def test_another_recording_of_the_same_name_and_size_is_another(sender: Sender) -> None:
    assert sender.begin()["id"] != sender.begin(CONTENT[::-1])["id"]


def test_a_damaged_piece_is_not_kept(sender: Sender) -> None:
    name = sender.begin()["id"]
    sender.send(name, 0, CONTENT[:PIECE])
    wrong = hashlib.sha256(b"something else").hexdigest()
    assert sender.send(name, PIECE, CONTENT[PIECE : 2 * PIECE], wrong) == (409, PIECE)
    assert (sender.desk.uploads.root / str(name) / PART).read_bytes() == CONTENT[:PIECE]


@pytest.mark.parametrize("offset", [PIECE - 1, PIECE + 1, 0])
def test_a_piece_that_belongs_elsewhere_is_told_where_to_go_on(sender: Sender, offset: int) -> None:
    name = sender.begin()["id"]
    sender.send(name, 0, CONTENT[:PIECE])
    assert sender.send(name, offset, CONTENT[:10]) == (409, PIECE)


def test_more_than_was_announced_is_refused(sender: Sender) -> None:
    name = sender.begin(CONTENT[:1000])["id"]
    assert sender.send(name, 0, CONTENT[:1001]) == (409, 0)


@pytest.mark.parametrize("offset", ["", "-1", "x", "1e3", "9" * 30, "٣"])
def test_an_offset_that_is_none_is_refused(sender: Sender, offset: str) -> None:
    assert sender.send(sender.begin()["id"], offset, b"x")[0] == 400


@pytest.mark.parametrize("name", ["..", "%2e%2e", "x", "0" * 31, "g" * 32, "..%2f" + "0" * 32, "0" * 32])
def test_a_place_that_is_none_is_refused(sender: Sender, name: str) -> None:
    assert sender.send(name, 0, b"x")[0] in (404, 405)


WRONG = [
    {"size": 0},
    {"size": -1},
    {"size": "1"},
    {"size": 1.5},
    {"size": True},
    {"size": 10**15},
    {"digest": ""},
    {"digest": "x" * 64},
    {"exercise": "../../x"},
    {"exercise": "nothing"},
    {"variant": "nothing"},
    {"variant": 3},
    {"name": ["a"]},
    {"name": "a" * 5000},
    {"person": "a" * 101},
]


@pytest.mark.parametrize("said", WRONG, ids=str)
def test_what_makes_no_sense_is_refused(sender: Sender, said: dict[str, object]) -> None:
    assert sender.begin(**said)["status"] == 400
    assert sender.desk.uploads.waiting() == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b.mp4", "con", ".hidden", "-x.mp4", "é \u202e.mov", "x.<b>"])
def test_no_name_becomes_a_path(sender: Sender, name: str) -> None:
    assert sender.begin(name=name)["status"] == 200
    [folder] = sender.desk.uploads.root.iterdir()
    assert re.fullmatch("[0-9a-f]{32}", folder.name)
    [arriving] = sender.desk.uploads.waiting()
    assert arriving.about.name == name
    assert re.fullmatch(r"\.[a-z0-9]{1,5}", arriving.ending)


def test_a_disk_without_room_refuses_at_once(sender: Sender) -> None:
    assert sender.begin(size=31_999_999_999_000 // 1000)["status"] in (200, 409)
    about = About("x.mp4", 32_000_000_000, "push_up", None, None)
    taken = [sender.begin(size=about.size - index)["status"] for index in range(20)]
    assert 409 in taken
