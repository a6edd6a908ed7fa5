"""The value types that flow through the program, and the names of the 33 landmarks.

Coordinate frames
-----------------
image
    Pixels of the upright (rotation applied), unmirrored frame: x to the right, y **down**, origin in the upper left corner.
world
    Metres, MediaPipe's world landmarks: origin between the hips, x to the image's right, y **down**, z away from the camera.
Times are seconds on the source's own clock, strictly increasing. Angles are degrees, other lengths are torso lengths
(mid-shoulder to mid-hip). ``NaN`` in an array means "not seen"; ``None`` means "does not apply or is not known".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
ImageArray = NDArray[np.uint8]

LANDMARK_NAMES: tuple[str, ...] = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
"""MediaPipe's order of landmarks; "left" is the person's own left."""

LANDMARK_INDEX: Mapping[str, int] = {name: index for index, name in enumerate(LANDMARK_NAMES)}
LANDMARK_COUNT = len(LANDMARK_NAMES)
SHOULDERS, ELBOWS, WRISTS, HIPS, ANKLES = (
    [LANDMARK_INDEX[f"{side}_{part}"] for side in ("left", "right")]
    for part in ("shoulder", "elbow", "wrist", "hip", "ankle")
)
"""The left and the right landmark of a part of the body."""
CONTOUR_SAMPLES = 15

State = Literal["ok", "fault", "unknown"]
Side = Literal["left", "right"]
Severity = Literal["major", "minor"]
View = Literal["side", "front", "back", "oblique", "unknown"]
Stage = Literal["nobody", "framing", "set_up", "active", "paused"]
"""Where the session stands: nobody seen; seen, but the camera cannot judge from there; getting into position; counting;
out of position after having been in it."""


STAGES: tuple[Stage, ...] = ("nobody", "framing", "set_up", "active", "paused")
"""Stages by their codes in arrays."""
Phase = Literal["", "rest", "out", "end", "return", "hold"]
"""Where in a rep a frame lies: at rest, on the way out, near the end position, on the way back; in a hold; "" outside."""
PHASES: tuple[Phase, ...] = ("", "rest", "out", "end", "return", "hold")
"""Phases by their codes in arrays."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture of the source: ``image`` is RGB, shape (height, width, 3), already upright."""

    index: int
    t_s: float
    image: ImageArray


@dataclass(frozen=True, eq=False)
class Pose:
    """The body found in one frame.

    ``points`` (33, 2) image frame, pixels; ``world`` (33, 3) world frame, metres; ``visibility`` (33,) 0..1 as MediaPipe says
    it (field notes: it stays high for hidden joints, so it is only one of the gates). ``width`` and ``height`` are the
    image's size in pixels. ``contour`` (2, 15), or None when no silhouette was asked for: how far the silhouette reaches
    from the mid-shoulder to mid-hip line at 15 evenly spaced points between them, in units of that line's length; row 0 to
    the left and row 1 to the right of somebody who walks from shoulder to hip in the picture; NaN where the line's point lies
    outside the silhouette.
    """

    points: FloatArray
    world: FloatArray
    visibility: FloatArray
    width: int
    height: int
    contour: FloatArray | None = None


