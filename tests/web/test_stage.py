"""The page as a stage: the film before each exercise, turning over, rests, and what the browser is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from posturecam.app.live_steps import Step, one_exercise, programme
from posturecam.coaching.session import LiveSession
from posturecam.web.camera import BrowserCamera
from posturecam.web.stage import PageStage

FIRST, SECOND = one_exercise("push_up", "floor").steps[0], one_exercise("reverse_fly").steps[0]


class Page:
    """A stage and what it told."""

    def __init__(self) -> None:
        self.told: list[Mapping[str, Any]] = []
        self.camera = BrowserCamera()
        self.stage = PageStage(self.camera, self.told.append)

    def begin(self, step: Step = FIRST, of: int = 3) -> LiveSession:
        session = LiveSession(step.exercise, step.goal, turns=of > 1)
        self.stage.sinks(step, session, self.camera, number=0, of=of)
        return session

    def demonstrate(self) -> str:
        return self.stage.demonstrate(SECOND, self.camera, number=1, of=3)


@pytest.fixture
def page() -> Page:
    return Page()


def test_the_first_film_was_on_the_page_that_began_it(page: Page) -> None:
    assert page.demonstrate() == "go"
    assert page.told == []


@pytest.mark.parametrize(("wish", "means"), [("skip", "go"), ("next", "next"), ("back", "back"), ("finish", "stop")])
def test_what_is_wished_during_the_film(page: Page, wish: Any, means: str) -> None:
    page.begin()
    timer = threading.Timer(0.05, page.stage.wish, [wish])
    timer.start()
    assert page.demonstrate() == means
    shown = page.told[-1]
    assert shown["kind"] == "demonstration"
    assert shown["film"] == "/films/reverse_fly/front"
    assert shown["steps"] == list(SECOND.exercise.steps)
    assert all(step in shown["says"][0][1] for step in SECOND.exercise.steps)
    assert page.stage.closed_by_person is (wish == "finish")


def test_a_session_that_is_ended_does_not_wait_for_the_film(page: Page) -> None:
    page.begin()
    page.camera.end()
    assert page.demonstrate() == "stop"


def test_wishes_are_granted_between_two_frames(page: Page) -> None:
    session = page.begin()
    page.stage.wish("next")
    assert not session.state.ended
    page.stage.before(False)
    assert session.state.ended == "next"


def test_a_rest_tells_what_comes_and_asks_for_discomfort(page: Page) -> None:
    page.begin()
    page.stage.rest_begins(FIRST, SECOND, 0.0)
    said = page.told[-1]["says"][0][1]
    assert "pain" in said
    assert f"Next: {SECOND.title}." in said
    assert page.stage.resting(FIRST, SECOND, 20.0, 1.0) is None
    assert page.told[-1]["rest_s"] == 20.0
    page.stage.wish("skip")
    assert page.stage.resting(FIRST, SECOND, 19.9, 1.1) == "go"


def test_everything_that_is_told_is_json(page: Page) -> None:
    for step in programme("upper_back_relief").steps:
        page.begin(step)
        page.stage.rest_begins(FIRST, step, 0.0)
    assert json.dumps(page.told, allow_nan=False)
