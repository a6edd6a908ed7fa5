"""Every page in a real browser: fit for everybody, on a phone and on a laptop; reviewing and comparing as they are done."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from posturecam.sinks.video import VideoWriter
from tests import builders as build
from tests import stored
from tests.web.browsing import NEEDS_CHROMIUM, Browser, Chromium, until
from tests.web.fitness import assert_fit
from tests.web.keyboard import LISTENS, reach, walked

pytestmark = NEEDS_CHROMIUM
PLACES = ("/", "/exercises/push_up", "/live?exercise=push_up", "/live?need=stretch&minutes=10", "/sessions", "/sessions/{}",
          "/sessions/{}/review", "/sessions/{}/compare", "/sessions/{}/compare?with={earlier}", "/people", "/people/ana",
          "/progress", "/uploads", "/phone", "/settings", "/nothing", "/enter/wrong")  # fmt: skip
FRAMED = ("/sessions/{}/framed", "/progress/framed")
"""What the frames show, as pages of their own."""
FETCHED = {
    "/sessions/{}/review": "() => document.querySelector('.item')",
    "/sessions/{}/compare?with={earlier}": "() => window.posturecam",
}
"""What is only there once a page's script has asked for it."""


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=["phone", "laptop"])
def test_every_page_is_fit_for_everybody(
    chromium: Chromium, furnished: tuple[str, str, str], size: tuple[int, int]
) -> None:
    link, session, earlier = furnished
    base = link.split("/enter")[0]
    with Browser(chromium) as browser:
        page = browser.page(link, size)
        for place in (*PLACES, *FRAMED):
            page.goto(base + place.format(session, earlier=earlier))
            page.wait_for_function(FETCHED.get(place, "() => document.querySelector('main')"))
            assert_fit(page, place)
    refused = ("404", "403")  # what is not there, and a link of another start
    assert [text for text in browser.complaints if not any(one in text for one in refused)] == []
    assert all(url.startswith((base, "data:", "blob:")) for url in browser.requests)


def test_a_phones_own_pages_are_fit_for_everybody(chromium: Chromium, furnished: tuple[str, str, str]) -> None:
    link = furnished[0]
    with Browser(chromium) as desk, Browser(chromium) as phone:
        screen = desk.page(link, first=LISTENS)
        screen.goto(f"{link.split('/enter')[0]}/phone")
        screen.click("text=Show the code to scan")
        lens = phone.page(screen.inner_text(".card code >> nth=0"), (390, 844), first=LISTENS)
        assert_fit(lens, "waiting")
        screen.wait_for_selector("text=Let it in")
        assert_fit(screen, "letting in")
        assert walked(screen) == []
        reach(screen, "button[value=yes]")
        screen.keyboard.press("Enter")
        lens.wait_for_url(lambda url: "/pair/" not in url)
        for place in ("/", "/exercises/push_up", "/live?exercise=push_up", "/lending"):
            lens.goto("/".join(lens.url.split("/")[:3]) + place)
            assert_fit(lens, place)
            assert walked(lens) == []
        screen.click("text=End it for all phones")
    assert [*desk.complaints, *phone.complaints] == []


@pytest.mark.parametrize("place", ["/sessions/{}", "/people/ana", "/progress"])
def test_a_frame_is_as_tall_as_what_it_shows(chromium: Chromium, furnished: tuple[str, str, str], place: str) -> None:
    """The page alone scrolls, also on a phone, where two scroll bars in one another cannot be used."""
    link, session, _ = furnished
    with Browser(chromium) as browser:
        page = browser.page(link, (390, 844))
        page.goto(link.split("/enter")[0] + place.format(session))
        frame = page.frames[1]
        until(frame, "() => innerHeight >= document.documentElement.scrollHeight && innerHeight > 1000")
        page.set_viewport_size({"width": 1280, "height": 800})
        page.locator("iframe").scroll_into_view_if_needed()
        until(frame, "() => innerWidth > 1000 && innerHeight - document.body.scrollHeight < 40")
        assert frame.evaluate("() => innerHeight >= document.documentElement.scrollHeight")
        assert browser.complaints == []


