"""The report as one self-contained HTML file: no request leaves it, everything a user typed is shown as text."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup

from posturecam.report import wording
from posturecam.report.charts import range_chart, tempo_chart
from posturecam.report.drawing import Drawing, to_svg
from posturecam.report.gallery import Picture, ThumbnailKey, best_of_fault, pictures
from posturecam.report.page import page_environment
from posturecam.report.presentation import ACCURACY, limits_head, present
from posturecam.report.timeline_chart import timeline_chart
from posturecam.report.types import Report
from posturecam.spec.catalogue import demonstration

WIDTHS: Mapping[str, float] = {"narrow": 340.0, "medium": 640.0, "wide": 980.0}
BESIDE_VIDEO: Mapping[str, float] = {**WIDTHS, "wide": 690.0}
"""The timeline beside an upright video."""
HALF_WIDTHS: Mapping[str, float] = {"narrow": 340.0, "medium": 640.0, "wide": 466.0}

Thumbnails: TypeAlias = Mapping[ThumbnailKey, bytes]


@dataclass(frozen=True)
class _Embedded:
    """A thumbnail ready for the page."""

    src: str
    alt: str
    picture: Picture


@dataclass(frozen=True)
class Reviewed:
    """What a reviewer said of the session, beside what was measured: by whom (may be empty), and a sentence for each thing."""

    by: str
    said: Sequence[str]


def render_html(
    report: Report,
    *,
    thumbnails: Thumbnails | None = None,
    overlay: str | None = None,
    reviewed: Reviewed | None = None,
) -> str:
    """The page's text.

    ``thumbnails``: JPEG bytes by ("rep" or "hold", number, check id). ``overlay`` is the annotated video's path relative to the
    page, None when there is none. ``reviewed`` stands in a part of its own and changes nothing of the measurement.
    """
    environment = page_environment()
    environment.filters.update(clock=wording.clock_text, tight=tight)
    page = environment.get_template("report.html.j2")
    return page.render(reviewed=reviewed, **_context(environment, report, thumbnails or {}, overlay))


def _context(environment: Environment, report: Report, thumbnails: Thumbnails, overlay: str | None) -> dict[str, Any]:
    script = _asset(environment, "report.js")
    shown = {picture.key: _embedded(picture, thumbnails[picture.key]) for picture in pictures(report, thumbnails)}
    upright = report.source.height > report.source.width
    widths = BESIDE_VIDEO if overlay and upright else WIDTHS
    leading = {fault.id: best_of_fault(report, fault, shown) for fault in report.faults}
    return {
        "report": report,
        "shown": present(report),
        "score": wording.score_number(report.score),
        "accuracy": ACCURACY,
        "limits_head": limits_head(),
        "css": _asset(environment, "report.css"),
        "script": script,
        "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        "timeline": _responsive(lambda width: timeline_chart(report, width), widths, interactive=True),
        "range_chart": _responsive(lambda width: range_chart(report, width), HALF_WIDTHS),
        "tempo_chart": _responsive(lambda width: tempo_chart(report, width), HALF_WIDTHS),
        "upright": upright,
        "marked": bool(report.reps.items or report.holds.items or report.reps.attempts),
        "overlay": quote(overlay.replace("\\", "/")) if overlay else None,
        "leading": {check: shown[key] for check, key in leading.items() if key},
        "gallery": [item for key, item in shown.items() if key not in leading.values()],
        "ring": score_ring(report.score),
        "film": _film(report),
    }


def _film(report: Report) -> str | None:
    """The film that shows the exercise done well, inside the page; None for an exercise without one."""
    path = demonstration(report.exercise, report.variant)
    if path is None:
        return None
    return f"data:video/mp4;base64,{base64.b64encode(path.read_bytes()).decode()}"


def _asset(environment: Environment, name: str) -> Markup:
    """A style sheet or script as it is: it comes with the package, nothing of a user's is in it."""
    assert environment.loader is not None
    return Markup(environment.loader.get_source(environment, name)[0].replace("\r\n", "\n"))


def _responsive(
    draw: Callable[[float], Drawing | None], widths: Mapping[str, float], *, interactive: bool = False
) -> Markup:
    """One chart in three widths, of which the style sheet shows one: text in a shrunk chart could not be read on a phone."""
    drawings = {name: draw(width) for name, width in widths.items()}
    return Markup("").join(
        to_svg(drawing, interactive=interactive, css_class=name)
        for name, drawing in drawings.items()
        if drawing is not None
    )


def _embedded(picture: Picture, jpeg: bytes) -> _Embedded:
    data = base64.b64encode(jpeg).decode()
    return _Embedded(f"data:image/jpeg;base64,{data}", f"{picture.where}: {picture.name}. {picture.words}", picture)


def score_ring(score: float | None) -> Markup:
    """The score as a ring; decoration, since the number stands beside it."""
    around = 326.7
    filled = around * (score or 0.0) / 100.0
    return Markup(
        '<svg class="ring" viewBox="0 0 120 120" aria-hidden="true"><circle class="ring-back" cx="60" cy="60" r="52"/>'
        f'<circle class="ring-fill" cx="60" cy="60" r="52" stroke-dasharray="{filled:.1f} {around}" '
        'transform="rotate(-90 60 60)"/></svg>'
    )


def tight(text: str) -> str:
    """The text with numbers kept on one line with their units."""
    return text.replace(" %", "\u00a0%").replace(" s)", "\u00a0s)")
