"""What can be chosen where no exercise is named: what was done last, the programmes, and every exercise in every variant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from posturecam.app.memory import Last
from posturecam.spec.catalogue import load_programme_by_id, programme_ids, shipped_specs
from posturecam.spec.words import dose_text


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


def picked(answer: str, listed: Sequence[Choice]) -> Choice | None:
    """The line that a number or part of a name tells, None where that is not one."""
    if answer.isdigit():
        return listed[int(answer) - 1] if 1 <= int(answer) <= len(listed) else None
    words = answer.lower().replace("_", " ").split()
    found = [one for one in listed if words and all(word in one.title.lower() for word in words)]
    exact = [one for one in found if one.title.lower() == answer.lower()]
    best = exact or found
    return best[0] if len(best) == 1 else None
