"""``posturecam people``: whose sessions are kept, and everything of one person handed on or deleted."""

from __future__ import annotations

import json
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from posturecam.cli import completion
from posturecam.errors import CallError
from posturecam.files import plain

app = typer.Typer(
    no_args_is_help=True, help="List, edit, hand on and delete people and all their sessions.", rich_markup_mode=None
)

Who = Annotated[str, typer.Argument(metavar="PERSON", help="The person's id, or their name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


class Side(str, Enum):
    """Where it hurts."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    NONE = "none"


@app.command("list")
def list_people(as_json: AsJson = False) -> None:
    """List everybody, with how many sessions they have (a recording that was analysed again is one) and when the last one was."""
    from posturecam.app.stored import each_once, load_all
    from posturecam.cli.console import print_table, say
    from posturecam.cli.terminal import Terminal
    from posturecam.store import PeopleStore, SessionStore

    people = PeopleStore().people()
    for problem in people.problems:
        say(f"Skipped: {plain(problem)}")
    known = each_once(load_all(SessionStore(), Terminal())[0])
    theirs = {one.id: known.get(one.id, []) for one in people.everybody}
    if as_json:
        found = [{**one.model_dump(by_alias=True), "sessions": len(theirs[one.id])} for one in people.everybody]
        print(json.dumps({"people": found, "damaged": list(people.problems)}, indent=2))
        return
    if not people.everybody:
        say("Nobody is stored yet; 'posturecam analyse' and 'posturecam live' with --person make one.")
        return
    rows = [
        (
            one.id,
            plain(one.name),
            str(len(theirs[one.id])),
            f"{theirs[one.id][-1].created:%Y-%m-%d}" if theirs[one.id] else "",
        )
        for one in people.everybody
    ]
    print_table(("id", "name", "sessions", "last"), rows)


@app.command("show")
def show_person(person: Who, as_json: AsJson = False) -> None:
    """Show what is known of a person, and their sessions."""
    from posturecam.store import PeopleStore, SessionStore, sessions_of

    store = PeopleStore()
    found = store.find(person)
    theirs = sessions_of(found, store, SessionStore())
    if as_json:
        print(json.dumps({**found.model_dump(by_alias=True), "sessions": [one.id for one in theirs]}, indent=2))
        return
    lines = [
        f"{found.name} ({found.id})",
        f"Height     {'-' if found.height_cm is None else f'{found.height_cm:g} cm'}",
        f"Pain       {found.painful_side or '-'}",
        f"Programme  {found.programme or '-'}",
        f"Days/week  {found.days_a_week or '-'}",
        *(f"Notes      {line}" for line in found.notes.splitlines()),
        f"Folder     {store.folder(found.id)}",
        f"Sessions   {len(theirs)}",
        *(f"  {one.id}" for one in theirs),
    ]
    print("\n".join(plain(line) for line in lines))


@app.command("edit")
def edit_person(
    person: Who,
    name: Annotated[str | None, typer.Option("--name", help="What they are called.")] = None,
    height: Annotated[
        str | None, typer.Option("--height", metavar="CM", help="Body height in centimetres, or '-' for not known.")
    ] = None,
    pain: Annotated[Side | None, typer.Option("--pain", help="The painful side.")] = None,
    programme: Annotated[
        str | None,
        typer.Option(
            "--programme",
            metavar="ID|FILE",
            help="What 'live --person' does by itself, or '-' for nothing.",
            autocompletion=completion.programmes,
        ),
    ] = None,
    days: Annotated[
        str | None,
        typer.Option(
            "--days-a-week",
            metavar="N",
            help="How often they are to exercise, where neither programme nor exercise says it; '-' for not said.",
        ),
    ] = None,
    notes: Annotated[str | None, typer.Option("--notes", help="Notes in place of those there are.")] = None,
) -> None:
    """Change what is known of a person; somebody who is not there yet is added."""
    from posturecam.store import PeopleStore, changed

    store = PeopleStore()
    found = store.lookup(person)
    new = found is None
    values: dict[str, object] = {}
    if name is not None:
        values["name"] = name
    if height is not None:
        values["height_cm"] = None if height == "-" else _number(height)
    if pain is not None:
        values["painful_side"] = pain.value
    if programme is not None:
        values["programme"] = None if programme == "-" else _programme(programme)
    if days is not None:
        values["days_a_week"] = None if days == "-" else _days(days)
    if notes is not None:
        values["notes"] = notes
    if not new and not values:
        raise CallError("Nothing to change; give --name, --height, --pain, --programme, --days-a-week or --notes.")
    edited = changed(found or store.named(person), **values)
    if new:
        store.add(edited)
    else:
        store.replace(edited)
    print(f"{'Added' if new else 'Changed'} {plain(edited.name)} ({edited.id})")


@app.command("export")
def export(
    person: Who,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The zip.  [default: ID.zip]", show_default=False)
    ] = None,
) -> None:
    """Write everything of a person into one zip, for 'people import' elsewhere."""
    from posturecam.app.recovery import finish_abandoned
    from posturecam.cli.terminal import Terminal
    from posturecam.report.wording import sessions_counted
    from posturecam.store import PeopleStore, SessionStore, export_person

    store, sessions = PeopleStore(), SessionStore()
    found = store.find(person)
    target = out or Path(f"{found.id}.zip")
    if target.exists():
        raise CallError(f"{target} is there already; name another file with --out.")
    finish_abandoned(sessions, Terminal())
    count = export_person(found, store, sessions, target)
    print(f"{target}: {plain(found.name)} with {sessions_counted(count)}")


@app.command("import")
def import_(zip_file: Annotated[Path, typer.Argument(metavar="ZIP", help="What 'people export' wrote.")]) -> None:
    """Bring a person and their sessions from a zip into the store; nothing that is there is replaced."""
    from posturecam.report.wording import sessions_counted
    from posturecam.store import PeopleStore, SessionStore, import_person

    person, count = import_person(zip_file, PeopleStore(), SessionStore())
    print(f"Imported {plain(person.name)} ({person.id}) with {sessions_counted(count)}")


@app.command("delete")
def delete(person: Who, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Delete a person and all their sessions for good."""
    from posturecam.app.recovery import finish_abandoned
    from posturecam.cli.console import say
    from posturecam.cli.terminal import Terminal
    from posturecam.report.wording import sessions_counted
    from posturecam.store import PeopleStore, SessionStore, delete_person, sessions_of

    store, sessions = PeopleStore(), SessionStore()
    found = store.find(person)
    finish_abandoned(sessions, Terminal())
    if not yes:
        if not sys.stdin.isatty():
            raise CallError("Deleting cannot be undone: say --yes where nobody can be asked.")
        count = len(sessions_of(found, store, sessions))
        if not typer.confirm(
            f"Delete {plain(found.name)} ({found.id}) and {sessions_counted(count)} for good?", err=True
        ):
            say("Nothing was deleted.")
            return
    count = delete_person(found, store, sessions)
    print(f"Deleted {plain(found.name)} ({found.id}) and {sessions_counted(count)}")
    say("Reports, videos and zips that were written outside of the store (posturecam_out, --out) are not touched.")


def _number(text: str) -> float:
    try:
        return float(text.removesuffix("cm").strip())
    except ValueError:
        raise CallError(f"--height {text!r} is not a height; give centimetres, such as 172.") from None


def _days(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 7):
        raise CallError(f"--days-a-week {text!r} is not a number of days in a week; give 1 to 7.")
    return int(text)


def _programme(name: str) -> str:
    """The programme as it will be found later, from whatever folder; raises SpecError or CallError when there is none."""
    from posturecam.app.live_steps import programme

    programme(name)
    path = Path(name)
    return str(path.resolve()) if path.is_file() else name
