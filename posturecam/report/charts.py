"""The report's charts as drawings: range of motion, tempo, and what they share."""

from __future__ import annotations

import math
from collections.abc import Sequence

from posturecam.language import gettext
from posturecam.report.drawing import Drawing, Path, Rect, Shape, Text, diamond, dot
from posturecam.report.presentation import role_of
from posturecam.report.types import RepItem, Report
from posturecam.report.wording import seconds_text, side_letter, value_text
from posturecam.spec.units import tick_text

LEFT, RIGHT, TOP = 46.0, 12.0, 26.0
LEAST_BARS = 2
HEADING_PX, CHARACTER = 12.0, 0.54
"""Size of a chart's heading, and the width of an average character of the page's and the PDF's faces over their size."""


def ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round numbers, two at least, that span ``low`` to ``high`` in roughly ``about`` steps."""
    span = max(high - low, 1e-9)
    raw = span / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= raw - 1e-12)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    return [round(index * step, 10) for index in range(first, last + 1)]


def slots(count: int, width: float) -> tuple[list[float], float]:
    """Centres of ``count`` columns across a chart of that width, and one column's width."""
    each = (width - LEFT - RIGHT) / max(count, 1)
    return [LEFT + each * (index + 0.5) for index in range(count)], each


def _labels_every(count: int, each: float, needed: float) -> int:
    """Label every n-th column so that labels do not touch."""
    return max(1, math.ceil(needed / max(each, 1e-6))) if count else 1


def _grid(levels: Sequence[float], y_of: dict[float, float], width: float, unit: str) -> list[Shape]:
    shapes: list[Shape] = []
    for level in levels:
        y = y_of[level]
        shapes.append(Path(((LEFT, y), (width - RIGHT, y)), "grid"))
        shapes.append(Text(LEFT - 7, y + 4, tick_text(level, unit), "muted", 11.5, "end"))
    return shapes


def _rep_labels(items: Sequence[RepItem], xs: Sequence[float], each: float, y: float) -> list[Shape]:
    side = any(item.side for item in items)
    every = _labels_every(len(items), each, 34 if side else 20)
    return [
        Text(
            x,
            y,
            f"{item.index} {side_letter(item.side)}".strip(),
            "muted",
            11.5,
            "middle",
        )
        for number, (item, x) in enumerate(zip(items, xs, strict=True))
        if number % every == 0
    ]


def range_chart(report: Report, width: float, height: float = 230.0) -> Drawing | None:
    """From rest to the end position of every rep, with the limits that judge the end position.

    None for fewer than two reps: a single bar shows nothing that its number does not say.
    """
    items = report.reps.items
    if len(items) < LEAST_BARS:
        return None
    measure = items[0].range.measure
    summary = report.measures.get(measure)
    unit = summary.unit if summary else "degrees"
    values = [value for item in items for value in (item.range.start, item.range.to)]
    levels = ticks(min(values), max(values))
    bottom = height - 28
    y_of = {level: bottom - (level - levels[0]) / (levels[-1] - levels[0]) * (bottom - TOP) for level in levels}

    def y_at(value: float) -> float:
        return bottom - (value - levels[0]) / (levels[-1] - levels[0]) * (bottom - TOP)

    shapes = _grid(levels, y_of, width, unit)
    xs, each = slots(len(items), width)
    bar = min(14.0, each * 0.5)
    for item, x in zip(items, xs, strict=True):
        role = role_of(item)
        top, low = sorted((y_at(item.range.start), y_at(item.range.to)))
        shapes.append(Rect(x - bar / 2, top, bar, low - top, role, hatched=role in ("fault", "unknown")))
        end = y_at(item.range.to)
        mark = min(6.5, bar * 0.62)
        shapes.append(diamond(x, end, mark * 1.2, role) if role == "fault" else dot(x, end, mark, role))
        if each >= 34:
            below = item.range.to <= item.range.start
            shapes.append(
                Text(
                    x + bar / 2 + 4, end + (0 if below else 8), value_text(item.range.to, unit, short=True), "ink", 11.5
                )
            )
    shapes += _rep_labels(items, xs, each, height - 9)
    label = gettext(summary.label) if summary and summary.label else measure
    heading = gettext("{measure}: rest to end position", measure=label)
    fits = len(heading) * HEADING_PX * CHARACTER <= width - LEFT
    shapes.append(Text(LEFT, 14, heading if fits else label, "muted", HEADING_PX))
    spread = sorted(abs(item.range.to - item.range.start) for item in items)
    least, most = value_text(spread[0], unit), value_text(spread[-1], unit)
    words = gettext("Range of motion per rep, from {least} to {most}.", least=least, most=most)
    return Drawing(width, height, tuple(shapes), words)


def tempo_chart(report: Report, width: float, height: float = 230.0) -> Drawing | None:
    """How long the way there, the end position and the way back took in every rep whose times are known.

    None for fewer than two of them.
    """
    items = [item for item in report.reps.items if item.seconds is not None]
    if len(items) < LEAST_BARS:
        return None
    longest = max(item.seconds or 0.0 for item in items)
    levels = ticks(0.0, max(longest, 0.5))
    bottom = height - 28
    scale = (bottom - TOP) / levels[-1]
    y_of = {level: bottom - level * scale for level in levels}
    shapes = _grid(levels, y_of, width, "seconds")
    xs, each = slots(len(items), width)
    bar = min(26.0, each * 0.64)
    for item, x in zip(items, xs, strict=True):
        y = bottom
        for role, seconds in (("down", item.out_s), ("hold", item.hold_s), ("up", item.return_s)):
            seconds = seconds or 0.0
            y -= seconds * scale
            shapes.append(Rect(x - bar / 2, y, bar, max(seconds * scale - 1.0, 0.0), role, hatched=role == "hold"))
    shapes += _rep_labels(items, xs, each, height - 9)
    shapes += _legend(
        (("down", gettext("there"), False), ("hold", gettext("end position"), True), ("up", gettext("back"), False)),
        LEFT,
        14,
    )
    mean = sum(item.seconds or 0.0 for item in items) / len(items)
    words = gettext("Tempo per rep; a rep took {time} on average.", time=seconds_text(mean))
    return Drawing(width, height, tuple(shapes), words)


def _legend(entries: Sequence[tuple[str, str, bool]], x: float, y: float) -> list[Shape]:
    shapes: list[Shape] = []
    for role, text, hatched in entries:
        shapes.append(Rect(x, y - 10, 12, 12, role, 0 if hatched else 2, hatched))
        shapes.append(Text(x + 17, y, text, "muted", 12))
        x += 17 + 6.6 * len(text) + 18
    return shapes
