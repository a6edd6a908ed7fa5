"""Charts of the history: a column a session, the newest on the right."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from posturecam.language import capital, decimals, gettext
from posturecam.report.charts import LEFT, RIGHT, TOP, ticks
from posturecam.report.dates import short_date
from posturecam.report.drawing import Drawing, Path, Rect, Shape, Text, diamond, dot
from posturecam.report.history import Course, Entry, number_text
from posturecam.report.wording import sessions_counted
from posturecam.spec.units import least_span, tick_text

HEIGHT = 210.0
DATE_WIDTH = 58.0
ROW = 27.0


def shown_entries(course: Course, width: float) -> tuple[Entry, ...]:
    """The newest sessions that fit the chart legibly; the table has them all."""
    return course.entries[-max(2, int((width - LEFT - RIGHT) / 12)) :]


def score_chart(course: Course, width: float) -> Drawing | None:
    """Score of every session, 0 to 100; None when no session has one."""
    return _line(course, width, gettext("of 100 points"), "score", lambda entry: entry.score, (0.0, 100.0))


def range_chart(course: Course, width: float) -> Drawing | None:
    """Mean range of motion of every session; None for holds."""
    return _line(
        course, width, gettext("Range of motion, mean per rep"), course.unit, lambda entry: entry.range_of_motion
    )


def hold_chart(course: Course, width: float) -> Drawing | None:
    """Longest hold and total held time of every session; None for reps."""
    entries = shown_entries(course, width)
    if all(entry.held_s is None for entry in entries):
        return None
    bars = [(entry.longest_s or 0.0, entry.held_s or 0.0) for entry in entries]
    return _bars(entries, width, bars, (gettext("longest hold"), gettext("all holds")), "seconds", gettext("Held time"))


def reps_chart(course: Course, width: float) -> Drawing | None:
    """Good and other reps of every session; None for holds."""
    entries = shown_entries(course, width)
    if all(entry.reps is None for entry in entries):
        return None
    bars = [(float(entry.good or 0), float(entry.reps or 0)) for entry in entries]
    return _bars(entries, width, bars, (gettext("good reps"), gettext("all reps")), "count", gettext("Reps"))


def side_chart(course: Course, width: float) -> Drawing | None:
    """Left minus right of every session; None without two sides."""
    unit = course.entries[-1].side_unit
    title = (
        gettext("Left minus right, held time") if unit == "seconds" else gettext("Left minus right, range of motion")
    )
    least = least_span(unit)
    return _line(course, width, title, unit, lambda entry: entry.side_difference, (-least, least))


def pain_chart(course: Course, width: float) -> Drawing | None:
    """Pain before the exercise in every session, 0 to 10; None when it was never told."""

    def told(entry: Entry) -> float | None:
        return None if entry.pain_before is None else float(entry.pain_before)

    return _line(course, width, gettext("Pain before, 0 to 10"), "count", told, (0.0, 10.0))


def fault_chart(course: Course, width: float) -> Drawing | None:
    """Which faults were to be worked on in which session; the mark's size is the share of reps or time. None without any."""
    entries = shown_entries(course, width)
    names = [name for name, _ in course.fault_counts() if any(name in entry.faults for entry in entries)]
    if not names:
        return None
    xs, each = _columns(len(entries), width)
    height = len(names) * (ROW + 14) + 48
    shapes: list[Shape] = [
        diamond(LEFT + 6, 9, 6, "fault"),
        Text(LEFT + 17, 13, gettext("to work on; size: how often"), "muted", 12),
    ]
    shapes += [dot(LEFT + 196, 9, 3.2, "good"), Text(LEFT + 205, 13, gettext("not brought up"), "muted", 12)]
    for row, name in enumerate(names):
        y = row * (ROW + 14) + 50
        shapes.append(Text(LEFT, y - 18, gettext(name), "ink", 12.5))
        shapes.append(Path(((LEFT, y), (width - RIGHT, y)), "grid"))
        for entry, x in zip(entries, xs, strict=True):
            share = entry.faults.get(name)
            if share is None:
                shapes.append(dot(x, y, 2.2, "unknown") if entry.verdict == "unknown" else dot(x, y, 3.2, "good"))
            else:
                shapes.append(diamond(x, y, min(5 + 6 * math.sqrt(share), max(each * 0.6, 5)), "fault"))
    shapes += _dates(entries, xs, each, height - 6)
    words = "; ".join(
        gettext(
            "{fault} in {count} of {all}",
            fault=gettext(name),
            count=sum(name in entry.faults for entry in entries),
            all=len(entries),
        )
        for name in names
    )
    return Drawing(width, height, tuple(shapes), gettext("Faults by session: {faults}.", faults=words))


