"""Saving a live session: exactly what was judged, so that judging it again gives the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from posturecam import __version__
from posturecam.app.amending import amended
from posturecam.app.finished import Finished
from posturecam.coaching.session import LiveSession
from posturecam.model import Frame, Pose, SessionResult, SourceInfo
from posturecam.poses import PoseSequence
from posturecam.report.build import build_report, make_provenance
from posturecam.report.html import render_html
from posturecam.report.types import Dose, Pain, Person
from posturecam.sinks.landmarks import HasInfo
from posturecam.spec.catalogue import SUFFIXES
from posturecam.spec.digest import exercise_digest
from posturecam.spec.schema import Exercise
from posturecam.store import LANDMARKS, SPEC, Draft, Journal, SessionStore, open_session


class FedRecorder:
    """Keeps the poses that the session handed to the analyzer, on the session's own clock: neither getting ready nor pauses.

    They go into the journal as they come; :meth:`save` writes them as the session's landmarks.
    """

    title = "the landmarks"

    def __init__(self, session: LiveSession, journal: Journal) -> None:
        self._session = session
        self._journal = journal
        self._poses = PoseSequence()

    def record(self, frame: Frame, pose: Pose | None) -> None:  # noqa: ARG002 - the session knows which poses count
        """Take what the session took of this frame."""
        height, width = frame.image.shape[:2]
        for t_s, taken in self._session.taken:
            self._journal.append(t_s, taken, width, height)
            self._poses.append(t_s, taken, width, height)

    def close(self) -> None:
        """Nothing: the journal is there until the session is saved."""

    def save(self, path: Path, info: SourceInfo, extra: Mapping[str, object]) -> None:
        """Write the landmarks; raises OutputError."""
        self._poses.save(path, info, extra)


@dataclass(frozen=True)
class Keeping:
    """How live sessions are kept: in ``store`` (None: not at all), with the pose ``model``'s name and whose they are.

    ``pain`` is what they told before they began. ``clock`` tells the time of day, and ``warn`` is told when a session's log
    cannot be written any more.
    """

    store: SessionStore | None
    model: str
    person: Person | str | None = None
    warn: Callable[[str], None] = lambda _line: None
    clock: Callable[[], datetime] = lambda: datetime.now().astimezone()
    pain: Pain | None = None


def begin_session(
    draft: Draft, exercise: Exercise, spec: str, source: HasInfo, keeping: Keeping, dose: Dose | None = None
) -> Journal:
    """Put into ``draft`` what finishing the session needs, should this program not come to it; raises OutputError."""
    file = Path(spec)
    if file.suffix.lower() in SUFFIXES and file.is_file():
        draft.add(SPEC, file)
    header = {
        "exercise": exercise.id,
        "variant": exercise.variant,
        "spec_digest": exercise_digest(exercise),
        "person": keeping.person.model_dump() if isinstance(keeping.person, Person) else keeping.person,
        "pain": keeping.pain.model_dump() if keeping.pain is not None else None,
        "model": keeping.model,
        "program": __version__,
        "dose": dose.model_dump() if dose is not None else None,
        "started": keeping.clock().isoformat(),
        "source": asdict(judged_info(source.info, 0, 0.0)),
    }
    return draft.begin_journal(header, keeping.warn)


def judged_info(info: SourceInfo, frames: int, duration_s: float) -> SourceInfo:
    """The source's info, with a name that people understand, and only what was judged of it."""
    path = f"camera {info.path}" if info.path.isdigit() else info.path
    return replace(info, path=path, frames=frames, duration_s=duration_s)


def save_session(
    exercise: Exercise,
    result: SessionResult,
    info: SourceInfo,
    draft: Draft | None,
    recorder: FedRecorder | None,
    keeping: Keeping,
    dose: Dose | None = None,
) -> Finished:
    """Build the report and store it beside the landmarks in ``draft``; raises OutputError when it cannot be written.

    ``dose`` is what was asked for, None: what the exercise asks for.
    """
    info = judged_info(info, result.frames, result.duration_s)
    report = build_report(
        exercise,
        result,
        info,
        make_provenance(model=keeping.model, command="live", spec_digest=exercise_digest(exercise)),
        created=keeping.clock(),
        person=keeping.person,
        dose=dose,
        pain=keeping.pain,
    )
    if draft is None or recorder is None:
        return Finished(report, result, None)
    recorder.save(draft.folder / LANDMARKS, info, {"exercise": exercise.id, "variant": exercise.variant})
    draft.add("report.html", render_html(report))
    return Finished(report, result, draft.commit(report.to_json()).folder)


def with_pain(finished: Finished, pain: Pain) -> Finished:
    """What was finished with what the person told of their pain, also where it is stored; raises OutputError."""
    if finished.folder is not None:
        amended(open_session(finished.folder), pain=pain)
    return replace(finished, report=finished.report.model_copy(update={"pain": pain}))
