"""Presentation times start at 0 and strictly increase, whatever the file says."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posturecam.sources.timing import PresentationClock


def times(stamps: Sequence[float | None], step: float = 0.1) -> tuple[list[float], int]:
    clock = PresentationClock(step)
    return [clock.next(stamp) for stamp in stamps], clock.mended


def test_good_times_only_lose_their_start() -> None:
    assert times([5.0, 5.1, 5.4, 5.45]) == (pytest.approx([0.0, 0.1, 0.4, 0.45]), 0)


def test_missing_times_take_the_usual_step() -> None:
    assert times([0.0, None, math.nan, 0.35]) == (pytest.approx([0.0, 0.1, 0.2, 0.35]), 2)


def test_a_recording_without_any_time_runs_at_its_usual_step() -> None:
    assert times([None, None, None]) == (pytest.approx([0.0, 0.1, 0.2]), 3)


def test_one_repeated_time_does_not_shift_the_following() -> None:
    assert times([0.0, 0.1, 0.1, 0.3]) == (pytest.approx([0.0, 0.1, 0.15, 0.3]), 1)


def test_a_clock_that_starts_anew_goes_on_from_where_it_was() -> None:
    result, _ = times([0.0, 0.1, 0.2, 0.3, 0.0, 0.1, 0.2])
    assert result[-1] == pytest.approx(0.6, abs=0.06)
    assert times([0.0, 50.0 - 50.0 + 0.1, 90.0, 90.1])[0] == pytest.approx([0.0, 0.1, 0.2, 0.3])


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True)), min_size=1, max_size=60))
def test_times_strictly_increase_from_0_for_any_input(stamps: list[float | None]) -> None:
    result, _ = times(stamps)
    assert result[0] == 0.0
    assert all(math.isfinite(time) for time in result)
    assert all(later > sooner for sooner, later in itertools.pairwise(result))


def test_what_was_missing_and_how_often_the_clock_was_set_anew_is_counted_apart() -> None:
    clock = PresentationClock(0.1)
    for stamp in (0.0, 0.1, None, 0.3, 0.3, 90.0):
        clock.next(stamp)
    assert (clock.mended, clock.missing, clock.resets) == (3, 1, 1)
