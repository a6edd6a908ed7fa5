"""Exercising before the browser's camera: the page, and the socket that pictures go up and judgements come down."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from posturecam import language
from posturecam.app.amending import amended
from posturecam.app.live_steps import Routine
from posturecam.app.memory import Last, remember
from posturecam.app.people import person_part
from posturecam.app.saving import Keeping
from posturecam.app.stage import needed_text
from posturecam.coaching.pain import MOST, QUESTIONS, SCALE
from posturecam.errors import CallError, PosturecamError
from posturecam.language import gettext, msgid, retold
from posturecam.report.types import Pain, Person
from posturecam.web.access import Guest
from posturecam.web.camera import unpack
from posturecam.web.desk import Desk
from posturecam.web.exercises import figure_of, routine_of
from posturecam.web.films import film_of
from posturecam.web.pages import desk_of, form_of, guest_of, page
from posturecam.web.room import Room
from posturecam.web.sockets import Outbox, talk

MOST_ROOMS = 3
PHONE = "phone"
MOST_STEPS = 100
ASKED = ("exercise", "variant", "programme", "need", "minutes", "plain", "first", "person", "pain", "reps", "seconds")
WISHES = ("pause", "skip", "next", "back", "finish")


def live(request: Request) -> Response:
    """The page that shows the camera."""
    query = dict(request.query_params)
    routine = routine_of(query)
    first = routine.steps[0].exercise
    asked = {name: query[name] for name in ASKED if query.get(name)}
    desk = desk_of(request) if guest_of(request).kind == "desk" else None
    return page(
        request,
        "live.html.j2",
        routine=routine,
        asked=asked,
        camera=gettext(first.camera.advice),
        figure=figure_of(first.id, first.variant),
        film=film_of(first.id, first.variant),
        needed=needed_text(routine.equipment),
        lan=desk is not None and desk.lan is not None,
        people=desk.people.people().everybody if desk is not None else (),
        question=gettext(QUESTIONS["before"]),
        question_after=gettext(QUESTIONS["after"]),
        scale=gettext(SCALE),
        most=MOST,
    )


async def socket(websocket: WebSocket) -> None:
    """One browser's connection to a room: a new one, or with ``room`` the one that it was cut off from."""
    desk: Desk = websocket.app.state.desk
    guest: Guest = websocket.scope["guest"]
    await websocket.accept()
    try:
        room = await run_in_threadpool(_room, desk, guest, dict(websocket.query_params))
    except PosturecamError as error:
        await websocket.send_text(
            json.dumps({"kind": "end", "sessions": [], "summaries": [], "problem": retold(str(error))})
        )
        await websocket.close()
        return

    def take(message: dict[str, Any]) -> bool:
        picture = unpack(message["bytes"]) if message.get("bytes") and not room.remote else None
        if picture is not None:
            room.camera.offer(*picture)
        return picture is not None or _wish(room, message.get("text"))

    outbox = Outbox()
    listener = outbox.put
    room.attach(listener)
    outbox.put(json.dumps({"kind": "room", "room": room.id, "seeing": room.seeing, "language": language.current()}))
    try:
        await talk(websocket, outbox, lambda: desk.access.stays(guest), take)
    finally:
        room.detach(listener)


def _room(desk: Desk, guest: Guest, query: dict[str, str]) -> Room:
    known = desk.rooms.get(query.get("room", ""))
    if known is not None and known[1] is guest:
        return known[0]
    if "room" in query:
        raise PosturecamError(msgid("This session has ended; its report is among the others."))
    routine = routine_of(query)
    remote = query.get("camera") == PHONE
    if remote and (guest.kind != "desk" or desk.lan is None):
        raise CallError(msgid("A phone can lend its camera once the program was started with: posturecam app --lan"))
    with desk.lock:
        desk.rooms = {name: one for name, one in desk.rooms.items() if not one[0].over.is_set()}
        if len(desk.rooms) >= MOST_ROOMS:
            raise PosturecamError(msgid("Other sessions are still going on; end one of them first."))
        keeping = Keeping(desk.store, "", _person(desk, guest, query), desk.host.say, pain=_pain(query.get("pain")))
        reached, first = _place(desk, guest, routine, query)
        room = Room(
            routine, keeping, desk.model, desk.host, guest.made.add, remote=remote, first=first, reached=reached
        )
        desk.rooms[room.id] = (room, guest)
    if remote:
        desk.lenses.want(room)
    return room


def _person(desk: Desk, guest: Guest, query: dict[str, str]) -> Person | None:
    """Whose session it is to be, by an id that is compared; nobody's where a phone asks, which knows of no people."""
    name = query.get("person", "")
    if not name or guest.kind != "desk":
        return None
    found = next((one for one in desk.people.people().everybody if one.id == name), None)
    if found is None:
        raise CallError(msgid("There is no such person; they may have been deleted."))
    return person_part(found)


def _place(desk: Desk, guest: Guest, routine: Routine, query: dict[str, str]) -> tuple[Callable[[int], None], int]:
    """What keeps the place in a programme for the next time, and the step to begin with; a phone's is not kept."""
    first, of = query.get("first", ""), len(routine.steps)
    at = int(first) if first.isascii() and first.isdigit() and len(first) < 4 else 0

    def reached(due: int) -> None:
        if routine.programme is not None and guest.kind == "desk":
            remember(desk.store, Last(programme=routine.programme, at=due, of=of))

    return reached, min(at, of - 1)


def _pain(text: str | None) -> Pain | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:3]) <= MOST):
        raise CallError(f"Pain is a whole number from 0 to {MOST}.")
    return Pain(before=int(text))


def pain(request: Request) -> Response:
    """What was said of the pain afterwards goes into the sessions of this sitting."""
    desk, guest, form = desk_of(request), guest_of(request), form_of(request)
    after = _pain(form.get("pain"))
    names = form.get("sessions", "").split(" ")
    if after is None or len(names) > MOST_STEPS:
        raise CallError(msgid("Say how much it hurts, from 0 to 10."))
    for stored in [desk.session(name, guest) for name in names]:
        before = stored.report.pain or Pain()
        amended(stored.session, pain=before.model_copy(update={"after": after.before}))
    return RedirectResponse(f"/sessions/{names[-1]}", 303)


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


ROUTES = (Route("/live", live), Route("/live/pain", pain, methods=["POST"]), WebSocketRoute("/live/socket", socket))
