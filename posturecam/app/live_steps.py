"""Which exercises a live session consists of, and how much of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posturecam.coaching.goals import Goal, goal_for
from posturecam.errors import CallError
from posturecam.report.types import Dose
from posturecam.spec.catalogue import load_exercise, load_programme_by_id
from posturecam.spec.schema import Exercise


@dataclass(frozen=True)
class Step:
    """One exercise with its goal; ``rest_s`` follows it. ``spec``: the id or file the exercise came from."""

    exercise: Exercise
    spec: str
    goal: Goal
    rest_s: float = 0.0

    @property
    def dose(self) -> Dose:
        """What is asked for, as the report says it."""
        return Dose(sets=self.goal.sets, reps=self.goal.reps, seconds=self.goal.seconds)

    @property
    def title(self) -> str:
        """What to call it on screen and aloud."""
        variant = self.exercise.variant_name
        return f"{self.exercise.name}, {variant[:1].lower()}{variant[1:]}" if variant else self.exercise.name


@dataclass(frozen=True)
class Routine:
    """What is to be done: the ``steps`` in their order, and the ``red_flags`` to be shown before."""

    title: str
    steps: Sequence[Step]
    red_flags: tuple[str, ...] = ()

    @property
    def silhouette(self) -> bool:
        """Whether one of the exercises reads the silhouette."""
        return any(step.exercise.needs_silhouette for step in self.steps)


def programme(name: str) -> Routine:
    """The routine of a programme, named by its id or file; raises SpecError or CallError."""
    found = load_programme_by_id(name)
    steps = [
        Step(exercise, step.exercise, goal_for(exercise, dose=step.dose), step.rest_s)
        for step in found.steps
        for exercise in [load_exercise(step.exercise, step.variant)]
    ]
    return Routine(found.name, steps, found.red_flags)


def one_exercise(
    spec: str, variant: str | None = None, *, reps: int | None = None, seconds: float | None = None, guided: bool = True
) -> Routine:
    """One exercise, for the reps or seconds that were asked for, else for its dose; raises CallError when they do not fit.

    Without guidance it is like judging a recording, which nothing ends but the user or what was asked for.
    """
    exercise = load_exercise(spec, variant)
    if reps is not None and exercise.reps is None:
        raise CallError(f"{exercise.name} is held, not counted; give --seconds instead of --reps.")
    if seconds is not None and exercise.hold is None:
        raise CallError(f"{exercise.name} is counted, not held; give --reps instead of --seconds.")
    ends = reps is not None or seconds is not None or guided
    return Routine(exercise.name, [Step(exercise, spec, goal_for(exercise, reps=reps, seconds=seconds, ends=ends))])
