"""What names in an exercise refer to, and what is wrong with it that types alone cannot see.

Every finding is a location in the exercise (as in the file) and a sentence.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from posturecam.spec import measures as kinds
from posturecam.spec.schema import Check, Exercise
from posturecam.spec.tree import Location
from posturecam.spec.units import Unit

Finding: TypeAlias = tuple[Location, str]
SIDE_VIEW_AXES = ("forward", "backward", "dorsal")
FRONT_VIEW_AXES = ("left", "right", "outward", "inward")
REP_PARTS = ("rep", "out", "end", "return")


def suggestion(name: str, known: Iterable[str]) -> str:
    """Write ``" (did you mean 'x'?)"`` for the nearest known name, or nothing when none is near."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""


def reachable(exercise: Exercise, name: str) -> set[str]:
    """The measure's own name and those it is made from, through all levels; unknown names are left out."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in exercise.measures and current not in found:
            found.add(current)
            waiting.extend(source for _, source in exercise.measures[current].sources())
    return found


def find_unit(exercise: Exercise, name: str) -> Unit | None:
    """Unit of a measure: its own ``unit``, its kind's, or that of what it is made from; None when that is not clear."""
    seen: set[str] = set()
    while name in exercise.measures and name not in seen:
        seen.add(name)
        measure = exercise.measures[name]
        if measure.unit is not None or measure.UNIT is not None:
            return measure.unit or measure.UNIT
        name = next(source for _, source in measure.sources())
    return None


def unit_of(exercise: Exercise, name: str) -> Unit:
    """Unit of a measure of an exercise that has been loaded; raises KeyError when it has no such measure."""
    unit = find_unit(exercise, name)
    if unit is None:
        raise KeyError(name)
    return unit


def needs_baseline(exercise: Exercise, name: str) -> bool:
    """Tell whether a measure is known only after the person's resting values are."""
    return any(exercise.measures[source].NEEDS_BASELINE for source in reachable(exercise, name))


def find_problems(exercise: Exercise, also_known: frozenset[str] = frozenset()) -> list[Finding]:
    """Everything that is wrong with an exercise whose types are right.

    ``also_known`` names measures that the file has but that are not in the exercise, because their types are wrong.
    """
    found = [*_unknown_measures(exercise, also_known), *_cycles(exercise), *_units(exercise), *_points(exercise)]
    found += [*_setup(exercise), *_counting(exercise), *_dose(exercise)]
    for name, check in exercise.checks.items():
        found += [(("checks", name, *location), text) for location, text in _check(exercise, check)]
    return found


def measure_references(exercise: Exercise) -> Iterator[tuple[Location, str]]:
    """Where a measure is named outside of the measures themselves, and its name."""
    for name in exercise.setup.position:
        yield ("setup", "position", name), name
    if exercise.reps is not None:
        yield ("reps", "drive"), exercise.reps.signal
        if exercise.reps.otherwise is not None:
            yield ("reps", "otherwise", "drive"), exercise.reps.otherwise.signal
        if exercise.reps.side is not None:
            yield ("reps", "side"), exercise.reps.side
    if exercise.hold is not None:
        for name in exercise.hold.position:
            yield ("hold", "while", name), name
        for name in exercise.hold.rest:
            yield ("hold", "rest", name), name
        if exercise.hold.side is not None:
            yield ("hold", "side"), exercise.hold.side
    for check_name, check in exercise.checks.items():
        if check.measure is not None:
            yield ("checks", check_name, "measure"), check.measure
        for name in check.when:
            yield ("checks", check_name, "when", name), name


def _unknown_measures(exercise: Exercise, also_known: frozenset[str]) -> Iterator[Finding]:
    references = list(measure_references(exercise))
    for name, measure in exercise.measures.items():
        references += [(("measures", name, *location), source) for location, source in measure.sources()]
    for location, name in references:
        if name not in exercise.measures and name not in also_known:
            known = f"one of {', '.join(exercise.measures)}" if exercise.measures else "no measure at all"
            yield (
                location,
                f"expected a measure of this file ({known}), found {name!r}{suggestion(name, exercise.measures)}",
            )


def _cycles(exercise: Exercise) -> Iterator[Finding]:
    for name, measure in exercise.measures.items():
        for location, source in measure.sources():
            if name in reachable(exercise, source):
                yield ("measures", name, *location), f"measure {name!r} is made from itself (through {source!r})"


