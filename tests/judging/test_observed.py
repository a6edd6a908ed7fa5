"""The table that counting and judging read: where the camera stands in each row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posturecam.judging.observed import Observed, Window, observe
from posturecam.kinematics.track import VIEWS
from posturecam.spec.schema import Exercise
from tests.builders import record, standing, times
from tests.specs import arm_raise

SIDE_ON, TO_CAMERA = standing(yaw=90.0), standing()


def facing(turned_s: float) -> Exercise:
    """An exercise to be seen from in front that turns the trunk for so long."""
    return arm_raise(camera={"view": ["front"], "turned_s": turned_s})


def turning_away(spec: Exercise, at_s: float = 4.0) -> Observed:
    """Somebody who faces the camera up to ``at_s`` and stands side-on for ten seconds from then on."""
    return observe(spec, record(lambda t_s: TO_CAMERA if t_s < at_s else SIDE_ON, times(at_s + 10.0, 30)))


def front_s(observed: Observed) -> float:
    """The last moment at which the camera stands in front."""
    return float(observed.t_s[observed.view == VIEWS.index("front")].max(initial=-np.inf))


@pytest.mark.parametrize("turned_s", [0.0, 2.0, 5.0])
def test_a_right_view_stays_right_while_the_exercise_turns_the_trunk(turned_s: float) -> None:
    seen_s = 4.0 + 0.2  # what is smoothed leaves "front" at 40 degrees that late
    assert front_s(turning_away(facing(turned_s))) == pytest.approx(seen_s + turned_s, abs=0.15)


def test_a_view_that_was_never_right_is_as_it_is_seen() -> None:
    observed = turning_away(facing(5.0), at_s=-1.0)
    assert {VIEWS[code] for code in observed.view} == {"side"}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 90), st.integers(0, 80)), min_size=1, max_size=12))
def test_a_window_holds_what_was_added_and_not_forgotten(steps: list[tuple[int, int]]) -> None:
    whole, window = turning_away(facing(0.0)), Window()
    first = stop = 0
    for count, forgotten in steps:
        count = min(count, len(whole) - stop)
        found = window.grown(whole[stop : stop + count])
        stop += count
        plain = whole[first:stop]
        pairs = [(found.track.xy, plain.track.xy), (found.t_s, plain.t_s), (found.track.view, plain.track.view)]
        pairs += [(found.values(name), plain.values(name)) for name in whole.columns.names]
        pairs += [(found.positions[side].kept, plain.positions[side].kept) for side in whole.positions]
        for one, other in pairs:
            np.testing.assert_array_equal(one, other)
        forgotten = min(forgotten, len(found) - 1)
        window.forget(forgotten)
        first += forgotten
