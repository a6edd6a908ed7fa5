"""From spans of time to judged reps and holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posturecam.form.conditions import unit_of
from posturecam.form.phases import HoldSpan, RepSpan
from posturecam.form.recording import Recording
from posturecam.form.scoring import judge_hold, judge_rep, score_of
from posturecam.model import FloatArray, Hold, Rep, View
from posturecam.spec.schema import Exercise


def judged_rep(exercise: Exercise, span: RepSpan, recording: Recording, index: int, view: View) -> Rep:
    """Judge a finished rep; ``index`` counts from 1, ``view`` is where the camera stands."""
    assert exercise.reps is not None
    verdicts = judge_rep(exercise, span, recording, view)
    first, last = span.visits[0][1], span.visits[-1][1]
    # cycles are found on the drive as measured, before its calibration
    offset = recording.offsets.get(exercise.reps.drive, 0.0) if exercise.reps.cycle else 0.0
    return Rep(
        index=index,
        side=span.side,
        start_s=span.start_s,
        end_position_s=first.peak_s,
        end_s=span.end_s,
        measure=exercise.reps.drive,
        range_from=span.from_value - offset,
        range_to=span.to_value - offset,
        down_s=first.reached_s - span.start_s,
        hold_s=sum(visit.departed_s - visit.reached_s for _, visit in span.visits),
        up_s=last.returned_s - last.departed_s,
        verdicts=verdicts,
        score=score_of(exercise, verdicts),
    )


SETTLING_S = 3.0
STEADY = 3.0
PASSING_S = 0.3
# 3 % of a torso is a joint's own error in the picture (docs/accuracy.md), and about 2 degrees on a limb
ARRIVED: Mapping[str, float] = {"degrees": 2.0, "torso": 0.03, "ratio": 0.03}


def settled(exercise: Exercise, span: HoldSpan, recording: Recording) -> HoldSpan:
    """The hold without the ways into and out of the position, which already meet its deliberately loose conditions.

    It begins when every measure of its conditions, and then every one that its ``settling`` names, has first come near its
    median over the hold, and ends when one departs from it for good; near is within three times the measure's own unrest.
    Arriving and leaving may take three seconds each, and again three for ``settling``.
    """
    assert exercise.hold is not None
    wanted = {**exercise.setup.position, **exercise.hold.position}
    # what need not be seen guards against other movements: it is not the position
    position = [name for name in wanted if not wanted[name].if_seen]
    start_s, end_s = _stay(exercise, span, recording, position, (span.start_s, span.end_s))
    start_s, end_s = _stay(exercise, span, recording, exercise.hold.settling, (start_s, end_s))
    if end_s <= start_s:
        return span
    gaps = tuple((max(a, start_s), min(b, end_s)) for a, b in span.gaps if b > start_s and a < end_s)
    return replace(span, start_s=start_s, end_s=end_s, gaps=gaps)


def _stay(
    exercise: Exercise, span: HoldSpan, recording: Recording, names: Iterable[str], bounds: tuple[float, float]
) -> tuple[float, float]:
    """Start and end of the time in ``bounds`` in which the measures ``names`` are near their medians over the hold."""
    start_s, end_s = bounds
    for name in names:
        stretch = recording.stretch(name, span.start_s, span.end_s, span.side)
        seen = ~np.isnan(stretch.values)
        if not seen.any():
            continue
        t_s, values = stretch.t_s[seen], stretch.values[seen]
        off = np.abs(values - np.median(values))
        there = _stays(t_s, off <= max(ARRIVED[unit_of(exercise, name)], STEADY * float(np.median(off))))
        if not len(there):
            continue
        # who takes longer than that is not arriving: that is how this hold is
        if there[0] - bounds[0] <= SETTLING_S:
            start_s = max(start_s, float(there[0]))
        if bounds[1] - there[-1] <= SETTLING_S:
            end_s = min(end_s, float(there[-1]))
    return start_s, end_s


def _stays(t_s: FloatArray, near: NDArray[np.bool_]) -> FloatArray:
    """The times of ``t_s`` (n,) that belong to a stay of ``near`` (n,), and not to a passing through."""
    edges = np.flatnonzero(np.diff(near, prepend=False, append=False)).reshape(-1, 2)
    stays = [t_s[first:last] for first, last in edges if t_s[last - 1] - t_s[first] >= PASSING_S]
    return np.concatenate(stays) if stays else t_s[:0]


def judged_hold(exercise: Exercise, span: HoldSpan, recording: Recording, view: View) -> Hold:
    """Judge a finished hold."""
    span = settled(exercise, span, recording)
    verdicts = judge_hold(exercise, span, recording, view)
    return Hold(span.side, span.start_s, span.end_s, span.duration_s, verdicts, score_of(exercise, verdicts))
