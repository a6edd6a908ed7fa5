"""Advice on an exercise that is correct but may serve badly."""

from __future__ import annotations

import math
from collections.abc import Iterator

from posturecam.spec.references import Finding, find_unit, measure_references, reachable
from posturecam.spec.schema import Check, Exercise
from posturecam.spec.units import SCALES


def known_error(exercise: Exercise, measure: str) -> float:
    """Measuring error of a measure: the largest stated by it or by what it is made from, or else the usual one of its unit."""
    stated = [exercise.measures[name].error for name in reachable(exercise, measure)]
    unit = find_unit(exercise, measure)
    usual = SCALES[unit].known_error if unit else 0.0
    return max((error for error in stated if error is not None), default=usual)


def find_warnings(exercise: Exercise) -> list[Finding]:
    """Everything the linter has to say, located as in the file."""
    found: list[Finding] = [*_whole(exercise), *_counting(exercise), *_unused(exercise), *_repeated_cues(exercise)]
    found += _sides_of_the_camera(exercise)
    for name, check in exercise.checks.items():
        found += [(("checks", name, *location), text) for location, text in _check(exercise, check)]
    return found


def _whole(exercise: Exercise) -> Iterator[Finding]:
    if not any(check.severity == "major" for check in exercise.checks.values()):
        yield ("checks",), "no check is major: nothing will ever be called a bad rep"
    if not exercise.setup.position:
        yield ("setup", "position"), "empty: everything in front of the camera will be counted"
    if not exercise.steps:
        yield ("steps",), "empty: nobody is told how to do the exercise"
    if not exercise.camera.advice:
        yield ("camera",), "no advice: nobody is told where to put the camera"
    if not exercise.source:
        yield ("source",), "no source: say where the exercise comes from"
    if exercise.reps and exercise.reps.min_range <= 2 * known_error(exercise, exercise.reps.drive):
        error = known_error(exercise, exercise.reps.drive)
        yield ("reps", "min_range"), f"under twice the measuring error ({error:g}): jitter may count as reps"


LARGEST_SWING = {"degrees": 180.0, "torso": 4.0, "ratio": 4.0}
"""No body moves further than this, in each unit."""


def _counting(exercise: Exercise) -> Iterator[Finding]:
    """What cannot be counted or judged as it is written."""
    if exercise.reps is None:
        return
    unit = find_unit(exercise, exercise.reps.drive)
    largest = LARGEST_SWING.get(unit or "", math.inf)
    if exercise.reps.min_range > largest:
        yield (
            ("reps", "min_range"),
            f"{exercise.reps.min_range:g} is more than a body moves ({largest:g} at most): only repeated movements will count",
        )
    if len(exercise.reps.ends) < 2:
        return
    names = " or ".join(exercise.reps.ends)
    for name, check in exercise.checks.items():
        if check.judged and check.at == "end" and check.end is None:
            yield ("checks", name, "at"), f"which end? both are judged by the same limits; add 'end: {names}'"


def _sides_of_the_camera(exercise: Exercise) -> Iterator[Finding]:
    """``near`` and ``far`` mean nothing to a camera in front."""
    if "front" not in exercise.camera.view:
        return
    for name, check in exercise.checks.items():
        if check.measure is None or not check.judged or check.view == "side":
            continue
        points = {point for one in reachable(exercise, check.measure) for _, point in exercise.measures[one].points()}
        if any(point.startswith(("near.", "far.")) for point in points):
            yield (
                ("checks", name),
                f"measure {check.measure!r} has near. or far. points, which a front view does not tell apart; "
                "add 'view: side', or name the points left. and right.",
            )


def _unused(exercise: Exercise) -> Iterator[Finding]:
    used: set[str] = set()
    for _, name in measure_references(exercise):
        used |= reachable(exercise, name)
    for name in exercise.measures:
        if name not in used:
            yield ("measures", name), f"measure {name!r} is not used"


def _repeated_cues(exercise: Exercise) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for name, check in exercise.checks.items():
        cue = check.cue.casefold()
        if cue in first:
            yield (
                ("checks", name, "cue"),
                f"the cue {check.cue!r} is also that of {first[cue]!r}: the person cannot tell them apart",
            )
        first.setdefault(cue, name)


def _check(exercise: Exercise, check: Check) -> Iterator[Finding]:
    if not check.source.text:
        yield (), "no source: say where the limits come from (article, real recordings, renders)"
    if not check.advice:
        yield (), "no advice: the report cannot say what to do about it"
    if check.measure is not None and check.judged:
        error = known_error(exercise, check.measure)
        for limit, fault in ((check.ok.low, check.fault.low), (check.ok.high, check.fault.high)):
            band = abs(fault - limit) if math.isfinite(limit) else math.inf
            if band < error - 1e-9:
                yield (
                    ("fault",),
                    f"the band between ok and fault ({band:g}) is narrower than the measuring error ({error:g}): "
                    "a right movement may be called wrong",
                )
