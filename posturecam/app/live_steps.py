"""Which exercises a live session consists of, and how much of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from posturecam.coaching.goals import Goal, goal_for
from posturecam.errors import CallError
from posturecam.language import gettext, inside
from posturecam.report.types import Dose
from posturecam.spec.catalogue import load_exercise, load_programme_by_id
from posturecam.spec.schema import Exercise

REP_S, READY_S = 4.5, 30.0
"""About how long a rep takes, and seeing the demonstration and getting into position."""


@dataclass(frozen=True)
class Step:
    """One exercise with its goal; ``rest_s`` follows it. ``spec``: the id or file the exercise came from.

    ``days_a_week``: how often it is to be done, None where nothing says so.
    """

    exercise: Exercise
    spec: str
    goal: Goal
    rest_s: float = 0.0
    days_a_week: int | None = None

    @property
    def seconds(self) -> float:
        """About how long it takes, getting ready and the rest after it included."""
        goal = self.goal
        work = (goal.reps * REP_S if goal.reps is not None else goal.seconds or 0.0) * (2 if goal.per_side else 1)
        return READY_S + goal.sets * work + (goal.sets - 1) * goal.rest_s + self.rest_s

    @property
    def dose(self) -> Dose:
        """What is asked for, as the report says it."""
        goal = self.goal
        return Dose(sets=goal.sets, reps=goal.reps, seconds=goal.seconds, days_a_week=self.days_a_week)

    @property
    def title(self) -> str:
        """What to call it on screen and aloud."""
        variant = self.exercise.variant_name
        name = gettext(self.exercise.name)
        return f"{name}, {inside(gettext(variant))}" if variant else name


@dataclass(frozen=True)
class Routine:
    """What is to be done: the ``steps`` in their order, and the ``red_flags`` to be shown before.

    ``title`` is in the reader's language. ``programme``: the id or file it comes from, None for a single exercise.
    """

    title: str
    steps: Sequence[Step]
    red_flags: tuple[str, ...] = ()
    programme: str | None = None

    @property
    def seconds(self) -> float:
        """About how long all of it takes."""
        return sum(step.seconds for step in self.steps)

    @property
    def equipment(self) -> tuple[str, ...]:
        """What has to be at hand, in the order in which it is needed."""
        return tuple(dict.fromkeys(thing for step in self.steps for thing in step.exercise.equipment))

    @property
    def silhouette(self) -> bool:
        """Whether one of the exercises reads the silhouette."""
        return any(step.exercise.needs_silhouette for step in self.steps)


def programme(name: str, *, minutes: float | None = None, without: Collection[str] = ()) -> Routine:
    """The routine of a programme, named by its id or file; raises SpecError or CallError.

    For today it may be shortened: to about so many ``minutes``, and to what can be done ``without`` some equipment.
    """
    found = load_programme_by_id(name)
    steps = [
        Step(
            exercise,
            step.exercise,
            goal_for(exercise, dose=step.dose),
            step.rest_s,
            (step.dose or exercise.dose).days_a_week or found.days_a_week or exercise.dose.days_a_week,
        )
        for step in found.steps
        for exercise in [load_exercise(step.exercise, step.variant)]
    ]
    steps = [step for step in steps if not set(step.exercise.equipment) & set(without)]
    if minutes is not None:
        steps = shortened(steps, minutes * 60)
    if not steps:
        raise CallError(f"Nothing of {found.name} can be done without {' and '.join(without)}.")
    return Routine(gettext(found.name), steps, found.red_flags, name)


def shortened(steps: Sequence[Step], seconds: float) -> list[Step]:
    """As many of the steps as fit into that time, in their order: one set of each, and of every kind of exercise some.

    The first is the warm-up and the last one calms down, so these stay; at least one step is left.
    """
    kept = [replace(step, goal=replace(step.goal, sets=1)) for step in steps]
    while len(kept) > 1 and sum(step.seconds for step in kept) > seconds:
        kinds = Counter(step.exercise.category for step in kept)
        inner = range(1, len(kept) - 1) if len(kept) > 2 else range(1, len(kept))
        # of the kind there is most of, the one that takes longest
        goes = max(inner, key=lambda index: (kinds[kept[index].exercise.category], kept[index].seconds, index))
        del kept[goes]
    return kept


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
    goal = goal_for(exercise, reps=reps, seconds=seconds, ends=ends)
    return Routine(gettext(exercise.name), [Step(exercise, spec, goal, days_a_week=exercise.dose.days_a_week)])
