"""A stored session judged again from its landmarks, without the video."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from posturecam.errors import CallError, SourceError, StoreError
from posturecam.files import plain
from posturecam.judging.judge import judge
from posturecam.poses import load
from posturecam.report.build import build_report, make_provenance
from posturecam.report.types import Provenance, Report
from posturecam.spec.catalogue import exercise_ids, load_exercise, load_spec
from posturecam.spec.digest import exercise_digest
from posturecam.spec.schema import Exercise
from posturecam.store import SPEC, Session


def judged_again(session: Session, before: Report, exercise: Exercise) -> Report:
    """The session's report as this program and ``exercise`` judge it now; StoreError when it has no usable landmarks."""
    if not session.has_landmarks:
        raise StoreError(
            f"The session {session.id} cannot be rescored, as its landmarks are missing; analyse the recording again."
        )
    try:
        stored = load(session.landmarks_path)
    except SourceError as error:
        raise StoreError(str(error)) from error
    judgement = judge(exercise, stored.poses, still=stored.info.is_still, doubted=stored.info.times_doubted)
    result = judgement.result(interrupted=before.interrupted)
    report = build_report(
        exercise,
        result,
        # the recording may have been given another name, or none, since
        replace(stored.info, path=before.source.path),
        _provenance(before, exercise),
        created=session.created,
        person=before.person,
        pain=before.pain,
        recorded=before.recorded,
        variant_found=before.variant_found if exercise.variant == before.variant else None,
        dose=before.dose if exercise.id == before.exercise else None,
        red_flags=before.red_flags,
    )
    # as it was written, not as this computer's time zone would write it
    source = report.source.model_copy(update={"fingerprint": before.source.fingerprint})
    kept = {
        "created": before.created,
        "recovered": before.recovered,
        "recognised": before.recognised if exercise.id == before.exercise else None,
    }
    return report.model_copy(update={**kept, "source": source})


def exercise_for(
    session: Session, report: Report, spec: str | None, variant: str | None, say: Callable[[str], None]
) -> Exercise:
    """What to judge by: ``spec``, or the session's own copy of a spec file, or the shipped spec of that name.

    ``say`` is told when that is another exercise. Raises CallError and SpecError.
    """
    chosen: str | Path
    if spec is not None:
        chosen = spec
    elif (session.folder / SPEC).is_file():
        chosen = session.folder / SPEC
    elif report.exercise in exercise_ids():
        chosen = report.exercise
    else:
        raise CallError(
            f"The exercise {plain(report.exercise)!r} is not one of the shipped ones; name its file with --spec."
        )
    exercise = load_exercise(chosen, variant if variant is not None else _kept_variant(chosen, report))
    if exercise.id != report.exercise:
        say(f"Note: the session is of {plain(report.exercise)!r}, and is judged as {exercise.id!r}.")
    return exercise


def _kept_variant(chosen: str | Path, report: Report) -> str | None:
    """The session's variant when the spec has it; another exercise need not."""
    spec = load_spec(chosen)
    return report.variant if report.variant in spec.exercises or spec.default.id == report.exercise else None


def _provenance(before: Report, exercise: Exercise) -> Provenance:
    """Where the landmarks come from stays; what judges them is this program and this spec."""
    now = make_provenance()
    return before.provenance.model_copy(
        update={
            "program": now.program,
            "spec_digest": exercise_digest(exercise) if before.provenance.spec_digest else None,
        }
    )
