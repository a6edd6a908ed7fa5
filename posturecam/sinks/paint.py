"""Painting on RGB images: text in the system's sans face with every rendering kept, rounded boxes, dashed lines, small signs.

Sizes are pixels. Colours are RGB. Text is drawn through masks that are rendered once, since drawing glyphs is by far the
slowest part of an overlay.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import cv2
import numpy as np

from posturecam.model import ImageArray

Colour: TypeAlias = tuple[int, int, int]
XY: TypeAlias = tuple[float, float]

INK: Colour = (13, 18, 23)
PANEL: Colour = (20, 27, 34)
TRACK: Colour = (52, 63, 74)
WHITE: Colour = (245, 248, 250)
MUTED: Colour = (158, 172, 186)
GOOD: Colour = (64, 196, 212)
GOOD_DEEP: Colour = (8, 108, 128)
FAULT: Colour = (255, 122, 48)
FAULT_DEEP: Colour = (190, 58, 8)
UNKNOWN: Colour = (150, 160, 170)
GUIDE_DEEP: Colour = (48, 72, 120)

ELLIPSIS = "…"
_SHIFT = 4


@lru_cache(maxsize=1)
def _face() -> cv2.FontFace:
    return cv2.FontFace("sans")


def _glyphs(text: str) -> str:
    """The characters to draw: the face's zero is slashed and looks like an 8 from afar, its capital O is a plain zero."""
    return text.replace("0", "O").replace("\u00a0", " ")


@lru_cache(maxsize=4096)
def text_width(text: str, size: int, weight: int = 500) -> int:
    """Width of a line of text."""
    if not text:
        return 0
    # the box of the text alone leaves out spaces at its ends, so the pen's way is measured between two bars
    _, _, both, _ = cv2.getTextSize((0, 0), f"|{_glyphs(text)}|", (0, 0), _face(), size, weight)
    _, _, bars, _ = cv2.getTextSize((0, 0), "||", (0, 0), _face(), size, weight)
    return max(1, int(both - bars))


def line_height(size: int) -> int:
    """Height of the box that one line of text is drawn into; its baseline lies 1.0 ``size`` under the top."""
    return round(size * 1.28)


