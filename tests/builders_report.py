"""Sessions, frame results and reports by hand, for the tests of what shows and writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import cv2
import numpy as np

from posturecam.model import (
    Attempt,
    Cue,
    Doubt,
    Frame,
    FrameResult,
    Hold,
    ImageArray,
    Measurement,
    Pose,
    Progress,
    Rep,
    SessionResult,
    SourceInfo,
    Trace,
    Tracking,
    Verdict,
)
from posturecam.report.build import build_report, make_provenance
from posturecam.report.types import Report
from posturecam.spec.schema import Exercise

CREATED = datetime.fromisoformat("2026-03-01T10:00:00+00:00")

PUSH_UP: dict[str, Any] = {
    "id": "push_up",
    "name": "Push-up",
    "variant": "floor",
    "variant_name": "On the toes",
    "category": "strengthen",
    "position": "prone",
    "camera": {"view": ["side"], "advice": "From the side, at knee height."},
    "dose": {"reps": 8},
    "measures": {
        "elbow": {"angle": ["near.shoulder", "near.elbow", "near.wrist"], "label": "Elbow angle"},
        "hip_line": {
            "line_offset": "near.hip",
            "of": ["near.shoulder", "near.ankle"],
            "towards": "up",
            "label": "Hip above the line",
        },
    },
    "setup": {"position": {"elbow": ">= 20"}},
    "reps": {"drive": "elbow", "from": "high", "min_range": 25},
    "checks": {
        "hips_sagging": {
            "name": "Hips sagging",
            "measure": "hip_line",
            "during": "rep",
            "ok": ">= -0.06",
            "fault": "< -0.12",
            "severity": "major",
            "cue": "Lift your hips",
            "advice": "Tighten your stomach.",
        },
        "not_low_enough": {
            "name": "Not low enough",
            "measure": "elbow",
            "at": "end",
            "ok": "<= 95",
            "fault": "> 100",
            "severity": "major",
            "cue": "Bend lower",
        },
        "too_fast": {
            "name": "Too fast",
            "tempo": "out",
            "ok": ">= 0.8",
            "fault": "< 0.5",
            "cue": "Slow down",
        },
    },
}


def push_up(**changes: Any) -> Exercise:
    """A push-up with a major fault of each kind of unit, and a minor one of tempo."""
    return Exercise.model_validate({**PUSH_UP, **changes})


def plank(**changes: Any) -> Exercise:
    """A plank of 30 s that sags or not."""
    check = {**PUSH_UP["checks"]["hips_sagging"], "during": "hold"}
    spec = {**PUSH_UP, "id": "plank", "name": "Plank", "dose": {"seconds": 30}, "checks": {"hips_sagging": check}}
    del spec["reps"]
    return Exercise.model_validate({**spec, "hold": {"while": {"hip_line": "-0.4..0.4"}}, **changes})


def two_sided(**changes: Any) -> Exercise:
    """The push-up counted left and right, which makes no sense but has sides."""
    return push_up(reps={"drive": "elbow", "from": "high", "sides": "active", "min_range": 25}, **changes)


def fault(check: str = "hips_sagging", value: float = -0.2, limit: float = -0.12, at_s: float | None = 1.0) -> Verdict:
    """A check at fault."""
    return Verdict(check, "fault", value, limit, 0.06, 0.0, None, at_s)


def right(check: str = "hips_sagging") -> Verdict:
    """A check that was passed."""
    return Verdict(check, "ok", 0.0, -0.12, 0.06, 1.0)


def unclear(check: str = "hips_sagging", reason: str = "left hip hidden") -> Verdict:
    """A check that could not be judged."""
    return Verdict(check, "unknown", reason=reason)


def make_rep(index: int = 1, *verdicts: Verdict, **changes: Any) -> Rep:
    """The ``index``-th rep of 2 s, 3 s after the one before; right unless verdicts say otherwise."""
    start = 3.0 * index
    values: dict[str, Any] = {
        "index": index,
        "side": None,
        "start_s": start,
        "end_position_s": start + 1.0,
        "end_s": start + 2.0,
        "measure": "elbow",
        "range_from": 168.0,
        "range_to": 84.0,
        "out_s": 0.9,
        "hold_s": 0.3,
        "return_s": 0.8,
        "verdicts": verdicts or (right(),),
        "score": 100.0 - 30.0 * sum(verdict.state == "fault" for verdict in verdicts),
    }
    return Rep(**{**values, **changes})


def make_hold(start_s: float, end_s: float, *verdicts: Verdict, **changes: Any) -> Hold:
    """A hold without gaps; right unless verdicts say otherwise."""
    values: dict[str, Any] = {
        "side": None,
        "duration_s": end_s - start_s,
        "verdicts": verdicts or (right(),),
        "score": 90.0,
    }
    return Hold(start_s=start_s, end_s=end_s, **{**values, **changes})


def make_trace(seconds: float = 20.0, fps: float = 10.0, checks: Mapping[str, Sequence[int]] | None = None) -> Trace:
    """A steady up and down of the elbow, in position throughout."""
    t_s = np.arange(0.0, seconds, 1.0 / fps)
    elbow = 125.0 + 43.0 * np.cos(t_s * 2.0)
    states = {name: np.asarray(values, np.int8) for name, values in (checks or {}).items()}
    return Trace(t_s, ("active",) * len(t_s), ("rest",) * len(t_s), (None,) * len(t_s), {"elbow": elbow}, states)


def make_session(
    reps: Sequence[Rep] = (), holds: Sequence[Hold] = (), attempts: Sequence[Attempt] = (), **changes: Any
) -> SessionResult:
    """A session of a push-up seen well from the side."""
    trace = changes.pop("trace", None) or make_trace()
    values: dict[str, Any] = {
        "exercise": "push_up",
        "variant": "floor",
        "held_fault_s": {},
        "doubts": (),
        "tracking": Tracking(0.99, 0.9, "side", True),
        "frames": len(trace.t_s),
        "duration_s": float(trace.t_s[-1]),
        "score": 87.0 if reps or holds else None,
    }
    return SessionResult(
        reps=tuple(reps), attempts=tuple(attempts), holds=tuple(holds), trace=trace, **{**values, **changes}
    )


SOURCE = SourceInfo("/home/ana/clips/morning set.mp4", 640, 480, fps=10.0, duration_s=20.0, frames=200)


def make_report(session: SessionResult | None = None, exercise: Exercise | None = None, **options: Any) -> Report:
    """The report of a session; by default 5 reps, of which the last two sag."""
    if session is None:
        good = [make_rep(index) for index in (1, 2, 3)]
        session = make_session(
            [*good, make_rep(4, fault(at_s=13.0)), make_rep(5, fault(value=-0.3, at_s=16.2))],
            attempts=[Attempt(18.0, 18.6, "moved 18 of the 25 degrees that count")],
            doubts=(Doubt("not_low_enough", "left elbow hidden", 0.4),),
        )
    source = options.pop("source", SOURCE)
    return build_report(
        exercise or push_up(), session, source, make_provenance(model="full"), created=CREATED, **options
    )


def picture(width: int = 320, height: int = 240) -> ImageArray:
    """A grey picture with some structure."""
    image = np.full((height, width, 3), 96, np.uint8)
    image[::8] = 120
    return image


def jpeg(width: int = 64, height: int = 48) -> bytes:
    """A real little JPEG picture."""
    return bytes(cv2.imencode(".jpg", picture(width, height))[1])


def make_frame(t_s: float = 0.0, width: int = 640, height: int = 480, index: int = 0) -> Frame:
    """A grey frame."""
    return Frame(index, t_s, picture(width, height))


def make_result(t_s: float = 0.0, pose: Pose | None = None, **changes: Any) -> FrameResult:
    """A frame in the middle of a push-up, seen from the side."""
    values: dict[str, Any] = {
        "stage": "active",
        "view": "side",
        "phase": "out",
        "measures": {"elbow": Measurement(120.0), "hip_line": Measurement(-0.2)},
        "verdicts": (),
        "progress": Progress(reps=3, good_reps=2, fraction=0.4),
        "near": "right",
        "focus": (12, 14, 16),
    }
    return FrameResult(t_s=t_s, pose=pose, **{**values, **changes})


def body(width: int = 640, height: int = 480) -> Pose:
    """Somebody in a push-up's start, in the middle of a picture of that size."""
    from tests import builders

    pose = builders.push_up()
    scale = min(width / pose.width, height / pose.height)
    points = (pose.points - [pose.width / 2, pose.height / 2]) * scale + [width / 2, height / 2]
    return replace(pose, points=points, width=width, height=height)


def cue(text: str = "Lift your hips", check: str | None = "hips_sagging", kind: str = "fault") -> Cue:
    """What the coach says."""
    return Cue(check, text, kind)  # type: ignore[arg-type]
