"""``posturecam rescore``: a session judged again from its landmarks, without the video."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posturecam.cli import completion
from posturecam.cli.console import say
from posturecam.cli.streams import print_json
from posturecam.cli.terminal import Terminal
from posturecam.files import plain

if TYPE_CHECKING:
    from posturecam.report.types import Report


def rescore(
    session: Annotated[
        str,
        typer.Argument(
            metavar="[SESSION]", help="'last', an id or its beginning, a session's folder, or a report.json."
        ),
    ] = "last",
    spec: Annotated[
        str | None,
        typer.Option(
            "--spec",
            metavar="FILE|ID",
            help="Judge by this spec; without it by the one it was made with.",
            show_default=False,
            autocompletion=completion.exercises,
        ),
    ] = None,
    variant: Annotated[
        str | None,
        typer.Option(
            "--variant", help="Judge as this variant.", show_default=False, autocompletion=completion.variants
        ),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Store the new report with the session; the old one is kept beside it.")
    ] = False,
    formats: Annotated[
        str, typer.Option("--format", "-f", metavar="LIST", help="With --out: html, pdf, csv, json, md.")
    ] = "html,json",
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="PATH", help="Write the new report there.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the new report as JSON, nothing else.")] = False,
) -> None:
    """Judge a stored session again, by its own spec or another, and show what differs."""
    from posturecam.app.rendering import write_formats
    from posturecam.app.rescore import exercise_for, judged_again
    from posturecam.app.stored import find
    from posturecam.cli.analyse import parse_formats
    from posturecam.report.picture_files import read_pictures
    from posturecam.store import THUMBNAILS, SessionStore

    wanted = [chosen.value for chosen in parse_formats(formats)]
    stored = find(session, Terminal())
    exercise = exercise_for(stored.session, stored.report, spec, variant, say)
    new = judged_again(stored.session, stored.report, exercise)
    if as_json:
        print_json(new.to_json())
    else:
        print(_difference(stored.report, new))
    if keep and new != stored.report:
        SessionStore().replace_report(stored.session, new.to_json())
        say("The session has its new report; the old one is kept beside it.")
    if out is not None:
        thumbnails = read_pictures(stored.session.folder / THUMBNAILS)
        for path in write_formats(new, wanted, out, "report", thumbnails):
            say(str(path))


def _difference(before: Report, after: Report) -> str:
    """What differs, for the terminal."""
    from posturecam.report.comparison import changed_limits, compare, rep_changes

    lines = [f"{after.title()}: {after.summary}"]
    if after.model_copy(update={"provenance": before.provenance, "version": before.version}) == before:
        return "\n".join([plain(lines[0]), "The same result as before."])
    limits = changed_limits(before, after)
    if limits:
        lines.append(f"Other limits: {', '.join(limits)}")
    comparison = compare(before, after)
    lines += [f"{row.name}: {row.before} → {row.after}" for row in comparison.rows if row.before != row.after]
    words = {"gone": "No longer to work on", "new": "Now to work on"}
    lines += [f"{words[fault.trend]}: {fault.name}" for fault in comparison.faults if fault.trend != "still"]
    lines += rep_changes(before, after)
    if len(lines) == 1:
        lines.append("Only details differ.")
    return "\n".join(plain(line) for line in lines)
