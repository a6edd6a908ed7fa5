"""Moves meshes with a posed body: linear blend skinning on sparse weights."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from .skeleton import Posed


def skin(
    posed: Posed, vertices: np.ndarray, normals: np.ndarray, weights: sparse.csr_matrix
) -> tuple[np.ndarray, np.ndarray]:
    """World positions and normals (V, 3) of rest-pose vertices; `posed` must hold all bones."""
    count = len(posed.body.bones)
    table = np.empty((count, 12))
    for i in range(count):
        table[i, :9] = posed._rot[i].ravel()
        table[i, 9:] = posed._pos[i]
    mixed = weights @ table
    turn = mixed[:, :9].reshape(-1, 3, 3)
    place = np.einsum("vij,vj->vi", turn, vertices) + mixed[:, 9:]
    facing = np.einsum("vij,vj->vi", turn, normals)
    facing /= np.maximum(np.linalg.norm(facing, axis=1, keepdims=True), 1e-9)
    return place, facing
