"""Parts of a spec in plain words, for whoever prints them."""

from __future__ import annotations

from posturecam.spec.schema import Exercise


def dose_text(exercise: Exercise) -> str:
    """The dose in words: ``3 x 8 reps a side``."""
    dose = exercise.dose
    amount = f"{dose.reps} reps" if dose.reps is not None else f"{dose.seconds:g} s"
    two_sided = (exercise.reps and exercise.reps.sides != "none") or (exercise.hold and exercise.hold.side)
    return f"{dose.sets} x {amount}{' a side' if two_sided else ''}"
