"""Pictures on surfaces: smaller copies for far surfaces, and the lookup for a drawn window."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np


class Texture:
    """A picture (H, W, 3) that repeats, with copies of half, a quarter, ... of its size."""

    def __init__(self, picture: np.ndarray) -> None:
        self.levels = [picture.astype(np.float32)]
        while min(self.levels[-1].shape[:2]) > 4:
            level = self.levels[-1]
            size = (level.shape[1] // 2, level.shape[0] // 2)
            self.levels.append(cv2.resize(level, size, interpolation=cv2.INTER_AREA))

    def at(self, uv: np.ndarray, blur: np.ndarray) -> np.ndarray:
        """Colours (N, 3) at `uv` (N, 2); `blur` (N,) = width of a sample in uv units."""
        finest = np.log2(np.maximum(blur * max(self.levels[0].shape[:2]), 1.0))
        level = np.clip(finest, 0, len(self.levels) - 1.001)
        whole = level.astype(int)
        share = (level - whole)[:, None].astype(np.float32)
        out = np.zeros((len(uv), 3), np.float32)
        for k in range(len(self.levels)):
            for weight, here in ((1 - share, whole == k), (share, whole + 1 == k)):
                if here.any():
                    out[here] += weight[here] * self._sample(k, uv[here])
        return out

    def _sample(self, k: int, uv: np.ndarray) -> np.ndarray:
        picture = self.levels[k]
        height, width = picture.shape[:2]
        x = uv[:, 0] * width - 0.5
        y = (1 - uv[:, 1]) * height - 0.5
        i, j = np.floor(x).astype(int), np.floor(y).astype(int)
        a, b = (x - i)[:, None], (y - j)[:, None]
        i0, i1, j0, j1 = i % width, (i + 1) % width, j % height, (j + 1) % height
        top = picture[j0, i0] * (1 - a) + picture[j0, i1] * a
        return top * (1 - b) + (picture[j1, i0] * (1 - a) + picture[j1, i1] * a) * b


def lookup(meshes: list[Any], window: Any, eye: np.ndarray, samples: int = 2) -> np.ndarray:
    """Colours (H, W, 3) of a window (`samples` a pixel, across and down) in which `meshes` were drawn one after the other."""
    out = np.zeros((*window.owner.shape, 3), np.float32)
    first = 0
    for mesh in meshes:
        rows, columns = np.nonzero((window.owner >= first) & (window.owner < first + len(mesh.faces)))
        face = mesh.faces[window.owner[rows, columns] - first]
        first += len(mesh.faces)
        if not len(rows):
            continue
        b1, b2 = window.weight1[rows, columns], window.weight2[rows, columns]
        weights = np.stack([1 - b1 - b2, b1, b2], axis=1)[..., None]
        if mesh.texture is None:
            out[rows, columns] = (mesh.colours[face] * weights).sum(axis=1)
            continue
        uv = (mesh.uv[face] * weights).sum(axis=1)
        # how much of the picture one sample covers: distance, slant and the mesh's uv per metre
        corner = mesh.vertices[mesh.faces[0]]
        metre = np.linalg.norm(corner[1] - corner[0]) / max(
            np.linalg.norm(mesh.uv[mesh.faces[0, 1]] - mesh.uv[mesh.faces[0, 0]]), 1e-6
        )
        far = 1 / window.depth[rows, columns]
        across = (columns + 0.5) / samples - eye[4, 1], eye[4, 2] - (rows + 0.5) / samples
        view = eye[3] + (across[0][:, None] * eye[1] + across[1][:, None] * eye[2]) / eye[4, 0]
        view /= np.linalg.norm(view, axis=1, keepdims=True)
        slant = np.abs((view * mesh.normals[face[:, 0]]).sum(axis=1))
        blur = far / eye[4, 0] / samples / np.sqrt(np.maximum(slant, 0.02)) / metre
        out[rows, columns] = mesh.texture.at(uv, blur.astype(np.float32))
    return out
