"""The page's live session in a real browser, with a recording as its camera: counted, judged, never lost."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SAMPLE_VIDEOS
from tests.web.browsing import NEEDS_CHROMIUM, Browser, exercise, film, reports, until
from tests.web.serving import program

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = NEEDS_CHROMIUM


@pytest.fixture(scope="module")
def playwright() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.mark.model
def test_push_ups_before_the_browsers_camera(playwright: Any, data: Path, tmp_path: Path, model_path: Path) -> None:
    camera = film([SAMPLE_VIDEOS / "push_up_floor_hips_sagging.mp4"], tmp_path / "camera.y4m")
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
    assert browser.hosts() == {base.split("/")[2]}


@pytest.mark.model
def test_what_was_finished_survives_the_servers_death_and_a_cut_connection(
    playwright: Any, data: Path, tmp_path: Path, model_path: Path
) -> None:
    camera = film([SAMPLE_VIDEOS / "push_up_floor_good.mp4"], tmp_path / "camera.y4m")
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
    camera = film([SAMPLE_VIDEOS / "push_up_floor_good.mp4"], tmp_path / "camera.y4m")
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


@pytest.mark.model
def test_a_hidden_page_pauses_it_and_nothing_is_lost(
    playwright: Any, data: Path, tmp_path: Path, model_path: Path
) -> None:
    camera = film([SAMPLE_VIDEOS / "reverse_fly_good.mp4"], tmp_path / "camera.y4m")
    with program(data) as (_, link):
        browser = Browser(playwright, camera)
        page, base = browser.page(link), link.split("/enter")[0]
        exercise(page, base, "exercise=reverse_fly&reps=50")
        until(page, "() => window.posturecam.state && window.posturecam.state.done >= 2")
        page.evaluate(HIDE, True)
        shown = page.evaluate("() => window.posturecam.shown")
        done = page.evaluate("() => window.posturecam.state.done")
        time.sleep(2.5)
        assert page.evaluate("() => window.posturecam.shown") <= shown + 1
        page.evaluate(HIDE, False)
        assert until(page, "() => ['paused', 'countdown'].includes(window.posturecam.state.screen)")
        assert page.evaluate("() => window.posturecam.state.done") >= done
        page.click("#finish")
        ended = until(page, "() => window.posturecam.ended")
        assert len(ended["sessions"]) == 1
        browser.browser.close()
    [report] = reports(data)
    assert report["reps"]["count"] >= 2
    assert browser.complaints == []


HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.mark.skip(reason="not settled: nothing was counted within 150 s with two Chromiums on two busy cores")
@pytest.mark.model
def test_a_phone_is_the_camera_of_the_computers_screen(
    playwright: Any, data: Path, tmp_path: Path, model_path: Path
) -> None:
    """Paired by the number on both screens; what it sees is counted on the other screen; ended, it is out."""
    camera = film([SAMPLE_VIDEOS / "push_up_floor_good.mp4"], tmp_path / "camera.y4m")
    with program(data, "--lan", "--address", "127.0.0.2") as (_, link):
        desk, phone = Browser(playwright), Browser(playwright, camera)
        screen, base = desk.page(link), link.split("/enter")[0]
        screen.goto(f"{base}/phone")
        screen.click("text=Show the code to scan")
        address = screen.inner_text(".card code >> nth=0")
        lens = phone.page(address, (390, 844))
        assert len(lens.inner_text("#code")) == 4
        screen.click("text=Let it in")
        lens.wait_for_url(lambda url: "/pair/" not in url)
        for wrong in (address, f"{address[:-4]}xxxx", f"{address.split('/pair')[0]}/lending"):
            stranger = phone.browser.new_context(ignore_https_errors=True).request
            assert (stranger.get(wrong).status, stranger.get(wrong).body()) == (403, b"")

        screen.goto(f"{base}/live?exercise=push_up&variant=floor&reps=50")
        screen.uncheck("#full")
        screen.check("#phone")
        screen.click("#begin")
        until(screen, "() => document.getElementById('veil').textContent.includes('phone')")
        lens.click(".card a[href='/lending']")
        lens.click("#begin")
        until(lens, "() => window.posturecam.watched")
        until(screen, "() => window.posturecam.state && window.posturecam.state.done >= 1")
        assert screen.evaluate(COLOURS) > 100  # the phone's picture itself is on the screen

        screen.context.new_page().goto(f"{base}/phone")
        screen.context.pages[-1].click("text=End it for all phones")
        until(lens, "() => document.getElementById('problem').textContent.includes('ended the connection')")
        assert lens.request.get(lens.url).status == 403
        until(screen, "() => document.getElementById('veil').textContent.includes('phone')")
        screen.click("#finish")
        assert len(until(screen, "() => window.posturecam.ended")["sessions"]) == 1
        desk.browser.close()
        phone.browser.close()
    [report] = reports(data)
    assert report["reps"]["count"] >= 1
    assert desk.complaints == []
    assert desk.hosts() == {base.split("/")[2]}
    assert phone.hosts() == {address.split("/")[2]}


COLOURS = """() => {
  const canvas = document.getElementById("canvas"), seen = new Set();
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < data.length; at += 4000) seen.add(data[at] + "," + data[at + 1] + "," + data[at + 2]);
  return seen.size;
}"""
