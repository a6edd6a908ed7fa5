"""Requests that nobody should send, made from a seed: paths, headers, forms, JSON, pieces of recordings and socket messages."""

from __future__ import annotations

import json
import random
import re
import string
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from posturecam.store import PeopleStore
from posturecam.web.camera import HEAD
from posturecam.web.desk import Desk
from tests import stored
from tests.web.serving import HERE, THERE, csrf_of, desk_client, paired_phone, socket_of

PARTS = [
    "", ".", "..", "%2e%2e", "%00", "sessions", "last", "review", "data", "truth", "label", "video", "framed", "export",
    "pdf", "json", "delete", "damaged", "uploads", "status", "stop", "exercises", "push_up", "plank", "live", "socket",
    "phone", "invite", "answer", "end", "settings", "model", "static", "figures", "enter", "pair", "waiting", "progress",
    "0" * 32, "a" * 3000, "%ff", "é", "'\"<script>", "{{7*7}}", "20260101-000000-push_up", "con", "~", "%252e", "\\..\\",
]  # fmt: skip
QUERIES = ["exercise", "variant", "programme", "reps", "seconds", "minutes", "person", "offset", "room", "plain", "key"]
VALUES = [
    "", "0", "-1", "5", "1e9", "NaN", "push_up", "upper_back_relief", "floor", "../x", "/etc/passwd", "x" * 4000, "%s%n",
    "'; drop table", "<b>", "\u202e", "\x00", "٣", "true", "null", "[]", "{}", "9" * 400,
]  # fmt: skip
SCRAPS: list[Any] = [
    None, True, 0, -1, 1e308, 10**40, "", "x" * 5000, [], {}, [[[[]]]], {"a": {"b": 1}}, "\ud800", "push_up", [0.1, 0.2]
]  # fmt: skip
KEYS = [
    "schema", "reviewer", "complete", "verdicts", "deleted", "added", "comments", "marks", "item", "check", "verdict", "t_s",
    "text", "points", "start_s", "end_s", "name", "size", "digest", "exercise", "variant", "person", "wish",
]  # fmt: skip
HEADERS = ["x-sha256", "content-type", "range", "accept", "if-none-match", "cookie", "x-forwarded-for", "expect", "te"]


