"""Rotations as 3x3 matrices; angles in degrees."""

from __future__ import annotations

import numpy as np

X, Y, Z = np.eye(3)


def unit(v: np.ndarray) -> np.ndarray:
    """The vector at length one (a zero vector stays zero)."""
    return v / max(float(np.sqrt(v @ v)), 1e-9)


def cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The cross product of two vectors; numpy's own is slow on single ones."""
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def about(axis: np.ndarray, degrees: float) -> np.ndarray:
    """Rotation about a unit axis, right-handed."""
    a = np.radians(degrees)
    x, y, z = axis
    c, s = np.cos(a), np.sin(a)
    t = 1 - c
    return np.array(
        [
            [t * x * x + c, t * x * y - s * z, t * x * z + s * y],
            [t * x * y + s * z, t * y * y + c, t * y * z - s * x],
            [t * x * z - s * y, t * y * z + s * x, t * z * z + c],
        ]
    )


def from_vector(v: np.ndarray) -> np.ndarray:
    """Rotation about `v` by its length in degrees."""
    n = float(np.sqrt(v @ v))
    return np.eye(3) if n < 1e-9 else about(v / n, n)


def axes(main: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Orthonormal columns: `main`, the part of `second` across it, and their cross product."""
    a = unit(main)
    b = second - a * (a @ second)
    b = unit(b)
    return np.array([a, b, cross(a, b)]).T


def shortest(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The smallest rotation that takes direction `a` to direction `b`."""
    a, b = unit(a), unit(b)
    v = cross(a, b)
    c = float(a @ b)
    if c < -0.9999:
        return about(unit(cross(a, X if abs(a[0]) < 0.9 else Y)), 180.0)
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.eye(3) + k + k @ k / (1 + c)


def twist_about(rotation: np.ndarray, axis: np.ndarray) -> float:
    """How far `rotation` turns about `axis` once the swing of that axis is taken out (degrees)."""
    swing = shortest(axis, rotation @ axis)
    rest = swing.T @ rotation
    s = np.array([rest[2, 1] - rest[1, 2], rest[0, 2] - rest[2, 0], rest[1, 0] - rest[0, 1]]) / 2
    return float(np.degrees(np.arctan2(s @ axis, (np.trace(rest) - 1) / 2)))


def blend(a: np.ndarray, b: np.ndarray, share: float) -> np.ndarray:
    """The rotation `share` of the way from `a` to `b` along the shortest arc."""
    if share <= 0:
        return a
    if share >= 1:
        return b
    between = a.T @ b
    s = np.array(
        [
            between[2, 1] - between[1, 2],
            between[0, 2] - between[2, 0],
            between[1, 0] - between[0, 1],
        ]
    )
    angle = np.degrees(np.arctan2(np.linalg.norm(s) / 2, (np.trace(between) - 1) / 2))
    return a @ about(unit(s), angle * share)
