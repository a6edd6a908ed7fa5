"""Summing a session up: what was seen, what could not be judged, how good it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from posturecam.judging.framing import guidance
from posturecam.judging.verdicts import TEMPO_GAP_S
from posturecam.kinematics.track import VIEWS, Track
from posturecam.language import stored
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
GAP_S = 0.3
"""Time without a picture from which on it is named, seconds: shorter ones are told rep by rep."""
GAPS_NAMED = 3


def time_problems(t_s: FloatArray) -> list[str]:
    """Sentences on where frames are too few for a tempo: each of the longest gaps, or the rate when that is too low."""
    steps = np.diff(t_s)
    if not len(steps):
        return []
    usual_s = float(np.median(steps))
    if usual_s > TEMPO_GAP_S:
        rate = f"{1 / usual_s:.2g}"
        return [stored("Only {rate} pictures per second, so tempo is not known", rate=rate)]
    gaps = np.flatnonzero(steps > max(GAP_S, 3 * usual_s))
    longest = np.sort(gaps[np.argsort(-steps[gaps])][:GAPS_NAMED])
    said = [
        stored(
            "No pictures for {gap} s after {start} s, so tempo is not known there",
            gap=f"{steps[row]:.1f}",
            start=f"{t_s[row]:.1f}",
        )
        for row in longest
    ]
    if len(gaps) > GAPS_NAMED:
        said.append(stored("{number} gaps without pictures in all", number=len(gaps)))
    return said


def tracking(exercise: Exercise, track: Track, judging: NDArray[np.bool_]) -> Tracking:
    """How well the person was seen, in shares of the frames, and what would have helped, in sentences.

    ``judging`` (n,) tells the rows in which something was judged.
    """
    frames = max(1, len(track))
    advice = Counter(text for text in guidance(exercise, track) if text)
    views = Counter(track.view[track.seen].tolist())
    view: View = VIEWS[views.most_common(1)[0][0]] if views else "unknown"
    return Tracking(
        person=float(track.seen.sum()) / frames,
        judged=float(judging.sum()) / frames,
        view=view,
        view_ok=view in exercise.camera.view if views else None,
        problems=(
            *(
                stored("{problem} ({share} of the time)", problem=text, share=f"{count / frames:.0%}")
                for text, count in advice.most_common()
                if count / frames >= PROBLEM_SHARE
            ),
            *time_problems(track.t_s),
        ),
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
    # a gap in the source is nobody's held time
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
    trace: Trace,
    seen: Tracking,
    reps: tuple[Rep, ...],
    holds: tuple[Hold, ...],
    attempts: tuple[Attempt, ...],
    *,
    interrupted: bool,
) -> SessionResult:
    """Everything the session came to, of a person ``seen`` so well."""
    verdicts = [v for rep in reps for v in rep.verdicts] + [v for hold in holds for v in hold.verdicts]
    return SessionResult(
        exercise=exercise.id,
        variant=exercise.variant,
        reps=reps,
        attempts=attempts,
        holds=holds,
        held_fault_s=held_fault_seconds(exercise, holds, trace),
        doubts=doubts(verdicts),
        tracking=seen,
        trace=trace,
        frames=len(trace.t_s),
        duration_s=float(trace.t_s[-1]) if len(trace.t_s) else 0.0,
        score=session_score(exercise, reps, holds),
        interrupted=interrupted,
    )