def _units(exercise: Exercise) -> Iterator[Finding]:
    for name, measure in exercise.measures.items():
        if isinstance(measure, (kinds.DifferenceMeasure, kinds.CombineMeasure)):
            units = {source: find_unit(exercise, source) for _, source in measure.sources()}
            if len(set(units.values()) - {None}) > 1:
                listed = ", ".join(f"{source} in {unit}" for source, unit in units.items())
                yield ("measures", name), f"expected measures of one unit, found {listed}"
            if isinstance(measure, kinds.CombineMeasure) and measure.combine == "abs" and len(measure.over) > 1:
                yield (
                    ("measures", name, "over"),
                    f"expected one measure under 'combine: abs', found {len(measure.over)}",
                )


def _points(exercise: Exercise) -> Iterator[Finding]:
    for name, measure in exercise.measures.items():
        found = [*_point_sides(exercise, measure), *_both_sides(measure), *_directions(exercise, measure)]
        if isinstance(measure, kinds.ReachMeasure):
            found += _limb("reach", measure.reach[0], measure.via, measure.reach[1])
        elif isinstance(measure, kinds.AngleMeasure) and measure.in_plane is not None:
            found += _limb("in_plane", *measure.angle)
        elif isinstance(measure, kinds.AngleMeasure) and measure.by_reach:
            found += _limb("by_reach", *measure.angle)
            if measure.space == "world":
                found.append((("by_reach",), "'by_reach' reads the picture; leave out 'space: world'"))
        yield from ((("measures", name, *location), text) for location, text in found)


def _side(point: str) -> str:
    return point.partition(".")[0]


def _point_sides(exercise: Exercise, measure: kinds.Measure) -> Iterator[Finding]:
    two_sided = (exercise.reps and exercise.reps.sides != "none") or (exercise.hold and exercise.hold.side)
    for location, point in measure.points():
        if _side(point) in ("near", "far") and "side" not in exercise.camera.view:
            yield location, f"{point!r}: near and far exist in a side view only; write left, right or mid"
        if _side(point) in ("active", "passive") and not two_sided:
            yield (
                location,
                f"{point!r}: active and passive exist in two-sided exercises only (reps with sides, hold with side)",
            )


def _both_sides(measure: kinds.Measure) -> Iterator[Finding]:
    """What is wrong with ``each.`` points, and with ``reduce`` that goes with them."""
    points = list(measure.points())
    if not any(_side(point) == "each" for _, point in points):
        if measure.reduce is not None:
            yield (
                ("reduce",),
                "'reduce' makes one value of both sides, so it needs points of each side, such as each.elbow",
            )
        return
    for location, point in points:
        if _side(point) == "each" and measure.reduce is None:
            yield (
                location,
                f"{point!r} is measured on both sides: say how they become one value, "
                "with 'reduce: min', 'max', 'mean' or 'weighted'",
            )
            return
        if _side(point) not in ("each", "mid", "nose"):
            yield location, f"{point!r}: beside points of each side stand each, mid and nose only"


def _limb(key: str, start: str, joint: str, end: str) -> Iterator[Finding]:
    sides = {_side(point) for point in (start, joint, end)}
    parts = tuple(point.partition(".")[2] for point in (start, joint, end))
    known = {*kinds.LIMBS, *(limb[::-1] for limb in kinds.LIMBS)}
    if parts not in known or len(sides) > 1 or sides & {"mid", "nose"}:
        yield (
            (key,),
            "expected the two ends of one arm or leg and the joint between: "
            "shoulder and wrist via elbow, or hip and ankle via knee, all of one side",
        )


def _directions(exercise: Exercise, measure: kinds.Measure) -> Iterator[Finding]:
    key = "along" if isinstance(measure, kinds.OffsetMeasure) else "towards"
    axis = getattr(measure, key, None)
    in_world = isinstance(measure, kinds.TiltMeasure) and measure.space == "world"
    if (axis == "camera") != (in_world and axis is not None):
        yield (key,), "'camera' is the one direction of a tilt in world space, and of nothing else"
    if axis in SIDE_VIEW_AXES and "side" not in exercise.camera.view:
        yield (key,), f"{axis!r} cannot be seen in a front view; write up, down, left, right or trunk"
    if axis in FRONT_VIEW_AXES and "front" not in exercise.camera.view:
        yield (key,), f"{axis!r} cannot be seen in a side view; write up, down, forward, backward or trunk"


def _setup(exercise: Exercise) -> Iterator[Finding]:
    for name in exercise.setup.position:
        if needs_baseline(exercise, name):
            yield (
                ("setup", "position", name),
                f"{name!r} is compared with the person at rest, which is only learned after the set-up",
            )


