"""Choosing an exercise or a programme in a window, by its film."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Protocol

from posturecam.app.choices import Choice
from posturecam.model import ImageArray
from posturecam.pipeline import StopSession
from posturecam.pose.quiet import native_stderr_silenced
from posturecam.sinks.chooser import Grid, Tile, grid_for, mosaic, paint_page
from posturecam.sinks.layout import Size
from posturecam.sinks.window import DisplayProbe, Window
from posturecam.sources.demonstration import looped, still
from posturecam.spec.catalogue import demonstration, load_exercise, load_programme_by_id

TITLE = "posturecam"
FRAME_S = 1 / 15
Film = Iterator[tuple[ImageArray, float]]


class Showing(Protocol):
    """What is needed of a window."""

    keys: dict[str, Callable[[], None]]
    clicked: Callable[[int, int], None]

    @property
    def room(self) -> Size:
        """Width and height in pixels that a picture has here now."""
        ...

    def show(self, canvas: ImageArray, t_s: float = 0.0) -> None:
        """Show a picture and take what was pressed; raises StopSession once the person has closed the window."""
        ...

    def wait(self, seconds: float) -> None:
        """Take what is pressed for so long."""
        ...


def choose_in_window(
    listed: Sequence[Choice], typed: Callable[[], Choice | None], opened: Callable[[], None]
) -> Choice:
    """Let the person choose in a window, or by what ``typed`` gives meanwhile; ``opened`` is told once it is open.

    Raises DisplayError when no window can be opened, and KeyboardInterrupt when the person leaves.
    """
    with closing(DisplayProbe()) as probe:
        probe.check()
    with Window(TITLE, {}, native_stderr_silenced, screen=probe.screen) as window:
        opened()
        return chosen_from(listed, window, typed)


def chosen_from(listed: Sequence[Choice], window: Showing, typed: Callable[[], Choice | None] = lambda: None) -> Choice:
    """What the person chooses in an open window, or ``typed`` gives; raises KeyboardInterrupt when they leave."""
    page = _Page(listed, window)
    try:
        while page.taken is None:
            page.show()
            answer = typed()
            if answer is not None:
                return answer
            window.wait(FRAME_S)
    except StopSession:
        raise KeyboardInterrupt from None
    return page.taken


class _Page:
    """The page that is shown, and which tile of it would be taken."""

    def __init__(self, listed: Sequence[Choice], window: Showing) -> None:
        self.taken: Choice | None = None
        self._listed, self._window = listed, window
        self._at = 0
        self._stills: dict[int, ImageArray | None] = {}
        self._film: Film = iter(())
        self._picture: ImageArray | None = None
        self._due_s = 0.0
        self._go(0)
        grid = self._grid
        moves = {"left": -1, "right": 1, "up": -grid.columns, "down": grid.columns}
        moves |= {"page up": -grid.per_page, "page down": grid.per_page, "n": grid.per_page, "b": -grid.per_page}
        window.keys = {
            **{key: partial(self._move, by) for key, by in moves.items()},
            **dict.fromkeys(("enter", "space"), self._take),
            **dict.fromkeys(("q", "esc"), self._leave),
        }
        window.clicked = self._click

    @property
    def _grid(self) -> Grid:
        return grid_for(self._window.room)

    def _take(self) -> None:
        self.taken = self._listed[self._at]

    def _leave(self) -> None:
        raise StopSession

    def _move(self, by: int) -> None:
        self._go(self._at + by)

    def _go(self, to: int) -> None:
        self._at = min(max(to, 0), len(self._listed) - 1)
        path = _film_path(self._listed[self._at])
        self._film = looped(path) if path is not None else iter(())
        self._picture, self._due_s = None, 0.0

    def _click(self, x: int, y: int) -> None:
        grid = self._grid
        there = grid.at(x, y, self._at // grid.per_page, len(self._listed))
        if there is None:
            return
        if there == self._at:
            self._take()
        else:
            self._go(there)

    def show(self) -> None:
        now_s = time.monotonic()
        if now_s >= self._due_s:
            self._picture, stays_s = next(self._film, (None, 1.0))
            self._due_s = now_s + stays_s
        grid = self._grid
        first = self._at // grid.per_page * grid.per_page
        tiles = [
            Tile(index + 1, one.title, one.remark, self._picture_of(index, one))
            for index, one in enumerate(self._listed[first : first + grid.per_page], first)
        ]
        self._window.show(paint_page(grid, tiles, self._at, len(self._listed)))

    def _picture_of(self, index: int, choice: Choice) -> ImageArray | None:
        if index == self._at and self._picture is not None:
            return self._picture
        if index not in self._stills:
            self._stills[index] = picture_of(choice)
        return self._stills[index]


def picture_of(choice: Choice) -> ImageArray | None:
    """The picture of an exercise, or of the first four of a programme; None where there is none."""
    if choice.last.programme is None:
        path = _film_path(choice)
        return still(path) if path is not None else None
    steps = load_programme_by_id(choice.last.programme).steps
    paths = (demonstration(step.exercise, step.variant) for step in steps)
    return mosaic([still(path) for path, _ in zip(filter(None, paths), range(4), strict=False)])


def _film_path(choice: Choice) -> Path | None:
    if choice.last.exercise is None:
        return None
    exercise = load_exercise(choice.last.exercise, choice.last.variant)
    return demonstration(exercise.id, exercise.variant)
