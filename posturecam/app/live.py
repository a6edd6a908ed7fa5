"""A live session from the opened camera to the saved report: what ``posturecam live`` does once it is called rightly."""

from __future__ import annotations

from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from posturecam import pipeline
from posturecam.cli import signals
from posturecam.cli.console import model_file, say
from posturecam.cli.live_steps import Step, steps_of
from posturecam.cli.recovery import make_store_ready
from posturecam.cli.saving import FedRecorder, begin_session, save_session
from posturecam.cli.session import Finished
from posturecam.cli.stage import Stage
from posturecam.coaching.announcer import Announcer
from posturecam.coaching.session import LiveSession
from posturecam.errors import NothingJudgedError, OutputError
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

NOTHING_COUNTED = "Nothing was counted: nobody took the position in front of the camera, so nothing was saved."
LEFT = "What was seen is kept there, and the next start of posturecam finishes the session once there is room."
RECORDING_FAILED = "The recording of the picture is not complete; everything else is saved."
LOST = "The session is lost but for the summary above."


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
    """Run the whole call: every exercise, saved one by one; raises PosturecamError, and KeyboardInterrupt after a signal."""
    steps, red_flags, title = steps_of(settings)
    store = SessionStore(settings.save) if settings.keep else None
    if store is not None:
        make_store_ready(store)
    if settings.record is not None:
        ensure_writable(settings.record.parent)
    done: list[Finished] = []
    room: _Room | None = None
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
        if red_flags and not stage.red_flags(title, red_flags):
            return
        source = stack.enter_context(CameraSource(camera, speed=settings.speed, silence=native_stderr_silenced))
        room = _Room(settings, source, estimator, stage, store, model.stem)
        with signals.deferred():
            _run_steps(room, stage, source, estimator, steps, done)
    _end(done, room)


def _run_steps(
    room: _Room,
    stage: Stage,
    source: CameraSource,
    estimator: MediaPipeEstimator,
    steps: list[Step],
    done: list[Finished],
) -> None:
    """Exercise after exercise; what is finished goes into ``done`` at once."""
    try:
        for number, step in enumerate(steps):
            finished, go_on = room.run(step, number, len(steps))
            done += [finished] if finished is not None else []
            if not go_on or (number + 1 < len(steps) and not stage.rest(source, estimator, step, steps[number + 1])):
                break
        if not room.stopped:
            stage.summary(done)
    except KeyboardInterrupt:
        room.stopped = True


def _end(done: list[Finished], room: _Room) -> None:
    """Say by sentence and exit code what the call came to."""
    if room.stopped or signals.came():
        if not done:
            say(NOTHING_COUNTED)
        raise KeyboardInterrupt
    if not done:
        raise NothingJudgedError(NOTHING_COUNTED)
    if not any(finished.judged for finished in done):
        raise NothingJudgedError(" ".join(dict.fromkeys(finished.why_not_judged() for finished in done)))
    if room.problems:
        raise OutputError(" ".join(room.problems))


class _Room:
    """Runs exercise after exercise with the same camera, model, window and voice.

    ``stopped``: a signal has ended the call. ``problems``: a sentence for each thing that was asked for and could not be kept.
    """

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
        self.stopped = False
        self.problems: list[str] = []

    def run(self, step: Step, number: int, of: int) -> tuple[Finished | None, bool]:
        """One exercise; returns what is to be reported (None when nothing was counted) and whether the next may follow."""
        session = LiveSession(step.exercise, step.goal, self._settings.countdown_s)
        self._stage.take_keys(session)
        with self._store.draft() if self._store is not None else nullcontext() as draft:
            recorder = self._recorder(step, session, draft)
            result, error = self._judge(step, session, recorder, number, of)
            finished = None
            if session.start_s is not None:
                finished = self._report(step, result, draft, recorder)
        if finished is not None:
            print(finished.text(), flush=True)
        if error is not None:
            raise error
        return finished, session.state.ended in ("goal", "nobody") and not result.interrupted

    def _judge(
        self, step: Step, session: LiveSession, recorder: FedRecorder | None, number: int, of: int
    ) -> tuple[SessionResult, BaseException | None]:
        """Run the frames; an error of camera or model is handed back beside what was finished until then."""
        painter = LivePainter(step.exercise, step.goal, mirror=self._settings.mirror)

        def trouble() -> str | None:
            return self._source.trouble

        live = LiveSink(painter, session, self._stage.window, self._record(number, of), trouble, say)
        picture: Sink = FaceBlurred(live, FaceBlur()) if self._settings.blur_face else live
        voice = VoiceSink(Announcer(step.exercise), self._stage.speaker, lambda: session.state, trouble)

        def stop_when_ended(_frame: Frame) -> None:
            if session.state.ended:
                raise StopSession

        try:
            outcome = pipeline.run(
                signals.Interruptible(self._source),
                self._estimator,
                session,
                (picture, voice),
                recorder=recorder,
                progress=stop_when_ended,
            )
        except Exception as error:
            return replace(session.finish(), interrupted=True), error
        self.stopped |= outcome.session.interrupted
        if live.recording_failed:
            self.problems.append(RECORDING_FAILED)
        for warning in outcome.warnings:
            say(warning)
        window = self._stage.window
        closed = window is not None and window.closed_by_person
        return replace(outcome.session, interrupted=outcome.session.interrupted or closed), None

    def _recorder(self, step: Step, session: LiveSession, draft: Draft | None) -> FedRecorder | None:
        if draft is None:
            return None
        journal = begin_session(
            draft, step.exercise, step.spec, self._source, model=self._model, person=self._settings.person
        )
        return FedRecorder(session, journal)

    def _record(self, number: int, of: int) -> CanvasOutput | None:
        path = self._settings.record
        if path is None:
            return None
        own = path if of == 1 else path.with_name(f"{path.stem}-{number + 1:02d}{path.suffix}")
        return VideoWriter(own, lasting=True)

    def _report(self, step: Step, result: SessionResult, draft: Draft | None, recorder: FedRecorder | None) -> Finished:
        def save(into: Draft | None) -> Finished:
            person = self._settings.person
            return save_session(
                step.exercise, result, self._source.info, into, recorder, model=self._model, person=person
            )

        try:
            return save(draft)
        except OutputError as error:
            # the summary must not be lost because the disk is full
            assert draft is not None
            kept = draft.leave()
            self.problems.append(f"{error} {LEFT if kept else LOST}")
            return save(None)
