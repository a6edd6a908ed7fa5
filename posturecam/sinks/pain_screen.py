"""The question for pain as a screen: eleven numbers from no pain to the worst, the chosen one large."""

from __future__ import annotations

import numpy as np

from posturecam.coaching.pain import KEYS, LEAST, MOST, SKIP, WORST
from posturecam.language import gettext
from posturecam.model import ImageArray
from posturecam.sinks import paint
from posturecam.sinks.cards import blank
from posturecam.sinks.layout import Box, Size
from posturecam.sinks.screens import centred


def pain_screen(question: str, chosen: int | None, room: Size, foot: str) -> ImageArray:
    """The question with its scale on a canvas of that width and height; ``foot`` says what else the keys do."""
    width, height = room
    least, worst = gettext(LEAST), gettext(WORST)
    image = blank(width, height)
    margin = round(min(width, height) * 0.06)
    inner = width - 2 * margin
    centred(
        image, gettext(question), Box(margin, margin, inner, round(height * 0.24)), round(height * 0.09), paint.WHITE
    )
    each = inner / (MOST + 1)
    side = round(min(each * 0.86, height * 0.2))
    middle = round(height * 0.45)
    for number in range(MOST + 1):
        x = round(margin + each * (number + 0.5))
        picked = number == chosen
        size = round(side * 1.12) if picked else side
        box = Box(x - size // 2, middle - size // 2, size, size)
        paint.box(image, box.x, box.y, size, size, paint.WHITE if picked else _colour(number), round(size * 0.2))
        centred(image, str(number), box, round(size * 0.56), paint.INK, 800, 1)
    low = middle + round(side * 0.62)
    half = Box(margin, low, inner // 2, round(height * 0.09))
    size = min(
        paint.fitted(text, half.width, half.height, round(half.height * 0.6), 600, 1)[0] for text in (least, worst)
    )
    paint.put_text(image, least, (margin, low), size, paint.MUTED, 600)
    end = margin + inner - paint.text_width(worst, size, 600)
    paint.put_text(image, worst, (end, low), size, paint.MUTED, 600)
    keys = gettext(KEYS) if chosen is None else gettext("{number} of {all}", number=chosen, all=MOST)
    centred(
        image, keys, Box(margin, round(height * 0.68), inner, round(height * 0.13)), round(height * 0.06), paint.WHITE
    )
    centred(
        image,
        "  ·  ".join(filter(None, (gettext(SKIP), foot))),
        Box(margin, round(height * 0.83), inner, round(height * 0.11)),
        round(height * 0.045),
        paint.MUTED,
        600,
        2,
    )
    return image


def _colour(number: int) -> paint.Colour:
    """From the colour of good to that of a fault; the numbers say the same to whoever cannot tell them apart."""
    mixed = np.array(paint.GOOD) + (np.array(paint.FAULT) - np.array(paint.GOOD)) * number / MOST
    red, green, blue = (round(float(part)) for part in mixed)
    return red, green, blue
