"""The page in a real browser, with a recording as its camera: counted, judged, reviewed; seen on a phone and on a laptop."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posturecam.sources.file import FileSource
from tests import stored
from tests.conftest import SAMPLE_VIDEOS
from tests.web.serving import program

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe_module = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)
CHROMIUM = os.environ.get("POSTURECAM_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; set POSTURECAM_CHROMIUM to one"),
    pytest.mark.slow,
]
STILL_S = 7.0
"""The person waits so long in position before the first rep: the page guides and counts down meanwhile."""
CAMERA_HZ = 30
PATIENCE_S = 150.0
SERIOUS = {"serious", "critical"}


def film(clip: Path, path: Path) -> Path:
    """The clip as raw video that Chromium takes for a camera: its first picture for a while, then all of it."""
    with FileSource(clip) as source:
        frames = [(frame.t_s, frame.image) for frame in source]
    times = np.array([t_s for t_s, _ in frames])
    height, width = frames[0][1].shape[:2]
    import av

    planes = [av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format="yuv420p") for _, image in frames]
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{CAMERA_HZ}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(int((STILL_S + times[-1]) * CAMERA_HZ)):
            t_s = number / CAMERA_HZ - STILL_S
            plane = planes[int(np.argmin(np.abs(times - max(t_s, 0.0))))]
            file.write(b"FRAME\n" + plane.to_ndarray().tobytes())
    return path


class Browser:
    """Chromium with a recording as its camera; ``complaints`` and ``requests`` are what pages said and asked for."""

    def __init__(self, playwright: Any, camera: Path | None = None) -> None:
        flags = ["--no-sandbox"]
        if camera is not None:
            flags += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
            flags += [f"--use-file-for-fake-video-capture={camera}"]
        self.browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        self.complaints: list[str] = []
        self.requests: list[str] = []

    def page(self, link: str, size: tuple[int, int] = (1280, 800), scheme: str = "light") -> Any:
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        page = context.new_page()
        page.set_default_navigation_timeout(PATIENCE_S * 1000)  # a busy machine is no failure of the page
        page.set_default_timeout(PATIENCE_S * 1000)
        page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(link)
        return page


@pytest.fixture(scope="module")
def playwright() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def exercise(page: Any, base: str, query: str) -> None:
    page.goto(f"{base}/live?{query}")
    page.uncheck("#full")
    page.click("#begin")


def until(page: Any, condition: str) -> Any:
    """Wait for what a JavaScript expression gives."""
    return page.wait_for_function(condition, timeout=PATIENCE_S * 1000, polling=200).json_value()


def reports(data: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted((data / "sessions").glob("[!.]*/report.json"))]


@pytest.mark.model
def test_push_ups_before_the_browsers_camera(playwright: Any, data: Path, tmp_path: Path, model_path: Path) -> None:
    camera = film(SAMPLE_VIDEOS / "push_up_floor_hips_sagging.mp4", tmp_path / "camera.y4m")
    truth = next(
        one
        for one in json.loads((SAMPLE_VIDEOS / "truth.json").read_text())
        if one["clip"] == "push_up_floor_hips_sagging.mp4"
    )
    with program(data) as (_, link):
        base = link.split("/enter")[0]
        browser = Browser(playwright, camera)
        page = browser.page(link)
        exercise(page, base, f"exercise=push_up&variant=floor&reps={truth['reps']}")
        ended = until(page, "() => window.posturecam && window.posturecam.ended")
        assert ended["problem"] is None
        page.wait_for_url(f"{base}/sessions/{ended['sessions'][0]}")
        assert page.frame_locator("iframe.report").locator("h1").inner_text().startswith("Push-up")
        browser.browser.close()
    [report] = reports(data)
    assert report["reps"]["count"] == truth["reps"]
    assert [fault["id"] for fault in report["faults"]] == truth["faults"]
    assert browser.complaints == []
    assert {url.split("/")[2] for url in browser.requests if url.startswith(("http", "ws"))} == {base.split("/")[2]}


@pytest.mark.model
def test_what_was_finished_survives_the_servers_death_and_a_cut_connection(
    playwright: Any, data: Path, tmp_path: Path, model_path: Path
) -> None:
    camera = film(SAMPLE_VIDEOS / "push_up_floor_good.mp4", tmp_path / "camera.y4m")
    with program(data) as (process, link):
        browser = Browser(playwright, camera)
        page = browser.page(link)
        exercise(page, link.split("/enter")[0], "exercise=push_up&variant=floor&reps=50")
        until(page, "() => window.posturecam.state && window.posturecam.state.done >= 2")
        time.sleep(1.5)
        process.send_signal(signal.SIGKILL)
        process.wait()
        until(page, "() => document.getElementById('veil').textContent.includes('connection is lost')")
        browser.browser.close()
    assert reports(data) == []
    with program(data) as (_, link):
        [report] = reports(data)
        assert report["recovered"]
        assert report["reps"]["count"] >= 2


@pytest.mark.model
def test_the_button_ends_it_and_a_signal_saves_it(
    playwright: Any, data: Path, tmp_path: Path, model_path: Path
) -> None:
    camera = film(SAMPLE_VIDEOS / "push_up_floor_good.mp4", tmp_path / "camera.y4m")
    with program(data) as (process, link):
        browser = Browser(playwright, camera)
        page, base = browser.page(link), link.split("/enter")[0]
        exercise(page, base, "exercise=push_up&variant=floor&reps=50")
        until(page, "() => window.posturecam.state && window.posturecam.state.done >= 1")
        page.click("#finish")
        ended = until(page, "() => window.posturecam.ended")
        assert len(ended["sessions"]) == 1
        exercise(page, base, "exercise=push_up&variant=floor&reps=50")
        until(page, "() => window.posturecam.state && window.posturecam.state.done >= 1")
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        browser.browser.close()
    first, second = reports(data)
    assert first["reps"]["count"] >= 1
    assert second["reps"]["count"] >= 1
    assert not second["recovered"]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A running page with two sessions: its link, and the newer one's id."""
    data = tmp_path_factory.mktemp("furnished")
    store = stored.own_store(data)
    stored.store_session(store, person="Ana", pictures=True)
    session = stored.store_session(
        store, stored.push_ups((90.0, 91.0, 89.0)), person="Ana", created=stored.WHEN.replace(day=8)
    )
    with program(data, "--lan", "--address", "127.0.0.1") as (_, link):
        yield link, session.id


