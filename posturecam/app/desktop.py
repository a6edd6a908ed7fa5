"""A live session on this computer: its camera, its window and its voice, from opening them to the last screen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from posturecam.app.finished import Finished
from posturecam.app.host import Host
from posturecam.app.live import LiveRun
from posturecam.app.live_steps import Routine
from posturecam.app.pose_model import model_file
from posturecam.app.recovery import make_store_ready
from posturecam.app.saving import Keeping
from posturecam.app.stage import LONG_SUMMARY_S, SUMMARY_S, DesktopStage, Picture
from posturecam.files import ensure_writable
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.pose.quiet import native_stderr_silenced
from posturecam.report.types import Pain, Person
from posturecam.sinks.layout import Size
from posturecam.sinks.window import USUAL_SCREEN, DisplayProbe
from posturecam.sources.camera import CameraSource, parse_camera
from posturecam.store import SessionStore


@dataclass(frozen=True)
class LiveSettings:
    """How the user wants to be coached; ``keep`` into the folder ``save``, None: the user's own store."""

    camera: str
    voice: bool
    window: bool
    countdown_s: float
    record: Path | None
    save: Path | None
    keep: bool
    mirror: bool
    blur_face: bool
    people: int
    fullscreen: bool
    person: Person | str | None
    model: str | None
    speed: float
    spoken_log: Path | None
    demonstrate: bool | None = None
    """None: whenever there is a real camera; a recording or a stream would run on meanwhile."""
    first: int = 0
    """The step to begin with, from 0."""
    pain: Pain | None = None
    """What was said of it beforehand."""
    ask_pain: bool | None = None
    """None: whenever somebody stands before a real camera and a window."""


def coach(
    routine: Routine,
    settings: LiveSettings,
    host: Host,
    told: Callable[[Finished], None],
    reached: Callable[[int], None] = lambda _at: None,
) -> None:
    """Coach through the routine, every exercise saved on its own and given to ``told``; ``reached`` gets the step due at the end.

    Raises PosturecamError, and KeyboardInterrupt after a wish to end.
    """
    store = SessionStore(settings.save) if settings.keep else None
    if store is not None:
        make_store_ready(store, host)
    if settings.record is not None:
        ensure_writable(settings.record.parent)
    with ExitStack() as stack:
        probe = DisplayProbe() if settings.window else None
        if probe is not None:
            stack.callback(probe.close)
            probe.refuse_without_display()
        camera = parse_camera(settings.camera)
        model = model_file(settings.model, host)
        estimator = stack.enter_context(MediaPipeEstimator(model, routine.silhouette, settings.people))
        if probe is not None:
            probe.check()
        stage = stack.enter_context(_stage(settings, host, probe.screen if probe is not None else USUAL_SCREEN))
        if routine.red_flags and not stage.red_flags(routine.title, routine.red_flags):
            return
        source = stack.enter_context(CameraSource(camera, speed=settings.speed, silence=native_stderr_silenced))
        keeping = Keeping(store, model.stem, settings.person, host.say, pain=settings.pain)
        asks = settings.window and (_is_real(settings) if settings.ask_pain is None else settings.ask_pain)
        run = LiveRun(
            source, estimator, stage, keeping, host, settings.countdown_s, told, at=settings.first, asks_pain=asks
        )
        try:
            run.run(routine.steps)
        finally:
            reached(run.at)
    run.conclude()


def _is_real(settings: LiveSettings) -> bool:
    return isinstance(parse_camera(settings.camera), int)


def _stage(settings: LiveSettings, host: Host, screen: Size) -> DesktopStage:
    real = _is_real(settings)
    picture = Picture(
        settings.window,
        settings.fullscreen,
        settings.mirror,
        settings.blur_face,
        settings.record,
        screen,
        real if settings.demonstrate is None else settings.demonstrate,
        LONG_SUMMARY_S if real else SUMMARY_S,
    )
    return DesktopStage(picture, host, voice=settings.voice, log=settings.spoken_log)
