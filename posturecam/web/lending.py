"""The phone's side of lending its camera to the session on the computer's screen: a plain page, and a socket for pictures."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from posturecam.web.access import Guest
from posturecam.web.camera import unpack
from posturecam.web.desk import Desk
from posturecam.web.lenses import Lens
from posturecam.web.pages import page
from posturecam.web.sockets import Outbox, talk


def lending(request: Request) -> Response:
    """The page that turns the camera on."""
    return page(request, "lending.html.j2")


async def socket(websocket: WebSocket) -> None:
    """Take the phone's pictures while a session on the computer looks."""
    desk: Desk = websocket.app.state.desk
    guest: Guest = websocket.scope["guest"]
    await websocket.accept()
    outbox = Outbox()
    lens = Lens(guest, outbox.put)

    def take(message: dict[str, Any]) -> bool:
        picture = unpack(message["bytes"]) if message.get("bytes") else None
        if picture is not None:
            lens.offer(*picture)
        return picture is not None

    desk.lenses.add(lens)
    try:
        await talk(websocket, outbox, lambda: desk.access.stays(guest), take)
    finally:
        desk.lenses.remove(lens)


ROUTES = (Route("/lending", lending), WebSocketRoute("/lending/socket", socket))
