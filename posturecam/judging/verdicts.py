"""Judging: three-valued verdicts with a margin, for frames, reps and holds.

A value inside ``ok`` is right, a value inside ``fault`` is wrong, and between the two it is too close to call: the band is the
measuring error, so no verdict is given there. A fault must have lasted, or hold at the end position. Whether the camera can
tell is asked check by check: a rep may be counted and its hips unknown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from posturecam.counting.movements import RepSpan, in_gap
from posturecam.counting.positions import inside
from posturecam.counting.stays import HoldSpan
from posturecam.judging.observed import Observed, Stretch
from posturecam.kinematics.filters import least_between, median_of
from posturecam.kinematics.vectors import NAN
from posturecam.language import msgid
from posturecam.model import Severity, Side, State, Verdict, View
from posturecam.spec.references import reachable
from posturecam.spec.schema import Check, Exercise

MOMENT_S = 0.15
MIN_SEEN_SHARE = 0.5
MARKS_LOST: Mapping[Severity, float] = {"major": 30.0, "minor": 12.0}
TOO_CLOSE = msgid("too close to the limit to call")
NOT_FROM_ONE_CAMERA = msgid("cannot be measured from one camera")
NOT_SEEN = msgid("not seen for long enough")
TEMPO_GAP_S = 0.13
"""Longest step between two frames over which a tempo is measured, seconds: eight frames per second, and a little unevenness."""
CUT_S = 0.1
"""A way that begins or ends within this of the recording's own start or end, seconds, was cut off by it."""
CUT_OFF = msgid("the recording cuts it off")
FROM_ELSEWHERE: Mapping[tuple[View, ...], str] = {
    ("side",): msgid("can only be judged from the side"),
    ("front",): msgid("can only be judged from the front"),
    ("side", "front"): msgid("can only be judged from the side or the front"),
    ("front", "side"): msgid("can only be judged from the front or the side"),
}
TIMES_DOUBTED = msgid("frames are missing, so that times are not known")
COUNTED_BY_ANOTHER = msgid(
    "the joints that tell it were hidden or seen end-on, so reps were counted by another movement"
)
"""Why neither a tempo is known nor what the exercise's own signal tells: limits of times hold for the movement counted by."""


def state_of(check: Check, value: float) -> State:
    """State of a value: NaN and the band between ok and fault are unknown."""
    if value in check.ok:
        return "ok"
    return "fault" if value in check.fault else "unknown"


def limit_and_margin(check: Check, value: float) -> tuple[float, float]:
    """Fault limit on the side of ``value`` and the width of the band before it."""
    below = not math.isinf(check.fault.low) and (
        math.isinf(check.fault.high) or abs(value - check.fault.low) <= abs(value - check.fault.high)
    )
    if below:
        return check.fault.low, check.ok.low - check.fault.low
    return check.fault.high, check.fault.high - check.ok.high


def judge_value(name: str, check: Check, value: float, at_s: float | None, problem: str | None) -> Verdict:
    """Verdict on one value; NaN is unknown for the reason ``problem``."""
    if not check.judged:
        return Verdict(name, "unknown", reason=NOT_FROM_ONE_CAMERA)
    if math.isnan(value):
        return Verdict(name, "unknown", reason=problem or NOT_SEEN)
    limit, margin = limit_and_margin(check, value)
    state = state_of(check, value)
    marks = {"ok": 1.0, "fault": 0.0}.get(state)
    if marks is None:
        marks = min(1.0, max(0.0, abs(value - limit) / margin)) if margin > 0 else 0.5
    return Verdict(name, state, value, limit, margin, marks, TOO_CLOSE if state == "unknown" else None, at_s)


def views_of(exercise: Exercise, check: Check) -> tuple[View, ...] | None:
    """From where a check can be judged; None: from anywhere. A tempo follows the count, which asks nothing of the view."""
    if check.view == "any" or check.measure is None:
        return None
    return (check.view,) if check.view is not None else exercise.camera.view


def not_from(exercise: Exercise, name: str, check: Check, view: View) -> Verdict | None:
    """Unknown verdict of a check that cannot be judged from where the camera stands; None when it can."""
    views = views_of(exercise, check)
    if views is None or view in views:
        return None
    return Verdict(name, "unknown", reason=_from_elsewhere(views))


def _from_elsewhere(views: tuple[View, ...]) -> str:
    return FROM_ELSEWHERE.get(views) or f"can only be judged from the {' or the '.join(views)}"


def worst_lasting(stretch: Stretch, seconds: float, *, low_is_worse: bool) -> tuple[float, float]:
    """Worst value that was held for ``seconds``, and the middle of that time; (NaN, NaN) when nothing was measured.

    "Held" means that every measured value within the time was at least as bad. A stretch shorter than ``seconds`` counts
    as a whole.
    """
    seen = ~np.isnan(stretch.values)
    t_s, values = stretch.t_s[seen], stretch.values[seen]
    if len(values) == 0:
        return NAN, NAN
    badness = -values if low_is_worse else values
    last = np.searchsorted(t_s, t_s + seconds - 1e-9)
    starts = np.flatnonzero(last < len(t_s))
    if len(starts) == 0:
        return float(values[badness.argmin()]), float((t_s[0] + t_s[-1]) / 2)
    held = least_between(badness, starts, last[starts] + 1)
    best = int(np.argmax(held))
    start = starts[best]
    level = float(held[best])
    return (-level if low_is_worse else level), float((t_s[start] + t_s[last[start]]) / 2)


