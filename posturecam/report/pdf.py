"""The report as PDF, for printing and for the patient's file: same content as the page, charts as vectors."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Literal

from fpdf.enums import MethodReturnValue
from PIL import Image

from posturecam.language import capital, current, gettext, inside
from posturecam.report.charts import range_chart, tempo_chart
from posturecam.report.drawing import Drawing
from posturecam.report.gallery import Picture, best_of_fault, pictures
from posturecam.report.html import Thumbnails
from posturecam.report.pdf_canvas import COLOURS, MARGIN, PX_MM, Page, printable
from posturecam.report.presentation import (
    ACCURACY,
    ItemRow,
    Line,
    Presentation,
    basename,
    limits_head,
    present,
    severity_word,
)
from posturecam.report.timeline_chart import timeline_chart
from posturecam.report.types import Report
from posturecam.report.wording import DASH, listed, quoted, score_number

Paper = Literal["A4", "Letter"]
MAX_PICTURES = 6
ROW = 5.2
GAP = 6.0
SMALLEST = 5.5
"""Points that a figure's words may shrink to where they are long."""
PICTURE_W, PICTURE_H = 84.0, 66.0
"""The worst moment of a fault: half the page's width, in which a joint can be made out."""


def render_pdf(report: Report, *, thumbnails: Thumbnails | None = None, paper: Paper = "A4") -> bytes:
    """The PDF's bytes on ``paper``; ``thumbnails`` as for the page. The same report gives the same file."""
    page = Page(paper, f"{report.title()} {DASH} {basename(report.source.path)}")
    _metadata(page, report)
    page.add_page()
    given = thumbnails or {}
    shown = pictures(report, given, MAX_PICTURES + len(report.faults))
    leading = {fault.id: best_of_fault(report, fault, [picture.key for picture in shown]) for fault in report.faults}
    by_key = {picture.key: picture for picture in shown}
    text = present(report)
    _head(page, text)
    _summary(page, report, text)
    _faults(page, text, given, {check: by_key[key] for check, key in leading.items() if key})
    _timeline(page, report)
    _charts(page, report)
    _table(page, text)
    _sides(page, text)
    _gallery(page, [picture for picture in shown if picture.key not in leading.values()][:MAX_PICTURES], given)
    _lists(page, text)
    _care(page, text)
    _measured(page, text)
    return bytes(page.output())


def _metadata(page: Page, report: Report) -> None:
    page.set_title(printable(gettext("{title}: form report", title=report.title())))
    page.set_creator(report.provenance.program)
    page.set_lang(current())
    try:
        page.set_creation_date(datetime.fromisoformat(report.created))
    except ValueError:
        page.set_creation_date(datetime(1970, 1, 1))


def _head(page: Page, text: Presentation) -> None:
    page.write_style(8.5, "good", bold=True)
    page.cell(0, 4.5, gettext("posturecam form report"), new_x="LMARGIN", new_y="NEXT")
    page.paragraph(text.title, 20, bold=True)
    page.paragraph("  ·  ".join(text.about), 9, "muted")
    page.ln(3)


def _summary(page: Page, report: Report, shown: Presentation) -> None:
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
    _centred(page, "?" if report.score is None else score_number(report.score), x, y + 1.6, 20, "ink", bold=True)
    _centred(
        page,
        gettext("no score") if report.score is None else gettext("of {number}", number=100),
        x,
        y + 5.4,
        7,
        "muted",
    )
    left = page.l_margin + 2 * radius + 7
    page.set_xy(left, top + 1.5)
    page.paragraph(shown.verdict, 9, role, bold=True, x=left)
    page.paragraph(shown.summary, 13, bold=True, x=left)
    page.set_y(max(page.get_y(), top + 2 * radius) + 3)
    width = page.epw / len(shown.figures)
    top = page.get_y()
    for number, figure in enumerate(shown.figures):
        x = page.l_margin + number * width
        for offset, text, size, colour, bold in (
            (3.0, figure.label, 7.5, "muted", False),
            (8.4, figure.number, 13.0, "ink", True),
            (12.2, figure.remark, 7.0, "muted", False),
        ):
            page.write_style(size, colour, bold=bold)
            while page.get_string_width(text) > width - 1.5 and size > SMALLEST:
                size -= 0.5
                page.write_style(size, colour, bold=bold)
            page.text(x, top + offset, printable(text))
    page.set_y(top + 14)


def _centred(page: Page, text: str, x: float, y: float, size: float, role: str, *, bold: bool = False) -> None:
    page.write_style(size, role, bold=bold)
    page.text(x - page.get_string_width(text) / 2, y, text)


def _image(page: Page, jpeg: bytes, x: float, y: float, width: float, height: float) -> float:
    """Place a picture inside the box, keeping its shape, in the box's upper left corner; returns its height."""
    with Image.open(io.BytesIO(jpeg)) as image:
        scale = min(width / image.width, height / image.height)
        wide, tall = float(image.width * scale), float(image.height * scale)
    page.image(io.BytesIO(jpeg), x=x, y=y, w=wide, h=tall)
    return tall


