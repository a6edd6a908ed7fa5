"""What every command says to the person: lines on standard error, and progress bars where somebody looks at a terminal."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from posturecam.errors import CallError
from posturecam.files import shown


def say(line: str) -> None:
    """One line to standard error, so that standard output stays for results."""
    print(told(line), file=sys.stderr, flush=True)


def told(text: str) -> str:
    """A message of one or more lines as a terminal may show it, whatever names stand in it."""
    return "\n".join(shown(line) for line in text.split("\n"))


def refuse_save_and_no_save(save: Path | None, *, no_save: bool) -> None:
    """CallError where a session is to be kept in a place and not to be kept at all."""
    if save is not None and no_save:
        raise CallError("--save and --no-save contradict each other; give one of them.")


_debug = False


def show_tracebacks(wanted: bool) -> None:
    """Whether :func:`trace` shows anything: what ``--debug`` asks for."""
    global _debug
    _debug = wanted


def trace(error: BaseException) -> None:
    """The whole traceback of an error that a command goes on after, with ``--debug`` only."""
    if _debug:
        traceback.print_exception(error)


@contextmanager
def progress_bar(title: str, total: float | None, unit: str) -> Iterator[Callable[[float, float | None], None]]:
    """A bar on standard error with speed and time left; silent when that is not a terminal.

    Yields ``advance(done, total)``, where ``done`` counts from 0 in ``unit`` ("frames", "bytes") and ``total`` may be None.
    """
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns: list[ProgressColumn] = [TextColumn("{task.description}", markup=False), BarColumn()]
    columns += [DownloadColumn() if unit == "bytes" else MofNCompleteColumn()]
    columns += [TextColumn("{task.fields[speed]}"), TimeRemainingColumn(compact=True)]
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total, speed="")

        def advance(done: float, whole: float | None) -> None:
            speed = bar.tasks[0].speed
            told = "" if speed is None or unit == "bytes" else f"{speed:.0f} {unit}/s"
            bar.update(task, completed=done, total=whole, speed=told)

        yield advance


def print_table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table drawn by rich on a terminal; tab-separated lines with a header anywhere else."""
    if not sys.stdout.isatty():
        print("\n".join("\t".join(row) for row in [header, *rows]))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for title in header:
        table.add_column(title, overflow="fold", no_wrap=title in ("id", "fault"))
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
