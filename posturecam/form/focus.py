"""What to draw attention to: the measure that a cue is about, or else the one that reps are counted on."""

from __future__ import annotations

import math

from posturecam.form.body import Body
from posturecam.form.conditions import unit_of
from posturecam.form.measure import MeasureSet, Values, point_indices
from posturecam.geometry import NAN
from posturecam.model import Cue, Side
from posturecam.spec.schema import Exercise


def focus_measure(exercise: Exercise, cue: Cue | None) -> str | None:
    """Name of the measure in focus; None when there is none."""
    if cue is not None and cue.check is not None:
        measure = exercise.checks[cue.check].measure
        if measure is not None:
            return measure
    return exercise.reps.drive if exercise.reps else None


def focus_points(focus: str | None, measures: MeasureSet, body: Body | None, side: Side) -> tuple[int, ...]:
    """Landmark indices of the measure in focus, in the order the spec names them."""
    if focus is None or body is None:
        return ()
    return tuple(index for name in measures.points[focus] for index in point_indices(name, body.near, side))


def focus_text(exercise: Exercise, focus: str | None, values: Values) -> str | None:
    """The measure in focus with its value, for people; None while it is not measured."""
    if focus is None or math.isnan(values.get(focus, NAN)):
        return None
    label = exercise.measures[focus].label or focus.replace("_", " ")
    if unit_of(exercise, focus) == "degrees":
        return f"{label} {values[focus]:.0f}°"
    return f"{label} {values[focus]:+.2f}"
