"""Dark pictures made lighter for the model, which was trained on pictures in which people can be seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posturecam.model import ImageArray

DARK_BELOW = 70.0
"""Mean grey (0 to 255) under which a picture is dark.

In noisy dark renders MediaPipe found nobody in any frame, or took the knees for the head. With middle greys raised alone it
found a cat-cow in none of 16 frames; smoothed and spread, in 13.
"""
LEAST_SPREAD = 12.0
"""Greys between the darkest and the lightest pixels under which there is nothing but noise to be spread: a covered lens."""
DARKEST_SHARE = 0.01
"""Share of the pixels that become black, and of those that become white: what lies between is spread over all greys."""
NOISE_PX = 5
"""A dark picture is a noisy one: it is smoothed over so many pixels, less than a joint's own width."""
EVERY = 8
"""Mean and spread are taken of every eighth pixel of every eighth row: they are as good, and cost nothing."""


def lit(image: ImageArray) -> ImageArray:
    """The RGB picture as it is, or where it is dark, without its noise and with its greys spread from black to white."""
    some = image[::EVERY, ::EVERY]
    if float(some.mean()) >= DARK_BELOW:
        return image
    import cv2  # slow to import, and few pictures are dark

    low, high = np.quantile(some, [DARKEST_SHARE, 1.0 - DARKEST_SHARE])
    if high - low < LEAST_SPREAD:
        return image
    smooth = cv2.GaussianBlur(image, (NOISE_PX, NOISE_PX), 0)
    return np.asarray(cv2.LUT(smooth, _spread(float(low), float(high))), np.uint8)


def _spread(low: float, high: float) -> NDArray[np.uint8]:
    """What each grey becomes, (256,): ``low`` black and ``high`` white."""
    curve: NDArray[np.uint8] = np.clip(np.round((np.arange(256) - low) * 255.0 / (high - low)), 0, 255).astype(np.uint8)
    return curve
