"""The report as Markdown, for notes and tickets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from posturecam.report.symmetry import side_rows
from posturecam.report.html import VERDICT_WORDS, basename, day_text, key_figures
from posturecam.report.types import HoldItem, RepItem, Report
from posturecam.report.wording import (
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

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def render_markdown(report: Report) -> str:
    """The whole report without charts and pictures. Whatever a user typed is escaped."""
    parts = [
        _head(report),
        _faults(report),
        _reps(report) if report.kind == "reps" else _holds(report),
        _sides(report),
        _attempts(report),
        _unknown(report),
        "\n".join(["## Take care", "", *(f"- {text(flag)}" for flag in report.red_flags), "", text(report.disclaimer)]),
        _measured(report),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def text(raw: str) -> str:
    """Text that means nothing to Markdown, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(raw.split()))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def _head(report: Report) -> str:
    about = [report.person or "", day_text(report.created), basename(report.source.path)]
    score = "no score" if report.score is None else f"{report.score:.0f} of 100"
    lines = [f"# {text(report.title())}: form report", " · ".join(text(part) for part in about if part)]
    lines.append(f"**{VERDICT_WORDS[report.verdict]} ({score}).** {text(report.summary)}")
    lines.append("\n".join(f"- {label}: {number} {remark}".rstrip() for label, number, remark in key_figures(report)))
    return "\n\n".join(lines)


def _faults(report: Report) -> str:
    if not report.faults:
        return ""
    lines = ["## What to work on", ""]
    for fault in report.faults:
        if report.kind == "reps" and fault.reps:
            where = f"{reps_text(fault.reps)}, {percent_text(fault.share)} of the reps"
        else:
            where = f"{seconds_text(fault.seconds)}, {percent_text(fault.share)} of the held time"
        lines.append(
            f"- **{text(fault.name)}** ({fault.severity}; {where}): “{text(fault.cue)}” {text(fault.advice)}".rstrip()
        )
    return "\n".join(lines)


def _findings(report: Report, item: RepItem | HoldItem) -> str:
    words = [fault_words(report, mark) for mark in item.faults]
    found = "; ".join(f"{text(word.name)} {word.measured}".rstrip() for word in words)
    return found or ("could not be judged" if item.good is None else "no faults")


def _score(item: RepItem | HoldItem) -> str:
    return "–" if item.score is None else f"{item.score:.0f}"


def _reps(report: Report) -> str:
    rows = []
    for item in report.reps.items:
        summary = report.measures.get(item.range.measure)
        unit = summary.unit if summary else "degrees"
        span = f"{value_text(item.range.start, unit, short=True)} → {value_text(item.range.to, unit, short=True)}"
        tempo = tempo_text(item)
        name = f"{item.index} {item.side or ''}".strip()
        rows.append((name, clock_text(item.start_s), span, tempo, _score(item), _findings(report, item)))
    if not rows:
        return ""
    return "## Every rep\n\n" + _table(("Rep", "At", "Range", "There · end · back", "Score", "Findings"), rows)


def _holds(report: Report) -> str:
    rows = [
        (
            f"{number} {item.side or ''}".strip(),
            clock_text(item.start_s),
            seconds_text(item.duration_s),
            _score(item),
            _findings(report, item),
        )
        for number, item in enumerate(report.holds.items, 1)
    ]
    return "## Every hold\n\n" + _table(("Hold", "At", "Held", "Score", "Findings"), rows) if rows else ""


def _sides(report: Report) -> str:
    rows = side_rows(report)
    if not rows:
        return ""
    return "## Left against right\n\n" + _table(
        ("", "Left", "Right"), [(row.label, row.left, row.right) for row in rows]
    )


def _attempts(report: Report) -> str:
    if not report.reps.attempts:
        return ""
    lines = [f"- {clock_text(attempt.start_s)}: {text(attempt.reason)}" for attempt in report.reps.attempts]
    what = "Movements" if report.kind == "reps" else "Holds"
    return "\n".join([f"## {what} that were not counted", "", *lines])


def _unknown(report: Report) -> str:
    lines = [f"- {text(problem)}" for problem in problem_lines(report)]
    lines += [
        f"- **{text(item.name or report.check_name(item.id))}**: {text(item.reason)} ({percent_text(item.share)})"
        for item in report.unknown
    ]
    return "\n".join(["## What could not be judged", "", *lines]) if lines else ""


def _measured(report: Report) -> str:
    rows = [(text(c.name), limit_text(c.ok, c.unit), limit_text(c.fault, c.unit)) for c in report.checks]
    about = [
        report.provenance.program,
        report.provenance.model or "",
        f"{report.exercise} {report.variant or ''}".strip(),
    ]
    lines = ["## How this was measured", _table(("Check", "Right", "Wrong"), rows)]
    return "\n\n".join([*lines, " · ".join(text(part) for part in about if part)])
