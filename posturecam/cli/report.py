"""``posturecam report``: a stored session exported again, in any format."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from posturecam.report.types import Report
    from posturecam.store import Session

DEFAULT_NAME, FHIR = "report", "fhir"


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
    formats: Annotated[
        str, typer.Option("--format", "-f", metavar="LIST", help="html, pdf, csv, json, md; or fhir.")
    ] = "html",
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

    wanted = [] if formats.strip().lower() == FHIR else [chosen.value for chosen in parse_formats(formats)]
    stored = find(session, Terminal())
    shown = stored.report if images else anonymised(stored.report)
    if not wanted:
        _write_fhir(stored.session, shown, out)
        return
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


def _write_fhir(session: Session, shown: Report, out: Path | None) -> None:
    """One session as FHIR Observations, without a name."""
    from posturecam.app.handing_on import as_fhir
    from posturecam.files import write_whole
    from posturecam.report.history import entry_of
    from posturecam.store.folders import safe_name

    text = as_fhir([entry_of(session.id, session.created, shown)])
    if str(out) == "-":
        print(text, end="")
        return
    folder = out or Path("posturecam_out") / safe_name(session.id)
    path = folder if folder.suffix == ".json" and not folder.is_dir() else folder / f"{DEFAULT_NAME}.fhir.json"
    write_whole(path, text)
    print(path)
