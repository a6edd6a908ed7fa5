"""How it goes from session to session: the history page, in a frame."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from posturecam.app.stored import as_entry
from posturecam.report.history_page import render_history
from posturecam.web.framed import in_frame
from posturecam.web.pages import desk_of, page


def progress(request: Request) -> Response:
    """Whose progress is shown, and the charts."""
    stored, _ = desk_of(request).sessions()
    who = request.query_params.get("person", "")
    people = sorted({one.report.person_name for one in stored if one.report.person_name})
    return page(request, "progress.html.j2", people=people, who=who if who in people else "", any=bool(stored))


def framed(request: Request) -> Response:
    """The history as it would be exported."""
    stored, damaged = desk_of(request).sessions()
    who = request.query_params.get("person", "")
    shown = [one for one in stored[::-1] if not who or one.report.person_name == who]
    entries = [as_entry(one) for one in shown]
    text = render_history(entries, person=who or None, unreadable=len(damaged))
    return in_frame(text)


ROUTES = (Route("/progress", progress), Route("/progress/framed", framed))
