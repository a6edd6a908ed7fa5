"""One report in any of its formats, and where its files go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from posturecam.errors import CallError
from posturecam.files import write_whole
from posturecam.report.types import Report

if TYPE_CHECKING:
    from posturecam.report.html import Thumbnails
    from posturecam.report.pdf import Paper

SUFFIXES = {"html": ".html", "json": ".json", "csv": ".csv", "pdf": ".pdf", "md": ".md"}


def render(
    report: Report, format_: str, thumbnails: Thumbnails, overlay: str | None = None, paper: Paper = "A4"
) -> str | bytes:
    """The report as text, or as bytes for PDF."""
    if format_ == "json":
        return report.to_json()
    if format_ == "html":
        from posturecam.report.html import render_html

        return render_html(report, thumbnails=thumbnails, overlay=overlay)
    if format_ == "csv":
        from posturecam.report.csv import render_csv

        return render_csv(report)
    if format_ == "md":
        from posturecam.report.markdown import render_markdown

        return render_markdown(report)
    from posturecam.report.pdf import render_pdf

    return render_pdf(report, thumbnails=thumbnails, paper=paper)


def write_formats(
    report: Report, formats: Sequence[str], out: Path, name: str, thumbnails: Thumbnails, paper: Paper = "A4"
) -> list[Path]:
    """Write the report in every format and return the files' paths; raises OutputError.

    ``out`` with a format's suffix is the file itself; otherwise a folder that gets ``name`` with each format's suffix.
    """
    suffixes = {SUFFIXES[format_] for format_ in formats}
    is_file = out.suffix.lower() in SUFFIXES.values() and not out.is_dir()
    if is_file and suffixes != {out.suffix.lower()}:
        raise CallError(
            f"--out {out} is one file, but the formats are {', '.join(formats)}; name a folder or one format."
        )
    written = []
    for format_ in formats:
        path = out if is_file else out / f"{name}{SUFFIXES[format_]}"
        write_whole(path, render(report, format_, thumbnails, paper=paper))
        written.append(path)
    return written
