"""What a measure looks like on the body: arc of an angle, distance to a line, lean from the vertical.

Points are canvas pixels. ``None`` stands for a point that is not seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from posturecam.kinematics.frames import point_indices
from posturecam.model import FrameResult, ImageArray, Side
from posturecam.sinks import paint
from posturecam.sinks.paint import XY, Colour
from posturecam.spec import measures as kinds
from posturecam.spec.schema import Exercise

PointOf = Callable[[int], "XY | None"]


@dataclass(frozen=True)
class Place:
    """Where a drawn measure's number belongs: beside ``anchor``, on the side that ``away`` points to."""

    anchor: XY
    away: XY


def focus_measure(exercise: Exercise, result: FrameResult) -> str | None:
    """The measure that a frame's result is about: the cued check's, else the one that counts."""
    if result.cue is not None and result.cue.check in exercise.checks:
        measure = exercise.checks[result.cue.check].measure
        if measure is not None:
            return measure
    return exercise.reps.signal if exercise.reps is not None else None


def root_measure(exercise: Exercise, name: str) -> kinds.Measure:
    """The measure with points of its own that a derived one comes from (the first, of several)."""
    measure = exercise.measures[name]
    for _ in range(8):
        used = next((source for _, source in measure.sources()), None)
        if used is None:
            break
        measure = exercise.measures[used]
    return measure


def check_indices(exercise: Exercise, check: str, near: Side, active: Side) -> frozenset[int]:
    """Landmarks that a check looks at; none for tempo checks."""
    known = exercise.checks.get(check)
    if known is None or known.measure is None:
        return frozenset()
    return _indices(root_measure(exercise, known.measure).needed_points(), near, active)


@lru_cache(maxsize=512)
def _indices(names: tuple[str, ...], near: Side, active: Side) -> frozenset[int]:
    return frozenset(index for name in names for index in point_indices(name, near, active))


def draw_measure(
    image: ImageArray, measure: kinds.Measure, near: Side, active: Side, point_of: PointOf, colour: Colour, unit: float
) -> Place | None:
    """Draw a measure on the body; None when a point is not seen. ``unit`` scales the lines."""

    def points(names: Sequence[str]) -> list[XY] | None:
        found = [_mean([point_of(index) for index in point_indices(name, near, active)]) for name in names]
        return [point for point in found if point is not None] if all(found) else None

    width = max(2, round(unit * 0.55))
    if isinstance(measure, kinds.AngleMeasure | kinds.BendMeasure):
        corner = points(measure.angle if isinstance(measure, kinds.AngleMeasure) else measure.bend)
        return _draw_angle(image, corner, colour, width, unit) if corner else None
    if isinstance(measure, kinds.TiltMeasure):
        segment = points(measure.tilt)
        return _draw_tilt(image, segment, measure.reference, colour, width, unit) if segment else None
    if isinstance(measure, kinds.LineOffsetMeasure):
        three = points((measure.line_offset, *measure.of))
        return _draw_line_offset(image, three, colour, width, unit) if three else None
    two = points(_two_points(measure))
    if not two or len(two) < 2:
        return None
    middle = _draw_segment(image, two, colour, width, unit)
    if isinstance(measure, kinds.HeadMeasure):
        # the number goes above the head, not over the face
        return Place((middle.anchor[0], middle.anchor[1] - unit * 7), (0.0, -1.0))
    if isinstance(measure, kinds.DistanceMeasure | kinds.OffsetMeasure):
        return Place((two[1][0], two[1][1] - unit * 2.5), (0.0, -1.0))
    return middle


def _two_points(measure: kinds.Measure) -> tuple[str, ...]:
    if isinstance(measure, kinds.OffsetMeasure):
        return (measure.origin, measure.offset)
    return measure.needed_points()[:2]


def _mean(points: Sequence[XY | None]) -> XY | None:
    seen = [point for point in points if point is not None]
    if not seen:
        return None
    return (sum(point[0] for point in seen) / len(seen), sum(point[1] for point in seen) / len(seen))


