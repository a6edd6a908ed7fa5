"""The live session's own screens: framing, countdown, pause, rest, and cards of text before and after; legible from 3 m.

They share canvas and look with the overlay (:mod:`posturecam.sinks.layout`, :mod:`posturecam.sinks.paint`). Images are RGB.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from posturecam.coaching.announcer import STEADY
from posturecam.coaching.goals import SetProgress
from posturecam.coaching.session import LiveState
from posturecam.language import gettext, msgid, pgettext
from posturecam.model import ImageArray, Side
from posturecam.sinks import paint, signs
from posturecam.sinks.cards import CueKind, paint_message
from posturecam.sinks.layout import Box, Layout, legible

DIM = 0.45
LINE_ROOM = 0.94
SHARES = (0.48, 0.38)
"""A message's share of the height above two smaller texts, and where these would not be legible then, as in a language of
long words."""
TO_END = msgid("To end: arms crossed, hands on your shoulders, or press Q")
HOLD_STILL = msgid("Good, hold still")


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
    radius = min(box.width, box.height) * 0.47
    x, y = box.x + box.width / 2, box.y + box.height / 2
    thick = max(6, round(radius * 0.12))
    paint.ring(image, (x, y), radius - thick / 2, paint.TRACK, thick)
    if dial.filled > 0:
        paint.arc(image, (x, y), radius - thick / 2, -90, -90 + 360 * min(1.0, dial.filled), dial.colour, thick)
    room = round((radius - thick) * 1.66)
    caption = max(round(radius * 0.28), legible(image.shape[1], image.shape[0]))
    high = round(room * 0.8) if not dial.caption else max(round(room - caption * 1.9), round(room * 0.4))
    size, lines = paint.fitted(dial.text, room, high, round(radius * 1.1), 800, 1)
    top = y - size * 0.64 - (caption * 0.55 if dial.caption else 0)
    paint.put_text(image, lines[0], (x - paint.text_width(lines[0], size, 800) / 2, top), size, paint.WHITE, 800)
    low = Box(round(x - room / 2), round(top + size * 1.08), room, round(caption * 1.4))
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
    below = _title(image, layout, title)
    signs.corners(image, layout, below, bottom_bar(layout).y)
    signs.arrow(image, words if guided else "", layout)
    to_end = "" if guided else gettext(TO_END)
    _message(image, layout, gettext(words), paint.GUIDE_DEEP, "guidance", gettext(advice), to_end)


def countdown(image: ImageArray, layout: Layout, state: LiveState, title: str) -> None:
    """A number that nobody can overlook; and once it is down to nothing, what it still waits for."""
    _title(image, layout, title)
    if state.steadying:
        signs.pause(image, layout)
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
        if not signs.arrow(image, words, layout):
            signs.pause(image, layout)
        kind, back = "guidance", paint.GUIDE_DEEP
    _message(image, layout, gettext(words), back, kind, gettext("Paused"), dial=done)


def resting(image: ImageArray, layout: Layout, left_s: float, whole_s: float, after: str, more: str = "") -> None:
    """Seconds of rest left and what comes after; the one look of a rest, between sets and between exercises."""
    shown = max(1, math.ceil(left_s))
    caption = gettext("second") if shown == 1 else gettext("seconds")
    dial = Dial(str(shown), caption, left_s / whole_s if whole_s > 0 else 0.0, paint.GOOD)
    chips(image, layout, [gettext("Rest")])
    keys = paint.glued(gettext("Space: go on now"), gettext("B: back"), gettext("Q: end"))
    _message(image, layout, after, paint.GUIDE_DEEP, "guidance", more, keys, dial=dial)


def troubled(image: ImageArray, layout: Layout, words: str) -> None:
    """What is wrong with the camera, ``words`` in English."""
    _message(image, layout, gettext(words), paint.FAULT_DEEP, "fault")


def finishing(image: ImageArray, layout: Layout, share: float) -> None:
    """How far the finishing gesture has come, in the upper right of the picture."""
    _gesture(image, layout, Dial(gettext("End"), pgettext("gesture", "hold"), share, paint.FAULT))


def turning(image: ImageArray, layout: Layout, side: Side, share: float) -> None:
    """How far the raised arm has come: to the next exercise or back."""
    words = gettext("Next") if side == "right" else gettext("Back")
    _gesture(image, layout, Dial(words, pgettext("gesture", "hold"), share))


def _gesture(image: ImageArray, layout: Layout, dial: Dial) -> None:
    size = max(round(layout.unit * 26), round(layout.legible * 6))
    margin = round(layout.unit * 3)
    box = layout.picture
    corner = Box(box.x + box.width - size - margin, box.y + margin, size, size)
    paint.disc(image, (corner.x + size / 2, corner.y + size / 2), size * 0.47, paint.INK)
    draw_dial(image, dial, corner)


def chips(image: ImageArray, layout: Layout, texts: Sequence[str]) -> None:
    """Small facts along the picture's upper edge, in as many rows as it takes: the set, the score."""
    size = max(round(layout.unit * 4.6), layout.legible)
    box, margin = layout.picture, round(layout.unit * 2.2)
    x, y = box.x + margin, box.y + margin
    for text in texts:
        width = paint.text_width(text, size, 600) + round(size * 1.2)
        if x + width > box.x + box.width - margin and x > box.x + margin:
            x, y = box.x + margin, y + round(size * 1.7) + margin
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
    if card.dial is not None and height > width:
        side = min(body.width, body.height // 3)
        draw_dial(image, card.dial, Box(body.x, body.y, body.width, side))
        body = Box(body.x, body.y + side + margin, body.width, body.height - side - margin)
    elif card.dial is not None:
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


def _title(image: ImageArray, layout: Layout, title: str) -> float:
    """The title in the picture's upper left; returns where it ends."""
    box, margin = layout.picture, layout.unit * 4
    largest = max(round(layout.unit * 7), layout.legible)
    size, lines = paint.fitted(title, round(box.width - 2 * margin), round(box.height * 0.3), largest, 700, 4)
    y = box.y + layout.unit * 3
    for text in lines:
        paint.put_text(image, text, (box.x + margin, y), size, paint.WHITE, 700)
        y += paint.line_height(size)
    return y


def items(image: ImageArray, texts: Sequence[str], box: Box, largest: int) -> None:
    """Paragraphs with bullets, all in the one size at which they fit together."""
    size = largest
    while size > 10:
        room = box.width - size
        parts = [paint.fitted(text, room, 10_000, size, 500, 9) for text in texts]
        height = sum(len(lines) * paint.line_height(size) + size * 0.5 for _, lines in parts) - size * 0.5
        if height <= box.height and all(used == size for used, _ in parts):
            break
        size = min(size - 1, int(size * 0.96))
    y = box.y + max(0.0, (box.height - height) / 2)
    for used, lines in parts:
        paint.disc(image, (box.x + size * 0.28, y + size * 0.64), size * 0.16, paint.GOOD)
        for part in lines:
            paint.put_text(image, part, (box.x + size, y), used, paint.WHITE, 500)
            y += paint.line_height(used)
        y += size * 0.5


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
    main, below = _split(panel, len(small), SHARES[0])
    if len(small) > 1 and _common_size(small, below, layout) < layout.legible:
        main, below = _split(panel, len(small), SHARES[1])
    if len(small) > 1 and _common_size(small, below, layout) < layout.legible:
        # what nobody can read does not take the room of what they can
        small = small[:1]
        main, below = _split(panel, 1, SHARES[0])
    card = paint_message(words, kind, back, main.width, main.height)
    image[main.y : main.y + main.height, main.x : main.x + main.width] = card
    _stacked(image, small, below, layout)


def _split(panel: Box, texts: int, share: float) -> tuple[Box, Box]:
    """The room of the message, and that of so many smaller texts, beside it in a low panel and else below.

    ``share`` of the height is the message's where there is more than one text.
    """
    if not texts:
        return panel, Box(panel.x, panel.y + panel.height, panel.width, 0)
    if panel.width > 2.9 * panel.height:
        width = round(panel.width * (0.5 if texts > 1 else 0.55))
        return Box(panel.x, panel.y, width, panel.height), Box(
            panel.x + width, panel.y, panel.width - width, panel.height
        )
    height = round(panel.height * (share if texts > 1 else 0.56))
    return Box(panel.x, panel.y, panel.width, height), Box(
        panel.x, panel.y + height, panel.width, panel.height - height
    )


def _wrapped(texts: Sequence[str], box: Box, size: int) -> list[tuple[str, ...]] | None:
    """The lines of each text at a size; None where they do not fit into the box together."""
    room = round(box.width * LINE_ROOM) - size
    parts = [paint.fitted(text, room, 10_000, size, 600, 12) for text in texts]
    height = sum(len(lines) for _, lines in parts) * paint.line_height(size) + size * len(texts)
    return [lines for _, lines in parts] if height <= box.height and all(used == size for used, _ in parts) else None


def _common_size(texts: Sequence[str], box: Box, layout: Layout) -> int:
    """The largest size at which all texts fit into the box, one below the other."""
    size = max(round(layout.unit * 8), round(layout.legible * 1.4))
    while size > 8 and _wrapped(texts, box, size) is None:
        size = min(size - 1, int(size * 0.95))
    return size


def _stacked(image: ImageArray, texts: Sequence[str], box: Box, layout: Layout) -> None:
    """Texts one below the other in the middle of the box, all of one size; the first is the brightest."""
    size = _common_size(texts, box, layout)
    parts = _wrapped(texts, box, size) or []
    step = paint.line_height(size)
    height = sum(map(len, parts)) * step + size * 0.7 * max(0, len(parts) - 1)
    y = box.y + (box.height - height) / 2
    for number, lines in enumerate(parts):
        for line in lines:
            x = box.x + (box.width - paint.text_width(line, size, 600)) / 2
            paint.put_text(image, line, (x, y), size, paint.MUTED if number else paint.WHITE, 600)
            y += step
        y += size * 0.7
