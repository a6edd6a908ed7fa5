"""Measuring: an exercise's measures as functions of the body.

Each measure of the spec becomes one function, ordered so that a measure follows those it is made from. Every function
returns NaN when a point it needs is unseen; the reason is looked up only then.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from posturecam import geometry
from posturecam.form import spine
from posturecam.form.body import L_SHOULDER, R_SHOULDER, Body
from posturecam.form.head import head_angle, head_points
from posturecam.geometry import NAN, Vector
from posturecam.model import LANDMARK_INDEX, Side
from posturecam.spec import measures as kinds
from posturecam.spec.schema import Exercise

Values = dict[str, float]
OTHER: Mapping[Side, Side] = {"left": "right", "right": "left"}

RAW = "!raw"
"""Ending of the name under which a value stands before its calibration; no spec can name it."""

RESTING_UNKNOWN = "resting value not known yet"
NO_OUTLINE = "outline of the back not seen"
CHEST_TURNED = "chest turned out of the side view"
NOT_MEASURABLE = "not measurable in this position"


@dataclass(frozen=True)
class Context:
    """What a measure may read: the ``body``, the ``active`` side, values so far, resting values and the body's position."""

    body: Body
    active: Side
    position: str
    values: Values
    rest: Mapping[str, float]


Measurer = Callable[[Context], float]


def point_indices(name: str, near: Side, active: Side) -> tuple[int, ...]:
    """Landmark indices of a spec's point: one, or two for ``mid.`` points."""
    if name == "nose":
        return (LANDMARK_INDEX["nose"],)
    side, part = name.split(".")
    if side == "mid":
        return (_index("left", part), _index("right", part))
    sides = {
        "near": near,
        "far": OTHER[near],
        "active": active,
        "passive": OTHER[active],
        "left": "left",
        "right": "right",
    }
    return (_index(sides[side], part),)


def _index(side: str, part: str) -> int:
    return LANDMARK_INDEX[f"mouth_{side}" if part == "mouth" else f"{side}_{part}"]


def _image_point(name: str, context: Context) -> tuple[float, float]:
    body = context.body
    indices = point_indices(name, body.near, context.active)
    if len(indices) == 1:
        return body.xy[indices[0]]
    left, right = body.xy[indices[0]], body.xy[indices[1]]
    # seen from the side the two lie nearly behind each other, so that one can stand for both
    if body.turn > 45.0:
        left, right = (right, right) if math.isnan(left[0]) else (left, left if math.isnan(right[0]) else right)
    return ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)


def _world_point(name: str, context: Context) -> tuple[float, ...]:
    indices = point_indices(name, context.body.near, context.active)
    # the world landmark of an unseen joint is a guess
    if any(math.isnan(context.body.xy[index][0]) for index in indices):
        return (NAN, NAN, NAN)
    if len(indices) == 1:
        return context.body.world[indices[0]]
    return geometry.midpoint(context.body.world[indices[0]], context.body.world[indices[1]])


def _segment(points: tuple[str, str], context: Context) -> Vector:
    a, b = _image_point(points[0], context), _image_point(points[1], context)
    return (b[0] - a[0], b[1] - a[1])


def dorsal(body: Body, position: str) -> Vector:
    """Unit vector out of the back, across the trunk, in the image frame (side views)."""
    towards = {"prone": geometry.UP, "supine": (0.0, 1.0)}.get(position, (-body.facing, 0.0))
    return geometry.perpendicular(body.trunk(), towards)


def axis_name(axis: str, active: Side, point: str) -> str:
    """A direction with outward and inward, which depend on the measured ``point``'s side, put as left or right."""
    if axis not in ("outward", "inward"):
        return axis
    side = point.partition(".")[0]
    on_left = active == "left" if side == "active" else side == "left"
    if side == "passive":
        on_left = active == "right"
    return "left" if on_left == (axis == "outward") else "right"


def axis_vector(axis: str, context: Context, point: str = "") -> Vector:
    """Unit vector of a spec's direction in the image frame; ``point`` is the measured one, which outward depends on."""
    body = context.body
    axis = axis_name(axis, context.active, point)
    if axis in ("up", "down"):
        return (0.0, -1.0 if axis == "up" else 1.0)
    if axis in ("forward", "backward"):
        return (body.facing if axis == "forward" else -body.facing, 0.0)
    if axis in ("left", "right"):
        # the left of somebody who faces the camera is on the picture's right
        sign = 1.0 if body.faces_camera else -1.0
        return (sign if axis == "left" else -sign, 0.0)
    return body.trunk() if axis == "trunk" else dorsal(body, context.position)


def _angle(measure: kinds.AngleMeasure) -> Measurer:
    point = _image_point if measure.space == "image" else _world_point
    return lambda context: geometry.angle(*(point(name, context) for name in measure.angle))


