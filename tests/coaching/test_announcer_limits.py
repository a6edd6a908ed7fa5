"""When things are said, on either side of each limit."""

from __future__ import annotations

import pytest

from posturecam.coaching.announcer import Announcer, Say
from posturecam.coaching.goals import SetProgress
from posturecam.coaching.session import LiveState
from posturecam.model import Progress
from posturecam.spec.schema import Exercise
from tests.builders_report import make_result
from tests.specs import exercise, holding


def heard(states: list[tuple[float, LiveState, float]], spec: Exercise) -> list[tuple[float, str]]:
    """What is said of (seconds, state, held seconds) as they come; the first frame's greeting left out."""
    announcer = Announcer(spec)
    says: list[Say] = []
    for t_s, state, held_s in states:
        says += announcer.update(make_result(t_s, progress=Progress(0, 0, hold_s=held_s), guidance=None), state)
    return [(round(say.t_s, 1), say.text) for say in says if say.kind in ("guide", "time")]


def test_guidance_is_said_once_it_is_steady_and_then_again_after_eight_and_sixteen_seconds() -> None:
    state = LiveState("framing", guidance="Step into the picture")
    said_at = [t_s for t_s, _ in heard([(n / 10, state, 0.0) for n in range(300)], exercise())]
    assert said_at == pytest.approx([0.8, 8.8, 24.8], abs=0.11)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (20.0, ["Half way", "five seconds", "three", "two", "one"]),
        (13.0, ["Half way", "five seconds", "three", "two", "one"]),
        (11.0, ["five seconds", "three", "two", "one"]),
    ],
)
def test_half_of_a_hold_is_said_from_twelve_seconds_on_and_the_last_seconds_as_they_come(
    target: float, words: list[str]
) -> None:
    states = [
        (n / 10, LiveState("active", progress=SetProgress(done=n / 10, target=target)), n / 10)
        for n in range(1, round(10 * target))
    ]
    told = heard(states, holding())
    assert [text for _, text in told] == words
    assert [t_s for t_s, _ in told[-4:]] == pytest.approx([target - 5, target - 3, target - 2, target - 1], abs=0.11)
