"""The history as a self-contained page and as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from posturecam import __version__
from posturecam.report import history_charts as charts
from posturecam.report.adherence import adherence
from posturecam.report.build import DISCLAIMER, RED_FLAGS
from posturecam.report.change import error_of, least_change
from posturecam.report.drawing import Drawing, to_svg
from posturecam.report.history import (
    Course,
    Entry,
    adherence_sentence,
    courses,
    difference_text,
    newest_first,
    number_text,
    progress_sentence,
)
from posturecam.report.page import page_environment
from posturecam.report.wording import counted, percent_text, score_number, seconds_text
from posturecam.spec.units import sem_of

WIDTHS = {"narrow": 340.0, "medium": 640.0, "wide": 466.0}
CHARTS: Mapping[str, Callable[[Course, float], Drawing | None]] = {
    "Score": charts.score_chart,
    "Range of motion": charts.range_chart,
    "Reps": charts.reps_chart,
    "Held time": charts.hold_chart,
    "Left against right": charts.side_chart,
    "Pain": charts.pain_chart,
    "Faults": charts.fault_chart,
}


class Section(NamedTuple):
    """One exercise on the page."""

    course: Course
    sentence: str
    changes: list[tuple[Entry, str]]
    charts: list[tuple[str, Markup]]
    columns: list[tuple[str, bool]]
    rows: list[list[str]]
    kept: str
    weeks: list[list[str]]
    note: str


def render_history(entries: Sequence[Entry], *, person: str | None = None, unreadable: int = 0) -> str:
    """The page's text. ``person`` is whose sessions they all are; ``unreadable`` sessions are only counted."""
    environment = page_environment()
    environment.filters["day"] = day_text
    assert environment.loader is not None
    css = "\n".join(environment.loader.get_source(environment, name)[0] for name in ("report.css", "history.css"))
    moments = [entry.created for entry in entries]
    span = f"{day_text(min(moments))} to {day_text(max(moments))}" if moments else ""
    return environment.get_template("history.html.j2").render(
        title=f"Progress of {person}" if person else "Progress",
        version=__version__,
        css=Markup(css.replace("\r\n", "\n")),
        sessions_text=counted(len(entries), "session"),
        span=span if moments and min(moments).date() != max(moments).date() else span.split(" to ")[0],
        unreadable=unreadable,
        sections=[_section(course) for course in courses(entries)],
        red_flags=RED_FLAGS,
        disclaimer=DISCLAIMER,
    )


def _section(course: Course) -> Section:
    shown: list[tuple[str, Markup]] = []
    # one session alone is a point, not a course
    for name, draw in CHARTS.items() if len(course.entries) > 1 else ():
        drawings = ((size, draw(course, width)) for size, width in WIDTHS.items())
        svgs = [to_svg(drawing, css_class=size) for size, drawing in drawings if drawing is not None]
        if svgs:
            shown.append((name, Markup("").join(svgs)))
    columns, rows = table(course)
    return Section(
        course,
        progress_sentence(course),
        course.changes_of_basis(),
        shown,
        columns,
        rows,
        adherence_sentence(course),
        week_rows(course),
        error_note(course),
    )


def table(course: Course, *, ids: bool = False) -> tuple[list[tuple[str, bool]], list[list[str]]]:
    """Columns (name, whether numbers) and rows of one exercise's sessions, newest first; columns without any value are left out.

    ``ids`` adds the sessions' names in the store.
    """
    makers: list[tuple[str, bool, Callable[[Entry], str]]] = [
        ("Date", False, lambda entry: f"{day_text(entry.created)}, {entry.created:%H:%M}"),
        *([("Session", False, lambda entry: entry.session)] if ids else []),
        ("Score", True, lambda entry: "" if entry.score is None else score_number(entry.score)),
        ("Reps", True, _reps_text),
        ("Range", True, lambda entry: _measured(entry.range_of_motion, entry.unit, entry.range_error)),
        ("Held", True, lambda entry: "" if entry.held_s is None else seconds_text(entry.held_s)),
        ("Longest", True, lambda entry: _measured(entry.longest_s, "seconds", sem_of("seconds"))),
        ("Left and right", True, difference_text),
        ("Dose", True, _dose_text),
        ("Pain", True, _pain_text),
        ("To work on", False, _faults_text),
        ("Note", False, lambda entry: "recovered" if entry.recovered else ""),
    ]
    rows = [[make(entry) for _, _, make in makers] for entry in newest_first(course.entries)]
    kept = [index for index in range(len(makers)) if any(row[index] for row in rows)]
    return [makers[index][:2] for index in kept], [[row[index] for index in kept] for row in rows]


def day_text(moment: date) -> str:
    """A day as people write it."""
    return f"{moment.day} {moment:%B %Y}"


def _measured(value: float | None, unit: str, sem: float) -> str:
    """A value with its measuring error."""
    return "" if value is None else f"{number_text(value, unit)} ± {number_text(error_of(sem), unit)}"


def _dose_text(entry: Entry) -> str:
    if entry.dose is None:
        return ""
    done, asked = entry.dose.done, entry.dose.asked
    if entry.dose.unit == "seconds":
        return f"{seconds_text(done)} of {seconds_text(asked)}"
    return f"{done:.0f} of {asked:.0f}"


def _pain_text(entry: Entry) -> str:
    told = (entry.pain_before, entry.pain_after)
    if told == (None, None):
        return ""
    return " → ".join("?" if score is None else str(score) for score in told)


def week_rows(course: Course) -> list[list[str]]:
    """The weeks, newest first: the week, days done of those asked, the dose on them, the adherence; none without a dose."""
    kept = adherence(course.entries)
    if kept is None or kept.dose is None or len(kept.weeks) < 2:
        return []
    return [
        [
            f"from {day_text(week.monday)}",
            f"{week.days} of {week.asked}" if week.asked is not None else str(week.days),
            "" if week.dose is None else percent_text(week.dose),
            "" if week.share is None else percent_text(week.share),
        ]
        for week in reversed(kept.weeks)
    ]


def error_note(course: Course) -> str:
    """What ± stands for beside the values of a course, and from when on a change is one; empty where nothing is measured."""
    last = course.entries[-1]
    if all(entry.range_of_motion is None and entry.longest_s is None for entry in course.entries):
        return ""
    sem, unit = (last.range_error, course.unit) if course.kind == "reps" else (sem_of("seconds"), "seconds")
    least = number_text(least_change(sem, sem), unit)
    return f"± is the measuring error (95 of 100 values lie within it); two sessions differ for certain by more than {least}."


def _reps_text(entry: Entry) -> str:
    if entry.reps is None:
        return ""
    return f"{entry.good} of {entry.reps} good" if entry.score is not None else f"{entry.reps}, not judged"


def _faults_text(entry: Entry) -> str:
    if entry.verdict == "unknown":
        return "could not be judged"
    return ", ".join(f"{name} ({percent_text(share)})" for name, share in entry.faults.items()) or "nothing stood out"
