"""What the person sees in a live session: one picture a frame, painted once, for the window and for the recording."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import cv2

from posturecam.coaching.announcer import BACK, POSITION
from posturecam.coaching.goals import Goal, change_sides
from posturecam.coaching.session import LiveSession, LiveState
from posturecam.judging.doubts import DoubtLine
from posturecam.language import gettext, inside, msgid
from posturecam.model import Cue, Frame, FrameResult, ImageArray
from posturecam.pipeline import StopSession
from posturecam.sinks import overlay, paint, screens
from posturecam.sinks.cards import blank
from posturecam.sinks.layout import Layout, Size, layout_for
from posturecam.sinks.overlay import CanvasOutput, OverlayOptions
from posturecam.spec.schema import Exercise

BY_KEY = msgid("Press space to go on")


class LivePainter:
    """Paints every screen of one exercise. Pure but for remembering the score so far."""

    def __init__(self, exercise: Exercise, goal: Goal, *, mirror: bool = True, place: str = "") -> None:
        """``place``: where in a programme this is, such as "3 of 19"."""
        self._place = place
        self._exercise = exercise
        self._goal = goal
        self._options = OverlayOptions(
            mirror=mirror,
            target_reps=goal.reps,
            target_seconds=goal.seconds,
        )
        self._scores: list[float] = []
        self._doubts = DoubtLine(exercise)

    def paint(
        self,
        image: ImageArray,
        result: FrameResult,
        state: LiveState,
        trouble: str | None = None,
        room: Size | None = None,
    ) -> ImageArray:
        """The canvas (RGB) for one frame; ``trouble`` is what is wrong with the camera, ``room`` how large it has to be."""
        self._scores += [rep.score for rep in result.finished_reps if rep.score is not None]
        self._scores += [hold.score for hold in result.finished_holds if hold.score is not None]
        layout = layout_for(image.shape[1], image.shape[0], room)
        if state.screen in ("active", "finished") and not trouble:
            doubt = self._doubts.update(result)
            canvas = overlay.draw(image, self._in_set(result, state), self._exercise, self._options, room, doubt=doubt)
            screens.chips(canvas, layout, self._facts(state))
        else:
            canvas = self._base(image, result, layout, room)
            self._screen(canvas, layout, result, state, trouble)
        if state.finishing > 0.15:
            screens.finishing(canvas, layout, state.finishing)
        elif state.turning is not None:
            screens.turning(canvas, layout, state.turning, state.turned)
        return canvas

    def _base(self, image: ImageArray, result: FrameResult, layout: Layout, room: Size | None) -> ImageArray:
        """The darkened picture with the skeleton on it, and empty panels."""
        canvas = overlay.draw(image, replace(result, cue=None, guidance=None), self._exercise, self._options, room)
        box = layout.picture
        inside = canvas[box.y : box.y + box.height, box.x : box.x + box.width]
        darkened = cv2.convertScaleAbs(inside, alpha=screens.DIM)
        canvas = blank(layout.width, layout.height)
        canvas[box.y : box.y + box.height, box.x : box.x + box.width] = darkened
        return canvas

    def _screen(
        self, canvas: ImageArray, layout: Layout, result: FrameResult, state: LiveState, trouble: str | None
    ) -> None:
        title = self._title()
        hold = self._exercise.hold is not None
        if trouble:
            screens.troubled(canvas, layout, trouble)
        elif state.screen == "framing":
            words = state.guidance or result.guidance
            advice = self._exercise.camera.advice if words else "".join(self._exercise.steps[:1])
            screens.framing(canvas, layout, words or POSITION, words is not None, title, advice)
        elif state.screen == "countdown":
            screens.countdown(canvas, layout, state, title)
        elif state.screen == "paused":
            side = state.progress.side_to_come
            go_on = change_sides(side) if side is not None else BACK
            words = BY_KEY if state.by_key else state.guidance or result.guidance or go_on
            screens.paused(canvas, layout, state, words, screens.progress_dial(state.progress, hold))
        elif state.screen == "resting":
            after = gettext("Then set {number} of {all}", number=state.progress.number + 1, all=state.progress.sets)
            screens.resting(canvas, layout, state.rest_s or 0.0, self._goal.rest_s, after)

    def _title(self) -> str:
        variant = self._exercise.variant_name
        name = gettext(self._exercise.name)
        name = f"{name}, {inside(gettext(variant))}" if variant else name
        return f"{self._place}: {name}" if self._place else name

    def _facts(self, state: LiveState) -> list[str]:
        facts = [self._place] if self._place else []
        if state.progress.sets > 1:
            facts.append(gettext("Set {number} of {all}", number=state.progress.number, all=state.progress.sets))
        if self._scores:
            facts.append(gettext("Score {score}", score=f"{sum(self._scores) / len(self._scores):.0f}"))
        return facts

    def _in_set(self, result: FrameResult, state: LiveState) -> FrameResult:
        """The result with the counts of the current set, which is what the person on the floor counts along."""
        now, done = result.progress, state.progress
        to_come = done.side_to_come
        if to_come is not None and (result.cue is None or result.cue.kind != "fault"):
            result = replace(result, cue=Cue(None, change_sides(to_come), "guidance"))
        if self._exercise.hold is not None:
            side = {"left": done.left, "right": done.right}.get(result.side or "")
            held = done.done if side is None else side
            return replace(result, progress=replace(now, hold_s=held, total_hold_s=held))
        sides = {"left": int(done.left or 0), "right": int(done.right or 0)} if now.left is not None else {}
        return replace(result, progress=replace(now, reps=int(done.done), **sides))


class LiveSink:
    """Paints once a frame and shows it in the window; the recording runs from the start of counting.

    A recording that fails is dropped with a sentence to ``warn``. A window that fails ends the session, because whoever
    exercises would see nothing any more.
    """

    title = "the picture"

    def __init__(
        self,
        painter: LivePainter,
        session: LiveSession,
        window: CanvasOutput | None,
        record: CanvasOutput | None,
        trouble: Callable[[], str | None],
        warn: Callable[[str], None],
        shown: Callable[[Frame], None] = lambda _frame: None,
        room: Callable[[], Size | None] = lambda: None,
    ) -> None:
        self._painter = painter
        self._session = session
        self._window = window
        self._record = record
        self._trouble = trouble
        self._warn = warn
        self._shown = shown
        self._room = room
        self._fixed_room: Size | None = None
        self.recording_failed = False

    def write(self, frame: Frame, result: FrameResult) -> None:
        """Paint and show one frame."""
        if self._window is None and self._record is None:
            return
        canvas = self._painter.paint(frame.image, result, self._session.state, self._trouble(), self._room_now())
        start_s = self._session.start_s
        if self._record is not None and start_s is not None and frame.t_s >= start_s:
            try:
                self._record.show(canvas, frame.t_s - start_s)
            except Exception as error:
                self._drop_recording(error)
        if self._window is not None:
            self._show(frame, canvas)

    def _room_now(self) -> Size | None:
        """The room to paint for: a recording keeps the one it began with, because a video has one size."""
        if self._record is None:
            return self._room()
        if self._fixed_room is None:
            self._fixed_room = self._room()
        return self._fixed_room

    def _show(self, frame: Frame, canvas: ImageArray) -> None:
        assert self._window is not None
        try:
            self._window.show(canvas, frame.t_s)
        except StopSession:
            raise
        except Exception as error:
            self._warn(gettext("The window failed, so the session was ended: {error}", error=error))
            raise StopSession from error
        self._shown(frame)

    def _drop_recording(self, error: Exception) -> None:
        record, self._record = self._record, None
        self.recording_failed = True
        self._warn(gettext("The recording stopped: {error}", error=error))
        if record is not None:
            try:
                record.close()
            except Exception:
                return  # the same disk that was full

    def close(self) -> None:
        """Finish the recording; the window outlives the exercise."""
        record, self._record = self._record, None
        if record is not None:
            record.close()


@dataclass(frozen=True)
class Summary:
    """What the summary screen says; ``score`` 0..100 or None; the ring has the colour of the ``verdict``."""

    title: str
    score: float | None
    lines: tuple[str, ...]
    foot: str
    verdict: Literal["ok", "faults", "unknown"] = "ok"


VERDICT_COLOURS = {"ok": paint.GOOD, "faults": paint.FAULT, "unknown": paint.UNKNOWN}


def summary_card(summary: Summary) -> screens.TextCard:
    """The last screen."""
    text = "–" if summary.score is None or math.isnan(summary.score) else f"{summary.score:.0f}"
    dial = screens.Dial(text, gettext("score"), (summary.score or 0.0) / 100.0, VERDICT_COLOURS[summary.verdict])
    return screens.TextCard(summary.title, summary.lines, summary.foot, dial)
