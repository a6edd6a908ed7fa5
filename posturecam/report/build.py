"""Builds the report out of a session's result: pure, the same input gives the same report."""

from __future__ import annotations

import math
import platform
from collections.abc import Sequence
from datetime import datetime
from importlib import metadata

import numpy as np

from posturecam import __version__
from posturecam.files import shown
from posturecam.judging.verdicts import is_good, views_of
from posturecam.language import SOURCE, msgid, spoken
from posturecam.model import LANDMARK_NAMES, Hold, Rep, SessionResult, SourceInfo, Trace, Verdict
from posturecam.report import types
from posturecam.report.summary import summary_sentence
from posturecam.report.timeline import build_timeline, label_of
from posturecam.spec.references import unit_of
from posturecam.spec.schema import Check, Exercise

RED_FLAGS: tuple[str, ...] = (
    msgid("Stop at once if a movement is uncomfortable or painful."),
    msgid(
        "Tightness, sensitivity to touch, or pain in the lower back or down the legs call for attention from a professional."
    ),
)
DISCLAIMER = msgid(
    "posturecam is not a medical device: it gives no diagnosis and does not replace professional advice."
)
REPS_SHARE = 1 / 3
FEW_REPS = 4
HELD_SHARE = 0.2
NOT_MEASURED = msgid("not measured")
NOT_FROM_HERE = "can only be judged from"


