"""A change is one only past the smallest detectable change: 1.96 SEM times the square root of two."""

from __future__ import annotations

import pytest

from posturecam.report.change import change, change_in, error_of, least_change, range_sem
from posturecam.spec.units import sem_of
from tests import builders_report as make


def test_the_error_of_one_value_and_the_smallest_detectable_change() -> None:
    assert error_of(5.0) == pytest.approx(9.8)
    assert least_change(5.0, 5.0) == pytest.approx(13.859, abs=0.001)
    assert least_change(3.0, 4.0) == pytest.approx(9.8)


@pytest.mark.parametrize(
    ("after", "kind"),
    [(70.0 + 13.8, "within"), (70.0 + 13.9, "up"), (70.0 - 13.8, "within"), (70.0 - 13.9, "down"), (None, "")],
)
def test_a_change_is_called_on_the_far_side_of_it_alone(after: float | None, kind: str) -> None:
    found = change(70.0, after, 5.0)
    assert (found.kind, found.real) == (kind, kind in ("up", "down"))


def test_each_value_has_its_own_error() -> None:
    assert change(70.0, 79.7, 3.0, 4.0).kind == "within"
    assert change(70.0, 79.9, 3.0, 4.0).kind == "up"


def test_pain_changes_from_two_points_on() -> None:
    assert change_in(5, 4, "pain").kind == "within"
    assert change_in(5, 3, "pain").kind == "down"


def test_a_session_has_the_error_of_its_exercise_or_else_of_its_unit() -> None:
    report = make.make_report()
    assert range_sem(report) == sem_of("degrees")
    measured = report.model_copy(update={"reps": report.reps.model_copy(update={"range_error": 3.2})})
    assert range_sem(measured) == 3.2
