"""Signs that stand large on the picture: what to do without words."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from posturecam.judging.framing import COME_CLOSER, FACE_CAMERA, LOWER, STEP_BACK, STEP_IN, TURN_A_LITTLE, TURN_SIDE
from posturecam.model import ImageArray
from posturecam.sinks import paint
from posturecam.sinks.layout import Layout


def pause(image: ImageArray, layout: Layout) -> None:
    """The two bars of a pause, in the middle of the picture."""
    x, y = layout.picture.x + layout.picture.width / 2, layout.picture.y + layout.picture.height * 0.4
    unit = layout.unit
    for offset in (-7.5, 2.5):
        paint.box(
            image,
            round(x + offset * unit),
            round(y - 11 * unit),
            round(5 * unit),
            round(22 * unit),
            paint.WHITE,
            round(unit),
        )


def corners(image: ImageArray, layout: Layout, top: float, bottom: float) -> None:
    """The frame that the body should fill, between ``top`` and ``bottom``."""
    box, unit = layout.picture, layout.unit
    inset, arm, thick = 14 * unit, 12 * unit, max(3, round(unit * 0.9))
    left, right = box.x + inset * 0.5, box.x + box.width - inset * 0.5
    top, bottom = max(top, box.y + inset * 0.5), bottom - inset * 0.25
    for x, dx in ((left, arm), (right, -arm)):
        for y, dy in ((top, arm), (bottom, -arm)):
            paint.line(image, (x, y), (x + dx, y), paint.WHITE, thick)
            paint.line(image, (x, y), (x, y + dy), paint.WHITE, thick)


def arrow(image: ImageArray, words: str, layout: Layout) -> bool:
    """The sign that says the guidance without words; False when there is none for these words."""
    x, y = layout.picture.x + layout.picture.width / 2, layout.picture.y + layout.picture.height * 0.44
    size = layout.unit * 17
    if words in (TURN_SIDE, TURN_A_LITTLE, FACE_CAMERA):
        _turn(image, x, y, size)
    elif words == STEP_IN:
        _person(image, x, y, size)
    elif words == COME_CLOSER:
        _straight(image, x, y - size, x, y + size, size)
    elif words == LOWER:
        _straight(image, x + size * 1.6, y - size, x + size * 1.6, y + size, size)
    elif words.startswith(STEP_BACK):
        _straight(image, x, y + size, x, y - size, size)
    else:
        return False
    return True


def _straight(image: ImageArray, x0: float, y0: float, x1: float, y1: float, size: float) -> None:
    length = math.hypot(x1 - x0, y1 - y0)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    tip = size * 0.6
    bx, by = x1 - ux * tip, y1 - uy * tip
    paint.line(image, (x0, y0), (bx, by), paint.GOOD, round(size * 0.3))
    wing = size * 0.55
    paint.polygon(image, [(x1, y1), (bx - uy * wing, by + ux * wing), (bx + uy * wing, by - ux * wing)], paint.GOOD)


def _turn(image: ImageArray, x: float, y: float, size: float) -> None:
    thick = round(size * 0.22)
    flat = 0.55
    points = [
        (x + size * math.cos(a), y + flat * size * math.sin(a)) for a in np.linspace(0.15 * math.pi, 1.75 * math.pi, 60)
    ]
    for a, b in pairwise(points):
        paint.line(image, a, b, paint.GOOD, thick)
    (ax, ay), (bx, by) = points[-4], points[-1]
    length = math.hypot(bx - ax, by - ay)
    ux, uy = (bx - ax) / length, (by - ay) / length
    wing = size * 0.38
    paint.polygon(
        image,
        [
            (bx + ux * wing * 1.4, by + uy * wing * 1.4),
            (bx - uy * wing, by + ux * wing),
            (bx + uy * wing, by - ux * wing),
        ],
        paint.GOOD,
    )


def _person(image: ImageArray, x: float, y: float, size: float) -> None:
    thick = max(4, round(size * 0.16))
    paint.ring(image, (x, y - size * 0.95), size * 0.3, paint.GOOD, thick)
    joints = {
        "neck": (x, y - size * 0.55),
        "hip": (x, y + size * 0.25),
        "left hand": (x - size * 0.55, y + size * 0.05),
        "right hand": (x + size * 0.55, y + size * 0.05),
        "left foot": (x - size * 0.35, y + size * 1.1),
        "right foot": (x + size * 0.35, y + size * 1.1),
    }
    for a, b in (
        ("neck", "hip"),
        ("neck", "left hand"),
        ("neck", "right hand"),
        ("hip", "left foot"),
        ("hip", "right foot"),
    ):
        paint.line(image, joints[a], joints[b], paint.GOOD, thick)
