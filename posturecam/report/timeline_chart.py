"""The timeline as a drawing: the counted measure's curve, reps and holds as bands, and a lane for each check with findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posturecam.language import capital, decimals, gettext, retold
from posturecam.report.charts import ticks
from posturecam.report.drawing import Drawing, Group, Path, Point, Rect, Shape, Text, diamond, dot
from posturecam.report.presentation import ItemRow, present, role_of
from posturecam.report.summary import summary_text
from posturecam.report.types import FaultMark, HoldItem, RepItem, Report, Stretch
from posturecam.report.wording import clock_text, fault_words, seconds_text, side_letter, span_text
from posturecam.spec.units import tick_text

LEFT, RIGHT = 46.0, 12.0
BAND_H, CURVE_H, LANE_H, AXIS_H = 26.0, 130.0, 34.0, 26.0
MAX_LANES = 8
STAGES_AWAY = ("nobody", "framing", "set_up", "paused")


@dataclass(frozen=True)
class _Axis:
    """Time to x."""

    end_s: float
    width: float

    def x(self, t_s: float) -> float:
        """The x of a moment."""
        return LEFT + max(0.0, min(t_s, self.end_s)) / self.end_s * (self.width - LEFT - RIGHT)


def timeline_chart(report: Report, width: float) -> Drawing:
    """Draw the timeline; its groups carry ``data-start`` (s), ``data-kind`` and ``data-tip`` for the page's script."""
    axis = _Axis(max(report.source.duration_s or 0.0, *_ends(report), 0.1), width)
    curve_top = BAND_H + 12
    lanes_top = curve_top + (CURVE_H + 12 if report.timeline.curve else 0)
    lanes = _lanes(report)
    bottom = lanes_top + LANE_H * len(lanes)
    shapes: list[Shape] = _away(report, axis, bottom)
    shapes += _time_grid(axis, bottom)
    shapes += _bands(report, axis, curve_top + CURVE_H if report.timeline.curve else BAND_H + 6)
    if report.timeline.curve:
        shapes += _curve(report, axis, curve_top)
    for number, (check, stretches) in enumerate(lanes):
        shapes += _lane(report, axis, lanes_top + LANE_H * number, check, stretches)
    words = gettext("Timeline of {time}: {summary}", time=seconds_text(axis.end_s), summary=summary_text(report))
    return Drawing(width, bottom + AXIS_H, tuple(shapes), words)


def _away(report: Report, axis: _Axis, bottom: float) -> list[Shape]:
    """Pale columns over the time in which the person was not in position, where nothing counts."""
    if not any(phase.what not in STAGES_AWAY for phase in report.timeline.phases):
        return []
    return [
        Rect(
            axis.x(phase.start_s), BAND_H + 4, axis.x(phase.end_s) - axis.x(phase.start_s), bottom - BAND_H, "band-away"
        )
        for phase in report.timeline.phases
        if phase.what in STAGES_AWAY
    ]


def _ends(report: Report) -> list[float]:
    ends = [item.end_s for _, item, _ in _judged(report)] + [attempt.end_s for attempt in report.reps.attempts]
    return [*ends, *(phase.end_s for phase in report.timeline.phases[-1:])]


def _time_grid(axis: _Axis, bottom: float) -> list[Shape]:
    shapes: list[Shape] = []
    about = max(3, min(12, int(axis.width / 90)))
    for moment in ticks(0.0, axis.end_s, about):
        if moment > axis.end_s:
            continue
        x = axis.x(moment)
        shapes.append(Path(((x, BAND_H + 4), (x, bottom + 4)), "grid"))
        text = decimals(f"{moment:g} s") if axis.end_s < 90 else clock_text(moment)[:-2]
        shapes.append(Text(x, bottom + 19, text, "muted", 11.5, "middle"))
    return shapes


