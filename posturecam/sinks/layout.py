"""Where things stand on the overlay: the picture is never covered, distorted or cut, so panels lie beside or below it.

In a room of a given size (a window, a screen) everything fits into exactly that size. Without one, as in a video file, the
canvas follows the picture: a picture that is narrower than about 3:2 gets its panel on the right, which makes a 4:3 webcam a
16:9 screen; wide and upright pictures get theirs below.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

MIN_HEIGHT, MIN_WIDTH, MAX_SIDE = 720, 540, 1920
BESIDE = (0.8, 1.55)
ROOM_BESIDE, ROOM_BELOW = 0.30, 0.26
"""The share of a room that its panel gets at least: what is read from the floor."""
TEXT_WORTH = 0.35
"""How much a pixel of panel is worth against one of picture, when there is a choice."""
SMALLEST_ROOM = 240
WORDS_BESIDE, WORDS_BELOW = 0.5, 0.48
"""The same shares where a film is shown beside the words that explain it."""
LEGIBLE = 0.0235
"""Size of text over the screen's longer side from which it is read from 3 m: capitals 5 mm high on a screen of 14 inches."""

Size: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Layout:
    """The canvas (even sizes, as video needs them) and its parts; ``scale`` turns the source's pixels into the canvas's."""

    width: int
    height: int
    scale: float
    picture: Box
    count: Box
    phase: Box
    cue: Box

    @property
    def unit(self) -> float:
        """A hundredth of the picture's shorter side: what line widths and margins follow."""
        return min(self.picture.width, self.picture.height) / 100.0

    @property
    def legible(self) -> int:
        """The smallest size of text, in pixels, that is read from 3 m."""
        return legible(self.width, self.height)

    @property
    def panel(self) -> Box:
        """Everything that is kept for words and numbers."""
        parts = (self.count, self.phase, self.cue)
        x, y = min(part.x for part in parts), min(part.y for part in parts)
        right, bottom = max(part.x + part.width for part in parts), max(part.y + part.height for part in parts)
        return Box(x, y, right - x, bottom - y)


def legible(width: int, height: int) -> int:
    """The smallest size of text, in pixels, that is read from 3 m on a canvas of that size."""
    return round(max(width, height) * LEGIBLE)


def _even(value: float) -> int:
    return max(2, 2 * round(value / 2))


def _even_down(value: float) -> int:
    return max(2, 2 * int(value / 2))


@lru_cache(maxsize=64)
def layout_for(width: int, height: int, room: Size | None = None) -> Layout:
    """Lay out the overlay of a picture of that size; with a ``room`` (width, height) the canvas is as large as that."""
    if room is not None:
        return _in_room(width, height, room, (ROOM_BESIDE, ROOM_BELOW))
    scale = max(1.0, MIN_HEIGHT / height, MIN_WIDTH / width)
    # a very long, thin picture is not blown up beyond what a screen and an encoder take
    scale = min(scale, MAX_SIDE / max(width, height))
    w, h = _even(width * scale), _even(height * scale)
    picture = Box(0, 0, w, h)
    if BESIDE[0] <= width / height <= BESIDE[1]:
        return _with_panel(w + _even(h * 0.44), h, scale, picture, Box(w, 0, _even(h * 0.44), h))
    low = _even(h * 0.26) if w > h else 2 * _even(w * 0.28)
    return _with_panel(w, h + low, scale, picture, Box(0, h, w, low))


@lru_cache(maxsize=16)
def layout_of_words(width: int, height: int, room: Size) -> Layout:
    """Lay out a room for a film and the words that explain it, which get more of it than beside a camera's picture."""
    return _in_room(width, height, room, (WORDS_BESIDE, WORDS_BELOW))


def _in_room(width: int, height: int, room: Size, shares: tuple[float, float]) -> Layout:
    room_w, room_h = (_even_down(max(side, SMALLEST_ROOM)) for side in room)
    choices = []
    for panel_w, panel_h in ((_even(room_w * shares[0]), 0), (0, _even(room_h * shares[1]))):
        scale = min((room_w - panel_w) / width, (room_h - panel_h) / height)
        w, h = _even_down(width * scale), _even_down(height * scale)
        if panel_w:
            panel = Box(w, 0, room_w - w, room_h)
            picture = Box(0, (room_h - h) // 2, w, h)
        else:
            panel = Box(0, h, room_w, room_h - h)
            picture = Box((room_w - w) // 2, 0, w, h)
        worth = w * h + TEXT_WORTH * panel.width * panel.height
        choices.append((worth, _with_panel(room_w, room_h, scale, picture, panel)))
    return max(choices, key=lambda choice: choice[0])[1]


def _with_panel(width: int, height: int, scale: float, picture: Box, panel: Box) -> Layout:
    return Layout(width, height, scale, picture, *_parts(panel))


def _parts(panel: Box) -> tuple[Box, Box, Box]:
    """Count, phase and cue in a panel: side by side in a low one, one above the other in a tall one."""
    x, y, w, h = panel.x, panel.y, panel.width, panel.height
    if w > 2.9 * h:
        count_w, phase_w = round(min(w * 0.30, h * 2.1)), round(w * 0.24)
        cue = Box(x + count_w + phase_w, y, w - count_w - phase_w, h)
        return Box(x, y, count_w, h), Box(x + count_w, y, phase_w, h), cue
    if w > 1.15 * h:
        half, row = w // 2, h // 2
        return Box(x, y, half, row), Box(x + half, y, w - half, row), Box(x, y + row, w, h - row)
    count_h, phase_h = round(h * 0.46), round(h * 0.22)
    cue = Box(x, y + count_h + phase_h, w, h - count_h - phase_h)
    return Box(x, y, w, count_h), Box(x, y + count_h, w, phase_h), cue
