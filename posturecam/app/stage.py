"""A live session's window, recording and voice on this computer: what is shown and said before, during, between and after."""

from __future__ import annotations

import math
import time
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from posturecam.app.finished import Finished
from posturecam.app.host import Host
from posturecam.app.live import LiveSource, RestWish
from posturecam.app.live_steps import Step
from posturecam.coaching.announcer import Announcer, Say
from posturecam.coaching.pain import PATIENCE_S, QUESTIONS, SCALE, PainAnswer, When
from posturecam.coaching.session import LiveSession
from posturecam.language import gettext, msgid, ngettext
from posturecam.model import ImageArray
from posturecam.pipeline import Sink, StopSession
from posturecam.pose.quiet import native_stderr_silenced
from posturecam.report.summary import summary_text
from posturecam.report.wording import listed
from posturecam.sinks import film_screens, paint
from posturecam.sinks.face import FaceBlur, FaceBlurred
from posturecam.sinks.layout import Size
from posturecam.sinks.live_view import LivePainter, LiveSink, Summary, summary_card
from posturecam.sinks.overlay import CanvasOutput
from posturecam.sinks.pain_screen import pain_screen
from posturecam.sinks.screens import TextCard, text_card
from posturecam.sinks.speech import find_engine, second_engine
from posturecam.sinks.video import VideoWriter
from posturecam.sinks.voice import EngineSpeaker, RecordingSpeaker, SilentSpeaker, Speaker, VoiceSink
from posturecam.sinks.window import USUAL_SCREEN, Window
from posturecam.sources.demonstration import looped
from posturecam.spec.catalogue import demonstration
from posturecam.spec.schema import Exercise

TITLE = "posturecam"
FRAME_S = 1 / 30
RED_FLAGS_S = 15.0
SUMMARY_S = 12.0
LONG_SUMMARY_S = 120.0
"""The last screen's time without and with somebody before the camera who may want to read it."""
WORDS_A_SECOND, PAUSE_S, AFTER_STEPS_S = 2.6, 0.7, 3.0
"""The pace at which the steps are read aloud, slower than any voice speaks."""
NO_VOICE = msgid(
    "There is no voice on this machine (install it with: pip install 'posturecam[voice]', on Debian also apt install espeak-ng); "
    "watch the screen."
)
RECORDING_FAILED = msgid("The recording of the picture is not complete; everything else is saved.")
NAMES_OF_EQUIPMENT = {
    "band": msgid("a band"),
    "dumbbells": msgid("dumbbells"),
    "roller": msgid("a foam roller"),
    "wall": msgid("a wall"),
    "doorway": msgid("a doorway"),
    "bench": msgid("a bench"),
}
ASK = msgid("Any pain or discomfort? Then stop here.")


@dataclass(frozen=True)
class Picture:
    """How the picture is shown: in a ``window``, as in a mirror, with the face blurred, and recorded into a file.

    ``screen``: its width and height in pixels. ``demonstrate``: each exercise is shown before it is done. ``summary_s``: how
    long the last screen stays.
    """

    window: bool = True
    fullscreen: bool = False
    mirror: bool = True
    blur_face: bool = False
    record: Path | None = None
    screen: Size = USUAL_SCREEN
    demonstrate: bool = True
    summary_s: float = LONG_SUMMARY_S


