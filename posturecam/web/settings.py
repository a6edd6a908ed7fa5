"""Settings: the pose model, where data lies, and deleting all of it."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from posturecam import language
from posturecam.errors import CallError
from posturecam.language import msgid
from posturecam.pose.models import DEFAULT_MODEL, MODEL_NAMES, ready_model
from posturecam.web.pages import desk_of, form_of, page

LANGUAGES = {"en": "English", "de": "Deutsch", "es": "Español"}
WORDS = {
    "lite": msgid("Lite: fastest, for slow computers"),
    "full": msgid("Full: the usual choice"),
    "heavy": msgid("Heavy: most accurate, needs a fast computer"),
}


def settings(request: Request) -> Response:
    """What can be set."""
    desk = desk_of(request)
    models = [(name, WORDS[name], ready_model(name) is not None) for name in MODEL_NAMES]
    count = len(desk.store.ids())
    chosen = desk.model or DEFAULT_MODEL
    return page(
        request,
        "settings.html.j2",
        models=models,
        chosen=chosen,
        languages=[(code, LANGUAGES.get(code, code)) for code in language.languages()],
        spoken=desk.language,
        data=str(desk.data),
        count=count,
        looks=desk.looks,
        people=len(desk.people.folders()),
    )


def choose(request: Request) -> Response:
    """Keep the pose model or the language that was chosen."""
    chosen = {name: value for name, value in form_of(request).items() if name in ("model", "language")}
    desk_of(request).choose(**chosen)
    return RedirectResponse("/settings", 303)


async def delete(request: Request) -> Response:
    """Delete everything that is kept, once the word has been typed."""
    if form_of(request).get("word", "").strip().lower() != "delete":
        raise CallError(msgid("Nothing was deleted: type the word delete into the field to say that you mean it."))
    desk = desk_of(request)
    if any(not room.over.is_set() for room, _ in desk.rooms.values()) or desk.jobs.busy:
        raise CallError(msgid("Nothing was deleted: a session or an analysis is still going on; end it first."))
    await run_in_threadpool(desk.delete_everything)
    return RedirectResponse("/settings", 303, headers={"clear-site-data": '"storage"'})


ROUTES = (
    Route("/settings", settings),
    Route("/settings/choose", choose, methods=["POST"]),
    Route("/settings/delete", delete, methods=["POST"]),
)