PLACES = ("/", "/exercises/push_up", "/live?exercise=push_up", "/sessions", "/sessions/{}", "/sessions/{}/review",
          "/progress", "/uploads", "/phone", "/settings", "/nothing")  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=["phone", "laptop"])
def test_every_page_is_fit_for_everybody(
    playwright: Any, furnished: tuple[str, str], size: tuple[int, int], scheme: str
) -> None:
    link, session = furnished
    base = link.split("/enter")[0]
    browser = Browser(playwright)
    page = browser.page(link, size, scheme)
    for place in PLACES:
        page.goto(base + place.format(session))
        page.wait_for_load_state("networkidle")
        found = axe_module.Axe().run(page).response["violations"]
        assert [(place, one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in SERIOUS] == []
        wider = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, place
    browser.browser.close()
    assert [text for text in browser.complaints if "404" not in text] == []
    assert all(url.startswith((base, "data:", "blob:")) for url in browser.requests)


def test_the_keyboard_alone_leads_from_the_exercises_to_the_camera(playwright: Any, furnished: tuple[str, str]) -> None:
    browser = Browser(playwright)
    page = browser.page(furnished[0])

    def press_until(text: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if text in page.evaluate("() => document.activeElement.textContent"):
                with page.expect_navigation():
                    page.keyboard.press("Enter")
                return
        raise AssertionError(f"{text} cannot be reached")

    press_until("Cat-cow")
    press_until("To the camera")
    assert "/live?exercise=cat_cow" in page.url
    browser.browser.close()


def test_a_review_is_made_saved_and_shown(playwright: Any, furnished: tuple[str, str]) -> None:
    link, session = furnished
    base = link.split("/enter")[0]
    browser = Browser(playwright)
    page = browser.page(link)
    page.goto(f"{base}/sessions/{session}/review")
    page.fill("#reviewer", "Bo")
    page.click(".item >> nth=0 >> summary")
    page.select_option(".item >> nth=0 >> select >> nth=0", "fault")
    page.click(".item >> nth=1 >> text=Is none")
    page.fill("#comment", "look here")
    page.click("#add-comment")
    page.click("#save")
    page.wait_for_function("() => document.getElementById('told').textContent === 'Saved.'")
    page.goto(f"{base}/sessions/{session}")
    said = page.inner_text(".reviewer")
    for words in ("By Bo", "a fault, where right was measured", "Rep 2 is none", "look here"):
        assert words in said
    assert browser.complaints == []
    browser.browser.close()


def test_a_phone_is_paired_by_the_number_on_both_screens(playwright: Any, furnished: tuple[str, str]) -> None:
    link = furnished[0]
    desk = Browser(playwright)
    page = desk.page(link)
    page.goto(link.split("/enter")[0] + "/phone")
    page.click("text=Show the code to scan")
    address = page.inner_text(".card code >> nth=0")
    phone = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    screen = phone.new_context(ignore_https_errors=True, viewport={"width": 390, "height": 844}).new_page()
    screen.goto(address)
    code = screen.inner_text("#code")
    page.click("text=Let it in")
    screen.wait_for_url(lambda url: "/pair/" not in url)
    assert "What would you like to do?" in screen.content()
    assert phone.new_context(ignore_https_errors=True).request.get(address).status == 403
    page.click("text=End it for all phones")
    page.wait_for_load_state("load")
    assert screen.request.get(screen.url).status == 403
    assert len(code) == 4
    desk.browser.close()
    phone.close()
