"""The window on a screen that nobody sees: shows, takes keys, notices its closing, and writes nothing to standard error."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from posturecam.errors import DisplayError
from posturecam.sinks.window import KEYS, DisplayProbe, key_name
from tests.xvfb import ask_to_close, screen

ROOT = Path(__file__).resolve().parents[2]

CHILD = """
import sys, time
import numpy as np
from posturecam.pipeline import StopSession
from posturecam.pose.quiet import native_stderr_silenced
from posturecam.sinks.window import Window

pressed = []
image = np.zeros((120, 160, 3), np.uint8)
image[:, :, 0] = 250
keys = {name: (lambda name=name: pressed.append(name)) for name in ("q", "space", "esc")}
try:
    with Window("posturecam test", keys, native_stderr_silenced) as window:
        for number in range(2000):
            window.show(image, number / 30)
            if number == 3:
                print("shown", flush=True)
            if "q" in pressed:
                break
            time.sleep(0.01)
except StopSession:
    print("closed", window.closed_by_person)
    try:
        window.show(image)
    except StopSession:
        print("stays closed")
print("pressed", *pressed, flush=True)
"""


@pytest.mark.parametrize("room", ["posturecam.app.desktop", "posturecam.app.window_chooser"])
def test_wherever_a_window_may_open_opencv_is_read_in_before_pyav(room: str) -> None:
    """PyAV brings an X library of its own; OpenCV read in after it waits for good when its first window opens."""
    code = f"import sys, {room}; print(*[name for name in sys.modules if name in ('av', 'cv2')])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["cv2", "av"]


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with screen() as name:
        yield name


def start(display: str) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "shown\n"
    return child


def xdotool(display: str, *words: str) -> str:
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool is not installed")
    done = subprocess.run(
        ["xdotool", *words], check=False, env=os.environ | {"DISPLAY": display}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def window_of(display: str) -> str:
    return xdotool(display, "search", "--name", "posturecam test").split()[0]


def test_keys_arrive_and_nothing_is_written_to_standard_error(display: str) -> None:
    child = start(display)
    try:
        xdotool(display, "windowfocus", window_of(display))
        xdotool(display, "key", "--delay", "200", "space", "q")
        out, err = child.communicate(timeout=60)
    finally:
        child.kill()
    assert "pressed space q" in out
    assert err == ""


def test_closing_the_window_stops_the_session(display: str) -> None:
    child = start(display)
    try:
        ask_to_close(display, int(window_of(display)))
        out, err = child.communicate(timeout=60)
    finally:
        child.kill()
    assert "closed True\nstays closed" in out
    assert err == ""


def test_a_display_that_answers(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", display)
    probe = DisplayProbe()
    probe.check()
    probe.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_no_display_is_a_sentence_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(DisplayError, match=r"no display.*--no-window"):
        DisplayProbe().refuse_without_display()
    monkeypatch.setenv("DISPLAY", ":9999")
    with pytest.raises(DisplayError, match=r"No window can be opened.*--no-window"):
        DisplayProbe().check()


def test_an_arrow_is_no_letter() -> None:
    # the last 8 bits of an arrow to the left are those of a Q, which ends a session
    assert key_name(65361) == KEYS[65361] == "left"
    assert [key_name(code) for code in (ord("Q"), 13, 27, 0x10FF, 0)] == ["q", "enter", "esc", "", ""]