def _line(
    course: Course,
    width: float,
    title: str,
    unit: str,
    value_of: Callable[[Entry], float | None],
    span: tuple[float, float] | None = None,
) -> Drawing | None:
    entries = shown_entries(course, width)
    values = [value_of(entry) for entry in entries]
    known = [value for value in values if value is not None]
    if not known:
        return None
    low, high = min(known), max(known)
    if span is not None:
        low, high = min(low, span[0]), max(high, span[1])
    if high - low < 1e-9 or span is None:
        # a flat line in the middle rather than noise blown up to the chart's height
        pad = max(least_span(unit), 0.15 * (high - low))
        low, high = (max(0.0, low - pad) if low >= 0 and span is None else low - pad), high + pad
    levels, y_at = _scale(low, high)
    levels = [level for level in levels if unit != "count" or level == round(level)]
    shapes = _grid(levels, y_at, width, unit)
    xs, each = _columns(len(entries), width)
    for start, end in zip(range(len(values)), range(1, len(values)), strict=False):
        a, b = values[start], values[end]
        if a is not None and b is not None:
            shapes.append(Path(((xs[start], y_at(a)), (xs[end], y_at(b))), "good", 2.2))
    every = max(1, math.ceil(34 / each))
    for number, (x, value) in enumerate(zip(xs, values, strict=True)):
        if value is None:
            shapes.append(
                Text(x, y_at(levels[0]) - 6, gettext("not judged") if each >= 62 else "?", "muted", 11, "middle")
            )
            continue
        shapes.append(dot(x, y_at(value), 4.6, "good"))
        if (len(values) - 1 - number) % every == 0:
            above = y_at(value) - 10 if y_at(value) > TOP + 12 else y_at(value) + 18
            shapes.append(Text(x, above, _short(value, unit), "halo", 11.5, "middle"))
    shapes += _dates(entries, xs, each, HEIGHT - 8)
    shapes.append(Text(LEFT, 13, title, "muted", 12))
    words = gettext(
        "{title}: {first} at first, {last} at last, {sessions}.",
        title=capital(title),
        first=number_text(known[0], unit),
        last=number_text(known[-1], unit),
        sessions=sessions_counted(len(known)),
    )
    return Drawing(width, HEIGHT, tuple(shapes), words)


def _bars(
    entries: Sequence[Entry],
    width: float,
    bars: Sequence[tuple[float, float]],
    names: tuple[str, str],
    unit: str,
    title: str,
) -> Drawing:
    """Two lengths a session: the first inside the second."""
    levels, y_at = _scale(0.0, max(1.0, *(whole for _, whole in bars)))
    if unit == "count":
        levels = [level for level in levels if level == round(level)]
    shapes = _grid(levels, y_at, width, unit)
    xs, each = _columns(len(entries), width)
    bar = min(30.0, each * 0.62)
    bottom = y_at(0.0)
    for x, (part, whole) in zip(xs, bars, strict=True):
        if whole > part:
            shapes.append(Rect(x - bar / 2, y_at(whole), bar, bottom - y_at(whole), "unknown", hatched=True))
        if part > 0:
            shapes.append(Rect(x - bar / 2, y_at(part), bar, bottom - y_at(part), "good"))
        if each >= 26:
            shapes.append(Text(x, y_at(whole) - 5, _short(whole, unit), "ink", 11.5, "middle"))
    shapes += _dates(entries, xs, each, HEIGHT - 8)
    x = LEFT
    for role, name, hatched in (("good", names[0], False), ("unknown", names[1], True)):
        shapes.append(Rect(x, 3, 12, 12, role, 0 if hatched else 2, hatched))
        shapes.append(Text(x + 17, 13, name, "muted", 12))
        x += 17 + 6.6 * len(name) + 18
    part, whole = bars[-1]
    words = gettext(
        "{title} by session; in the last one {part} ({name}) of {whole}.",
        title=title,
        part=_short(part, unit),
        name=names[0],
        whole=_short(whole, unit),
    )
    return Drawing(width, HEIGHT, tuple(shapes), words)


def _scale(low: float, high: float) -> tuple[list[float], Callable[[float], float]]:
    levels = ticks(low, high)
    bottom, top = HEIGHT - 28, TOP + 14
    return levels, lambda value: bottom - (value - levels[0]) / (levels[-1] - levels[0]) * (bottom - top)


def _grid(levels: Sequence[float], y_at: Callable[[float], float], width: float, unit: str) -> list[Shape]:
    shapes: list[Shape] = []
    for level in levels:
        y = y_at(level)
        shapes.append(Path(((LEFT, y), (width - RIGHT, y)), "muted" if level == 0 and levels[0] < 0 else "grid"))
        text = decimals(f"{level:g}") if unit in ("score", "count") else tick_text(level, unit)
        shapes.append(Text(LEFT - 7, y + 4, text, "muted", 11.5, "end"))
    return shapes


def _columns(count: int, width: float) -> tuple[list[float], float]:
    each = min((width - LEFT - RIGHT) / max(count, 1), 120.0)
    return [LEFT + each * (index + 0.5) for index in range(count)], each


def _dates(entries: Sequence[Entry], xs: Sequence[float], each: float, y: float) -> list[Shape]:
    """Days under the columns, counted back from the newest so that it is always named; a day is named once."""
    every = max(1, math.ceil(DATE_WIDTH / each))
    shapes: list[Shape] = []
    shown = ""
    for number in range(len(entries) - 1, -1, -every):
        created = entries[number].created
        text = short_date(created)
        if text != shown:
            shapes.append(Text(xs[number], y, text, "muted", 11.5, "middle"))
        shown = text
    return shapes


def _short(value: float, unit: str) -> str:
    if unit in ("score", "count"):
        return f"{value:.0f}"
    return f"{value:.0f} s" if unit == "seconds" else number_text(value, unit)
