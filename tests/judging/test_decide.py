"""What a recording is counted by, and how small a movement still is one, on either side of each limit."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from posturecam.judging.decide import decide, rule_for
from posturecam.judging.observed import observe
from posturecam.spec.catalogue import load_exercise
from tests.builders import push_up, record, rounds, times
from tests.specs import exercise

PUSH_UP = load_exercise("push_up")


class Rows(SimpleNamespace):
    """Measures as they stand, seen in the first so many of 100 rows."""

    def __len__(self) -> int:
        return 100

    def values(self, name: str, _side: str) -> np.ndarray:
        return np.where(np.arange(100) < self.seen[name], 1.0, np.nan)


@pytest.mark.parametrize(
    ("seen", "other_seen", "counted_by"),
    [(45, 60, "elbow"), (35, 50, "chest_height"), (35, 34, "elbow"), (60, 82, "elbow"), (60, 88, "chest_height")],
    ids=[
        "seen well enough",
        "hardly seen",
        "but the other is not seen better",
        "the other little better",
        "far better",
    ],
)
def test_a_signal_is_counted_by_while_four_tenths_of_it_or_all_but_a_quarter_is_seen(
    seen: int, other_seen: int, counted_by: str
) -> None:
    rows: Any = Rows(exercise=PUSH_UP, sides=("left",), seen={"elbow": seen, "chest_height": other_seen})
    assert rule_for(rows).signal == counted_by


@pytest.mark.parametrize(("degrees", "reps"), [(8.5, 0), (12.5, 3)])
def test_a_movement_is_told_from_an_error_of_five_degrees_from_ten_on(degrees: float, reps: int) -> None:
    elbow, seconds = rounds(150.0, [150.0 - degrees] * 3)
    observed = observe(exercise(), record(lambda t_s: push_up(elbow(t_s)), times(seconds, 30)))
    assert len(decide(observed).counted.reps) == reps
