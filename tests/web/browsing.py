"""A real Chromium for the tests of the page: with a recording as its camera, and an ear for everything that goes wrong."""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from posturecam.sources.file import FileSource

CHROMIUM = os.environ.get("POSTURECAM_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
NEEDS_CHROMIUM = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; set POSTURECAM_CHROMIUM to one"),
    pytest.mark.slow,
]
STILL_S = 7.0
"""The person waits so long in position before the first rep: the page guides and counts down meanwhile."""
CAMERA_HZ = 15
"""More than the page judges in a second where a browser shares its cores."""
PATIENCE_S = 150.0


@dataclass(frozen=True)
class Part:
    """A clip for a film, or its first seconds."""

    clip: Path
    until_s: float = math.inf


def film(parts: Sequence[Part], path: Path, still_s: float = STILL_S, hz: int = CAMERA_HZ) -> Path:
    """The clips, which are of one size, as raw video that Chromium takes for a camera; the first picture stays a while.

    The camera begins again at its end.
    """
    times: list[float] = []
    planes = []
    begun_s = still_s
    for part in parts:
        with FileSource(part.clip) as source:
            for frame in source:
                if frame.t_s > part.until_s:
                    break
                picture = av.VideoFrame.from_ndarray(frame.image, format="rgb24").reformat(format="yuv420p")
                planes.append(picture.to_ndarray().tobytes())
                times.append(begun_s + frame.t_s)
                height, width = frame.image.shape[:2]
        begun_s = times[-1] + 0.1
    shown = np.array(times)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{hz}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(int(begun_s * hz)):
            file.write(b"FRAME\n" + planes[max(0, int(np.searchsorted(shown, number / hz, "right")) - 1)])
    return path


@dataclass(frozen=True, eq=False)
class Chromium:
    """One running Chromium for many tests. It opens ``camera`` anew whenever a page turns its camera on."""

    browser: Any
    camera: Path

    def plays(self, parts: Sequence[Part], still_s: float = STILL_S) -> None:
        """From the next time on its camera shows this."""
        self.camera.unlink(missing_ok=True)  # Chromium may still read the one before
        film(parts, self.camera, still_s)


@contextmanager
def running(playwright: Any, camera: Path) -> Iterator[Chromium]:
    """Start a Chromium, and end it."""
    flags = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    flags.append(f"--use-file-for-fake-video-capture={camera}")
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
    try:
        yield Chromium(browser, camera)
    finally:
        browser.close()


class Browser:
    """Somebody's own browser, which shares nothing with others but the process; ``complaints`` and ``requests`` are what its
    pages said and asked for."""

    def __init__(self, chromium: Chromium) -> None:
        self._chromium = chromium
        self._contexts: list[Any] = []
        self.complaints: list[str] = []
        self.requests: list[str] = []

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        for context in self._contexts:
            context.close()

    def stranger(self) -> Any:
        """Requests of somebody who has nothing of this browser's."""
        return self._context(ignore_https_errors=True).request

    def _context(self, **how: Any) -> Any:
        self._contexts.append(self._chromium.browser.new_context(**how))
        return self._contexts[-1]

    def page(self, link: str, size: tuple[int, int] = (1280, 800), scheme: str = "light", first: str = "") -> Any:
        """A new page; the script ``first`` runs in it and all that come after, before their own."""
        context = self._context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            ignore_https_errors=link.startswith("https:"),
        )
        context.add_init_script(first)
        page = context.new_page()
        page.set_default_navigation_timeout(PATIENCE_S * 1000)  # a busy machine is no failure of the page
        page.set_default_timeout(PATIENCE_S * 1000)
        page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(link)
        return page

    def hosts(self) -> set[str]:
        """Everybody who was asked for something."""
        return {url.split("/")[2] for url in self.requests if url.startswith(("http", "ws"))}


def exercise(page: Any, base: str, query: str) -> None:
    """Begin before the camera."""
    page.goto(f"{base}/live?{query}")
    page.uncheck("#full")
    page.click("#begin")


def until(page: Any, condition: str) -> Any:
    """Wait for what a JavaScript expression gives."""
    return page.wait_for_function(condition, timeout=PATIENCE_S * 1000, polling=200).json_value()


def reports(data: Path) -> list[dict[str, Any]]:
    """All that is stored, the oldest first."""
    return [json.loads(path.read_text()) for path in sorted((data / "sessions").glob("[!.]*/report.json"))]


def report_of(data: Path, ids: Sequence[str]) -> dict[str, Any]:
    """The report of the only session that was saved."""
    [name] = ids
    found: dict[str, Any] = json.loads((data / "sessions" / name / "report.json").read_text())
    return found
