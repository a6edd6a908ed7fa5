"""Saving a live session: exactly what was judged, so that judging it again gives the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from posturecam.cli.session import Finished
from posturecam.coaching.session import LiveSession
from posturecam.model import Frame, Pose, SessionResult, SourceInfo
from posturecam.report.build import build_report, make_provenance
from posturecam.report.html import render_html
from posturecam.sinks.landmarks import HasInfo, LandmarkRecorder
from posturecam.spec.digest import exercise_digest
from posturecam.spec.schema import Exercise
from posturecam.store import LANDMARKS, Draft


class FedRecorder:
    """Records the poses that the session handed to the analyzer, on the session's own clock: neither getting ready nor pauses."""

    title = "the landmarks"

    def __init__(self, folder: Path, session: LiveSession, source: HasInfo, exercise: Exercise) -> None:
        self._session = session
        self._source = source
        self._frames = 0
        self._last_s = 0.0
        extra = {"exercise": exercise.id, "variant": exercise.variant}
        self._recorder = LandmarkRecorder(folder / LANDMARKS, self, extra)

    @property
    def info(self) -> SourceInfo:
        """The source as far as it was judged."""
        return judged_info(self._source.info, self._frames, self._last_s)

    def record(self, frame: Frame, pose: Pose | None) -> None:  # noqa: ARG002 - the session knows which poses count
        """Take what the session took of this frame."""
        for t_s, taken in self._session.taken:
            self._recorder.record(Frame(self._frames, t_s, frame.image), taken)
            self._frames += 1
            self._last_s = t_s

    def close(self) -> None:
        """Write the file."""
        self._recorder.close()


def judged_info(info: SourceInfo, frames: int, duration_s: float) -> SourceInfo:
    """The source's info, with a name that people understand, and only what was judged of it."""
    path = f"camera {info.path}" if info.path.isdigit() else info.path
    return replace(info, path=path, frames=frames, duration_s=duration_s)


def save_session(
    exercise: Exercise,
    result: SessionResult,
    info: SourceInfo,
    draft: Draft | None,
    *,
    model: str,
    person: str | None,
) -> Finished:
    """Build the report and store it beside the landmarks in ``draft``; raises OutputError when it cannot be written."""
    report = build_report(
        exercise,
        result,
        judged_info(info, result.frames, result.duration_s),
        make_provenance(model=model, command="live", spec_digest=exercise_digest(exercise)),
        created=datetime.now().astimezone(),
        person=person,
    )
    if draft is None:
        return Finished(report, result, None)
    draft.add("report.html", render_html(report))
    return Finished(report, result, draft.commit(report.to_json()).folder)