def _between(measure: kinds.BetweenMeasure) -> Measurer:
    point = _image_point if measure.space == "image" else _world_point
    (a, b), (c, d) = measure.between
    return lambda context: geometry.between(
        geometry.subtract(point(b, context), point(a, context)), geometry.subtract(point(d, context), point(c, context))
    )


def _bend(measure: kinds.BendMeasure) -> Measurer:
    def run(context: Context) -> float:
        a, b, c = (_image_point(name, context) for name in measure.bend)
        return geometry.bend(a, b, c, axis_vector(measure.towards, context))

    return run


def _tilt(measure: kinds.TiltMeasure) -> Measurer:
    if measure.space == "world":
        return lambda context: _world_tilt(measure, context)

    def run(context: Context) -> float:
        vector = _segment(measure.tilt, context)
        if measure.reference == "horizontal":
            rise = geometry.elevation(vector)
            if measure.towards is None:
                return abs(rise)
            return rise if measure.towards == "up" else -rise
        if measure.towards is None:
            return geometry.between(vector, geometry.UP)
        return geometry.signed_tilt(vector, geometry.UP, axis_vector(measure.towards, context))

    return run


def _world_tilt(measure: kinds.TiltMeasure, context: Context) -> float:
    a, b = (_world_point(name, context) for name in measure.tilt)
    right, down, away = geometry.subtract(b, a)
    if measure.reference == "horizontal":
        return math.degrees(math.atan2(abs(down), math.hypot(right, away)))
    if measure.towards is None:
        return geometry.between((right, down, away), (0.0, -1.0, 0.0))
    # the world frame's z points away from the camera
    return geometry.signed_tilt((-away, down), geometry.UP, (1.0, 0.0))


def _offset(measure: kinds.OffsetMeasure) -> Measurer:
    def run(context: Context) -> float:
        vector = _segment((measure.origin, measure.offset), context)
        return geometry.dot(vector, axis_vector(measure.along, context, measure.offset)) / context.body.torso

    return run


def _line_offset(measure: kinds.LineOffsetMeasure) -> Measurer:
    def run(context: Context) -> float:
        point, a, b = (_image_point(name, context) for name in (measure.line_offset, *measure.of))
        return (
            geometry.line_offset(point, a, b, axis_vector(measure.towards, context, measure.line_offset))
            / context.body.torso
        )

    return run


def _distance(measure: kinds.DistanceMeasure) -> Measurer:
    return lambda context: geometry.length(_segment(measure.distance, context)) / context.body.torso


def _heading(points: tuple[str, str], context: Context) -> float:
    a, b = _world_point(points[0], context), _world_point(points[1], context)
    return math.degrees(math.atan2(b[2] - a[2], b[0] - a[0]))


def _turn(measure: kinds.TurnMeasure) -> Measurer:
    def run(context: Context) -> float:
        heading = _heading(measure.turn, context)
        if measure.relative_to is not None:
            heading -= _heading(measure.relative_to, context)
        return geometry.wrap_degrees(heading)

    return run


def _chest_side_on(body: Body) -> bool:
    return spine.chest_side_on(body.world[L_SHOULDER], body.world[R_SHOULDER])


def _spine(measure: kinds.SpineMeasure) -> Measurer:
    def run(context: Context) -> float:
        body = context.body
        if not _chest_side_on(body):
            return NAN
        back = dorsal(body, context.position)
        return spine.flexion_before_calibration(body.contour, body.trunk(), back, measure.surface)

    return run


def _head(measure: kinds.HeadMeasure) -> Measurer:
    def run(context: Context) -> float:
        back = dorsal(context.body, context.position) if context.position != "upright" else None
        return head_angle(measure.head, context.body, back)

    return run


def _difference(measure: kinds.DifferenceMeasure) -> Measurer:
    first, second = measure.difference

    def run(context: Context) -> float:
        value = context.values[first] - context.values[second]
        return abs(value) if measure.absolute else value

    return run


def _change(measure: kinds.ChangeMeasure) -> Measurer:
    def run(context: Context) -> float:
        value = context.values[measure.change] - context.rest.get(measure.change, NAN)
        return abs(value) if measure.absolute else value

    return run


def _ratio(measure: kinds.RatioMeasure) -> Measurer:
    def run(context: Context) -> float:
        rest = context.rest.get(measure.ratio, NAN)
        return context.values[measure.ratio] / rest if rest else NAN

    return run


def _combine(measure: kinds.CombineMeasure) -> Measurer:
    def run(context: Context) -> float:
        values = [context.values[name] for name in measure.over]
        if measure.combine == "mean":
            seen = [value for value in values if not math.isnan(value)]
            return sum(seen) / len(seen) if seen else NAN
        if measure.combine == "abs":
            return abs(values[0])
        if any(math.isnan(value) for value in values):
            return NAN
        return min(values) if measure.combine == "min" else max(values)

    return run


