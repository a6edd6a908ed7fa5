"""All sessions as a spreadsheet, CSV or an Excel workbook: a line each, the measuring error beside what was measured."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple, TypeAlias

from posturecam.errors import CallError
from posturecam.files import plain
from posturecam.report.history import Course, Entry, courses
from posturecam.report.wording import percent_text
from posturecam.spec.units import noise_of

Cell: TypeAlias = "str | int | float | datetime | None"
WITHIN, UP, DOWN = "within the error", "up", "down"
_WIDEST = 60


class Change(NamedTuple):
    """What has changed since the session before: ``says`` calls it up or down only where it exceeds the measuring error."""

    difference: float | None
    says: str


class Line(NamedTuple):
    """A session with its changes since the person's last one of the same exercise and variant."""

    entry: Entry
    range_change: Change
    hold_change: Change


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
    "range_error": lambda line: noise_of(line.entry.unit) if line.entry.range_of_motion is not None else None,
    "range_change": lambda line: _rounded(line.range_change.difference),
    "range_change_is": lambda line: line.range_change.says,
    "held_s": lambda line: _rounded(line.entry.held_s),
    "longest_hold_s": lambda line: _rounded(line.entry.longest_s),
    "hold_error_s": lambda line: noise_of("seconds") if line.entry.longest_s is not None else None,
    "longest_hold_change_s": lambda line: _rounded(line.hold_change.difference),
    "longest_hold_change_is": lambda line: line.hold_change.says,
    "left_minus_right": lambda line: _rounded(line.entry.side_difference),
    "left_minus_right_unit": lambda line: line.entry.side_unit if line.entry.side_difference is not None else None,
    "most_frequent_fault": lambda line: line.entry.main_fault,
    "faults": lambda line: "; ".join(f"{name} ({percent_text(share)})" for name, share in line.entry.faults.items()),
}
"""The columns by name. An error is the difference between two sessions that says nothing (``spec.units.noise_of``)."""


def lines(entries: Iterable[Entry]) -> list[Line]:
    """A line for each session, the oldest first; a recording that was analysed again has only its last analysis."""
    found = [line for course in courses(entries) for line in _with_changes(course)]
    return sorted(found, key=lambda line: (line.entry.created, line.entry.session))


def change(before: float | None, after: float | None, unit: str) -> Change:
    """The change between two sessions' values; empty words where one of them is not known."""
    if before is None or after is None:
        return Change(None, "")
    difference = after - before
    if abs(difference) <= noise_of(unit):
        return Change(difference, WITHIN)
    return Change(difference, UP if difference > 0 else DOWN)


def history_csv(entries: Iterable[Entry]) -> str:
    """Numbers with a point, moments in ISO 8601; cells that a spreadsheet would run as formulas are defused."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines(entries):
        writer.writerow([_csv_cell(make(line)) for make in COLUMNS.values()])
    return out.getvalue()


def history_xlsx(entries: Iterable[Entry]) -> bytes:
    """A workbook with one sheet; dates are dates (local time), numbers are numbers, and no text is run as a formula.

    Raises CallError when openpyxl (the extra ``xlsx``) is not installed.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter
    except ImportError:
        raise CallError("A workbook needs openpyxl: pip install 'posturecam[xlsx]', or use --format csv.") from None
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sessions"
    sheet.append([name.replace("_", " ") for name in COLUMNS])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, line in enumerate(lines(entries), 2):
        for column, make in enumerate(COLUMNS.values(), 1):
            value = make(line)
            cell = sheet.cell(number, column)
            if isinstance(value, str):
                cell.value = plain(value)
                cell.data_type = "s"  # openpyxl takes what begins with = for a formula
            elif isinstance(value, datetime):
                cell.value = value.astimezone().replace(tzinfo=None, microsecond=0)
                cell.number_format = "yyyy-mm-dd hh:mm"
            else:
                cell.value = value
    for column, cells in enumerate(sheet.columns, 1):
        widest = max(16 if isinstance(cell.value, datetime) else len(str(cell.value or "")) for cell in cells)
        sheet.column_dimensions[get_column_letter(column)].width = min(widest, _WIDEST) + 2
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _with_changes(course: Course) -> Iterable[Line]:
    last_range: float | None = None
    last_hold: float | None = None
    for entry in course.entries:
        yield Line(
            entry,
            change(last_range, entry.range_of_motion, entry.unit),
            change(last_hold, entry.longest_s, "seconds"),
        )
        last_range = entry.range_of_motion if entry.range_of_motion is not None else last_range
        last_hold = entry.longest_s if entry.longest_s is not None else last_hold


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _csv_cell(value: Cell) -> Cell:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
