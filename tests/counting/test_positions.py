"""Evidence of a position in three values, and the intervals it makes."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posturecam.counting.positions import (
    CONTRARY,
    GIVEN,
    UNKNOWN,
    conditions_evidence,
    intervals,
    limits_of,
    posture_evidence,
)
from posturecam.spec.ranges import parse_range

NAN = math.nan


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"a": 5.0, "b": 5.0}, GIVEN),
        ({"a": 5.0, "b": 50.0}, CONTRARY),
        ({"a": 5.0, "b": NAN}, GIVEN),
        ({"a": 50.0, "b": NAN}, CONTRARY),
        ({"a": NAN, "b": 50.0}, CONTRARY),
        ({"a": NAN, "b": NAN}, UNKNOWN),
    ],
)
def test_an_unseen_condition_is_not_contrary(values: dict[str, float], expected: int) -> None:
    wanted = {"a": parse_range("0..10"), "b": parse_range("<= 10")}
    columns = {name: np.array([value]) for name, value in values.items()}
    assert conditions_evidence(limits_of(wanted), columns, 1).tolist() == [[expected]]


@pytest.mark.parametrize(("measured", "expected"), [(0, UNKNOWN), (1, UNKNOWN), (2, GIVEN), (3, GIVEN), (4, GIVEN)])
def test_a_position_is_given_when_half_of_its_conditions_are_measured(measured: int, expected: int) -> None:
    names = "abcd"
    columns = {name: np.array([5.0 if i < measured else NAN]) for i, name in enumerate(names)}
    assert conditions_evidence(limits_of({name: parse_range("0..10") for name in names}), columns, 1) == [[expected]]


@pytest.mark.parametrize(("measured", "expected"), [(2, UNKNOWN), (3, GIVEN)])
def test_two_of_five_are_less_than_half_and_three_are_more(measured: int, expected: int) -> None:
    names = "abcde"
    columns = {name: np.array([5.0 if i < measured else NAN]) for i, name in enumerate(names)}
    assert conditions_evidence(limits_of({name: parse_range("0..10") for name in names}), columns, 1) == [[expected]]


@pytest.mark.parametrize(("value", "expected"), [(10.0, GIVEN), (30.0, CONTRARY), (NAN, GIVEN)])
def test_a_condition_if_seen_is_not_broken_by_what_is_unseen(value: float, expected: int) -> None:
    assert conditions_evidence(limits_of({"a": parse_range("<= 20 if seen")}), {"a": np.array([value])}, 1) == [
        [expected]
    ]


@pytest.mark.parametrize(("value", "expected"), [(5.0, CONTRARY), (-1.0, GIVEN), (11.0, GIVEN), (0.0, CONTRARY)])
def test_outside_of_a_range(value: float, expected: int) -> None:
    assert conditions_evidence(limits_of({"a": parse_range("outside 0..10")}), {"a": np.array([value])}, 1) == [
        [expected]
    ]


def test_no_conditions_are_given() -> None:
    assert conditions_evidence(limits_of({}), {}, 3).tolist() == [[GIVEN] * 3]


def test_levels_are_asked_at_once() -> None:
    levels = [{"a": parse_range("0..10"), "b": parse_range(text)} for text in ("0..10", "0..20")]
    columns = {"a": np.array([5.0, 5.0, NAN]), "b": np.array([5.0, 15.0, 15.0])}
    expected = [[GIVEN, CONTRARY, CONTRARY], [GIVEN, GIVEN, GIVEN]]
    assert conditions_evidence(limits_of(*levels), columns, 3).tolist() == expected


@pytest.mark.parametrize(
    ("degrees", "lying", "upright"),
    [
        (0, CONTRARY, GIVEN),
        (31, CONTRARY, GIVEN),
        (33, CONTRARY, GIVEN),
        (34, UNKNOWN, UNKNOWN),
        (56, UNKNOWN, UNKNOWN),
        (57, GIVEN, CONTRARY),
        (70, GIVEN, CONTRARY),
        (180, GIVEN, CONTRARY),
        (NAN, UNKNOWN, UNKNOWN),
    ],
)
def test_the_trunks_posture_tells_lying_from_upright_but_for_its_error(
    degrees: float, lying: int, upright: int
) -> None:
    assert posture_evidence(True, np.array([degrees]))[0] == lying
    assert posture_evidence(False, np.array([degrees]))[0] == upright


# intervals -----------------------------------------------------------------------------------------------------------------


def spans(inside_at, seconds: float = 10.0, fps: float = 50, **options: float) -> list[tuple[float, float]]:
    t_s = np.arange(0, seconds, 1 / fps)
    inside = np.array([inside_at(t) for t in t_s.tolist()])
    return [(t_s[run.first], t_s[run.stop - 1]) for run in intervals(t_s, inside, **options)]


@pytest.mark.parametrize(("break_s", "runs"), [(0.45, 1), (0.55, 2)])
def test_a_flicker_of_half_a_second_is_bridged(break_s: float, runs: int) -> None:
    assert len(spans(lambda t: not 4.0 < t < 4.0 + break_s)) == runs


@pytest.mark.parametrize(("least_s", "runs"), [(1.9, 1), (2.1, 0)])
def test_an_interval_has_a_least_length(least_s: float, runs: int) -> None:
    assert len(spans(lambda t: 3.0 <= t <= 5.0, least_s=least_s)) == runs


def test_a_least_length_is_asked_after_bridging() -> None:
    assert len(spans(lambda t: 3.0 <= t <= 5.0 and not 3.9 < t < 4.1, least_s=1.9)) == 1


@pytest.mark.parametrize("inside", [True, False])
def test_all_or_nothing(inside: bool) -> None:
    assert len(spans(lambda t: inside)) == int(inside)
    assert intervals(np.zeros(0), np.zeros(0, dtype=bool)) == []


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_intervals_cover_what_is_inside_and_nothing_but_flickers_besides(rows: list[bool]) -> None:
    t_s, inside = np.arange(len(rows)) * 0.2, np.array(rows)
    found = intervals(t_s, inside)
    covered = np.zeros(len(rows), dtype=bool)
    for run in found:
        covered[run.first : run.stop] = True
        assert inside[run.first]
        assert inside[run.stop - 1]
    assert covered[inside].all()
    for before, after in pairwise(found):
        assert t_s[after.first] - t_s[before.stop - 1] > 0.5
