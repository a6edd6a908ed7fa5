"""People: who exercises here, what each has done by day, their programme and progress; adding, changing, deleting them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from posturecam.app.people import give, is_theirs
from posturecam.app.stored import Stored, as_entry
from posturecam.errors import CallError, StoreError
from posturecam.language import msgid
from posturecam.report.history_page import render_history
from posturecam.spec.catalogue import load_programme_by_id, programme_ids
from posturecam.store import PersonRecord, changed, delete_person, export_person
from posturecam.web.desk import Desk
from posturecam.web.exercises import figure_of
from posturecam.web.framed import in_frame
from posturecam.web.pages import desk_of, form_of, page
from posturecam.web.sessions import by_day, stored_of

SIDES = ("left", "right", "both", "none")
FIELDS = ("name", "height_cm", "painful_side", "programme", "notes")


def people(request: Request) -> Response:
    """Everybody, with how much is stored of each."""
    desk = desk_of(request)
    found = desk.people.people()
    stored, _ = desk.sessions()
    rows = [(person, _theirs(person, stored)) for person in found.everybody]
    return page(request, "people.html.j2", rows=rows, problems=found.problems)


def add(request: Request) -> Response:
    """Add somebody by name."""
    store = desk_of(request).people
    person = store.named(form_of(request).get("name", ""))
    store.add(person)
    return RedirectResponse(f"/people/{person.id}", 303)


def person(request: Request) -> Response:
    """One person: what is known, what is to be done, what was done by day."""
    desk = desk_of(request)
    who = _known(request)
    stored = _theirs(who, desk.sessions()[0])
    shipped = [load_programme_by_id(name) for name in programme_ids()]
    return page(
        request,
        "person.html.j2",
        person=who,
        days=list(by_day(stored)),
        count=len(stored),
        programmes=shipped,
        own=who.programme if who.programme and who.programme not in programme_ids() else None,
        sides=SIDES,
        figure=figure_of,
    )


def change(request: Request) -> Response:
    """Keep what was typed about somebody."""
    store, form = desk_of(request).people, form_of(request)
    who = _known(request)
    store.replace(changed(who, **_typed(form)))
    return RedirectResponse(f"/people/{who.id}", 303)


def _typed(form: Mapping[str, str]) -> dict[str, object]:
    """The fields that were sent, an empty one as None."""
    typed: dict[str, object] = {name: form[name].strip() or None for name in FIELDS if name in form}
    if "notes" in typed:
        typed["notes"] = (typed["notes"] or "").replace("\r\n", "\n")  # type: ignore[attr-defined]
    height = typed.get("height_cm")
    if isinstance(height, str):
        try:
            typed["height_cm"] = float(height.replace(",", "."))
        except ValueError as error:
            raise CallError(msgid("The height is a number of centimetres.")) from error
    programme = typed.get("programme")
    if programme is not None and programme not in programme_ids():
        # one of the user's own files stays; the page sets none, as a request's path is opened by nobody
        del typed["programme"]
    return typed


async def delete(request: Request) -> Response:
    """Delete somebody and all of their sessions; the name has to be typed."""
    desk = desk_of(request)
    who = _known(request)
    if form_of(request).get("name", "").strip() != who.name:
        raise CallError(msgid("Nothing was deleted: type the name as it stands here to say that you mean it."))
    await run_in_threadpool(delete_person, who, desk.people, desk.store)
    return RedirectResponse("/people", 303)


async def export(request: Request) -> Response:
    """Everything of somebody in one zip, which ``posturecam people import`` reads."""
    desk = desk_of(request)
    who = _known(request)
    # beside the data, so that nothing of it comes into a folder that others share
    folder = tempfile.TemporaryDirectory(prefix="export-", dir=desk.data, ignore_cleanup_errors=True)
    path = Path(folder.name) / f"{who.id}.zip"
    try:
        await run_in_threadpool(export_person, who, desk.people, desk.store, path)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(path, filename=path.name, background=BackgroundTask(folder.cleanup))


def framed(request: Request) -> Response:
    """Their history as it would be exported."""
    desk = desk_of(request)
    who = _known(request)
    stored = _theirs(who, desk.sessions()[0])
    entries = [as_entry(one) for one in stored[::-1]]
    text = render_history(entries, person=who.name)
    return in_frame(text)


def assign(request: Request) -> Response:
    """Give a session to somebody."""
    desk = desk_of(request)
    stored = stored_of(request)
    give(stored.session, _read(desk, form_of(request).get("person", "")))
    return RedirectResponse(f"/sessions/{stored.session.id}", 303)


def _theirs(person: PersonRecord, stored: list[Stored]) -> list[Stored]:
    return [one for one in stored if is_theirs(one.report, person)]


def _known(request: Request) -> PersonRecord:
    return _read(desk_of(request), request.path_params["person"])


def _read(desk: Desk, name: str) -> PersonRecord:
    """The person of exactly this id, which is compared and never joined to a path."""
    found = next((one for one in desk.people.people().everybody if one.id == name), None)
    if found is None:
        raise StoreError(msgid("There is no such person; they may have been deleted."))
    return found


ROUTES = (
    Route("/people", people),
    Route("/people", add, methods=["POST"]),
    Route("/people/{person}", person),
    Route("/people/{person}", change, methods=["POST"]),
    Route("/people/{person}/framed", framed),
    Route("/people/{person}/export", export),
    Route("/people/{person}/delete", delete, methods=["POST"]),
    Route("/sessions/{session}/person", assign, methods=["POST"]),
)