def reduce_stretch(check: Check, stretch: Stretch) -> tuple[float, float | None]:
    """Make one value of a stretch as ``check.take`` says, of one at a moment the median; (NaN, None) when most was not measured.

    Two-sided limits take the side on which the values stray further.
    """
    values = stretch.values
    if len(values) == 0 or np.isnan(values).mean() > 1.0 - MIN_SEEN_SHARE:
        return NAN, None
    take = check.take or ("lasting" if check.at is None else "median")
    if take == "median":
        return median_of(values[~np.isnan(values)]), float(stretch.t_s[len(values) // 2])
    if take == "range":
        return float(np.nanmax(values) - np.nanmin(values)), float(stretch.t_s[int(np.nanargmax(values))])
    if take in ("min", "max"):
        index = int(np.nanargmin(values) if take == "min" else np.nanargmax(values))
        return float(values[index]), float(stretch.t_s[index])
    candidates = []
    if not math.isinf(check.fault.low):
        value, at_s = worst_lasting(stretch, check.lasting_s, low_is_worse=True)
        candidates.append((check.ok.low - value, value, at_s))
    if not math.isinf(check.fault.high):
        value, at_s = worst_lasting(stretch, check.lasting_s, low_is_worse=False)
        candidates.append((value - check.ok.high, value, at_s))
    _, value, at_s = max(candidates)
    return value, at_s


def _only_when(
    check: Check, observed: Observed, start_s: float, end_s: float, side: Side | None, stretch: Stretch
) -> Stretch:
    keep = np.ones(len(stretch.t_s), dtype=bool)
    for name, wanted in check.when.items():
        keep &= inside(wanted, observed.stretch(name, start_s, end_s, side).values)
    return Stretch(stretch.t_s[keep], stretch.values[keep])


def _judge_between(
    name: str, check: Check, observed: Observed, start_s: float, end_s: float, side: Side | None
) -> Verdict | None:
    assert check.measure is not None
    stretch = observed.stretch(check.measure, start_s, end_s, side)
    if check.when:
        stretch = _only_when(check, observed, start_s, end_s, side, stretch)
        if len(stretch.t_s) == 0:
            return None
    value, at_s = reduce_stretch(check, stretch)
    problem = observed.why_missing(check.measure, start_s, end_s, side) if math.isnan(value) else None
    return judge_value(name, check, value, at_s, problem)


def _rep_stretches(check: Check, span: RepSpan) -> list[tuple[float, float]]:
    visits = [visit for end, visit in span.visits if check.end is None or check.end == end]
    if check.during in ("rep", "always", "hold"):
        return [(span.start_s, span.end_s)]
    if check.during == "out":
        return [(visit.left_s, visit.reached_s) for visit in visits]
    if check.during == "return":
        return [(visit.departed_s, visit.returned_s) for visit in visits]
    if check.during == "end":
        return [(visit.reached_s, visit.departed_s) for visit in visits]
    if check.at == "return":
        # the extreme of the return comes a little after the tenth of the range that marks it
        return [(visit.returned_s - 0.1, visit.returned_s + 0.5) for visit in visits]
    moments = {
        "end": [visit.peak_s for visit in visits],
        "start": [visit.left_s for visit in visits],
        "middle": [(visit.left_s + visit.reached_s) / 2 for visit in visits],
    }[check.at or "end"]
    return [(moment - MOMENT_S, moment + MOMENT_S) for moment in moments]


def _tempo(check: Check, span: RepSpan, observed: Observed) -> tuple[float, str | None]:
    """Seconds of what the tempo check reads, or NaN and why they are not known; NaN alone when the rep has no such part."""
    visits = [visit for end, visit in span.visits if check.end is None or check.end == end]
    visits = [visit for visit in visits if _asked_at(check, observed, visit.peak_s, span.side)]
    if not visits:
        return NAN, None
    first_s, last_s = observed.t_s[0] + CUT_S, observed.t_s[-1] - CUT_S
    if check.tempo in ("rep", "cycle"):
        whole = span.start_s > first_s and span.end_s < last_s
        parts = [(span.end_s - span.start_s, whole)]
    elif check.tempo == "out":
        parts = [(visit.reached_s - visit.left_s, visit.left_s > first_s) for visit in visits]
    elif check.tempo == "return":
        parts = [(visit.returned_s - visit.departed_s, visit.returned_s < last_s) for visit in visits]
    else:
        parts = [
            (visit.departed_s - visit.reached_s, first_s < visit.reached_s and visit.departed_s < last_s)
            for visit in visits
        ]
    # of what the recording cuts off it is only known that it lasted at least as long
    known = [seconds for seconds, complete in parts if complete or seconds in check.ok]
    return (min(known), None) if known else (NAN, CUT_OFF)


def _asked_at(check: Check, observed: Observed, moment_s: float, side: Side | None) -> bool:
    """Whether the ``when`` of a tempo check holds around a moment."""
    if not check.when:
        return True
    around = (moment_s - MOMENT_S, moment_s + MOMENT_S)
    stretch = observed.stretch(next(iter(check.when)), *around, side)
    return len(_only_when(check, observed, *around, side, stretch).t_s) > 0


def times_known(observed: Observed, span: RepSpan) -> bool:
    """Whether a rep's times can be told: not over missing frames, under eight frames per second, or from two halves."""
    return not (span.joined or in_gap(observed.t_s, span.start_s, span.end_s, TEMPO_GAP_S))


def worst(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The verdict with the fewest marks; a fault before a doubt before a pass."""
    order: Mapping[State, int] = {"fault": 0, "unknown": 1, "ok": 2}
    return min(verdicts, key=lambda verdict: (order[verdict.state], verdict.marks), default=None)


def judge_rep(
    exercise: Exercise, span: RepSpan, observed: Observed, *, doubted: str | None = None, untold: str | None = None
) -> tuple[Verdict, ...]:
    """Verdicts of every check on one rep, in the spec's order; ``doubted`` says why no time of the recording can be trusted.

    ``untold`` is the exercise's own signal where it did not show the reps: what is made of it is unknown. Left out are checks
    whose ``when`` never held and those of an end position that the rep did not visit.
    """
    view = observed.view_between(span.start_s, span.end_s)
    if not doubted and not times_known(observed, span):
        doubted = TIMES_DOUBTED
    verdicts = []
    for name, check in exercise.checks.items():
        if wrong := not_from(exercise, name, check, view):
            verdicts.append(wrong)
        elif check.tempo is not None:
            seconds, problem = _tempo(check, span, observed)
            if doubted and not (math.isnan(seconds) and problem is None):
                seconds, problem = NAN, doubted
            if problem is not None or not math.isnan(seconds):
                verdicts.append(judge_value(name, check, seconds, span.visits[-1][1].peak_s, problem))
        else:
            stretches = _rep_stretches(check, span)
            parts = (_judge_between(name, check, observed, *bounds, span.side) for bounds in stretches)
            verdict = worst(part for part in parts if part is not None)
            if verdict is not None:
                verdicts.append(_if_told(exercise, check, verdict, untold))
    return tuple(verdicts)


def _if_told(exercise: Exercise, check: Check, verdict: Verdict, untold: str | None) -> Verdict:
    """The verdict, unknown where the measure is made of one that does not show what was done."""
    if (
        untold is None
        or verdict.value is None
        or check.measure is None
        or untold not in reachable(exercise, check.measure)
    ):
        return verdict
    return Verdict(verdict.check, "unknown", reason=COUNTED_BY_ANOTHER)


def judge_hold(exercise: Exercise, span: HoldSpan, observed: Observed) -> tuple[Verdict, ...]:
    """Verdicts of every check on one hold. The marks of a fault follow its share of the time: half of the hold costs all."""
    view = observed.view_between(span.start_s, span.end_s)
    verdicts = []
    for name, check in exercise.checks.items():
        if check.measure is None:
            continue
        if wrong := not_from(exercise, name, check, view):
            verdicts.append(wrong)
            continue
        verdict = _judge_between(name, check, observed, span.start_s, span.end_s, span.side)
        if verdict is not None and verdict.state == "fault" and check.take in (None, "lasting"):
            values = observed.stretch(check.measure, span.start_s, span.end_s, span.side).values
            share = float(inside(check.fault, values[~np.isnan(values)]).mean())
            verdict = replace(verdict, marks=max(0.0, 1.0 - 2.0 * share))
        if verdict is not None:
            verdicts.append(verdict)
    return tuple(verdicts)


def score_of(exercise: Exercise, verdicts: Iterable[Verdict]) -> float | None:
    """Marks from 0 to 100: what each fault costs, by severity; None when not one check could be judged.

    What is too close to call costs nothing, so that a score of 100 means that no fault was found.
    """
    judged = [verdict for verdict in verdicts if verdict.value is not None]
    if not judged:
        return None
    lost = sum(
        MARKS_LOST[exercise.checks[verdict.check].severity] * (1.0 - verdict.marks)
        for verdict in judged
        if verdict.state == "fault"
    )
    return max(0.0, 100.0 - lost)


def is_good(exercise: Exercise, verdicts: Iterable[Verdict]) -> bool:
    """Tell whether something could be judged and no major fault is among the verdicts: unknown is never silently good."""
    judged = [verdict for verdict in verdicts if verdict.value is not None]
    return bool(judged) and not any(
        verdict.state == "fault" and exercise.checks[verdict.check].severity == "major" for verdict in judged
    )