def _towards(a: XY, b: XY) -> tuple[XY, float]:
    """Unit vector from a to b, and their distance."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = math.hypot(dx, dy)
    return ((dx / length, dy / length), length) if length > 1e-6 else ((0.0, -1.0), 0.0)


def _sweep(first: XY, second: XY) -> tuple[float, float]:
    """Start and end (degrees, clockwise from three o'clock) of the shorter way from one direction to another."""
    a = math.degrees(math.atan2(first[1], first[0]))
    turn = (math.degrees(math.atan2(second[1], second[0])) - a + 180) % 360 - 180
    return (a, a + turn) if turn >= 0 else (a + turn, a)


def _bisector(start: float, end: float) -> XY:
    middle = math.radians((start + end) / 2)
    return (math.cos(middle), math.sin(middle))


def _draw_angle(image: ImageArray, corner: list[XY], colour: Colour, width: int, unit: float) -> Place:
    a, middle, b = corner
    (first, reach_a), (second, reach_b) = _towards(middle, a), _towards(middle, b)
    radius = max(unit * 4, min(unit * 8.5, 0.5 * min(reach_a, reach_b)))
    start, end = _sweep(first, second)
    paint.arc(image, middle, radius, start, end, paint.INK, width * 2 + 2)
    paint.arc(image, middle, radius, start, end, colour, width * 2)
    inward = _bisector(start, end)
    # the number goes outside of the angle, where no limb is
    return Place((middle[0] - inward[0] * unit * 2.5, middle[1] - inward[1] * unit * 2.5), (-inward[0], -inward[1]))


def _draw_tilt(image: ImageArray, segment: list[XY], reference: str, colour: Colour, width: int, unit: float) -> Place:
    foot, head = segment
    along, length = _towards(foot, head)
    upright: XY = (0.0, -1.0) if reference == "vertical" else (1.0 if along[0] >= 0 else -1.0, 0.0)
    reach = max(length, unit * 10)
    paint.dashed(
        image, foot, (foot[0] + upright[0] * reach, foot[1] + upright[1] * reach), paint.WHITE, width, unit * 2
    )
    paint.line(image, foot, head, paint.INK, width * 2 + 2)
    paint.line(image, foot, head, colour, width * 2)
    start, end = _sweep(along, upright)
    radius = reach * 0.5
    paint.arc(image, foot, radius, start, end, colour, width * 2)
    out = _bisector(start, end)
    return Place((foot[0] + out[0] * radius, foot[1] + out[1] * radius), out)


def _draw_line_offset(image: ImageArray, points: list[XY], colour: Colour, width: int, unit: float) -> Place:
    point, a, b = points
    along, _ = _towards(a, b)
    paint.dashed(image, a, b, paint.WHITE, width + 1, unit * 2)
    reach = (point[0] - a[0]) * along[0] + (point[1] - a[1]) * along[1]
    foot = (a[0] + along[0] * reach, a[1] + along[1] * reach)
    paint.line(image, foot, point, paint.INK, width * 2 + 2)
    paint.line(image, foot, point, colour, width * 2)
    away, distance = _towards(foot, point)
    if distance < 1:
        away = (0.0, -1.0)
    return Place((point[0] + away[0] * unit * 2, point[1] + away[1] * unit * 2), away)


def _draw_segment(image: ImageArray, points: list[XY], colour: Colour, width: int, unit: float) -> Place:
    a, b = points[0], points[1]
    paint.line(image, a, b, paint.INK, width * 2 + 2)
    paint.line(image, a, b, colour, width * 2)
    along, _ = _towards(a, b)
    across: XY = (along[1], -along[0])
    if across[1] > 0:
        across = (-across[0], -across[1])
    middle = ((a[0] + b[0]) / 2 + across[0] * unit, (a[1] + b[1]) / 2 + across[1] * unit)
    return Place(middle, across)


def label_at(image: ImageArray, place: Place, text: str, size: int, colour: Colour, limits: tuple[int, int]) -> None:
    """Write a measure's number on a dark plate beside it, inside the picture of ``limits`` (width, height)."""
    width, height = paint.text_width(text, size, 700), paint.line_height(size)
    pad = size // 3
    plate_w, plate_h = width + 2 * pad, height + pad // 2
    x = place.anchor[0] + place.away[0] * (plate_w / 2 + pad) - plate_w / 2
    y = place.anchor[1] + place.away[1] * (plate_h / 2 + pad) - plate_h / 2
    left = round(min(max(x, 2), max(limits[0] - plate_w - 2, 2)))
    top = round(min(max(y, 2), max(limits[1] - plate_h - 2, 2)))
    paint.box(image, left, top, plate_w, plate_h, paint.INK, pad)
    paint.put_text(image, text, (left + pad, top), size, colour, 700)
