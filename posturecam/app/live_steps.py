"""Which exercises a live session consists of, and how much of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posturecam.coaching.goals import Goal, goal_for
from posturecam.errors import CallError
from posturecam.spec.catalogue import load_exercise, load_programme_by_id
from posturecam.spec.schema import Exercise

if TYPE_CHECKING:
    from posturecam.cli.coaching import LiveSettings


@dataclass(frozen=True)
class Step:
    """One exercise with its goal; ``rest_s`` follows it. ``spec``: the id or file the exercise came from."""

    exercise: Exercise
    spec: str
    goal: Goal
    rest_s: float = 0.0

    @property
    def title(self) -> str:
        """What to call it on screen and aloud."""
        variant = self.exercise.variant_name
        return f"{self.exercise.name}, {variant[:1].lower()}{variant[1:]}" if variant else self.exercise.name


def steps_of(settings: LiveSettings) -> tuple[list[Step], tuple[str, ...], str]:
    """The steps, the red flags to be shown before (none for a single exercise), and the title."""
    if settings.programme is not None:
        programme = load_programme_by_id(settings.programme)
        steps = [
            Step(exercise, step.exercise, goal_for(exercise, dose=step.dose), step.rest_s)
            for step in programme.steps
            for exercise in [load_exercise(step.exercise, step.variant)]
        ]
        return steps, programme.red_flags, programme.name
    exercise = load_exercise(settings.exercise or "", settings.variant)
    if settings.reps is not None and exercise.reps is None:
        raise CallError(f"{exercise.name} is held, not counted; give --seconds instead of --reps.")
    if settings.seconds is not None and exercise.hold is None:
        raise CallError(f"{exercise.name} is counted, not held; give --reps instead of --seconds.")
    asked = settings.reps is not None or settings.seconds is not None
    # without any waiting it is like judging a recording, which nothing ends but the user or what was asked for
    ends = asked or settings.countdown_s > 0
    return (
        [
            Step(
                exercise,
                settings.exercise or "",
                goal_for(exercise, reps=settings.reps, seconds=settings.seconds, ends=ends),
            )
        ],
        (),
        exercise.name,
    )
