"""Plane and space geometry on single points: angles, tilts, offsets.

A point is a sequence of two (image frame: pixels, y down) or three (world frame: metres, y down) floats. An unseen point
has NaN coordinates, and whatever is computed from it is NaN; so is an angle at a point that coincides with its neighbour.
Plain floats instead of arrays: a frame has some twenty measures, and array overhead would cost ten times the arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = Sequence[float]
Vector = tuple[float, float]

NAN = math.nan
UP: Vector = (0.0, -1.0)


def subtract(a: Point, b: Point) -> tuple[float, ...]:
    """Vector from ``b`` to ``a``."""
    return tuple(x - y for x, y in zip(a, b, strict=True))


def dot(a: Point, b: Point) -> float:
    """Scalar product."""
    # written out rather than summed up: the built-in sum rounds otherwise from Python 3.12 on, and columns must agree
    if len(a) == 2:
        return a[0] * b[0] + a[1] * b[1]
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def length(vector: Point) -> float:
    """Euclidean length; NaN when any coordinate is."""
    return math.sqrt(dot(vector, vector))


def midpoint(a: Point, b: Point) -> tuple[float, ...]:
    """Point halfway between two points."""
    return tuple((x + y) / 2 for x, y in zip(a, b, strict=True))


def unit(vector: Vector) -> Vector:
    """Vector of length one in the same direction; NaN for a zero vector."""
    size = math.hypot(vector[0], vector[1])
    if not size > 0:
        return (NAN, NAN)
    return (vector[0] / size, vector[1] / size)


def between(u: Point, v: Point) -> float:
    """Angle between two vectors, 0..180 degrees."""
    size = length(u) * length(v)
    if not size > 0:
        return NAN
    return math.degrees(math.acos(max(-1.0, min(1.0, dot(u, v) / size))))


def angle(a: Point, b: Point, c: Point) -> float:
    """Inner angle at ``b`` between the rays to ``a`` and ``c``, 0..180 degrees."""
    return between(subtract(a, b), subtract(c, b))


def signed_tilt(vector: Vector, up: Vector, towards: Vector) -> float:
    """Angle of ``vector`` from the direction ``up``, -180..180 degrees, positive when it leans to ``towards``."""
    along, aside = dot(vector, up), dot(vector, towards)
    if along == 0 and aside == 0:
        return NAN
    return math.degrees(math.atan2(aside, along))


def elevation(vector: Vector) -> float:
    """Angle of ``vector`` over the horizontal, -90..90 degrees, positive when it rises in the picture."""
    if vector[0] == 0 and vector[1] == 0:
        return NAN
    return math.degrees(math.atan2(-vector[1], abs(vector[0])))


def perpendicular(vector: Vector, towards: Vector) -> Vector:
    """Unit normal of ``vector`` on the side that ``towards`` points to (NaN for a zero vector)."""
    x, y = unit(vector)
    normal = (y, -x)
    return normal if dot(normal, towards) >= 0 else (-normal[0], -normal[1])


def line_offset(point: Point, a: Point, b: Point, towards: Vector) -> float:
    """Distance of ``point`` from the line through ``a`` and ``b``, positive on the side ``towards`` points to.

    In the unit of the points. The sign is taken along the line's normal, so a line that runs along ``towards`` itself has
    none and gives NaN.
    """
    line = (b[0] - a[0], b[1] - a[1])
    normal = perpendicular(line, towards)
    if not abs(dot(normal, towards)) > 1e-3:
        return NAN
    return dot((point[0] - a[0], point[1] - a[1]), normal)


def bend(a: Point, b: Point, c: Point, towards: Vector) -> float:
    """Signed bend at ``b``: 180 degrees minus the inner angle, positive when ``b`` lies ``towards`` of the chord a-c."""
    size = 180.0 - angle(a, b, c)
    offset = line_offset(b, a, c, towards)
    if math.isnan(offset):
        # a folded limb has no chord to speak of; a straight one has no side
        return size if size < 1.0 else NAN
    return math.copysign(size, offset)


def wrap_degrees(value: float) -> float:
    """The same direction in -180..180 degrees."""
    return (value + 180.0) % 360.0 - 180.0
