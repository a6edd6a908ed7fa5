"""``posturecam rescore``: a session judged again from its landmarks, without the video."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posturecam.cli.console import plain, say
from posturecam.cli.streams import print_json

if TYPE_CHECKING:
    from posturecam.report.types import Provenance, Report
    from posturecam.spec.schema import Exercise
    from posturecam.store import Session


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
        ),
    ] = None,
    variant: Annotated[str | None, typer.Option("--variant", help="Judge as this variant.", show_default=False)] = None,
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
    from posturecam.cli.analyse import parse_formats
    from posturecam.cli.rendering import write_formats
    from posturecam.cli.stored import find
    from posturecam.report.picture_files import read_pictures
    from posturecam.store import THUMBNAILS, SessionStore

    wanted = [chosen.value for chosen in parse_formats(formats)]
    stored = find(session)
    exercise = _exercise(stored.session, stored.report, spec, variant)
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


def judged_again(session: Session, before: Report, exercise: Exercise) -> Report:
    """The session's report as this program and ``exercise`` judge it now; StoreError when it has no usable landmarks."""
    from posturecam.errors import SourceError, StoreError
    from posturecam.judging.judge import judge
    from posturecam.poses import load
    from posturecam.report.build import build_report

    if not session.has_landmarks:
        raise StoreError(
            f"The session {session.id} cannot be judged again, as its landmarks are missing; analyse the recording anew."
        )
    try:
        stored = load(session.landmarks_path)
    except SourceError as error:
        raise StoreError(str(error)) from error
    judgement = judge(exercise, stored.poses, still=stored.info.is_still, doubted=stored.info.times_doubted)
    result = judgement.result(interrupted=before.interrupted)
    report = build_report(
        exercise,
        result,
        # the recording may have been given another name, or none, since
        replace(stored.info, path=before.source.path),
        _provenance(before, exercise),
        created=session.created,
        person=before.person,
        recorded=before.recorded,
        variant_found=before.variant_found if exercise.variant == before.variant else None,
        dose=before.dose if exercise.id == before.exercise else None,
        red_flags=before.red_flags,
    )
    # as it was written, not as this computer's time zone would write it
    return report.model_copy(update={"created": before.created})


def _exercise(session: Session, report: Report, spec: str | None, variant: str | None) -> Exercise:
    """What to judge by: ``spec``, or the session's own copy of a spec file, or the shipped spec of that name."""
    from posturecam.errors import CallError
    from posturecam.spec.catalogue import exercise_ids, load_exercise
    from posturecam.store import SPEC

    chosen: str | Path
    if spec is not None:
        chosen = spec
    elif (session.folder / SPEC).is_file():
        chosen = session.folder / SPEC
    elif report.exercise in exercise_ids():
        chosen = report.exercise
    else:
        raise CallError(
            f"The exercise {plain(report.exercise)!r} is not one of the shipped ones; name its file with --spec."
        )
    exercise = load_exercise(chosen, variant if variant is not None else _kept_variant(chosen, report))
    if exercise.id != report.exercise:
        say(f"Note: the session is of {plain(report.exercise)!r}, and is judged as {exercise.id!r}.")
    return exercise


def _kept_variant(chosen: str | Path, report: Report) -> str | None:
    """The session's variant when the spec has it; another exercise need not."""
    from posturecam.spec.catalogue import load_spec

    spec = load_spec(chosen)
    return report.variant if report.variant in spec.exercises or spec.default.id == report.exercise else None


def _provenance(before: Report, exercise: Exercise) -> Provenance:
    """Where the landmarks come from stays; what judges them is this program and this spec."""
    from posturecam.report.build import make_provenance
    from posturecam.spec.digest import exercise_digest

    now = make_provenance()
    return before.provenance.model_copy(
        update={
            "program": now.program,
            "spec_digest": exercise_digest(exercise) if before.provenance.spec_digest else None,
        }
    )


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
