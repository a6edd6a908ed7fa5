"""Numbers in words."""

from __future__ import annotations

import pytest

from posturecam.report import wording
from posturecam.report.types import FaultMark


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (104.4, "degrees", "104°"),
        (-3.6, "degrees", "−4°"),
        (-0.2, "degrees", "0°"),
        (0.14, "torso", "14 % of torso"),
        (0.72, "ratio", "72 %"),
        (0.63, "seconds", "0.6 s"),
        (-0.04, "seconds", "0.0 s"),
        (-0.004, "torso", "0 % of torso"),
        (None, "degrees", "–"),
    ],
)
def test_values_carry_their_unit(value: float | None, unit: str, text: str) -> None:
    assert wording.value_text(value, unit) == text


@pytest.mark.parametrize(
    ("limit", "unit", "text"),
    [
        (">= 140", "degrees", "at least 140°"),
        ("< -0.12", "torso", "under −12 % of torso"),
        ("> 100", "degrees", "over 100°"),
        ("75..110", "degrees", "75° to 110°"),
        ("outside -0.25..0.25", "torso", "outside −25 % to 25 %"),
        ("<= 0.8", "seconds", "at most 0.8 s"),
    ],
)
def test_limits_are_read_out(limit: str, unit: str, text: str) -> None:
    assert wording.limit_text(limit, unit) == text


def test_runs_of_reps_are_drawn_together() -> None:
    assert wording.reps_text([6, 1, 4, 5]) == "reps 1, 4–6"
    assert wording.reps_text([4]) == "rep 4"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (8.44, "8.4 s"), (16.2, "16 s"), (59.7, "1 min 0 s"), (125, "2 min 5 s")]
)
def test_lengths_of_time(seconds: float, text: str) -> None:
    assert wording.seconds_text(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00.0"), (7.44, "0:07.4"), (59.96, "1:00.0"), (3725.2, "62:05.2")])
def test_moments(seconds: float, text: str) -> None:
    assert wording.clock_text(seconds) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0 %"), (0.002, "under 1 %"), (0.35, "35 %"), (0.999, "99 %"), (1, "100 %")]
)
def test_shares_are_never_rounded_to_nothing_or_all(share: float, text: str) -> None:
    assert wording.percent_text(share) == text


@pytest.mark.parametrize(
    ("value", "limit", "unit", "texts"),
    [
        (104.0, 100.0, "degrees", ("104°", "100°")),
        (100.4, 100.0, "degrees", ("100.4°", "100.0°")),
        (2.04, 2.0, "seconds", ("2.04 s", "2.00 s")),
        (-0.124, -0.12, "torso", ("−12.4 %", "−12.0 %")),
        (-0.2, -0.12, "torso", ("−20 %", "−12 %")),
    ],
)
def test_a_value_past_its_limit_never_reads_like_the_limit(
    value: float, limit: float, unit: str, texts: tuple[str, str]
) -> None:
    assert wording.told_apart(value, limit, unit) == texts


@pytest.mark.parametrize(
    ("value", "limit", "unit", "height", "text"),
    [
        (-0.38, -0.12, "torso", 170.0, "about 13 cm past the limit"),
        (-0.121, -0.12, "torso", 170.0, "just past the limit"),
        (-0.145, -0.12, "torso", None, "less than a finger’s breadth past the limit"),
        (-0.15, -0.12, "torso", None, "a finger’s breadth past the limit"),
        (-0.32, -0.12, "torso", None, "a hand’s breadth past the limit"),
        (-0.9, -0.12, "torso", None, "more than two hands’ breadth past the limit"),
        (0.3, 0.5, "seconds", None, "0.2 s too short"),
        (102.0, 100.0, "degrees", None, "a little past the limit"),
        (110.0, 100.0, "degrees", None, "clearly past the limit"),
        (120.0, 100.0, "degrees", None, "far past the limit"),
    ],
)
def test_how_far_past_the_limit_is_told_in_words_that_a_patient_knows(
    value: float, limit: float, unit: str, height: float | None, text: str
) -> None:
    mark = FaultMark(id="x", value=value, limit=limit, margin=5.0 if unit == "degrees" else 0.06, at_s=None)
    assert wording.excess_text(mark, unit, height) == text


@pytest.mark.parametrize("limit", ["", "..", "< ", "> a", "outside 1..b", "1..2..3", "rubbish"])
def test_a_stored_limit_that_is_no_range_is_shown_as_it_is(limit: str) -> None:
    assert wording.limit_text(limit, "degrees") == limit