def _counting(exercise: Exercise) -> Iterator[Finding]:
    reps = exercise.reps
    if reps is None:
        return
    uses_active = any(
        point.startswith("active.")
        for source in reachable(exercise, reps.signal)
        for _, point in exercise.measures[source].points()
    )
    if reps.sides == "active" and reps.signal in exercise.measures and not uses_active:
        yield (
            ("reps", "drive"),
            f"with 'sides: active' the drive is measured on each side: {reps.signal!r} uses no active. point",
        )
    if reps.sides != "active" and uses_active:
        yield ("reps", "drive"), f"{reps.signal!r} uses active. points, which needs 'sides: active'"
    if (reps.sides == "measured") != (reps.side is not None):
        yield ("reps", "side"), "'side' names the measure whose sign tells the side, and goes with 'sides: measured'"
    if reps.rest == "middle" and not (reps.cycle or reps.sides == "signed"):
        yield ("reps", "from"), "'from: middle' needs 'cycle: true' or 'sides: signed'"
    if reps.rest != "middle" and (reps.cycle or reps.sides == "signed"):
        yield (
            ("reps", "from"),
            f"'cycle' and 'sides: signed' go both ways from the middle: expected 'middle', found {reps.rest!r}",
        )
    if reps.cycle and reps.sides != "none":
        yield ("reps", "sides"), f"a cycle makes one rep of both ends: expected 'none', found {reps.sides!r}"
    if reps.neutral is not None and reps.rest != "middle":
        yield ("reps", "neutral"), "only a movement 'from: middle' has a neutral value"
    if reps.ends and reps.rest != "middle":
        yield ("reps", "ends"), "only a movement 'from: middle' has two named ends"
    if sorted(reps.ends.values()) not in ([], ["high", "low"]):
        yield ("reps", "ends"), "expected two ends, one high and one low"
    if reps.cycle and not reps.ends:
        yield ("reps", "cycle"), "a cycle needs its two ends named, such as 'ends: {cat: high, cow: low}'"


def _dose(exercise: Exercise) -> Iterator[Finding]:
    if exercise.reps is not None and exercise.dose.reps is None:
        yield ("dose",), "expected a dose in reps, since this exercise is counted"
    if exercise.hold is not None and exercise.dose.seconds is None:
        yield ("dose",), "expected a dose in seconds, since this exercise is held"


def _check(exercise: Exercise, check: Check) -> Iterator[Finding]:
    reps, ends = exercise.reps, exercise.reps.ends if exercise.reps else {}
    if reps is None:
        if check.at is not None:
            yield ("at",), f"'at: {check.at}' is a moment of a rep, and this exercise is held: write 'during: hold'"
        if check.tempo is not None:
            yield ("tempo",), f"'tempo: {check.tempo}' is a part of a rep, and this exercise is held"
        if check.during in REP_PARTS:
            yield (
                ("during",),
                f"'during: {check.during}' is a part of a rep, and this exercise is held: write 'during: hold'",
            )
    else:
        if check.during == "hold":
            yield (
                ("during",),
                "'during: hold' needs an exercise that is held; this one counts reps: write 'during: rep' or 'end'",
            )
        if check.tempo == "cycle" and not reps.cycle:
            yield ("tempo",), "'tempo: cycle' needs 'cycle: true' under reps"
        if check.at == "middle" and reps.rest != "middle":
            yield ("at",), "'at: middle' needs a movement 'from: middle'"
    if check.view not in (None, "any", *exercise.camera.view):
        yield (
            ("view",),
            f"expected one of the exercise's views ({', '.join(exercise.camera.view)}), found {check.view!r}",
        )
    if check.end is not None:
        if check.end not in ends:
            known = f"expected one of {', '.join(ends)}" if ends else "this exercise names no ends under reps"
            yield ("end",), f"{known}, found {check.end!r}{suggestion(check.end, ends)}"
        elif check.at not in (None, "end") or check.during not in (None, "end") or check.tempo not in (None, "end"):
            yield ("end",), "'end' names an end position, so it needs 'at: end', 'during: end' or 'tempo: end'"
    if check.at is not None and check.take is not None:
        yield ("take",), "'take' says how a stretch of time becomes one value: it needs 'during', not 'at'"
    if check.at is not None and "lasting_s" in check.model_fields_set:
        yield ("for",), "'for' is how long a fault must last: it needs 'during', not 'at'"
