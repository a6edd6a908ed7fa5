"""Two sessions in step: the same phase of the same rep, whatever the pace."""

from __future__ import annotations

from posturecam.model import Hold, Rep
from posturecam.report.in_step import knots
from posturecam.report.types import Report
from tests.builders_report import make_hold, make_rep, make_report, make_session, plank, two_sided


def reps(*moments: tuple[float, float, float]) -> Report:
    found = [
        make_rep(index, start_s=start_s, end_position_s=at_s, end_s=end_s)
        for index, (start_s, at_s, end_s) in enumerate(moments, 1)
    ]
    return make_report(make_session(reps=tuple(found)))


def sided(sides: str) -> Report:
    found: list[Rep] = [
        make_rep(index, start_s=3.0 * index, end_position_s=3.0 * index + 1, end_s=3.0 * index + 2, side=side)
        for index, side in enumerate(({"l": "left", "r": "right"}[one] for one in sides), 1)
    ]
    return make_report(make_session(reps=tuple(found)), two_sided())


def holds(*spans: tuple[float, float]) -> Report:
    found: tuple[Hold, ...] = tuple(make_hold(*span) for span in spans)
    return make_report(make_session(holds=found), plank())


def test_phases_of_a_rep_belong_together_whatever_its_pace() -> None:
    quick, slow = reps((1, 2, 3), (4, 5, 6)), reps((10, 13, 20), (21, 25, 28))
    assert knots(quick, slow) == [(1, 10), (2, 13), (3, 20), (4, 21), (5, 25), (6, 28)]


def test_what_only_one_of_them_has_at_the_end_is_left_out() -> None:
    assert len(knots(reps((1, 2, 3)), reps((1, 2, 3), (4, 5, 6)))) == 3


def test_both_times_rise_where_reps_touch() -> None:
    found = knots(reps((1, 2, 3), (3, 4, 5)), reps((1, 2, 3), (3.5, 4, 5)))
    assert found == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]


def test_left_is_shown_beside_left() -> None:
    assert knots(sided("lrlr"), sided("rlr"))[0] == (6, 3)


def test_holds_run_from_beginning_to_end() -> None:
    assert knots(holds((2, 12)), holds((5, 35))) == [(2, 5), (12, 35)]


def test_different_exercises_and_empty_sessions_have_nothing_in_common() -> None:
    assert knots(reps((1, 2, 3)), holds((2, 12))) == []
    assert knots(reps(), reps((1, 2, 3))) == []
