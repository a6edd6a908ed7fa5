"""The report as one self-contained HTML file: no request leaves it, everything a user typed is shown as text."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath, PureWindowsPath
from typing import Any, TypeAlias
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup

from posturecam.report import wording
from posturecam.report.balance import side_rows
from posturecam.report.charts import range_chart, rep_role, tempo_chart
from posturecam.report.drawing import Drawing, to_svg
from posturecam.report.gallery import Picture, ThumbnailKey, best_of_fault, pictures
from posturecam.report.page import page_environment
from posturecam.report.timeline_chart import timeline_chart
from posturecam.report.types import Report

WIDTHS: Mapping[str, float] = {"narrow": 340.0, "medium": 640.0, "wide": 980.0}
HALF_WIDTHS: Mapping[str, float] = {"narrow": 340.0, "medium": 640.0, "wide": 466.0}
VERDICT_WORDS = {"ok": "Good form", "faults": "Some things to work on", "unknown": "Not judged"}

Thumbnails: TypeAlias = Mapping[ThumbnailKey, bytes]


@dataclass(frozen=True)
class _Embedded:
    """A thumbnail ready for the page."""

    src: str
    alt: str
    picture: Picture


def render_html(report: Report, *, thumbnails: Thumbnails | None = None, overlay: str | None = None) -> str:
    """The page's text.

    ``thumbnails``: JPEG bytes by ("rep" or "hold", number, check id). ``overlay`` is the annotated video's path relative to the
    page, None when there is none.
    """
    environment = page_environment()
    environment.globals.update(
        {
            name: getattr(wording, name)
            for name in ("fault_words", "percent_text", "reps_text", "seconds_text", "limit_text")
        },
        rep_role=rep_role,
    )
    environment.filters.update(
        tempo=wording.tempo_text,
        clock=wording.clock_text,
        value=wording.value_text,
        basename=basename,
        day=day_text,
        tight=tight,
    )
    page = environment.get_template("report.html.j2")
    return page.render(**_context(environment, report, thumbnails or {}, overlay))


def _context(environment: Environment, report: Report, thumbnails: Thumbnails, overlay: str | None) -> dict[str, Any]:
    script = _asset(environment, "report.js")
    shown = {picture.key: _embedded(picture, thumbnails[picture.key]) for picture in pictures(report, thumbnails)}
    leading = {fault.id: best_of_fault(report, fault, shown) for fault in report.faults}
    return {
        "report": report,
        "verdict_words": VERDICT_WORDS[report.verdict],
        "figures": key_figures(report),
        "css": _asset(environment, "report.css"),
        "script": script,
        "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        "timeline": _responsive(lambda width: timeline_chart(report, width), WIDTHS, interactive=True),
        "range_chart": _responsive(lambda width: range_chart(report, width), HALF_WIDTHS),
        "tempo_chart": _responsive(lambda width: tempo_chart(report, width), HALF_WIDTHS),
        "sides": side_rows(report),
        "problems": wording.problem_lines(report),
        "marked": bool(report.reps.items or report.holds.items or report.reps.attempts),
        "overlay": quote(overlay.replace("\\", "/")) if overlay else None,
        "leading": {check: shown[key] for check, key in leading.items() if key},
        "gallery": [item for key, item in shown.items() if key not in leading.values()],
        "severity": {check.id: check.severity for check in report.checks},
        "ring": score_ring(report.score),
    }


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
    return _Embedded(f"data:image/jpeg;base64,{data}", f"{picture.where}: {picture.name}. {picture.measured}", picture)


def score_ring(score: float | None) -> Markup:
    """The score as a ring; decoration, since the number stands beside it."""
    around = 326.7
    filled = around * (score or 0.0) / 100.0
    return Markup(
        '<svg class="ring" viewBox="0 0 120 120" aria-hidden="true"><circle class="ring-back" cx="60" cy="60" r="52"/>'
        f'<circle class="ring-fill" cx="60" cy="60" r="52" stroke-dasharray="{filled:.1f} {around}" '
        'transform="rotate(-90 60 60)"/></svg>'
    )


def key_figures(report: Report) -> list[tuple[str, str, str]]:
    """The handful of numbers under the summary: label, number, remark."""
    figures: list[tuple[str, str, str]] = []
    if report.kind == "reps":
        wanted = f"{report.dose.reps} asked for" if report.dose.reps else ""
        if report.reps.left is not None:
            figures.append(
                ("Left and right", f"{report.reps.left} / {report.reps.right}", f"{wanted} a side" if wanted else "")
            )
        else:
            figures.append(("Reps", str(report.reps.count), wanted))
        items = report.reps.items
        if items:
            figures.append(("Good reps", str(report.reps.good), f"of {report.reps.count}"))
            summary = report.measures.get(items[0].range.measure)
            mean = sum(abs(item.range.to - item.range.start) for item in items) / len(items)
            text = wording.value_text(mean, summary.unit if summary else "degrees", short=True)
            figures.append(("Range of motion", text, "mean per rep"))
            timed = [item.seconds for item in items if item.seconds is not None]
            if timed:
                figures.append(("Tempo", f"{sum(timed) / len(timed):.1f} s", "mean per rep"))
    else:
        wanted = f"{wording.seconds_text(report.dose.seconds)} asked for" if report.dose.seconds else ""
        figures.append(
            ("Held", wording.seconds_text(report.holds.total_s), wanted if len(report.holds.items) < 2 else "")
        )
        if len(report.holds.items) > 1:
            figures.append(("Longest hold", wording.seconds_text(report.holds.longest_s), wanted))
        if report.holds.left_s is not None and report.holds.right_s is not None:
            figures.append(("Left and right", f"{report.holds.left_s:.0f} / {report.holds.right_s:.0f} s", ""))
    figures.append(("Could be judged", wording.percent_text(report.tracking.judged), "of the recording"))
    return figures


def tight(text: str) -> str:
    """The text with numbers kept on one line with their units."""
    return text.replace(" %", "\u00a0%").replace(" s)", "\u00a0s)")


def basename(path: str) -> str:
    """The file's name without its folders, whichever system wrote the path."""
    windows = "\\" in path and not path.startswith("/")
    return (PureWindowsPath(path) if windows else PurePath(path)).name or path


def day_text(created: str) -> str:
    """The moment of creation as people write it; the text itself when it is no date."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return created
    return f"{moment.day} {moment:%B %Y, %H:%M}"
