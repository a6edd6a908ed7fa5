"""The layout: everything fits the room it is given, nothing is distorted, nothing overlaps."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from posturecam.sinks.layout import Box, layout_for
from posturecam.sinks.window import fitted

SOURCES = [(640, 480), (1280, 720), (1920, 1080), (480, 854), (1080, 1920), (320, 240), (480, 480), (1000, 300)]
ROOMS = [(1256, 616), (1280, 720), (1342, 664), (1366, 768), (1920, 1080), (720, 1280), (1024, 768), (800, 800)]


def overlap(a: Box, b: Box) -> int:
    return max(0, min(a.x + a.width, b.x + b.width) - max(a.x, b.x)) * max(
        0, min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    )


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("source", SOURCES)
def test_everything_is_inside_the_room_and_keeps_its_shape(source: tuple[int, int], room: tuple[int, int]) -> None:
    layout = layout_for(*source, room)
    assert (layout.width, layout.height) == room
    parts = (layout.picture, layout.count, layout.phase, layout.cue)
    for part in parts:
        assert part.x >= 0
        assert part.y >= 0
        assert part.x + part.width <= layout.width
        assert part.y + part.height <= layout.height
    assert all(overlap(a, b) == 0 for a, b in combinations(parts, 2))
    # sizes are even, so a side may be two pixels off
    assert layout.picture.width / source[0] == pytest.approx(layout.picture.height / source[1], rel=0.02)


@pytest.mark.parametrize("source", SOURCES)
def test_what_is_read_from_the_floor_gets_a_fair_share(source: tuple[int, int]) -> None:
    layout = layout_for(*source, (1280, 720))
    assert layout.panel.width * layout.panel.height >= 0.25 * 1280 * 720
    assert layout.picture.width * layout.picture.height >= 0.2 * 1280 * 720


def test_a_picture_of_another_shape_gets_dark_bars() -> None:
    picture = np.full((200, 100, 3), 250, np.uint8)
    whole = fitted(picture, (400, 300))
    assert whole.shape == (300, 400, 3)
    bright = np.argwhere(whole[..., 0] > 200)
    top, left = bright.min(axis=0)
    bottom, right = bright.max(axis=0)
    assert (bottom - top + 1, right - left + 1) == (300, 150)
    assert whole[:, :100].max() < 60
    assert fitted(whole, (400, 300)) is whole
