"""``posturecam compare``: two sessions side by side."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Annotated

import typer

from posturecam.cli.streams import print_json
from posturecam.errors import CallError

if TYPE_CHECKING:
    from posturecam.report.comparison import Comparison

SIGNS = {"better": "+", "worse": "-", "same": "=", "changed": " "}


def compare(
    before: Annotated[
        str,
        typer.Argument(
            metavar="A",
            help="The earlier session: an id or its beginning, a folder, a report.json; 'last' alone compares the last two.",
        ),
    ],
    after: Annotated[str, typer.Argument(metavar="B", help="The later one, or 'last'.")] = "last",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Compare two sessions: what is better, what is worse, and what differs by no more than the measuring error."""
    from posturecam.app.stored import find, session_before
    from posturecam.cli.console import print_table, say
    from posturecam.cli.terminal import Terminal
    from posturecam.files import plain
    from posturecam.report.comparison import compare as compare_reports

    host = Terminal()
    old, new = find(before, host), find(after, host)
    if old.session.id == new.session.id:
        if before != after:
            raise CallError(f"{before} and {after} are the same session; name two.")
        old = session_before(new, host)
    result = compare_reports(old.report, new.report)
    if as_json:
        print_json(json.dumps(_as_json(old.session.id, new.session.id, result), indent=2, ensure_ascii=False))
        return
    for name, stored in (("A", old), ("B", new)):
        person = f", {stored.report.person_name}" if stored.report.person else ""
        title = f"{stored.report.title()}{person}, {stored.session.created:%Y-%m-%d %H:%M}"
        print(plain(f"{name}: {title} ({stored.session.id})"))
    print(plain(result.sentence()))
    for caution in result.cautions:
        say(plain(f"Note: {caution}"))
    print()
    rows = [(SIGNS[row.trend], row.name, row.before, row.after, row.change) for row in result.rows]
    print_table(("", "quantity", "A", "B", "change"), [tuple(plain(cell) for cell in row) for row in rows])
    if result.faults:
        print()
        faults = [(fault.trend, fault.name, _share(fault.before), _share(fault.after)) for fault in result.faults]
        print_table(("", "fault", "A", "B"), [tuple(plain(cell) for cell in row) for row in faults])


def _share(share: float) -> str:
    from posturecam.report.wording import percent_text

    return percent_text(share) if share else "-"


def _as_json(before: str, after: str, result: Comparison) -> dict[str, object]:
    return {"before": before, "after": after, "sentence": result.sentence(), **dataclasses.asdict(result)}