def _bands(report: Report, axis: _Axis, bottom: float) -> list[Shape]:
    """Reps, holds and attempts: a chip on top and a pale column down to the curve's foot."""
    shapes: list[Shape] = []
    rows = {row.number: row for row in present(report).rows}
    for item in report.reps.items:
        text = f"{item.index} {side_letter(item.side)}".strip()
        shapes.append(_chip(axis, item, text, role_of(item), bottom, rep_tip(rows[item.index]), "rep", item.index))
    for number, hold in enumerate(report.holds.items, 1):
        role = role_of(hold)
        text = seconds_text(hold.duration_s)
        shapes.append(_chip(axis, hold, text, role, bottom, hold_tip(rows[number]), "hold", number))
    for number, attempt in enumerate(report.reps.attempts, 1):
        x0, x1 = axis.x(attempt.start_s), axis.x(attempt.end_s)
        box = Path(
            ((x0, 4), (max(x1, x0 + 6), 4), (max(x1, x0 + 6), BAND_H - 4), (x0, BAND_H - 4), (x0, 4)), "muted", 1.4, 3
        )
        moment = clock_text(attempt.start_s)
        tip = gettext("Not counted, {moment}: {reason}", moment=moment, reason=retold(attempt.reason))
        shapes.append(Group((box,), tip, _data(attempt.start_s, "attempt", number, tip)))
    return shapes


def _data(start_s: float, kind: str, number: int, tip: str) -> dict[str, str]:
    return {"start": f"{start_s:.2f}", "kind": kind, "number": str(number), "tip": tip}


def _chip(
    axis: _Axis, item: RepItem | HoldItem, text: str, role: str, bottom: float, tip: str, kind: str, number: int
) -> Group:
    x0, x1 = axis.x(item.start_s), axis.x(item.end_s)
    width = max(x1 - x0 - 2, 3.0)
    parts: list[Shape] = [Rect(x0 + 1, BAND_H, width, bottom - BAND_H, f"band-{role}")]
    parts.append(Rect(x0 + 1, 0, width, BAND_H, role, 4, hatched=role == "unknown"))
    if role == "fault":
        # the notch under the chip tells a faulty rep apart without colour
        middle = x0 + 1 + width / 2
        parts.append(Path(((middle - 5, BAND_H), (middle + 5, BAND_H), (middle, BAND_H + 7)), role, closed=True))
    if width >= 7.4 * len(text) + 4:
        parts.append(
            Text(
                x0 + 1 + width / 2,
                BAND_H / 2 + 4.5,
                text,
                "on-unknown" if role == "unknown" else "on-fill",
                12.5,
                "middle",
                True,
            )
        )
    return Group(tuple(parts), tip.replace("\n", ". "), _data(item.start_s, kind, number, tip))


def _curve(report: Report, axis: _Axis, top: float) -> list[Shape]:
    curve = report.timeline.curve
    assert curve is not None
    seen = [value for value in curve.values if value is not None]
    levels = ticks(min(seen), max(seen), 3)
    scale = (CURVE_H - 8) / (levels[-1] - levels[0])

    def y(value: float) -> float:
        return top + CURVE_H - (value - levels[0]) * scale

    shapes: list[Shape] = []
    for level in levels:
        shapes.append(Path(((LEFT, y(level)), (axis.width - RIGHT, y(level))), "grid"))
        shapes.append(Text(LEFT - 7, y(level) + 4, tick_text(level, curve.unit), "muted", 11.5, "end"))
    run: list[Point] = []
    for t_s, value in [*zip(curve.t_s, curve.values, strict=True), (0.0, None)]:
        if value is not None:
            run.append((axis.x(t_s), y(value)))
            continue
        if len(run) > 1:
            shapes.append(Path(tuple(run), "curve", 1.8))
        run = []
    shapes.append(Text(LEFT + 4, top + 10, gettext(curve.label), "halo", 12))
    return shapes