class DesktopStage:
    """The open window (None without), the recording and the speaker, for the whole call; a context manager.

    A :class:`posturecam.app.live.Stage`. ``log``: a file that gets what would have been said.
    """

    def __init__(self, picture: Picture, host: Host, *, voice: bool, log: Path | None = None) -> None:
        self._picture = picture
        self._host = host
        self.window: Window | None = (
            Window(TITLE, {}, native_stderr_silenced, fullscreen=picture.fullscreen, screen=picture.screen)
            if picture.window
            else None
        )
        self._log = log
        self.speaker: Speaker = _make_speaker(voice, log, host.say)
        self._stack = ExitStack()
        self._wish: RestWish | None = None
        self._pictures: list[LiveSink] = []
        self._film: Iterator[tuple[ImageArray | None, float]] = iter(())
        self._film_due_s = -math.inf
        self._film_picture: ImageArray | None = None

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
        return [gettext(RECORDING_FAILED) for picture in self._pictures if picture.recording_failed]

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
            "n": lambda: session.wish("skip" if session.state.screen == "resting" else "next"),
            "b": lambda: session.wish("back"),
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
        self.window.keys = {"q": stop, "esc": stop, "space": go, "enter": go, "n": wish("next"), "b": wish("back")}

    def _say(self, t_s: float, text: str) -> None:
        # a voice that fails must not cost what was done
        with suppress(Exception):
            self.speaker.say(Say(t_s, text, "stage"))

    # before ---------------------------------------------------------------------------------------------------------

    def red_flags(self, title: str, flags: Sequence[str]) -> bool:
        """Show and say when not to exercise; returns False when the person decides to stop."""
        flags = [gettext(flag) for flag in flags]
        for flag in flags:
            self._host.say(f"! {flag}")
        foot = paint.glued(
            gettext("Starts by itself after {seconds} s", seconds=f"{RED_FLAGS_S:.0f}"),
            gettext("Space: begin now"),
            gettext("Q: not today"),
        )
        card = TextCard(gettext("Before you begin: {title}", title=title), tuple(flags), foot, warning=True)
        self._own_keys()
        self._say(0.0, " ".join(flags))
        return self._show_card(card, RED_FLAGS_S if self.window is not None else 0.0)

    def _show_card(self, card: TextCard, seconds: float) -> bool:
        """Show a page of text until a key or the time ends it; returns False when the person decides to stop."""
        until_s = time.monotonic() + seconds
        try:
            while time.monotonic() < until_s and self._wish is None:
                self._host.check()
                if self.window is not None:
                    self.window.show(text_card(card, *self.window.room))
                time.sleep(FRAME_S)
        except StopSession:
            return False
        return self._wish != "stop"

    def demonstrate(self, step: Step, source: LiveSource, *, number: int, of: int) -> RestWish:
        """Show the film of the exercise and read its steps aloud; ends by itself, or by a key."""
        if self.window is None or not self._picture.demonstrate:
            return "go"
        self._own_keys()
        exercise = step.exercise
        pictures = film_of(exercise)
        place = place_text(number, of)
        title = f"{place}: {step.title}" if place else step.title
        told = tuple(gettext(words) for words in exercise.steps)
        steps = [title, *told]
        begun_s, due_s, shown_until_s = time.monotonic(), 0.0, -math.inf
        picture: ImageArray | None = None
        foot = demonstration_keys(several=of > 1)
        try:
            while self._wish is None:
                self._host.check()
                now_s = time.monotonic() - begun_s
                if now_s >= due_s:
                    if not steps:
                        break
                    words = steps.pop(0)
                    self._say(source.now(), words)
                    due_s = now_s + len(words.split()) / WORDS_A_SECOND + (PAUSE_S if steps else AFTER_STEPS_S)
                if now_s >= shown_until_s:
                    picture, stays_s = next(pictures, (None, 1.0))
                    shown_until_s = now_s + stays_s
                canvas = film_screens.demonstration(
                    picture, self.window.room, title, told, needed_text(exercise.equipment), foot
                )
                self.window.show(canvas)
                time.sleep(FRAME_S)
        except StopSession:
            return "stop"
        return self._wish or "go"

    def ask_pain(self, when: When) -> int | Literal["stop"] | None:
        """Ask for the pain from 0 to 10, by keys; None where there is no window, and for whoever does not say."""
        if self.window is None:
            return None
        answer = PainAnswer(time.monotonic())
        self._own_keys()
        for key in (*"0123456789", "s", "space", "enter"):
            self.window.keys[key] = lambda key=key: answer.press(key, time.monotonic())  # type: ignore[misc]
        self._say(0.0, f"{gettext(QUESTIONS[when])} {gettext(SCALE)}")
        foot = paint.glued(
            gettext("goes on by itself after {seconds} s", seconds=f"{PATIENCE_S:.0f}"),
            gettext("Q: not today") if when == "before" else gettext("Q: close"),
        )
        try:
            while not answer.passed(time.monotonic()):
                self._host.check()
                if self._wish == "stop":
                    return "stop"
                self.window.show(pain_screen(QUESTIONS[when], answer.score, self.window.room, foot))
                time.sleep(FRAME_S)
        except StopSession:
            return "stop"
        return answer.score

    # during ---------------------------------------------------------------------------------------------------------

    def sinks(self, step: Step, session: LiveSession, source: LiveSource, *, number: int, of: int) -> Sequence[Sink]:
        """The picture, for window and recording, and the voice; the keys speak to this session from now on."""
        self._take_keys(session)
        place = place_text(number, of)
        painter = LivePainter(step.exercise, step.goal, mirror=self._picture.mirror, place=place)

        def trouble() -> str | None:
            return source.trouble

        window = self.window
        room = (lambda: window.room) if window is not None else (lambda: None)
        live = LiveSink(painter, session, window, self._recording(number, of), trouble, self._host.say, room=room)
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
        """Ask for discomfort, and say what comes next and what it needs."""
        self._own_keys()
        self._film = film_of(after.exercise)
        self._film_due_s, self._film_picture = -math.inf, None
        self._say(t_s, rest_words(after))

    def resting(self, step: Step, after: Step, left_s: float, t_s: float) -> RestWish | None:
        """Show the seconds that are left; returns what a key has asked for."""
        if self._wish is None and self.window is not None:
            if t_s >= self._film_due_s:
                self._film_picture, stays_s = next(self._film, (None, 1.0))
                self._film_due_s = t_s + stays_s
            canvas = film_screens.rest(
                self._film_picture,
                self.window.room,
                left_s,
                step.rest_s,
                gettext("Next: {title}", title=after.title),
                rest_note(after),
            )
            self.window.show(canvas, t_s)
        return self._wish

    # after ----------------------------------------------------------------------------------------------------------

    def summary(self, done: Sequence[Finished]) -> None:
        """The last screen, until a key or a few seconds have passed; spoken as well."""
        if not done:
            return
        one, number = done[0].report if len(done) == 1 else None, len(done)
        sentence = summary_text(one) if one else ngettext("{number} exercise done.", "{number} exercises done.", number)
        self._say(0.0, sentence)
        if self.window is None or self.closed_by_person:
            return
        scores = [finished.report.score for finished in done if finished.report.score is not None]
        summary = Summary(
            title=one.title() if one else ngettext("{number} exercise done", "{number} exercises done", number),
            score=sum(scores) / len(scores) if scores else None,
            lines=_summary_lines(done),
            foot=_summary_foot(saved=bool(done[-1].folder), number=number),
            verdict=_verdict(done),
        )
        self._own_keys()
        self.window.keys["r"] = lambda: _open_reports(done)
        self._show_card(summary_card(summary), self._picture.summary_s)


