"""The page of pictures from which an exercise or a programme is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from posturecam.language import gettext, msgid
from posturecam.model import ImageArray
from posturecam.sinks import paint, screens
from posturecam.sinks.cards import blank
from posturecam.sinks.layout import Box, Size, legible

HEADING = msgid("What would you like to do?")
TILE = 10.5
"""About how wide a tile is, in sizes of text."""
PICTURE = 0.75
"""Height over width of its picture: that of the films."""


@dataclass(frozen=True, eq=False)
class Tile:
    """One thing to choose: its number in the list, what it is, how much of it, and its ``picture`` (RGB; None without one)."""

    number: int
    title: str
    remark: str
    picture: ImageArray | None


@dataclass(frozen=True)
class Grid:
    """Where tiles stand in a room: their places on one page, row by row."""

    room: Size
    columns: int
    rows: int

    @property
    def per_page(self) -> int:
        """How many tiles a page has."""
        return self.columns * self.rows

    @property
    def size(self) -> int:
        """Size of the text, in pixels."""
        return legible(*self.room)

    def place(self, index: int) -> Box:
        """The place of the tile ``index`` of the whole list on its page."""
        row, column = divmod(index % self.per_page, self.columns)
        head, foot = round(self.size * 2.4), round(self.size * 1.9)
        width, height = self.room[0] / self.columns, (self.room[1] - head - foot) / self.rows
        gap = round(self.size * 0.3)
        return Box(
            round(column * width) + gap,
            head + round(row * height) + gap,
            round(width) - 2 * gap,
            round(height) - 2 * gap,
        )

    def at(self, x: int, y: int, page: int, of: int) -> int | None:
        """The tile of a page, of ``of`` tiles in all, on which a point lies; None beside them."""
        for index in range(page * self.per_page, min((page + 1) * self.per_page, of)):
            box = self.place(index)
            if box.x <= x < box.x + box.width and box.y <= y < box.y + box.height:
                return index
        return None


def grid_for(room: Size) -> Grid:
    """As many tiles on a page as can be read there."""
    size = legible(*room)
    columns = max(1, round(room[0] / (size * TILE)))
    high = room[0] / columns * PICTURE * 0.8 + size * 3.6
    return Grid(room, columns, max(1, round((room[1] - size * 4.3) / high)))


def paint_page(grid: Grid, tiles: Sequence[Tile], chosen: int, of: int) -> ImageArray:
    """The page with the tile ``chosen`` of ``of`` in all; ``tiles`` are those of the page."""
    image = blank(*grid.room)
    size, per_page = grid.size, grid.per_page
    page, pages = chosen // per_page, -(-of // per_page)
    head = Box(0, 0, grid.room[0], round(size * 2.4))
    right = gettext("Page {number} of {all}", number=page + 1, all=pages) if pages > 1 else ""
    side = paint.text_width(right, size, 600)
    large, lines = paint.fitted(
        gettext(HEADING), grid.room[0] - side - 3 * size, head.height, round(size * 1.4), 700, 1
    )
    paint.put_text(image, lines[0], (size, (head.height - paint.line_height(large)) / 2), large, paint.WHITE, 700)
    at = (grid.room[0] - side - size, (head.height - paint.line_height(size)) / 2)
    paint.put_text(image, right, at, size, paint.MUTED, 600)
    for offset, tile in enumerate(tiles):
        index = page * per_page + offset
        _tile(image, tile, grid.place(index), size, chosen=index == chosen)
    foot = Box(0, grid.room[1] - round(size * 1.9), grid.room[0], round(size * 1.9))
    keys = paint.glued(gettext("Arrows: choose"), gettext("Enter or a second click: start"), gettext("Q: leave"))
    screens.centred(image, keys, foot, size, paint.MUTED, 600, 1)
    return image


def _tile(image: ImageArray, tile: Tile, box: Box, size: int, *, chosen: bool) -> None:
    paint.box(image, box.x, box.y, box.width, box.height, paint.GOOD_DEEP if chosen else paint.TRACK, size // 3)
    edge = max(3, size // 7)
    words = round(size * 3.3)
    room = Box(box.x + edge, box.y + edge, box.width - 2 * edge, box.height - words - edge)
    if tile.picture is not None and min(room.width, room.height) > size:
        _put_whole(image, tile.picture, room)
    number = str(tile.number)
    wide = paint.text_width(number, size, 700) + size
    paint.box(image, room.x, room.y, wide, round(size * 1.5), paint.INK, size // 3)
    paint.put_text(image, number, (room.x + size / 2, room.y + size * 0.12), size, paint.WHITE, 700)
    below = room.y + room.height
    title = Box(box.x + edge, below, box.width - 2 * edge, round(words * 0.7))
    screens.centred(image, tile.title, title, size, paint.WHITE, 700, 2)
    remark = Box(box.x + edge, below + title.height, title.width, words - title.height - edge)
    screens.centred(image, tile.remark, remark, round(size * 0.9), paint.WHITE if chosen else paint.MUTED, 600, 1)


def _put_whole(image: ImageArray, picture: ImageArray, room: Box) -> None:
    """The whole picture in the middle of a room, as large as it fits: a head that is cut off shows no exercise."""
    height, width = picture.shape[:2]
    scale = min(room.width / width, room.height / height)
    w, h = max(1, int(width * scale)), max(1, int(height * scale))
    x, y = room.x + (room.width - w) // 2, room.y + (room.height - h) // 2
    image[y : y + h, x : x + w] = cv2.resize(picture, (w, h), interpolation=cv2.INTER_AREA)


def mosaic(pictures: Sequence[ImageArray]) -> ImageArray | None:
    """Up to four pictures of one size as one; None of none."""
    if len(pictures) < 4:
        return pictures[0] if pictures else None
    a, b, c, d = (picture[::2, ::2] for picture in pictures[:4])
    return np.vstack([np.hstack([a, b]), np.hstack([c, d])])
