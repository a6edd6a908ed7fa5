"""``posturecam analyse``: recordings and pictures to form reports."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posturecam.cli import completion, signals
from posturecam.cli.console import refuse_save_and_no_save
from posturecam.cli.model import ModelOption
from posturecam.cli.terminal import Terminal
from posturecam.errors import CallError, NothingJudgedError
from posturecam.files import ensure_writable

if TYPE_CHECKING:
    from posturecam.app.batch import Outcome
    from posturecam.app.orders import Order
    from posturecam.sources.file import Reading


MOST_SLOW_MOTION = 64.0
LONG_FRAMES = 300
"""Frames to look at from which on a recording is certainly shared: ten seconds at 30 a second (twice its shortest part)."""


class ReportFormat(str, Enum):
    """Formats a report can be written in."""

    HTML = "html"
    JSON = "json"
    CSV = "csv"
    PDF = "pdf"
    MD = "md"


def parse_formats(text: str) -> tuple[ReportFormat, ...]:
    """Read ``html,json`` into formats; raises CallError for an unknown one."""
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    known = [known.value for known in ReportFormat]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise CallError(f"--format {text!r} is not known; choose from {', '.join(known)}, separated by commas.")
    return tuple(ReportFormat(name) for name in dict.fromkeys(names))


def parse_date(text: str) -> datetime:
    """A day, or a moment, in the local time zone unless it names one; raises CallError."""
    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        raise CallError(f"--recorded {text!r} is not a date; write it like 2026-05-31 or 2026-05-31T18:30.") from None
    moment = moment.astimezone() if moment.tzinfo is None else moment
    if moment > datetime.now().astimezone() + timedelta(days=1):
        raise CallError(f"--recorded {text!r} lies in the future; give the day on which it was filmed.")
    return moment


def parse_reading(rotate: str, slow_motion: float, *, every_frame: bool = False) -> tuple[Reading, bool]:
    """How ``--rotate`` and ``--slow-motion`` want recordings read, and whether they may be turned; raises CallError."""
    from posturecam.sources.file import MOST_HZ, Reading

    if not 1 <= slow_motion <= MOST_SLOW_MOTION:
        raise CallError(
            f"--slow-motion {slow_motion:g} is not possible; say how many times slower it plays, 1 to {MOST_SLOW_MOTION:g}."
        )
    most_hz = None if every_frame else MOST_HZ
    if rotate == "auto":
        return Reading(slow_motion=slow_motion, most_hz=most_hz), True
    if rotate not in ("0", "90", "180", "270"):
        raise CallError(f"--rotate {rotate!r} is not known; choose from 0, 90, 180, 270, auto.")
    return Reading(int(rotate) // 90, slow_motion, most_hz), False


def analyse(
    videos: Annotated[
        list[Path],
        typer.Argument(metavar="VIDEO...", help="Recordings (any that FFmpeg reads) or pictures (jpg, png)."),
    ],
    exercise: Annotated[
        str,
        typer.Option(
            "--exercise",
            "-e",
            metavar="ID|FILE|auto",
            help="Which exercise it is, a spec file of your own, or auto.",
            autocompletion=completion.exercises,
        ),
    ],
    variant: Annotated[
        str | None,
        typer.Option(
            "--variant", help="Variant of the exercise.", show_default=False, autocompletion=completion.variants
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Where the results go, a folder a recording.  [default: posturecam_out]"
        ),
    ] = None,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite",
            help="Replace what an earlier analysis of the same recording wrote; without, a new folder (NAME-2) is made.",
        ),
    ] = False,
    formats: Annotated[
        str, typer.Option("--format", metavar="LIST", help="Report formats: html, json, csv, pdf, md.")
    ] = "html,json,csv",
    overlay: Annotated[bool, typer.Option("--overlay/--no-overlay", help="Write the annotated video.")] = True,
    images: Annotated[bool, typer.Option("--images/--no-images", help="Without: neither pictures nor names.")] = True,
    blur_face: Annotated[bool, typer.Option("--blur-face", help="Blur the face in pictures and overlay.")] = False,
    name: Annotated[
        str | None, typer.Option("--name", help="Whose exercise it is; only written into the report.")
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(
            "--person", metavar="PERSON", help="Whose it is, by id or name; somebody new is added to 'people'."
        ),
    ] = None,
    rotate: Annotated[
        str, typer.Option("--rotate", metavar="0|90|180|270|auto", help="Turn the pictures to the left by so much.")
    ] = "auto",
    slow_motion: Annotated[
        float,
        typer.Option("--slow-motion", metavar="N", help="The recording plays N times slower than it was."),
    ] = 1.0,
    model: ModelOption = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", metavar="DIR", help="Where the session is kept for the history.", show_default=False),
    ] = None,
    no_save: Annotated[bool, typer.Option("--no-save", help="Do not keep the session for the history.")] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            metavar="N",
            min=1,
            help="Processes that share the work.  [default: a core each]",
            show_default=False,
        ),
    ] = None,
    every_frame: Annotated[
        bool, typer.Option("--every-frame", help="Look at every frame, also beyond 30 a second.")
    ] = False,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Leave out recordings whose finished results are in --out; a cut-off run goes on."
        ),
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="Have a Dask cluster do the work (tcp://HOST:8786).",
            show_default=False,
        ),
    ] = None,
    recorded: Annotated[
        str | None,
        typer.Option(
            "--recorded",
            metavar="DATE",
            help="When it was filmed, such as 2026-05-31 or 2026-05-31T18:30.  [default: as the file says]",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print the report as JSON, nothing else; files are written only with --out."),
    ] = False,
) -> None:
    """Judge recordings of an exercise: count, time, find faults, and write a form report for each."""
    from posturecam.sources.container import refuse_at_once

    if len(videos) == 1:
        refuse_at_once(videos[0])
    with _with_helpers(videos, jobs, scheduler):
        with signals.loading():
            from posturecam.app.orders import order
            from posturecam.app.people import whose
            from posturecam.app.recovery import make_store_ready
            from posturecam.store import SessionStore

        _refuse_contradictions(save, person, no_save=no_save, images=images)
        host = Terminal()
        folder = out or (None if as_json else Path("posturecam_out"))
        store = None if no_save or folder is None else SessionStore(save)
        reading, turn = parse_reading(rotate, slow_motion, every_frame=every_frame)
        with whose(person, name, host, elsewhere=save is not None, kept=store is not None) as whom:
            wanted = order(
                exercise,
                variant,
                folder=folder,
                formats=tuple(chosen.value for chosen in parse_formats(formats)),
                overlay=overlay,
                images=images,
                blur_face=blur_face,
                person=whom,
                model=model,
                overwrite=overwrite,
                store=store,
                reading=reading,
                turn=turn,
                jobs=jobs,
                recorded=parse_date(recorded) if recorded is not None else None,
            )
            if folder is not None:
                ensure_writable(folder)
            if store is not None:
                make_store_ready(store, host)
            if len(videos) == 1 and scheduler is None and not resume:
                outcomes = [_judge_one(wanted, videos[0], folder, host, quiet=as_json)]
            else:
                outcomes = _judge_many(wanted, videos, folder, host, jobs, scheduler, resume=resume, quiet=as_json)
            if as_json:
                _print_json(outcomes, several=len(videos) > 1)
            _end(outcomes, several=len(videos) > 1)


def _judge_one(wanted: Order, video: Path, folder: Path | None, host: Terminal, *, quiet: bool) -> Outcome:
    from posturecam.app.batch import outcome_of
    from posturecam.app.orders import judge

    finished = judge(wanted, video, folder, host)
    if not quiet:
        print(finished.text())
    return outcome_of(video, finished)


def _judge_many(
    wanted: Order,
    videos: list[Path],
    folder: Path | None,
    host: Terminal,
    jobs: int | None,
    scheduler: str | None,
    *,
    resume: bool,
    quiet: bool,
) -> list[Outcome]:
    with signals.loading():
        from posturecam.app.many import analyse_many
    told = (lambda _outcome: None) if quiet else _print_line
    outcomes = analyse_many(wanted, videos, folder, host, jobs=jobs, scheduler=scheduler, resume=resume, told=told)
    if not quiet:
        _print_table(outcomes)
    return outcomes


def _with_helpers(videos: list[Path], jobs: int | None, scheduler: str | None) -> AbstractContextManager[None]:
    """Lets the processes that many recordings, or a long one, are shared out to get ready beside this one."""
    with signals.loading():
        from posturecam.app.workers import cores, started_ahead
        from posturecam.sources.length import frames_to_look_at

        jobs = jobs or cores()
        if jobs < 2 or scheduler is not None:
            return nullcontext()
        if len(videos) > 1:
            return started_ahead(min(jobs, len(videos)), "posturecam.app.pool")
        long = frames_to_look_at(videos[0]) >= LONG_FRAMES
        return started_ahead(jobs, "posturecam.app.looking") if long else nullcontext()


def _refuse_contradictions(save: Path | None, person: str | None, *, no_save: bool, images: bool) -> None:
    refuse_save_and_no_save(save, no_save=no_save)
    if person is not None and not images:
        raise CallError("--no-images leaves out names, so the session could not be --person's; leave out one of them.")


def _print_line(outcome: Outcome) -> None:
    """What became of one recording among many; an error has been told on standard error."""
    from posturecam.app.batch import line

    if outcome.report is not None:
        print(line(outcome), flush=True)


def _print_table(outcomes: list[Outcome]) -> None:
    """The table that closes a batch."""
    from posturecam.app.batch import HEADER, table
    from posturecam.cli.console import print_table

    print()
    print_table(HEADER, table(outcomes))


def _print_json(outcomes: list[Outcome], *, several: bool) -> None:
    from posturecam.cli.streams import print_json

    texts = [outcome.report.to_json().rstrip("\n") for outcome in outcomes if outcome.report is not None]
    if several:
        print_json("[" + ",\n".join(texts) + "]")
    elif texts:
        print_json(texts[0])


def _end(outcomes: list[Outcome], *, several: bool) -> None:
    from posturecam.app.batch import ended, worst_exit_code

    if signals.came() or any(ended(outcome) for outcome in outcomes):
        raise KeyboardInterrupt
    code = worst_exit_code(outcomes)
    judged = any(outcome.report is not None and outcome.exit_code == 0 for outcome in outcomes)
    if code == NothingJudgedError.exit_code and not (several and judged):
        raise NothingJudgedError(" ".join(dict.fromkeys(outcome.problem for outcome in outcomes)))
    if code:
        raise typer.Exit(code)
