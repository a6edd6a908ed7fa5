"""The report as PDF, for printing and for the patient's file: same content as the page, charts as vectors."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Literal

from fpdf.enums import MethodReturnValue

from posturecam.report.symmetry import side_rows
from posturecam.report.charts import range_chart, rep_role, tempo_chart
from posturecam.report.drawing import Drawing
from posturecam.report.gallery import Picture, best_of_fault, pictures
from posturecam.report.html import VERDICT_WORDS, Thumbnails, basename, day_text, key_figures
from posturecam.report.pdf_canvas import COLOURS, MARGIN, PALE, PX_MM, Page, printable
from posturecam.report.timeline_chart import timeline_chart
from posturecam.report.types import Fault, HoldItem, RepItem, Report
from posturecam.report.wording import (
    DASH,
    clock_text,
    fault_words,
    limit_text,
    percent_text,
    problem_lines,
    reps_text,
    seconds_text,
    tempo_text,
    value_text,
)

Paper = Literal["A4", "Letter"]
MAX_PICTURES = 6
ROW = 5.2
GAP = 6.0


def render_pdf(report: Report, *, thumbnails: Thumbnails | None = None, paper: Paper = "A4") -> bytes:
    """The PDF's bytes on ``paper``; ``thumbnails`` as for the page. The same report gives the same file."""
    page = Page(paper, f"{report.title()} {DASH} {basename(report.source.path)}")
    _metadata(page, report)
    page.add_page()
    given = thumbnails or {}
    shown = pictures(report, given, MAX_PICTURES + len(report.faults))
    leading = {fault.id: best_of_fault(report, fault, [picture.key for picture in shown]) for fault in report.faults}
    by_key = {picture.key: picture for picture in shown}
    _head(page, report)
    _summary(page, report)
    _faults(page, report, given, {check: by_key[key] for check, key in leading.items() if key})
    _timeline(page, report)
    _charts(page, report)
    _table(page, report)
    _sides(page, report)
    _gallery(page, [picture for picture in shown if picture.key not in leading.values()][:MAX_PICTURES], given)
    _lists(page, report)
    _care(page, report)
    _measured(page, report)
    return bytes(page.output())


def _metadata(page: Page, report: Report) -> None:
    page.set_title(printable(f"{report.title()}: form report"))
    page.set_creator(report.provenance.program)
    page.set_lang("en")
    try:
        page.set_creation_date(datetime.fromisoformat(report.created))
    except ValueError:
        page.set_creation_date(datetime(1970, 1, 1))


def _head(page: Page, report: Report) -> None:
    page.write_style(8.5, "good", bold=True)
    page.cell(0, 4.5, "posturecam form report", new_x="LMARGIN", new_y="NEXT")
    page.paragraph(report.title(), 20, bold=True)
    about = [report.person or "", day_text(report.created), basename(report.source.path)]
    if report.source.duration_s and not report.source.is_still:
        about.append(seconds_text(report.source.duration_s))
    if report.interrupted:
        about.append("ended early")
    page.paragraph("  ·  ".join(part for part in about if part), 9, "muted")
    page.ln(3)


def _summary(page: Page, report: Report) -> None:
    role = {"ok": "good", "faults": "fault", "unknown": "unknown"}[report.verdict]
    top, radius = page.get_y(), 13.0
    x, y = page.l_margin + radius, top + radius
    page.set_line_width(2.6)
    page.set_draw_color(*COLOURS["grid"])
    page.circle(x, y, radius - 1.3)
    if report.score:
        page.set_draw_color(*COLOURS[role])
        page.arc(
            x - radius + 1.3, y - radius + 1.3, 2 * (radius - 1.3), start_angle=90 - 3.6 * report.score, end_angle=90
        )
    _centred(page, "?" if report.score is None else f"{report.score:.0f}", x, y + 1.6, 20, "ink", bold=True)
    _centred(page, "no score" if report.score is None else "of 100", x, y + 5.4, 7, "muted")
    left = page.l_margin + 2 * radius + 7
    page.set_xy(left, top + 1.5)
    page.paragraph(VERDICT_WORDS[report.verdict], 9, role, bold=True, x=left)
    page.paragraph(report.summary, 13, bold=True, x=left)
    page.set_y(max(page.get_y(), top + 2 * radius) + 3)
    figures = key_figures(report)
    width = page.epw / len(figures)
    top = page.get_y()
    for number, (label, value, remark) in enumerate(figures):
        x = page.l_margin + number * width
        for offset, text, size, colour, bold in (
            (3.0, label, 7.5, "muted", False),
            (8.4, value, 13.0, "ink", True),
            (12.2, remark, 7.0, "muted", False),
        ):
            page.write_style(size, colour, bold=bold)
            page.text(x, top + offset, printable(text))
    page.set_y(top + 14)


def _centred(page: Page, text: str, x: float, y: float, size: float, role: str, *, bold: bool = False) -> None:
    page.write_style(size, role, bold=bold)
    page.text(x - page.get_string_width(text) / 2, y, text)


