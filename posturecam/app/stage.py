"""A live session's window, recording and voice on this computer: what is shown and said before, during, between and after."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from posturecam.app.finished import Finished
from posturecam.app.host import Host
from posturecam.app.live import LiveSource, RestWish
from posturecam.app.live_steps import Step
from posturecam.coaching.announcer import Announcer, Say
from posturecam.coaching.session import LiveSession
from posturecam.model import ImageArray
from posturecam.pipeline import Sink, StopSession
from posturecam.pose.quiet import native_stderr_silenced
from posturecam.sinks.face import FaceBlur, FaceBlurred
from posturecam.sinks.live_view import LivePainter, LiveSink, Summary, summary_card
from posturecam.sinks.overlay import CanvasOutput
from posturecam.sinks.screens import Dial, TextCard, text_card
from posturecam.sinks.speech import find_engine, second_engine
from posturecam.sinks.video import VideoWriter
from posturecam.sinks.voice import EngineSpeaker, RecordingSpeaker, SilentSpeaker, Speaker, VoiceSink
from posturecam.sinks.window import Window

TITLE = "posturecam"
CARD_SIZE = (1280, 720)
FRAME_S = 1 / 30
RED_FLAGS_S = 15.0
SUMMARY_S = 12.0
NO_VOICE = (
    "There is no voice on this machine (install it with: pip install 'posturecam[voice]', on Debian also apt install espeak-ng); "
    "watch the screen."
)
RECORDING_FAILED = "The recording of the picture is not complete; everything else is saved."
ASK = "Any pain or discomfort? Then stop here."


@dataclass(frozen=True)
class Picture:
    """How the picture is shown: in a ``window``, as in a mirror, with the face blurred, and recorded into a file."""

    window: bool = True
    fullscreen: bool = False
    mirror: bool = True
    blur_face: bool = False
    record: Path | None = None


class DesktopStage:
    """The open window (None without), the recording and the speaker, for the whole call; a context manager.

    A :class:`posturecam.app.live.Stage`. ``log``: a file that gets what would have been said.
    """

    def __init__(self, picture: Picture, host: Host, *, voice: bool, log: Path | None = None) -> None:
        self._picture = picture
        self._host = host
        self.window: Window | None = (
            Window(TITLE, {}, native_stderr_silenced, fullscreen=picture.fullscreen) if picture.window else None
        )
        self._log = log
        self.speaker: Speaker = _make_speaker(voice, log, host.say)
        self._stack = ExitStack()
        self._wish: RestWish | None = None
        self._pictures: list[LiveSink] = []

    def __enter__(self) -> DesktopStage:
        if self.window is not None:
            self._stack.enter_context(self.window)
        self._stack.callback(self._close_speaker)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def closed_by_person(self) -> bool:
        """Whether the person has closed the window."""
        return self.window is not None and self.window.closed_by_person

    @property
    def problems(self) -> Sequence[str]:
        """A sentence for each recording of the picture that is not complete."""
        return [RECORDING_FAILED for picture in self._pictures if picture.recording_failed]

    def _close_speaker(self) -> None:
        self.speaker.close()
        if self._log is not None and isinstance(self.speaker, RecordingSpeaker):
            self._log.write_text("".join(f"{t_s:.2f}\t{text}\n" for t_s, text in self.speaker.said), encoding="utf-8")

    def _take_keys(self, session: LiveSession) -> None:
        if self.window is None:
            return
        finish: Callable[[], None] = lambda: session.wish("finish")  # noqa: E731 - one of a table
        self.window.keys = {
            "q": finish,
            "esc": finish,
            "space": lambda: session.wish("pause"),
            "p": lambda: session.wish("pause"),
            "n": lambda: session.wish("skip"),
        }

    def _own_keys(self) -> None:
        self._wish = None
        if self.window is None:
            return

        def wish(what: RestWish) -> Callable[[], None]:
            def take() -> None:
                self._wish = what

            return take

        go, stop = wish("go"), wish("stop")
        self.window.keys = {"q": stop, "esc": stop, "space": go, "enter": go, "n": go}

    def _say(self, t_s: float, text: str) -> None:
        # a voice that fails must not cost what was done
        with suppress(Exception):
            self.speaker.say(Say(t_s, text, "stage"))

    # before ---------------------------------------------------------------------------------------------------------

    def red_flags(self, title: str, flags: Sequence[str]) -> bool:
        """Show and say when not to exercise; returns False when the person decides to stop."""
        for flag in flags:
            self._host.say(f"! {flag}")
        foot = f"Starts by itself after {RED_FLAGS_S:.0f} s  ·  space: begin now  ·  Q: not today"
        card = TextCard(f"Before you begin: {title}", tuple(flags), foot, warning=True)
        self._say(0.0, " ".join(flags))
        return self._show_card(text_card(card, *CARD_SIZE), RED_FLAGS_S if self.window is not None else 0.0)

    def _show_card(self, canvas: ImageArray, seconds: float) -> bool:
        self._own_keys()
        until_s = time.monotonic() + seconds
        try:
            while time.monotonic() < until_s and self._wish is None:
                self._host.check()
                if self.window is not None:
                    self.window.show(canvas)
                time.sleep(FRAME_S)
        except StopSession:
            return False
        return self._wish != "stop"

    # during ---------------------------------------------------------------------------------------------------------

    def sinks(self, step: Step, session: LiveSession, source: LiveSource, *, number: int, of: int) -> Sequence[Sink]:
        """The picture, for window and recording, and the voice; the keys speak to this session from now on."""
        self._take_keys(session)
        painter = LivePainter(step.exercise, step.goal, mirror=self._picture.mirror)

        def trouble() -> str | None:
            return source.trouble

        live = LiveSink(painter, session, self.window, self._recording(number, of), trouble, self._host.say)
        self._pictures.append(live)
        picture: Sink = FaceBlurred(live, FaceBlur()) if self._picture.blur_face else live
        return picture, VoiceSink(Announcer(step.exercise), self.speaker, lambda: session.state, trouble)

    def _recording(self, number: int, of: int) -> CanvasOutput | None:
        path = self._picture.record
        if path is None:
            return None
        own = path if of == 1 else path.with_name(f"{path.stem}-{number + 1:02d}{path.suffix}")
        return VideoWriter(own, lasting=True)

    # between --------------------------------------------------------------------------------------------------------

    def rest_begins(self, step: Step, after: Step, t_s: float) -> None:  # noqa: ARG002 - the contract of stages
        """Ask for discomfort, and say what comes next."""
        self._own_keys()
        self._say(t_s, f"Rest. {ASK} Next: {after.title}.")

    def resting(self, step: Step, after: Step, left_s: float, t_s: float) -> RestWish | None:
        """Show the seconds that are left; returns what a key has asked for."""
        if self._wish is None and self.window is not None:
            self.window.show(_rest_canvas(round(left_s), step.rest_s, after), t_s)
        return self._wish

    # after ----------------------------------------------------------------------------------------------------------

    def summary(self, done: Sequence[Finished]) -> None:
        """The last screen, until a key or a few seconds have passed; spoken as well."""
        if not done:
            return
        sentence = (
            " ".join(finished.report.summary for finished in done) if len(done) == 1 else f"{len(done)} exercises done."
        )
        self._say(0.0, sentence)
        if self.window is None or self.closed_by_person:
            return
        scores = [finished.report.score for finished in done if finished.report.score is not None]
        summary = Summary(
            title=done[0].report.title() if len(done) == 1 else f"{len(done)} exercises done",
            score=sum(scores) / len(scores) if scores else None,
            lines=_summary_lines(done),
            foot="Saved. The report's place is in the terminal." if done[-1].folder else "Not saved, as you asked.",
        )
        self._show_card(text_card(summary_card(summary), *CARD_SIZE), SUMMARY_S)


def _summary_lines(done: Sequence[Finished]) -> tuple[str, ...]:
    if len(done) > 1:
        return tuple(f"{finished.report.title()}: {finished.report.summary}" for finished in done[:6])
    report = done[0].report
    lines = [report.summary, *(fault.advice for fault in report.faults[:2])]
    return tuple(line for line in lines if line)


def _rest_canvas(left_s: int, whole_s: float, after: Step) -> ImageArray:
    dial = Dial(str(max(1, left_s)), "seconds", left_s / whole_s if whole_s else 0.0)
    lines = (f"Next: {after.title}", ASK, *after.exercise.steps[:1])
    foot = "Cross your arms before the chest, or press Q, to stop  ·  space: go on now"
    return text_card(TextCard("Rest", lines, foot, dial), *CARD_SIZE)


def _make_speaker(voice: bool, log: Path | None, say: Callable[[str], None]) -> Speaker:
    if log is not None:
        return RecordingSpeaker()
    if not voice:
        return SilentSpeaker()
    engine = find_engine()
    if engine is None:
        say(NO_VOICE)
        return SilentSpeaker()
    return EngineSpeaker(engine, second_engine, say)