@lru_cache(maxsize=256)
def _mask(text: str, size: int, weight: int) -> ImageArray:
    pad = max(2, size // 6)
    mask = np.zeros((line_height(size), text_width(text, size, weight) + 2 * pad), np.uint8)
    cv2.putText(mask, _glyphs(text), (pad, size), 255, _face(), size, weight)
    mask.setflags(write=False)
    return mask


def glued(*parts: str) -> str:
    """Parts with dots between them, none of which is broken at the end of a line."""
    return "\u00a0· ".join(part.replace(" ", "\u00a0") for part in parts)


def put_text(image: ImageArray, text: str, at: XY, size: int, colour: Colour, weight: int = 500) -> None:
    """Draw a line of text whose box has its upper left corner at ``at``; what lies outside the image is cut off."""
    if not text or size < 4:
        return
    pad = max(2, size // 6)
    blend(image, _mask(text, size, weight), round(at[0]) - pad, round(at[1]), colour)


def blend(image: ImageArray, mask: ImageArray, x: int, y: int, colour: Colour) -> None:
    """Lay ``colour`` over the image where ``mask`` (0..255) says, its corner at (x, y)."""
    height, width = mask.shape
    x0, y0 = max(x, 0), max(y, 0)
    x1, y1 = min(x + width, image.shape[1]), min(y + height, image.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    part = mask[y0 - y : y1 - y, x0 - x : x1 - x, None].astype(np.uint16)
    region = image[y0:y1, x0:x1]
    over = np.asarray(colour, np.uint16)
    region[:] = ((region * (255 - part) + over * part + 127) // 255).astype(np.uint8)


def shortened(text: str, size: int, width: int, weight: int = 500) -> str:
    """The text, cut with an ellipsis when it is wider than ``width``."""
    if text_width(text, size, weight) <= width:
        return text
    while text and text_width(text.rstrip() + ELLIPSIS, size, weight) > width:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS if text else ""


@lru_cache(maxsize=1024)
def fitted(
    text: str, width: int, height: int, largest: int, weight: int = 700, lines: int = 3
) -> tuple[int, tuple[str, ...]]:
    """Largest size up to ``largest`` at which the text fits into the box in at most ``lines`` lines, and those lines."""
    size = largest
    while size > 8:
        wrapped = _wrapped(text, size, width, weight)
        if wrapped is not None and len(wrapped) <= lines and len(wrapped) * line_height(size) <= height:
            return size, tuple(wrapped)
        size = int(size * 0.93)
    return 8, (shortened(text, 8, width, weight),)


def _wrapped(text: str, size: int, width: int, weight: int) -> list[str] | None:
    lines: list[str] = []
    for word in filter(None, text.split(" ")):  # and not at no-break spaces
        candidate = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(candidate, size, weight) <= width:
            lines[-1] = candidate
        elif text_width(word, size, weight) <= width:
            lines.append(word)
        else:
            return None
    return lines


def _fixed(point: XY) -> tuple[int, int]:
    """Coordinates for OpenCV's subpixel drawing; far-away points are kept within what it can take."""
    scale = 1 << _SHIFT
    return (round(min(max(point[0], -9e3), 9e3) * scale), round(min(max(point[1], -9e3), 9e3) * scale))


def line(image: ImageArray, a: XY, b: XY, colour: Colour, width: int) -> None:
    """A smooth line."""
    cv2.line(image, _fixed(a), _fixed(b), colour, max(1, width), cv2.LINE_AA, _SHIFT)


def dashed(image: ImageArray, a: XY, b: XY, colour: Colour, width: int, dash: float) -> None:
    """A smooth dashed line; gaps are as long as two thirds of a dash."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = float(np.hypot(dx, dy))
    if length < 1 or length > 2e4:
        return
    step = dash * 5 / 3
    at = 0.0
    while at < length:
        end = min(at + dash, length)
        first, last = at / length, end / length
        line(image, (a[0] + dx * first, a[1] + dy * first), (a[0] + dx * last, a[1] + dy * last), colour, width)
        at += step


def disc(image: ImageArray, centre: XY, radius: float, colour: Colour) -> None:
    """A filled circle."""
    cv2.circle(image, _fixed(centre), round(radius * (1 << _SHIFT)), colour, -1, cv2.LINE_AA, _SHIFT)


def ring(image: ImageArray, centre: XY, radius: float, colour: Colour, width: int) -> None:
    """A circle's outline."""
    cv2.circle(image, _fixed(centre), round(radius * (1 << _SHIFT)), colour, max(1, width), cv2.LINE_AA, _SHIFT)


def arc(
    image: ImageArray, centre: XY, radius: float, start_deg: float, end_deg: float, colour: Colour, width: int
) -> None:
    """Part of a circle, degrees clockwise from three o'clock."""
    size = _fixed((radius, radius))
    cv2.ellipse(image, _fixed(centre), size, 0.0, start_deg, end_deg, colour, max(1, width), cv2.LINE_AA, _SHIFT)


def box(image: ImageArray, x: int, y: int, width: int, height: int, colour: Colour, radius: int = 0) -> None:
    """A filled box with rounded corners."""
    radius = min(radius, width // 2, height // 2)
    if radius <= 0:
        cv2.rectangle(image, (x, y), (x + width - 1, y + height - 1), colour, -1)
        return
    cv2.rectangle(image, (x + radius, y), (x + width - 1 - radius, y + height - 1), colour, -1)
    cv2.rectangle(image, (x, y + radius), (x + width - 1, y + height - 1 - radius), colour, -1)
    reach = radius - 0.5
    for cx in (x + reach, x + width - 1 - reach):
        for cy in (y + reach, y + height - 1 - reach):
            disc(image, (cx, cy), reach, colour)


def polygon(image: ImageArray, points: Sequence[XY], colour: Colour) -> None:
    """A filled shape."""
    corners = np.array([_fixed(point) for point in points], np.int32)
    cv2.fillPoly(image, [corners], colour, cv2.LINE_AA, _SHIFT)


def sign(image: ImageArray, kind: str, centre: XY, radius: float, colour: Colour, back: Colour) -> None:
    """A sign that needs no colour to be told apart: "fault" diamond with !, "praise" disc with a tick, "guidance" disc with i."""
    x, y = centre
    thick = max(2, round(radius * 0.26))
    if kind == "fault":
        polygon(
            image,
            [(x, y - radius * 1.12), (x + radius * 1.12, y), (x, y + radius * 1.12), (x - radius * 1.12, y)],
            colour,
        )
        line(image, (x, y - radius * 0.5), (x, y + radius * 0.1), back, thick)
        disc(image, (x, y + radius * 0.5), thick * 0.62, back)
        return
    disc(image, centre, radius, colour)
    if kind == "praise":
        line(image, (x - radius * 0.45, y + radius * 0.03), (x - radius * 0.1, y + radius * 0.38), back, thick)
        line(image, (x - radius * 0.1, y + radius * 0.38), (x + radius * 0.48, y - radius * 0.34), back, thick)
        return
    line(image, (x, y - radius * 0.02), (x, y + radius * 0.48), back, thick)
    disc(image, (x, y - radius * 0.45), thick * 0.66, back)
