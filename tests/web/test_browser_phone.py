"""A phone, which is a second Chromium at the address for phones: the camera of the computer's screen, or everything alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import stored
from tests.conftest import SAMPLE_VIDEOS
from tests.web.browsing import NEEDS_CHROMIUM, Browser, Chromium, Part, report_of, running, until
from tests.web.fitness import assert_fit
from tests.web.keyboard import LISTENS, walked
from tests.web.serving import program

pytestmark = [*NEEDS_CHROMIUM, pytest.mark.model]
SOON_S = 4.5
PHONE = (390, 844)
SOMEBODY = "Anneliese"


@pytest.fixture(scope="module")
def other_chromium(playwright: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """The phone's."""
    with running(playwright, tmp_path_factory.mktemp("other") / "camera.y4m") as other:
        yield other


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A page that lets phones in, with a session of somebody else's: its link and its data."""
    data = tmp_path_factory.mktemp("open") / "data"
    stored.store_session(stored.own_store(data), person=SOMEBODY)
    with program(data, "--lan", "--address", "127.0.0.2") as (_, link):
        yield link, data


@pytest.fixture
def desk(chromium: Chromium) -> Iterator[Browser]:
    with Browser(chromium) as desk:
        yield desk


@pytest.fixture
def phone(other_chromium: Chromium) -> Iterator[Browser]:
    with Browser(other_chromium) as phone:
        yield phone


def paired(desk: Browser, phone: Browser, link: str) -> tuple[Any, Any, str]:
    """The computer's page, the phone's page and the link that let it in."""
    screen = desk.page(link, first=LISTENS)
    screen.goto(f"{link.split('/enter')[0]}/phone")
    screen.click("text=Show the code to scan")
    address = screen.inner_text(".card code >> nth=0")
    lens = phone.page(address, PHONE, first=LISTENS)
    assert len(lens.inner_text("#code")) == 4
    screen.click("text=Let it in")
    lens.wait_for_url(lambda url: "/pair/" not in url)
    return screen, lens, address


def counted(reps: int) -> str:
    """JavaScript: so many have been counted."""
    return f"() => window.posturecam.state && window.posturecam.state.done >= {reps}"


def test_a_phone_alone_does_a_whole_session(
    desk: Browser, phone: Browser, other_chromium: Chromium, open_house: tuple[str, Path], model_path: Path
) -> None:
    """Chosen, begun and done on the phone, judged by the computer; it sees the report of its own, and nothing else."""
    link, data = open_house
    clip = "push_up_floor_good.mp4"
    truth = next(one for one in json.loads((SAMPLE_VIDEOS / "truth.json").read_text()) if one["clip"] == clip)
    other_chromium.plays([Part(SAMPLE_VIDEOS / clip)])
    screen, lens, address = paired(desk, phone, link)
    root = address.split("/pair")[0]
    lens.click("a[href='/exercises/push_up']")
    lens.fill("#amount", str(truth["reps"]))
    lens.click("text=To the camera")
    lens.uncheck("#full")
    lens.click("#begin")
    until(lens, counted(1))
    for button in ("#pause", "#finish", "#fill"):
        lens.click(button, trial=True)  # nothing covers it
    ended = until(lens, "() => window.posturecam.ended")
    assert ended["problem"] is None
    [name] = ended["sessions"]
    lens.wait_for_url(f"{root}/sessions/{name}")
    assert lens.frame_locator("iframe.report").locator("h1").inner_text().startswith("Push-up")

    report = report_of(data, [name])
    assert report["reps"]["count"] == truth["reps"] == 5
    assert report["faults"] == truth["faults"] == []
    lens.click("nav a[href='/']")
    lens.click(f"a[href='/sessions/{name}']")
    lens.wait_for_url(f"{root}/sessions/{name}")
    screen.goto(f"{link.split('/enter')[0]}/sessions")
    assert screen.locator(f"a[href='/sessions/{name}']").count() == 1
    assert_only_its_own(lens, root, name, [one.name for one in (data / "sessions").glob("20*")])
    assert desk.complaints == phone.complaints == []
    assert phone.hosts() == {root.split("/")[2]}


def assert_only_its_own(lens: Any, root: str, own: str, sessions: list[str]) -> None:
    """Of all that there is a phone gets the report of the session that it made, and how to exercise."""
    assert len(sessions) == 2
    parts = (
        "",
        "/framed",
        "/video",
        "/review",
        "/review/data",
        "/review/truth",
        "/compare",
        "/export/pdf",
        "/export/json",
    )
    asked = [f"/sessions/{name}{part}" for name in sessions for part in parts]
    asked += ["/sessions", "/people", "/people/ana", "/progress", "/progress/framed", "/uploads", "/uploads/status"]
    asked += ["/phone", "/phone/status", "/settings"]
    answers = {path: lens.request.get(root + path) for path in asked}
    assert {path for path, answer in answers.items() if answer.ok} == {f"/sessions/{own}", f"/sessions/{own}/framed"}
    assert not any(SOMEBODY in answer.text() for answer in answers.values())


def test_a_phone_is_the_camera_of_the_computers_screen(
    desk: Browser, phone: Browser, other_chromium: Chromium, open_house: tuple[str, Path], model_path: Path
) -> None:
    """Paired by the number on both screens; what it sees is counted on the other screen; ended, it is out."""
    link, data = open_house
    other_chromium.plays([Part(SAMPLE_VIDEOS / "push_up_floor_too_fast.mp4")], SOON_S)
    screen, lens, address = paired(desk, phone, link)
    base = link.split("/enter")[0]
    for wrong in (address, f"{address[:-4]}xxxx", f"{address.split('/pair')[0]}/lending"):
        answer = phone.stranger().get(wrong)
        assert (answer.status, answer.body()) == (403, b"")

    screen.goto(f"{base}/live?exercise=push_up&variant=floor&reps=50")
    screen.uncheck("#full")
    screen.check("#phone")
    screen.select_option("#pain", "3")  # the question afterwards is not passed over then
    screen.click("#begin")
    until(screen, "() => document.getElementById('veil').textContent.includes('phone')")
    lens.click(".card a[href='/lending']")
    lens.click("#begin")
    until(lens, "() => window.posturecam.watched")
    until(screen, counted(1))
    assert screen.evaluate(COLOURS) > 100  # the phone's picture itself is on the screen
    for page in (screen, lens):
        assert_fit(page, page.url)
        assert walked(page) == []

    screen.context.new_page().goto(f"{base}/phone")
    screen.context.pages[-1].click("text=End it for all phones")
    until(lens, "() => document.getElementById('problem').textContent.includes('ended the connection')")
    assert lens.request.get(lens.url).status == 403
    until(screen, "() => document.getElementById('veil').textContent.includes('phone')")
    screen.click("#finish")
    report = report_of(data, until(screen, "() => window.posturecam.ended")["sessions"])
    assert_fit(screen, "the end")
    assert walked(screen) == []
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
