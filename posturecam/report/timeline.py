"""The timeline: a session's trace as a few hundred numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from posturecam.model import FloatArray, Hold, Rep, SessionResult, Trace
from posturecam.report.types import Curve, Stretch, Timeline
from posturecam.spec.references import unit_of
from posturecam.spec.schema import Exercise

MAX_BINS = 400
MIN_STRETCH_S = 0.15
BRIDGE_S = 0.25
GAP_S = 0.5
"""Frames further apart than this, in seconds, are not joined by a line: half a rep fits in between."""
CHECK_STATES = {-1: "fault", -2: "unknown"}


def build_timeline(exercise: Exercise, result: SessionResult, *, is_still: bool = False) -> Timeline:
    """Thin out the trace: the main measure's curve, phases, and the stretches in which each check was at fault or unknown.

    A moment's fault that made no rep or hold faulty is not a finding: it would only contradict the table. A picture has neither.
    """
    trace = result.trace
    # a phase only means something while counting: elsewhere the stage tells what went on
    names = [
        (end or phase) if stage == "active" and phase else stage
        for stage, phase, end in zip(trace.stage, trace.phase, trace.end, strict=True)
    ]
    return Timeline(
        curve=_curve(exercise, trace),
        phases=stretches(trace.t_s, names, result.duration_s),
        checks={
            check: [
                part
                for stretch in _check_stretches(trace.t_s, states, result.duration_s)
                for part in ([stretch] if is_still else _within_findings(stretch, check, result))
            ]
            for check, states in trace.checks.items()
            if check in exercise.checks and exercise.checks[check].judged
        },
    )


def main_measure(exercise: Exercise) -> str | None:
    """The measure worth drawing: what reps are counted on; for holds that of the first major check that has one."""
    if exercise.reps is not None:
        return exercise.reps.signal
    by_weight = sorted(exercise.checks.values(), key=lambda check: check.severity != "major")
    return next((check.measure for check in by_weight if check.measure and check.judged), None)


def label_of(exercise: Exercise, measure: str) -> str:
    """A measure's name for people."""
    known = exercise.measures.get(measure)
    return (known.label if known else None) or measure.replace("_", " ").capitalize()


def stretches(t_s: FloatArray, names: Sequence[str], end_s: float) -> list[Stretch]:
    """Runs of equal names, each until the next begins; runs shorter than ``MIN_STRETCH_S`` go to the run before them."""
    result: list[Stretch] = []
    starts = [index for index, name in enumerate(names) if index == 0 or name != names[index - 1]]
    for start, stop in zip(starts, [*starts[1:], None], strict=True):
        begin, end = float(t_s[start]), float(t_s[stop]) if stop is not None else max(end_s, float(t_s[-1]))
        short = end - begin < MIN_STRETCH_S
        if result and (short or names[start] == result[-1].what):
            result[-1] = result[-1].model_copy(update={"end_s": round(end, 3)})
        else:
            result.append(Stretch(start_s=begin, end_s=end, what=names[start]))
    return result


def _check_stretches(t_s: FloatArray, states: NDArray[np.int8], end_s: float) -> list[Stretch]:
    """Stretches of fault and doubt; flickers are left out and short gaps bridged."""
    result: list[Stretch] = []
    for code, what in CHECK_STATES.items():
        inside = np.concatenate(([False], np.asarray(states) == code, [False]))
        edges = np.flatnonzero(inside[1:] != inside[:-1])
        joined: list[list[float]] = []
        for first, after in zip(edges[::2], edges[1::2], strict=True):
            begin = float(t_s[first])
            end = float(t_s[after]) if after < len(t_s) else max(end_s, float(t_s[-1]))
            if joined and begin - joined[-1][1] <= BRIDGE_S:
                joined[-1][1] = end
            else:
                joined.append([begin, end])
        result += [Stretch(start_s=a, end_s=b, what=what) for a, b in joined if b - a >= MIN_STRETCH_S or len(t_s) == 1]
    return sorted(result, key=lambda stretch: stretch.start_s)


def _within_findings(stretch: Stretch, check: str, result: SessionResult) -> list[Stretch]:
    """The parts of a fault's stretch that lie in a rep or hold with that fault; doubts stay whole."""
    if stretch.what != "fault":
        return [stretch]
    parts = []
    items: list[Rep | Hold] = [*result.reps, *result.holds]
    for item in items:
        begin, end = max(stretch.start_s, item.start_s), min(stretch.end_s, item.end_s)
        if begin < end and any(verdict.check == check for verdict in item.faults):
            parts.append(Stretch(start_s=begin, end_s=end, what="fault"))
    return parts


def _curve(exercise: Exercise, trace: Trace) -> Curve | None:
    name = main_measure(exercise)
    values = trace.measures.get(name) if name else None
    if name is None or values is None or not np.isfinite(values).any():
        return None
    values = values.copy()
    values[_away(trace)] = np.nan
    if not np.isfinite(values).any():
        return None
    kept = thinned(values)
    return Curve(
        measure=name,
        label=label_of(exercise, name),
        unit=unit_of(exercise, name),
        t_s=[float(trace.t_s[index]) for index in kept],
        values=[float(values[index]) if np.isfinite(values[index]) else None for index in kept],
    )


def _away(trace: Trace) -> NDArray[np.bool_]:
    """Frames that the curve leaves out: nobody there, or the first after a gap, over which a straight line would be drawn."""
    nobody = np.array([stage == "nobody" for stage in trace.stage], dtype=bool)
    after_gap = np.concatenate(([False], np.diff(trace.t_s) > GAP_S))
    return nobody | after_gap


def thinned(values: FloatArray) -> list[int]:
    """Indices to keep of at most ``2 * MAX_BINS`` values: each bin's lowest and highest, so that no extreme is lost."""
    if len(values) <= 2 * MAX_BINS:
        return list(range(len(values)))
    kept: list[int] = []
    for part in np.array_split(np.arange(len(values)), MAX_BINS):
        seen = part[np.isfinite(values[part])]
        # a bin of which most is unseen shows as a gap
        if len(seen) * 2 < len(part):
            unseen = part[~np.isfinite(values[part])]
            kept.append(int(unseen[0]))
        else:
            kept += sorted({int(seen[values[seen].argmin()]), int(seen[values[seen].argmax()])})
    return kept
