"""Clothes, hair and shoes: shells cut from the body's own rest mesh, so they move with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from .body import Body, vertex_normals
from .rotation import unit

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Outfit:
    """Colours (sRGB 0-255) and cut of what a person wears; lengths are shares of a segment."""

    skin: Colour = (224, 172, 138)
    hair: Colour = (58, 40, 28)
    shirt: Colour = (38, 98, 140)
    legs: Colour = (44, 46, 58)
    shoes: Colour | None = (235, 235, 232)
    sleeve: float = 0.55
    leg_length: float = 0.62
    hair_style: str = "short"  # short, bun, tail, long
    #: how much farther from the skin shirt and trousers hang, metres
    loose_m: float = 0.0


@dataclass
class Mesh:
    """A part of a person in the rest pose: vertices (V, 3), faces, skin weights, colours 0-255."""

    vertices: np.ndarray
    faces: np.ndarray
    weights: sparse.csr_matrix
    colours: np.ndarray
    normals: np.ndarray

    @staticmethod
    def join(parts: list[Mesh]) -> Mesh:
        """One mesh of several."""
        starts = np.cumsum([0] + [len(p.vertices) for p in parts])
        return Mesh(
            vertices=np.vstack([p.vertices for p in parts]),
            faces=np.vstack([p.faces + s for p, s in zip(parts, starts, strict=False)]),
            weights=sparse.vstack([p.weights for p in parts]).tocsr(),
            colours=np.vstack([p.colours for p in parts]),
            normals=np.vstack([p.normals for p in parts]),
        )

    def without_unused(self) -> Mesh:
        """The same mesh without the vertices that no face uses: those of skin under clothes."""
        used, faces = np.unique(self.faces, return_inverse=True)
        weights = self.weights[used]
        faces = faces.reshape(self.faces.shape)
        return Mesh(self.vertices[used], faces, weights, self.colours[used], self.normals[used])


def cut(faces: np.ndarray, field: np.ndarray) -> tuple[np.ndarray, sparse.csr_matrix]:
    """Keeps the part of a mesh where `field` (V,) is positive, with a clean edge along zero.

    Returns new faces and a matrix (new V, old V) that interpolates any vertex attribute.
    """
    inside = field > 0
    rows: dict[tuple[int, int], int] = {}
    mixes: list[tuple[int, int, float]] = []

    def corner(a: int, b: int) -> int:
        key = (a, b) if a <= b else (b, a)
        if key not in rows:
            i, j = key
            share = 0.0 if i == j else field[i] / (field[i] - field[j])
            rows[key] = len(mixes)
            mixes.append((i, j, float(share)))
        return rows[key]

    out = []
    count = inside[faces].sum(axis=1)
    for face in faces[count > 0]:
        ring = []
        for k in range(3):
            a, b = int(face[k]), int(face[(k + 1) % 3])
            if inside[a]:
                ring.append(corner(a, a))
            if inside[a] != inside[b]:
                ring.append(corner(a, b))
        out.extend((ring[0], ring[k], ring[k + 1]) for k in range(1, len(ring) - 1))
    i, j, share = (np.array(column) for column in zip(*mixes, strict=True))
    n = len(mixes)
    matrix = sparse.csr_matrix((np.r_[1 - share, share], (np.r_[0:n, 0:n], np.r_[i, j])), shape=(n, len(field)))
    return np.array(out), matrix


def relax(vertices: np.ndarray, faces: np.ndarray, rounds: int, hold: np.ndarray) -> np.ndarray:
    """Smooths a mesh; `hold` (V,) from 0 to 1 keeps vertices where they are."""
    edges = np.vstack([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    edges = np.vstack([edges, edges[:, ::-1]])
    count = len(vertices)
    link = sparse.csr_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(count,) * 2)
    degree = np.maximum(np.asarray(link.sum(axis=1)).ravel(), 1)
    free = (1 - hold)[:, None]
    for _ in range(rounds):
        mean = (link @ vertices) / degree[:, None]
        vertices = vertices + free * 0.6 * (mean - vertices)
    return vertices


def along(body: Body, start: str, end: str) -> np.ndarray:
    """How far each vertex (V,) lies along a segment: 0 at its start joint, 1 at its end."""
    a, b = body.head(start), body.head(end)
    return (body.vertices - a) @ (b - a) / ((b - a) @ (b - a))


def dress(body: Body, outfit: Outfit) -> Mesh:
    """The whole person in the rest pose: skin, clothes, hair and shoes as one mesh."""
    shirt, shorts = _shirt_field(body, outfit), _legs_field(body, outfit)
    parts = [
        _shell(body, shirt, outfit.shirt, thick=0.011 + outfit.loose_m, loose=40 if outfit.loose_m else 6),
        _shell(body, shorts, outfit.legs, thick=0.007 + 0.7 * outfit.loose_m, loose=3 if outfit.leg_length < 1 else 1),
        _hair(body, outfit),
    ]
    hidden = np.maximum(shirt, shorts)
    if outfit.shoes is not None:
        shoes = _shoe_field(body)
        parts.append(_shell(body, shoes, outfit.shoes, thick=0.010, loose=45))
        hidden = np.maximum(hidden, shoes)
    if outfit.hair_style != "short":
        parts.append(_knot(body, outfit))
    return Mesh.join([_skin(body, outfit, hidden), *parts])


def _shirt_field(body: Body, outfit: Outfit) -> np.ndarray:
    v = body.vertices
    hip, shoulder = body.head("upperleg01.L")[2], body.head("upperarm01.L")[2]
    torso = shoulder - hip
    neck = body.head("neck01")
    ring = v - (neck + [0, -0.03, 0.0])
    collar = np.linalg.norm(ring * [1, 0.9, 0.75], axis=1) - 0.078
    out = np.minimum(v[:, 2] - (hip + 0.02 * torso), collar)
    out = np.where(body.weight_of({"neck02", "neck03"} | body.under("head")) > 0.3, -0.05, out)
    for tag in "LR":
        arm = body.weight_of(body.under(f"upperarm01.{tag}"))
        length = np.linalg.norm(body.head(f"lowerarm01.{tag}") - body.head(f"upperarm01.{tag}"))
        t = along(body, f"upperarm01.{tag}", f"lowerarm01.{tag}")
        out = np.where(arm > 0.5, (outfit.sleeve - t) * length, out)
    legs = body.weight_of(body.under("upperleg01.L") | body.under("upperleg01.R"))
    return np.where((legs > 0.5) & (v[:, 2] < hip), -0.05, out)


def _legs_field(body: Body, outfit: Outfit) -> np.ndarray:
    v = body.vertices
    hip, shoulder = body.head("upperleg01.L")[2], body.head("upperarm01.L")[2]
    waist = hip + 0.22 * (shoulder - hip) - v[:, 2]
    out = np.where(np.abs(v[:, 0]) < 0.3, waist, -0.05)
    for tag in "LR":
        arm = body.weight_of(body.under(f"upperarm01.{tag}"))
        out = np.where(arm > 0.3, -0.05, out)
        leg = v[:, 2] < hip - 0.05
        side = leg & ((v[:, 0] > 0) == (tag == "L"))
        a, b, c = (body.head(f"{n}.{tag}") for n in ("upperleg01", "lowerleg01", "foot"))
        t = along(body, f"upperleg01.{tag}", f"lowerleg01.{tag}")
        low = 1 + along(body, f"lowerleg01.{tag}", f"foot.{tag}")
        t = np.where(t > 1, np.maximum(low, 1.0), t)
        length = np.linalg.norm((b - a) if outfit.leg_length < 1 else (c - b))
        out = np.where(side, (outfit.leg_length - t) * length, out)
    return out


def _shoe_field(body: Body) -> np.ndarray:
    out = np.full(len(body.vertices), -0.05)
    for tag in "LR":
        foot = body.weight_of(body.under(f"foot.{tag}") | {f"lowerleg02.{tag}"}) > 0.5
        ankle = body.head(f"foot.{tag}")[2]
        out = np.where(foot, ankle - 0.005 - body.vertices[:, 2], out)
    return out


def _shell(body: Body, field: np.ndarray, colour: Colour, thick: float, loose: int) -> Mesh:
    """A garment: the surface where `field` (metres from the hem) is positive, `thick` m off it."""
    edge = np.clip(1 - field / 0.02, 0, 1)
    smooth = relax(body.vertices, body.faces, loose, np.where(field > 0, 0.6 * edge, 1.0))
    # where smoothing pulled cloth into the body, push it out again
    sunk = np.minimum(((smooth - body.vertices) * body.normals).sum(axis=1), 0)
    smooth = smooth - sunk[:, None] * body.normals + thick * body.normals
    faces, mix = cut(body.faces, field)
    vertices = mix @ smooth
    fold = 1 - 0.10 * np.clip(1 - (mix @ field) / 0.012, 0, 1)
    colours = np.array(colour)[None] * fold[:, None]
    weights = (mix @ body.weights).tocsr()
    return Mesh(vertices, faces, weights, colours, vertex_normals(vertices, faces))


def _head_frame(body: Body) -> tuple[np.ndarray, np.ndarray]:
    centre = (body.marks["left_ear"][1] + body.marks["right_ear"][1]) / 2
    top = body.vertices[body.weight_of({"head"}) > 0.5][:, 2].max()
    return centre, np.array(top - centre[2])


def _hair(body: Body, outfit: Outfit) -> Mesh:
    centre, size = _head_frame(body)
    u = (body.vertices - centre) / size
    line = 0.07 + 0.62 * u[:, 2] + 0.78 * (u[:, 1] - 0.12) + 0.06 * np.cos(14 * u[:, 0])
    line -= 0.20 * np.exp(-(((np.abs(u[:, 0]) - 0.68) / 0.15) ** 2)) * (u[:, 2] < 0.35)
    on_head = body.weight_of(body.under("head") | {"neck03", "neck02"}) > 0.6
    field = np.where(on_head & (u[:, 2] > -0.75), line * size, -0.05)
    swell = np.clip(field / 0.035, 0, 1) ** 0.6
    n = body.normals
    wave = 0.0025 * np.sin(60 * body.vertices[:, 0]) * np.sin(45 * body.vertices[:, 2])
    smooth = relax(body.vertices, body.faces, 5, np.where(field > 0, 0.0, 1.0))
    shell = smooth + n * ((0.004 + 0.017 * swell) + wave)[:, None]
    faces, mix = cut(body.faces, field)
    vertices = mix @ shell
    streak = 1 + 0.16 * np.sin(190 * vertices[:, 0] + 40 * vertices[:, 1])
    colours = np.clip(np.array(outfit.hair)[None] * streak[:, None], 0, 255)
    return Mesh(
        vertices,
        faces,
        _rigid(body, "head", len(vertices)),
        colours,
        vertex_normals(vertices, faces),
    )


def _knot(body: Body, outfit: Outfit) -> Mesh:
    """A bun, a short pony tail, or hair that covers ears and neck: an ellipsoid at the back of the head."""
    centre, size = _head_frame(body)
    tail = outfit.hair_style == "tail"
    middle = centre + np.array([0, 0.86 if tail else 1.0, 0.34 if tail else 0.42]) * size
    radii = np.array([0.22, 0.20, 0.62]) * size if tail else np.array([0.36, 0.34, 0.36]) * size
    if outfit.hair_style == "long":
        middle, radii = centre + np.array([0, 0.42, -0.55]) * size, np.array([0.86, 0.52, 1.25]) * size
    rows, columns = 14, 20
    theta = np.linspace(0, np.pi, rows)[:, None]
    phi = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None]
    ball = np.stack(
        [np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta) + 0 * phi], axis=-1
    ).reshape(-1, 3)
    place = middle + ball * radii + (np.array([0, 0, -0.55]) * size if tail else 0)
    faces = []
    for r in range(rows - 1):
        for c in range(columns):
            a, b = r * columns + c, r * columns + (c + 1) % columns
            faces += [(a, a + columns, b), (b, a + columns, b + columns)]
    mesh = np.array(faces)
    streak = 1 + 0.15 * np.sin(9 * phi + 0 * theta).ravel()
    colours = np.clip(np.array(outfit.hair)[None] * streak[:, None], 0, 255)
    return Mesh(place, mesh, _rigid(body, "head", len(place)), colours, vertex_normals(place, mesh))


def _rigid(body: Body, bone: str, count: int) -> sparse.csr_matrix:
    column = np.full(count, body.index[bone])
    return sparse.csr_matrix((np.ones(count), (np.arange(count), column)), shape=(count, len(body.bones)))


def _skin(body: Body, outfit: Outfit, hidden: np.ndarray) -> Mesh:
    """Skin with a painted face; what lies well under clothes is left out so nothing pokes through."""
    colours = np.repeat(np.array([outfit.skin], dtype=float), len(body.vertices), axis=0)
    v = body.vertices
    skin = np.array(outfit.skin, dtype=float)
    for tag in "LR":
        eye = body.head(f"eye.{tag}")
        ball = body.weight_of({f"eye.{tag}"}) > 0.5
        away = np.hypot(v[:, 0] - eye[0], v[:, 2] - eye[2])
        colours[ball] = (238, 236, 232)
        colours[ball & (away < 0.0075)] = (60, 42, 30)
        rise = v[:, 2] - eye[2] - 0.019
        brow = (np.abs(rise) < 0.0055) & (np.abs(v[:, 0] - eye[0]) < 0.021) & ~ball
        face = (v[:, 1] < eye[1]) & (body.weight_of(body.under("head")) > 0.9)
        colours[brow & face] = np.array(outfit.hair) * 0.8 + skin * 0.2
    lips = body.weight_of({b for b in body.bones if b.startswith("oris")}) > 0.55
    colours[lips] = skin * 0.55 + np.array([176, 70, 70]) * 0.45
    ears = np.abs(v[:, 0]) > unit(np.ones(3))[0] * 0.14
    colours[ears & (body.weight_of(body.under("head")) > 0.9)] *= 0.93
    faces = body.faces[(hidden[body.faces] < 0.025).any(axis=1)]
    return Mesh(v, faces, body.weights, colours, body.normals)
