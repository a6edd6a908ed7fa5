"""Choosing in a window: by arrows or clicks among the films; the list in the terminal answers as well."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import numpy as np
import pytest

from posturecam.app.choices import Choice, choices
from posturecam.app.memory import Last
from posturecam.app.window_chooser import chosen_from, picture_of
from posturecam.model import ImageArray
from posturecam.pipeline import StopSession
from posturecam.sinks.chooser import grid_for
from posturecam.sinks.layout import Size
from tests.xvfb import screen

LISTED = choices(None)
ROOM = (1256, 616)


class Fake:
    """A window whose person does one thing after each picture."""

    def __init__(self, *doing: str | tuple[int, int], room: Size = ROOM) -> None:
        self.room = room
        self.keys: dict[str, Callable[[], None]] = {}
        self.clicked: Callable[[int, int], None] = lambda _x, _y: None
        self.shown: list[ImageArray] = []
        self._doing = list(doing)

    def wait(self, seconds: float) -> None:
        """Nothing happens while this person waits."""

    def show(self, canvas: ImageArray, t_s: float = 0.0) -> None:
        self.shown.append(canvas)
        doing = self._doing.pop(0)
        if doing == "close":
            raise StopSession
        if isinstance(doing, str):
            self.keys[doing]()
        else:
            self.clicked(*doing)


def chosen(*doing: str | tuple[int, int]) -> Choice:
    return chosen_from(LISTED, Fake(*doing))


def middle(index: int) -> tuple[int, int]:
    box = grid_for(ROOM).place(index)
    return box.x + box.width // 2, box.y + box.height // 2


def test_arrows_choose_and_enter_starts() -> None:
    columns = grid_for(ROOM).columns
    assert chosen("enter") is LISTED[0]
    assert chosen("right", "right", "left", "down", "space") is LISTED[1 + columns]
    assert chosen("left", "up", "enter") is LISTED[0]
    assert chosen(*["page down"] * 5, "enter") is LISTED[-1]


def test_a_click_chooses_and_a_second_one_starts() -> None:
    assert chosen(middle(2), middle(2)) is LISTED[2]
    assert chosen((3, 3), middle(5), "enter") is LISTED[5]


def test_a_click_on_the_second_page_is_of_that_page() -> None:
    per_page = grid_for(ROOM).per_page
    assert chosen("page down", middle(1), middle(1)) is LISTED[per_page + 1]


@pytest.mark.parametrize("way", ["q", "esc", "close"])
def test_leaving(way: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        chosen(way)


def test_what_is_typed_in_the_terminal_answers_as_well() -> None:
    answers = [None, LISTED[7]]
    found = chosen_from(LISTED, Fake("right", "right"), lambda: answers.pop(0))
    assert found is LISTED[7]


def test_the_page_is_as_large_as_the_window_and_shows_what_would_be_taken() -> None:
    window = Fake("right", "enter")
    chosen_from(LISTED, window)
    assert {picture.shape for picture in window.shown} == {(ROOM[1], ROOM[0], 3)}
    box = grid_for(ROOM).place(1)
    before, after = (picture[box.y + box.height - 2, box.x + box.width // 2] for picture in window.shown)
    assert not np.array_equal(before, after)


@pytest.mark.parametrize("last", [None, Last(exercise="plank"), Last(programme="upper_back_relief", at=2, of=19)])
def test_everything_that_can_be_chosen_has_a_picture(last: Last | None) -> None:
    assert all(picture_of(one) is not None for one in choices(last))


SETTLED_FRAMES = 3
CHILD = """
import time
from posturecam.app.choices import choices
from posturecam.app.window_chooser import choose_in_window
listed = choices(None)
found = choose_in_window(listed, lambda: print(time.monotonic(), flush=True), lambda: print("open", flush=True))
print("took", listed.index(found), flush=True)
"""


def test_in_a_real_window_with_real_keys() -> None:
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool is not installed")
    with screen() as display:
        env = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        root = Path(__file__).resolve().parents[2]
        command = [sys.executable, "-c", CHILD]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env, cwd=root) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "open\n"
            find = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "^posturecam$"]
            window = subprocess.run(find, env=env, check=True, capture_output=True, text=True).stdout.split()[0]
            subprocess.run(["xdotool", "windowfocus", window], env=env, check=True)
            for key in ("Right", "Right", "Left", "Return"):
                # by the window's own frames: on a busy machine two keys would come within one, which takes the last of them
                frames_until(child.stdout, time.monotonic())
                subprocess.run(["xdotool", "key", "--window", window, key], env=env, check=True)
            assert [line for line in child.stdout if line.startswith("took")] == ["took 1\n"]


def frames_until(lines: IO[str], now_s: float) -> None:
    """Wait until the window, which writes the time of each of its frames, has shown some after ``now_s``."""
    shown = 0
    while shown < SETTLED_FRAMES:
        shown += float(lines.readline()) > now_s
