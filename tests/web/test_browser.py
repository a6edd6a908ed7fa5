"""The page's live session in a real browser, with a recording as its camera: counted, judged, never lost."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from posturecam.web.camera import GAP_S
from tests.conftest import SAMPLE_VIDEOS
from tests.web.browsing import NEEDS_CHROMIUM, Browser, Chromium, Part, exercise, report_of, reports, until
from tests.web.serving import program

pytestmark = [*NEEDS_CHROMIUM, pytest.mark.model]
QUICK = (Part(SAMPLE_VIDEOS / "push_up_floor_too_fast.mp4"),)
"""Four push-ups in eight seconds: for what is not about their number."""
SOON_S = 4.5
LEGIBLE = 0.028
"""The least size of letters that are read from 3 m, as a share of the window: capitals of 6 mm on 30 cm, 7 minutes of arc."""
SIZES = """() => ["title", "count", "goal", "phase", "score", "cue", "veil"].map(
  (id) => parseFloat(getComputedStyle(document.getElementById(id)).fontSize))"""
KEPT_S = 1.0
"""Within this what was fed is on the disk, as the journal promises."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(scope="module")
def running_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The link of a page that goes on running, and its data: starting one takes seconds, and so does its first session."""
    data = tmp_path_factory.mktemp("running") / "data"
    with program(data) as (_, link):
        yield link, data


def counted(reps: int) -> str:
    """JavaScript: so many have been counted."""
    return f"() => window.posturecam.state && window.posturecam.state.done >= {reps}"


def test_push_ups_before_the_browsers_camera(
    chromium: Chromium, running_page: tuple[str, Path], model_path: Path
) -> None:
    link, data = running_page
    clip = "push_up_floor_hips_sagging.mp4"
    truth = next(one for one in json.loads((SAMPLE_VIDEOS / "truth.json").read_text()) if one["clip"] == clip)
    chromium.plays([Part(SAMPLE_VIDEOS / clip)])
    with Browser(chromium) as browser:
        base = link.split("/enter")[0]
        page = browser.page(link)
        exercise(page, base, f"exercise=push_up&variant=floor&reps={truth['reps']}")
        until(page, counted(1))
        assert min(page.evaluate(SIZES)) >= LEGIBLE * 1280
        ended = until(page, "() => window.posturecam && window.posturecam.ended")
        assert ended["problem"] is None
        page.wait_for_url(f"{base}/sessions/{ended['sessions'][0]}")
        assert page.frame_locator("iframe.report").locator("h1").inner_text().startswith("Push-up")
    report = report_of(data, ended["sessions"])
    assert report["reps"]["count"] == truth["reps"]
    assert [fault["id"] for fault in report["faults"]] == truth["faults"]
    assert browser.complaints == []
    assert browser.hosts() == {base.split("/")[2]}


def test_what_was_finished_survives_the_servers_death_and_a_cut_connection(
    chromium: Chromium, data: Path, model_path: Path
) -> None:
    chromium.plays(QUICK, SOON_S)
    with program(data) as (process, link), Browser(chromium) as browser:
        page = browser.page(link)
        exercise(page, link.split("/enter")[0], "exercise=push_up&variant=floor&reps=50")
        until(page, counted(2))
        time.sleep(KEPT_S)
        process.send_signal(signal.SIGKILL)
        process.wait()
        until(page, "() => document.getElementById('veil').textContent.includes('connection is lost')")
    assert reports(data) == []
    with program(data):
        [report] = reports(data)
        assert report["recovered"]
        assert report["reps"]["count"] >= 2


def test_the_button_ends_it_and_a_signal_saves_it(chromium: Chromium, data: Path, model_path: Path) -> None:
    chromium.plays(QUICK, SOON_S)
    with program(data) as (process, link), Browser(chromium) as browser:
        page, base = browser.page(link), link.split("/enter")[0]
        exercise(page, base, "exercise=push_up&variant=floor&reps=50")
        until(page, counted(1))
        page.click("#finish")
        ended = until(page, "() => window.posturecam.ended")
        assert len(ended["sessions"]) == 1
        exercise(page, base, "exercise=push_up&variant=floor&reps=50")
        until(page, counted(1))
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    first, second = reports(data)
    assert first["reps"]["count"] >= 1
    assert second["reps"]["count"] >= 1
    assert not second["recovered"]


def test_a_hidden_page_pauses_it_and_crossed_arms_end_it(
    chromium: Chromium, running_page: tuple[str, Path], model_path: Path
) -> None:
    """Nothing is lost by either, and after the start no hand is needed: the report opens by itself."""
    link, data = running_page
    chromium.plays(
        [Part(SAMPLE_VIDEOS / "reverse_fly_good.mp4", 10.5), Part(SAMPLE_VIDEOS / "negative_arms_crossed.mp4")]
    )
    with Browser(chromium) as browser:
        page, base = browser.page(link), link.split("/enter")[0]
        exercise(page, base, "exercise=reverse_fly&reps=50")
        until(page, counted(1))
        page.evaluate(HIDE, True)
        shown = page.evaluate("() => window.posturecam.shown")
        done = page.evaluate("() => window.posturecam.state.done")
        time.sleep(GAP_S + 0.3)
        assert page.evaluate("() => window.posturecam.shown") <= shown + 1
        page.evaluate(HIDE, False)
        assert until(page, "() => ['paused', 'countdown'].includes(window.posturecam.state.screen)")
        assert page.evaluate("() => window.posturecam.state.done") >= done
        ended = until(page, "() => window.posturecam.ended && [window.posturecam.ended, window.posturecam.state]")
        assert ended[1]["ended"] == "gesture"
        page.wait_for_url(f"{base}/sessions/{ended[0]['sessions'][0]}")
        assert page.frame_locator("iframe.report").locator("h1").inner_text().startswith("Reverse fly")
    report = report_of(data, ended[0]["sessions"])
    assert report["reps"]["count"] >= done
    assert browser.complaints == []


HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
