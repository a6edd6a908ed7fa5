"""From spans of time to judged reps, holds and attempts in words."""

from __future__ import annotations

from posturecam.counting.movements import Movement, RepSpan
from posturecam.counting.stays import HoldSpan
from posturecam.judging.observed import Observed
from posturecam.judging.verdicts import TIMES_DOUBTED, judge_hold, judge_rep, score_of, times_known
from posturecam.language import msgid, stored
from posturecam.model import Attempt, Hold, Rep
from posturecam.spec import measures as kinds
from posturecam.spec.references import unit_of
from posturecam.spec.schema import Exercise, Reps
from posturecam.spec.units import number_text

ENDED = msgid("the recording ended before coming back")
BEGAN = msgid("the recording began in the middle of it")

HANDS_MOVED = msgid("the hands did not stay where they were")
BODY_MOVED = msgid("the whole body moved along")


def judged_rep(observed: Observed, rule: Reps, span: RepSpan, index: int, doubted: str | None) -> Rep:
    """Judge one rep, counted by ``rule``; ``index`` is from 1, ``doubted`` says why no time of the recording can be trusted."""
    exercise = observed.exercise
    own = exercise.reps.signal if exercise.reps is not None else rule.signal
    untold = own if rule.signal != own else None
    verdicts = judge_rep(exercise, span, observed, doubted=doubted, untold=untold)
    first, last = span.visits[0][1], span.visits[-1][1]
    timed = doubted is None and times_known(observed, span)
    offset = _offset(observed, rule.signal)
    return Rep(
        index=index,
        side=span.side,
        start_s=span.start_s,
        end_position_s=first.peak_s,
        end_s=span.end_s,
        measure=rule.signal,
        range_from=span.from_value - offset,
        range_to=span.to_value - offset,
        out_s=first.reached_s - span.start_s if timed else None,
        hold_s=sum(visit.departed_s - visit.reached_s for _, visit in span.visits) if timed else None,
        return_s=last.returned_s - last.departed_s if timed else None,
        time_doubt=None if timed else doubted or TIMES_DOUBTED,
        verdicts=verdicts,
        score=score_of(exercise, verdicts),
    )


def _offset(observed: Observed, signal: str) -> float:
    """What is taken off a signal as it was counted: the neutral of a calibrated one."""
    if not isinstance(observed.exercise.measures[signal], kinds.SpineMeasure):
        return 0.0
    return observed.columns.baseline.get("left", {}).get(signal, 0.0)


def judged_hold(observed: Observed, span: HoldSpan) -> Hold:
    """Judge one hold."""
    verdicts = judge_hold(observed.exercise, span, observed)
    return Hold(
        side=span.side,
        start_s=span.start_s,
        end_s=span.end_s,
        duration_s=span.duration_s,
        verdicts=verdicts,
        score=score_of(observed.exercise, verdicts),
    )


def short_hold(exercise: Exercise, span: HoldSpan) -> Attempt | None:
    """The attempt that a hold is when it is too short to count; None when it counts."""
    assert exercise.hold is not None
    if span.duration_s >= exercise.hold.min_seconds:
        return None
    held, needed = (f"{seconds:.1f}" for seconds in (span.duration_s, exercise.hold.min_seconds))
    reason = stored("held {held} of the {needed} seconds that count", held=held, needed=needed)
    return Attempt(span.start_s, span.end_s, reason, span.side)


def attempt(exercise: Exercise, rule: Reps, movement: Movement) -> Attempt:
    """A movement that did not count by ``rule``, with the reason in words."""
    unit = unit_of(exercise, rule.signal)
    match movement.cut:
        case "start":
            reason = BEGAN
        case "end":
            reason = ENDED
        case "long":
            reason = stored("took longer than {seconds} seconds", seconds=f"{rule.max_seconds:.0f}")
        case "carried":
            hands = any(point.endswith(".wrist") for point in exercise.setup.planted or ())
            reason = HANDS_MOVED if hands else BODY_MOVED
        case _ if movement.height >= movement.needed:
            reason = msgid("the position was not seen, and the movement was not repeated")
        case _:
            moved, needed = (number_text(value, unit) for value in (movement.height, movement.needed))
            reason = (
                stored("moved {moved} of the {needed} that count", moved=moved, needed=needed)
                if moved != needed
                else stored("moved just under the {needed} that count", needed=needed)
            )
    return Attempt(movement.start_s, movement.end_s, reason, movement.side)
