"""The overlay's cards: count, phase and cue. Each is a small image that is painted once for what it says and then kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from posturecam.model import ImageArray
from posturecam.sinks import paint

CueKind = Literal["fault", "praise", "guidance"]
CUE_BACK: dict[CueKind, paint.Colour] = {
    "fault": paint.FAULT_DEEP,
    "praise": paint.GOOD_DEEP,
    "guidance": paint.GUIDE_DEEP,
}


QUIET_LINES = 6
"""Lines of a sentence that stands where no cue does."""


@dataclass(frozen=True)
class Dial:
    """One ring with a number in it: ``filled`` 0..1 of the target, None without a target."""

    number: str
    caption: str
    filled: float | None


@dataclass(frozen=True)
class CountCard:
    """One dial, or two (left, right); ``remark`` stands under or beside them."""

    dials: tuple[Dial, ...]
    remark: str


@dataclass(frozen=True)
class PhaseCard:
    """The phase in a word, and how far the movement has come (``percent`` 0..100, None without)."""

    word: str
    percent: int | None


def blank(width: int, height: int) -> ImageArray:
    """An empty card."""
    card = np.empty((height, width, 3), np.uint8)
    # by whole rows: pixel by pixel takes 4 ms for a window, in every frame
    card.reshape(height, -1)[:] = np.tile(np.array(paint.PANEL, np.uint8), width)
    return card


@lru_cache(maxsize=24)
def paint_count(card: CountCard, width: int, height: int) -> ImageArray:
    """The count: as large as the room allows."""
    image = blank(width, height)
    margin = round(min(width, height) * 0.07)
    tall = height > width * (0.8 if len(card.dials) == 1 else 1.3)
    if tall and len(card.dials) > 1:
        _paint_sides(image, card, width, height, margin)
    elif tall:
        remark_h = round(height * 0.15) if card.remark else 0
        side = min(width - 2 * margin, height - 2 * margin - remark_h)
        _paint_dial(image, card.dials[0], width / 2, margin + side / 2, side / 2)
        _centred(
            image, card.remark, width / 2, height - margin - remark_h * 0.92, width - 2 * margin, round(remark_h * 0.66)
        )
    else:
        _paint_wide(image, card, width, height, margin)
    return image


def _paint_wide(image: ImageArray, card: CountCard, width: int, height: int, margin: int) -> None:
    """A low card has no room for rings: numbers as high as the card, caption and remark beside them, bars below."""
    remark = card.remark if len(card.dials) == 1 else ""
    cell = width // len(card.dials)
    for number, dial in enumerate(card.dials):
        _paint_number(image, dial, remark, (number * cell, cell, height), margin, below=len(card.dials) > 1)


def _paint_number(
    image: ImageArray, dial: Dial, remark: str, cell: tuple[int, int, int], margin: int, *, below: bool
) -> None:
    """One number of a low card, its caption beside it, or ``below`` it where there is not the width for both."""
    left, width, height = cell
    bar = max(6, round(height * 0.07))
    room_h = height - 2 * margin - (bar + margin if dial.filled is not None else 0)
    if below:
        room_h = round(room_h * 0.7)
    size, lines = paint.fitted(dial.number, round(width * 0.5), round(room_h * 2), round(room_h / 0.74), 800, 1)
    # digits reach from the baseline to 0.72 of the size above it
    paint.put_text(image, lines[0], (left + margin * 1.5, margin + room_h / 2 - size * 0.64), size, paint.WHITE, 800)
    x = left + margin * 2.4 + paint.text_width(lines[0], size, 800)
    beside = [text for text in (dial.caption, remark) if text]
    each = round(min(room_h / max(len(beside), 1), height * 0.3))
    top = margin + (room_h - each * len(beside)) / 2
    if below:
        x, top, each = left + margin * 1.5, margin + room_h, round(room_h * 0.4)
    for number, text in enumerate(beside):
        small, parts = paint.fitted(
            text, round(max(left + width - x - margin / 2, 8)), each, round(each * 0.74), 600, 1
        )
        y = top + number * each + (each - paint.line_height(small)) / 2
        paint.put_text(image, parts[0], (x, y), small, paint.MUTED, 600)
    if dial.filled is not None:
        y, room = height - margin - bar, width - 2 * margin
        paint.box(image, left + margin, y, room, bar, paint.TRACK, bar // 2)
        if dial.filled > 0:
            paint.box(image, left + margin, y, max(bar, round(room * min(dial.filled, 1.0))), bar, paint.GOOD, bar // 2)


def _paint_sides(image: ImageArray, card: CountCard, width: int, height: int, margin: int) -> None:
    """Left above right, in a ring each."""
    half = height // 2
    for number, dial in enumerate(card.dials):
        _paint_dial(image, dial, width / 2, half * (number + 0.5), min(width, half) / 2 - margin * 0.6)


def _paint_dial(image: ImageArray, dial: Dial, x: float, y: float, radius: float) -> None:
    thick = max(4, round(radius * 0.13))
    inner = radius - thick / 2
    paint.ring(image, (x, y), inner, paint.TRACK, thick)
    if dial.filled:
        end = -90 + 360 * min(dial.filled, 1.0)
        paint.arc(image, (x, y), inner, -90, end, paint.GOOD, thick)
    room = round((radius - thick) * 2 * 0.86)
    size, lines = paint.fitted(dial.number, room, round(room * 0.9), round(radius * 1.16), 800, 1)
    caption = round(radius * 0.24)
    # digits stand between baseline and 0.72 of the size above it
    top = y - size * 0.64 - caption * 0.5
    paint.put_text(image, lines[0], (x - paint.text_width(lines[0], size, 800) / 2, top), size, paint.WHITE, 800)
    _centred(image, dial.caption, x, top + size * 1.12, round(room * 0.86), caption)


def _centred(image: ImageArray, text: str, x: float, top: float, room: int, size: int) -> None:
    if not text or size < 6:
        return
    size, lines = paint.fitted(text, max(room, 8), paint.line_height(size), size, 600, 1)
    paint.put_text(image, lines[0], (x - paint.text_width(lines[0], size, 600) / 2, top), size, paint.MUTED, 600)


@lru_cache(maxsize=96)
def paint_phase(card: PhaseCard, width: int, height: int) -> ImageArray:
    """The phase, and a bar for the movement from rest to the end position."""
    image = blank(width, height)
    margin = round(min(width, height) * 0.10)
    room = width - 2 * margin
    largest = round(min(height * 0.4, width * 0.19))
    size, lines = paint.fitted(card.word, room, paint.line_height(largest), largest, 700, 1)
    bar = max(8, round(height * 0.12))
    whole = paint.line_height(size) + (bar + height * 0.08 if card.percent is not None else 0)
    y = (height - whole) / 2
    paint.put_text(image, lines[0] if lines else "", (margin, y), size, paint.WHITE, 700)
    if card.percent is not None:
        top = round(y + paint.line_height(size) + height * 0.08)
        paint.box(image, margin, top, room, bar, paint.TRACK, bar // 2)
        filled = round(room * card.percent / 100)
        if filled >= bar:
            paint.box(image, margin, top, filled, bar, paint.GOOD, bar // 2)
    return image


@lru_cache(maxsize=24)
def paint_cue(kind: CueKind | None, text: str, width: int, height: int) -> ImageArray:
    """The cue, as large as the card allows, with a sign that tells its kind without colour. Without a kind, a quiet text."""
    image = blank(width, height)
    if kind is None:
        room = round(width * 0.84)
        largest = round(min(height * 0.22, width * 0.1))
        size, lines = paint.fitted(text, room, round(height * 0.86), largest, 600, QUIET_LINES)
        for number, part in enumerate(lines):
            y = (height - len(lines) * paint.line_height(size)) / 2 + number * paint.line_height(size)
            paint.put_text(image, part, ((width - paint.text_width(part, size, 600)) / 2, y), size, paint.MUTED, 600)
        return image
    return paint_message(text, kind, CUE_BACK[kind], width, height)


@lru_cache(maxsize=24)
def paint_message(text: str, kind: CueKind, back: paint.Colour, width: int, height: int) -> ImageArray:
    """A coloured card with a sign and words as large as it allows."""
    image = blank(width, height)
    gap = round(min(width, height) * 0.045)
    paint.box(image, gap, gap, width - 2 * gap, height - 2 * gap, back, gap * 2)
    wide = width > height * 1.6
    radius = min(width, height) * (0.17 if wide else 0.115)
    inner = gap * 2.6
    if wide:
        paint.sign(image, kind, (inner + radius * 1.1, height / 2), radius, paint.WHITE, back)
        x, top, room_w, room_h = inner + radius * 2.9, inner, width - inner * 1.9 - radius * 2.9, height - 2 * inner
    else:
        paint.sign(image, kind, (width / 2, inner + radius), radius, paint.WHITE, back)
        top = inner + radius * 2.3
        x, room_w, room_h = inner, width - 2 * inner, height - top - inner * 0.8
    size, lines = paint.fitted(text, round(room_w), round(room_h), round(height * (0.46 if wide else 0.3)), 700)
    y = top + (room_h - len(lines) * paint.line_height(size)) / 2
    for number, part in enumerate(lines):
        left = x if wide else x + (room_w - paint.text_width(part, size, 700)) / 2
        paint.put_text(image, part, (left, y + number * paint.line_height(size)), size, paint.WHITE, 700)
    return image
