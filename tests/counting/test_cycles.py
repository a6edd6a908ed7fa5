"""The ends of a cycle, on either side of its limits."""

from __future__ import annotations

import numpy as np
import pytest

from posturecam.counting.cycles import count_cycles
from posturecam.counting.movements import Counted, Signal
from posturecam.spec.schema import Reps
from tests.builders import path
from tests.specs import reps

CAT_COW = Reps.model_validate(
    reps(min_range=20) | {"from": "middle", "cycle": True, "ends": {"cat": "high", "cow": "low"}}
)


def counted(*keys: tuple[float, float], known_range: float = 0.0) -> Counted:
    value = path(*keys)
    t_s = np.arange(0.0, keys[-1][0], 1 / 30)
    values = np.array([value(t) for t in t_s.tolist()])
    return count_cycles(CAT_COW, t_s, Signal(values, np.ones(len(t_s), dtype=bool), None, 6.0, 3.0), known_range)


@pytest.mark.parametrize(("wobble", "cycles"), [(17.5, 2), (22.5, 3)])
def test_an_end_stands_out_by_a_quarter_of_the_whole_way(wobble: float, cycles: int) -> None:
    # from the cow half way up, back by so much of the 80 from end to end, and on to the cat
    ends = [
        (0, 0),
        (2, 0),
        (4, 40),
        (6, -40),
        (7.5, wobble / 2),
        (9, -wobble / 2),
        (10.5, 40),
        (12.5, -40),
        (14, 0),
        (16, 0),
    ]
    assert len(counted(*ends).reps) == cycles


@pytest.mark.parametrize(("start", "cycles"), [(13.0, 0), (19.0, 1)])
def test_a_recording_that_begins_at_an_end_shows_seven_tenths_of_the_way_from_it(start: float, cycles: int) -> None:
    assert len(counted((0, start), (2, -40), (4, -40), (6, -6), (8, -6), known_range=80.0).reps) == cycles


@pytest.mark.parametrize(("start", "first"), [(-18.0, "cat"), (-22.0, "cow")])
def test_what_falls_a_quarter_short_of_the_other_ends_is_no_end(start: float, first: str) -> None:
    ends = [(4, 40), (6, 40), (8, -40), (10, -40), (12, 40), (14, 40), (16, -40), (18, -40), (20, 0)]
    assert counted((0, start), (2, start), *ends).reps[0].visits[0][0] == first