def test_a_review_is_made_saved_and_shown(chromium: Chromium, furnished: tuple[str, str, str]) -> None:
    link, session, _ = furnished
    base = link.split("/enter")[0]
    with Browser(chromium) as browser:
        page = browser.page(link)
        page.goto(f"{base}/sessions/{session}/review")
        page.fill("#reviewer", "Bo")
        page.click(".item >> nth=0 >> summary")
        page.select_option(".item >> nth=0 >> select >> nth=0", "fault")
        page.click(".item >> nth=2 >> summary")
        page.select_option(".item >> nth=2 >> select >> nth=0", "fault")
        page.click(".item >> nth=1 >> text=Does not count")
        page.fill("#comment", "look here")
        page.click("#add-comment")
        page.check("#complete")
        page.click("#save")
        page.wait_for_function("() => document.getElementById('told').textContent === 'Saved.'")
        with page.expect_download() as handed_out:
            page.click("text=truth.json")
        [truth] = json.loads(handed_out.value.path().read_text())
        page.goto(f"{base}/sessions/{session}")
        said = page.inner_text(".reviewer")
        for words in ("By Bo", "a fault, where right was measured", "Rep 2 is none", "look here"):
            assert words in said
        assert said.count("a fault, where right was measured") == 2
        assert page.frame_locator("iframe.report").locator("h1").inner_text().startswith("Push-up")
    assert (truth["reps"], len(truth["faults"]), truth["label"]) == (2, 1, "wrong")
    assert "look here" in truth["notes"]
    assert browser.complaints == []


def test_two_sessions_are_shown_at_the_same_phase(chromium: Chromium, furnished: tuple[str, str, str]) -> None:
    link, later, earlier = furnished
    with Browser(chromium) as browser:
        page = browser.page(link)
        page.goto(f"{link.split('/enter')[0]}/sessions/{later}/compare?with={earlier}")
        page.wait_for_function("() => window.posturecam")
        knots = page.evaluate(f"() => fetch('/sessions/{later}/compare/data?with={earlier}').then((one) => one.json())")
        for first, second in knots["knots"][1:4]:
            page.click("#forth")
            shown = page.evaluate("() => window.posturecam")
            assert shown["times"] == pytest.approx([first, second], abs=0.01)
        page.click("#play")
        page.wait_for_function(f"() => window.posturecam.times[0] > {knots['knots'][3][0]} + 0.3")
        page.click("#play")
        shown = page.evaluate("() => window.posturecam")
        assert shown["times"] == pytest.approx(shown["wanted"], abs=0.05)
        assert browser.complaints == []


def test_the_curve_is_shaded_where_it_is_at_fault(chromium: Chromium, furnished: tuple[str, str, str]) -> None:
    link, session, _ = furnished
    with Browser(chromium) as browser:
        page = browser.page(link)
        page.goto(f"{link.split('/enter')[0]}/sessions/{session}/review")
        until(page, FETCHED["/sessions/{}/review"])
        shaded = {}
        for label in page.locator("#curve option").all_inner_texts():
            page.select_option("#curve", label=label)
            shaded[label.split(": ")[1]] = page.evaluate(SHADED)
    # above and below: too wide an elbow at the bottom, hips under their line, hips over it
    assert shaded["what is counted on"] == [False, False]
    assert shaded["not low enough"] == [True, False]
    assert shaded["hips sagging"] == [False, True]
    assert shaded["hips too high"] == [True, False]


SHADED = """() => {
  const canvas = document.getElementById("curves"), pen = canvas.getContext("2d");
  const fault = getComputedStyle(document.documentElement).getPropertyValue("--fault-pale").trim();
  return [2, canvas.height - 24].map((y) => {
    const [r, g, b] = pen.getImageData(canvas.width - 3, y, 1, 1).data;
    return fault === "#" + [r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("");
  });
}"""


def test_a_picture_is_sent_once(chromium: Chromium, furnished: tuple[str, str, str]) -> None:
    """Answers that come faster than the camera's pictures wait for the next one."""
    with Browser(chromium) as browser:
        assert browser.page(furnished[0]).evaluate(FED) == [1, 1, 2]


