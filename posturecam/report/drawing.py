"""A small drawing model: shapes with roles, written as inline SVG here and onto PDF pages by :mod:`posturecam.report.pdf`.

Roles ("good", "fault", "ink", "grid" ...) stand for colours, so that one chart follows a page's light, dark and print colours.
Units are CSS pixels in the page, x to the right and y down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal, TypeAlias

from markupsafe import Markup

Anchor = Literal["start", "middle", "end"]
Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Rect:
    """A box filled in its role's colour; ``hatched`` ones get stripes over a pale fill, for print and colour blindness."""

    x: float
    y: float
    width: float
    height: float
    role: str
    radius: float = 0.0
    hatched: bool = False


@dataclass(frozen=True)
class Path:
    """A line through points; ``closed`` shapes are filled. ``dash`` is the length of dashes and gaps, 0 for a whole line."""

    points: tuple[Point, ...]
    role: str
    width: float = 1.0
    dash: float = 0.0
    closed: bool = False


@dataclass(frozen=True)
class Text:
    """A line of text whose baseline begins, is centred or ends at (x, y)."""

    x: float
    y: float
    text: str
    role: str = "ink"
    size: float = 12.0
    anchor: Anchor = "start"
    bold: bool = False


@dataclass(frozen=True)
class Group:
    """Shapes that belong together: ``label`` is what a screen reader says, ``data`` becomes data attributes in a page."""

    shapes: tuple[Shape, ...]
    label: str
    data: Mapping[str, str] = field(default_factory=dict)


Shape: TypeAlias = Rect | Path | Text | Group


@dataclass(frozen=True)
class Drawing:
    """A chart: ``label`` says in words what it shows."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    label: str


def hatch_lines(rect: Rect, step: float = 6.0) -> list[tuple[Point, Point]]:
    """Diagonal stripes of a box, clipped to it."""
    lines = []
    x0, y0, x1, y1 = rect.x, rect.y, rect.x + rect.width, rect.y + rect.height
    # stripes follow x + y = c
    c = (x0 + y0) // step * step + step
    while c < x1 + y1:
        start = (max(x0, c - y1), min(y1, c - x0))
        end = (min(x1, c - y0), max(y0, c - x1))
        lines.append((start, end))
        c += step
    return lines


def diamond(x: float, y: float, radius: float, role: str) -> Path:
    """A filled diamond around (x, y)."""
    return Path(((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)), role, closed=True)


def dot(x: float, y: float, radius: float, role: str) -> Rect:
    """A filled circle around (x, y)."""
    return Rect(x - radius, y - radius, 2 * radius, 2 * radius, role, radius)


def to_svg(drawing: Drawing, *, interactive: bool = False, css_class: str = "") -> Markup:
    """The drawing as an inline SVG element.

    ``interactive`` groups can be reached by keyboard and carry their label; otherwise the whole is one image with one label.
    """
    role = 'role="group"' if interactive else 'role="img"'
    body = "".join(_shape(shape, interactive) for shape in drawing.shapes)
    return Markup(
        f'<svg class="chart {escape(css_class)}" viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}" {role} '
        f'aria-label="{escape(drawing.label)}" xmlns="http://www.w3.org/2000/svg">{body}</svg>'
    )


def _shape(shape: Shape, interactive: bool) -> str:
    if isinstance(shape, Rect):
        return _rect(shape)
    if isinstance(shape, Path):
        return _path(shape)
    if isinstance(shape, Text):
        weight = ' font-weight="700"' if shape.bold else ""
        return (
            f'<text class="t-{shape.role}" x="{_n(shape.x)}" y="{_n(shape.y)}" font-size="{_n(shape.size)}" '
            f'text-anchor="{shape.anchor}"{weight}>{escape(shape.text)}</text>'
        )
    inner = "".join(_shape(part, interactive) for part in shape.shapes)
    if not interactive:
        return f"<g>{inner}</g>"
    data = "".join(f' data-{escape(key)}="{escape(value)}"' for key, value in shape.data.items())
    return f'<g class="mark" tabindex="0" role="button" aria-label="{escape(shape.label)}"{data}>{inner}</g>'


def _rect(rect: Rect) -> str:
    radius = f' rx="{_n(rect.radius)}"' if rect.radius else ""
    box = (
        f'x="{_n(rect.x)}" y="{_n(rect.y)}" width="{_n(max(rect.width, 0))}" height="{_n(max(rect.height, 0))}"{radius}'
    )
    if not rect.hatched:
        return f'<rect class="f-{rect.role}" {box}/>'
    stripes = "".join(f"M{_n(a[0])} {_n(a[1])}L{_n(b[0])} {_n(b[1])}" for a, b in hatch_lines(rect))
    return f'<rect class="p-{rect.role}" {box}/><path class="s-{rect.role}" d="{stripes}" stroke-width="1.6"/>'


def _path(path: Path) -> str:
    points = _polyline(path.points)
    if path.closed:
        return f'<path class="f-{path.role}" d="{points}Z"/>'
    dash = f' stroke-dasharray="{_n(path.dash)}"' if path.dash else ""
    return f'<path class="s-{path.role}" d="{points}" stroke-width="{_n(path.width)}"{dash}/>'


def _polyline(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _n(value: float) -> str:
    """A coordinate to a tenth of a pixel, as short as it can be written."""
    return f"{value:.1f}".removesuffix(".0")
