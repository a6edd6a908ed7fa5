"""Screens that show the film of an exercise instead of the camera's picture: before it, and in the rest before it."""

from __future__ import annotations

import cv2
import numpy as np

from posturecam.model import ImageArray
from posturecam.sinks import paint, screens
from posturecam.sinks.cards import blank
from posturecam.sinks.layout import Box, Layout, Size, layout_for

FILM: Size = (480, 360)


def _film(picture: ImageArray | None, room: Size) -> tuple[ImageArray, Layout]:
    """A canvas with the film's picture in its place; without a film the place stays empty."""
    width, height = (picture.shape[1], picture.shape[0]) if picture is not None else FILM
    layout = layout_for(width, height, room)
    image = blank(layout.width, layout.height)
    if picture is not None:
        box = layout.picture
        shown = cv2.resize(picture, (box.width, box.height), interpolation=cv2.INTER_LINEAR)
        image[box.y : box.y + box.height, box.x : box.x + box.width] = np.asarray(shown, np.uint8)
    return image, layout


def demonstration(
    picture: ImageArray | None, room: Size, title: str, steps: tuple[str, ...], needed: str, foot: str
) -> ImageArray:
    """How the exercise is done: its film, its steps, what is ``needed``, and the keys."""
    image, layout = _film(picture, room)
    panel = layout.panel
    pad = round(min(panel.width, panel.height) * 0.05)
    head = round(panel.height * (0.17 if panel.height > panel.width else 0.22))
    low = round(head * 0.7)
    inner = panel.width - 2 * pad
    screens.centred(image, title, Box(panel.x + pad, panel.y + pad, inner, head), round(head * 0.5), paint.WHITE)
    body_y = panel.y + pad + head
    below = low * (2 if needed else 1)
    screens.items(
        image, steps, Box(panel.x + pad, body_y, inner, panel.height - head - below - 2 * pad), round(head * 0.36)
    )
    if needed:
        box = Box(panel.x + pad, panel.y + panel.height - pad - 2 * low, inner, low)
        screens.centred(image, needed, box, round(low * 0.42), paint.GOOD, 700, 2)
    box = Box(panel.x + pad, panel.y + panel.height - pad - low, inner, low)
    screens.centred(image, foot, box, round(low * 0.34), paint.MUTED, 600, 2)
    return image


def rest(picture: ImageArray | None, room: Size, left_s: float, whole_s: float, after: str, more: str) -> ImageArray:
    """The rest before an exercise: the seconds left, what comes, and its film."""
    image, layout = _film(picture, room)
    screens.resting(image, layout, left_s, whole_s, after, more)
    return image
