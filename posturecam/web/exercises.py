"""Choosing what to do: exercises by need and picture, how each is done, and how much of it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from posturecam.app.live_steps import Routine, one_exercise, programme, shortened
from posturecam.app.memory import recall
from posturecam.app.stage import needed_text
from posturecam.app.stored import Stored
from posturecam.errors import CallError, PosturecamError
from posturecam.language import gettext, msgid, stored
from posturecam.spec.catalogue import exercise_ids, load_programme_by_id, load_spec, programme_ids
from posturecam.spec.schema import Exercise, Programme
from posturecam.spec.words import dose_text
from posturecam.web.access import Guest
from posturecam.web.desk import Desk
from posturecam.web.films import film_of
from posturecam.web.pages import desk_of, guest_of, page

FIGURES = Path(__file__).with_name("static") / "figures"
NEEDS = {"mobilise": msgid("Loosen"), "strengthen": msgid("Strengthen"), "stretch": msgid("Stretch")}
EVERYTHING = msgid("A bit of everything")
MINUTES = (5, 10, 20)
WHOLE = "upper_back_relief"
"""The programme whose order and doses a routine for a need follows."""
MOST_REPS, MOST_S = 500, 3600
MOST_ID = 60


@dataclass(frozen=True)
class Card:
    """An exercise on the page."""

    exercise: Exercise
    figure: str | None
    minutes: float


def owned(exercise: Exercise) -> bool:
    """Whether it needs something that not every home has."""
    return not {*exercise.equipment} <= {"wall", "doorway"}


def figure_of(exercise: str, variant: str | None) -> str | None:
    """The address of an exercise's drawing, in its variant where there is one; None when there is none."""
    for name in (f"{exercise}-{variant}", exercise):
        if (FIGURES / f"{name}.svg").is_file():
            return f"/static/figures/{name}.svg"
    return None


def _card(name: str) -> Card:
    exercise = load_spec(name).default
    seconds = one_exercise(name).seconds
    return Card(exercise, figure_of(exercise.id, exercise.variant), seconds / 60)


@functools.cache
def all_cards() -> tuple[Card, ...]:
    """Every shipped exercise; reading them takes most of a second, and they do not change while the program runs."""
    return tuple(_card(name) for name in exercise_ids())


@functools.cache
def all_routines() -> tuple[tuple[Programme, float], ...]:
    """Every shipped programme with its minutes."""
    return tuple((load_programme_by_id(name), _whole(name).seconds / 60) for name in programme_ids())


@functools.cache
def _whole(name: str) -> Routine:
    """A whole programme; its title is in the language it was first asked for in, so it is given again where it is shown."""
    return programme(name)


def home(request: Request) -> Response:
    """The exercises by need, or those that serve what was chosen."""
    need, plain = request.query_params.get("need", ""), bool(request.query_params.get("plain"))
    cards = [
        card for card in all_cards() if need in ("", card.exercise.category) and not (plain and owned(card.exercise))
    ]
    guest, desk = guest_of(request), desk_of(request)
    last = recall(desk.store) if guest.kind == "desk" else None
    plainly = last is not None and last.unfinished and last.minutes is None and not last.without
    groups = [(title, [card for card in cards if card.exercise.category == one]) for one, title in NEEDS.items()]
    return page(
        request,
        "exercises.html.j2",
        groups=groups,
        routines=all_routines(),
        needs=NEEDS,
        minutes=MINUTES,
        need=need,
        plain=plain,
        last=last if plainly else None,
        made=_made(desk, guest) if guest.kind == "phone" else [],
        needed=needed_text,
        dose=dose_text,
        who=request.query_params.get("person", "")[:MOST_ID],
    )


def _made(desk: Desk, guest: Guest) -> list[Stored]:
    """What a phone has done, the newest first; but for what was deleted or damaged since."""
    found = []
    for name in sorted(guest.made, reverse=True):
        with suppress(PosturecamError):
            found.append(desk.session(name, guest))
    return found


def exercise(request: Request) -> Response:
    """How one exercise is done, and the form that starts it."""
    spec = load_spec(_known(request.path_params["exercise"], exercise_ids()))
    chosen = request.query_params.get("variant") or spec.default.variant
    shown = spec.exercises.get(chosen) if chosen is not None else spec.default
    if shown is None:
        raise CallError(msgid("This exercise has no such variant."))
    return page(
        request,
        "exercise.html.j2",
        exercise=shown,
        variants=[one for one in spec.exercises.values() if one.variant is not None],
        figure=figure_of(shown.id, shown.variant),
        who=request.query_params.get("person", "")[:MOST_ID],
        film=film_of(shown.id, shown.variant),
        needed=needed_text(shown.equipment),
        dose=dose_text(shown),
        need=NEEDS[shown.category],
    )


def routine_of(query: Mapping[str, str]) -> Routine:
    """What a start form asks for; raises CallError for what is not one of ours or makes no sense."""
    if query.get("minutes"):
        minutes = _amount(query["minutes"], max(MINUTES)) or min(MINUTES)
        return routine_for(query.get("need", ""), minutes, plain=bool(query.get("plain")))
    if query.get("programme"):
        return programme(_known(query["programme"], programme_ids()))
    name = _known(query.get("exercise", ""), exercise_ids())
    reps, seconds = _amount(query.get("reps"), MOST_REPS), _amount(query.get("seconds"), MOST_S)
    return one_exercise(name, query.get("variant") or None, reps=reps, seconds=seconds)


def routine_for(need: str, minutes: int, *, plain: bool = False) -> Routine:
    """What of the whole programme serves a need (empty: any) and fits into the time; ``plain``: without any equipment."""
    if need and need not in NEEDS:
        raise CallError(msgid("There is no such exercise."))
    whole = _whole(WHOLE)
    fitting = [
        step for step in whole.steps if need in ("", step.exercise.category) and not (plain and owned(step.exercise))
    ]
    words = gettext(NEEDS.get(need, EVERYTHING))
    title = gettext("{need}, {minutes} minutes", need=words, minutes=minutes)
    return Routine(title, shortened(fitting, minutes * 60.0), whole.red_flags)


def _known(name: str, names: tuple[str, ...]) -> str:
    """The name, which may become part of a path only when it is one of ours."""
    if name not in names:
        raise CallError(msgid("There is no such exercise."))
    return name


def _amount(text: str | None, most: int) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise CallError(stored("Give a whole number from 1 to {most}.", most=most))
    return int(text)


ROUTES = (Route("/", home), Route("/exercises/{exercise}", exercise))
