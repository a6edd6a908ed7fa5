"""From spans of time to judged reps and holds."""

from __future__ import annotations

from posturecam.form.phases import HoldSpan, RepSpan
from posturecam.form.recording import Recording
from posturecam.form.scoring import judge_hold, judge_rep, score_of
from posturecam.model import Hold, Rep, View
from posturecam.spec.schema import Exercise


def judged_rep(exercise: Exercise, span: RepSpan, recording: Recording, index: int, view: View) -> Rep:
    """Judge a finished rep; ``index`` counts from 1, ``view`` is where the camera stands."""
    assert exercise.reps is not None
    verdicts = judge_rep(exercise, span, recording, view)
    first, last = span.visits[0][1], span.visits[-1][1]
    return Rep(
        index=index,
        side=span.side,
        start_s=span.start_s,
        end_position_s=first.peak_s,
        end_s=span.end_s,
        measure=exercise.reps.drive,
        range_from=span.from_value - recording.offsets.get(exercise.reps.drive, 0.0) * exercise.reps.cycle,
        range_to=span.to_value - recording.offsets.get(exercise.reps.drive, 0.0) * exercise.reps.cycle,
        down_s=first.reached_s - span.start_s,
        hold_s=sum(visit.departed_s - visit.reached_s for _, visit in span.visits),
        up_s=last.returned_s - last.departed_s,
        verdicts=verdicts,
        score=score_of(exercise, verdicts),
    )


def judged_hold(exercise: Exercise, span: HoldSpan, recording: Recording, view: View) -> Hold:
    """Judge a finished hold."""
    verdicts = judge_hold(exercise, span, recording, view)
    return Hold(span.side, span.start_s, span.end_s, span.duration_s, verdicts, score_of(exercise, verdicts))
