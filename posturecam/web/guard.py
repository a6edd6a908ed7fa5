"""What stands before every page: nothing but a known browser, from our own page, with a body of a sane size, comes through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from posturecam.web.access import Access, Guest, Kind, same

MAX_BODY = 1_000_000
MAX_CHUNK = 16_777_216
UPLOADS = "/uploads/"
SAFE = ("GET", "HEAD")
METHODS = (*SAFE, "POST", "PUT")
WAITING = ("/waiting", "/static/waiting.js", "/static/page.css", "/static/icon.svg")
"""What a phone gets that has knocked and is not let in yet."""
FORM = "application/x-www-form-urlencoded"
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"


@dataclass(frozen=True)
class Door:
    """One address that is listened on.

    ``hosts`` are the names that requests may give it, ``origins`` those of our own pages. ``kind``: whom it is for.
    ``opened`` with one more part to it is what may be asked for without a cookie, which is how one comes by it.
    """

    kind: Kind
    hosts: frozenset[str]
    origins: frozenset[str]
    cookie: str
    opened: str

    @property
    def secure(self) -> bool:
        """Whether it speaks TLS."""
        return any(origin.startswith("https:") for origin in self.origins)


class Refused(Exception):  # noqa: N818 - an answer, not a failure
    """Why a request is not answered: an HTTP status and, for this computer's own browser, a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class Guard:
    """ASGI middleware: checks the request, hands the guest on as ``scope["guest"]``, and puts the protecting headers on answers.

    Where a form was posted it is read here, for its token, and handed on as ``scope["form"]``. Through the phones' door strangers
    get an empty answer that is the same for everything.
    """

    def __init__(self, app: ASGIApp, access: Access, door: Door) -> None:
        self._app = app
        self._access = access
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request or socket."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            guest = self._admit(scope, headers)
            scope["guest"] = guest
            scope["door"] = self._door
            if scope["type"] == "http" and scope["method"] not in SAFE:
                receive = await self._checked_body(scope, headers, receive, guest)
        except Refused as refused:
            await self._refuse(scope, refused, send)
            return
        await self._app(scope, receive, self._protected(send) if scope["type"] == "http" else send)

    def _admit(self, scope: Scope, headers: Headers) -> Guest | None:
        """Who asks; None only for the path that is open to all. Raises Refused."""
        if headers.get("host", "").lower() not in self._door.hosts or len(headers.getlist("host")) != 1:
            raise Refused(421, "This page is not served under that name.")
        socket = scope["type"] == "websocket"
        if not socket and scope["method"] not in METHODS:
            raise Refused(405, "That cannot be done here.")
        origins = headers.getlist("origin")
        needs_origin = socket or scope["method"] not in SAFE
        if (needs_origin or origins) and (len(origins) != 1 or origins[0] not in self._door.origins):
            raise Refused(403, "That request did not come from this page.")
        client = scope.get("client")
        guest = self._access.guest(_cookie(headers, self._door.cookie), self._door.kind, client[0] if client else None)
        path = scope["path"]
        opened = not socket and scope["method"] in SAFE and _one_part_under(self._door.opened, path)
        if guest is None and not opened:
            raise Refused(403, "Open this page with the link that 'posturecam app' shows in the terminal.")
        if guest is not None and not guest.let_in and not (opened or path in WAITING):
            raise Refused(403, "")
        return guest

    async def _checked_body(self, scope: Scope, headers: Headers, receive: Receive, guest: Guest | None) -> Receive:
        """The body bounded, its token checked; a form is read now and handed on."""
        most = MAX_CHUNK if scope["path"].startswith(UPLOADS) else MAX_BODY
        length = headers.get("content-length", "")
        if length and (not length.isdigit() or int(length) > most):
            raise Refused(413, "That is more than this page takes at once.")
        token = headers.get(CSRF_HEADER)
        if token is None and headers.get("content-type", "").split(";")[0].strip().lower() == FORM:
            body = await _read(receive, MAX_BODY)
            scope["form"] = parse_form(body)
            token = scope["form"].get(CSRF_FIELD)
        if guest is None or not token or not same(token, guest.csrf):
            raise Refused(403, "This page was too old: go back, load it again and repeat what you did.")
        return _bounded(receive, most) if "form" not in scope else receive

    async def _refuse(self, scope: Scope, refused: Refused, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403})
            return
        stranger = self._door.kind == "phone" and scope.get("guest") is None
        status = 403 if stranger else refused.status
        body = b"" if stranger else f"{refused.sentence}\n".encode()
        send = self._protected(send)
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _protected(self, send: Send) -> Send:
        sockets = " ".join(sorted(origin.replace("http", "ws", 1) for origin in self._door.origins))

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in protecting_headers(sockets).items():
                    headers.setdefault(name, value)
            await send(message)

        return protected


def protecting_headers(sockets: str) -> Mapping[str, str]:
    """What every answer carries: a page may load nothing and tell nobody anything but its own server; ``sockets`` are its own."""
    return {
        "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        f"media-src 'self' blob:; connect-src 'self' {sockets}; frame-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'",
        "permissions-policy": "camera=(self), fullscreen=(self), screen-wake-lock=(self), microphone=(), geolocation=()",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
    }


def parse_form(body: bytes) -> dict[str, str]:
    """A posted form's fields, of several of one name the last; Refused when it is not a form."""
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=200)
    except ValueError as error:
        raise Refused(400, "That form cannot be read.") from error
    return {name: values[-1] for name, values in fields.items()}


def _one_part_under(prefix: str, path: str) -> bool:
    rest = path.removeprefix(prefix)
    return rest != path and rest != "" and "/" not in rest


def _cookie(headers: Headers, name: str) -> str:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load("; ".join(headers.getlist("cookie")))
    except CookieError:
        return ""
    return jar[name].value if name in jar else ""


async def _read(receive: Receive, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "")
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise Refused(413, "That is more than this page takes at once.")
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def _bounded(receive: Receive, most: int) -> Receive:
    """The same, cut off with :class:`TooMuch` when more comes than was allowed, whatever the length said."""
    size = 0

    async def bounded() -> Any:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise TooMuch
        return message

    return bounded


class TooMuch(Exception):  # noqa: N818 - an answer, not a failure
    """More bytes came than the request may have."""