def _where(report: Report, fault: Fault) -> str:
    if report.kind == "reps" and fault.reps:
        return f"In {reps_text(fault.reps)}: {percent_text(fault.share)} of the reps"
    if fault.seconds:
        return f"For {seconds_text(fault.seconds)}: {percent_text(fault.share)} of the held time"
    return "In this picture"


def _image(page: Page, jpeg: bytes, x: float, y: float, width: float, height: float) -> None:
    """Place a picture inside the box, keeping its shape."""
    page.image(io.BytesIO(jpeg), x=x, y=y, w=width, h=height, keep_aspect_ratio=True)


def _faults(page: Page, report: Report, given: Thumbnails, leading: dict[str, Picture]) -> None:
    if not report.faults:
        return
    page.heading("What to work on", 42)
    for fault in report.faults:
        picture = leading.get(fault.id)
        page.need(42 if picture else 26)
        top, left = page.get_y(), page.l_margin
        picture_bottom = top
        if picture:
            _image(page, given[picture.key], left, top, 58, 36)
            page.set_xy(left, top + 37)
            page.paragraph(f"{picture.where}: {picture.measured}", 7, "muted", width=60)
            picture_bottom = page.get_y()
            left += 64
        role = "fault" if fault.severity == "major" else "minor"
        page.set_y(top)
        page.paragraph(f"{fault.name}  ({fault.severity})", 11, role, bold=True, x=left + 3)
        page.paragraph(_where(report, fault), 8.5, "muted", x=left + 3)
        page.paragraph(f"“{fault.cue}”", 11, "good", bold=True, x=left + 3)
        if fault.advice:
            page.paragraph(fault.advice, 9.5, x=left + 3)
        page.set_fill_color(*COLOURS[role])
        page.rect(left, top, 1.1, page.get_y() - top, "F")
        page.set_y(max(page.get_y(), picture_bottom) + 3)


def _timeline(page: Page, report: Report) -> None:
    drawing = timeline_chart(report, page.epw / PX_MM)
    page.heading("Timeline", drawing.height * PX_MM + 6)
    top = page.get_y() + 1
    height = page.draw(drawing, page.l_margin, top, page.epw)
    page.set_y(top + height + 1)
    page.paragraph(
        "Teal: good. Amber: minor fault. Orange with a notch: major fault. Striped: could not be judged.", 7.5, "muted"
    )


def _charts(page: Page, report: Report) -> None:
    width = (page.epw - GAP) / 2
    charts: list[tuple[str, Drawing | None]] = [
        ("Range of motion", range_chart(report, width / PX_MM, 190)),
        ("Tempo", tempo_chart(report, width / PX_MM, 190)),
    ]
    if any(drawing is None for _, drawing in charts):
        return
    page.heading("Range of motion and tempo", 55)
    top = page.get_y()
    for number, (_, drawing) in enumerate(charts):
        assert drawing is not None
        page.draw(drawing, page.l_margin + number * (width + GAP), top, width)
    page.set_y(top + 190 * PX_MM + 2)


def _table(page: Page, report: Report) -> None:
    reps = report.kind == "reps"
    items: list[tuple[int, RepItem | HoldItem]] = [(item.index, item) for item in report.reps.items]
    if not reps:
        items = list(enumerate(report.holds.items, 1))
    if not items:
        return
    page.heading("Every rep" if reps else "Every hold", 18)
    head = (
        ("Rep", "At", "Range", "There · end · back", "Score", "Findings")
        if reps
        else ("Hold", "At", "Held", "", "Score", "Findings")
    )
    widths = (17.0, 16.0, 27.0, 33.0, 13.0)
    _row(page, head, widths, None)
    for number, item in items:
        cells = (
            f"{number} {item.side or ''}".strip(),
            clock_text(item.start_s),
            *_movement(report, item),
            DASH if item.score is None else f"{item.score:.0f}",
            _findings(report, item),
        )
        _row(page, cells, widths, rep_role(item) if isinstance(item, RepItem) else "good" if item.good else "fault")


def _movement(report: Report, item: RepItem | HoldItem) -> tuple[str, str]:
    if isinstance(item, HoldItem):
        return seconds_text(item.duration_s), ""
    summary = report.measures.get(item.range.measure)
    unit = summary.unit if summary else "degrees"
    span = f"{value_text(item.range.start, unit, short=True)} → {value_text(item.range.to, unit, short=True)}"
    return span, tempo_text(item)


def _findings(report: Report, item: RepItem | HoldItem) -> str:
    words = [fault_words(report, mark) for mark in item.faults]
    found = "; ".join(f"{word.name} {word.measured}".rstrip() for word in words)
    return found or ("could not be judged" if item.good is None else "no faults")


