"""The keyboard alone suffices: every control of every page is reached, shows that it is, and does what a mouse would do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.web.browsing import NEEDS_CHROMIUM, Browser, Chromium, until
from tests.web.keyboard import LISTENS, reach, walked
from tests.web.test_browser_pages import FETCHED, FRAMED, PLACES

pytestmark = NEEDS_CHROMIUM


@pytest.mark.parametrize(
    ("size", "scheme"), [((390, 844), "dark"), ((1280, 800), "light")], ids=["phone, dark", "laptop, light"]
)
def test_every_control_is_reached_and_shows_it(
    chromium: Chromium, furnished: tuple[str, str, str], size: tuple[int, int], scheme: str
) -> None:
    link, session, earlier = furnished
    base = link.split("/enter")[0]
    wrong = {}
    with Browser(chromium) as browser:
        page = browser.page(link, size, scheme, LISTENS)
        for place in (*PLACES, *FRAMED):
            page.goto(base + place.format(session, earlier=earlier))
            until(page, FETCHED.get(place, "() => document.querySelector('main')"))
            if problems := walked(page, back=scheme == "light"):
                wrong[place] = problems
    assert wrong == {}


def test_the_walk_finds_what_only_a_mouse_can_do(chromium: Chromium, furnished: tuple[str, str, str]) -> None:
    with Browser(chromium) as browser:
        page = browser.page(furnished[0], first=LISTENS)
        page.evaluate(SPOILT)
        found = walked(page)
    assert found == [
        "#dark: the focus has too little contrast",
        "#hidden: no focus is shown",
        "#only-mouse: Shift+Tab does not reach it",
        "#only-mouse: Tab does not reach it",
        "#only-mouse: only a mouse works it",
    ]


SPOILT = """() => {
  document.querySelector("main").innerHTML = '<div id="only-mouse">1</div><button id="hidden">2</button>'
    + '<div id="back"><button id="dark">3</button></div>';
  document.getElementById("only-mouse").addEventListener("click", () => {});
  document.getElementById("hidden").style.outline = "none";
  document.getElementById("back").style.background = "rgb(11, 107, 124)";
}"""


def test_the_first_press_leads_past_the_navigation(chromium: Chromium, furnished: tuple[str, str, str]) -> None:
    with Browser(chromium) as browser:
        page = browser.page(furnished[0])
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        until(page, "() => document.activeElement.id === 'main'")
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.closest('main') !== null")


def test_from_the_exercises_to_the_camera(chromium: Chromium, furnished: tuple[str, str, str]) -> None:
    with Browser(chromium) as browser:
        page = browser.page(furnished[0])
        for control in ("a[href='/exercises/cat_cow']", "main form button.main"):
            reach(page, control)
            with page.expect_navigation():
                page.keyboard.press("Enter")
        assert "/live?exercise=cat_cow" in page.url


def test_a_session_is_reviewed(chromium: Chromium, furnished: tuple[str, str, str]) -> None:
    """Verdict, repetition, moment, comment and saving; a control that is made anew keeps the focus."""
    link, _, session = furnished
    base = link.split("/enter")[0]
    with Browser(chromium) as browser:
        page = browser.page(link)
        page.goto(f"{base}/sessions/{session}/review")
        until(page, FETCHED["/sessions/{}/review"])
        starts = [one["start_s"] for one in reviewed(page, session)["items"]]

        reach(page, "#line")
        page.keyboard.press("PageUp")
        page.keyboard.press("PageUp")
        assert now(page) == pytest.approx(starts[1], abs=0.02)
        page.keyboard.press("ArrowRight")
        assert now(page) == pytest.approx(starts[1] + 1 / 30, abs=0.02)
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("PageDown")
        assert now(page) == pytest.approx(starts[0], abs=0.02)

        reach(page, ".item:nth-child(1) summary")
        page.keyboard.press("Enter")
        reach(page, ".item:nth-child(1) select")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("() => document.activeElement.value") == "fault"
        reach(page, ".item:nth-child(2) .head button:last-child")
        page.keyboard.press("Space")
        assert page.evaluate("() => document.activeElement.textContent") == "Counts after all"
        reach(page, "#comment")
        page.keyboard.type("a slow one")
        reach(page, "#add-comment")
        page.keyboard.press("Enter")
        reach(page, "#save")
        page.keyboard.press("Enter")
        until(page, "() => document.getElementById('told').textContent === 'Saved.'")
        said = reviewed(page, session)["review"]
    assert [(one["item"], one["verdict"]) for one in said["verdicts"]] == [(1, "fault")]
    assert said["deleted"] == [2]
    assert [(one["text"], one["t_s"]) for one in said["comments"]] == [
        ("a slow one", pytest.approx(starts[0], abs=0.02))
    ]


def now(page: Any) -> float:
    """The moment that the time line tells."""
    return float(page.get_attribute("#line", "aria-valuenow"))


def reviewed(page: Any, session: str) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(f"() => fetch('/sessions/{session}/review/data').then((one) => one.json())")
    return found


def test_a_line_is_drawn(chromium: Chromium, furnished: tuple[str, str, str]) -> None:
    link, session, _ = furnished
    with Browser(chromium) as browser:
        page = browser.page(link)
        page.goto(f"{link.split('/enter')[0]}/sessions/{session}/review")
        until(page, FETCHED["/sessions/{}/review"])
        page.select_option("#tool", "2")
        page.focus("#drawing")
        for key in ("Enter", "ArrowRight", "ArrowRight", "ArrowUp", "Enter"):
            page.keyboard.press(key)
        assert "Line at" in page.inner_text("#notes")
        reach(page, "#notes button:last-child")
        page.keyboard.press("Enter")
        assert page.inner_text("#notes") == ""
        assert page.evaluate("() => document.activeElement.id") == "comment"
        assert browser.complaints == []


def test_two_sessions_are_compared(chromium: Chromium, furnished: tuple[str, str, str]) -> None:
    link, later, earlier = furnished
    with Browser(chromium) as browser:
        page = browser.page(link)
        page.goto(f"{link.split('/enter')[0]}/sessions/{later}/compare?with={earlier}")
        until(page, FETCHED["/sessions/{}/compare?with={earlier}"])
        begun = page.evaluate("() => window.posturecam.times[0]")
        reach(page, "#forth")
        page.keyboard.press("Enter")
        next_ = page.evaluate("() => window.posturecam.times[0]")
        assert next_ > begun
        reach(page, "#seek")
        page.keyboard.press("ArrowRight")
        assert next_ < page.evaluate("() => window.posturecam.times[0]") < next_ + 0.1


def test_a_list_that_changes_all_the_time_leaves_the_focus_where_it_is(
    chromium: Chromium, furnished: tuple[str, str, str]
) -> None:
    """The analysis goes on while somebody is at its button."""
    link = furnished[0]
    shares = iter(range(1, 100))

    def progress(route: Any) -> None:
        jobs = [
            {
                "id": name,
                "name": name,
                "state": "running",
                "what": "",
                "share": next(shares) / 100,
                "row": [],
                "session": None,
            }
            for name in ("first", "second")
        ]
        route.fulfill(status=200, content_type="application/json", body=json.dumps({"jobs": jobs, "parts": []}))

    with Browser(chromium) as browser:
        page = browser.page(link)
        page.route("**/uploads/status", progress)
        page.goto(f"{link.split('/enter')[0]}/uploads")
        until(page, "() => document.querySelectorAll('#rows button').length === 2")
        reach(page, "#rows tr:nth-child(2) button")
        share = page.evaluate(SHARE)
        until(page, f"() => {SHARE[6:]} > {share}")
        assert page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "Stop: second"


SHARE = "() => document.querySelector('#rows progress').value"
