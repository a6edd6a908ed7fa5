"""Window and voice around a live session: what is shown and said before, between and after the exercises."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from posturecam.cli import signals
from posturecam.cli.console import say
from posturecam.cli.live_steps import Step
from posturecam.coaching.announcer import Say
from posturecam.coaching.gesture import FinishGesture
from posturecam.coaching.session import LiveSession
from posturecam.model import ImageArray
from posturecam.pipeline import Estimator, StopSession
from posturecam.pose.quiet import native_stderr_silenced
from posturecam.sinks.live_view import Summary, summary_card
from posturecam.sinks.screens import Dial, TextCard, text_card
from posturecam.sinks.speech import find_engine, second_engine
from posturecam.sinks.voice import EngineSpeaker, RecordingSpeaker, SilentSpeaker, Speaker
from posturecam.sinks.window import Window
from posturecam.sources.camera import CameraSource

if TYPE_CHECKING:
    from posturecam.cli.session import Finished

TITLE = "posturecam"
CARD_SIZE = (1280, 720)
FRAME_S = 1 / 30
RED_FLAGS_S = 15.0
SUMMARY_S = 12.0
NO_VOICE = (
    "There is no voice on this machine (install it with: pip install 'posturecam[voice]', on Debian also apt install espeak-ng); "
    "watch the screen."
)
ASK = "Any pain or discomfort? Then stop here."


class Stage:
    """The open window (None without) and the speaker, for the whole call; a context manager."""

    def __init__(self, *, window: bool, voice: bool, fullscreen: bool = False, log: Path | None = None) -> None:
        self.window: Window | None = (
            Window(TITLE, {}, native_stderr_silenced, fullscreen=fullscreen) if window else None
        )
        self._log = log
        self.speaker: Speaker = _make_speaker(voice, log)
        self._stack = ExitStack()
        self._wish: str | None = None

    def __enter__(self) -> Stage:
        if self.window is not None:
            self._stack.enter_context(self.window)
        self._stack.callback(self._close_speaker)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _close_speaker(self) -> None:
        self.speaker.close()
        if self._log is not None and isinstance(self.speaker, RecordingSpeaker):
            self._log.write_text("".join(f"{t_s:.2f}\t{text}\n" for t_s, text in self.speaker.said), encoding="utf-8")

    def take_keys(self, session: LiveSession) -> None:
        """Let the keys speak to this session from now on."""
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

        def wish(what: str) -> Callable[[], None]:
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
            say(f"! {flag}")
        foot = f"Starts by itself after {RED_FLAGS_S:.0f} s  ·  space: begin now  ·  Q: not today"
        card = TextCard(f"Before you begin: {title}", tuple(flags), foot, warning=True)
        self._say(0.0, " ".join(flags))
        return self._show_card(text_card(card, *CARD_SIZE), RED_FLAGS_S if self.window is not None else 0.0)

    def _show_card(self, canvas: ImageArray, seconds: float) -> bool:
        self._own_keys()
        until_s = time.monotonic() + seconds
        try:
            while time.monotonic() < until_s and self._wish is None:
                signals.check()
                if self.window is not None:
                    self.window.show(canvas)
                time.sleep(FRAME_S)
        except StopSession:
            return False
        return self._wish != "stop"

    # between --------------------------------------------------------------------------------------------------------

    def rest(self, source: CameraSource, estimator: Estimator, step: Step, after: Step) -> bool:
        """Rest between two exercises, ask for discomfort; returns False when the person ends the programme."""
        self._own_keys()
        gesture = FinishGesture()
        self._say(source.now(), f"Rest. {ASK} Next: {after.title}.")
        begun_s: float | None = None
        try:
            for frame in signals.Interruptible(source):
                begun_s = frame.t_s if begun_s is None else begun_s
                left_s = begun_s + step.rest_s - frame.t_s
                if left_s <= 0 or self._wish == "go":
                    return True
                crossed = gesture.update(frame.t_s, estimator.estimate(frame))
                if crossed >= 1.0 or self._wish == "stop":
                    return False
                if self.window is not None:
                    self.window.show(_rest_canvas(round(left_s), step.rest_s, after), frame.t_s)
        except StopSession:
            return False
        return False

    # after ----------------------------------------------------------------------------------------------------------

    def summary(self, done: Sequence[Finished]) -> None:
        """The last screen, until a key or a few seconds have passed; spoken as well."""
        if not done:
            return
        sentence = (
            " ".join(finished.report.summary for finished in done) if len(done) == 1 else f"{len(done)} exercises done."
        )
        self._say(0.0, sentence)
        if self.window is None or self.window.closed_by_person:
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


def _make_speaker(voice: bool, log: Path | None) -> Speaker:
    if log is not None:
        return RecordingSpeaker()
    if not voice:
        return SilentSpeaker()
    engine = find_engine()
    if engine is None:
        say(NO_VOICE)
        return SilentSpeaker()
    return EngineSpeaker(engine, second_engine, say)
