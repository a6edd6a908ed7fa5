"""Every page in a real browser: fit for everybody, on a phone and on a laptop; reviewing and comparing as they are done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from posturecam.store import PeopleStore
from tests import stored
from tests.web.browsing import NEEDS_CHROMIUM, Browser, Chromium
from tests.web.serving import program

axe_module = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)
pytestmark = NEEDS_CHROMIUM
SERIOUS = {"serious", "critical"}
COLOURS = ["color-contrast", "link-in-text-block"]
"""All rules of axe that speak of colours; nothing else differs between light and dark."""


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str]]:
    """A running page with two sessions: its link, the newer one's id and the earlier one's."""
    data = tmp_path_factory.mktemp("furnished")
    store = stored.own_store(data)
    people = PeopleStore(data / "people")
    people.add(people.named("Ana"))
    earlier = stored.store_session(store, person="Ana", pictures=True)
    session = stored.store_session(
        store, stored.push_ups((90.0, 91.0, 89.0)), person="Ana", created=stored.WHEN.replace(day=8)
    )
    with program(data, "--lan", "--address", "127.0.0.1") as (_, link):
        yield link, session.id, earlier.id


PLACES = ("/", "/exercises/push_up", "/live?exercise=push_up", "/live?need=stretch&minutes=10", "/sessions", "/sessions/{}",
          "/sessions/{}/review", "/sessions/{}/compare", "/sessions/{}/compare?with={earlier}", "/people", "/people/ana",
          "/progress", "/uploads", "/phone", "/settings", "/nothing")  # fmt: skip
FETCHED = {
    "/sessions/{}/review": "() => document.querySelector('.item')",
    "/sessions/{}/compare?with={earlier}": "() => window.posturecam",
}
"""What is only there once a page's script has asked for it."""


def assert_fit(page: Any, place: str) -> None:
    """Nobody is shut out, by light or by dark, and nothing is wider than the screen."""
    for scheme, only in (("light", {}), ("dark", {"runOnly": {"type": "rule", "values": COLOURS}})):
        page.emulate_media(color_scheme=scheme)
        found = axe_module.Axe().run(page, options={"resultTypes": ["violations"], **only}).response["violations"]
        serious = [one for one in found if one["impact"] in SERIOUS]
        assert [(place, scheme, one["id"], one["nodes"][0]["html"]) for one in serious] == []
    wider = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, place


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=["phone", "laptop"])
def test_every_page_is_fit_for_everybody(
    chromium: Chromium, furnished: tuple[str, str, str], size: tuple[int, int]
) -> None:
    link, session, earlier = furnished
    base = link.split("/enter")[0]
    with Browser(chromium) as browser:
        page = browser.page(link, size)
        for place in PLACES:
            page.goto(base + place.format(session, earlier=earlier))
            page.wait_for_function(FETCHED.get(place, "() => document.querySelector('main')"))
            assert_fit(page, place)
    assert [text for text in browser.complaints if "404" not in text] == []
    assert all(url.startswith((base, "data:", "blob:")) for url in browser.requests)


def test_a_phones_own_pages_are_fit_for_everybody(chromium: Chromium, furnished: tuple[str, str, str]) -> None:
    link = furnished[0]
    with Browser(chromium) as desk, Browser(chromium) as phone:
        screen = desk.page(link)
        screen.goto(f"{link.split('/enter')[0]}/phone")
        screen.click("text=Show the code to scan")
        lens = phone.page(screen.inner_text(".card code >> nth=0"), (390, 844))
        assert_fit(lens, "waiting")
        screen.wait_for_selector("text=Let it in")
        assert_fit(screen, "letting in")
        screen.click("text=Let it in")
        lens.wait_for_url(lambda url: "/pair/" not in url)
        for place in ("/", "/exercises/push_up", "/live?exercise=push_up", "/lending"):
            lens.goto("/".join(lens.url.split("/")[:3]) + place)
            assert_fit(lens, place)
        screen.click("text=End it for all phones")
    assert [*desk.complaints, *phone.complaints] == []


def test_the_keyboard_alone_leads_from_the_exercises_to_the_camera(
    chromium: Chromium, furnished: tuple[str, str, str]
) -> None:
    with Browser(chromium) as browser:
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
        page.click(".item >> nth=1 >> text=Is none")
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


def test_a_line_is_drawn_by_the_keyboard_alone(chromium: Chromium, furnished: tuple[str, str, str]) -> None:
    link, session, _ = furnished
    with Browser(chromium) as browser:
        page = browser.page(link)
        page.goto(f"{link.split('/enter')[0]}/sessions/{session}/review")
        page.wait_for_function("() => document.querySelector('.item')")
        page.select_option("#tool", "2")
        page.focus("#drawing")
        for key in ("Enter", "ArrowRight", "ArrowRight", "ArrowUp", "Enter"):
            page.keyboard.press(key)
        assert "Line at" in page.inner_text("#notes")
        page.click(".item >> nth=0 >> text=Confirm")
        page.click("#save")
        page.wait_for_function("() => document.getElementById('told').textContent === 'Saved.'")
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
