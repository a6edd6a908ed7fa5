"""The history as a self-contained page and as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from posturecam import __version__
from posturecam.language import gettext
from posturecam.report import history_charts as charts
from posturecam.report.adherence import adherence
from posturecam.report.build import DISCLAIMER, RED_FLAGS
from posturecam.report.change import least_change
from posturecam.report.dates import date_text
from posturecam.report.drawing import Drawing, to_svg
from posturecam.report.figures import plus_minus
from posturecam.report.history import (
    Course,
    Entry,
    courses,
    difference_text,
    each_recording_once,
    newest_first,
    number_text,
)
from posturecam.report.page import page_environment
from posturecam.report.progress import adherence_sentence, progress_sentence
from posturecam.report.wording import listed, percent_text, score_number, seconds_text, sessions_counted, span_text
from posturecam.spec.units import sem_of

WIDTHS = {"narrow": 340.0, "medium": 640.0, "wide": 466.0}


def _charts() -> Mapping[str, Callable[[Course, float], Drawing | None]]:
    return {
        gettext("Score"): charts.score_chart,
        gettext("Range of motion"): charts.range_chart,
        gettext("Reps"): charts.reps_chart,
        gettext("Held time"): charts.hold_chart,
        gettext("Left against right"): charts.side_chart,
        gettext("Pain"): charts.pain_chart,
        gettext("Faults"): charts.fault_chart,
    }


class Section(NamedTuple):
    """One exercise on the page; ``changes`` are sessions, what differs from then on, and whether the limits are among it."""

    course: Course
    sentence: str
    changes: list[tuple[Entry, str, bool]]
    charts: list[tuple[str, Markup]]
    columns: list[tuple[str, bool]]
    rows: list[list[str]]
    kept: str
    weeks: list[list[str]]
    note: str


def render_history(entries: Sequence[Entry], *, person: str | None = None, unreadable: int = 0) -> str:
    """The page's text. ``person`` is whose sessions they all are; ``unreadable`` sessions are only counted."""
    environment = page_environment()
    environment.filters["day"] = date_text
    assert environment.loader is not None
    css = "\n".join(environment.loader.get_source(environment, name)[0] for name in ("report.css", "history.css"))
    entries = each_recording_once(entries)
    moments = [entry.created for entry in entries]
    return environment.get_template("history.html.j2").render(
        title=gettext("Progress of {person}", person=person) if person else gettext("Progress"),
        version=__version__,
        css=Markup(css.replace("\r\n", "\n")),
        sessions_text=sessions_counted(len(entries)),
        span=_span(moments),
        unreadable=unreadable,
        sections=[_section(course) for course in courses(entries)],
        red_flags=RED_FLAGS,
        disclaimer=DISCLAIMER,
    )


def _section(course: Course) -> Section:
    shown: list[tuple[str, Markup]] = []
    # one session alone is a point, not a course
    for name, draw in _charts().items() if len(course.entries) > 1 else ():
        drawings = ((size, draw(course, width)) for size, width in WIDTHS.items())
        svgs = [to_svg(drawing, css_class=size) for size, drawing in drawings if drawing is not None]
        if svgs:
            shown.append((name, Markup("").join(svgs)))
    columns, rows = table(course)
    changes = [
        (entry, listed(gettext(name) for name in names), "limits" in names)
        for entry, names in course.changes_of_basis()
    ]
    return Section(
        course,
        progress_sentence(course),
        changes,
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
        (gettext("Date"), False, lambda entry: f"{date_text(entry.created)}, {entry.created:%H:%M}"),
        *([(gettext("Session"), False, lambda entry: entry.session)] if ids else []),
        (gettext("Score"), True, lambda entry: "" if entry.score is None else score_number(entry.score)),
        (gettext("Reps"), True, _reps_text),
        (gettext("Range"), True, lambda entry: _measured(entry.range_of_motion, entry.unit, entry.range_error)),
        (gettext("Held"), True, lambda entry: "" if entry.held_s is None else seconds_text(entry.held_s)),
        (gettext("Longest"), True, lambda entry: _measured(entry.longest_s, "seconds", sem_of("seconds"))),
        (gettext("Left and right"), True, difference_text),
        (gettext("Dose"), True, _dose_text),
        (gettext("Pain"), True, _pain_text),
        (gettext("To work on"), False, _faults_text),
        (gettext("Note"), False, lambda entry: gettext("recovered") if entry.recovered else ""),
    ]
    rows = [[make(entry) for _, _, make in makers] for entry in newest_first(course.entries)]
    kept = [index for index in range(len(makers)) if any(row[index] for row in rows)]
    return [makers[index][:2] for index in kept], [[row[index] for index in kept] for row in rows]


def _span(moments: Sequence[datetime]) -> str:
    """The first day and the last one; one day if they are the same, nothing if there is none."""
    if not moments:
        return ""
    first, last = date_text(min(moments)), date_text(max(moments))
    return first if first == last else span_text(first, last)


def _measured(value: float | None, unit: str, sem: float) -> str:
    """A value with its measuring error."""
    return "" if value is None else f"{number_text(value, unit)} {plus_minus(sem, unit)}"


def _dose_text(entry: Entry) -> str:
    if entry.dose is None:
        return ""
    done, asked = entry.dose.done, entry.dose.asked
    if entry.dose.unit == "seconds":
        return gettext("{number} of {all}", number=seconds_text(done), all=seconds_text(asked))
    return gettext("{number} of {all}", number=f"{done:.0f}", all=f"{asked:.0f}")


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
            gettext("from {day}", day=date_text(week.monday)),
            gettext("{number} of {all}", number=week.days, all=week.asked)
            if week.asked is not None
            else str(week.days),
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
    return gettext(
        "± is the measuring error (95 of 100 values lie within it); two sessions differ for certain by more than {least}.",
        least=least,
    )


def _reps_text(entry: Entry) -> str:
    if entry.reps is None:
        return ""
    if entry.score is None:
        return gettext("{number}, not judged", number=entry.reps)
    return gettext("{good} of {number} good", good=entry.good, number=entry.reps)


def _faults_text(entry: Entry) -> str:
    if entry.verdict == "unknown":
        return gettext("could not be judged")
    named = ", ".join(f"{gettext(name)} ({percent_text(share)})" for name, share in entry.faults.items())
    return named or gettext("nothing stood out")
