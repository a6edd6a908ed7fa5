"""The window: shows what is painted, takes keys, and ends the session when it is closed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import cv2  # before PyAV, whose own X library lets the window of an OpenCV that comes later hang for good (PyAV issue 978)

from posturecam.errors import DisplayError
from posturecam.model import ImageArray
from posturecam.pipeline import StopSession
from posturecam.sinks.cards import blank
from posturecam.sinks.layout import Size

ESC = 27
PROBE_S = 15.0
_PROBE = """
import cv2, numpy
cv2.namedWindow('posturecam', cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL)
cv2.setWindowProperty('posturecam', cv2.WND_PROP_FULLSCREEN, cv2.WINDOW_FULLSCREEN)
cv2.imshow('posturecam', numpy.full((90, 160, 3), 28, numpy.uint8))
seen = []
for _ in range(40):
    cv2.waitKey(20)
    seen.append(cv2.getWindowImageRect('posturecam')[2:])
    if len(seen) > 8 and len(set(seen[-6:])) == 1:
        break
cv2.destroyAllWindows()
print(*seen[-1], flush=True)
"""
USUAL_SCREEN: Size = (1280, 720)
"""Taken for the screen's size where it cannot be found out: what fits there fits nearly everywhere."""
FRAME: Size = (24, 104)
"""What a window's own border, its title and a task bar take of the screen, in pixels, generously."""
SMALLEST = 320
MOVES = ("left", "up", "right", "down", "page up", "page down")
CODES_OF_MOVES = (
    (65361, 65362, 65363, 65364, 65365, 65366),  # X11
    (2424832, 2490368, 2555904, 2621440, 2162688, 2228224),  # Windows
    (63234, 63232, 63235, 63233, 63276, 63277),  # macOS
)
KEYS = {
    ESC: "esc",
    32: "space",
    13: "enter",
    10: "enter",
    **{code: name for codes in CODES_OF_MOVES for code, name in zip(codes, MOVES, strict=True)},
}
"""Names of the keys that are not letters, by what OpenCV says of them."""
INSTEAD = "run it on a desktop, or add --no-window to be coached by voice alone"

Silence = Callable[[], AbstractContextManager[None]]


class DisplayProbe:
    """Tries in a process of its own whether a window can be opened: without a display Qt ends the whole process.

    Starts at once and runs beside the loading of the model; :meth:`check` gives the answer.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        if not (_on_linux() and not _display_named()):
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROBE],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        self.screen: Size = USUAL_SCREEN
        """Width and height of the screen in pixels, known after :meth:`check`."""

    def refuse_without_display(self) -> None:
        """Raise :class:`DisplayError` at once where no display is named at all; otherwise the trial goes on."""
        if self._process is None:
            raise DisplayError(f"There is no display for a window; {INSTEAD}.")

    def check(self) -> None:
        """Wait for the answer; raises :class:`DisplayError` when no window can be opened."""
        self.refuse_without_display()
        assert self._process is not None
        try:
            said, _ = self._process.communicate(timeout=PROBE_S)
        except subprocess.TimeoutExpired:
            self.close()
            raise DisplayError(f"The display does not answer; {INSTEAD}.") from None
        if self._process.returncode:
            raise DisplayError(f"No window can be opened on this display; {INSTEAD}.")
        numbers = [int(word) for word in said.split() if word.isdigit()]
        if len(numbers) == 2 and min(numbers) >= SMALLEST:
            self.screen = (numbers[0], numbers[1])

    def close(self) -> None:
        """End the trial if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


def _on_linux() -> bool:
    return sys.platform.startswith("linux")