def _summary_lines(done: Sequence[Finished]) -> tuple[str, ...]:
    if len(done) > 1:
        return tuple(f"{finished.report.title()}: {summary_text(finished.report)}" for finished in done[:6])
    report = done[0].report
    lines = [summary_text(report), *(gettext(fault.advice) for fault in report.faults[:2])]
    return tuple(line for line in lines if line)


def _summary_foot(*, saved: bool, number: int) -> str:
    if not saved:
        return paint.glued(gettext("Not saved"), gettext("Q: close"))
    return paint.glued(
        gettext("Saved"), ngettext("R: open the report", "R: open the reports", number), gettext("Q: close")
    )


def demonstration_keys(*, several: bool) -> str:
    """What the keys do while an exercise is shown; ``several``: it is one of a programme."""
    turns = (gettext("N: next"), gettext("B: back")) if several else ()
    return paint.glued(gettext("Starts by itself"), gettext("Space: start now"), *turns, gettext("Q: end"))


def rest_words(after: Step) -> str:
    """What is said as a rest begins, before the step ``after`` it."""
    said = [gettext("Rest."), gettext(ASK), gettext("Next: {title}.", title=after.title)]
    return " ".join([*said, needed_text(after.exercise.equipment)]).strip()


def rest_note(after: Step) -> str:
    """What stands on the screen of a rest besides the time and what comes next."""
    return f"{gettext(ASK)} {needed_text(after.exercise.equipment)}".strip()


def place_text(number: int, of: int) -> str:
    """Where in a programme this is, ``number`` from 0: "3 of 19"; empty for a single exercise."""
    return gettext("{number} of {all}", number=number + 1, all=of) if of > 1 else ""


def _verdict(done: Sequence[Finished]) -> Literal["ok", "faults", "unknown"]:
    verdicts = {finished.report.verdict for finished in done}
    return "faults" if "faults" in verdicts else "ok" if "ok" in verdicts else "unknown"


def _open_reports(done: Sequence[Finished]) -> None:
    """Show every report in the browser."""
    for finished in done:
        page = finished.folder / "report.html" if finished.folder is not None else None
        if page is not None and page.is_file():
            webbrowser.open(page.resolve().as_uri())


def film_of(exercise: Exercise) -> Iterator[tuple[ImageArray | None, float]]:
    """The demonstration's pictures, over and over, and how long each stays; nothing where there is none."""
    path = demonstration(exercise.id, exercise.variant)
    return looped(path) if path is not None else iter(())


def needed_text(equipment: Sequence[str]) -> str:
    """What has to be at hand, as a sentence; empty for nothing."""
    named = [gettext(NAMES_OF_EQUIPMENT.get(thing, thing)) for thing in equipment]
    return gettext("You need {things}.", things=listed(named)) if named else ""


def _make_speaker(voice: bool, log: Path | None, say: Callable[[str], None]) -> Speaker:
    if log is not None:
        return RecordingSpeaker()
    if not voice:
        return SilentSpeaker()
    engine = find_engine()
    if engine is None:
        say(gettext(NO_VOICE))
        return SilentSpeaker()
    return EngineSpeaker(engine, second_engine, say)
