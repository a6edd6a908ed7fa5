"""``posturecam live``: coaching in front of a camera."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posturecam.cli import completion, signals
from posturecam.cli.console import refuse_save_and_no_save
from posturecam.cli.model import ModelOption
from posturecam.cli.terminal import Terminal
from posturecam.errors import CallError
from posturecam.language import gettext

if TYPE_CHECKING:
    from posturecam.app.live_steps import Routine
    from posturecam.app.memory import Last
    from posturecam.report.types import Pain


def live(
    exercise: Annotated[
        str | None,
        typer.Argument(
            metavar="EXERCISE",
            help="Which exercise, or a spec file of your own.",
            show_default=False,
            autocompletion=completion.exercises,
        ),
    ] = None,
    variant: Annotated[
        str | None,
        typer.Option(
            "--variant", help="Variant of the exercise.", show_default=False, autocompletion=completion.variants
        ),
    ] = None,
    programme: Annotated[
        str | None,
        typer.Option(
            "--programme",
            metavar="ID|FILE",
            help="A routine instead of one exercise.",
            show_default=False,
            autocompletion=completion.programmes,
        ),
    ] = None,
    camera: Annotated[
        str,
        typer.Option("--camera", metavar="N|FILE|URL", help="Camera's number, a recording, or a stream's address."),
    ] = "0",
    reps: Annotated[
        int | None, typer.Option("--reps", min=1, max=500, help="Reps to do (each side).", show_default=False)
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", min=1, max=3600, help="Seconds to hold (each side).", show_default=False),
    ] = None,
    voice: Annotated[bool, typer.Option("--voice/--no-voice", help="Speak counts and cues.")] = True,
    window: Annotated[bool, typer.Option("--window/--no-window", help="Show the picture.")] = True,
    countdown: Annotated[
        float,
        typer.Option("--countdown", min=0, max=60, help="Seconds in position before counting; 0 = no waiting at all."),
    ] = 3.0,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", help="Also record the picture.", show_default=False)
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", metavar="DIR", help="Where sessions are kept.", show_default=False),
    ] = None,
    no_save: Annotated[bool, typer.Option("--no-save", help="Keep nothing.")] = False,
    mirror: Annotated[bool, typer.Option("--mirror/--no-mirror", help="Show you as in a mirror.")] = True,
    blur_face: Annotated[bool, typer.Option("--blur-face", help="Blur the face in window and recording.")] = False,
    people: Annotated[
        int, typer.Option("--people", min=1, max=4, help="How many may be in the picture; the first one is followed.")
    ] = 1,
    minutes: Annotated[
        float | None,
        typer.Option("--minutes", min=1, max=240, help="Shorten the programme to about so much.", show_default=False),
    ] = None,
    without: Annotated[
        str | None,
        typer.Option(
            "--without", metavar="LIST", help="Leave out what needs these: band,roller,...", show_default=False
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where the last programme was ended.")] = False,
    demo: Annotated[
        bool | None,
        typer.Option(
            "--demo/--no-demo", help="Show each exercise first.  [default: with a camera]", show_default=False
        ),
    ] = None,
    pain: Annotated[
        bool | None,
        typer.Option(
            "--pain/--no-pain",
            help="Ask for pain from 0 to 10 before and after.  [default: with a camera]",
            show_default=False,
        ),
    ] = None,
    pain_before: Annotated[
        int | None, typer.Option("--pain-before", min=0, max=10, help="Pain before, not asked.", show_default=False)
    ] = None,
    pain_after: Annotated[
        int | None, typer.Option("--pain-after", min=0, max=10, help="Pain after, not asked.", show_default=False)
    ] = None,
    fullscreen: Annotated[bool, typer.Option("--fullscreen", help="Let the window fill the screen.")] = False,
    name: Annotated[
        str | None, typer.Option("--name", help="Whose session it is; only written into the report.")
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(
            "--person", metavar="PERSON", help="Whose it is, by id or name; somebody new is added to 'people'."
        ),
    ] = None,
    model: ModelOption = None,
    speed: Annotated[float, typer.Option("--speed", min=0, max=20, hidden=True)] = 1.0,
    spoken_log: Annotated[Path | None, typer.Option("--spoken-log", hidden=True)] = None,
) -> None:
    """Be coached in front of the camera: it counts, times, and tells you what to correct.

    Step into the picture; it guides you into place and counts down. Leaving the position pauses. Crossing both arms before the
    chest, hands at the shoulders, ends and saves. Keys: space pauses, N goes on to the next, B goes back, Q ends, F fills the
    screen. In a programme, while you wait, your raised right arm goes on to the next exercise and your left one back.
    Without EXERCISE, in a terminal, it lets you choose, by their films in a window and from a list.
    """
    if exercise is None and programme is None and person is not None and not resume:
        programme = _own_programme(person)
    whole, single = bool(minutes or without is not None or resume), bool(variant or reps or seconds)
    _refuse_contradictions(exercise, programme, single=single, whole=whole, resume=resume)
    refuse_save_and_no_save(save, no_save=no_save)
    with signals.loading():
        from posturecam.app.desktop import LiveSettings, coach
        from posturecam.app.memory import Last, recall, remember
        from posturecam.app.people import whose
        from posturecam.cli.choosing import chosen, equipment_of, resumed
        from posturecam.store import SessionStore

    store = SessionStore(save)
    last = recall(store)
    named = Last(programme, exercise, variant, minutes, equipment_of(without))
    wanted = resumed(last, programme) if resume else chosen(named, last, window=window)
    routine = _announced(_routine(wanted, reps, seconds, guided=countdown > 0), wanted, last)

    def reached(at: int) -> None:
        if not no_save:
            remember(store, replace(wanted, at=at, of=len(routine.steps)))

    with whose(person, name, (host := Terminal()), elsewhere=save is not None, kept=not no_save) as whom:
        coach(
            routine,
            LiveSettings(
                camera=camera,
                voice=voice,
                window=window,
                countdown_s=countdown,
                record=record,
                save=save,
                keep=not no_save,
                mirror=mirror,
                blur_face=blur_face,
                people=people,
                fullscreen=fullscreen,
                person=whom,
                model=model,
                speed=speed,
                spoken_log=spoken_log,
                demonstrate=demo,
                first=min(wanted.at, len(routine.steps) - 1),
                pain=_pain(pain_before, pain_after),
                ask_pain=pain,
            ),
            host,
            lambda finished: print(finished.text(), flush=True),
            reached,
        )


def _refuse_contradictions(
    exercise: str | None, programme: str | None, *, single: bool, whole: bool, resume: bool
) -> None:
    """CallError where options of a ``single`` exercise are given for a programme, or those of a ``whole`` one for an exercise."""
    if exercise is not None and programme is not None:
        raise CallError("Name one exercise or --programme, not both; 'posturecam specs list' shows the exercises.")
    if exercise is not None and whole:
        raise CallError("--minutes, --without and --resume belong to a programme; name it with --programme.")
    if single and (programme is not None or resume):
        raise CallError("--variant, --reps and --seconds belong to one exercise; a programme has its own.")


def _routine(wanted: Last, reps: int | None, seconds: float | None, *, guided: bool) -> Routine:
    from posturecam.app import live_steps

    if wanted.programme is not None:
        return live_steps.programme(wanted.programme, minutes=wanted.minutes, without=wanted.without)
    return live_steps.one_exercise(wanted.exercise or "", wanted.variant, reps=reps, seconds=seconds, guided=guided)


def _announced(routine: Routine, wanted: Last, last: Last | None) -> Routine:
    """The routine; of a programme it is told how long it takes, what has to be at hand, and that an ended one can be resumed."""
    if routine.programme is None:
        return routine
    from posturecam.app.stage import needed_text
    from posturecam.cli.console import say
    from posturecam.spec.words import exercises_counted

    of, minutes = len(routine.steps), max(1, round(routine.seconds / 60))
    what = gettext(
        "{title}: {exercises}, about {minutes} min.",
        title=routine.title,
        exercises=exercises_counted(of),
        minutes=minutes,
    )
    say(f"{what} {needed_text(routine.equipment)}".rstrip())
    if wanted.at:
        title = routine.steps[min(wanted.at, of - 1)].title
        say(gettext("Going on with {number} of {all}: {title}.", number=wanted.at + 1, all=of, title=title))
    elif last is not None and last.unfinished and last.programme == wanted.programme:
        at = last.at + 1
        say(gettext("Last time you ended before {number} of {all}; --resume goes on there.", number=at, all=last.of))
    return routine


def _pain(before: int | None, after: int | None) -> Pain:
    from posturecam.report.types import Pain

    return Pain(before=before, after=after)


def _own_programme(person: str) -> str:
    """The programme that is kept for a person; CallError when they have none."""
    from posturecam.store import PeopleStore

    found = PeopleStore().find(person)
    if found.programme is None:
        raise CallError(
            f"Name an exercise or --programme; {found.name} has no programme of their own ('posturecam people edit' gives one)."
        )
    return found.programme
