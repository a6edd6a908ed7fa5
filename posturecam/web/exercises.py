"""Choosing what to do: exercises by need and picture, how each is done, and how much of it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from posturecam.app.live_steps import Routine, Step, one_exercise, programme
from posturecam.errors import CallError
from posturecam.spec.catalogue import exercise_ids, load_programme_by_id, load_spec, programme_ids
from posturecam.spec.schema import Exercise, Programme
from posturecam.spec.words import dose_text
from posturecam.web.pages import page

FIGURES = Path(__file__).with_name("static") / "figures"
NEEDS = {"mobilise": "Loosen", "strengthen": "Strengthen", "stretch": "Stretch"}
MINUTES = (5, 10, 20)
WHOLE = "upper_back_relief"
"""The programme whose order and doses a routine for a need follows."""
REP_S = 4.0
"""How long a rep takes where minutes are told beforehand; the sample clips' correct ones take 3 to 7 s."""
MOST_REPS, MOST_S = 500, 3600


@dataclass(frozen=True)
class Card:
    """An exercise on the page."""

    exercise: Exercise
    figure: str | None
    dose: str
    minutes: float


def figure_of(exercise: str, variant: str | None) -> str | None:
    """The address of an exercise's drawing, in its variant where there is one; None when there is none."""
    for name in (f"{exercise}-{variant}", exercise):
        if (FIGURES / f"{name}.svg").is_file():
            return f"/static/figures/{name}.svg"
    return None


def minutes_of(routine: Routine) -> float:
    """About how long a routine takes."""
    seconds = 0.0
    for step in routine.steps:
        goal = step.goal
        one_set = (goal.seconds or (goal.reps or 0) * REP_S) * (2 if goal.per_side else 1)
        seconds += goal.sets * one_set + (goal.sets - 1) * goal.rest_s + step.rest_s
    return seconds / 60.0


def _card(name: str) -> Card:
    exercise = load_spec(name).default
    minutes = minutes_of(one_exercise(name))
    return Card(exercise, figure_of(exercise.id, exercise.variant), dose_text(exercise), minutes)


@functools.cache
def all_cards() -> tuple[Card, ...]:
    """Every shipped exercise; reading them takes most of a second, and they do not change while the program runs."""
    return tuple(_card(name) for name in exercise_ids())


@functools.cache
def all_routines() -> tuple[tuple[Programme, float], ...]:
    """Every shipped programme with its minutes."""
    return tuple((load_programme_by_id(name), minutes_of(_whole(name))) for name in programme_ids())


@functools.cache
def _whole(name: str) -> Routine:
    return programme(name)


def home(request: Request) -> Response:
    """All exercises by need."""
    cards = all_cards()
    groups = [(title, [card for card in cards if card.exercise.category == need]) for need, title in NEEDS.items()]
    routines = all_routines()
    return page(request, "exercises.html.j2", groups=groups, routines=routines, needs=NEEDS, minutes=MINUTES)


def exercise(request: Request) -> Response:
    """How one exercise is done, and the form that starts it."""
    spec = load_spec(_known(request.path_params["exercise"], exercise_ids()))
    chosen = request.query_params.get("variant") or spec.default.variant
    shown = spec.exercises.get(chosen) if chosen is not None else spec.default
    if shown is None:
        raise CallError(f"{spec.default.name} has no such variant.")
    return page(
        request,
        "exercise.html.j2",
        exercise=shown,
        variants=[one for one in spec.exercises.values() if one.variant is not None],
        figure=figure_of(shown.id, shown.variant),
        dose=dose_text(shown),
        need=NEEDS[shown.category],
    )


def routine_of(query: dict[str, str]) -> Routine:
    """What a start form asks for; raises CallError for what is not one of ours or makes no sense."""
    if query.get("minutes"):
        return routine_for(query.get("need", ""), _amount(query["minutes"], max(MINUTES)) or min(MINUTES))
    if query.get("programme"):
        return _whole(_known(query["programme"], programme_ids()))
    name = _known(query.get("exercise", ""), exercise_ids())
    reps, seconds = _amount(query.get("reps"), MOST_REPS), _amount(query.get("seconds"), MOST_S)
    return one_exercise(name, query.get("variant") or None, reps=reps, seconds=seconds)


def routine_for(need: str, minutes: int) -> Routine:
    """The exercises of the whole programme that serve a need (empty: any), as many as fit into the time, at least one."""
    if need and need not in NEEDS:
        raise CallError("There is no such need.")
    whole = _whole(WHOLE)
    chosen: list[Step] = []
    for step in whole.steps:
        fits = not chosen or minutes_of(Routine("", [*chosen, step])) <= minutes
        if fits and need in ("", step.exercise.category):
            chosen.append(step)
    return Routine(f"{NEEDS.get(need, 'A bit of everything')}, {minutes} minutes", chosen, whole.red_flags)


def _known(name: str, names: tuple[str, ...]) -> str:
    """The name, which may become part of a path only when it is one of ours."""
    if name not in names:
        raise CallError("There is no such exercise.")
    return name


def _amount(text: str | None, most: int) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise CallError(f"Give a whole number from 1 to {most}.")
    return int(text)


ROUTES = (Route("/", home), Route("/exercises/{exercise}", exercise))
