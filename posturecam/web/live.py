"""Exercising before the browser's camera: the page, and the socket that pictures go up and judgements come down."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from posturecam.errors import PosturecamError
from posturecam.web.access import Guest
from posturecam.web.camera import unpack
from posturecam.web.desk import Desk
from posturecam.web.exercises import figure_of, routine_of
from posturecam.web.pages import page
from posturecam.web.room import Room

MOST_ROOMS = 3
MOST_WAITING = 32
MOST_NONSENSE = 50
ASKED = ("exercise", "variant", "programme", "need", "minutes", "reps", "seconds")
WISHES = ("pause", "skip", "finish")


def live(request: Request) -> Response:
    """The page that shows the camera."""
    query = dict(request.query_params)
    routine = routine_of(query)
    first = routine.steps[0].exercise
    asked = {name: query[name] for name in ASKED if query.get(name)}
    return page(
        request,
        "live.html.j2",
        routine=routine,
        asked=asked,
        camera=first.camera.advice,
        figure=figure_of(first.id, first.variant),
    )


async def socket(websocket: WebSocket) -> None:
    """One browser's connection to a room: a new one, or with ``room`` the one that it was cut off from."""
    desk: Desk = websocket.app.state.desk
    guest: Guest = websocket.scope["guest"]
    await websocket.accept()
    try:
        room = await run_in_threadpool(_room, desk, guest, dict(websocket.query_params))
    except PosturecamError as error:
        await websocket.send_text(json.dumps({"kind": "end", "sessions": [], "summaries": [], "problem": str(error)}))
        await websocket.close()
        return
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)

    def put(text: str) -> None:
        with suppress(asyncio.QueueFull):  # a browser that does not read misses frames, not the end: it comes last
            if waiting.full():
                waiting.get_nowait()
            waiting.put_nowait(text)

    def listener(text: str) -> None:
        loop.call_soon_threadsafe(put, text)

    await websocket.send_text(json.dumps({"kind": "room", "room": room.id}))
    room.attach(listener)
    down = asyncio.create_task(_down(websocket, waiting))
    try:
        await _up(websocket, room)
    finally:
        room.detach(listener)
        down.cancel()


def _room(desk: Desk, guest: Guest, query: dict[str, str]) -> Room:
    known = desk.rooms.get(query.get("room", ""))
    if known is not None and known[1] is guest:
        return known[0]
    if "room" in query:
        raise PosturecamError("This session has ended; its report is among the others.")
    routine = routine_of(query)
    with desk.lock:
        desk.rooms = {name: one for name, one in desk.rooms.items() if not one[0].over.is_set()}
        if len(desk.rooms) >= MOST_ROOMS:
            raise PosturecamError("Other sessions are still going on; end one of them first.")
        room = Room(routine, desk.store, desk.model, desk.host, guest.made.add)
        desk.rooms[room.id] = (room, guest)
    return room


async def _down(websocket: WebSocket, waiting: asyncio.Queue[str]) -> None:
    with suppress(WebSocketDisconnect, RuntimeError, OSError):
        while True:
            await websocket.send_text(await waiting.get())


async def _up(websocket: WebSocket, room: Room) -> None:
    """Take pictures and wishes until the browser goes, or sends too much that is neither."""
    nonsense = 0
    while nonsense < MOST_NONSENSE:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        picture = unpack(message["bytes"]) if message.get("bytes") else None
        if picture is not None:
            room.camera.offer(*picture)
        elif not _wish(room, message.get("text")):
            nonsense += 1
    await websocket.close(1008)


def _wish(room: Room, text: str | None) -> bool:
    """Take a wish; False when it is none."""
    try:
        said = json.loads(text) if text and len(text) < 1000 else None
    except (ValueError, RecursionError):
        return False
    wish = said.get("wish") if isinstance(said, dict) else None
    if wish == "finish":
        room.finish()
    elif wish in WISHES:
        room.stage.wish(wish)
    return wish in WISHES


ROUTES = (Route("/live", live), WebSocketRoute("/live/socket", socket))