@dataclass(frozen=True)
class Measurement:
    """One measured quantity in one frame: ``value`` is NaN when it could not be measured, and ``problem`` says why."""

    value: float
    problem: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What one check says of one frame, rep or hold.

    ``value``, ``limit`` and ``margin`` are in the measure's unit (degrees, torso lengths or seconds); ``margin`` is the width of
    the band between clearly right and clearly wrong. ``value`` is None when the check could not be measured. ``marks`` runs
    from 0 (fault) to 1 (right). ``reason`` says why the state is unknown. ``at_s`` is the moment of the worst value.
    """

    check: str
    state: State
    value: float | None = None
    limit: float | None = None
    margin: float | None = None
    marks: float = 1.0
    reason: str | None = None
    at_s: float | None = None


@dataclass(frozen=True)
class Rep:
    """A counted repetition: ``start_s`` leaves rest, ``end_position_s`` is its extreme, ``end_s`` is back at rest.

    ``range_from`` and ``range_to`` are the counted measure's values at rest and at the extreme. ``hold_s`` is the time spent
    near the end position, ``out_s`` and ``return_s`` the ways there and back; None where times are in doubt, for the
    reason ``time_doubt``.
    """

    index: int
    side: Side | None
    start_s: float
    end_position_s: float
    end_s: float
    measure: str
    range_from: float
    range_to: float
    out_s: float | None
    hold_s: float | None
    return_s: float | None
    verdicts: tuple[Verdict, ...] = ()
    score: float | None = None
    time_doubt: str | None = None

    @property
    def faults(self) -> tuple[Verdict, ...]:
        """The verdicts that are faults."""
        return tuple(verdict for verdict in self.verdicts if verdict.state == "fault")


@dataclass(frozen=True)
class Attempt:
    """A clear movement that was not counted, with the ``reason`` in words."""

    start_s: float
    end_s: float
    reason: str
    side: Side | None = None


@dataclass(frozen=True)
class Hold:
    """A timed hold of the position; ``duration_s`` leaves out the gaps that the grace bridged."""

    side: Side | None
    start_s: float
    end_s: float
    duration_s: float
    verdicts: tuple[Verdict, ...] = ()
    score: float | None = None

    @property
    def faults(self) -> tuple[Verdict, ...]:
        """The verdicts that are faults."""
        return tuple(verdict for verdict in self.verdicts if verdict.state == "fault")


@dataclass(frozen=True)
class Cue:
    """What to tell the person now: ``text`` short enough to be spoken, ``kind`` tells fault, praise or guidance apart."""

    check: str | None
    text: str
    kind: Literal["fault", "praise", "guidance"]


@dataclass(frozen=True)
class Progress:
    """How far the person has come: counts so far, and ``fraction`` 0..1 of the way from rest to the end position."""

    reps: int = 0
    good_reps: int = 0
    left: int | None = None
    right: int | None = None
    hold_s: float = 0.0
    total_hold_s: float = 0.0
    fraction: float | None = None


@dataclass(frozen=True, eq=False)
class FrameResult:
    """Everything the program knows after one frame; what sinks draw, speak and store.

    ``pose`` is the smoothed pose or None when nobody is seen. ``end`` names the end position that ``phase`` belongs to,
    for exercises that name theirs (cat and cow). ``verdicts`` are this frame's; ``focus`` holds the landmark indices
    whose angle or distance is being judged (the counted one, or the worst fault), for drawing. ``finished_reps``,
    ``finished_holds`` and ``attempts`` are those that ended with this frame. ``guidance`` tells what to change about
    camera or position while nothing can be judged.
    """

    t_s: float
    pose: Pose | None
    stage: Stage
    view: View
    phase: Phase
    measures: Mapping[str, Measurement]
    verdicts: tuple[Verdict, ...]
    progress: Progress
    end: str | None = None
    side: Side | None = None
    near: Side = "left"
    cue: Cue | None = None
    guidance: str | None = None
    focus: tuple[int, ...] = ()
    finished_reps: tuple[Rep, ...] = ()
    finished_holds: tuple[Hold, ...] = ()
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, eq=False)
class Trace:
    """The session over time, for charts and the timeline: every array has one entry a frame.

    ``t_s`` (n,) seconds; ``stage``, ``phase`` and ``end`` (the end position a phase belongs to) their names;
    ``measures`` name -> (n,) values, NaN where not measured; ``checks`` check id -> (n,) int8: 1 ok, 0 too close to
    call or not asked for, -1 fault, -2 unknown.
    """

    t_s: FloatArray
    stage: tuple[Stage, ...]
    phase: tuple[Phase, ...]
    end: tuple[str | None, ...]
    measures: Mapping[str, FloatArray]
    checks: Mapping[str, NDArray[np.int8]]


@dataclass(frozen=True)
class Doubt:
    """A check that could not be judged for a ``share`` (0..1) of the time or reps it was asked for, and why."""

    check: str
    reason: str
    share: float


@dataclass(frozen=True)
class Tracking:
    """How well the person was seen: shares (0..1) of the frames with a person and of those in which something was judged.

    ``view`` is where the camera mostly stood, ``view_ok`` whether the exercise can be judged from there (None: nobody seen),
    ``problems`` sentences for the report.
    """

    person: float
    judged: float
    view: View
    view_ok: bool | None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class SessionResult:
    """All that one session came to; what the report is built from. ``score`` (0..100) is None when nothing was judged.

    ``held_fault_s`` check id -> seconds of held time (or of time in position) spent in that fault. ``duration_s`` is the last
    frame's time. ``interrupted`` tells a session that the user ended early.
    """

    exercise: str
    variant: str | None
    reps: tuple[Rep, ...]
    attempts: tuple[Attempt, ...]
    holds: tuple[Hold, ...]
    held_fault_s: Mapping[str, float]
    doubts: tuple[Doubt, ...]
    tracking: Tracking
    trace: Trace
    frames: int
    duration_s: float
    score: float | None
    interrupted: bool = False


Times = Literal["known", "mended", "missing"]
"""Where a source's times come from: its own, its own with mends that may be wrong by more than a frame, or a guessed rate."""


@dataclass(frozen=True)
class SourceInfo:
    """What is known about a source: ``duration_s`` and ``frames`` are None while unknown (a camera).

    ``is_still`` marks a single picture. ``warnings`` and ``times`` may change while the source is read (a truncated file), so
    read them last.
    """

    path: str
    width: int
    height: int
    fps: float | None = None
    duration_s: float | None = None
    frames: int | None = None
    is_still: bool = False
    warnings: list[str] = field(default_factory=list)
    times: Times = "known"

    @property
    def times_doubted(self) -> str | None:
        """Why no time of the source can be trusted, None when they can."""
        return {"missing": "the recording holds no times", "mended": "the recording's times had to be mended"}.get(
            self.times
        )
