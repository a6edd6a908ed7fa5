"""From a span in which the conditions held to the hold itself: without the ways into the position and out of it."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from posturecam.form.outcome import settled
from posturecam.form.phases import HoldSpan
from posturecam.form.recording import Recording

from tests.builders import path, times
from tests.specs import holding

Value = Callable[[float], float]
SPAN = HoldSpan(None, 1.0, 15.0, ())
RULE = {"while": {"trunk_tilt": "55..110", "hip_line": "-0.4..0.4"}}


def bounds(
    fps: float = 30, span: HoldSpan = SPAN, *, settling: tuple[str, ...] = (), **columns: Value
) -> tuple[float, float]:
    values: dict[str, Value] = {"trunk_tilt": lambda t_s: 80.0, "hip_line": lambda t_s: 0.0, "elbow": lambda t_s: 170.0}
    values |= columns
    recording = Recording(values, [])
    for t_s in times(18, fps):
        recording.append(t_s, "active", "hold", {name: value(t_s) for name, value in values.items()}, {}, {})
    hold = settled(holding(hold=RULE | {"settling": list(settling)}), span, recording)
    return hold.start_s, hold.end_s


@pytest.mark.parametrize("fps", [12, 30, 60])
def test_arriving_and_leaving_are_not_held(fps: int) -> None:
    rising = path((0, -0.3), (1, -0.3), (2.5, 0.05), (13.5, 0.05), (15, -0.3))
    assert bounds(fps, hip_line=rising) == (pytest.approx(2.2, abs=0.1), pytest.approx(13.8, abs=0.1))


def test_passing_through_is_not_arriving() -> None:
    overshooting = path((0, -0.3), (1.0, -0.3), (1.5, 0.2), (2.6, 0.2), (2.8, 0.0), (16, 0.0))
    assert bounds(hip_line=overshooting)[0] == pytest.approx(2.8, abs=0.1)


def test_who_takes_longer_than_three_seconds_holds_it_that_way() -> None:
    sinking = path((0, 0.0), (9, 0.0), (14, -0.3))
    assert bounds(hip_line=sinking) == (1.0, 15.0)


def test_what_is_no_condition_counts_only_when_it_is_named() -> None:
    stretching = path((0, 100), (3, 100), (4, 170), (13, 170), (14, 100))
    assert bounds(elbow=stretching) == (1.0, 15.0)
    assert bounds(elbow=stretching, settling=("elbow",)) == (pytest.approx(4, abs=0.2), pytest.approx(13, abs=0.2))


def test_a_measure_that_was_never_seen_changes_nothing() -> None:
    assert bounds(hip_line=lambda t_s: math.nan) == (1.0, 15.0)


def test_gaps_outside_of_what_is_left_are_dropped() -> None:
    rising = path((0, -0.3), (1, -0.3), (2.5, 0.05), (16, 0.05))
    span = HoldSpan(None, 1.0, 15.0, ((1.2, 1.5), (8.0, 8.4)))
    recording = Recording(["trunk_tilt", "hip_line"], [])
    for t_s in times(18, 30):
        recording.append(t_s, "active", "hold", {"trunk_tilt": 80.0, "hip_line": rising(t_s)}, {}, {})
    assert settled(holding(hold=RULE), span, recording).gaps == ((8.0, 8.4),)
