"""``posturecam report``: a stored session exported again, in any format."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_NAME = "report"


class Paper(str, Enum):
    """Paper of the PDF."""

    A4 = "A4"
    LETTER = "Letter"


def report(
    session: Annotated[
        str,
        typer.Argument(
            metavar="[SESSION]", help="'last', an id or its beginning, a session's folder, or a report.json."
        ),
    ] = "last",
    formats: Annotated[str, typer.Option("--format", "-f", metavar="LIST", help="html, pdf, csv, json, md.")] = "html",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="PATH",
            help="A file, a folder, or - for standard output.  [default: posturecam_out/SESSION]",
        ),
    ] = None,
    images: Annotated[
        bool, typer.Option("--images/--no-images", help="Without: pictures and names are left out, to be handed on.")
    ] = True,
    paper: Annotated[Paper, typer.Option("--paper", help="Paper of the PDF.")] = Paper.A4,
) -> None:
    """Write the report of a stored session again, in any format."""
    import sys

    from posturecam.app.rendering import render, write_formats
    from posturecam.app.stored import find
    from posturecam.cli.analyse import parse_formats
    from posturecam.cli.terminal import Terminal
    from posturecam.errors import CallError
    from posturecam.report.anonymise import anonymised
    from posturecam.report.picture_files import read_pictures
    from posturecam.store import THUMBNAILS
    from posturecam.store.folders import safe_name

    wanted = [chosen.value for chosen in parse_formats(formats)]
    stored = find(session, Terminal())
    shown = stored.report if images else anonymised(stored.report)
    thumbnails = read_pictures(stored.session.folder / THUMBNAILS) if images else {}
    if str(out) == "-":
        if len(wanted) > 1:
            raise CallError("Only one format can go to standard output.")
        content = render(shown, wanted[0], thumbnails, paper=paper.value)
        sys.stdout.buffer.write(content if isinstance(content, bytes) else content.encode())
        sys.stdout.buffer.flush()
        return
    folder = out or Path("posturecam_out") / safe_name(stored.session.id)
    for path in write_formats(shown, wanted, folder, DEFAULT_NAME, thumbnails, paper.value):
        print(path)