FED = """async () => {
  const { Feed } = await import("/static/camera.js"), sent = [], counts = [];
  const camera = Object.assign(document.createElement("canvas"), {
    readyState: 4, srcObject: {}, videoWidth: 64, videoHeight: 48, requestVideoFrameCallback: (next) => { camera.next = next; },
  });
  const feed = new Feed(camera, () => ({ readyState: 1, send: (picture) => sent.push(picture) }), () => true);
  const settled = async () => { while (feed.busy) await new Promise((done) => setTimeout(done)); counts.push(sent.length); };
  feed.run();
  await settled();
  feed.taken(1);
  feed.send();
  await settled();
  camera.next();
  await settled();
  return counts;
}"""
SLOWLY = {"way_s": 2.4, "stay_s": 0.8}
GREY = """() => [...document.querySelectorAll("video")].map((video) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 }), pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0, 8, 8);
  return pen.getImageData(4, 4, 1, 1).data[0];
})"""
STANDS = "() => [...document.querySelectorAll('video')].every((video) => !video.seeking && video.readyState > 1)"


@pytest.fixture(scope="module")
def filmed(furnished: tuple[str, str, str], furniture: Path) -> tuple[str, str]:
    """Two sessions with videos, whose pictures are the brighter the straighter the arms are; the later one goes more slowly."""
    names = []
    for day, pace in ((11, {}), (12, SLOWLY)):
        move, seconds = build.rounds(172.0, DEPTHS, **pace)
        session = stored.store_session(
            stored.own_store(furniture), stored.push_ups(DEPTHS, **pace), created=stored.WHEN.replace(day=day)
        )
        writer = VideoWriter(session.folder / "recording.mp4")
        for t_s in build.times(seconds, 30.0):
            writer.show(np.full((48, 64, 3), round(move(t_s)), np.uint8), t_s)
        writer.close()
        names.append(session.id)
    return names[0], names[1]


DEPTHS = (90.0, 91.0, 89.0)
ALIKE = 12
"""Degrees of the elbow that two pictures of one phase may differ by: 82 lie between straight and bent."""


def test_two_videos_are_shown_at_the_same_phase(
    chromium: Chromium, furnished: tuple[str, str, str], filmed: tuple[str, str]
) -> None:
    """At the ends of each rep, wherever it is stopped in between, and while they play: each at its own pace."""
    earlier, later = filmed
    with Browser(chromium) as browser:
        page = browser.page(furnished[0])
        if not page.evaluate("() => document.createElement('video').canPlayType('video/mp4; codecs=\"avc1.640028\"')"):
            pytest.skip("this Chromium plays no H.264")
        page.goto(f"{furnished[0].split('/enter')[0]}/sessions/{later}/compare?with={earlier}")
        until(page, FETCHED["/sessions/{}/compare?with={earlier}"])
        seen = []
        for _ in range(5):
            until(page, STANDS)
            seen.append(page.evaluate(GREY))
            page.click("#forth")
        knots = page.evaluate(
            f"() => fetch('/sessions/{later}/compare/data?with={earlier}').then((one) => one.json())"
        )["knots"]
        assert all(abs(one - other) < ALIKE for one, other in seen), seen
        assert [one < 131 for one, _ in seen] == [False, True, False, False, True]

        page.click("#play")
        for moment in (knots[5][0] + 0.1, knots[6][0] + 0.4):
            until(page, f"() => window.posturecam.times[0] > {moment}")
            rates = page.evaluate("() => [...document.querySelectorAll('video')].map((video) => video.playbackRate)")
            page.click("#play")
            until(page, STANDS)
            shown, (one, other) = page.evaluate("() => window.posturecam"), page.evaluate(GREY)
            assert shown["times"] == pytest.approx(shown["wanted"], abs=0.01)
            assert shown["wanted"][1] - shown["wanted"][0] > 1.0
            assert rates[1] > rates[0]
            assert abs(one - other) < ALIKE
            page.click("#play")
        assert browser.complaints == []
