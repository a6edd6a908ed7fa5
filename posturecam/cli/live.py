"""``posturecam live``: coaching in front of a camera."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posturecam.cli import signals
from posturecam.cli.model import ModelOption
from posturecam.cli.terminal import Terminal
from posturecam.errors import CallError

if TYPE_CHECKING:
    from posturecam.app.live_steps import Routine


def live(
    exercise: Annotated[
        str | None,
        typer.Argument(metavar="EXERCISE", help="Which exercise, or a spec file of your own.", show_default=False),
    ] = None,
    variant: Annotated[
        str | None, typer.Option("--variant", help="Variant of the exercise.", show_default=False)
    ] = None,
    programme: Annotated[
        str | None,
        typer.Option("--programme", metavar="ID|FILE", help="A routine instead of one exercise.", show_default=False),
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
    chest, hands at the shoulders, ends and saves. Keys: space pauses, N skips a rest, Q ends.
    """
    if exercise is None and programme is None and person is not None:
        programme = _own_programme(person)
    if (exercise is None) == (programme is None):
        raise CallError("Name one exercise, or --programme; 'posturecam specs list' shows the exercises.")
    if programme is not None and (variant or reps or seconds):
        raise CallError("--variant, --reps and --seconds belong to one exercise; a programme has its own.")
    if save is not None and no_save:
        raise CallError("--save and --no-save contradict each other; give one of them.")
    with signals.loading():
        from posturecam.app.desktop import LiveSettings, coach
        from posturecam.app.people import whose

    routine = _routine(exercise, variant, programme, reps, seconds, guided=countdown > 0)
    host = Terminal()
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
            person=whose(person, name, host, elsewhere=save is not None, kept=not no_save),
            model=model,
            speed=speed,
            spoken_log=spoken_log,
        ),
        host,
        lambda finished: print(finished.text(), flush=True),
    )


def _routine(
    exercise: str | None,
    variant: str | None,
    programme: str | None,
    reps: int | None,
    seconds: float | None,
    *,
    guided: bool,
) -> Routine:
    from posturecam.app import live_steps

    if programme is not None:
        return live_steps.programme(programme)
    return live_steps.one_exercise(exercise or "", variant, reps=reps, seconds=seconds, guided=guided)


def _own_programme(person: str) -> str:
    """The programme that is kept for a person; CallError when they have none."""
    from posturecam.store import PeopleStore

    found = PeopleStore().find(person)
    if found.programme is None:
        raise CallError(
            f"Name an exercise or --programme; {found.name} has no programme of their own ('posturecam people edit' gives one)."
        )
    return found.programme
