"""The room and the props, built from procedural textures; nothing is loaded from disk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from .renderer import Stage
from .rotation import Z, about

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Room:
    """How the room looks. `wall_m` = distance of the back wall behind the person, metres."""

    floor: str = "wood"  # wood, carpet, tiles
    wall: Colour = (206, 204, 196)
    decor: str = "picture"  # picture, window, plant
    mat: Colour | None = (70, 110, 120)
    wall_m: float = 1.5
    mat_turn: float = 0.0


def build(stage: Stage, room: Room, rng: np.random.Generator) -> None:
    """Adds floor, walls, a decoration and the mat; the back wall stands across the camera's view."""
    turn = about(Z, round(stage.camera.azimuth / 90) * 90.0)
    centre = np.array([stage.camera.target[0], stage.camera.target[1], 0.0])

    def place(points: np.ndarray) -> np.ndarray:
        return points @ turn.T + centre

    picture, size = _floor(room.floor, rng)
    _panel(stage, place, (-6, -5, 0), (12, 0, 0), (0, 5 + room.wall_m, 0), picture, size)
    wall = _plaster(room.wall, rng)
    y = room.wall_m
    _panel(stage, place, (-6, y, 0), (12, 0, 0), (0, 0, 4.5), wall, 1.6)
    skirting = np.full((8, 8, 3), 236, np.uint8)
    _box(stage, place, (0, y - 0.01, 0.05), (12, 0.02, 0.10), skirting)
    {"picture": _picture, "window": _window, "plant": _plant}[room.decor](stage, place, y, rng)
    if room.mat is not None:
        mat = np.clip(np.array(room.mat) + rng.normal(0, 6, (64, 64, 1)), 0, 255).astype(np.uint8)
        spin = about(Z, room.mat_turn)
        _box(stage, lambda p: p @ spin.T + centre, (0, 0, -0.002), (0.72, 1.95, 0.012), mat)


def _panel(stage, place, corner, along, up, picture, metres: float) -> None:
    a, u, v = np.array(corner, float), np.array(along, float), np.array(up, float)
    normal = np.cross(u, v)
    normal /= np.linalg.norm(normal)
    cells = 24  # the lights are computed per pixel, but the far clip likes small polygons
    s, t = np.meshgrid(np.linspace(0, 1, cells + 1), np.linspace(0, 1, cells + 1))
    points = a + s.reshape(-1, 1) * u + t.reshape(-1, 1) * v
    r, c = np.meshgrid(np.arange(cells), np.arange(cells), indexing="ij")
    k = (r * (cells + 1) + c).ravel()
    faces = np.stack([k, k + 1, k + cells + 2, k + cells + 1], axis=1)
    uv = np.stack([s.ravel() * np.linalg.norm(u) / metres, t.ravel() * np.linalg.norm(v) / metres], 1)
    points = place(points)
    facing = place(np.array([a + normal]))[0] - place(np.array([a]))[0]
    stage.add(points, faces, uv=uv, texture=picture, normals=np.tile(facing, (len(points), 1)))


def _box(stage, place, centre, size, picture: np.ndarray) -> None:
    c, h = np.array(centre, float), np.array(size, float) / 2
    for axis in range(3):
        for sign in (-1, 1):
            u, v = np.zeros(3), np.zeros(3)
            u[(axis + 1) % 3], v[(axis + 2) % 3] = 2 * h[(axis + 1) % 3], 2 * h[(axis + 2) % 3]
            corner = c - h
            if sign > 0:
                corner = corner.copy()
                corner[axis] += 2 * h[axis]
            else:
                u, v = v, u
            _panel_small(stage, place, corner, u, v, picture)


def _panel_small(stage, place, corner, u, v, picture) -> None:
    normal = np.cross(u, v)
    normal /= np.linalg.norm(normal)
    points = place(np.array([corner, corner + u, corner + u + v, corner + v]))
    facing = place(np.array([corner + normal]))[0] - place(np.array([corner]))[0]
    uv = np.array([[0, 0], [1, 0], [1, 1], [0, 1.0]])
    stage.add(points, np.array([[0, 1, 2, 3]]), uv=uv, texture=picture, normals=np.tile(facing, (4, 1)))


def box(stage: Stage, centre, size, colour: Colour, turn: float = 0.0) -> None:
    """A prop's box in the world: centre and size in metres, turned about the vertical (degrees)."""
    spin = about(Z, turn)
    middle = np.array(centre, float)
    paint = np.tile(np.array(colour, np.uint8), (8, 8, 1))
    _box(stage, lambda p: p @ spin.T + middle, (0, 0, 0), size, paint)


def tube(start: np.ndarray, end: np.ndarray, radius: float, sides: int = 10):
    """Vertices, faces and normals of a cylinder between two points (metres), for bands, rollers."""
    axis = end - start
    axis = axis / max(np.linalg.norm(axis), 1e-6)
    a = np.cross(axis, Z if abs(axis[2]) < 0.9 else np.array([1.0, 0, 0]))
    a /= np.linalg.norm(a)
    b = np.cross(axis, a)
    phi = np.linspace(0, 2 * np.pi, sides, endpoint=False)[:, None]
    ring = np.cos(phi) * a + np.sin(phi) * b
    points = np.vstack([start + radius * ring, end + radius * ring])
    k = np.arange(sides)
    n = (k + 1) % sides
    faces = np.stack([k, n, n + sides, k + sides], axis=1)
    return points, faces, np.vstack([ring, ring])


