"""Choosing an exercise or a programme in the terminal, by its number or its name."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

from posturecam.app.memory import Last
from posturecam.errors import CallError
from posturecam.spec.catalogue import load_programme_by_id, programme_ids, shipped_specs
from posturecam.spec.schema import Equipment
from posturecam.spec.words import dose_text

NOT_NAMED = "Name one exercise, or --programme; 'posturecam specs list' shows the exercises."
NOTHING_TO_RESUME = "There is no programme that was ended early; start one with --programme."


@dataclass(frozen=True)
class Choice:
    """One line of the list."""

    title: str
    remark: str
    last: Last


def in_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def equipment_of(text: str | None) -> tuple[str, ...]:
    """Read ``band,roller``; raises CallError for what no exercise needs."""
    known = get_args(Equipment)
    names = tuple(name.strip().lower().rstrip("s") for name in (text or "").split(",") if name.strip())
    names = tuple("dumbbells" if name == "dumbbell" else name for name in names)
    for name in names:
        if name not in known:
            raise CallError(f"--without {text!r}: {name!r} is not known; choose from {', '.join(known)}.")
    return names


def resumed(last: Last | None, programme: str | None) -> Last:
    """The programme that was ended early, where it was left; raises CallError when there is none."""
    if last is None or not last.unfinished or programme not in (None, last.programme):
        raise CallError(NOTHING_TO_RESUME)
    return last


def choices(last: Last | None, minutes: float | None = None, without: tuple[str, ...] = ()) -> list[Choice]:
    """What can be chosen: what was done last, the programmes, and every exercise in every variant."""
    found: list[Choice] = []
    for name in programme_ids():
        programme = load_programme_by_id(name)
        found.append(Choice(programme.name, f"programme, {len(programme.steps)} exercises", Last(programme=name)))
    for name, spec in shipped_specs().items():
        for exercise in spec.exercises.values():
            variant = (
                f", {exercise.variant_name[:1].lower()}{exercise.variant_name[1:]}" if exercise.variant_name else ""
            )
            found.append(
                Choice(f"{exercise.name}{variant}", dose_text(exercise), Last(exercise=name, variant=exercise.variant))
            )
    found = [
        replace(one, last=replace(one.last, minutes=minutes, without=without)) if one.last.programme else one
        for one in found
    ]
    return [*_again(last, found), *found]


def _again(last: Last | None, found: Sequence[Choice]) -> list[Choice]:
    if last is None:
        return []
    if last.unfinished:
        title = next((one.title for one in found if one.last.programme == last.programme), last.programme or "")
        return [Choice(f"Go on: {title}", f"at {last.at + 1} of {last.of}", last)]
    again = replace(last, at=0)
    known = [
        one
        for one in found
        if (one.last.programme, one.last.exercise) == (last.programme, last.exercise)
        and last.variant in (None, one.last.variant)
    ]
    return [Choice(f"Again: {known[0].title}", known[0].remark, again)] if known else []


def chosen(named: Last, last: Last | None) -> Last:
    """What the call names, or what is chosen from the list where it names nothing; raises as :func:`choose` does."""
    if named.exercise is not None or named.programme is not None:
        return named
    return choose(last, named.minutes, named.without)


def choose(last: Last | None, minutes: float | None = None, without: tuple[str, ...] = ()) -> Last:
    """Ask which; raises CallError where nobody can be asked, KeyboardInterrupt for an empty end."""
    if not in_terminal():
        raise CallError(NOT_NAMED)
    listed = choices(last, minutes, without)
    width = max(len(one.title) for one in listed)
    print("What would you like to do?\n")
    for number, one in enumerate(listed, 1):
        print(f"  {number:2}  {one.title:{width}}  {one.remark}")
    print()
    usual = " [1]" if last is not None else ""
    while True:
        try:
            answer = input(f"Number or name{usual}, Q to leave: ").strip()
        except EOFError:
            raise KeyboardInterrupt from None
        if answer.lower() in ("q", "quit", "exit"):
            raise KeyboardInterrupt
        found = picked(answer or ("1" if usual else ""), listed)
        if found is not None:
            return found.last
        print("That is not in the list; give a number of it, or part of a name.")


def picked(answer: str, listed: Sequence[Choice]) -> Choice | None:
    """The line that a number or part of a name tells, None where that is not one."""
    if answer.isdigit():
        return listed[int(answer) - 1] if 1 <= int(answer) <= len(listed) else None
    words = answer.lower().replace("_", " ").split()
    found = [one for one in listed if words and all(word in one.title.lower() for word in words)]
    exact = [one for one in found if one.title.lower() == answer.lower()]
    best = exact or found
    return best[0] if len(best) == 1 else None
