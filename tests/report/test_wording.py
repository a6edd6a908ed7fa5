"""Numbers in words."""

from __future__ import annotations

import pytest

from posturecam.report import wording


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (104.4, "degrees", "104°"),
        (-3.6, "degrees", "−4°"),
        (-0.2, "degrees", "0°"),
        (0.14, "torso", "14 % of torso"),
        (0.72, "ratio", "72 %"),
        (0.63, "seconds", "0.6 s"),
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
