"""What can be chosen where no exercise is named: what was done last, the programmes, and every exercise in every variant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from posturecam.app.memory import Last
from posturecam.language import gettext, inside
from posturecam.spec.catalogue import load_programme_by_id, programme_ids, shipped_specs
from posturecam.spec.words import dose_text, exercises_counted


@dataclass(frozen=True)
class Choice:
    """One line of the list."""

    title: str
    remark: str
    last: Last


def choices(last: Last | None, minutes: float | None = None, without: tuple[str, ...] = ()) -> list[Choice]:
    """What can be chosen: what was done last, the programmes, and every exercise in every variant."""
    found: list[Choice] = []
    for name in programme_ids():
        programme = load_programme_by_id(name)
        remark = gettext("programme, {exercises}", exercises=exercises_counted(len(programme.steps)))
        found.append(Choice(gettext(programme.name), remark, Last(programme=name)))
    for name, spec in shipped_specs().items():
        for exercise in spec.exercises.values():
            variant = f", {inside(gettext(exercise.variant_name))}" if exercise.variant_name else ""
            title = f"{gettext(exercise.name)}{variant}"
            found.append(Choice(title, dose_text(exercise), Last(exercise=name, variant=exercise.variant)))
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
        return [
            Choice(
                gettext("Go on: {title}", title=title),
                gettext("at {number} of {all}", number=last.at + 1, all=last.of),
                last,
            )
        ]
    again = replace(last, at=0)
    known = [
        one
        for one in found
        if (one.last.programme, one.last.exercise) == (last.programme, last.exercise)
        and last.variant in (None, one.last.variant)
    ]
    return [Choice(gettext("Again: {title}", title=known[0].title), known[0].remark, again)] if known else []


def picked(answer: str, listed: Sequence[Choice]) -> Choice | None:
    """The line that a number or part of a name tells, None where that is not one."""
    if answer.isdigit():
        return listed[int(answer) - 1] if 1 <= int(answer) <= len(listed) else None
    words = answer.lower().replace("_", " ").split()
    found = [one for one in listed if words and all(word in one.title.lower() for word in words)]
    exact = [one for one in found if one.title.lower() == answer.lower()]
    best = exact or found
    return best[0] if len(best) == 1 else None
