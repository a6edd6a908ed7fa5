"""The count shown while exercising, against the reps that are counted in the end."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.live_counts import longest, shown
from tests.builders import push_up, record, rounds, times
from tests.specs import check, exercise


def test_a_set_of_push_ups_is_never_shown_far_from_what_is_counted() -> None:
    at, seconds = rounds(172.0, [85.0, 90.0, 85.0])
    got = shown(exercise(checks={"line": check()}), record(lambda t_s: push_up(at(t_s)), times(seconds, 20)))
    assert (got.counted, got.told, got.astray_s) == (3, 3, 0.0)


@pytest.mark.parametrize(
    ("astray", "seconds"),
    [
        ([0, 0, 0, 0, 0], 0.0),
        ([0, 1, 1, 0, 0], 1.0),
        ([0, 0, 0, 1, 1], 0.5),
        ([1, 0, 1, 1, 1], 1.0),
        ([0, 0, 0, 0, 1], 0.0),
    ],
)
def test_it_is_astray_until_the_first_frame_that_is_right_again(astray: list[int], seconds: float) -> None:
    assert longest(np.arange(5) * 0.5, np.array(astray, bool)) == pytest.approx(seconds)
