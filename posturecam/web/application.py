"""The page as an ASGI application: which address leads where, and what becomes of errors."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from posturecam import language
from posturecam.errors import CallError, PosturecamError, StoreError
from posturecam.language import gettext, msgid
from posturecam.web import (
    comparing,
    entering,
    exercises,
    films,
    lending,
    live,
    people,
    phone,
    progress,
    review,
    sessions,
    settings,
    uploads,
)
from posturecam.web.desk import Desk
from posturecam.web.guard import Door, Guard, Refused, TooMuch
from posturecam.web.pages import environment, message

DID_NOT_WORK = msgid("That did not work")
TOO_MUCH = msgid("That is more than this page takes at once.")
STATIC = Path(__file__).with_name("static")
PHONES = (
    *entering.PHONE_ROUTES,
    *exercises.ROUTES,
    *live.ROUTES,
    *films.ROUTES,
    *lending.ROUTES,
    *sessions.REPORT_ROUTES,
)
"""What a paired phone can ask for; everything else does not exist through its door."""
DESK = (
    *entering.DESK_ROUTES,
    *exercises.ROUTES,
    *live.ROUTES,
    *films.ROUTES,
    *sessions.REPORT_ROUTES,
    *sessions.ROUTES,
    *comparing.ROUTES,
    *people.ROUTES,
    *progress.ROUTES,
    *uploads.ROUTES,
    *review.ROUTES,
    *phone.ROUTES,
    *settings.ROUTES,
)


def application(desk: Desk, door: Door) -> Starlette:
    """The application behind one door."""
    routes: list[BaseRoute] = [
        *(DESK if door.kind == "desk" else PHONES),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guard, access=desk.access, door=door), Middleware(Speaking, desk=desk)],
        exception_handlers={
            PosturecamError: _told,
            Refused: _refused,
            TooMuch: _too_much,
            ClientDisconnect: _gone,
            HTTPException: _http_error,
            Exception: _unforeseen,
        },
    )
    app.state.desk = desk
    app.state.templates = environment()
    return app


class Speaking:
    """ASGI middleware: what a request asks for is told in the language that was chosen on the page."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer it; threads that this starts speak so as well."""
        with language.spoken(self._desk.language):
            await self._app(scope, receive, send)


async def _told(request: Request, error: Exception) -> Response:
    status = 404 if isinstance(error, StoreError) else 400 if isinstance(error, CallError) else 409
    return message(request, DID_NOT_WORK, str(error), status=status)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return message(request, DID_NOT_WORK, error.sentence, status=error.status)


async def _too_much(request: Request, _error: Exception) -> Response:
    return message(request, DID_NOT_WORK, TOO_MUCH, status=413)


async def _gone(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("", 400)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = {404: msgid("There is no such page."), 405: msgid("That cannot be done here.")}
    return message(
        request,
        msgid("Not here"),
        known.get(error.status_code, msgid("That cannot be done.")),
        status=error.status_code,
    )


async def _unforeseen(request: Request, error: Exception) -> Response:
    request.app.state.desk.host.trace(error)
    name = type(error).__name__
    what = gettext("Something unforeseen went wrong ({error}); the terminal says more.", error=name)
    return PlainTextResponse(what, 500)
