"""Where the camera stands and where a point lands in its picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .rotation import Z, unit


@dataclass(frozen=True)
class Camera:
    """A pinhole camera on a table or tripod.

    `azimuth` 0 = it looks at the front of a person who faces -y, 90 = at the person's left side,
    -90 = at the right; `height` and `distance` metres (distance measured on the floor from
    `target`); `view_angle` vertical, degrees; `width` and `height_px` the picture's size.
    """

    azimuth: float = 90.0
    height_m: float = 0.9
    distance: float = 3.0
    target: tuple[float, float, float] = (0.0, 0.0, 0.5)
    view_angle: float = 40.0
    width: int = 640
    height: int = 480
    #: the camera leans to its right, degrees: the picture turns to the left
    roll: float = 0.0

    @cached_property
    def back(self) -> np.ndarray:
        """Level unit vector from the target towards the camera."""
        a = np.radians(self.azimuth)
        return np.array([np.sin(a), -np.cos(a), 0.0])

    @cached_property
    def position(self) -> np.ndarray:
        """World position, metres."""
        out = np.array(self.target) + self.back * self.distance
        out[2] = self.height_m
        return out

    @cached_property
    def axes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Unit vectors in the world: to the picture's right, up, and forwards."""
        forward = unit(np.array(self.target) - self.position)
        right = unit(np.cross(forward, Z))
        up = np.cross(right, forward)
        if self.roll:
            c, s = np.cos(np.radians(self.roll)), np.sin(np.radians(self.roll))
            right, up = c * right - s * up, s * right + c * up
        return right, up, forward

    def project(self, points: np.ndarray) -> np.ndarray:
        """Pixel coordinates (N, 2), x to the right, y down, and depth in metres (N,) as (N, 3)."""
        right, up, forward = self.axes
        seen = np.asarray(points) - self.position
        depth = seen @ forward
        scale = self.height / 2 / np.tan(np.radians(self.view_angle) / 2)
        x = self.width / 2 + scale * (seen @ right) / depth
        y = self.height / 2 - scale * (seen @ up) / depth
        return np.stack([x, y, depth], axis=-1)
