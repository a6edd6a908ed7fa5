"""Days and moments as people write them, in the language spoken here."""

from __future__ import annotations

from datetime import date, datetime

from posturecam.language import gettext, msgid

MONTHS = (
    msgid("January"),
    msgid("February"),
    msgid("March"),
    msgid("April"),
    msgid("May"),
    msgid("June"),
    msgid("July"),
    msgid("August"),
    msgid("September"),
    msgid("October"),
    msgid("November"),
    msgid("December"),
)


def date_text(day: date) -> str:
    """A day as people write it: "5 May 2026"."""
    return gettext("{day} {month} {year}", day=day.day, month=gettext(MONTHS[day.month - 1]), year=day.year)


WEEKDAYS = (
    msgid("Monday"),
    msgid("Tuesday"),
    msgid("Wednesday"),
    msgid("Thursday"),
    msgid("Friday"),
    msgid("Saturday"),
    msgid("Sunday"),
)


def weekday_text(day: date) -> str:
    """A day with its name: "Monday, 4 May 2026"."""
    return gettext("{weekday}, {date}", weekday=gettext(WEEKDAYS[day.weekday()]), date=date_text(day))


def short_date(day: date) -> str:
    """A day as it stands under a chart: "5 May"."""
    return gettext("{day} {month}", day=day.day, month=gettext(MONTHS[day.month - 1])[:3])


def day_text(created: str) -> str:
    """A moment as people write it; the text itself when it is not a date."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return created
    day = date_text(moment)
    return day if "T" not in created and " " not in created else f"{day}, {moment:%H:%M}"
