"""``posturecam history``: progress over the stored sessions."""

from __future__ import annotations

import shutil
import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posturecam import language
from posturecam.cli import completion

if TYPE_CHECKING:
    from posturecam.report.history import Course, Entry


SUFFIXES = {"html": ".html", "xlsx": ".xlsx", "fhir": ".fhir.json"}
"""Of what is a file in any case."""
NO_ROOM_FOR_IDS = "There is no room for the sessions' ids here; 'posturecam sessions list' shows them."
LEAST_LAST_COLUMN = 24
"""Characters that the last column keeps, however narrow the terminal: then the terminal breaks the lines."""


class HistoryFormat(str, Enum):
    """How the history is given."""

    TABLE = "table"
    HTML = "html"
    CSV = "csv"
    XLSX = "xlsx"
    FHIR = "fhir"


FOR_PROGRAMS = (HistoryFormat.CSV, HistoryFormat.XLSX, HistoryFormat.FHIR)
"""What other programs read is English, whoever asks for it."""


def history(
    exercise: Annotated[
        str | None,
        typer.Option("--exercise", "-e", metavar="ID", help="Only this exercise.", autocompletion=completion.exercises),
    ] = None,
    person: Annotated[str | None, typer.Option("--name", metavar="NAME", help="Only this person's sessions.")] = None,
    who: Annotated[
        str | None, typer.Option("--person", metavar="PERSON", help="Only the sessions of this person in the store.")
    ] = None,
    format_: Annotated[
        HistoryFormat,
        typer.Option("--format", help="A table, a page with charts, a spreadsheet, or FHIR R4 Observations."),
    ] = HistoryFormat.TABLE,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Where to write it; all but table and CSV go to posturecam-history.* without it.",
        ),
    ] = None,
    with_names: Annotated[
        bool, typer.Option("--with-names", help="FHIR: also the people's names; only with their consent.")
    ] = False,
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="DIR", help="A folder of sessions other than your own.", show_default=False),
    ] = None,
) -> None:
    """Show progress over sessions: score, range of motion, reps, hold time, left against right, faults."""
    from posturecam.app.stored import as_entry, chosen, folder_of, load_all, tell_damaged
    from posturecam.cli.terminal import Terminal
    from posturecam.files import write_whole
    from posturecam.store import PeopleStore

    if format_ in FOR_PROGRAMS:
        language.use(language.SOURCE)
    host = Terminal()
    record = PeopleStore().find(who) if who is not None else None
    store = folder_of(source)
    stored, damaged = load_all(store, host)
    tell_damaged(damaged, host)
    entries = [as_entry(one) for one in chosen(stored, exercise, person, record)]
    if not entries and format_ not in (HistoryFormat.CSV, HistoryFormat.XLSX):
        host.say(f"No session is stored in {store.root} yet; 'posturecam live' and 'posturecam analyse' store one.")
        return
    content = _rendered(format_, entries, len(damaged), with_names=with_names)
    if out is None and format_ in SUFFIXES:
        out = Path(f"posturecam-history{SUFFIXES[format_]}")
    if out is None:
        assert isinstance(content, str)
        print(content, end="" if content.endswith("\n") else "\n")
        return
    # a spreadsheet takes UTF-8 for what it is only with a mark at its start
    write_whole(out, f"\ufeff{content}" if isinstance(content, str) and format_ is HistoryFormat.CSV else content)
    print(out)


def _rendered(format_: HistoryFormat, entries: list[Entry], unreadable: int, *, with_names: bool) -> str | bytes:
    from posturecam.report.history_page import render_history
    from posturecam.report.spreadsheet import history_csv, history_xlsx

    if format_ is HistoryFormat.TABLE:
        return _tables(entries)
    if format_ is HistoryFormat.CSV:
        return history_csv(entries)
    if format_ is HistoryFormat.XLSX:
        return history_xlsx(entries)
    if format_ is HistoryFormat.FHIR:
        from posturecam.app.handing_on import as_fhir

        return as_fhir(entries, with_names=with_names)
    people = {entry.person for entry in entries}
    return render_history(entries, person=people.pop() if len(people) == 1 else None, unreadable=unreadable)


def _tables(entries: list[Entry]) -> str:
    """One table an exercise, its columns lined up."""
    from posturecam.files import plain
    from posturecam.report.history import courses
    from posturecam.report.history_page import error_note
    from posturecam.report.progress import adherence_sentence, progress_sentence

    blocks = []
    width = shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else None
    for course in courses(entries):
        lines, ids = _table(course, ids=True), True
        if width is not None and max(map(len, lines)) > width:
            lines, ids = _table(course, ids=False), False
        told = filter(None, (progress_sentence(course), adherence_sentence(course)))
        note = [f"  {error_note(course)}"] if error_note(course) else []
        note += [] if ids else [f"  {NO_ROOM_FOR_IDS}"]
        said = [line for text in told for line in _wrapped(plain(text), width)]
        noted = [line for text in note for line in _wrapped(text, width)]
        blocks.append("\n".join([plain(course.title), *said, "", *lines, *noted]))
    return "\n\n".join(blocks)


def _table(course: Course, *, ids: bool) -> list[str]:
    from posturecam.files import plain
    from posturecam.report.history_page import table

    columns, rows = table(course, ids=ids)
    cells = [[name for name, _ in columns], *([plain(cell) for cell in row] for row in rows)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(columns))]
    return [line for row in cells for line in _lines(row, widths, [number for _, number in columns])]


def _wrapped(text: str, width: int | None) -> list[str]:
    """The lines of a text, broken between words where a terminal would break within one."""
    import textwrap

    return textwrap.wrap(text, width, subsequent_indent=" " * (len(text) - len(text.lstrip()))) if width else [text]


def _lines(row: list[str], widths: list[int], numbers: list[bool]) -> list[str]:
    """A row's lines: what does not fit beside the others in the last column goes on below, never broken within a word."""
    import textwrap

    before = sum(widths[:-1]) + 2 * len(widths[:-1])
    room = max(LEAST_LAST_COLUMN, shutil.get_terminal_size((100, 24)).columns - before)
    last = textwrap.wrap(row[-1], room, break_long_words=False, break_on_hyphens=False) or [""]
    head = "  ".join(
        cell.rjust(width) if number else cell.ljust(width)
        for cell, width, number in zip(row[:-1], widths, numbers, strict=False)
    )
    if numbers[-1]:
        last = [row[-1].rjust(widths[-1])]
    return [f"{head}  {last[0]}".rstrip(), *(" " * before + part for part in last[1:])]
