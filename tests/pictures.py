"""Synthetic pictures whose position can be told."""

from __future__ import annotations

import numpy as np

from posturecam.model import ImageArray

RED, GREEN, BLUE, BLACK = 0, 1, 2, -1


def pattern(width: int, height: int, brightness: int = 200) -> ImageArray:
    """A picture whose upright position can be told: upper left red, upper right green, lower left blue, the rest black."""
    image = np.zeros((height, width, 3), dtype=np.uint8)
    image[: height // 2, : width // 2, 0] = brightness
    image[: height // 2, width // 2 :, 1] = brightness
    image[height // 2 :, : width // 2, 2] = brightness
    return image


def quadrants(image: ImageArray) -> list[int]:
    """The colours of upper left, upper right, lower left and lower right."""
    height, width = image.shape[:2]
    spots = [(height // 4, width // 4), (height // 4, 3 * width // 4), (3 * height // 4, width // 4)]
    spots.append((3 * height // 4, 3 * width // 4))
    return [int(np.argmax(image[spot])) if image[spot].max() > 60 else BLACK for spot in spots]
