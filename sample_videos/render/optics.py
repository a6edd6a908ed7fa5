"""What lens and sensor make of a drawn picture."""

from __future__ import annotations

import cv2
import numpy as np

from .conditions import Conditions

ROOM = 64


class Lens:
    """Barrel distortion that keeps the picture's corners where they are."""

    def __init__(self, seen: Conditions) -> None:
        self.k, self.size = seen.lens, np.array([seen.width, seen.height], float)
        self.half = float(np.hypot(*self.size)) / 2
        self.maps: tuple[np.ndarray, np.ndarray] | None = None
        if self.k:
            x, y = np.meshgrid(np.arange(seen.width) + 0.5, np.arange(seen.height) + 0.5)
            straight = self._straight(np.stack([x, y], axis=-1)) - 0.5
            self.maps = straight[..., 0].astype(np.float32), straight[..., 1].astype(np.float32)

    def _straight(self, bent: np.ndarray) -> np.ndarray:
        off = bent - self.size / 2
        r2 = (off**2).sum(axis=-1, keepdims=True) / self.half**2
        return self.size / 2 + off * (1 + self.k * r2) / (1 + self.k)

    def bend(self, picture: np.ndarray) -> np.ndarray:
        """The picture (H, W, 3) as the lens shows it."""
        if self.maps is None:
            return picture
        return cv2.remap(picture, *self.maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    def straight_to_bent(self, points: np.ndarray) -> np.ndarray:
        """Where pinhole pixels (..., 2) land."""
        if not self.k:
            return points
        bent = points.copy()
        for _ in range(30):
            bent = bent + (points - self._straight(bent)) * 0.8
        return bent


class Sensor:
    """Exposure, a soft lens and noise; `mirrored` pictures are flipped here."""

    def __init__(self, seen: Conditions, gain: float, rng: np.random.Generator) -> None:
        level = 255 * (np.linspace(0, 1, 256) * gain * seen.light) ** 0.78
        self.table = np.clip(level, 0, 255).astype(np.uint8)
        self.seen, self.rng = seen, rng
        # one field of noise larger than a picture; every picture takes another part of it
        tall, broad = seen.height + ROOM, seen.width + ROOM
        self.field = rng.normal(0, seen.noise, (tall, broad, 1 if seen.noise < 4 else 3)).astype(np.float32)

    def expose(self, picture: np.ndarray) -> np.ndarray:
        """The picture that is stored, uint8 (H, W, 3)."""
        bright = cv2.GaussianBlur(cv2.LUT(picture, self.table), (3, 3), 0.55)
        y, x = (int(n) for n in self.rng.integers(0, ROOM, 2))
        grain = self.field[y : y + picture.shape[0], x : x + picture.shape[1]]
        out = np.clip(bright + grain, 0, 255).astype(np.uint8)
        return np.ascontiguousarray(out[:, ::-1]) if self.seen.mirrored else out
