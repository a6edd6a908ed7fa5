"""What has to be read from 3 m away is 5 mm high on a screen of 14 inches, on every live screen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.screens import CAPITALS, SCREENS, WIDTH_MM, Scene, painted
from posturecam.language import gettext, use
from posturecam.spec.catalogue import load_exercise
from tests import builders_report as make

PICTURES = {
    "4:3": ("push_up", "floor", (480, 640)),
    "16:9": ("side_plank", "classic", (360, 640)),
    "upright": ("neck_flexion", None, (480, 270)),
    "two sides": ("neck_flexion", None, (480, 640)),
}
READ_MM, SMALLEST_MM = 8.0, 4.6
"""Capitals of what is read first, and of all other words: those that stand with others in one place may be a little smaller."""
LONGER_READ_MM, LONGER_MM = 6.5, 3.6
"""The same in languages whose words are longer."""


def heights_mm(picture: str, screen: str) -> dict[str, dict[str, float]]:
    """How high the capitals of each text are, by screen."""
    name, variant, shape = PICTURES[picture]
    result = replace(make.make_result(), pose=None, verdicts=())
    one = Scene(load_exercise(name, variant), np.zeros((*shape, 3), np.uint8), result)
    room = SCREENS[screen]
    whole = SCREENS["1280x720"] if screen == "window" else room
    return {
        title: {text: size * CAPITALS * WIDTH_MM / max(whole) for size, text in seen}
        for title, _, seen in painted(one, room)
    }


@pytest.mark.parametrize("screen", ["1280x720", "upright", "window"])
@pytest.mark.parametrize("picture", PICTURES)
def test_words_are_legible_on_every_live_screen(picture: str, screen: str) -> None:
    for title, heights in heights_mm(picture, screen).items():
        assert max(heights.values()) >= READ_MM, title
        small = {text: height for text, height in heights.items() if height < SMALLEST_MM}
        assert not small, title


@pytest.mark.parametrize("language", ["de", "es"])
@pytest.mark.parametrize("picture", PICTURES)
def test_words_are_legible_in_other_languages_and_none_is_left_out(picture: str, language: str) -> None:
    use(language)
    screens = heights_mm(picture, "window")
    for title, heights in screens.items():
        assert max(heights.values()) >= LONGER_READ_MM, title
        small = {text: height for text, height in heights.items() if height < LONGER_MM}
        assert not small, title
    keys = " ".join(screens["rest between"]).replace("\u00a0", " ")
    assert gettext("B: back") in keys
