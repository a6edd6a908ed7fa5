"""The desk's side of a phone: the code to scan, who knocks, and ending it."""

from __future__ import annotations

import segno
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from posturecam.errors import CallError
from posturecam.language import msgid
from posturecam.web.pages import desk_of, form_of, page


def phone(request: Request) -> Response:
    """How a phone becomes the camera, and the phones there are."""
    desk = desk_of(request)
    phones = desk.access.phones()
    return page(request, "phone.html.j2", lan=desk.lan, fingerprint=desk.fingerprint, phones=phones, code=None, link="")


def invite(request: Request) -> Response:
    """Show a link that is good once, as a picture to scan."""
    desk = desk_of(request)
    if desk.lan is None:
        raise CallError(
            msgid("This start of posturecam lets no phone in: end it, and start it with: posturecam app --lan")
        )
    link = f"{desk.lan}/pair/{desk.access.invite()}"
    drawing = segno.make(link, error="m").svg_data_uri(scale=6, border=3, light="#ffffff", dark="#000000")
    phones = desk.access.phones()
    return page(
        request, "phone.html.j2", lan=desk.lan, fingerprint=desk.fingerprint, phones=phones, code=drawing, link=link
    )


def status(request: Request) -> Response:
    """The phones that wait and those that are in."""
    phones = desk_of(request).access.phones()
    return JSONResponse([{"code": one.code, "address": one.address, "let_in": one.let_in} for one in phones])


def answer(request: Request) -> Response:
    """Let a phone in, or send it away."""
    form = form_of(request)
    if not desk_of(request).access.answer(form.get("code", ""), let_in=form.get("answer") == "yes"):
        raise CallError(msgid("No phone waits with that code any more; scan a new one."))
    return RedirectResponse("/phone", 303)


def end(request: Request) -> Response:
    """All phones are out, and what they do is ended and saved."""
    desk = desk_of(request)
    desk.access.end_phones()
    for room, guest in desk.rooms.values():
        if guest.kind == "phone":
            room.finish()
    return RedirectResponse("/phone", 303)


ROUTES = (
    Route("/phone", phone),
    Route("/phone/invite", invite, methods=["POST"]),
    Route("/phone/status", status),
    Route("/phone/answer", answer, methods=["POST"]),
    Route("/phone/end", end, methods=["POST"]),
)
