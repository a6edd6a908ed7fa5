"""Changed or not: the one place that says whether two measured values differ by more than their measuring error.

Every value has a standard error of measurement (SEM): the standard deviation of measured minus true, for one session. Two things
follow from it. The error of one value, as it stands beside it: 95 of 100 lie within 1.96 SEM of the truth. And the smallest
detectable change (MDC95, as physiotherapists know it): two values differ for certain only by more than 1.96 times the root of
both SEM's squares, 1.96 * sqrt(2) * SEM where both have the same. docs/accuracy.md says where the figures come from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from posturecam.report.types import Report
from posturecam.spec.units import sem_of

Kind = Literal["up", "down", "within", ""]
Z95 = 1.96
"""95 of 100 values of a normal distribution lie within so many standard deviations."""


@dataclass(frozen=True)
class Change:
    """From one value to another: ``kind`` is up or down where it exceeds ``least`` (MDC95), else within.

    ``difference`` and ``least`` are in the values' unit. Where a value is missing they are None, and ``kind`` is empty.
    """

    difference: float | None
    least: float | None
    kind: Kind

    @property
    def real(self) -> bool:
        """Whether something has changed for certain."""
        return self.kind in ("up", "down")


def error_of(sem: float) -> float:
    """What stands behind ± beside one value with this standard error of measurement: 95 of 100 lie within it."""
    return Z95 * sem


def least_change(before_sem: float, after_sem: float) -> float:
    """The smallest detectable change (MDC95) between two values with these standard errors of measurement."""
    return Z95 * math.hypot(before_sem, after_sem)


def change(before: float | None, after: float | None, before_sem: float, after_sem: float | None = None) -> Change:
    """What has become of a value; ``after_sem`` None: the same as before."""
    if before is None or after is None:
        return Change(None, None, "")
    difference = after - before
    least = least_change(before_sem, before_sem if after_sem is None else after_sem)
    if abs(difference) <= least:
        return Change(difference, least, "within")
    return Change(difference, least, "up" if difference > 0 else "down")


def change_in(before: float | None, after: float | None, unit: str) -> Change:
    """As :func:`change`, for values that have their unit's error."""
    return change(before, after, sem_of(unit))


def range_sem(report: Report) -> float:
    """The SEM of a session's mean range of motion: that of its exercise, or else of the unit."""
    if report.reps.range_error is not None:
        return report.reps.range_error
    summary = report.measures.get(report.reps.items[0].range.measure) if report.reps.items else None
    return sem_of(summary.unit if summary else "degrees")
