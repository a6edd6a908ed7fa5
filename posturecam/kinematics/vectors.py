"""Geometry on columns: angles, tilts and offsets for n frames at once.

A column is an array (n,); a point or vector is an array (2, n) in the image frame (pixels, y down) or (3, n) in the world frame
(metres, y down). A direction may be (2, 1), the same in every frame. An unseen point is NaN, and whatever is computed from it is
NaN; so is an angle at a point that coincides with its neighbour. Callers silence numpy's warnings about divisions by zero.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from posturecam.model import FloatArray

Column: TypeAlias = FloatArray
Vector: TypeAlias = FloatArray

NAN = float("nan")
UP: Vector = np.array([[0.0], [-1.0]])
DOWN: Vector = -UP
WORLD_UP: Vector = np.array([[0.0], [-1.0], [0.0]])
_TO_DEGREES = 180.0 / np.pi
_QUARTER_LEFT: Vector = np.array([[1.0], [-1.0]])


def sideways(sign: Column) -> Vector:
    """Directions to the picture's right where ``sign`` is 1, to its left where it is -1."""
    result: Vector = np.zeros((2, len(sign)))
    result[0] = sign
    return result


def dot(a: Vector, b: Vector) -> Column:
    """Scalar product."""
    product = a * b
    total: Column = product[0] + product[1]
    return total if len(product) == 2 else total + product[2]


def length(vector: Vector) -> Column:
    """Euclidean length."""
    result: Column = np.sqrt(dot(vector, vector))
    return result


def degrees_of(y: Column, x: Column) -> Column:
    """Angle of the direction (x, y) in degrees, -180..180."""
    result: Column = np.arctan2(y, x) * _TO_DEGREES
    return result


def unit(vector: Vector) -> Vector:
    """Vector of length one in the same direction; NaN for a zero vector."""
    result: Vector = vector / np.hypot(vector[0], vector[1])
    return result


def _clipped(values: Column) -> Column:
    result: Column = np.minimum(np.maximum(values, -1.0), 1.0)
    return result


def arc_sine(values: Column) -> Column:
    """Angle in degrees; what lies beyond -1..1 counts as the bound."""
    result: Column = np.arcsin(_clipped(values)) * _TO_DEGREES
    return result


def between(u: Vector, v: Vector) -> Column:
    """Angle between two vectors, 0..180 degrees."""
    result: Column = np.arccos(_clipped(dot(u, v) / (length(u) * length(v)))) * _TO_DEGREES
    return result


def angle(a: Vector, b: Vector, c: Vector) -> Column:
    """Inner angle at ``b`` between the rays to ``a`` and ``c``, 0..180 degrees."""
    return between(a - b, c - b)


def signed_tilt(vector: Vector, up: Vector, towards: Vector) -> Column:
    """Angle of ``vector`` from the direction ``up``, -180..180 degrees, positive when it leans to ``towards``."""
    along, aside = dot(vector, up), dot(vector, towards)
    result: Column = np.where((along == 0) & (aside == 0), NAN, degrees_of(aside, along))
    return result


def elevation(vector: Vector) -> Column:
    """Angle of ``vector`` over the horizontal, -90..90 degrees, positive when it rises in the picture."""
    x, y = vector
    result: Column = np.where((x == 0) & (y == 0), NAN, degrees_of(-y, np.abs(x)))
    return result


def turned_left(vector: Vector) -> Vector:
    """The vector turned by a quarter to the left of its way, as one looks at the picture."""
    result: Vector = vector[::-1] * _QUARTER_LEFT
    return result


def perpendicular(vector: Vector, towards: Vector) -> Vector:
    """Unit normal of ``vector`` on the side that ``towards`` points to (NaN for a zero vector)."""
    normal = turned_left(unit(vector))
    result: Vector = np.where(dot(normal, towards) >= 0, normal, -normal)
    return result


def line_offset(point: Vector, a: Vector, b: Vector, towards: Vector) -> Column:
    """Distance of ``point`` from the line through ``a`` and ``b``, positive on the side ``towards`` points to.

    In the unit of the points. The sign is taken along the line's normal, so a line that runs along ``towards`` itself has
    none and gives NaN.
    """
    normal = perpendicular(b - a, towards)
    result: Column = np.where(np.abs(dot(normal, towards)) > 1e-3, dot(point - a, normal), NAN)
    return result


def bend(a: Vector, b: Vector, c: Vector, towards: Vector) -> Column:
    """Signed bend at ``b``: 180 degrees minus the inner angle, positive when ``b`` lies ``towards`` of the chord a-c."""
    size = 180.0 - angle(a, b, c)
    offset = line_offset(b, a, c, towards)
    # a folded limb has no chord to speak of; a straight one has no side
    result: Column = np.where(np.isnan(offset), np.where(size < 1.0, size, NAN), np.copysign(size, offset))
    return result


def wrapped(value: Column) -> Column:
    """The same direction in -180..180 degrees."""
    result: Column = (value + 180.0) % 360.0 - 180.0
    return result