def _faults(page: Page, text: Presentation, given: Thumbnails, leading: dict[str, Picture]) -> None:
    if not text.faults:
        return
    page.heading(gettext("What to work on"), PICTURE_H + 8 if text.faults[0].id in leading else 26)
    for card in text.faults:
        picture = leading.get(card.id)
        page.need(PICTURE_H + 8 if picture else 26)
        top, left = page.get_y(), page.l_margin
        picture_bottom = top
        if picture:
            tall = _image(page, given[picture.key], left, top, PICTURE_W, PICTURE_H)
            page.set_xy(left, top + tall + 1)
            page.paragraph(f"{picture.where}: {picture.words}", 8, "muted", width=PICTURE_W)
            picture_bottom = page.get_y()
            left += PICTURE_W + GAP
        role = "fault" if card.severity == "major" else "minor"
        page.set_y(top)
        page.paragraph(f"{card.name}  ({severity_word(card.severity)})", 11, role, bold=True, x=left + 3)
        page.paragraph(card.where, 8.5, "muted", x=left + 3)
        page.paragraph(quoted(card.cue), 11, "good", bold=True, x=left + 3)
        if card.advice:
            page.paragraph(card.advice, 9.5, x=left + 3)
        page.set_fill_color(*COLOURS[role])
        page.rect(left, top, 1.1, page.get_y() - top, "F")
        page.set_y(max(page.get_y(), picture_bottom) + 3)


def _timeline(page: Page, report: Report) -> None:
    drawing = timeline_chart(report, page.epw / PX_MM)
    page.heading(gettext("Timeline"), drawing.height * PX_MM + 6)
    top = page.get_y() + 1
    height = page.draw(drawing, page.l_margin, top, page.epw)
    page.set_y(top + height + 1)
    page.paragraph(
        gettext("Teal: good. Amber: minor fault. Orange with a notch: major fault. Striped: could not be judged."),
        7.5,
        "muted",
    )


def _charts(page: Page, report: Report) -> None:
    width = (page.epw - GAP) / 2
    charts: list[tuple[str, Drawing | None]] = [
        (gettext("Range of motion"), range_chart(report, width / PX_MM, 190)),
        (gettext("Tempo"), tempo_chart(report, width / PX_MM, 190)),
    ]
    drawn = [(name, drawing) for name, drawing in charts if drawing is not None]
    if not drawn:
        return
    page.heading(capital(listed([drawn[0][0], *(inside(name) for name, _ in drawn[1:])])), 55)
    top = page.get_y()
    for number, (_, drawing) in enumerate(drawn):
        page.draw(drawing, page.l_margin + number * (width + GAP), top, width)
    page.set_y(top + 190 * PX_MM + 2)


def _table(page: Page, text: Presentation) -> None:
    if not text.rows:
        return
    page.heading(text.rows_title, 18)
    page.write_style(8, bold=True)
    # at least as wide as the words in them, which are longer in some languages
    names = max((page.get_string_width(row.name) for row in text.rows), default=0.0)
    least = zip((max(17.0, names + 2.5), 16.0, 27.0, 33.0, 13.0), text.head, strict=False)
    widths = tuple(max(width, page.get_string_width(head) + 2.5) for width, head in least)
    _row(page, text.head, widths, None)
    for row in text.rows:
        cells = (row.name, row.at, row.movement, row.time, row.score_text, _findings(row))
        _row(page, cells, widths, row.role)


def _findings(row: ItemRow) -> str:
    parts = [", ".join(filter(None, [f"{one.name} {one.measured}".rstrip(), one.plain])) for one in row.findings]
    return "; ".join(parts) or row.status


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


def _sides(page: Page, text: Presentation) -> None:
    rows = text.sides
    if not rows:
        return
    page.heading(gettext("Left against right"), 8 * len(rows))
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
    height = 52.0
    page.heading(gettext("Worst moments"), height + 12)
    columns = 3 if len(shown) > 2 else 2
    width = (page.epw - (columns - 1) * GAP) / columns
    for first in range(0, len(shown), columns):
        page.need(height + 12)
        top = bottom = page.get_y()
        for column, picture in enumerate(shown[first : first + columns]):
            x = page.l_margin + column * (width + GAP)
            tall = _image(page, given[picture.key], x, top, width, height)
            page.set_xy(x, top + tall + 1)
            page.paragraph(f"{picture.name}. {picture.where}: {picture.words}", 8, "muted", width=width, x=x)
            bottom = max(bottom, page.get_y())
        page.set_y(bottom + 4)


def _bullets(page: Page, lines: list[str]) -> None:
    for line in lines:
        page.need(6)
        page.write_style(9.5)
        page.text(page.l_margin, page.get_y() + 3.6, "•")
        page.paragraph(line, 9.5, x=page.l_margin + 4)
        page.ln(0.8)


def _lists(page: Page, text: Presentation) -> None:
    if text.not_counted:
        page.heading(text.not_counted_title)
        _bullets(page, [_line(line) for line in text.not_counted])
    lines = [*text.problems, *(_line(line) for line in text.doubts)]
    if lines:
        page.heading(gettext("What could not be judged"))
        _bullets(page, lines)


def _line(line: Line) -> str:
    return f"{line.lead}: {line.text}"


def _care(page: Page, text: Presentation) -> None:
    page.heading(gettext("Take care"), 30)
    _bullets(page, list(text.red_flags))
    page.paragraph(text.disclaimer, 8.5, "muted")


def _measured(page: Page, text: Presentation) -> None:
    page.heading(gettext("How this was measured"), 20)
    widths = (62.0, 55.0)
    _row(page, limits_head(), widths, None)
    for limit in text.limits:
        _row(page, limit, widths, "unknown")
    page.need(17)
    page.ln(2)
    page.paragraph(gettext(ACCURACY), 8, "muted")
    page.paragraph(" · ".join(_line(line) for line in text.made), 8, "muted", width=page.w - 2 * MARGIN)
