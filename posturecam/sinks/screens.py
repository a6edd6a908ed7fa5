"""The live session's own screens: framing, countdown, pause, rest, and cards of text before and after; legible from 3 m.

They share canvas and look with the overlay (:mod:`posturecam.sinks.layout`, :mod:`posturecam.sinks.paint`). Images are RGB.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from posturecam.coaching.announcer import STEADY
from posturecam.coaching.goals import SetProgress
from posturecam.coaching.session import LiveState
from posturecam.judging.framing import COME_CLOSER, FACE_CAMERA, LOWER, STEP_BACK, STEP_IN, TURN_A_LITTLE, TURN_SIDE
from posturecam.language import gettext, msgid, pgettext
from posturecam.model import ImageArray, Side
from posturecam.sinks import paint
from posturecam.sinks.cards import CueKind, paint_message
from posturecam.sinks.layout import Box, Layout

DIM = 0.45
LINE_ROOM = 0.94
TO_END = msgid("To end: arms crossed, hands on your shoulders, or press Q")
HOLD_STILL = msgid("Good, hold still")
REST_KEYS = msgid("Space: go on now · B: back · Q: end")


@dataclass(frozen=True)
class Dial:
    """A ring with a large text in it and a small one below: ``filled`` 0..1."""

    text: str
    caption: str
    filled: float
    colour: paint.Colour = paint.GOOD


def centred(
    image: ImageArray, text: str, box: Box, largest: int, colour: paint.Colour, weight: int = 700, lines: int = 3
) -> None:
    """Text in the middle of a box, as large as fits up to ``largest``."""
    if not text or box.width < 12 or box.height < 12:
        return
    size, parts = paint.fitted(text, round(box.width * LINE_ROOM), box.height, largest, weight, lines)
    step = paint.line_height(size)
    top = box.y + (box.height - len(parts) * step) / 2
    for number, part in enumerate(parts):
        x = box.x + (box.width - paint.text_width(part, size, weight)) / 2
        paint.put_text(image, part, (x, top + number * step), size, colour, weight)


def draw_dial(image: ImageArray, dial: Dial, box: Box) -> None:
    """The dial in the middle of a box."""
    radius = min(box.width, box.height) * 0.44
    x, y = box.x + box.width / 2, box.y + box.height / 2
    thick = max(6, round(radius * 0.12))
    paint.ring(image, (x, y), radius - thick / 2, paint.TRACK, thick)
    if dial.filled > 0:
        paint.arc(image, (x, y), radius - thick / 2, -90, -90 + 360 * min(1.0, dial.filled), dial.colour, thick)
    room = round((radius - thick) * 1.66)
    size, lines = paint.fitted(dial.text, room, round(room * 0.8), round(radius * 1.1), 800, 1)
    caption = max(12, round(radius * 0.28))
    top = y - size * 0.64 - (caption * 0.55 if dial.caption else 0)
    paint.put_text(image, lines[0], (x - paint.text_width(lines[0], size, 800) / 2, top), size, paint.WHITE, 800)
    low = Box(round(x - room / 2), round(top + size * 1.1), room, round(caption * 1.4))
    centred(image, dial.caption, low, caption, paint.MUTED, 600, 1)


def banner(image: ImageArray, text: str, box: Box, back: paint.Colour, kind: str | None = None) -> None:
    """A coloured bar with a large text and a sign; ``kind`` is one of :func:`posturecam.sinks.paint.sign`."""
    paint.box(image, box.x, box.y, box.width, box.height, back, round(box.height * 0.22))
    left = box.height * 0.25
    if kind is not None:
        radius = box.height * 0.26
        paint.sign(image, kind, (box.x + left + radius, box.y + box.height / 2), radius, paint.WHITE, back)
        left += radius * 2.3
    room = Box(round(box.x + left), box.y, round(box.width - left - box.height * 0.2), box.height)
    centred(image, text, room, round(box.height * 0.56), paint.WHITE, 700, 2)


def bottom_bar(layout: Layout, share: float = 0.19) -> Box:
    """Where a message stands on the picture: across its lower edge."""
    box = layout.picture
    margin = round(layout.unit * 2.5)
    height = round(min(box.height * share, box.width * 0.24))
    return Box(box.x + margin, box.y + box.height - height - margin, box.width - 2 * margin, height)


# the screens ------------------------------------------------------------------------------------------------------------


def framing(image: ImageArray, layout: Layout, words: str, guided: bool, title: str, advice: str) -> None:
    """Guide the person into place; ``guided`` tells that something is still wrong. ``words`` and ``advice`` are in English."""
    _corners(image, layout)
    _arrow(image, words if guided else "", layout)
    _title(image, layout, title)
    _message(image, layout, gettext(words), paint.GUIDE_DEEP, "guidance", gettext(advice), gettext(TO_END))


def countdown(image: ImageArray, layout: Layout, state: LiveState, title: str) -> None:
    """A number that nobody can overlook; and once it is down to nothing, what it still waits for."""
    _title(image, layout, title)
    if state.steadying:
        _pause_sign(image, layout)
        _message(image, layout, gettext(STEADY), paint.GUIDE_DEEP, "guidance", gettext("Counting starts from there."))
        return
    number = str(max(1, math.ceil((state.wait_s or 0.0) - 1e-6)))
    draw_dial(image, Dial(number, "", state.waited), _middle(layout, 0.74))
    _message(image, layout, gettext("Stay in position"), paint.GOOD_DEEP, "praise", gettext("Starting"))


def paused(image: ImageArray, layout: Layout, state: LiveState, words: str, done: Dial) -> None:
    """Paused, why (``words``, in English), and how it goes on; ``done`` is what was reached so far."""
    if state.wait_s is not None:
        draw_dial(
            image, Dial(str(max(1, math.ceil(state.wait_s))), gettext("going on"), state.waited), _middle(layout, 0.6)
        )
        words = STEADY if state.steadying else HOLD_STILL
        kind: CueKind = "guidance" if state.steadying else "praise"
        back = paint.GUIDE_DEEP if state.steadying else paint.GOOD_DEEP
    else:
        if not _arrow(image, words, layout):
            _pause_sign(image, layout)
        kind, back = "guidance", paint.GUIDE_DEEP
    _message(image, layout, gettext(words), back, kind, gettext("Paused"), dial=done)


def resting(image: ImageArray, layout: Layout, left_s: float, whole_s: float, after: str, more: str = "") -> None:
    """Seconds of rest left and what comes after; the one look of a rest, between sets and between exercises."""
    shown = max(1, math.ceil(left_s))
    caption = gettext("second") if shown == 1 else gettext("seconds")
    dial = Dial(str(shown), caption, left_s / whole_s if whole_s > 0 else 0.0, paint.GOOD)
    _title(image, layout, gettext("Rest"))
    _message(image, layout, after, paint.GUIDE_DEEP, "guidance", more, gettext(REST_KEYS), dial=dial)


def finishing(image: ImageArray, layout: Layout, share: float) -> None:
    """How far the finishing gesture has come, in the upper right of the picture."""
    size = round(layout.unit * 26)
    margin = round(layout.unit * 3)
    box = layout.picture
    corner = Box(box.x + box.width - size - margin, box.y + margin, size, size)
    paint.disc(image, (corner.x + size / 2, corner.y + size / 2), size * 0.47, paint.INK)
    draw_dial(image, Dial(gettext("End"), pgettext("gesture", "hold"), share, paint.FAULT), corner)


def turning(image: ImageArray, layout: Layout, side: Side, share: float) -> None:
    """How far the raised arm has come: to the next exercise or back."""
    size = round(layout.unit * 26)
    margin = round(layout.unit * 3)
    box = layout.picture
    corner = Box(box.x + box.width - size - margin, box.y + margin, size, size)
    paint.disc(image, (corner.x + size / 2, corner.y + size / 2), size * 0.47, paint.INK)
    draw_dial(
        image, Dial(gettext("Next") if side == "right" else gettext("Back"), pgettext("gesture", "hold"), share), corner
    )


def chips(image: ImageArray, layout: Layout, texts: Sequence[str]) -> None:
    """Small facts along the picture's upper edge: the set, the score."""
    size = round(layout.unit * 4.6)
    margin = round(layout.unit * 2.2)
    x, y = layout.picture.x + margin, layout.picture.y + margin
    for text in texts:
        width = paint.text_width(text, size, 600) + round(size * 1.2)
        if x + width > layout.picture.x + layout.picture.width - margin:
            break
        paint.box(image, x, y, width, round(size * 1.7), paint.PANEL, round(size * 0.6))
        paint.put_text(image, text, (x + size * 0.6, y + size * 0.2), size, paint.WHITE, 600)
        x += width + margin


