"""Pages out of templates: everything that is put in is escaped, nothing in them runs but our own files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from posturecam import __version__
from posturecam.report.page import teach
from posturecam.report.summary import summary_text
from posturecam.web.access import Guest
from posturecam.web.desk import Desk

PLACES = (
    ("/", "Exercises"),
    ("/sessions", "Reports"),
    ("/people", "People"),
    ("/progress", "Progress"),
    ("/uploads", "Recordings"),
    ("/phone", "Phone"),
    ("/settings", "Settings"),
)
"""What the desk's navigation leads to."""


PHONES_PLACES = (PLACES[0], ("/lending", "As a camera"))


def environment() -> Environment:
    """The templates' environment: escapes whatever is put in, and takes an unknown name for an error."""
    environment = Environment(
        loader=PackageLoader("posturecam.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    teach(environment)
    environment.globals.update(summary=summary_text)
    return environment


def desk_of(request: Request) -> Desk:
    """What the pages work on."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


def guest_of(request: Request) -> Guest:
    """Who asks; the guard has made sure of it."""
    guest = request.scope["guest"]
    assert isinstance(guest, Guest)
    return guest


def form_of(request: Request) -> Mapping[str, str]:
    """The posted form, which the guard has read and whose token it has checked; empty where none was posted."""
    form: Mapping[str, str] = request.scope.get("form", {})
    return form


def page(request: Request, template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:
    """The page made of a template."""
    guest = request.scope.get("guest")
    common = {
        "csrf": guest.csrf if guest is not None else "",
        "desk": guest is not None and guest.kind == "desk",
        "places": PLACES if guest is not None and guest.kind == "desk" else PHONES_PLACES,
        "here": request.url.path,
        "version": __version__,
    }
    templates: Environment = request.app.state.templates
    return HTMLResponse(templates.get_template(template).render(**common, **shown), status)


def message(request: Request, title: str, sentence: str, *, status: int = 200) -> HTMLResponse:
    """A page that says one thing."""
    return page(request, "message.html.j2", status=status, title=title, sentence=sentence)
