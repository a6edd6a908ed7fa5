"""The films that show how an exercise is done, which come with the program."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from posturecam.errors import StoreError
from posturecam.spec.catalogue import demonstration, exercise_ids, load_spec

USUAL = "usual"
"""Stands for the variant of an exercise that has none."""


def film_of(exercise: str, variant: str | None) -> str | None:
    """The address of an exercise's film; None when there is none."""
    return f"/films/{exercise}/{variant or USUAL}" if demonstration(exercise, variant) is not None else None


def film(request: Request) -> Response:
    """One film; its names are compared with those that there are."""
    name, variant = request.path_params["exercise"], request.path_params["variant"]
    known = load_spec(name).exercises.values() if name in exercise_ids() else ()
    shown = next((one for one in known if (one.variant or USUAL) == variant), None)
    path = demonstration(shown.id, shown.variant) if shown is not None else None
    if path is None:
        raise StoreError("There is no such film.")
    return FileResponse(path, media_type="video/mp4", headers={"cache-control": "private, max-age=3600"})


ROUTES = (Route("/films/{exercise}/{variant}", film),)