@dataclass(frozen=True)
class TextCard:
    """A page of text: ``lines`` are paragraphs; ``foot`` says what to do; ``dial`` stands at the left when there is one."""

    title: str
    lines: tuple[str, ...]
    foot: str = ""
    dial: Dial | None = None
    warning: bool = False


@lru_cache(maxsize=8)
def text_card(card: TextCard, width: int, height: int) -> ImageArray:
    """A page of text on a canvas of that size; read-only."""
    image = np.empty((height, width, 3), np.uint8)
    image[:] = paint.PANEL
    margin = round(min(width, height) * 0.06)
    bar = round(height * 0.15)
    back = paint.FAULT_DEEP if card.warning else paint.GOOD_DEEP
    banner(image, card.title, Box(margin, margin, width - 2 * margin, bar), back, "fault" if card.warning else None)
    foot = round(height * 0.12) if card.foot else 0
    body = Box(margin, margin * 2 + bar, width - 2 * margin, height - 4 * margin - bar - foot)
    if card.dial is not None:
        side = min(body.height, body.width // 2)
        draw_dial(image, card.dial, Box(body.x, body.y, side, body.height))
        body = Box(body.x + side + margin, body.y, body.width - side - margin, body.height)
    items(image, card.lines, body, round(height * 0.065))
    if card.foot:
        room = Box(margin, height - margin - foot, width - 2 * margin, foot)
        centred(image, card.foot, room, round(foot * 0.5), paint.MUTED, 600, 2)
    image.setflags(write=False)
    return image


def progress_dial(progress: SetProgress, hold: bool) -> Dial:
    """The count or time of the set as a dial."""
    done, target = progress.done, progress.target * (2 if progress.left is not None else 1)
    text = str(int(done + 1e-6))
    return Dial(text, gettext("of {number}", number=f"{target:.0f} s" if hold else f"{target:.0f}"), progress.fraction)


# parts ------------------------------------------------------------------------------------------------------------------


def _middle(layout: Layout, share: float) -> Box:
    box = layout.picture
    size = round(min(box.width, box.height) * share)
    return Box(box.x + (box.width - size) // 2, box.y + (box.height - size) // 2 - round(layout.unit * 2), size, size)


def _title(image: ImageArray, layout: Layout, title: str) -> None:
    box = layout.picture
    room = round(box.width - layout.unit * 8)
    size, lines = paint.fitted(title, room, round(layout.unit * 18), round(layout.unit * 7), 700, 2)
    for number, text in enumerate(lines):
        y = box.y + layout.unit * 3 + number * paint.line_height(size)
        paint.put_text(image, text, (box.x + layout.unit * 4, y), size, paint.WHITE, 700)


def items(image: ImageArray, texts: Sequence[str], box: Box, largest: int) -> None:
    """Paragraphs with bullets, all in the one size at which they fit together."""
    size = largest
    while size > 10:
        room = box.width - size
        parts = [paint.fitted(text, room, 10_000, size, 500, 6) for text in texts]
        height = sum(len(lines) * paint.line_height(size) + size * 0.6 for _, lines in parts)
        if height <= box.height and all(used == size for used, _ in parts):
            break
        size = int(size * 0.92)
    y = box.y + max(0.0, (box.height - height) / 2)
    for used, lines in parts:
        paint.disc(image, (box.x + size * 0.28, y + size * 0.64), size * 0.16, paint.GOOD)
        for part in lines:
            paint.put_text(image, part, (box.x + size, y), used, paint.WHITE, 500)
            y += paint.line_height(used)
        y += size * 0.6


def _message(
    image: ImageArray,
    layout: Layout,
    words: str,
    back: paint.Colour,
    kind: CueKind,
    more: str = "",
    foot: str = "",
    dial: Dial | None = None,
) -> None:
    """What the person on the floor has to read, as large as the panel allows; ``more`` and ``foot`` for whoever is near."""
    panel = layout.panel
    wide = panel.width > 1.15 * panel.height
    if dial is not None:
        side = min(panel.height, round(panel.width * 0.3)) if wide else min(panel.width, round(panel.height * 0.4))
        own = Box(panel.x, panel.y, side, panel.height) if wide else Box(panel.x, panel.y, panel.width, side)
        draw_dial(image, dial, own)
        rest_w, rest_h = panel.width - side, panel.height - side
        panel = (
            Box(panel.x + side, panel.y, rest_w, panel.height)
            if wide
            else Box(panel.x, panel.y + side, panel.width, rest_h)
        )
    small = [text for text in (more, foot) if text]
    share = {0: 1.0, 1: 0.68, 2: 0.56}[len(small)]
    low = panel.width > 2.9 * panel.height
    if low and small:
        main = Box(panel.x, panel.y, round(panel.width * (0.55 if len(small) > 1 else 0.62)), panel.height)
        side_box = Box(main.x + main.width, panel.y, panel.width - main.width, panel.height)
    else:
        main = Box(panel.x, panel.y, panel.width, round(panel.height * share))
        side_box = Box(panel.x, panel.y + main.height, panel.width, panel.height - main.height)
    card = paint_message(words, kind, back, main.width, main.height)
    image[main.y : main.y + main.height, main.x : main.x + main.width] = card
    pad = round(min(side_box.width, side_box.height) * 0.06)
    each = (side_box.height - pad) // max(1, len(small))
    for number, text in enumerate(small):
        room = Box(side_box.x + pad, side_box.y + number * each, side_box.width - 2 * pad, each - pad)
        centred(image, text, room, round(layout.unit * 8.5), paint.WHITE if number == 0 else paint.MUTED, 600, 8)


def _pause_sign(image: ImageArray, layout: Layout) -> None:
    x, y = layout.picture.x + layout.picture.width / 2, layout.picture.y + layout.picture.height * 0.4
    unit = layout.unit
    for offset in (-7.5, 2.5):
        paint.box(
            image,
            round(x + offset * unit),
            round(y - 11 * unit),
            round(5 * unit),
            round(22 * unit),
            paint.WHITE,
            round(unit),
        )


def _corners(image: ImageArray, layout: Layout) -> None:
    """The frame that the body should fill."""
    box, unit = layout.picture, layout.unit
    inset, arm, thick = 14 * unit, 12 * unit, max(3, round(unit * 0.9))
    left, right = box.x + inset * 0.5, box.x + box.width - inset * 0.5
    top, bottom = box.y + inset, bottom_bar(layout).y - inset * 0.25
    for x, dx in ((left, arm), (right, -arm)):
        for y, dy in ((top, arm), (bottom, -arm)):
            paint.line(image, (x, y), (x + dx, y), paint.WHITE, thick)
            paint.line(image, (x, y), (x, y + dy), paint.WHITE, thick)


def _arrow(image: ImageArray, words: str, layout: Layout) -> bool:
    """The sign that says the guidance without words; False when there is none for these words."""
    x, y = layout.picture.x + layout.picture.width / 2, layout.picture.y + layout.picture.height * 0.44
    size = layout.unit * 17
    if words in (TURN_SIDE, TURN_A_LITTLE, FACE_CAMERA):
        _turn(image, x, y, size)
    elif words == STEP_IN:
        _person(image, x, y, size)
    elif words == COME_CLOSER:
        _straight(image, x, y - size, x, y + size, size)
    elif words == LOWER:
        _straight(image, x + size * 1.6, y - size, x + size * 1.6, y + size, size)
    elif words.startswith(STEP_BACK):
        _straight(image, x, y + size, x, y - size, size)
    else:
        return False
    return True


def _straight(image: ImageArray, x0: float, y0: float, x1: float, y1: float, size: float) -> None:
    length = math.hypot(x1 - x0, y1 - y0)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    tip = size * 0.6
    bx, by = x1 - ux * tip, y1 - uy * tip
    paint.line(image, (x0, y0), (bx, by), paint.GOOD, round(size * 0.3))
    wing = size * 0.55
    paint.polygon(image, [(x1, y1), (bx - uy * wing, by + ux * wing), (bx + uy * wing, by - ux * wing)], paint.GOOD)


def _turn(image: ImageArray, x: float, y: float, size: float) -> None:
    thick = round(size * 0.22)
    flat = 0.55
    points = [
        (x + size * math.cos(a), y + flat * size * math.sin(a)) for a in np.linspace(0.15 * math.pi, 1.75 * math.pi, 60)
    ]
    for a, b in pairwise(points):
        paint.line(image, a, b, paint.GOOD, thick)
    (ax, ay), (bx, by) = points[-4], points[-1]
    length = math.hypot(bx - ax, by - ay)
    ux, uy = (bx - ax) / length, (by - ay) / length
    wing = size * 0.38
    paint.polygon(
        image,
        [
            (bx + ux * wing * 1.4, by + uy * wing * 1.4),
            (bx - uy * wing, by + ux * wing),
            (bx + uy * wing, by - ux * wing),
        ],
        paint.GOOD,
    )


def _person(image: ImageArray, x: float, y: float, size: float) -> None:
    thick = max(4, round(size * 0.16))
    paint.ring(image, (x, y - size * 0.95), size * 0.3, paint.GOOD, thick)
    joints = {
        "neck": (x, y - size * 0.55),
        "hip": (x, y + size * 0.25),
        "left hand": (x - size * 0.55, y + size * 0.05),
        "right hand": (x + size * 0.55, y + size * 0.05),
        "left foot": (x - size * 0.35, y + size * 1.1),
        "right foot": (x + size * 0.35, y + size * 1.1),
    }
    for a, b in (
        ("neck", "hip"),
        ("neck", "left hand"),
        ("neck", "right hand"),
        ("hip", "left foot"),
        ("hip", "right foot"),
    ):
        paint.line(image, joints[a], joints[b], paint.GOOD, thick)
