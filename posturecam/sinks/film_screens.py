"""Screens that show the film of an exercise instead of the camera's picture: before it, and in the rest before it."""

from __future__ import annotations

import cv2
import numpy as np

from posturecam.model import ImageArray
from posturecam.sinks import paint, screens
from posturecam.sinks.cards import blank
from posturecam.sinks.layout import Box, Layout, Size, layout_of_words

FILM: Size = (480, 360)


def _film(picture: ImageArray | None, room: Size) -> tuple[ImageArray, Layout]:
    """A canvas with the film's picture in its place; without a film the place stays empty."""
    width, height = (picture.shape[1], picture.shape[0]) if picture is not None else FILM
    layout = layout_of_words(width, height, room)
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
    panel, pad = layout.panel, layout.legible
    x, y, inner, bottom = panel.x + pad, panel.y + pad, panel.width - 2 * pad, panel.y + panel.height - pad
    head = min(round(pad * 1.9), round(panel.height * 0.11))
    for text, colour, largest, lines in (
        (foot, paint.MUTED, pad, 3),
        (needed, paint.GOOD, round(pad * 1.15), 2),
    ):
        if text:
            size, parts = paint.fitted(text, inner, round(panel.height * 0.2), largest, 600, lines)
            height = len(parts) * paint.line_height(size)
            screens.centred(image, text, Box(panel.x, bottom - height, panel.width, height), size, colour, 600, lines)
            bottom -= height + pad // 2
    size, parts = paint.fitted(title, inner, round(panel.height * 0.24), head, 700, 2)
    for part in parts:
        paint.put_text(image, part, (x, y), size, paint.WHITE, 700)
        y += paint.line_height(size)
    body = Box(x, round(y + pad / 2), inner, round(bottom - y - pad))
    screens.items(image, steps, body, round(pad * 1.4))
    return image


def rest(picture: ImageArray | None, room: Size, left_s: float, whole_s: float, after: str, more: str) -> ImageArray:
    """The rest before an exercise: the seconds left, what comes, and its film."""
    image, layout = _film(picture, room)
    screens.resting(image, layout, left_s, whole_s, after, more)
    return image
