"""All sessions as a spreadsheet, CSV or an Excel workbook: a line each, the measuring error beside what was measured."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias

from posturecam.errors import CallError
from posturecam.files import plain
from posturecam.report.adherence import Week, adherence, monday_of
from posturecam.report.build import DISCLAIMER
from posturecam.report.change import Change, change, change_in, error_of
from posturecam.report.history import Course, Entry, courses
from posturecam.report.wording import percent_text
from posturecam.spec.units import sem_of

Cell: TypeAlias = "str | int | float | date | None"
WORDS = {"within": "within the error", "up": "up", "down": "down", "": ""}
_WIDEST = 60
_WIDTHS = {datetime: 16, date: 10}
"""Of what is written shorter than its text, in characters."""


EMPTY = Entry("", datetime.min, "", None, "", None, None)
"""What stands before the first session."""


class Line(NamedTuple):
    """A session with its ``week`` and its changes since the person's last one of the same exercise and variant."""

    entry: Entry
    range_change: Change
    hold_change: Change
    pain_change: Change
    week: Week


COLUMNS: Mapping[str, Callable[[Line], Cell]] = {
    "session": lambda line: line.entry.session,
    "created": lambda line: line.entry.created,
    "exercise": lambda line: line.entry.exercise,
    "variant": lambda line: line.entry.variant,
    "person": lambda line: line.entry.person,
    "person_id": lambda line: line.entry.person_id,
    "verdict": lambda line: line.entry.verdict,
    "score": lambda line: _rounded(line.entry.score),
    "reps": lambda line: line.entry.reps,
    "good_reps": lambda line: line.entry.good,
    "range_of_motion": lambda line: _rounded(line.entry.range_of_motion),
    "range_unit": lambda line: line.entry.unit if line.entry.range_of_motion is not None else None,
    "range_error": lambda line: _error(line.entry.range_of_motion, line.entry.range_error),
    "range_change": lambda line: _rounded(line.range_change.difference),
    "range_detectable": lambda line: _rounded(line.range_change.least),
    "range_change_is": lambda line: WORDS[line.range_change.kind],
    "held_s": lambda line: _rounded(line.entry.held_s),
    "longest_hold_s": lambda line: _rounded(line.entry.longest_s),
    "hold_error_s": lambda line: _error(line.entry.longest_s, sem_of("seconds")),
    "longest_hold_change_s": lambda line: _rounded(line.hold_change.difference),
    "longest_hold_detectable_s": lambda line: _rounded(line.hold_change.least),
    "longest_hold_change_is": lambda line: WORDS[line.hold_change.kind],
    "left_minus_right": lambda line: _rounded(line.entry.side_difference),
    "left_minus_right_unit": lambda line: line.entry.side_unit if line.entry.side_difference is not None else None,
    "dose_done": lambda line: _rounded(line.entry.dose.done) if line.entry.dose else None,
    "dose_asked": lambda line: _rounded(line.entry.dose.asked) if line.entry.dose else None,
    "dose_unit": lambda line: line.entry.dose.unit if line.entry.dose else None,
    "dose_share": lambda line: _rounded(line.entry.dose.share) if line.entry.dose else None,
    "week": lambda line: line.week.monday,
    "week_days_done": lambda line: line.week.days,
    "week_days_asked": lambda line: line.week.asked,
    "week_adherence": lambda line: _rounded(line.week.share),
    "pain_before": lambda line: line.entry.pain_before,
    "pain_after": lambda line: line.entry.pain_after,
    "pain_before_change_is": lambda line: WORDS[line.pain_change.kind],
    "most_frequent_fault": lambda line: line.entry.main_fault,
    "faults": lambda line: "; ".join(f"{name} ({percent_text(share)})" for name, share in line.entry.faults.items()),
}
"""The columns by name."""
WEEKS: Mapping[str, Callable[[Course, Week], Cell]] = {
    "person": lambda course, _: course.entries[-1].person,
    "person_id": lambda course, _: course.entries[-1].person_id,
    "exercise": lambda course, _: course.exercise,
    "variant": lambda course, _: course.variant,
    "week": lambda _, week: week.monday,
    "days_done": lambda _, week: week.days,
    "days_asked": lambda _, week: week.asked,
    "dose": lambda _, week: _rounded(week.dose),
    "adherence": lambda _, week: _rounded(week.share),
}
"""The columns of the workbook's second sheet: a line a week, also for weeks in which nothing was done."""
MEANINGS: Mapping[str, str] = {
    "created": "When it was done: when it was filmed, where that is known.",
    "range of motion": "Mean over the session's reps, from rest to the end position, in range unit (torso: torso lengths).",
    "range error, hold error s": "The measuring error of one value: 95 of 100 lie within it (1.96 SEM).",
    "range detectable, longest hold detectable s": "The smallest detectable change between two sessions (MDC95): 1.96 SEM, "
    "times the square root of 2.",
    "... change is": "up or down only where the change since the person's last session of this exercise exceeds that.",
    "dose": "What was done of what was asked, all sets and both sides; the share counts no side for the other, and is 1 at most.",
    "week": "The Monday of the week. The first and the last week ask for their share of days, from the first "
    "session on and up to the last.",
    "adherence": "The doses done of those asked in a week.",
    "pain": "0 no pain, 10 the worst pain imaginable, as told; before and after the sitting that the session belongs to.",
    "": DISCLAIMER,
}
"""What is not plain about the columns: the workbook's last sheet."""


