"""Now and then somebody else is looked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from posturecam.model import Frame
from posturecam.pose import people
from posturecam.pose.people import Watching


class Told:
    """In place of a model: notes what is done with it, and sees nobody."""

    said: list[str]

    def __init__(self, _path: str, silhouette: bool, people: int = 1, *, apart: bool = False) -> None:
        self._name = "everybody" if apart else "one"
        Told.said.append(f"{self._name} loaded")

    def estimate(self, _frame: Frame) -> None:
        Told.said.append("one looked for")

    def estimate_all(self, _frame: Frame) -> list[Any]:
        Told.said.append("everybody looked for")
        return []

    def close(self) -> None:
        Told.said.append(f"{self._name} closed")


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done with the models, in order."""
    monkeypatch.setattr(people, "MediaPipeEstimator", Told)
    monkeypatch.setattr(Told, "said", [], raising=False)
    return Told.said


def frame(t_s: float) -> Frame:
    """A picture of which no two are the same."""
    return Frame(round(25 * t_s), t_s, np.full((48, 64, 3), round(t_s * 40) % 256, np.uint8))


def test_the_first_pose_waits_for_one_model_only(said: list[str]) -> None:
    with Watching("model.task", silhouette=False) as watching:
        watching.estimate(frame(0.0))
    assert said == [
        "one loaded",
        "one looked for",
        "everybody loaded",
        "everybody looked for",
        "one closed",
        "everybody closed",
    ]


def test_others_are_looked_for_every_two_seconds_with_a_model_that_is_loaded_once(said: list[str]) -> None:
    with Watching("model.task", silhouette=False) as watching:
        for number in range(5):
            watching.estimate(frame(1.0 * number))
    assert said.count("everybody looked for") == watching.looks == 3
    assert said.count("everybody loaded") == 1


def test_a_part_whose_warm_up_is_not_over_loads_no_second_model(said: list[str]) -> None:
    with Watching("model.task", silhouette=False, first_s=1.0) as watching:
        watching.estimate(frame(0.0))
    assert said == ["one loaded", "one looked for", "one closed"]
