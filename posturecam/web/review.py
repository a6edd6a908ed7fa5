"""The physiotherapist's desk: the video beside the curves, and what is said of each rep."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from posturecam.app.rescore import exercise_for
from posturecam.app.review import export_truth, measured_verdict, parse_review, read_review, truth_of, write_review
from posturecam.app.stored import Stored
from posturecam.errors import CallError, PosturecamError
from posturecam.judging.judge import judge
from posturecam.language import gettext, inside, msgid
from posturecam.poses import PoseSequence, load
from posturecam.report.timeline import label_of
from posturecam.spec.ranges import Range
from posturecam.spec.references import unit_of
from posturecam.spec.schema import Exercise
from posturecam.web.pages import desk_of, guest_of, page
from posturecam.web.sessions import video_of

MOST_ROWS = 2400
"""So many points of a curve: more than a screen is wide."""
MOST_POSES = 900


def review(request: Request) -> Response:
    """The page."""
    stored = _stored(request)
    return page(
        request,
        "review.html.j2",
        stored=stored,
        has_video=video_of(stored) is not None,
        has_recording=_recording(stored) is not None,
    )


async def data(request: Request) -> Response:
    """Everything the page draws."""
    stored = _stored(request)
    return JSONResponse(await run_in_threadpool(_data, stored))


async def keep(request: Request) -> Response:
    """Keep what was said."""
    stored = _stored(request)
    write_review(stored, parse_review(await request.body(), stored.report))
    return JSONResponse({})


def truth(request: Request) -> Response:
    """The session as known truth, to be kept by the browser."""
    stored = _stored(request)
    recording = _recording(stored)
    entry = truth_of(stored.report, read_review(stored), recording.name if recording else f"{stored.session.id}.mp4")
    return JSONResponse([entry], headers={"content-disposition": 'attachment; filename="truth.json"'})


async def label(request: Request) -> Response:
    """Add the session to the user's folder of labelled clips."""
    stored = _stored(request)
    folder = desk_of(request).data / "labelled"
    await run_in_threadpool(export_truth, stored, read_review(stored), _recording(stored), folder)
    return JSONResponse({"command": f"posturecam specs test {stored.report.exercise} --clips {folder}"})


def _recording(stored: Stored) -> Path | None:
    path = video_of(stored, annotated=False)
    return path if path is not None and path.name.startswith("recording") else None


def _data(stored: Stored) -> dict[str, Any]:
    report = stored.report
    items = [
        {
            "start_s": one.start_s,
            "end_s": one.end_s,
            "at_s": getattr(one, "end_position_s", None),
            "side": one.side,
            "score": one.score,
            "verdicts": {
                check.id: measured_verdict(report, number, check.id) for check in report.checks if check.judged
            },
            "values": {fault.id: [fault.value, fault.limit, fault.at_s] for fault in one.faults},
        }
        for number, one in enumerate(report.judged_items, 1)
    ]
    return {
        "kind": report.kind,
        "two_sided": report.reps.left is not None or report.holds.left_s is not None,
        "duration_s": report.source.duration_s or 0.0,
        "fps": report.source.fps or 0.0,
        "items": items,
        "attempts": [[one.start_s, one.end_s, one.reason] for one in report.reps.attempts],
        "checks": {check.id: gettext(check.name) for check in report.checks if check.judged},
        "review": read_review(stored).model_dump(by_alias=True),
        **_measured(stored),
    }


def _measured(stored: Stored) -> dict[str, Any]:
    """Curves and poses; empty where the landmarks or the exercise are not there any more."""
    nothing: dict[str, Any] = {"t_s": [], "curves": [], "poses": [], "pose_t_s": [], "size": [4, 3]}
    if not stored.session.has_landmarks:
        return nothing
    try:
        exercise = exercise_for(stored.session, stored.report, None, None, lambda _line: None)
        kept = load(stored.session.landmarks_path)
    except PosturecamError:
        return nothing
    if not len(kept.poses):
        return nothing
    judgement = judge(exercise, kept.poses, still=kept.info.is_still, doubted=kept.info.times_doubted)
    measures = judgement.trace().measures
    rows = _rows(len(kept.poses), MOST_ROWS)
    curves = [
        {**about, "values": _numbers(measures[name][rows])}
        for name, about in _curves(exercise)
        if name in measures and np.isfinite(measures[name]).any()
    ]
    return {"t_s": _numbers(kept.poses.t_s[rows]), "curves": curves, **_poses(kept.poses)}


def _curves(exercise: Exercise) -> list[tuple[str, dict[str, Any]]]:
    """Measure, and label, unit and limits of each curve: the one that counts, then one for each check."""
    signal = exercise.reps.signal if exercise.reps is not None else None
    found: list[tuple[str, dict[str, Any]]] = []
    if signal:
        label = gettext("{measure}: what is counted on", measure=gettext(label_of(exercise, signal)))
        found.append((signal, {"label": label, "unit": unit_of(exercise, signal), "bands": []}))
    for check in exercise.checks.values():
        if check.measure is not None and check.judged:
            name = gettext(check.name)
            label = f"{gettext(label_of(exercise, check.measure))}: {inside(name)}"
            band = {"name": name, "ok": _bounds(check.ok), "fault": _bounds(check.fault)}
            found.append((check.measure, {"label": label, "unit": unit_of(exercise, check.measure), "bands": [band]}))
    return found


def _bounds(limits: Range) -> list[float | None]:
    return [None if math.isinf(limits.low) else limits.low, None if math.isinf(limits.high) else limits.high]


def _poses(poses: PoseSequence) -> dict[str, Any]:
    """The bodies as shares of the picture, for where there is no video."""
    rows = _rows(len(poses), MOST_POSES)
    shares = poses.points[rows] / poses.size[rows][:, None, :]
    bodies = [np.round(one, 3).tolist() if seen else None for one, seen in zip(shares, poses.seen[rows], strict=True)]
    bodies = [one if one is not None and np.isfinite(one).all() else None for one in bodies]
    return {"poses": bodies, "pose_t_s": _numbers(poses.t_s[rows]), "size": poses.size[0].tolist()}


def _rows(count: int, most: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.int64))


def _numbers(values: NDArray[Any]) -> list[float | None]:
    return [round(value, 3) if math.isfinite(value) else None for value in values.astype(float).tolist()]


def _stored(request: Request) -> Stored:
    stored = desk_of(request).session(request.path_params["session"], guest_of(request))
    if not stored.report.judged_items and not stored.session.has_landmarks:
        raise CallError(msgid("There is nothing in this session that could be reviewed."))
    return stored


ROUTES = (
    Route("/sessions/{session}/review", review),
    Route("/sessions/{session}/review", keep, methods=["PUT"]),
    Route("/sessions/{session}/review/data", data),
    Route("/sessions/{session}/review/truth", truth),
    Route("/sessions/{session}/review/label", label, methods=["POST"]),
)
