"""Rotations as 3x3 matrices; angles in degrees."""

from __future__ import annotations

import numpy as np
from numba import njit

X, Y, Z = np.eye(3)


@njit(cache=True)
def _dot(a: np.ndarray, b: np.ndarray) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@njit(cache=True)
def _times(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    out = np.zeros((3, b.shape[1]))
    for i in range(3):
        for k in range(b.shape[1]):
            out[i, k] = a[i, 0] * b[0, k] + a[i, 1] * b[1, k] + a[i, 2] * b[2, k]
    return out


@njit(cache=True)
def unit(v: np.ndarray) -> np.ndarray:
    """The vector at length one (a zero vector stays zero)."""
    return v / max(np.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]), 1e-9)


@njit(cache=True)
def cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The cross product of two vectors; numpy's own is slow on single ones."""
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


@njit(cache=True)
def about(axis: np.ndarray, degrees: float) -> np.ndarray:
    """Rotation about a unit axis, right-handed."""
    a = np.radians(degrees)
    x, y, z = axis[0], axis[1], axis[2]
    c, s = np.cos(a), np.sin(a)
    t = 1 - c
    return np.array(
        [
            [t * x * x + c, t * x * y - s * z, t * x * z + s * y],
            [t * x * y + s * z, t * y * y + c, t * y * z - s * x],
            [t * x * z - s * y, t * y * z + s * x, t * z * z + c],
        ]
    )


@njit(cache=True)
def from_vector(v: np.ndarray) -> np.ndarray:
    """Rotation about `v` by its length in degrees."""
    n = np.sqrt(_dot(v, v))
    return np.eye(3) if n < 1e-9 else about(v / n, n)


@njit(cache=True)
def axes(main: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Orthonormal columns: `main`, the part of `second` across it, and their cross product."""
    a = unit(main)
    b = second - a * _dot(a, second)
    b = unit(b)
    out = np.empty((3, 3))
    out[:, 0], out[:, 1], out[:, 2] = a, b, cross(a, b)
    return out


@njit(cache=True)
def shortest(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The smallest rotation that takes direction `a` to direction `b`."""
    a, b = unit(a), unit(b)
    v = cross(a, b)
    c = _dot(a, b)
    if c < -0.9999:
        return about(unit(cross(a, X if abs(a[0]) < 0.9 else Y)), 180.0)
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.eye(3) + k + _times(k, k) / (1 + c)


@njit(cache=True)
def twist_about(rotation: np.ndarray, axis: np.ndarray) -> float:
    """How far `rotation` turns about `axis` once the swing of that axis is taken out (degrees)."""
    swing = shortest(axis, _times(rotation, axis.reshape(3, 1))[:, 0])
    rest = _times(swing.T, rotation)
    s = np.array([rest[2, 1] - rest[1, 2], rest[0, 2] - rest[2, 0], rest[1, 0] - rest[0, 1]]) / 2
    return np.degrees(np.arctan2(_dot(s, axis), (rest[0, 0] + rest[1, 1] + rest[2, 2] - 1) / 2))


@njit(cache=True)
def blend(a: np.ndarray, b: np.ndarray, share: float) -> np.ndarray:
    """The rotation `share` of the way from `a` to `b` along the shortest arc."""
    if share <= 0:
        return a
    if share >= 1:
        return b
    between = _times(a.T, b)
    s = np.array(
        [
            between[2, 1] - between[1, 2],
            between[0, 2] - between[2, 0],
            between[1, 0] - between[0, 1],
        ]
    )
    trace = between[0, 0] + between[1, 1] + between[2, 2]
    angle = np.degrees(np.arctan2(np.sqrt(_dot(s, s)) / 2, (trace - 1) / 2))
    return _times(a, about(unit(s), angle * share))
