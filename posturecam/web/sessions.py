"""Stored sessions: the list by day, a report in its place, its exports, and deleting it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from posturecam.app.outputs import OVERLAY
from posturecam.app.rendering import SUFFIXES, render
from posturecam.app.review import findings, read_review
from posturecam.app.stored import Stored
from posturecam.errors import CallError, StoreError
from posturecam.language import msgid
from posturecam.report.dates import weekday_text
from posturecam.report.html import Reviewed, render_html
from posturecam.report.picture_files import read_pictures
from posturecam.report.types import Person
from posturecam.store import THUMBNAILS
from posturecam.web.desk import Desk
from posturecam.web.exercises import figure_of
from posturecam.web.framed import in_frame
from posturecam.web.pages import desk_of, form_of, guest_of, page

MEDIA = {
    "html": "text/html",
    "json": "application/json",
    "csv": "text/csv",
    "pdf": "application/pdf",
    "md": "text/markdown",
}


def sessions(request: Request) -> Response:
    """All sessions, by day."""
    stored, damaged = desk_of(request).sessions()
    who = request.query_params.get("person", "")
    people = sorted({one.report.person_name for one in stored if one.report.person_name})
    shown = [one for one in stored if not who or one.report.person_name == who]
    return page(
        request,
        "sessions.html.j2",
        days=list(by_day(shown)),
        damaged=damaged,
        people=people,
        who=who,
        figure=figure_of,
    )


def by_day(stored: list[Stored]) -> Iterator[tuple[str, list[Stored]]]:
    """The sessions of each day, under its name."""
    for day, members in groupby(stored, key=lambda one: weekday_text(one.session.created)):
        yield day, list(members)


def report(request: Request) -> Response:
    """One session: its report in a frame, what a reviewer said beside it."""
    stored = stored_of(request)
    review = read_review(stored)
    desk = guest_of(request).kind == "desk"
    person = stored.report.person
    return page(
        request,
        "report.html.j2",
        people=desk_of(request).people.people().everybody if desk else (),
        owner=person.id if isinstance(person, Person) else None,
        stored=stored,
        has_video=video_of(stored) is not None,
        findings=findings(stored.report, review),
        review=review,
    )


def framed(request: Request) -> Response:
    """The report itself, as it would be exported: a page of its own that can reach nothing."""
    stored = stored_of(request)
    # within our page the reviewer's words stand beside it already
    text = _whole(stored, with_review=request.query_params.get("print") is not None)
    return in_frame(text)


def export(request: Request) -> Response:
    """The report in one of its formats."""
    stored = stored_of(request)
    format_ = request.path_params["format"]
    if format_ not in SUFFIXES:
        raise CallError(f"There is no such format; choose from {', '.join(SUFFIXES)}.")
    if format_ == "html":
        content: str | bytes = _whole(stored, with_review=True)
    else:
        content = render(stored.report, format_, read_pictures(stored.session.folder / THUMBNAILS))
    name = f"{stored.session.id}{SUFFIXES[format_]}"
    disposition = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=MEDIA[format_], headers=disposition)


def _whole(stored: Stored, *, with_review: bool) -> str:
    """The report's page, with what the reviewer said as a part of its own."""
    review = read_review(stored)
    said = findings(stored.report, review) if with_review else []
    reviewed = Reviewed(review.reviewer, said) if said else None
    return render_html(stored.report, thumbnails=read_pictures(stored.session.folder / THUMBNAILS), reviewed=reviewed)


def video(request: Request) -> Response:
    """The session's video, in ranges as a player wants them."""
    path = video_of(stored_of(request), annotated=request.query_params.get("plain") is None)
    if path is None:
        raise StoreError(msgid("This session has no video."))
    return FileResponse(path, media_type="video/mp4")


def video_of(stored: Stored, *, annotated: bool = True) -> Path | None:
    """The session's annotated video, or its recording; None when there is neither."""
    folder = stored.session.folder
    recordings = [one for one in sorted(folder.glob("recording.*")) if _is_film(one)]
    overlay = [one for one in [folder / OVERLAY] if _is_film(one)]
    found = [*overlay, *recordings] if annotated else [*recordings, *overlay]
    return found[0] if found else None


def _is_film(path: Path) -> bool:
    """A file of its own: a link would lead out of the session."""
    return path.is_file() and not path.is_symlink()


def delete(request: Request) -> Response:
    """Delete one session for good; the button asks first."""
    desk = desk_of(request)
    stored = stored_of(request)
    if form_of(request).get("sure") != "yes":
        raise CallError(msgid("Say that you are sure: the session, its pictures and its video are deleted for good."))
    desk.store.delete(stored.session.id)
    return RedirectResponse("/sessions", 303)


def delete_damaged(request: Request) -> Response:
    """Delete a folder of the store that cannot be read as a session."""
    desk: Desk = desk_of(request)
    name = form_of(request).get("session", "")
    if name not in {one.id for one in desk.sessions()[1]}:
        raise StoreError(msgid("There is no damaged session of that name."))
    desk.store.delete(name)
    return RedirectResponse("/sessions", 303)


def stored_of(request: Request) -> Stored:
    """The session that a request's path names."""
    return desk_of(request).session(request.path_params["session"], guest_of(request))


REPORT_ROUTES = (
    Route("/sessions/{session}", report),
    Route("/sessions/{session}/framed", framed),
    Route("/sessions/{session}/video", video),
)
ROUTES = (
    Route("/sessions", sessions),
    Route("/sessions/damaged/delete", delete_damaged, methods=["POST"]),
    Route("/sessions/{session}/export/{format}", export),
    Route("/sessions/{session}/delete", delete, methods=["POST"]),
)
