"""Body shapes: the rest-pose mesh, bones and skin weights of one person, taken from anny."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

SPINE = ("spine05", "spine04", "spine03", "spine02", "spine01")
NECK = ("neck01", "neck02", "neck03")


@dataclass(frozen=True)
class Shape:
    """Body shape; every number runs from 0 to 1 (gender 0 = man, 1 = woman)."""

    gender: float = 0.5
    age: float = 0.6
    muscle: float = 0.5
    weight: float = 0.5
    height: float = 0.5
    proportions: float = 0.5


@dataclass(frozen=True)
class Body:
    """One person's rest pose.

    `vertices` (V, 3) metres, `faces` (F, 3), `heads` and `tails` (B, 3) are the bones' ends,
    `weights` (V, B) sparse skin weights with rows that sum to one.
    """

    bones: tuple[str, ...]
    parents: np.ndarray
    heads: np.ndarray
    tails: np.ndarray
    vertices: np.ndarray
    faces: np.ndarray
    weights: sparse.csr_matrix

    @cached_property
    def index(self) -> dict[str, int]:
        """Bone name to row."""
        return {name: i for i, name in enumerate(self.bones)}

    def head(self, bone: str) -> np.ndarray:
        """Where a bone starts in the rest pose (metres): the joint centre."""
        return self.heads[self.index[bone]]

    def weight_of(self, bones: set[str]) -> np.ndarray:
        """Share of every vertex (V,) that follows any of the given bones."""
        columns = [i for i, name in enumerate(self.bones) if name in bones]
        return np.asarray(self.weights[:, columns].sum(axis=1)).ravel()

    def under(self, root: str) -> set[str]:
        """A bone and all bones that hang from it."""
        found = {root}
        for i, name in enumerate(self.bones):
            if self.parents[i] >= 0 and self.bones[self.parents[i]] in found:
                found.add(name)
        return found

    @cached_property
    def normals(self) -> np.ndarray:
        """Unit vertex normals (V, 3) of the rest pose."""
        return vertex_normals(self.vertices, self.faces)

    @cached_property
    def marks(self) -> dict[str, tuple[int, np.ndarray]]:
        """Surface landmarks as (bone row, rest point): they move rigidly with that bone."""
        on_head = self.weight_of(self.under("head")) > 0.9
        v = self.vertices
        eye_z = self.head("eye.L")[2]
        out: dict[str, tuple[int, np.ndarray]] = {}

        def add(name: str, mask: np.ndarray, score: np.ndarray, bone: str) -> None:
            rows = np.flatnonzero(mask)
            out[name] = (self.index[bone], v[rows[np.argmin(score[rows])]])

        centre = on_head & (np.abs(v[:, 0]) < 0.01) & (np.abs(v[:, 2] - eye_z + 0.03) < 0.04)
        add("nose", centre, v[:, 1], "head")
        for side, sign in (("left", 1), ("right", -1)):
            tag = side[0].upper()
            add(f"{side}_ear", on_head & (np.abs(v[:, 2] - eye_z) < 0.04), -sign * v[:, 0], "head")
            foot = self.weight_of({f"foot.{tag}"}) > 0.5
            add(f"{side}_heel", foot, v[:, 2] * 0.5 - v[:, 1], f"foot.{tag}")
        return out


def vertex_normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Unit normals (V, 3), each the area-weighted mean of the faces around a vertex."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    out = np.zeros_like(vertices)
    for k in range(3):
        np.add.at(out, faces[:, k], face)
    return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)


def load_body(shape: Shape) -> Body:
    """Builds a body, or reads it from the temporary folder where an earlier run left it."""
    key = hashlib.sha256(repr(shape).encode()).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / "posturecam-render" / f"body2-{key}.npz"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.npz")
        np.savez(partial, **_from_anny(shape))
        partial.replace(path)
    with np.load(path) as data:
        count = len(data["vertices"])
        rows = np.repeat(np.arange(count), data["weights"].shape[1])
        weights = sparse.csr_matrix(
            (data["weights"].ravel(), (rows, data["bone_rows"].ravel())),
            shape=(count, len(data["bones"])),
        )
        return Body(
            bones=tuple(str(b) for b in data["bones"]),
            parents=data["parents"],
            heads=data["heads"],
            tails=data["tails"],
            vertices=data["vertices"],
            faces=data["faces"],
            weights=weights,
        )


@cache
def _anny() -> Any:
    import warnings

    import anny

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return anny.create_fullbody_model(triangulate_faces=True, skinning_method="lbs")


def _from_anny(shape: Shape) -> dict[str, np.ndarray]:
    # torch and anny take seconds to import and are not needed once the body is on disk
    model = _anny()
    out = model(
        phenotype_kwargs={
            "gender": shape.gender,
            "age": shape.age,
            "muscle": shape.muscle,
            "weight": shape.weight,
            "height": shape.height,
            "proportions": shape.proportions,
        }
    )
    weights = model.vertex_bone_weights.double().numpy()
    return {
        "bones": np.array(model.bone_labels),
        "parents": np.array(model.bone_parents, dtype=np.int64),
        "heads": out["rest_bone_heads"][0].double().numpy(),
        "tails": out["rest_bone_tails"][0].double().numpy(),
        "vertices": out["rest_vertices"][0].double().numpy(),
        "faces": np.asarray(model.faces, dtype=np.int64),
        "weights": weights / weights.sum(axis=1, keepdims=True),
        "bone_rows": model.vertex_bone_indices.numpy().astype(np.int64),
    }
