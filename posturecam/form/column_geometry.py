"""The functions of :mod:`posturecam.geometry` on columns (arrays of one value a frame), to the last bit the same.

Only the arithmetic is arrays; trigonometry goes through :mod:`math` value by value, because numpy's rounds otherwise. A point is
a tuple of columns; a direction may hold plain numbers as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from posturecam.geometry import NAN
from posturecam.model import FloatArray

Column = FloatArray
Point = tuple[Column, ...]
Direction = tuple[Column | float, Column | float]

TO_DEGREES = math.degrees(1.0)


def dot(a: Point | Direction, b: Point | Direction) -> Column:
    """Scalar product."""
    if len(a) == 2:
        return np.asarray(a[0] * b[0] + a[1] * b[1])
    return np.asarray(a[0] * b[0] + a[1] * b[1] + a[2] * b[2])  # type: ignore[misc]


def length(a: Point) -> Column:
    """Euclidean length."""
    return np.asarray(np.sqrt(dot(a, a)))


def minus(a: Point, b: Point) -> Point:
    """Vector from ``b`` to ``a``."""
    return tuple(p - q for p, q in zip(a, b, strict=True))


def middle(a: Point, b: Point) -> Point:
    """Point halfway."""
    return tuple((p + q) / 2 for p, q in zip(a, b, strict=True))


def each(function: Callable[..., float], *columns: Column) -> Column:
    """A function of :mod:`math`, value by value."""
    return np.array(list(map(function, *(column.tolist() for column in columns))), dtype=np.float64)


def atan2(y: Column, x: Column) -> Column:
    """Angle in degrees."""
    return each(math.atan2, y, x) * TO_DEGREES


def clipped(values: Column) -> Column:
    """Into -1..1 as ``max(-1.0, min(1.0, value))`` does it."""
    return np.where(values < 1.0, np.where(values > -1.0, values, -1.0), 1.0)


def unit(vector: Point) -> Point:
    """Vector of length one."""
    size = each(math.hypot, vector[0], vector[1])
    size = np.where(size > 0, size, NAN)
    return vector[0] / size, vector[1] / size


def between(u: Point, v: Point) -> Column:
    """Angle between two vectors, 0..180 degrees."""
    size = length(u) * length(v)
    known = size > 0
    cosine = clipped(dot(u, v) / np.where(known, size, 1.0))
    return np.where(known, each(math.acos, cosine) * TO_DEGREES, NAN)


def angle(a: Point, b: Point, c: Point) -> Column:
    """Inner angle at ``b``."""
    return between(minus(a, b), minus(c, b))


def signed_tilt(vector: Point, up: Direction, towards: Direction) -> Column:
    """Angle from ``up``, positive towards ``towards``."""
    along, aside = dot(vector, up), dot(vector, towards)
    return np.where((along == 0) & (aside == 0), NAN, atan2(aside, along))


def perpendicular(vector: Point, towards: Direction) -> Point:
    """Unit normal on the side of ``towards``."""
    x, y = unit(vector)
    same = dot((y, -x), towards) >= 0
    return np.where(same, y, -y), np.where(same, -x, x)


def line_offset(point: Point, a: Point, b: Point, towards: Direction) -> Column:
    """Distance from the line a-b, positive towards ``towards``."""
    normal = perpendicular(minus(b, a), towards)
    return np.where(np.abs(dot(normal, towards)) > 1e-3, dot(minus(point, a), normal), NAN)


def bend(a: Point, b: Point, c: Point, towards: Direction) -> Column:
    """Signed bend at ``b``."""
    size = 180.0 - angle(a, b, c)
    offset = line_offset(b, a, c, towards)
    return np.where(np.isnan(offset), np.where(size < 1.0, size, NAN), np.copysign(size, offset))


def wrapped(value: Column) -> Column:
    """The same direction in -180..180 degrees."""
    return np.asarray((value + 180.0) % 360.0 - 180.0)
