"""The report as Markdown, for notes and tickets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from posturecam.language import gettext
from posturecam.report.presentation import Line, Presentation, limits_head, present, severity_word
from posturecam.report.types import Report
from posturecam.report.wording import quoted

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def render_markdown(report: Report) -> str:
    """The whole report without charts and pictures. Whatever a user typed is escaped."""
    shown = present(report)
    parts = [
        _head(shown),
        _faults(shown),
        _rows(shown),
        _sides(shown),
        _list(shown.not_counted_title, [_line(line) for line in shown.not_counted]),
        _list(
            gettext("What could not be judged"), [*map(text, shown.problems), *(_line(line) for line in shown.doubts)]
        ),
        _list(gettext("Take care"), [text(flag) for flag in shown.red_flags]) + f"\n\n{text(shown.disclaimer)}",
        _measured(shown),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def text(raw: str) -> str:
    """Text that means nothing to Markdown, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(raw.split()))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def _list(title: str, lines: Sequence[str]) -> str:
    return "\n".join([f"## {title}", "", *(f"- {line}" for line in lines)]) if lines else ""


def _line(line: Line) -> str:
    return f"**{text(line.lead)}**: {text(line.text)}"


def _head(shown: Presentation) -> str:
    lines = [
        f"# {gettext('{title}: form report', title=text(shown.title))}",
        " · ".join(text(part) for part in shown.about),
    ]
    lines.append(f"**{text(shown.verdict)} ({shown.score}).** {text(shown.summary)}")
    lines.append("\n".join(f"- {one.label}: {one.number} {one.remark}".rstrip() for one in shown.figures))
    return "\n\n".join(lines)


def _faults(shown: Presentation) -> str:
    return _list(
        gettext("What to work on"),
        [
            f"**{text(card.name)}** ({severity_word(card.severity)}). {card.where}. "
            f"{quoted(text(card.cue))} {text(card.advice)}".rstrip()
            for card in shown.faults
        ],
    )


def _rows(shown: Presentation) -> str:
    if not shown.rows:
        return ""
    rows = [(row.name, row.at, row.movement, row.time, row.score_text, text(row.findings_text)) for row in shown.rows]
    return f"## {shown.rows_title}\n\n" + _table(shown.head, rows)


def _sides(shown: Presentation) -> str:
    rows = [(row.label, row.left, row.right) for row in shown.sides]
    if not rows:
        return ""
    return f"## {gettext('Left against right')}\n\n" + _table(("", gettext("Left"), gettext("Right")), rows)


def _measured(shown: Presentation) -> str:
    rows = [tuple(text(cell) for cell in row) for row in shown.limits]
    made = " · ".join(f"{line.lead}: {text(line.text)}" for line in shown.made)
    return "\n\n".join([f"## {gettext('How this was measured')}", _table(limits_head(), rows), made])