def _row(page: Page, cells: tuple[str, ...], widths: tuple[float, ...], role: str | None) -> None:
    """One row of the table; without a ``role`` it is the head. The last column takes the rest and wraps."""
    rest = page.epw - sum(widths)
    page.write_style(8, bold=role is None)
    taken = page.multi_cell(rest, 4, printable(cells[-1]), dry_run=True, output=MethodReturnValue.HEIGHT)
    assert isinstance(taken, float | int)
    height = max(ROW, taken + 1.2)
    page.need(height)
    top, x = page.get_y(), page.l_margin
    if role is not None:
        page.set_fill_color(*COLOURS[role])
        page.rect(x - 2.2, top + 0.8, 1.2, height - 1.6, "F")
    for text, width in zip(cells, widths, strict=False):
        page.write_style(8, "muted" if role is None else "ink", bold=role is None)
        page.text(x, top + 3.7, printable(text))
        x += width
    page.set_xy(x, top + 0.6)
    page.write_style(8, "muted" if role is None else "ink", bold=role is None)
    page.multi_cell(rest, 4, printable(cells[-1]), align="L")
    page.set_draw_color(*COLOURS["grid"])
    page.set_line_width(0.2)
    page.line(page.l_margin, top + height, page.w - page.r_margin, top + height)
    page.set_xy(page.l_margin, top + height)


def _sides(page: Page, report: Report) -> None:
    rows = side_rows(report)
    if not rows:
        return
    page.heading("Left against right", 8 * len(rows))
    middle, half = page.l_margin + page.epw / 2, 45.0
    for row in rows:
        y = page.get_y()
        _centred(page, row.label, middle, y + 4, 8.5, "muted")
        page.write_style(9, bold=True)
        page.text(middle - 20 - page.get_string_width(row.left), y + 4, row.left)
        page.text(middle + 20, y + 4, row.right)
        page.set_fill_color(*COLOURS["good"])
        page.rect(middle - 38 - half * row.left_share, y + 1.4, max(half * row.left_share, 0.1), 3, "F")
        page.rect(middle + 38, y + 1.4, max(half * row.right_share, 0.1), 3, "F")
        page.set_y(y + 6.5)


def _gallery(page: Page, shown: list[Picture], given: Thumbnails) -> None:
    if not shown:
        return
    page.heading("Worst moments", 46)
    width = (page.epw - 2 * GAP) / 3
    for first in range(0, len(shown), 3):
        page.need(46)
        top = page.get_y()
        for column, picture in enumerate(shown[first : first + 3]):
            x = page.l_margin + column * (width + GAP)
            _image(page, given[picture.key], x, top, width, 34)
            page.set_xy(x, top + 35)
            page.paragraph(f"{picture.name}. {picture.where}: {picture.measured}", 7, "muted", width=width, x=x)
        page.set_y(top + 45)


def _bullets(page: Page, lines: list[str]) -> None:
    for line in lines:
        page.need(6)
        page.write_style(9.5)
        page.text(page.l_margin, page.get_y() + 3.6, "•")
        page.paragraph(line, 9.5, x=page.l_margin + 4)
        page.ln(0.8)


def _lists(page: Page, report: Report) -> None:
    if report.reps.attempts:
        page.heading(f"{'Movements' if report.kind == 'reps' else 'Holds'} that were not counted")
        _bullets(page, [f"{clock_text(attempt.start_s)}: {attempt.reason}" for attempt in report.reps.attempts])
    lines = problem_lines(report)
    lines += [
        f"{item.name or report.check_name(item.id)}: {item.reason} ({percent_text(item.share)})"
        for item in report.unknown
    ]
    if lines:
        page.heading("What could not be judged")
        _bullets(page, lines)


def _care(page: Page, report: Report) -> None:
    page.heading("Take care", 30)
    _bullets(page, report.red_flags)
    page.paragraph(report.disclaimer, 8.5, "muted")


def _measured(page: Page, report: Report) -> None:
    page.heading("How this was measured", 20)
    widths = (62.0, 55.0)
    _row(page, ("Check", "Right", "Wrong"), widths, None)
    for check in report.checks:
        page.set_fill_color(*PALE["unknown"])
        _row(
            page, (check.name, limit_text(check.ok, check.unit), limit_text(check.fault, check.unit)), widths, "unknown"
        )
    made = report.provenance
    about = [
        f"{made.program}, Python {made.python}",
        ", ".join(f"{name} {version}" for name, version in made.packages.items()),
        f"Pose model {made.model} {(made.model_digest or '')[:16]}".rstrip() if made.model else "",
        f"Exercise {report.exercise} {report.variant or ''} {(made.spec_digest or '')[:16]}".rstrip(),
        f"{report.source.width} × {report.source.height}, {report.source.frames} frames, {report.tracking.view} view",
    ]
    page.need(17)
    page.ln(2)
    page.paragraph(
        "Angles come from one camera and carry an error of about 5 to 7 degrees; lengths are in per cent of the torso.",
        8,
        "muted",
    )
    page.paragraph(" · ".join(part for part in about if part), 8, "muted", width=page.w - 2 * MARGIN)
