"""What can be said of a single frame: which checks are asked at this point of the movement, and their verdicts."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from posturecam.form import conditions
from posturecam.form.body import Body
from posturecam.form.measure import Values
from posturecam.form.scoring import judge_value, not_from
from posturecam.model import Verdict
from posturecam.spec.schema import Check, Exercise


@dataclass(frozen=True)
class Moment:
    """Where in the exercise a frame lies: the ``phase`` of the rep, ``""`` for none; ``still``: it is a picture."""

    phase: str
    holding: bool
    still: bool

    @property
    def going(self) -> bool:
        """Whether the rep is on its way out or at its end."""
        return self.phase not in ("", "rest", "up")

    @property
    def at_end(self) -> bool:
        """Whether the phase is an end position."""
        return self.phase not in ("", "rest", "down", "up")

    def asks(self, check: Check) -> bool:
        """Whether a check has an answer now, and not only once the rep is over."""
        if self.holding or check.during == "always":
            return True
        if self.still:
            return check.during == "rep" and check.take in (None, "lasting")
        if self.phase in ("", "rest") or check.take not in (None, "lasting"):
            return False
        if check.during == "rep":
            return True
        if check.at == "end" or check.during == "end":
            return self.at_end and check.end in (None, self.phase)
        return check.during == self.phase


def verdicts_now(
    exercise: Exercise, values: Values, body: Body, moment: Moment, problem: Callable[[str], str]
) -> tuple[Verdict, ...]:
    """Verdicts of one frame; ``problem`` says why a measure that is not a number could not be taken."""
    verdicts = []
    for name, check in exercise.checks.items():
        if check.measure is None or not moment.asks(check):
            continue
        if check.when and not conditions.holds(check.when, values):
            continue
        if wrong := not_from(name, check, body.view):
            verdicts.append(wrong)
            continue
        value = values[check.measure]
        why = problem(check.measure) if math.isnan(value) else None
        verdicts.append(judge_value(name, check, value, body.t_s, why))
    return tuple(verdicts)
