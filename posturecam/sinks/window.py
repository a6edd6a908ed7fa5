"""The window: shows what is painted, takes keys, and ends the session when it is closed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import cv2

from posturecam.errors import DisplayError
from posturecam.model import ImageArray
from posturecam.pipeline import StopSession

ESC = 27
PROBE_S = 15.0
_PROBE = "import cv2; cv2.namedWindow('posturecam'); cv2.waitKey(1); cv2.destroyAllWindows()"
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
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def refuse_without_display(self) -> None:
        """Raise :class:`DisplayError` at once where no display is named at all; otherwise the trial goes on."""
        if self._process is None:
            raise DisplayError(f"There is no display for a window; {INSTEAD}.")

    def check(self) -> None:
        """Wait for the answer; raises :class:`DisplayError` when no window can be opened."""
        self.refuse_without_display()
        assert self._process is not None
        try:
            code = self._process.wait(PROBE_S)
        except subprocess.TimeoutExpired:
            self.close()
            raise DisplayError(f"The display does not answer; {INSTEAD}.") from None
        if code:
            raise DisplayError(f"No window can be opened on this display; {INSTEAD}.")

    def close(self) -> None:
        """End the trial if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def _on_linux() -> bool:
    return sys.platform.startswith("linux")


def _display_named() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class Window:
    """One OpenCV window; a context manager. Images are RGB. ``keys`` maps key names ("q", "space", "esc") to what they do.

    Showing raises :class:`StopSession` once the person has closed it.
    """

    def __init__(
        self,
        title: str,
        keys: Mapping[str, Callable[[], None]],
        silence: Silence = nullcontext,
        *,
        fullscreen: bool = False,
    ) -> None:
        self._fullscreen = fullscreen
        self._title = title
        self.keys = dict(keys)
        self._silence = silence
        self._opened = False
        self.closed_by_person = False

    def __enter__(self) -> Window:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def show(self, canvas: ImageArray, t_s: float = 0.0) -> None:  # noqa: ARG002 - the contract of canvas outputs
        """Show an image, then handle the keys pressed since the last one."""
        picture = cv2.cvtColor(canvas, cv2.COLOR_RGB2BGR)
        if self._opened:
            # asked before drawing: imshow would quietly open a closed window anew
            if not self._visible():
                self._opened = False
                self.closed_by_person = True
                raise StopSession
            cv2.imshow(self._title, picture)
            self._handle(cv2.waitKey(1))
            return
        if self.closed_by_person:
            raise StopSession
        with self._silence():  # Qt writes about fonts to descriptor 2
            self._open(picture)
        self._handle(cv2.waitKey(1))

    def _visible(self) -> bool:
        try:
            return bool(cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE) >= 1)
        except cv2.error:
            return False  # with its last window closed, Qt knows of no windows at all

    def _open(self, picture: Any) -> None:
        try:
            cv2.namedWindow(self._title, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL)
        except cv2.error as error:
            raise DisplayError(f"This OpenCV opens no windows; {INSTEAD}.") from error
        height, width = picture.shape[:2]
        cv2.resizeWindow(self._title, width, height)
        if self._fullscreen:
            cv2.setWindowProperty(self._title, cv2.WND_PROP_FULLSCREEN, cv2.WINDOW_FULLSCREEN)
        cv2.imshow(self._title, picture)
        cv2.waitKey(1)
        self._opened = True

    def _handle(self, code: int) -> None:
        if code < 0:
            return
        name = {ESC: "esc", 32: "space", 13: "enter", 10: "enter"}.get(code & 0xFF, chr(code & 0xFF).lower())
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
