"""Where things stand on the overlay: the picture is never covered, so panels lie beside or below it.

A picture that is narrower than about 3:2 gets its panel on the right, which makes a 4:3 webcam a 16:9 screen; wide and upright
pictures get theirs below.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

MIN_HEIGHT, MIN_WIDTH, MAX_SIDE = 720, 540, 1920
BESIDE = (0.8, 1.55)


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


def _even(value: float) -> int:
    return max(2, 2 * round(value / 2))


@lru_cache(maxsize=32)
def layout_for(width: int, height: int) -> Layout:
    """Lay out the overlay of a picture of that size."""
    scale = max(1.0, MIN_HEIGHT / height, MIN_WIDTH / width)
    # a very long, thin picture is not blown up beyond what a screen and an encoder take
    scale = min(scale, MAX_SIDE / max(width, height))
    w, h = _even(width * scale), _even(height * scale)
    picture = Box(0, 0, w, h)
    if BESIDE[0] <= width / height <= BESIDE[1]:
        return _beside(picture, scale)
    return _below(picture, scale) if w > h else _below_upright(picture, scale)


def _beside(picture: Box, scale: float) -> Layout:
    panel = _even(picture.height * 0.44)
    x, h = picture.width, picture.height
    count_h, phase_h = round(h * 0.46), round(h * 0.22)
    return Layout(
        x + panel,
        h,
        scale,
        picture,
        Box(x, 0, panel, count_h),
        Box(x, count_h, panel, phase_h),
        Box(x, count_h + phase_h, panel, h - count_h - phase_h),
    )


def _below(picture: Box, scale: float) -> Layout:
    strip = _even(picture.height * 0.26)
    y, w = picture.height, picture.width
    count_w, phase_w = round(min(w * 0.30, strip * 2.1)), round(w * 0.24)
    return Layout(
        w,
        y + strip,
        scale,
        picture,
        Box(0, y, count_w, strip),
        Box(count_w, y, phase_w, strip),
        Box(count_w + phase_w, y, w - count_w - phase_w, strip),
    )


def _below_upright(picture: Box, scale: float) -> Layout:
    row, y, w = _even(picture.width * 0.28), picture.height, picture.width
    half = w // 2
    return Layout(
        w,
        y + 2 * row,
        scale,
        picture,
        Box(0, y, half, row),
        Box(half, y, w - half, row),
        Box(0, y + row, w, row),
    )
