"""The HTML page in a real browser: no error, no request, keyboard and phone friendly, accessible, in both colour schemes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from posturecam.report.html import render_html
from posturecam.sinks.video import VideoWriter
from tests import builders_report as make

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe_module = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)

CHROMIUM = os.environ.get("POSTURECAM_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; set POSTURECAM_CHROMIUM to one")

SERIOUS = {"serious", "critical"}
SIZES = {"phone": (390, 844), "tablet": (768, 1024), "laptop": (1280, 900)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A report of two good and two sagging reps, with pictures and a video beside it."""
    reps = [make.make_rep(i, *([make.fault(at_s=3.0 * i + 1)] if i > 2 else [])) for i in range(1, 5)]
    reps.append(make.make_rep(5, make.unclear(), score=None))
    states = [1] * 90 + [-1] * 12 + [1] * 40 + [-2] * 58
    session = make.make_session(
        reps,
        attempts=make.make_report().reps.attempts
        and [make.Attempt(18.4, 19.0, "moved 18 of the 25 degrees that count")],
        trace=make.make_trace(checks={"hips_sagging": states}),
    )
    report = make.make_report(session, person="Ana <script>document.title='hacked'</script>")
    pictures = {("rep", 3, "hips_sagging"): make.jpeg(320, 240), ("rep", 4, "hips_sagging"): make.jpeg(320, 240)}
    (tmp_path / "report.html").write_text(render_html(report, thumbnails=pictures, overlay="overlay.mp4"), "utf-8")
    video = VideoWriter(tmp_path / "overlay.mp4")
    for index in range(40):
        video.show(make.picture(64, 48), float(Fraction(index, 2)))
    video.close()
    return tmp_path


class Watched:
    """A page whose console, errors and requests are kept."""

    def __init__(self, browser: Any, size: tuple[int, int], scheme: str) -> None:
        self.page = browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def open(self, path: Path) -> Any:
        self.page.goto(path.as_uri())
        self.page.wait_for_load_state("load")
        return self.page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_complaint_no_request_nothing_cut_off_and_accessible(
    browser: Any, folder: Path, size: str, scheme: str
) -> None:
    watched = Watched(browser, SIZES[size], scheme)
    page = watched.open(folder / "report.html")
    page.wait_for_timeout(300)
    page.locator("details summary").click()
    assert watched.complaints == []
    outside = [url for url in watched.requests if not url.startswith(("data:", "file://"))]
    assert outside == []
    assert page.title() != "hacked"
    # nothing sticks out sideways
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert page.locator("svg.chart:visible").count() == 3
    result = axe_module.Axe().run(page)
    grave = [v["id"] for v in result.response["violations"] if v["impact"] in SERIOUS]
    assert grave == [], result.generate_report()
    page.close()


def test_pointing_at_a_rep_shows_its_numbers(browser: Any, folder: Path) -> None:
    page = Watched(browser, SIZES["laptop"], "light").open(folder / "report.html")
    tip = page.locator("#tip")
    page.locator(".mark[data-kind=rep][data-number='3']:visible").first.hover()
    assert "Rep 3 at 0:09.0, score 70" in tip.inner_text()
    assert "Range 168° to 84°" in tip.inner_text()
    assert "Hips sagging: −20 % (limit −12 %)" in tip.inner_text()
    page.locator(".mark[data-kind=attempt]:visible").hover()
    assert "moved 18 of the 25 degrees that count" in tip.inner_text()
    page.close()


def test_the_time_line_is_reached_and_used_by_keyboard(browser: Any, folder: Path) -> None:
    page = Watched(browser, SIZES["laptop"], "light").open(folder / "report.html")
    page.locator(".mark[data-number='1']:visible").first.focus()
    assert "Rep 1" in page.locator("#tip").inner_text()
    page.keyboard.press("Tab")
    assert "Rep 2" in page.locator("#tip").inner_text()
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label.startswith("Rep 2 at 0:06.0")
    page.close()


@pytest.mark.parametrize("how", ["click", "Enter"])
def test_choosing_a_rep_takes_the_video_there(browser: Any, folder: Path, how: str) -> None:
    page = Watched(browser, SIZES["laptop"], "light").open(folder / "report.html")
    page.wait_for_function("document.querySelector('video').readyState >= 1")
    rep = page.locator(".mark[data-kind=rep][data-number='3']:visible").first
    if how == "click":
        rep.click()
    else:
        rep.focus()
        page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('video').currentTime >= 8.9")
    assert page.evaluate("document.querySelector('video').currentTime") < 12
    page.close()


def test_a_click_anywhere_on_the_timeline_takes_the_video_there(browser: Any, folder: Path) -> None:
    page = Watched(browser, SIZES["laptop"], "light").open(folder / "report.html")
    page.wait_for_function("document.querySelector('video').readyState >= 1")
    chart = page.locator(".timeline svg:visible")
    box = chart.bounding_box()
    # between reps, near the foot of the chart, half of the way from the left edge of the time to the right one
    x = (46 + (980 - 46 - 12) * 0.4) / 980 * box["width"]
    chart.click(position={"x": x, "y": box["height"] - 4})
    page.wait_for_function("document.querySelector('video').currentTime >= 7.5")
    assert page.evaluate("document.querySelector('video').currentTime") < 11
    page.close()


def test_an_upright_video_stands_beside_the_timeline_and_fits_the_screen(browser: Any, folder: Path) -> None:
    source = make.SourceInfo("phone.mp4", 480, 640, fps=10.0, duration_s=20.0, frames=200)
    report = make.make_report(source=source)
    (folder / "report.html").write_text(render_html(report, overlay="overlay.mp4"), "utf-8")
    page = Watched(browser, SIZES["laptop"], "light").open(folder / "report.html")
    page.wait_for_timeout(300)
    chart, video = page.locator(".timeline svg:visible").bounding_box(), page.locator("video").bounding_box()
    assert video["x"] >= chart["x"] + chart["width"]
    assert video["y"] < chart["y"] + chart["height"]
    assert video["height"] <= 0.8 * SIZES["laptop"][1]
    page.close()


def test_a_video_that_was_not_sent_along_is_said_to_be_missing(browser: Any, folder: Path) -> None:
    (folder / "overlay.mp4").unlink()
    page = Watched(browser, SIZES["phone"], "light").open(folder / "report.html")
    page.locator(".no-video").wait_for(state="visible")
    assert page.locator("video").is_hidden()
    page.close()


def test_printing_opens_what_is_folded_and_leaves_out_the_video(browser: Any, folder: Path) -> None:
    page = Watched(browser, SIZES["laptop"], "dark").open(folder / "report.html")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".limits").is_visible()
    assert page.locator("video").is_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.close()
