"""Pages out of templates: everything that is put in is escaped, nothing in them runs but our own files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from posturecam import __version__
from posturecam.language import capital, gettext, msgid, retold
from posturecam.report.dates import date_text
from posturecam.report.page import teach
from posturecam.report.summary import summary_text
from posturecam.report.wording import sessions_counted, side_word
from posturecam.spec.words import exercises_counted
from posturecam.web.access import Guest
from posturecam.web.desk import Desk
from posturecam.web.texts import told

PLACES = (
    ("/", msgid("Exercises")),
    ("/sessions", msgid("Reports")),
    ("/people", msgid("People")),
    ("/progress", msgid("Progress")),
    ("/uploads", msgid("Recordings")),
    ("/phone", msgid("Phone")),
    ("/settings", msgid("Settings")),
)
"""What the desk's navigation leads to."""


PHONES_PLACES = (PLACES[0], ("/lending", msgid("As a camera")))


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
    environment.globals.update(
        summary=summary_text,
        sessions_counted=sessions_counted,
        exercises_counted=exercises_counted,
        side_word=side_word,
        date_text=date_text,
    )
    environment.filters["capital"] = capital
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
    desk = guest is not None and guest.kind == "desk"
    let_in = guest is not None and guest.let_in
    common = {
        "csrf": guest.csrf if guest is not None else "",
        "desk": desk,
        "places": (PLACES if desk else PHONES_PLACES) if let_in else (),
        "here": request.url.path,
        "version": __version__,
        "texts": told(),
    }
    templates: Environment = request.app.state.templates
    return HTMLResponse(templates.get_template(template).render(**common, **shown), status)


def message(request: Request, title: str, sentence: str, *, status: int = 200) -> HTMLResponse:
    """A page that says one thing; both are in English, and told in the language that was chosen."""
    return page(request, "message.html.j2", status=status, title=gettext(title), sentence=retold(sentence))
