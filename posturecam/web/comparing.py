"""Two sessions side by side: what has changed, and both videos at the same phase of the rep."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from posturecam.app.people import person_key
from posturecam.app.stored import Stored
from posturecam.errors import CallError
from posturecam.language import msgid
from posturecam.report.comparison import compare
from posturecam.report.in_step import knots
from posturecam.web.pages import desk_of, guest_of, page
from posturecam.web.sessions import stored_of, video_of

TRENDS = {
    "better": msgid("better"),
    "worse": msgid("worse"),
    "gone": msgid("no longer a fault"),
    "new": msgid("new"),
    "still": msgid("still there"),
}


def comparing(request: Request) -> Response:
    """The page; without ``with`` it asks which earlier session it shall be."""
    later = stored_of(request)
    name = request.query_params.get("with")
    if not name:
        return page(request, "compare_choose.html.j2", stored=later, others=_others(request, later))
    earlier = _other(request, later, name)
    return page(
        request,
        "compare.html.j2",
        sides=[
            (title, one, video_of(one) is not None)
            for title, one in ((msgid("Before"), earlier), (msgid("After"), later))
        ],
        trends=TRENDS,
        result=compare(earlier.report, later.report),
        in_step=bool(knots(earlier.report, later.report)),
    )


def data(request: Request) -> Response:
    """Which moments belong together."""
    later = stored_of(request)
    earlier = _other(request, later, request.query_params.get("with", ""))
    return JSONResponse({"knots": knots(earlier.report, later.report)})


def _other(request: Request, later: Stored, name: str) -> Stored:
    if name == later.session.id:
        raise CallError(msgid("These are the same session; choose another."))
    return desk_of(request).session(name, guest_of(request))


def _others(request: Request, later: Stored) -> list[Stored]:
    """The other sessions of the exercise, first those of the same person."""
    same = [
        one
        for one in desk_of(request).sessions()[0]
        if one.session.id != later.session.id and one.report.exercise == later.report.exercise
    ]
    return sorted(same, key=lambda one: person_key(one.report) != person_key(later.report))


ROUTES = (
    Route("/sessions/{session}/compare", comparing),
    Route("/sessions/{session}/compare/data", data),
)
