"""The movement under way in the last frame of a stretch: how far it has come, and which way it goes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from posturecam.judging.decide import error_of, signal_values
from posturecam.judging.judge import Judgement
from posturecam.model import FloatArray, FrameResult, Phase
from posturecam.spec.schema import Reps

NEAR_END = 0.8
"""Share of the way from which on the end position is near."""
TURNED = 0.1
"""Share of the way that must be travelled back before the movement is on its way back."""
LEFT = 0.15
"""Share of the way from which on rest is left."""


def going_phase(judgement: Judgement, result: FrameResult, usual: float) -> FrameResult:
    """The result with the phase of the rep under way, where the last row lies in no counted rep."""
    if judgement.done.rule is None or result.phase != "rest" or not judgement.done.in_position[-1]:
        return result
    way = _way(judgement, usual)
    if way is None:
        return result
    now, furthest, end = way
    phase: Phase = "rest"
    if furthest >= LEFT:
        back = now < furthest - TURNED
        phase = "return" if back else "end" if now >= NEAR_END else "out"
    return replace(result, phase=phase, end=end if phase == "end" else None)


def fraction_of(judgement: Judgement, usual: float) -> float | None:
    """How far the movement under way has come (0 rest, 1 the end position); None before anything is known."""
    way = _way(judgement, usual)
    return None if way is None else min(1.0, max(0.0, way[0]))


def _way(judgement: Judgement, usual: float) -> tuple[float, float, str | None] | None:
    """How far the last row is on its way, the furthest since rest, and the end's name; None when the signal is unseen."""
    exercise = judgement.exercise
    rule = judgement.done.rule
    assert rule is not None
    observed = judgement.observed
    since_s = judgement.reps[-1].end_s if judgement.reps else -np.inf
    rows = slice(int(np.searchsorted(observed.t_s, since_s)), len(observed))
    values = signal_values(observed, rule.signal, judgement.moments.side_at(len(observed) - 1))[rows]
    values = np.where(judgement.done.in_position[rows], values, np.nan)
    seen = values[~np.isnan(values)]
    if not len(seen) or np.isnan(values[-1]):
        return None
    whole = max(usual, rule.min_range, error_of(exercise, rule.signal))
    return _signed_way(rule, seen, whole)


def _signed_way(rule: Reps, values: FloatArray, whole: float) -> tuple[float, float, str | None]:
    names = {way: name for name, way in rule.ends.items()}
    if rule.rest == "middle" and not rule.cycle:
        values = np.abs(values - (rule.neutral or 0.0))
        return float(values[-1]) / whole, float(values.max()) / whole, None
    high = rule.rest == "low"
    if rule.cycle:
        high = bool(values[-1] - values.min() >= values.max() - values[-1])
    travel = values if high else -values
    start = int(np.argmin(travel))
    low = float(travel[start])
    return (
        float(travel[-1] - low) / whole,
        float(travel[start:].max() - low) / whole,
        names.get("high" if high else "low"),
    )
