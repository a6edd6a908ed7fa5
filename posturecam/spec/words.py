"""Parts of a spec in plain words, for whoever prints them."""

from __future__ import annotations

from posturecam.language import decimals, gettext, msgid, ngettext
from posturecam.spec.schema import Exercise


def dose_text(exercise: Exercise) -> str:
    """The dose in words, in the language spoken here: ``3 x 8 reps a side``."""
    dose = exercise.dose
    two_sided = (exercise.reps and exercise.reps.sides != "none") or (exercise.hold and exercise.hold.side)
    if dose.reps is not None:
        text = msgid("{sets} x {reps} reps a side") if two_sided else msgid("{sets} x {reps} reps")
        return gettext(text, sets=dose.sets, reps=dose.reps)
    text = msgid("{sets} x {seconds} s a side") if two_sided else msgid("{sets} x {seconds} s")
    return gettext(text, sets=dose.sets, seconds=decimals(f"{dose.seconds:g}"))


def exercises_counted(number: int) -> str:
    """How many: "1 exercise", "6 exercises"."""
    return ngettext("{number} exercise", "{number} exercises", number)
