"""Adding recordings: the page, the pieces as they come, and how far their analysis is."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from posturecam.app.batch import HEADER
from posturecam.app.orders import AUTO
from posturecam.errors import CallError, PosturecamError
from posturecam.spec.catalogue import exercise_ids, load_exercise, load_spec
from posturecam.web.arriving import About, Arriving, Mismatch
from posturecam.web.pages import desk_of, page

PIECE = 8_388_608
MOST_NAME = 300
DIGEST_HEADER = "x-sha256"


def uploads(request: Request) -> Response:
    """Where recordings are dropped, and the table of those that were judged."""
    exercises = [load_spec(name).default for name in exercise_ids()]
    people = desk_of(request).people.people().everybody
    return page(request, "uploads.html.j2", exercises=exercises, header=HEADER, piece=PIECE, people=people)


async def begin(request: Request) -> Response:
    """Announce a recording: its id, and where to go on."""
    said = await said_of(request)
    about = About(
        name=_text(said, "name", MOST_NAME) or "recording",
        size=_size(said.get("size")),
        exercise=_exercise(said),
        variant=_text(said, "variant", 60) or None,
        person=_text(said, "person", 100).strip() or None,
    )
    if about.exercise != AUTO:
        load_exercise(about.exercise, about.variant)
    desk = desk_of(request)
    arriving = desk.uploads.begin(about, _text(said, "digest", 64))
    return _where(arriving)


async def piece(request: Request) -> Response:
    """Take the next piece; once all have come, the analysis begins."""
    desk = desk_of(request)
    arriving = desk.uploads.find(request.path_params["upload"])
    offset = request.query_params.get("offset", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 15):
        raise CallError("Say where the piece belongs.")
    try:
        await arriving.take(int(offset), request.headers.get(DIGEST_HEADER, ""), request.stream())
    except Mismatch as mismatch:
        return JSONResponse({"offset": mismatch.offset, "problem": str(mismatch)}, 409)
    except PosturecamError as error:
        return JSONResponse({"offset": arriving.offset, "problem": str(error)}, 507)
    if arriving.whole:
        desk.jobs.add(arriving, desk.model)
    return _where(arriving)


def stop(request: Request) -> Response:
    """Stop the analysis, and take the recording away."""
    desk = desk_of(request)
    arriving = desk.uploads.find(request.path_params["upload"])
    desk.jobs.stop(arriving.id)
    if not any(job.id == arriving.id and job.state == "running" for job in desk.jobs.all()):
        desk.uploads.remove(arriving)
    return JSONResponse({})


def status(request: Request) -> Response:
    """How far everything is."""
    desk = desk_of(request)
    jobs = desk.jobs.all()
    judged = {job.id for job in jobs}
    parts = [
        {"id": one.id, "name": one.about.name, "offset": one.offset, "size": one.about.size}
        for one in desk.uploads.waiting()
        if one.id not in judged
    ]
    return JSONResponse({"jobs": [asdict(job) for job in jobs], "parts": parts})


async def said_of(request: Request) -> dict[str, Any]:
    """The JSON object that was sent; raises CallError for anything else."""
    try:
        said = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise CallError("That cannot be read.") from error
    if not isinstance(said, dict):
        raise CallError("That cannot be read.")
    return said


def _where(arriving: Arriving) -> Response:
    return JSONResponse({"id": arriving.id, "offset": arriving.offset, "whole": arriving.whole})


def _text(said: dict[str, Any], name: str, most: int) -> str:
    value = said.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most or any("\ud800" <= char <= "\udfff" for char in value):
        raise CallError(f"The {name} cannot be read.")
    return value


def _size(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise CallError("The size cannot be read.")
    return value


def _exercise(said: dict[str, Any]) -> str:
    name = _text(said, "exercise", 60) or AUTO
    if name != AUTO and name not in exercise_ids():
        raise CallError("There is no such exercise.")
    return name


ROUTES = (
    Route("/uploads", uploads),
    Route("/uploads", begin, methods=["POST"]),
    Route("/uploads/status", status),
    Route("/uploads/{upload}", piece, methods=["PUT"]),
    Route("/uploads/{upload}/stop", stop, methods=["POST"]),
)