def _grain(shape: tuple[int, int], rng: np.random.Generator, sx: float, sy: float) -> np.ndarray:
    noise = rng.normal(0, 1, shape).astype(np.float32)
    noise = ndimage.gaussian_filter(noise, (sy, sx), mode="wrap")
    return noise / (noise.std() + 1e-6)


def _floor(kind: str, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    size = 512
    if kind == "carpet":
        base = np.array([150, 146, 138]) + 9 * _grain((size, size), rng, 1.2, 1.2)[..., None]
        return np.clip(base, 0, 255).astype(np.uint8), 1.2
    if kind == "tiles":
        base = np.array([178, 172, 162]) + 4 * _grain((size, size), rng, 9, 9)[..., None]
        base[:5], base[:, :5] = 140, 140
        return np.clip(base, 0, 255).astype(np.uint8), 0.5
    out = np.zeros((size, size, 3))
    rows = 8
    for r in range(rows):
        y0, y1 = r * size // rows, (r + 1) * size // rows
        offset = int(rng.integers(size))
        for c in range(2):
            tone = np.array([172, 132, 92]) * rng.uniform(0.86, 1.08)
            grain = 7 * _grain((y1 - y0, size // 2), rng, 26, 1.1)[..., None]
            out[y0:y1, c * size // 2 : (c + 1) * size // 2] = tone + grain
            out[y0:y1, c * size // 2 : c * size // 2 + 2] *= 0.7
        out[y0:y1] = np.roll(out[y0:y1], offset, axis=1)
        out[y0 : y0 + 2] *= 0.7
    return np.clip(out, 0, 255).astype(np.uint8), 1.0


def _plaster(colour: Colour, rng: np.random.Generator) -> np.ndarray:
    base = np.array(colour) + 2.0 * _grain((256, 256), rng, 5, 5)[..., None]
    return np.clip(base, 0, 255).astype(np.uint8)


def _picture(stage, place, y: float, rng) -> None:
    side = float(rng.choice([-1, 1]))
    x = side * rng.uniform(0.9, 1.2)
    _box(stage, place, (x, y - 0.02, 1.38), (0.62, 0.03, 0.46), np.full((8, 8, 3), 60, np.uint8))
    art = np.zeros((96, 128, 3), np.uint8)
    sky = np.linspace(0, 1, 96)[:, None, None]
    art[:] = np.array([235, 190, 140]) * (1 - sky) + np.array([120, 160, 190]) * sky
    for k, tone in enumerate(((84, 110, 120), (60, 86, 84), (40, 60, 56))):
        line = 44 + 16 * k + 9 * np.sin(np.linspace(0, 6, 128) * (1 + k) + rng.uniform(0, 6))
        for c in range(128):
            art[int(line[c]) :, c] = tone
    _box(stage, place, (x, y - 0.04, 1.38), (0.54, 0.01, 0.38), art)


def _window(stage, place, y: float, rng) -> None:
    x = float(rng.choice([-1, 1])) * 1.0
    white = np.full((8, 8, 3), 240, np.uint8)
    glass = np.zeros((64, 64, 3), np.uint8)
    glass[:] = np.linspace([176, 206, 232], [222, 234, 240], 64)[:, None]
    glass[46:] = (128, 154, 112)
    _box(stage, place, (x, y - 0.02, 1.6), (0.98, 0.04, 1.08), white)
    for dx in (-0.23, 0.23):
        _box(stage, place, (x + dx, y - 0.045, 1.6), (0.42, 0.01, 0.98), glass)
    _box(stage, place, (x, y - 0.08, 1.04), (1.1, 0.14, 0.04), white)


def _plant(stage, place, y: float, rng) -> None:
    x = float(rng.choice([-1, 1])) * 1.25
    _picture(stage, place, y, rng)
    pot = np.tile(np.array([170, 104, 78], np.uint8), (8, 8, 1))
    base = np.array([x, y - 0.3, 0.0])
    points, faces, normals = tube(base, base + 0.32 * Z, 0.15, 20)
    spin = place(normals) - place(np.zeros((1, 3)))
    stage.add(place(points), faces, colours=np.tile(pot[0, 0], (len(points), 1)), normals=spin)
    for _ in range(26):
        lean, reach = rng.uniform(0, 2 * np.pi), rng.uniform(0.12, 0.34)
        tip = base + np.array([reach * np.cos(lean), reach * np.sin(lean) * 0.7, rng.uniform(0.6, 1.05)])
        root = base + 0.30 * Z
        middle = (root + tip) / 2 + 0.10 * Z
        wide = np.array([-np.sin(lean), np.cos(lean), 0.0]) * 0.045
        leaf = np.array([root, middle - wide, tip, middle + wide])
        tone = np.array([62, 112, 62]) * rng.uniform(0.75, 1.2)
        facing = place(np.array([[0, -0.7, 0.7]])) - place(np.zeros((1, 3)))
        stage.add(
            place(leaf),
            np.array([[0, 1, 2], [0, 2, 3]]),
            colours=np.tile(tone, (4, 1)),
            normals=np.tile(facing, (4, 1)),
        )
