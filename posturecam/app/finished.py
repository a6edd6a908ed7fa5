"""One judged recording or live exercise: its report, and what is to be told of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from posturecam.files import shown
from posturecam.language import gettext, inside, retold
from posturecam.model import SessionResult
from posturecam.report.presentation import terminal_lines
from posturecam.report.types import Report


@dataclass(frozen=True, eq=False)
class Finished:
    """One judged recording: its ``report``, the ``result`` behind it and the ``folder`` its files are in.

    ``problems``: a sentence for each output that could not be written; all the others are there. ``obstacle`` says what kept it
    from being judged where nothing was, as far as its poses tell.
    """

    report: Report
    result: SessionResult
    folder: Path | None
    problems: tuple[str, ...] = ()
    obstacle: str | None = None

    @property
    def interrupted(self) -> bool:
        """Whether the user ended it early."""
        return self.result.interrupted

    @property
    def judged(self) -> bool:
        """Whether anything could be judged at all."""
        done = self.report.reps.count or self.report.holds.items
        posed = self.report.source.is_still and self.result.tracking.judged > 0
        return bool(self.report.verdict != "unknown" or done or posed)

    def why_not_judged(self) -> str:
        """One sentence on why nothing could be judged: the greatest obstacle that is known."""
        source, tracking = self.report.source.path, self.result.tracking
        if tracking.person == 0:
            return gettext(
                "Nobody was seen in {source}: film the whole body in good light, and try again.", source=source
            )
        if self.obstacle is not None:
            return _nothing_judged(source, self.obstacle)
        if tracking.view_ok is False:
            return gettext(
                "Nothing could be judged in {source}, because the camera stands wrong: {advice}",
                source=source,
                advice=gettext(self.report.camera_advice),
            )
        if tracking.problems:
            return _nothing_judged(source, inside(retold(tracking.problems[0])))
        return gettext(
            "Nothing could be judged in {source}: the position for {exercise} was never seen; "
            "check that --exercise and --variant are right.",
            source=source,
            exercise=self.report.title(),
        )

    def text(self) -> str:
        """Summary for the terminal."""
        lines = terminal_lines(self.report)
        if self.folder is not None:
            page = self.folder / "report.html"
            where = shown(page if page.exists() else self.folder)
            lines.append("  " + gettext("Report: {place}", place=where))
        return "\n".join(lines)


def _nothing_judged(source: str, why: str) -> str:
    return gettext("Nothing could be judged in {source}: {why}.", source=source, why=why)
