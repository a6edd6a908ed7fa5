"""What to draw attention to: the measure that a cue is about, or else the one that reps are counted on."""

from __future__ import annotations

from posturecam.kinematics.frames import point_indices
from posturecam.kinematics.measures import plan_of
from posturecam.model import Cue, Side
from posturecam.spec.schema import Exercise


def focus_measure(exercise: Exercise, cue: Cue | None) -> str | None:
    """Name of the measure in focus; None when there is none."""
    if cue is not None and cue.check is not None:
        measure = exercise.checks[cue.check].measure
        if measure is not None:
            return measure
    return exercise.reps.signal if exercise.reps else None


def focus_points(exercise: Exercise, cue: Cue | None, near: Side, active: Side) -> tuple[int, ...]:
    """Landmark indices of the measure in focus, in the order the spec names them."""
    focus = focus_measure(exercise, cue)
    if focus is None:
        return ()
    return tuple(index for name in plan_of(exercise).points[focus] for index in point_indices(name, near, active))
