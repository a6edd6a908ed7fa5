"""``posturecam sessions``: what is stored, and removing it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from posturecam.cli import completion
from posturecam.cli.streams import print_json
from posturecam.cli.terminal import Terminal
from posturecam.errors import CallError
from posturecam.files import plain

if TYPE_CHECKING:
    from posturecam.report.types import Pain

app = typer.Typer(no_args_is_help=True, help="List, show and delete stored sessions.", rich_markup_mode=None)

FromOption = Annotated[
    str | None,
    typer.Option("--from", metavar="DIR", help="A folder of sessions other than your own.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


@app.command("list")
def list_sessions(
    exercise: Annotated[
        str | None,
        typer.Option("--exercise", "-e", metavar="ID", help="Only this exercise.", autocompletion=completion.exercises),
    ] = None,
    who: Annotated[str | None, typer.Option("--person", metavar="PERSON", help="Only this person's sessions.")] = None,
    source: FromOption = None,
    as_json: AsJson = False,
) -> None:
    """List the stored sessions, the newest first; one that is damaged is named and never hides the others."""
    from posturecam.app.stored import chosen, folder_of, load_all, tell_damaged
    from posturecam.cli.console import print_table, say
    from posturecam.store import PeopleStore

    host = Terminal()
    record = PeopleStore().find(who) if who is not None else None
    store = folder_of(source)
    stored, damaged = load_all(store, host)
    stored = list(reversed(chosen(stored, exercise, None, record)))
    if as_json:
        sessions = [
            {
                "id": one.session.id,
                "folder": str(one.session.folder),
                "created": one.report.created,
                "exercise": one.report.exercise,
                "variant": one.report.variant,
                "person": one.report.person_name,
                "score": one.report.score,
                "summary": one.report.summary,
                "landmarks": one.session.has_landmarks,
                "recovered": one.report.recovered,
            }
            for one in stored
        ]
        problems = [{"id": one.id, "folder": str(one.folder), "problem": one.problem} for one in damaged]
        print_json(json.dumps({"sessions": sessions, "damaged": problems}, indent=2, ensure_ascii=False))
        return
    tell_damaged(damaged, host)
    if not stored:
        say(f"No session is stored in {store.root} yet; 'posturecam live' and 'posturecam analyse' store one.")
        return
    rows = [
        (
            one.session.id,
            f"{one.session.created:%Y-%m-%d %H:%M}",
            plain(one.report.title()),
            plain(one.report.person_name or ""),
            "-" if one.report.score is None else f"{one.report.score:.0f}",
            plain(one.report.summary) + (" (recovered)" if one.report.recovered else ""),
        )
        for one in stored
    ]
    print_table(("id", "date", "exercise", "person", "score", "summary"), rows)


@app.command("show")
def show_session(
    session: Annotated[
        str, typer.Argument(metavar="[SESSION]", help="'last', an id or its beginning, a folder.")
    ] = "last",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Show one session: what was done, how well, and which files there are."""
    from posturecam.app.stored import find

    stored = find(session, Terminal())
    report = stored.report
    if as_json:
        print_json(report.to_json())
        return
    files = sorted(
        str(path.relative_to(stored.session.folder)) for path in stored.session.folder.rglob("*") if path.is_file()
    )
    person = [f"Person    {report.person_name}"] if report.person else []
    faults = [f"  {fault.name} ({fault.severity}): {fault.share:.0%}. {fault.cue}." for fault in report.faults]
    lines = [
        f"{report.title()}, {stored.session.created:%Y-%m-%d %H:%M}",
        f"  {report.summary}",
        *faults,
        "",
        f"Session   {stored.session.id}",
        *person,
        f"Score     {'-' if report.score is None else f'{report.score:.0f}'}",
        *([f"Pain      {pain_text(report.pain).removeprefix('pain ')}"] if report.pain else []),
        f"Recording {report.source.path}",
        f"Folder    {stored.session.folder}",
        f"Files     {', '.join(files)}",
    ]
    print("\n".join(plain(line) for line in lines))


@app.command("assign")
def assign_sessions(
    sessions: Annotated[list[str], typer.Argument(metavar="SESSION...", help="Ids or their beginnings, or 'last'.")],
    person: Annotated[str, typer.Option("--person", metavar="PERSON", help="Whose they are: an id or a name.")],
) -> None:
    """Give stored sessions to a person of 'people list'."""
    from posturecam.app.people import give
    from posturecam.store import PeopleStore, SessionStore

    store = SessionStore()
    record = PeopleStore().find(person)
    # all are found before one is changed: a mistyped name changes nothing
    found = [store.find(name) for name in dict.fromkeys(store.resolve(reference) for reference in sessions)]
    for session in found:
        give(session, record)
        print(f"{plain(session.id)} is {plain(record.name)}'s ({record.id})")


@app.command("pain")
def tell_pain(
    sessions: Annotated[list[str], typer.Argument(metavar="SESSION...", help="Ids or their beginnings, or 'last'.")],
    before: Annotated[
        int | None, typer.Option("--before", min=0, max=10, help="Pain before the exercise.", show_default=False)
    ] = None,
    after: Annotated[
        int | None, typer.Option("--after", min=0, max=10, help="Pain after the exercise.", show_default=False)
    ] = None,
) -> None:
    """Write down how much it hurt, from 0 to 10, in sessions of which nobody asked."""
    from posturecam.app.amending import amended
    from posturecam.app.stored import load
    from posturecam.report.types import Pain
    from posturecam.store import SessionStore

    if before is None and after is None:
        raise CallError("Give --before, --after or both, from 0 to 10.")
    store = SessionStore()
    found = [store.find(name) for name in dict.fromkeys(store.resolve(reference) for reference in sessions)]
    for session in found:
        told = load(session).report.pain or Pain()
        pain = Pain(
            before=told.before if before is None else before,
            after=told.after if after is None else after,
            sitting=told.sitting,
        )
        amended(session, pain=pain)
        print(f"{plain(session.id)}: {pain_text(pain)}")


def pain_text(pain: Pain) -> str:
    """Pain before and after for a terminal."""
    return (
        f"pain {'-' if pain.before is None else pain.before} before, {'-' if pain.after is None else pain.after} after"
    )


@app.command("delete")
def delete_sessions(
    sessions: Annotated[list[str], typer.Argument(metavar="SESSION...", help="Ids or their beginnings, or 'last'.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete stored sessions for good: report, landmarks and pictures."""
    from posturecam.cli.console import say
    from posturecam.store import SessionStore

    store = SessionStore()
    # all are found before one is deleted: a mistyped name deletes nothing
    ids = list(dict.fromkeys(store.resolve(reference) for reference in sessions))
    if not yes:
        if not sys.stdin.isatty():
            raise CallError("Deleting cannot be undone: say --yes where nobody can be asked.")
        names = ", ".join(plain(name) for name in ids)
        if not typer.confirm(f"Delete {names} for good?", err=True):
            say("Nothing was deleted.")
            return
    for name in ids:
        store.delete(name)
        print(f"Deleted {plain(name)}")
