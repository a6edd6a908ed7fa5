"""Many recordings in one table: for spreadsheets, and as a page that links the reports."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from posturecam import __version__
from posturecam.report.csv import cell

Row = tuple[Sequence[str], str]
"""A recording's cells, and the address of its report as seen from the page, empty without one."""
NUMBERS = ("reps", "hold", "score")


def render_summary(header: Sequence[str], rows: Sequence[Row]) -> str:
    """A row a recording, and where its report lies; lines end in CRLF as RFC 4180 has it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*header, "report"])
    for cells, address in rows:
        writer.writerow([cell(value) for value in (*cells, address)])
    return text.getvalue()


def render_index(header: Sequence[str], rows: Sequence[Row]) -> str:
    """A self-contained page with the same table; each recording's name leads to its report."""
    from posturecam.report.page import page_environment

    environment = page_environment()
    assert environment.loader is not None
    css = "\n".join(environment.loader.get_source(environment, name)[0] for name in ("report.css", "history.css"))
    return environment.get_template("many.html.j2").render(
        title="1 recording" if len(rows) == 1 else f"{len(rows)} recordings",
        version=__version__,
        css=css,
        header=[(name, name in NUMBERS) for name in header],
        rows=[(list(cells), _address(place)) for cells, place in rows],
    )


def _address(place: str) -> str:
    from urllib.parse import quote

    return quote(place)