def lines(entries: Iterable[Entry]) -> list[Line]:
    """A line for each session, the oldest first; a recording that was analysed again has only its last analysis."""
    found = [line for course in courses(entries) for line in _with_changes(course)]
    return sorted(found, key=lambda line: (line.entry.created, line.entry.session))


def history_csv(entries: Iterable[Entry]) -> str:
    """Numbers with a point, moments in ISO 8601; cells that a spreadsheet would run as formulas are defused."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines(entries):
        writer.writerow([_csv_cell(make(line)) for make in COLUMNS.values()])
    return out.getvalue()


def history_xlsx(entries: Iterable[Entry]) -> bytes:
    """A workbook of three sheets: sessions, weeks, and what the columns mean.

    Dates are dates (local time), numbers are numbers, and no text is run as a formula. Raises CallError when openpyxl (the extra
    ``xlsx``) is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise CallError("A workbook needs openpyxl: pip install 'posturecam[xlsx]', or use --format csv.") from None
    entries = list(entries)
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "Sessions"
    _fill(first, COLUMNS, [[make(line) for make in COLUMNS.values()] for line in lines(entries)])
    weeks = [(course, week) for course in courses(entries) for week in _weeks(course)]
    _fill(book.create_sheet("Weeks"), WEEKS, [[make(*of) for make in WEEKS.values()] for of in weeks])
    _fill(book.create_sheet("Meanings"), ("column", "means"), [list(pair) for pair in MEANINGS.items()])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Any, head: Iterable[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a table with bold headings that stay in view, and columns as wide as what is in them."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.append([name.replace("_", " ") for name in head])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            _set(sheet.cell(number, column), value)
    for column, cells in enumerate(sheet.columns, 1):
        widest = max(_WIDTHS.get(type(cell.value), len(str(cell.value or ""))) for cell in cells)
        sheet.column_dimensions[get_column_letter(column)].width = min(widest, _WIDEST) + 2
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions


def _set(cell: Any, value: Cell) -> None:
    if isinstance(value, str):
        cell.value = plain(value)
        cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    elif isinstance(value, datetime):
        cell.value = value.astimezone().replace(tzinfo=None, microsecond=0)
        cell.number_format = "yyyy-mm-dd hh:mm"
    else:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"


def _with_changes(course: Course) -> Iterable[Line]:
    by_monday = {week.monday: week for week in _weeks(course)}
    moved = held = hurt = EMPTY
    for entry in course.entries:
        sems = moved.range_error, entry.range_error
        yield Line(
            entry,
            change(moved.range_of_motion, entry.range_of_motion, *sems),
            change_in(held.longest_s, entry.longest_s, "seconds"),
            change_in(hurt.pain_before, entry.pain_before, "pain"),
            by_monday[monday_of(entry.created.date())],
        )
        moved = entry if entry.range_of_motion is not None else moved
        held = entry if entry.longest_s is not None else held
        hurt = entry if entry.pain_before is not None else hurt


def _weeks(course: Course) -> Sequence[Week]:
    kept = adherence(course.entries)
    return kept.weeks if kept is not None else ()


def _error(value: float | None, sem: float) -> float | None:
    return None if value is None else round(error_of(sem), 3)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _csv_cell(value: Cell) -> Cell:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