_BUILDERS: Mapping[type, Callable[..., Measurer]] = {
    kinds.AngleMeasure: _angle,
    kinds.BetweenMeasure: _between,
    kinds.BendMeasure: _bend,
    kinds.TiltMeasure: _tilt,
    kinds.OffsetMeasure: _offset,
    kinds.LineOffsetMeasure: _line_offset,
    kinds.DistanceMeasure: _distance,
    kinds.TurnMeasure: _turn,
    kinds.SpineMeasure: _spine,
    kinds.HeadMeasure: _head,
    kinds.DifferenceMeasure: _difference,
    kinds.ChangeMeasure: _change,
    kinds.RatioMeasure: _ratio,
    kinds.CombineMeasure: _combine,
}


def measure_points(measure: kinds.Measure) -> tuple[str, ...]:
    """Spec's names of the points a measure reads itself (not those of the measures it is made from)."""
    if isinstance(measure, kinds.HeadMeasure):
        return head_points(measure.head)
    if isinstance(measure, kinds.SpineMeasure):
        return ("mid.shoulder", "mid.hip")
    return tuple(
        _names(getattr(measure, field_name) for field_name in kinds.POINT_FIELDS if hasattr(measure, field_name))
    )


def _names(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif value is not None:
        for item in value:  # type: ignore[attr-defined]
            yield from _names(item)


def measures_used(measure: kinds.Measure) -> tuple[str, ...]:
    """Names of the measures that a measure is made from."""
    if isinstance(measure, kinds.DifferenceMeasure):
        return measure.difference
    if isinstance(measure, kinds.ChangeMeasure):
        return (measure.change,)
    if isinstance(measure, kinds.RatioMeasure):
        return (measure.ratio,)
    return measure.over if isinstance(measure, kinds.CombineMeasure) else ()


@dataclass(frozen=True)
class MeasureSet:
    """The measures of one exercise, compiled once. Build with :func:`compile_measures`."""

    position: str
    steps: tuple[tuple[str, Measurer], ...]
    kinds: Mapping[str, kinds.Measure]
    points: Mapping[str, tuple[str, ...]]
    two_sided: bool
    calibrated: frozenset[str] = field(default_factory=frozenset)

    def evaluate(self, body: Body, rest: Mapping[str, float], active: Side) -> Values:
        """Measure everything in one frame; a value is NaN when a point or a resting value it needs is not known.

        A measure that is calibrated on the person's rest is there as well without that, under its name with ``RAW``.
        """
        values: Values = {}
        # a calibrated value is already the change from rest: what is made from it must not take the offset off again
        later = {**rest, **dict.fromkeys(self.calibrated & rest.keys(), 0.0)} if self.calibrated else rest
        context = Context(body, active, self.position, values, later)
        for name, run in self.steps:
            value = run(context)
            if name in self.calibrated:
                values[name + RAW] = value
                value -= rest.get(name, NAN)
            values[name] = value
        return values

    def problem(self, name: str, body: Body, rest: Mapping[str, float], active: Side) -> str:
        """Say why measure ``name`` is NaN in this frame."""
        for point in self.points[name]:
            for index in point_indices(point, body.near, active):
                if math.isnan(body.xy[index][0]):
                    return body.reason(index)
        if name in self.calibrated and body.contour is None:
            return NO_OUTLINE
        if name in self.calibrated and not _chest_side_on(body):
            return CHEST_TURNED
        needs_rest = {name} if name in self.calibrated else set(measures_used(self.kinds[name]))
        if any(math.isnan(rest.get(used, NAN)) for used in needs_rest):
            return RESTING_UNKNOWN
        return NO_OUTLINE if name in self.calibrated else NOT_MEASURABLE


def compile_measures(exercise: Exercise) -> MeasureSet:
    """Compile the measures of an exercise; the loader has made sure that references exist and are not circular."""
    order: list[str] = []
    points: dict[str, tuple[str, ...]] = {}

    def visit(name: str) -> None:
        if name in points:
            return
        measure = exercise.measures[name]
        used = measures_used(measure)
        for other in used:
            visit(other)
        points[name] = measure_points(measure) + tuple(point for other in used for point in points[other])
        order.append(name)

    for name in exercise.measures:
        visit(name)
    steps = tuple((name, _BUILDERS[type(exercise.measures[name])](exercise.measures[name])) for name in order)
    return MeasureSet(
        position=exercise.position,
        steps=steps,
        kinds=dict(exercise.measures),
        points=points,
        two_sided=any(point.startswith(("active.", "passive.")) for names in points.values() for point in names),
        calibrated=frozenset(name for name, m in exercise.measures.items() if isinstance(m, kinds.SpineMeasure)),
    )
