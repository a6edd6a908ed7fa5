"""What is learned of a stored session after it was judged: whose it is, and how much it hurt."""

from __future__ import annotations

from posturecam.files import write_whole
from posturecam.report.html import render_html
from posturecam.report.types import Part, Report
from posturecam.store import Session, amend, open_session


def amended(session: Session, **values: Part) -> Session:
    """The session with other ``values`` in its reports; its page, where it keeps one, is written again. Raises OutputError."""
    amend(session, {name: value.model_dump() for name, value in values.items()})
    page = session.folder / "report.html"
    changed = open_session(session.folder)
    if page.is_file():
        write_whole(page, render_html(Report.model_validate(changed.data)))
    return changed
