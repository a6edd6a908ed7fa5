"""Done against asked: how much of the dose a session has, and how often a week it was done."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal, Protocol

from posturecam.report.types import Report

DAYS = 7
LONGEST_BREAK = 26 * DAYS
"""After half a year without a session it is begun again: the time between was nobody's to keep to."""


@dataclass(frozen=True)
class DoseDone:
    """What was done of what was asked, all sets and both sides, in ``unit``. ``share`` 0..1 counts no side for the other."""

    done: float
    asked: float
    share: float
    unit: Literal["reps", "seconds"]


class Done(Protocol):
    """A session as far as adherence goes: when it was, what it has of the dose, and on how many days a week that was asked."""

    @property
    def created(self) -> datetime:
        """When it was done."""
        ...

    @property
    def dose(self) -> DoseDone | None:
        """None where no dose was asked."""
        ...

    @property
    def days_a_week(self) -> int | None:
        """None where nothing says it."""
        ...


@dataclass(frozen=True)
class Week:
    """One week of an exercise, from its ``monday``.

    ``days`` are those on which it was done, ``dose`` (0..1) what was done of the dose on them on average, None where no dose was
    asked. ``asked`` is on how many days it should have been, None where nothing says so; of the first and the last week only the
    days from the first session on and up to the last count: their share of the week's number is asked, or what was done of it.
    ``share`` 0..1 is the adherence: the doses done of those asked; None where one of the two is not known. Weeks within a break
    of more than half a year are none.
    """

    monday: date
    days: int
    dose: float | None
    asked: int | None
    share: float | None


@dataclass(frozen=True)
class Adherence:
    """All weeks together: ``days`` done and ``asked``, the mean ``dose`` of the days, the ``share`` of what was asked."""

    weeks: tuple[Week, ...]
    days: int
    asked: int | None
    dose: float | None
    share: float | None

    @property
    def kept_days(self) -> int:
        """The days done that were asked for: what is done beyond a week's makes up for no other week."""
        return sum(week.days if week.asked is None else min(week.days, week.asked) for week in self.weeks)


def dose_done(report: Report) -> DoseDone | None:
    """What a session has of the dose; None where no dose was asked, and for a picture, which nobody does sets in."""
    dose = report.dose
    target = (dose.reps if report.kind == "reps" else dose.seconds) or 0.0
    if target <= 0 or report.source.is_still:
        return None
    target *= max(1, dose.sets)
    unit: Literal["reps", "seconds"] = "reps" if report.kind == "reps" else "seconds"
    sides: tuple[float | None, float | None] = (
        (report.reps.left, report.reps.right) if unit == "reps" else (report.holds.left_s, report.holds.right_s)
    )
    left, right = sides
    if left is not None and right is not None:
        counted = min(left, target) + min(right, target)
        return DoseDone(left + right, 2 * target, counted / (2 * target), unit)
    done = float(report.reps.count) if unit == "reps" else report.holds.total_s
    return DoseDone(done, target, min(1.0, done / target), unit)


def adherence(sessions: Sequence[Done]) -> Adherence | None:
    """How one person kept to one exercise; None without any session.

    What was done several times on a day is that day's dose, and no more than the whole of it.
    """
    if not sessions:
        return None
    by_day: dict[date, list[Done]] = {}
    for session in sorted(sessions, key=lambda session: session.created):
        by_day.setdefault(session.created.date(), []).append(session)
    return _together([week for days in _courses(sorted(by_day)) for week in _weeks(by_day, days)])


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(day.weekday())


def _courses(days: Sequence[date]) -> Iterable[Sequence[date]]:
    """The days, oldest first, cut where nothing was done for so long that nobody asked for it any more."""
    begun = 0
    for number in range(1, len(days)):
        if (days[number] - days[number - 1]).days > LONGEST_BREAK:
            yield days[begun:number]
            begun = number
    yield days[begun:]


def _weeks(by_day: Mapping[date, Sequence[Done]], days: Sequence[date]) -> Iterable[Week]:
    """Every week from the first of the days to the last."""
    first, last = days[0], days[-1]
    by_monday = {monday: list(some) for monday, some in groupby(days, monday_of)}
    asked: int | None = None
    for number in range((monday_of(last) - monday_of(first)).days // DAYS + 1):
        monday = monday_of(first) + timedelta(DAYS * number)
        of_week = by_monday.get(monday, [])
        told = [one.days_a_week for day in of_week for one in by_day[day] if one.days_a_week]
        asked = told[-1] if told else asked
        open_days = min(DAYS - 1, (last - monday).days) - max(0, (first - monday).days) + 1
        asked_of_week = None if asked is None else _asked_of(asked, open_days, len(of_week))
        yield _week(monday, [by_day[day] for day in of_week], asked_of_week)


def _asked_of(a_week: int, open_days: int, done: int) -> int:
    """On how many days it is asked in so many days of a week.

    Rounded up: spread evenly and begun on a day that it is done on, that is what falls into them. What was ``done`` of the
    week's number is asked in any case: somebody who was quick with it has not done more than was asked.
    """
    a_week = min(a_week, DAYS)
    return max(math.ceil(a_week * open_days / DAYS), min(a_week, done))


def _week(monday: date, days: Iterable[Sequence[Done]], asked: int | None) -> Week:
    shares = [_day_share(sessions) for sessions in days]
    known = [share for share in shares if share is not None]
    complete = len(known) == len(shares)
    dose = sum(known) / len(known) if known and complete else None
    share = min(1.0, sum(known) / asked) if asked and complete else None
    return Week(monday, len(shares), dose, asked, share)


def _day_share(sessions: Sequence[Done]) -> float | None:
    shares = [one.dose.share for one in sessions if one.dose is not None]
    return min(1.0, sum(shares)) if shares else None


def _together(weeks: Sequence[Week]) -> Adherence:
    days = sum(week.days for week in weeks)
    doses = [week.dose * week.days for week in weeks if week.dose is not None]
    asked = [week.asked for week in weeks if week.asked is not None]
    kept = [week.share * week.asked for week in weeks if week.share is not None and week.asked is not None]
    return Adherence(
        tuple(weeks),
        days,
        sum(asked) if len(asked) == len(weeks) else None,
        sum(doses) / days if len(doses) == sum(week.days > 0 for week in weeks) else None,
        sum(kept) / sum(asked) if len(kept) == len(weeks) else None,
    )
