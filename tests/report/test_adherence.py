"""Done against asked: per session over all sets and sides, per week over the days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from posturecam.report.adherence import DoseDone, adherence, dose_done
from posturecam.report.history import Course, Entry
from posturecam.report.progress import adherence_sentence
from posturecam.report.types import Dose, Report
from tests import builders_report as make

MONDAY = datetime(2026, 2, 2, 18, 0, tzinfo=timezone.utc)


def done(day: int, share: float = 1.0, days_a_week: int | None = 3, **values: Any) -> Entry:
    entry = Entry(
        f"s{day}",
        MONDAY + timedelta(days=day),
        "push_up",
        None,
        "Push-up",
        "Ana",
        80.0,
        reps=8,
        dose=DoseDone(10 * share, 10, min(1.0, share), "reps"),
        days_a_week=days_a_week,
    )
    return replace(entry, **values)


def reps(count: int, left: int | None, right: int | None, **dose: Any) -> Report:
    report = make.make_report()
    counted = report.reps.model_copy(update={"count": count, "left": left, "right": right})
    return report.model_copy(update={"reps": counted, "dose": Dose(**{"sets": 1, "reps": 10, "seconds": None, **dose})})


def held(total_s: float, left_s: float | None, right_s: float | None, **dose: Any) -> Report:
    report = make.make_report()
    holds = report.holds.model_copy(update={"total_s": total_s, "left_s": left_s, "right_s": right_s})
    asked = Dose(**{"sets": 1, "reps": None, "seconds": 20.0, **dose})
    return report.model_copy(update={"kind": "hold", "holds": holds, "dose": asked})


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (reps(8, None, None), DoseDone(8, 10, 0.8, "reps")),
        (reps(24, None, None, sets=3), DoseDone(24, 30, 0.8, "reps")),
        (reps(14, None, None), DoseDone(14, 10, 1.0, "reps")),
        # one side is not done for the other
        (reps(14, 12, 2), DoseDone(14, 20, 0.6, "reps")),
        (held(15.0, None, None), DoseDone(15.0, 20.0, 0.75, "seconds")),
        (held(50.0, None, None, sets=3), DoseDone(50.0, 60.0, 50 / 60, "seconds")),
        (held(45.0, 40.0, 5.0), DoseDone(45.0, 40.0, 0.625, "seconds")),
        (reps(8, None, None, reps=None), None),
    ],
)
def test_what_a_session_has_of_the_dose(report: Report, expected: DoseDone | None) -> None:
    assert dose_done(report) == expected


def test_weeks_count_days_against_those_asked() -> None:
    kept = adherence([done(0), done(2), done(4), done(7), done(14), done(16), done(18)])
    assert kept is not None
    assert [(week.monday, week.days, week.asked, week.share) for week in kept.weeks] == [
        (date(2026, 2, 2), 3, 3, 1.0),
        (date(2026, 2, 9), 1, 3, pytest.approx(1 / 3)),
        (date(2026, 2, 16), 3, 3, 1.0),
    ]
    assert (kept.days, kept.asked, kept.share) == (7, 9, pytest.approx(7 / 9))


def test_a_week_in_which_nothing_was_done_counts() -> None:
    kept = adherence([done(0), done(2), done(4), done(21), done(23), done(25)])
    assert kept is not None
    assert [week.days for week in kept.weeks] == [3, 0, 0, 3]
    assert kept.share == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("days_a_week", "days", "asked"),
    [
        # begun on a Sunday, and looked at on the Monday after
        (3, [6, 7], [1, 1]),
        (7, [6, 7], [1, 1]),
        # begun on a Friday: every other day asks for two of three days, not for all of them
        (3, [4, 6, 7, 9, 11], [2, 3]),
        (3, [4, 6, 7, 8], [2, 2]),
        (2, [3, 6, 7, 10], [2, 2]),
        # two days in three are all that a week asks for
        (2, [4, 7, 9], [1, 2]),
        (3, [4, 5, 6, 7], [3, 1]),
        (7, [2, 3, 4, 5, 6, 7, 8], [5, 2]),
        (1, [6, 7], [1, 1]),
    ],
)
def test_of_the_first_and_the_last_week_what_falls_into_their_days_is_asked(
    days_a_week: int, days: list[int], asked: list[int]
) -> None:
    kept = adherence([done(day, days_a_week=days_a_week) for day in days])
    assert kept is not None
    assert [(week.asked, week.share) for week in kept.weeks] == [(number, 1.0) for number in asked]


def test_sets_on_one_day_add_up_to_that_days_dose_and_no_more() -> None:
    kept = adherence([done(0, 0.4), done(0, 0.3), done(1, 0.8), done(1, 0.8)])
    assert kept is not None
    assert (kept.days, kept.dose) == (2, pytest.approx(0.85))


def test_half_a_dose_is_half_kept() -> None:
    kept = adherence([done(0, 0.5), done(2, 0.5), done(4, 0.5)])
    assert kept is not None
    assert kept.share == pytest.approx(0.5)


def test_where_nothing_says_how_often_only_the_dose_is_told() -> None:
    kept = adherence([done(0, days_a_week=None), done(7, 0.5, days_a_week=None)])
    assert kept is not None
    assert (kept.asked, kept.share, kept.dose) == (None, None, pytest.approx(0.75))


def test_what_is_asked_lately_counts_for_the_weeks_without_a_session() -> None:
    kept = adherence([done(0, days_a_week=2), done(14, days_a_week=4)])
    assert kept is not None
    assert [week.asked for week in kept.weeks] == [2, 2, 1]


@pytest.mark.parametrize(("days", "weeks"), [(182, 27), (183, 2)])
def test_half_a_year_without_a_session_is_nobodys_to_keep_to(days: int, weeks: int) -> None:
    kept = adherence([done(0), done(days)])
    assert kept is not None
    assert len(kept.weeks) == weeks


def test_no_date_is_too_far_away() -> None:
    far = [datetime.min.replace(tzinfo=timezone.utc), MONDAY, datetime.max.replace(tzinfo=timezone.utc)]
    kept = adherence([done(0, created=moment) for moment in far])
    assert kept is not None
    assert [week.share for week in kept.weeks] == [1.0, 1.0, 1.0]


def test_it_is_told_in_a_sentence() -> None:
    course = Course("push_up", None, "Push-up", (done(0), done(2), done(9, 0.7)))
    assert adherence_sentence(course) == (
        "Adherence 54 %: done on 3 of the 5 days asked in 2 weeks, with 90 % of the dose on average."
    )
    # every day of a week that asked for three makes up for no other
    eager = Course("push_up", None, "Push-up", tuple(done(day) for day in (0, 1, 2, 3, 4, 5, 6, 7, 14)))
    assert "done on 5 of the 7 days asked in 3 weeks" in adherence_sentence(eager)
    assert adherence_sentence(Course("x", None, "X", (done(0, 0.7, None),))) == "Done: 70 % of the dose."
    assert adherence_sentence(Course("x", None, "X", (done(0, dose=None),))) == ""
