"""Geometry on columns: angles, tilts and offsets for n frames at once.

A column is an array (n,). A point or vector of the image frame (pixels, y down) is a column of complex numbers x + yi, which
makes of a scalar product and a turn one multiplication each; a direction may be a single number, the same in every frame. A
point or vector of the world frame (metres, y down) is an array (3, n). An unseen point is NaN, and whatever is computed from it
is NaN; so is an angle at a point that coincides with its neighbour. Callers silence numpy's warnings about divisions by zero.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from posturecam.model import FloatArray

Column: TypeAlias = FloatArray
Vector: TypeAlias = NDArray[np.complex128]
"""Of the image frame, (n,)."""
Direction: TypeAlias = Vector | Column | complex
Space: TypeAlias = FloatArray
"""A vector of the world frame, (3, n)."""

NAN = float("nan")
UP, DOWN, RIGHT = -1j, 1j, 1.0 + 0j
SPACE_UP: Space = np.array([[0.0], [-1.0], [0.0]])
LEAST_SIDE = 0.001
"""Sine of the angle from the direction past which a line has sides: a third of a pixel on a torso of 300, seen by nobody."""
STRAIGHT = 1.0
"""Degrees below which a limb along the direction is straight: its middle joint is a pixel off on a length of 300."""
_TO_DEGREES = 180.0 / np.pi
_LEFT_TURN = -1j


def dot(a: Vector, b: Direction) -> Column:
    """Scalar product."""
    return (a * b.conjugate()).real


def length(vector: Vector) -> Column:
    """Euclidean length."""
    return np.abs(vector)


def degrees_of(y: Column, x: Column) -> Column:
    """Angle of the direction (x, y) in degrees, -180..180."""
    return np.arctan2(y, x) * _TO_DEGREES


def unit(vector: Vector) -> Vector:
    """Vector of length one in the same direction; NaN for a zero vector."""
    result: Vector = vector / np.abs(vector)
    return result


def arc_sine(values: Column) -> Column:
    """Angle in degrees; what lies beyond -1..1 counts as the bound."""
    return np.arcsin(_clipped(values)) * _TO_DEGREES


def _clipped(values: Column) -> Column:
    result: Column = np.minimum(np.maximum(values, -1.0), 1.0)
    return result


def between(u: Vector, v: Direction) -> Column:
    """Angle between two vectors, 0..180 degrees."""
    product = u * v.conjugate()
    return np.where(product == 0, NAN, np.abs(degrees_of(product.imag, product.real)))


def angle(a: Vector, b: Vector, c: Vector) -> Column:
    """Inner angle at ``b`` between the rays to ``a`` and ``c``, 0..180 degrees."""
    return between(a - b, c - b)


def signed_between(u: Vector, v: Vector) -> Column:
    """How far ``u`` is turned against ``v``, -180..180 degrees, positive clockwise as one looks at the picture."""
    product = u * v.conjugate()
    return degrees_of(product.imag, product.real)


def signed_tilt(vector: Vector, up: Direction, towards: Direction) -> Column:
    """Angle of ``vector`` from the direction ``up``, -180..180 degrees, positive when it leans to ``towards``."""
    along, aside = dot(vector, up), dot(vector, towards)
    return np.where((along == 0) & (aside == 0), NAN, degrees_of(aside, along))


def elevation(vector: Vector) -> Column:
    """Angle of ``vector`` over the horizontal, -90..90 degrees, positive when it rises in the picture."""
    return np.where(vector == 0, NAN, degrees_of(-vector.imag, np.abs(vector.real)))


def turned_left(vector: Vector) -> Vector:
    """The vector turned by a quarter to the left of its way, as one looks at the picture."""
    return vector * _LEFT_TURN


def perpendicular(vector: Vector, towards: Direction) -> Vector:
    """Unit normal of ``vector`` on the side that ``towards`` points to (NaN for a zero vector)."""
    normal = turned_left(unit(vector))
    return np.where(dot(normal, towards) >= 0, normal, -normal)


def line_offset(point: Vector, a: Vector, b: Vector, towards: Direction) -> Column:
    """Distance of ``point`` from the line through ``a`` and ``b``, positive on the side ``towards`` points to.

    In the unit of the points. The sign is taken along the line's normal, so a line that runs along ``towards`` itself has
    none and gives NaN.
    """
    normal = turned_left(unit(b - a))
    side = dot(normal, towards)
    offset = dot(point - a, normal)
    return np.where(np.abs(side) > LEAST_SIDE, np.where(side >= 0, offset, -offset), NAN)


def folded(share: Column) -> Column:
    """Inner angle, 0..180 degrees, of a limb of two equally long segments whose ends are ``share`` (n,) of its length apart.

    The law of cosines for equal sides: segments in the ratio 1.3 read 2 degrees too open at 60, less from there on.
    """
    result: Column = np.degrees(2.0 * np.arcsin(np.clip(share, 0.0, 1.0)))
    return result


def bend(a: Vector, b: Vector, c: Vector, towards: Direction) -> Column:
    """Signed bend at ``b``: 180 degrees minus the inner angle, positive when ``b`` lies ``towards`` of the chord a-c."""
    size = 180.0 - angle(a, b, c)
    offset = line_offset(b, a, c, towards)
    # a folded limb has no chord to speak of; a straight one has no side
    return np.where(np.isnan(offset), np.where(size < STRAIGHT, size, NAN), np.copysign(size, offset))


def wrapped(value: Column) -> Column:
    """The same direction in -180..180 degrees."""
    return (value + 180.0) % 360.0 - 180.0


# in space -------------------------------------------------------------------------------------------------------------------


def space_dot(a: Space, b: Space) -> Column:
    """Scalar product of vectors of the world frame."""
    product = a * b
    result: Column = product[0] + product[1] + product[2]
    return result


def space_length(vector: Space) -> Column:
    """Euclidean length of a vector of the world frame."""
    return np.sqrt(space_dot(vector, vector))


def space_between(u: Space, v: Space) -> Column:
    """Angle between two vectors of the world frame, 0..180 degrees."""
    return np.arccos(_clipped(space_dot(u, v) / (space_length(u) * space_length(v)))) * _TO_DEGREES