def _display_named() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class Window:
    """One OpenCV window; a context manager. Images are RGB. ``keys`` maps key names ("q", "space", "esc") to what they do.

    The picture is never distorted or cut off: what has not the window's shape gets dark bars. F turns the full screen on and off.
    Showing raises :class:`StopSession` once the person has closed it. ``screen``: width and height of the screen it opens on.
    """

    def __init__(
        self,
        title: str,
        keys: Mapping[str, Callable[[], None]],
        silence: Silence = nullcontext,
        *,
        fullscreen: bool = False,
        screen: Size = USUAL_SCREEN,
    ) -> None:
        self._fullscreen = fullscreen
        self._room = screen if fullscreen else (screen[0] - FRAME[0], screen[1] - FRAME[1])
        self._title = title
        self.keys = dict(keys)
        self.clicked: Callable[[int, int], None] = lambda _x, _y: None
        """Gets the place of a click, in pixels of the :attr:`room`."""
        self._silence = silence
        self._opened = False
        self.closed_by_person = False

    def __enter__(self) -> Window:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def room(self) -> Size:
        """Width and height in pixels that a picture has here now."""
        if self._opened:
            try:
                _, _, width, height = cv2.getWindowImageRect(self._title)
            except cv2.error:
                return self._room
            if min(width, height) >= SMALLEST // 2:
                self._room = (width, height)
        return self._room

    def show(self, canvas: ImageArray, t_s: float = 0.0) -> None:  # noqa: ARG002 - the contract of canvas outputs
        """Show an image, then handle the keys pressed since the last one."""
        picture = cv2.cvtColor(fitted(canvas, self.room), cv2.COLOR_RGB2BGR)
        if self._opened:
            # asked before drawing: imshow would quietly open a closed window again
            if not self._visible():
                self._opened = False
                self.closed_by_person = True
                raise StopSession
            cv2.imshow(self._title, picture)
            self._handle(cv2.waitKeyEx(1))
            return
        if self.closed_by_person:
            raise StopSession
        with self._silence():  # Qt writes about fonts to descriptor 2
            self._open(picture)
        self._handle(cv2.waitKeyEx(1))

    def wait(self, seconds: float) -> None:
        """Take what is pressed and clicked for so long: every key, where a picture takes the last one since the one before."""
        until_s = time.monotonic() + seconds
        while (left_s := until_s - time.monotonic()) > 0 and self._opened:
            self._handle(cv2.waitKeyEx(max(1, round(left_s * 1000))))

    def _visible(self) -> bool:
        try:
            return bool(cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE) >= 1)
        except cv2.error:
            return False  # with its last window closed, Qt knows of no windows at all

    def _open(self, picture: Any) -> None:
        try:
            cv2.namedWindow(self._title, cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL)
        except cv2.error as error:
            raise DisplayError(f"This OpenCV opens no windows; {INSTEAD}.") from error
        cv2.setMouseCallback(self._title, self._click)
        height, width = picture.shape[:2]
        cv2.resizeWindow(self._title, width, height)
        if self._fullscreen:
            self._fill_screen(on=True)
        else:
            cv2.moveWindow(self._title, FRAME[0] // 2, FRAME[1] // 3)  # its title stands above that
        cv2.imshow(self._title, picture)
        cv2.waitKey(1)
        self._opened = True

    def _fill_screen(self, *, on: bool) -> None:
        self._fullscreen = on
        mode = cv2.WINDOW_FULLSCREEN if on else cv2.WINDOW_NORMAL
        cv2.setWindowProperty(self._title, cv2.WND_PROP_FULLSCREEN, mode)

    def _click(self, event: int, x: int, y: int, _flags: int, _param: Any) -> None:
        if event == cv2.EVENT_LBUTTONDOWN:
            self.clicked(x, y)

    def _handle(self, code: int) -> None:
        if code < 0:
            return
        name = KEYS.get(code) or key_name(code & 0xFFFF)
        if name == "f" and "f" not in self.keys:
            self._fill_screen(on=not self._fullscreen)
            return
        action = self.keys.get(name)
        if action is not None:
            action()

    def close(self) -> None:
        """Close the window; may be called more than once."""
        if self._opened:
            self._opened = False
            try:
                cv2.destroyWindow(self._title)
                cv2.waitKey(1)
            except cv2.error:
                return  # already gone


def key_name(code: int) -> str:
    """Name of a key by the lower 16 bits of OpenCV's code, empty for none; above them some systems tell shift and the like."""
    return KEYS.get(code) or (chr(code).lower() if 0 < code < 256 else "")


def fitted(picture: ImageArray, room: Size) -> ImageArray:
    """The picture in a room of that width and height: as large as it fits, its shape kept, dark bars around it."""
    height, width = picture.shape[:2]
    if (width, height) == room:
        return picture
    scale = min(room[0] / width, room[1] / height)
    w, h = max(1, min(room[0], round(width * scale))), max(1, min(room[1], round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    whole = blank(*room)
    x, y = (room[0] - w) // 2, (room[1] - h) // 2
    whole[y : y + h, x : x + w] = cv2.resize(picture, (w, h), interpolation=way)
    return whole
