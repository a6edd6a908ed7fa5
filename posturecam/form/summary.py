"""Summing a session up: what was seen, what could not be judged, how good it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from posturecam.model import (
    Attempt,
    Doubt,
    FloatArray,
    Hold,
    Rep,
    SessionResult,
    Trace,
    Tracking,
    Verdict,
    View,
)
from posturecam.spec.schema import Exercise

PROBLEM_SHARE = 0.1


class Tally:
    """Counts, over the session, what was seen from where and what would have helped."""

    def __init__(self) -> None:
        self.frames = 0
        self.with_person = 0
        self.judged = 0
        self.views: Counter[View] = Counter()
        self.guidance: Counter[str] = Counter()

    def frame(self, view: View, guidance: str | None, *, person: bool, judged: bool) -> None:
        """Count one frame."""
        self.frames += 1
        self.with_person += person
        self.judged += judged
        if person:
            self.views[view] += 1
        if guidance:
            self.guidance[guidance] += 1

    def tracking(self, exercise: Exercise) -> Tracking:
        """Turn the counts into shares and sentences."""
        frames = max(1, self.frames)
        view: View = self.views.most_common(1)[0][0] if self.views else "unknown"
        problems = tuple(
            f"{text} ({count / frames:.0%} of the time)"
            for text, count in self.guidance.most_common()
            if count / frames >= PROBLEM_SHARE
        )
        return Tracking(
            person=self.with_person / frames,
            judged=self.judged / frames,
            view=view,
            view_ok=view in exercise.camera.view if self.views else None,
            problems=problems,
        )


def doubts(verdicts: Iterable[Verdict]) -> tuple[Doubt, ...]:
    """Sum up what could not be judged: per check its share among the reps or holds it was asked of, and the usual reason."""
    asked: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = {}
    for verdict in verdicts:
        asked[verdict.check] += 1
        if verdict.state == "unknown":
            reasons.setdefault(verdict.check, Counter())[verdict.reason or ""] += 1
    return tuple(
        Doubt(check, counts.most_common(1)[0][0], counts.total() / asked[check]) for check, counts in reasons.items()
    )


def frame_seconds(t_s: FloatArray) -> FloatArray:
    """Seconds (n,) that each frame at ``t_s`` (n,) stands for: those since the frame before, half a second at the most."""
    # a frame stands for the time since the one before, but a gap in the source is nobody's held time
    seconds: FloatArray = np.minimum(np.diff(t_s, prepend=t_s[:1]), 0.5)
    return seconds


def held_fault_seconds(exercise: Exercise, holds: Sequence[Hold], trace: Trace) -> dict[str, float]:
    """Seconds of held time spent in each fault; checks without any are left out.

    A check that takes one value of the whole hold (its median, its highest) is a fault of the whole hold or of none of it: what
    it reads on the way there is no fault yet.
    """
    seconds = frame_seconds(trace.t_s)
    held = np.zeros(len(trace.t_s), dtype=bool)
    for hold in holds:
        held |= (trace.t_s >= hold.start_s) & (trace.t_s <= hold.end_s)
    totals = {name: float(seconds[held & (states == -1)].sum()) for name, states in trace.checks.items()}
    for name in totals:
        if exercise.checks[name].take not in (None, "lasting"):
            totals[name] = sum(hold.duration_s for hold in holds if any(v.check == name for v in hold.faults))
    return {name: total for name, total in totals.items() if total > 0}


def session_score(exercise: Exercise, reps: tuple[Rep, ...], holds: tuple[Hold, ...]) -> float | None:
    """Mean score of the reps, or of the holds by their length; None when nothing was judged."""
    if exercise.hold is None:
        scores = [rep.score for rep in reps if rep.score is not None]
        return sum(scores) / len(scores) if scores else None
    judged = [(hold.score, hold.duration_s) for hold in holds if hold.score is not None]
    total = sum(duration for _, duration in judged)
    return sum(score * duration for score, duration in judged) / total if total > 0 else None


def summarise(
    exercise: Exercise,
    reps: tuple[Rep, ...],
    attempts: tuple[Attempt, ...],
    holds: tuple[Hold, ...],
    trace: Trace,
    tally: Tally,
    *,
    interrupted: bool,
) -> SessionResult:
    """Everything the session came to."""
    verdicts = [v for rep in reps for v in rep.verdicts] + [v for hold in holds for v in hold.verdicts]
    return SessionResult(
        exercise=exercise.id,
        variant=exercise.variant,
        reps=reps,
        attempts=attempts,
        holds=holds,
        held_fault_s=held_fault_seconds(exercise, holds, trace),
        doubts=doubts(verdicts),
        tracking=tally.tracking(exercise),
        trace=trace,
        frames=tally.frames,
        duration_s=float(trace.t_s[-1]) if len(trace.t_s) else 0.0,
        score=session_score(exercise, reps, holds),
        interrupted=interrupted,
    )
