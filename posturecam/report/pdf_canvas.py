"""A PDF page to draw on: embedded fonts, the report's colours, and its drawings as vectors.

fpdf2 was chosen because it is pure Python, maintained, needs no system package, embeds fonts in subsets and draws vectors
directly. Printing through a browser would need one on every machine. Lengths are millimetres.
"""

from __future__ import annotations

import importlib.util
import logging
from functools import lru_cache
from pathlib import Path as FilePath

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fpdf import FPDF
from fpdf.enums import RenderStyle

from posturecam.report.drawing import Drawing, Group, Path, Rect, Shape, Text, hatch_lines

PX_MM = 25.4 / 96
PT_MM = 25.4 / 72
MARGIN = 15.0
FAMILY = "DejaVu"

COLOURS: dict[str, tuple[int, int, int]] = {
    "ink": (21, 32, 43),
    "muted": (74, 86, 100),
    "line": (207, 214, 221),
    "grid": (224, 229, 234),
    "paper": (255, 255, 255),
    "soft": (243, 245, 247),
    "good": (11, 114, 133),
    "minor": (143, 100, 0),
    "fault": (191, 60, 10),
    "unknown": (102, 113, 126),
    "curve": (51, 71, 91),
    "down": (59, 91, 146),
    "up": (127, 163, 199),
    "hold": (11, 114, 133),
    "on-fill": (255, 255, 255),
    "on-unknown": (21, 32, 43),
    "halo": (74, 86, 100),
    "band-good": (236, 247, 249),
    "band-minor": (252, 246, 232),
    "band-fault": (253, 241, 235),
    "band-unknown": (241, 243, 245),
    "band-away": (246, 247, 249),
}
PALE: dict[str, tuple[int, int, int]] = {
    "good": (216, 238, 242),
    "minor": (248, 236, 208),
    "fault": (251, 227, 216),
    "unknown": (228, 232, 236),
    "hold": (216, 238, 242),
}


@lru_cache(maxsize=1)
def _fonts() -> tuple[FilePath, FilePath]:
    """DejaVu Sans regular and bold out of matplotlib's data, which mediapipe brings along; matplotlib is not imported."""
    found = importlib.util.find_spec("matplotlib")
    assert found is not None
    assert found.origin is not None
    folder = FilePath(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    return folder / "DejaVuSans.ttf", folder / "DejaVuSans-Bold.ttf"


@lru_cache(maxsize=1)
def _known_characters() -> frozenset[int]:
    with TTFont(_fonts()[0], lazy=True) as font:
        return frozenset(font.getBestCmap())


def printable(text: str) -> str:
    """The text with every character that the font lacks (emoji, some scripts) shown as a box, and none that controls."""
    known = _known_characters()
    return "".join(c if ord(c) in known and c >= " " else " " if c in "\t\n\r" else "□" for c in text)


class Page(FPDF):
    """A document with the report's fonts, colours and footer."""

    def __init__(self, paper: str, footer_text: str) -> None:
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        super().__init__(orientation="portrait", unit="mm", format=paper)
        self._footer_text = printable(footer_text)
        regular, bold = _fonts()
        self.add_font(FAMILY, "", str(regular))
        self.add_font(FAMILY, "B", str(bold))
        self.c_margin = 0.0
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, margin=MARGIN + 5)
        self.write_style(10)

    def footer(self) -> None:
        """Recording and page number on every page; fpdf2 calls it."""
        self.set_y(-MARGIN + 1)
        self.write_style(7.5, "muted")
        self.cell(self.epw / 2, 5, self._footer_text)
        self.cell(self.epw / 2, 5, f"{self.page_no()} / {{nb}}", align="R")

    def write_style(self, size: float, role: str = "ink", *, bold: bool = False) -> None:
        """Set font size (points), weight and colour."""
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*COLOURS[role])

    def need(self, height: float) -> None:
        """Begin a new page unless ``height`` more fits on this one."""
        if self.get_y() + height > self.h - MARGIN - 5:
            self.add_page()

    def paragraph(
        self,
        text: str,
        size: float = 9.5,
        role: str = "ink",
        *,
        bold: bool = False,
        width: float = 0,
        x: float | None = None,
    ) -> None:
        """Text over as many lines as it needs; the pen ends below it."""
        if x is not None:
            self.set_x(x)
        self.write_style(size, role, bold=bold)
        self.multi_cell(width, size * PT_MM * 1.42, printable(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def heading(self, text: str, following: float = 20.0) -> None:
        """A section's heading, on the page of what follows it."""
        self.need(12 + following)
        self.ln(4)
        self.write_style(12, bold=True)
        self.cell(0, 6, printable(text), new_x="LMARGIN", new_y="NEXT")
        self.set_draw_color(*COLOURS["line"])
        self.set_line_width(0.25)
        self.line(self.l_margin, self.get_y() + 0.8, self.w - self.r_margin, self.get_y() + 0.8)
        self.ln(2.6)

    def draw(self, drawing: Drawing, x: float, y: float, width: float) -> float:
        """Draw a chart ``width`` mm wide with its corner at (x, y); returns its height."""
        scale = width / drawing.width
        for shape in drawing.shapes:
            self._shape(shape, x, y, scale)
        self.set_dash_pattern()
        return drawing.height * scale

    def _shape(self, shape: Shape, x: float, y: float, k: float) -> None:
        if isinstance(shape, Group):
            for part in shape.shapes:
                self._shape(part, x, y, k)
        elif isinstance(shape, Text):
            self.write_style(shape.size * k / PT_MM, shape.role, bold=shape.bold)
            text = printable(shape.text)
            width = self.get_string_width(text)
            self.text(
                x + shape.x * k - {"start": 0.0, "middle": width / 2, "end": width}[shape.anchor], y + shape.y * k, text
            )
        elif isinstance(shape, Rect):
            self._box(shape, x, y, k)
        else:
            self._path(shape, x, y, k)

    def _box(self, rect: Rect, x: float, y: float, k: float) -> None:
        if rect.width <= 0 or rect.height <= 0:
            return
        self.set_fill_color(*(PALE if rect.hatched else COLOURS)[rect.role])
        corner = min(rect.radius, rect.width / 2, rect.height / 2) * k
        if rect.radius >= rect.width / 2 >= rect.height / 2:
            self.ellipse(x + rect.x * k, y + rect.y * k, rect.width * k, rect.height * k, "F")
        elif corner > 0.2:
            self.rect(
                x + rect.x * k,
                y + rect.y * k,
                rect.width * k,
                rect.height * k,
                "F",
                round_corners=True,
                corner_radius=corner,
            )
        else:
            self.rect(x + rect.x * k, y + rect.y * k, rect.width * k, rect.height * k, "F")
        if rect.hatched:
            self.set_draw_color(*COLOURS[rect.role])
            self.set_line_width(1.5 * k)
            self.set_dash_pattern()
            for a, b in hatch_lines(rect):
                self.line(x + a[0] * k, y + a[1] * k, x + b[0] * k, y + b[1] * k)

    def _path(self, path: Path, x: float, y: float, k: float) -> None:
        points = [(x + px * k, y + py * k) for px, py in path.points]
        if path.closed:
            self.set_fill_color(*COLOURS[path.role])
            self.polygon(points, style=RenderStyle.F)
            return
        self.set_draw_color(*COLOURS[path.role])
        self.set_line_width(path.width * k)
        self.set_dash_pattern(path.dash * k, path.dash * k) if path.dash else self.set_dash_pattern()
        self.polyline(points)
