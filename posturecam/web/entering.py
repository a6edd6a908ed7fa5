"""Coming in: this computer's browser by the program's link, a phone by a link that is good once."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from posturecam.language import gettext
from posturecam.web.guard import Door
from posturecam.web.pages import desk_of, page

DESK_OPEN = "/enter/"
PHONE_OPEN = "/pair/"


def enter(request: Request) -> Response:
    """The link that the terminal shows: a cookie for the right key."""
    cookie = desk_of(request).access.enter(request.path_params["key"])
    if cookie is None:
        text = gettext("This link is from another start of posturecam; use the newest one that the terminal shows.")
        return page(request, "message.html.j2", status=403, title=gettext("Not this link"), sentence=text)
    answer = RedirectResponse("/", 303)
    _set(answer, request.scope["door"], cookie)
    return answer


def pair(request: Request) -> Response:
    """A phone's link: uses the token up, and shows the code that the desk must confirm."""
    desk = desk_of(request)
    address = request.client.host if request.client else None
    knocked = desk.access.knock(request.path_params["token"], address)
    if knocked is None:
        return Response(b"", 403)
    cookie, guest = knocked
    request.scope["guest"] = guest
    answer = page(request, "waiting.html.j2", code=guest.code, fingerprint=desk.fingerprint)
    _set(answer, request.scope["door"], cookie)
    return answer


def waiting(request: Request) -> Response:
    """Whether the phone that knocked has been let in."""
    return JSONResponse({"let_in": request.scope["guest"].let_in})


def _set(answer: Response, door: Door, cookie: str) -> None:
    answer.set_cookie(door.cookie, cookie, httponly=True, samesite="strict", secure=door.secure)


DESK_ROUTES = (Route("/enter/{key}", enter),)
PHONE_ROUTES = (Route("/pair/{token}", pair), Route("/waiting", waiting))