def make_provenance(
    *,
    model: str | None = None,
    model_digest: str | None = None,
    spec_digest: str | None = None,
    spec_path: str | None = None,
    command: str | None = None,
) -> types.Provenance:
    """Provenance with the versions of this program and of the packages that shape a result."""
    packages = {}
    for name in ("mediapipe", "opencv-python", "av", "numpy"):
        try:
            packages[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return types.Provenance(
        program=f"posturecam {__version__}",
        python=platform.python_version(),
        packages=packages,
        model=model,
        model_digest=model_digest,
        spec_digest=spec_digest,
        spec_path=spec_path and shown(spec_path),
        command=command,
    )


def build_report(
    exercise: Exercise,
    result: SessionResult,
    source: SourceInfo,
    provenance: types.Provenance,
    *,
    created: datetime,
    person: types.Person | str | None = None,
    recorded: types.Recorded | None = None,
    variant_found: types.VariantFound | None = None,
    dose: types.Dose | None = None,
    pain: types.Pain | None = None,
    red_flags: Sequence[str] = RED_FLAGS,
) -> types.Report:
    """Build the report of one session.

    ``created`` should carry a time zone; ``recorded`` tells when it was filmed. ``person`` is who did it, or whatever name the
    user gave. ``dose`` is what was asked for in this session (None: what the exercise asks for). ``pain`` is what they told of
    it. ``red_flags`` are shown as they are.
    """
    reps = _reps(exercise, result)
    holds = _holds(exercise, result)
    kind: types.Kind = "reps" if exercise.reps is not None else "hold"
    faults = _faults(exercise, result, source)
    judged = result.score is not None or (source.is_still and _something_judged(result.trace))
    unknown = _doubts(exercise, result)
    # what no camera can tell is listed with the checks; it is nothing that this recording lacks
    judgeable = [one for one in unknown if one.id not in exercise.checks or exercise.checks[one.id].judged]
    verdict: types.Judgement = "unknown" if not judged else "faults" if faults else "ok"
    names = {name: check.name for name, check in exercise.checks.items()}
    with spoken(SOURCE):  # what is kept is English
        summary = summary_sentence(
            kind, reps, holds, faults, verdict, result.tracking, judgeable, names, is_still=source.is_still
        )
    return types.Report(
        schema_id=types.SCHEMA,
        exercise=result.exercise,
        variant=result.variant,
        created=created.isoformat(timespec="seconds"),
        version=__version__,
        source=_source(source, result, provenance),
        tracking=_tracking(result),
        score=finite(result.score),
        verdict=verdict,
        reps=reps,
        holds=holds,
        faults=faults,
        unknown=unknown,
        measures=_measures(exercise, result.trace),
        name=exercise.name,
        variant_name=exercise.variant_name,
        kind=kind,
        summary=summary,
        person=_shown_person(person),
        pain=pain if pain is not None and pain.told else None,
        recorded=recorded,
        variant_found=variant_found,
        interrupted=result.interrupted,
        dose=dose or _dose(exercise),
        steps=list(exercise.steps),
        camera_advice=exercise.camera.advice,
        checks=[_check_info(exercise, name, check) for name, check in exercise.checks.items()],
        timeline=build_timeline(exercise, result, is_still=source.is_still),
        red_flags=list(red_flags),
        disclaimer=DISCLAIMER,
        provenance=provenance,
    )


def _dose(exercise: Exercise) -> types.Dose:
    asked = exercise.dose
    return types.Dose(sets=asked.sets, reps=asked.reps, seconds=asked.seconds, days_a_week=asked.days_a_week)


def _shown_person(person: types.Person | str | None) -> types.Person | str | None:
    """Who did it, with a name that can be shown anywhere."""
    if isinstance(person, types.Person):
        return person.model_copy(update={"name": shown(person.name)})
    return shown(person) if person else None


def finite(value: float | None) -> float | None:
    """The value, or None when it is missing, NaN or infinite."""
    return float(value) if value is not None and math.isfinite(value) else None


def _number(value: float) -> float:
    """A value the contract promises: 0 stands in for what is not finite, which only a defect upstream can produce."""
    return finite(value) or 0.0


def _clamped(share: float) -> float:
    return min(1.0, max(0.0, _number(share)))


def _name(exercise: Exercise, check: str) -> str:
    known = exercise.checks.get(check)
    return known.name if known else check.replace("_", " ").capitalize()


def unit_of_check(exercise: Exercise, check: Check) -> str:
    """Unit of what a check compares: its measure's, or seconds for a tempo."""
    return unit_of(exercise, check.measure) if check.measure else "seconds"


def _source(source: SourceInfo, result: SessionResult, provenance: types.Provenance) -> types.Source:
    return types.Source(
        path=shown(source.path),
        duration_s=finite(result.duration_s if result.frames else source.duration_s),
        frames=result.frames,
        width=source.width,
        height=source.height,
        model=provenance.model,
        fps=finite(source.fps),
        is_still=source.is_still,
        warnings=[shown(warning) for warning in source.warnings],
    )


def _tracking(result: SessionResult) -> types.TrackingPart:
    return types.TrackingPart(
        person=_clamped(result.tracking.person),
        judged=_clamped(result.tracking.judged),
        view=result.tracking.view,
        view_ok=result.tracking.view_ok,
        problems=list(result.tracking.problems),
    )


def _doubts(exercise: Exercise, result: SessionResult) -> list[types.Unknown]:
    return [
        types.Unknown(
            id=doubt.check, reason=doubt.reason, share=_clamped(doubt.share), name=_name(exercise, doubt.check)
        )
        for doubt in result.doubts
    ]


def _marks(verdicts: Sequence[Verdict]) -> list[types.FaultMark]:
    return [
        types.FaultMark(
            id=verdict.check,
            value=finite(verdict.value),
            limit=finite(verdict.limit),
            margin=finite(verdict.margin),
            at_s=finite(verdict.at_s),
        )
        for verdict in verdicts
        if verdict.state == "fault"
    ]


def _unknowns(exercise: Exercise, verdicts: Sequence[Verdict]) -> list[types.UnknownMark]:
    marks = []
    for verdict in verdicts:
        if verdict.state != "unknown":
            continue
        reason = verdict.reason or NOT_MEASURED
        check = exercise.checks.get(verdict.check)
        views = views_of(exercise, check) if check and reason.startswith(NOT_FROM_HERE) else None
        marks.append(
            types.UnknownMark(id=verdict.check, reason=reason, views=list(views or ()), joints=joints_in(reason))
        )
    return marks


def joints_in(reason: str) -> list[str]:
    """The landmarks that a reason ("left elbow hidden") is about, by the model's names."""
    words = f" {reason} "
    return [name for name in LANDMARK_NAMES if f" {name.replace('_', ' ')} " in words]


def _good(exercise: Exercise, item: Rep | Hold) -> bool | None:
    """Good as the person was told during the exercise: no major fault. None when not one check could be judged."""
    return None if item.score is None else is_good(exercise, item.verdicts)


def _reps(exercise: Exercise, result: SessionResult) -> types.Reps:
    items = [
        types.RepItem(
            index=rep.index,
            side=rep.side,
            start_s=_number(rep.start_s),
            end_position_s=_number(rep.end_position_s),
            end_s=_number(rep.end_s),
            range=types.RangeOfMotion(measure=rep.measure, start=_number(rep.range_from), to=_number(rep.range_to)),
            out_s=finite(rep.out_s),
            hold_s=finite(rep.hold_s),
            return_s=finite(rep.return_s),
            time_doubt=rep.time_doubt,
            score=finite(rep.score),
            faults=_marks(rep.verdicts),
            good=_good(exercise, rep),
            unknown=_unknowns(exercise, rep.verdicts),
        )
        for rep in result.reps
    ]
    two_sided = exercise.reps is not None and exercise.reps.sides != "none"
    return types.Reps(
        count=len(items),
        good=sum(item.good is True for item in items),
        left=sum(item.side == "left" for item in items) if two_sided else None,
        right=sum(item.side == "right" for item in items) if two_sided else None,
        items=items,
        attempts=[
            types.AttemptItem(start_s=_number(a.start_s), end_s=_number(a.end_s), reason=a.reason, side=a.side)
            for a in result.attempts
        ],
        range_error=exercise.reps.range_error if exercise.reps is not None else None,
    )


def _holds(exercise: Exercise, result: SessionResult) -> types.Holds:
    items = [
        types.HoldItem(
            side=hold.side,
            start_s=_number(hold.start_s),
            end_s=_number(hold.end_s),
            duration_s=_number(hold.duration_s),
            score=finite(hold.score),
            faults=_marks(hold.verdicts),
            good=_good(exercise, hold),
            unknown=_unknowns(exercise, hold.verdicts),
        )
        for hold in result.holds
    ]
    two_sided = exercise.hold is not None and exercise.hold.side is not None
    return types.Holds(
        total_s=sum(item.duration_s for item in items),
        longest_s=max((item.duration_s for item in items), default=0.0),
        items=items,
        left_s=sum(item.duration_s for item in items if item.side == "left") if two_sided else None,
        right_s=sum(item.duration_s for item in items if item.side == "right") if two_sided else None,
    )


def _faults(exercise: Exercise, result: SessionResult, source: SourceInfo) -> list[types.Fault]:
    """Only what a physiotherapist would bring up, the gravest and most frequent first."""
    held_s = sum(hold.duration_s for hold in result.holds)
    faults = []
    for name, check in exercise.checks.items():
        reps = [rep.index for rep in result.reps if any(v.check == name for v in rep.faults)]
        holds = [number for number, hold in enumerate(result.holds, 1) if any(v.check == name for v in hold.faults)]
        seconds = _number(result.held_fault_s.get(name, 0.0))
        if exercise.reps is not None and result.reps:
            share = len(reps) / len(result.reps)
            worth = bool(reps) and (len(result.reps) < FEW_REPS or share >= REPS_SHARE - 1e-9)
        elif held_s > 0:
            share = min(1.0, seconds / held_s)
            # what never lasted long enough to cost a hold anything is not brought up against its score
            worth = bool(holds) and share >= HELD_SHARE - 1e-9
        else:
            share = _still_share(result.trace, name) if source.is_still else 0.0
            worth = share > 0
        if worth:
            fault = types.Fault(
                id=name,
                name=check.name,
                severity=check.severity,
                cue=check.cue,
                advice=check.advice,
                reps=reps or holds,
                seconds=seconds,
                share=share,
                unit=unit_of_check(exercise, check),  # type: ignore[arg-type]
            )
            faults.append(fault)
    return sorted(faults, key=lambda fault: (fault.severity != "major", -fault.share))


def _still_share(trace: Trace, check: str) -> float:
    """Share of a picture's frames (there is one) in which a check is at fault."""
    states = trace.checks.get(check)
    return float((states == -1).mean()) if states is not None and len(states) else 0.0


def _something_judged(trace: Trace) -> bool:
    return any(bool(np.isin(states, (1, -1)).any()) for states in trace.checks.values())


def _measures(exercise: Exercise, trace: Trace) -> dict[str, types.MeasureSummary]:
    active = np.array([stage == "active" for stage in trace.stage], dtype=bool)
    result = {}
    for name, values in trace.measures.items():
        if name not in exercise.measures:
            continue
        chosen = values[active] if active.any() else values
        chosen = chosen[np.isfinite(chosen)]
        if len(chosen):
            result[name] = types.MeasureSummary(
                min=float(chosen.min()),
                median=float(np.median(chosen)),
                max=float(chosen.max()),
                unit=unit_of(exercise, name),
                label=label_of(exercise, name),
            )
    return result


def _check_info(exercise: Exercise, name: str, check: Check) -> types.CheckInfo:
    return types.CheckInfo(
        id=name,
        name=check.name,
        whether=check.whether,
        severity=check.severity,
        unit=unit_of_check(exercise, check),  # type: ignore[arg-type]
        measure=check.measure,
        ok=str(check.ok),
        fault=str(check.fault),
        judged=check.judged,
    )
