"""Which side of the body a two-sided exercise is being done with at the moment."""

from __future__ import annotations

import math
from typing import Literal

from posturecam.form.measure import Values
from posturecam.model import Side
from posturecam.spec.schema import Exercise


def active_side(
    exercise: Exercise,
    values: Values,
    current: Side,
    *,
    neutral: float,
    moving: Side | Literal[False] | None,
    going: bool,
) -> Side:
    """The side that is active in this frame; the ``current`` one when nothing tells otherwise.

    ``neutral`` is the drive's resting value, ``moving`` the side of the excursion under way, ``going`` whether it is
    on its way out or at its end.
    """
    reps, hold = exercise.reps, exercise.hold
    if reps is not None and reps.sides == "signed":
        drive = values[reps.drive] - neutral
        if abs(drive) > reps.min_range / 4:
            return "left" if drive > 0 else "right"
    elif reps is not None and reps.sides == "active":
        return moving or current
    elif reps is not None and reps.side is not None and going and not math.isnan(values[reps.side]):
        return "left" if values[reps.side] >= 0 else "right"
    elif hold is not None and hold.side is not None and not math.isnan(values[hold.side]):
        return "left" if values[hold.side] >= 0 else "right"
    return current
