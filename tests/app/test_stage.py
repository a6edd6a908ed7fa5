"""The desktop's stage asks for pain: by keys of its window, for a while, and not at all without one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from posturecam.app import stage
from posturecam.app.stage import DesktopStage, Picture
from posturecam.model import ImageArray
from posturecam.pipeline import StopSession
from tests.hosts import Listening


@dataclass
class Pressed:
    """A window before which somebody presses a key with every picture; "" presses none, "x" closes it."""

    wanted: list[str]
    keys: dict[str, Callable[[], None]] = field(default_factory=dict)
    shown: list[ImageArray] = field(default_factory=list)
    closed_by_person: bool = False
    room: tuple[int, int] = (640, 360)

    def show(self, picture: ImageArray, t_s: float = 0.0) -> None:
        self.shown.append(picture)
        key = self.wanted.pop(0) if self.wanted else ""
        if key == "x":
            raise StopSession
        if key:
            self.keys[key]()


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that goes on by half a second with every look at it, and nobody sleeps."""
    now = iter(range(10_000))
    monkeypatch.setattr(stage.time, "monotonic", lambda: next(now) / 2)
    monkeypatch.setattr(stage.time, "sleep", lambda _seconds: None)


def asked(*wanted: str, when: str = "before") -> object:
    desktop = DesktopStage(Picture(window=False), Listening(), voice=False)
    desktop.window = Pressed(list(wanted))  # type: ignore[assignment]
    return desktop.ask_pain(when)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "answer"),
    [
        (["7"], 7),
        (["", "0"], 0),
        (["1", "0"], 10),
        (["4", "s"], None),
        (["space"], None),
        ([], None),
        (["q"], "stop"),
        (["x"], "stop"),
    ],
)
def test_keys_answer_and_so_does_silence(hours: None, wanted: list[str], answer: object) -> None:
    assert asked(*wanted) == answer


def test_without_a_window_nobody_is_asked() -> None:
    assert DesktopStage(Picture(window=False), Listening(), voice=False).ask_pain("before") is None