@dataclass
class Fuzz:
    """Sends so many requests and keeps those that were answered with a failure of the server."""

    client: TestClient
    trusted: dict[str, str]
    known: list[str]
    """Ids of sessions and people that there are."""
    random: random.Random
    failures: list[str] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)
    sockets: int = 0
    """So many were let in."""

    def run(self, requests: int) -> None:
        """A request after the other; every twentieth is a socket."""
        for number in range(requests):
            if number % 20 == 19:
                self._socket()
            else:
                self._request()

    def _request(self) -> None:
        method = self.random.choice(["GET", "GET", "GET", "POST", "PUT", "HEAD", "DELETE", "X"])
        path, headers = self._path(), self._headers()
        body = self._body(headers)
        with suppress(ValueError, UnicodeError):  # what the client itself refuses to send never comes to the server
            try:
                answer = self.client.request(method, path, content=body, headers=headers)
            except Exception as error:
                if "Invalid" in type(error).__name__ or "Protocol" in type(error).__name__:
                    return
                self.failures.append(f"{method} {path!r}: {error!r}")
                return
            self.answers[answer.status_code] = self.answers.get(answer.status_code, 0) + 1
            if answer.status_code >= 500 and answer.status_code != 507:
                self.failures.append(
                    f"{method} {path!r} {headers!r} {body[:200]!r}: {answer.status_code} {answer.text[:200]}"
                )

    def _path(self) -> str:
        if self.random.random() < 0.5:
            path = re.sub(
                r"\{\w+\}", lambda _: self.random.choice(self._names()), self.random.choice(self._routes(Route))
            )
        else:
            path = "/" + "/".join(self.random.choice(self._names()) for _ in range(self.random.randint(1, 5)))
        query = "&".join(
            f"{self.random.choice(QUERIES)}={self.random.choice(VALUES)}" for _ in range(self.random.randint(0, 3))
        )
        return path + (f"?{query}" if query else "")

    def _names(self) -> list[str]:
        """What may stand between two slashes; what there is comes as often as what there is not."""
        return [*PARTS, *self.known * (len(PARTS) // max(1, len(self.known)))]

    def _routes(self, kind: type[Route | WebSocketRoute]) -> list[str]:
        app: Any = self.client.app
        return [route.path for route in app.routes if isinstance(route, kind)]

    def _headers(self) -> dict[str, str]:
        headers = dict(self.trusted) if self.random.random() < 0.8 else {}
        for name in self.random.sample(HEADERS, self.random.randint(0, 3)):
            plain = self.random.choice(
                ["", "bytes=0-", "bytes=5-1", "bytes=-9999999", "*/*", "a=b; a=c", "x" * 3000, "0" * 64]
            )
            if name != "cookie":
                headers[name] = plain
        return headers

    def _body(self, headers: dict[str, str]) -> bytes:
        kind = self.random.random()
        if kind < 0.35:
            headers["content-type"] = "application/json"
            return json.dumps(self._scrap(3)).encode("utf-8", "surrogatepass")
        if kind < 0.6:
            headers["content-type"] = "application/x-www-form-urlencoded"
            pairs = [f"{self.random.choice([*KEYS, 'csrf', 'word', 'model', 'code', 'sure'])}={self.random.choice(VALUES)}"
                     for _ in range(self.random.randint(0, 300))]  # fmt: skip
            return "&".join(pairs).encode("utf-8", "surrogatepass")
        if kind < 0.7:
            return b"[" * 100_000
        return self.random.randbytes(self.random.randint(0, 3000))

    def _scrap(self, depth: int) -> Any:
        if depth == 0 or self.random.random() < 0.2:
            return self.random.choice(SCRAPS)
        if self.random.random() < 0.3:
            return [self._scrap(depth - 1) for _ in range(self.random.randint(0, 4))]
        return {self.random.choice(KEYS): self._scrap(depth - 1) for _ in range(self.random.randint(0, 6))}

    def _socket(self) -> None:
        query = "&".join(f"{self.random.choice(QUERIES)}={self.random.choice(VALUES[:9])}" for _ in range(2))
        query = self.random.choice([query, "exercise=push_up", "exercise=push_up&camera=phone"])
        path = self.random.choice(self._routes(WebSocketRoute))
        try:
            with socket_of(self.client, f"{path}?{query}") as socket:
                self.sockets += 1
                for message in self._messages():
                    if isinstance(message, bytes):
                        socket.send_bytes(message)
                    else:
                        socket.send_text(message)
                socket.send_text('{"wish":"finish"}')
        except WebSocketDisconnect:
            pass
        except Exception as error:
            self.failures.append(f"{path} {query!r}: {error!r}")

    def _messages(self) -> Iterator[bytes | str]:
        for _ in range(self.random.randint(0, 60)):
            kind = self.random.random()
            if kind < 0.3:
                yield json.dumps(self._scrap(2))
            elif kind < 0.5:
                yield "".join(self.random.choices(string.printable, k=self.random.randint(0, 2000)))
            elif kind < 0.8:
                yield HEAD.pack(self.random.choice([0.0, -1.0, 1e300, float("nan"), 5.0]), 1) + self.random.randbytes(
                    40
                )
            else:
                yield self.random.randbytes(self.random.randint(0, 100))


def fuzzed(desk: Desk, seed: int, requests: int) -> list[Fuzz]:
    """So many requests at this computer's door, and a third as many of a paired phone's; a session and a person are there."""
    people = PeopleStore(desk.data / "people")
    ana = people.named("Ana")
    people.add(ana)
    known = [stored.store_session(desk.store, person="Ana").id, ana.id]
    found = []
    for door, here, page, share in ((desk_client, HERE, "/settings", 1), (paired_phone, THERE, "/", 3)):
        client = door(desk)
        trusted = {"origin": here, "x-csrf-token": csrf_of(client, page)}
        found.append(Fuzz(client, trusted, known, random.Random(seed)))
        found[-1].run(requests // share)
    return found
