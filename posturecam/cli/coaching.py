"""A live session from the opened camera to the saved report: what ``posturecam live`` does once it is called rightly."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from posturecam import pipeline
from posturecam.cli.console import model_file, say
from posturecam.cli.live_steps import Step, steps_of
from posturecam.cli.saving import FedRecorder, save_session
from posturecam.cli.session import Finished
from posturecam.cli.stage import Stage
from posturecam.coaching.announcer import Announcer
from posturecam.coaching.session import LiveSession
from posturecam.errors import NothingJudgedError, PosturecamError
from posturecam.files import ensure_writable
from posturecam.model import Frame, SessionResult
from posturecam.pipeline import Sink, StopSession
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.pose.quiet import native_stderr_silenced
from posturecam.sinks.face import FaceBlur, FaceBlurred
from posturecam.sinks.live_view import LivePainter, LiveSink
from posturecam.sinks.overlay import CanvasOutput
from posturecam.sinks.video import VideoWriter
from posturecam.sinks.voice import VoiceSink
from posturecam.sinks.window import DisplayProbe
from posturecam.sources.camera import CameraSource, parse_camera
from posturecam.store import Draft, SessionStore


@dataclass(frozen=True)
class LiveSettings:
    """What the user asked for, checked for contradictions already."""

    exercise: str | None
    variant: str | None
    programme: str | None
    camera: str
    reps: int | None
    seconds: float | None
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
    person: str | None
    model: str | None
    speed: float
    spoken_log: Path | None


def coach(settings: LiveSettings) -> None:
    """Run the whole call: every exercise, saved one by one; raises PosturecamError."""
    steps, red_flags, title = steps_of(settings)
    store = SessionStore(settings.save) if settings.keep else None
    if store is not None:
        ensure_writable(store.root)
    if settings.record is not None:
        ensure_writable(settings.record.parent)
    done: list[Finished] = []
    with ExitStack() as stack:
        probe = DisplayProbe() if settings.window else None
        if probe is not None:
            stack.callback(probe.close)
            probe.refuse_without_display()
        camera = parse_camera(settings.camera)
        model = model_file(settings.model)
        silhouette = any(step.exercise.needs_silhouette for step in steps)
        estimator = stack.enter_context(MediaPipeEstimator(model, silhouette, settings.people))
        if probe is not None:
            probe.check()
        stage = stack.enter_context(
            Stage(window=settings.window, voice=settings.voice, fullscreen=settings.fullscreen, log=settings.spoken_log)
        )
        stack.enter_context(_ended_by_signals())
        try:
            if red_flags and not stage.red_flags(title, red_flags):
                return
            source = stack.enter_context(CameraSource(camera, speed=settings.speed, silence=native_stderr_silenced))
            room = _Room(settings, source, estimator, stage, store, model.stem)
            for number, step in enumerate(steps):
                finished, go_on = room.run(step, number, len(steps))
                done += [finished] if finished is not None else []
                if not go_on or (
                    number + 1 < len(steps) and not stage.rest(source, estimator, step, steps[number + 1])
                ):
                    break
        except KeyboardInterrupt:
            say("Stopped.")
        stage.summary(done)
    _end(done)


def _end(done: list[Finished]) -> None:
    if not done:
        raise NothingJudgedError(
            "Nothing was counted: nobody took the position in front of the camera, so nothing was saved."
        )
    if not any(finished.judged for finished in done):
        raise NothingJudgedError(" ".join(dict.fromkeys(finished.why_not_judged() for finished in done)))


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A closed terminal or a polite kill ends the session as Ctrl-C does: saved."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {}
    with suppress(ValueError):  # not the main thread: somebody else minds the signals
        before = {name: signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


class _Room:
    """Runs exercise after exercise with the same camera, model, window and voice."""

    def __init__(
        self,
        settings: LiveSettings,
        source: CameraSource,
        estimator: MediaPipeEstimator,
        stage: Stage,
        store: SessionStore | None,
        model: str,
    ) -> None:
        self._settings = settings
        self._source = source
        self._estimator = estimator
        self._stage = stage
        self._store = store
        self._model = model

    def run(self, step: Step, number: int, of: int) -> tuple[Finished | None, bool]:
        """One exercise; returns what is to be reported (None when nothing was counted) and whether the next may follow."""
        session = LiveSession(step.exercise, step.goal, self._settings.countdown_s)
        self._stage.take_keys(session)
        with self._store.draft() if self._store is not None else nullcontext() as draft:
            result, error = self._judge(step, session, draft, number, of)
            finished = None
            if session.start_s is not None:
                finished = self._report(step, result, draft)
                print(finished.text(), flush=True)
        if error is not None:
            raise error
        return finished, session.state.ended in ("goal", "nobody") and not result.interrupted

    def _judge(
        self, step: Step, session: LiveSession, draft: Draft | None, number: int, of: int
    ) -> tuple[SessionResult, BaseException | None]:
        """Run the frames; an error of camera or model is handed back beside what was finished until then."""
        painter = LivePainter(step.exercise, step.goal, mirror=self._settings.mirror)

        def trouble() -> str | None:
            return self._source.trouble

        picture: Sink = LiveSink(painter, session, self._stage.window, self._record(number, of), trouble, say)
        if self._settings.blur_face:
            picture = FaceBlurred(picture, FaceBlur())
        voice = VoiceSink(Announcer(step.exercise), self._stage.speaker, lambda: session.state, trouble)
        recorder = FedRecorder(draft.folder, session, self._source, step.exercise) if draft is not None else None

        def stop_when_ended(_frame: Frame) -> None:
            if session.state.ended:
                raise StopSession

        try:
            outcome = pipeline.run(
                self._source,
                self._estimator,
                session,
                (picture, voice),
                recorder=recorder,
                progress=stop_when_ended,
            )
        except Exception as error:
            return replace(session.finish(), interrupted=True), error
        for warning in outcome.warnings:
            say(warning)
        window = self._stage.window
        closed = window is not None and window.closed_by_person
        return replace(outcome.session, interrupted=outcome.session.interrupted or closed), None

    def _record(self, number: int, of: int) -> CanvasOutput | None:
        path = self._settings.record
        if path is None:
            return None
        return VideoWriter(path if of == 1 else path.with_name(f"{path.stem}-{number + 1:02d}{path.suffix}"))

    def _report(self, step: Step, result: SessionResult, draft: Draft | None) -> Finished:
        try:
            return save_session(
                step.exercise,
                result,
                self._source.info,
                draft,
                model=self._model,
                person=self._settings.person,
            )
        except PosturecamError as error:
            say(str(error))  # the summary must not be lost because the disk is full
            return save_session(
                step.exercise, result, self._source.info, None, model=self._model, person=self._settings.person
            )