def _lanes(report: Report) -> list[tuple[str, list[Stretch]]]:
    """Checks worth a lane: those with findings, faults first; the longest first."""

    def weight(entry: tuple[str, list[Stretch]]) -> tuple[float, float]:
        totals = {"fault": 0.0, "unknown": 0.0}
        for stretch in entry[1]:
            totals[stretch.what] += stretch.end_s - stretch.start_s
        return -totals["fault"], -totals["unknown"]

    # a moment's fault that made no rep or hold faulty is not a finding: it would only contradict the table
    found = {fault.id for fault in report.faults} | {mark.id for _, item, _ in _judged(report) for mark in item.faults}
    known = report.timeline.checks
    lanes = [
        (check, [stretch for stretch in known.get(check, []) if check in found or stretch.what == "unknown"])
        for check in (info.id for info in report.checks)
    ]
    shown = [(check, stretches) for check, stretches in lanes if stretches or check in found]
    return sorted(shown, key=lambda entry: (entry[0] not in found, *weight(entry)))[:MAX_LANES]


def _lane(report: Report, axis: _Axis, top: float, check: str, stretches: Sequence[Stretch]) -> list[Shape]:
    middle = top + 24
    shapes: list[Shape] = [Path(((LEFT, middle), (axis.width - RIGHT, middle)), "grid")]
    severity = next((info.severity for info in report.checks if info.id == check), "major")
    role = "fault" if severity == "major" else "minor"
    for stretch in stretches:
        x0, x1 = axis.x(stretch.start_s), axis.x(stretch.end_s)
        fault = stretch.what == "fault"
        height = 9.0 if fault else 5.0
        shapes.append(
            Rect(
                x0,
                middle - height / 2,
                max(x1 - x0, 2.0),
                height,
                role if fault else "unknown",
                2 if fault else 0,
                not fault,
            )
        )
    for number, item, kind in _judged(report):
        for mark in item.faults:
            if mark.id == check and mark.at_s is not None:
                tip = f"{clock_text(mark.at_s)} {_fault_line(report, mark)}"
                # jump a little ahead of the worst moment, so that it is seen coming
                data = _data(max(0.0, mark.at_s - 0.7), kind, number, tip)
                x = axis.x(mark.at_s)
                worst = diamond(x, middle, 7.5, role) if role == "fault" else dot(x, middle, 5.5, role)
                shapes.append(Group((worst,), tip, data))
    shapes.append(Text(LEFT + 4, top + 12, report.check_name(check), "halo", 12))
    return shapes


def _judged(report: Report) -> list[tuple[int, RepItem | HoldItem, str]]:
    reps: list[tuple[int, RepItem | HoldItem, str]] = [(item.index, item, "rep") for item in report.reps.items]
    return reps + [(number, item, "hold") for number, item in enumerate(report.holds.items, 1)]


def _fault_line(report: Report, mark: FaultMark) -> str:
    words = fault_words(report, mark)
    return f"{words.name}: {words.measured}" if words.measured else words.name


def rep_tip(row: ItemRow) -> str:
    """A rep's numbers, a line each."""
    name = gettext("Rep {name} at {moment}", name=_name(row), moment=row.at)
    lines = [
        f"{name}{_score(row)}",
        gettext("Range {span}", span=span_text(*row.movement.split(" → "))),
        gettext("There, end, back: {times}", times=row.time),
    ]
    return "\n".join(lines + _finding_lines(row))


def hold_tip(row: ItemRow) -> str:
    """A hold's numbers, a line each."""
    name = gettext("Hold {name} at {moment}", name=_name(row), moment=row.at)
    return "\n".join([f"{name}: {row.movement}{_score(row)}", *_finding_lines(row)])


def _name(row: ItemRow) -> str:
    return f"{row.number}{f', {row.side}' if row.side else ''}"


def _score(row: ItemRow) -> str:
    return "" if row.score is None else gettext(", score {score}", score=row.score_text)


def _finding_lines(row: ItemRow) -> list[str]:
    lines = [f"{one.name}{': ' if one.measured else ''}{one.measured}" for one in row.findings]
    return lines or [capital(row.status)]
