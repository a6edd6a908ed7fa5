"""The overlay: one annotated frame, drawn once and fed to the window and the video alike."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2

from posturecam.judging.doubts import DoubtLine
from posturecam.language import decimals, gettext, msgid, pgettext
from posturecam.model import Frame, FrameResult, ImageArray, Phase
from posturecam.sinks import paint
from posturecam.sinks.cards import CountCard, CueKind, Dial, PhaseCard, blank, paint_count, paint_cue, paint_phase
from posturecam.sinks.figures import draw_measure, focus_measure, label_at, root_measure
from posturecam.sinks.layout import Box, Layout, Size, layout_for
from posturecam.sinks.skeleton import body_on_canvas, draw_skeleton, fault_landmarks
from posturecam.spec import units
from posturecam.spec.references import unit_of
from posturecam.spec.schema import Exercise

STAGE_WORDS = {
    "nobody": msgid("Nobody seen"),
    "framing": msgid("Camera"),
    "set_up": msgid("Get ready"),
    "paused": msgid("Paused"),
}
PHASE_WORDS: Mapping[Phase, str] = {
    "rest": msgid("Start"),
    "out": msgid("Go"),
    "end": msgid("End point"),
    "return": msgid("Return"),
    "hold": msgid("Hold"),
    "": msgid("Ready"),
}


@dataclass(frozen=True)
class OverlayOptions:
    """How to draw: ``mirror`` shows the person as in a mirror.

    ``target_reps`` and ``target_seconds`` (a side for two-sided exercises) replace the exercise's own dose in the rings.
    """

    mirror: bool = False
    target_reps: int | None = None
    target_seconds: float | None = None


class CanvasOutput(Protocol):
    """Takes finished overlay pictures: a window, a video file."""

    def show(self, canvas: ImageArray, t_s: float) -> None:
        """Take the RGB picture of moment ``t_s`` (seconds on the source's clock); it is not changed afterwards."""
        ...

    def close(self) -> None:
        """Finish the output."""
        ...


class OverlaySink:
    """Draws every frame once and hands it to ``outputs``."""

    title = "The overlay"

    def __init__(
        self, exercise: Exercise, outputs: Sequence[CanvasOutput], options: OverlayOptions | None = None
    ) -> None:
        self._exercise = exercise
        self._outputs = list(outputs)
        self._options = options or OverlayOptions()
        self._doubts = DoubtLine(exercise)

    def write(self, frame: Frame, result: FrameResult) -> None:
        """Draw one frame and show it everywhere."""
        canvas = draw(frame.image, result, self._exercise, self._options, doubt=self._doubts.update(result))
        for output in self._outputs:
            output.show(canvas, frame.t_s)

    def close(self) -> None:
        """Close every output, also when one of them fails; the first failure is raised afterwards."""
        outputs, self._outputs = self._outputs, []
        failures: list[Exception] = []
        for output in outputs:
            try:
                output.close()
            except Exception as error:
                failures.append(error)
        if failures:
            raise failures[0]


def draw(
    image: ImageArray,
    result: FrameResult,
    exercise: Exercise,
    options: OverlayOptions | None = None,
    room: Size | None = None,
    *,
    doubt: str = "",
) -> ImageArray:
    """One annotated picture of even size, RGB: the picture with the body on it, and panels beside or below it.

    Small pictures are enlarged until the text can be read across a room; with a ``room`` the canvas fills exactly that.
    ``doubt`` says what cannot be judged, and stands where no cue does. ``image`` is left as it is.
    """
    options = options or OverlayOptions()
    layout = layout_for(image.shape[1], image.shape[0], room)
    canvas = blank(layout.width, layout.height)
    _draw_picture(canvas, image, result, exercise, options, layout)
    _paste(
        canvas,
        layout.count,
        paint_count(count_card(result, exercise, options), layout.count.width, layout.count.height),
    )
    _paste(canvas, layout.phase, paint_phase(phase_card(result, exercise), layout.phase.width, layout.phase.height))
    kind, text = cue_of(result)
    if kind is None:
        text = doubt or gettext(exercise.name)
    _paste(canvas, layout.cue, paint_cue(kind, text, layout.cue.width, layout.cue.height))
    return canvas


def _paste(canvas: ImageArray, box: Box, card: ImageArray) -> None:
    canvas[box.y : box.y + box.height, box.x : box.x + box.width] = card


def _draw_picture(
    canvas: ImageArray,
    image: ImageArray,
    result: FrameResult,
    exercise: Exercise,
    options: OverlayOptions,
    layout: Layout,
) -> None:
    box = layout.picture
    width, height = box.width, box.height
    picture = canvas[box.y : box.y + height, box.x : box.x + width]  # all is drawn in its place
    if (image.shape[1], image.shape[0]) == (width, height):
        picture[:] = image
    else:
        way = cv2.INTER_LINEAR if layout.scale > 1 else cv2.INTER_AREA
        cv2.resize(image, (width, height), dst=picture, interpolation=way)
    # poses are in the pose's own pixels, which need not be this picture's (a replay of small frames)
    scale = width / result.pose.width if result.pose is not None else 1.0
    if options.mirror:
        picture[:] = cv2.flip(picture, 1)
    if result.pose is not None:
        _draw_body(picture, result, exercise, scale, width if options.mirror else None, layout.unit)


def _draw_body(
    picture: ImageArray, result: FrameResult, exercise: Exercise, scale: float, mirror_width: float | None, unit: float
) -> None:
    assert result.pose is not None
    body = body_on_canvas(result.pose, scale, mirror_width)
    judging = result.stage == "active"
    marked = fault_landmarks(exercise, result) if judging else frozenset()
    draw_skeleton(picture, body, marked, result.near, from_side=result.view == "side", judging=judging, unit=unit)
    name = focus_measure(exercise, result)
    if not judging or name is None or name not in exercise.measures or not result.focus:
        return
    wrong = result.cue is not None and result.cue.kind == "fault" and result.cue.check is not None and bool(marked)
    colour = paint.FAULT if wrong else paint.GOOD
    root = root_measure(exercise, name)
    place = draw_measure(picture, root, result.near, result.side or result.near, body.point, colour, unit)
    number = number_text(exercise, name, result)
    if place is not None and number:
        size = max(20, round(unit * 6.5))
        label_at(picture, place, number, size, paint.WHITE, (picture.shape[1], picture.shape[0]))


def number_text(exercise: Exercise, measure: str, result: FrameResult) -> str:
    """The number that stands on the body: degrees, or per cent of the torso's length; empty when it is not measured."""
    known = result.measures.get(measure)
    if known is None or not math.isfinite(known.value):
        return ""
    return units.number_text(known.value, unit_of(exercise, measure))


def count_card(result: FrameResult, exercise: Exercise, options: OverlayOptions) -> CountCard:
    """What the count card says: reps, reps of both sides, or the seconds held."""
    progress = result.progress
    if exercise.hold is not None:
        return _hold_card(result, exercise, options)
    goal = options.target_reps or exercise.dose.reps
    good = gettext("{number} good", number=progress.good_reps)

    caption = gettext("of {number}", number=goal) if goal else gettext("reps")

    def dial(count: int, caption: str) -> Dial:
        return Dial(str(count), caption, round(min(1.0, count / goal), 3) if goal else None)

    if progress.left is not None and progress.right is not None:
        return CountCard(
            (
                dial(progress.left, pgettext("side", "left")),
                dial(progress.right, pgettext("side", "right")),
            ),
            good,
        )
    return CountCard((dial(progress.reps, caption),), good if progress.reps else "")


def _hold_card(result: FrameResult, exercise: Exercise, options: OverlayOptions) -> CountCard:
    progress = result.progress
    target = options.target_seconds or exercise.dose.seconds
    held = progress.hold_s
    # whole seconds only: the card is painted again once a second, and a wavering tenth helps nobody on the floor
    seconds = int(held if held > 0 else progress.total_hold_s)
    number = f"{seconds // 60}:{seconds % 60:02d}" if seconds >= 60 else str(seconds)
    filled = round(min(1.0, seconds / target), 2) if target else None
    remark = {"left": gettext("Left side"), "right": gettext("Right side")}.get(result.side or "", "")
    if held > 0 and progress.total_hold_s > held + 0.5:
        remark = gettext("{seconds} s in all", seconds=int(progress.total_hold_s))
    caption = gettext("of {number}", number=decimals(f"{target:g} s")) if target else gettext("seconds")
    return CountCard((Dial(number, caption, filled),), remark)


def phase_card(result: FrameResult, exercise: Exercise) -> PhaseCard:
    """What the phase card says."""
    active = result.stage == "active"
    word = _phase_word(result, exercise)
    fraction = result.progress.fraction
    percent = None
    if active and exercise.reps is not None and fraction is not None:
        percent = 2 * round(50 * min(max(fraction, 0.0), 1.0))
    return PhaseCard(word, percent)


def _phase_word(result: FrameResult, exercise: Exercise) -> str:
    if result.stage != "active":
        return gettext(STAGE_WORDS[result.stage])
    if result.end and result.phase == "end":
        return gettext(result.end.replace("_", " ").capitalize())
    if exercise.hold is not None:
        # a hold has no phases: it is either held or not yet
        held = result.progress.hold_s > 0 or result.phase == "hold"
        return gettext(PHASE_WORDS["hold"]) if held else gettext("Settle")
    return gettext(PHASE_WORDS[result.phase])


def cue_of(result: FrameResult) -> tuple[CueKind | None, str]:
    """The cue to show, in the language spoken here: while nothing can be judged, what to change; else what the coach says."""
    if result.guidance and (result.cue is None or result.stage != "active"):
        return "guidance", gettext(result.guidance)
    return (result.cue.kind, gettext(result.cue.text)) if result.cue is not None else (None, "")
