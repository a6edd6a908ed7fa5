"""The person's own resting values: taken while they keep still in position, never from a textbook."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posturecam.counting.movements import RepSpan
from posturecam.judging.decide import Done
from posturecam.judging.observed import Observed
from posturecam.kinematics.measures import Baseline
from posturecam.kinematics.track import Track
from posturecam.model import LANDMARK_INDEX, FloatArray, Side
from posturecam.spec.measures import SpineMeasure

STILL_TORSOS = 0.06
"""Somebody is still while no watched joint has moved further in the last quarter of a second, in torso lengths."""
STILL_OVER_S = 0.25
FIRST_S = 0.3
"""Still time from which on resting values are believed, seconds."""
ENOUGH_S = 1.0
"""Still time of which they are made, seconds: the first, before anybody tires."""
IMPATIENT_S = 1.5
"""Of somebody who never keeps still, and makes no rep, so many seconds in position must do."""
AROUND_S = 0.15
FURTHEST_BEND = 80.0
"""Degrees, as the silhouette tells them, that a back bends from flat to one end at the most: renders 35 to 50, two real people 45
to 69. Who seems to bend further has kept still at the other end, and not with a flat back."""
WATCHED = [
    LANDMARK_INDEX[name]
    for name in (
        "nose",
        *(f"{side}_{part}" for side in ("left", "right") for part in ("shoulder", "wrist", "hip", "knee")),
    )
]
"""The joints that tell whether somebody keeps still."""
_FEWEST_JOINTS = 3


def still_rows(track: Track) -> NDArray[np.bool_]:
    """Rows (n,) in which the person has kept still for the last quarter of a second."""
    before = np.searchsorted(track.t_s, track.t_s - STILL_OVER_S)
    points = track.xy[:, WATCHED]
    moved = np.linalg.norm(points - points[before], axis=2)
    seen = ~np.isnan(moved)
    furthest = np.max(np.where(seen, moved, 0.0), axis=1)
    waited = track.t_s - track.t_s[before] >= 0.8 * STILL_OVER_S
    still: NDArray[np.bool_] = waited & (seen.sum(axis=1) >= _FEWEST_JOINTS) & (furthest <= STILL_TORSOS * track.torso)
    return still


@dataclass(frozen=True, eq=False)
class Resting:
    """Resting ``values`` by side and measure; ``final`` when they come from as much stillness as is ever asked for."""

    values: Baseline
    final: bool


def resting(observed: Observed, done: Done) -> Resting:
    """The person's resting values; measures that are not known are missing.

    From the first still second in position, outside of reps and, for who stands or sits, outside of holds: a stretched neck is
    not its own rest. Without one, from where the reps begin; without those either, from the first moments in position. A cycle
    whose one end is hardly left for the other counts from the first frame on: of it the stillness at its very start is taken.
    """
    still = still_rows(observed.track)
    free = ~_busy(observed, done)
    result: dict[Side, dict[str, float]] = {}
    final = True
    for side in observed.sides:
        inside = observed.positions[side].ready >= 0
        at_first = _at_the_start(observed, inside, still)
        rows, still_s = _resting_rows(observed, done, inside, still & (free | at_first))
        result[side] = _medians(observed, side, rows)
        _centre_cycles(observed, done.counted.reps, result[side], kept_still=still_s >= FIRST_S)
        final = final and still_s >= ENOUGH_S
    return Resting(result, final)


def _busy(observed: Observed, done: Done) -> NDArray[np.bool_]:
    """Rows (n,) within a rep, or within a hold of somebody upright."""
    busy = np.zeros(len(observed), dtype=bool)
    for rep in done.counted.reps:
        busy[observed.rows(rep.start_s, rep.end_s)] = True
    if not observed.exercise.trunk_level:
        for hold in done.holds:
            busy[observed.rows(hold.start_s, hold.end_s)] = True
    return busy


def _at_the_start(observed: Observed, inside: NDArray[np.bool_], still: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows (n,) of a cycle's first stillness, where somebody is still from where the position begins."""
    at_first = np.zeros(len(observed), dtype=bool)
    rule = observed.exercise.reps
    if rule is None or not rule.cycle:
        return at_first
    kept = np.flatnonzero(inside & still)
    if len(kept) and observed.t_s[kept[0]] - observed.t_s[np.argmax(inside)] <= STILL_OVER_S:
        moved = np.flatnonzero(np.diff(observed.t_s[kept]) > STILL_OVER_S)
        at_first[kept[: moved[0] + 1 if len(moved) else None]] = True
    return at_first


def _resting_rows(
    observed: Observed, done: Done, inside: NDArray[np.bool_], still: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], float]:
    """The rows to take medians of, and for how many seconds the person kept still in them."""
    t_s = observed.t_s
    seconds = np.minimum(np.diff(t_s, prepend=t_s[:1]), STILL_OVER_S)
    kept = np.flatnonzero(inside & still)
    spent = np.cumsum(seconds[kept])
    if len(kept) and spent[-1] >= FIRST_S:
        return kept[: int(np.searchsorted(spent, ENOUGH_S)) + 1], float(spent[-1])
    starts = [observed.rows(rep.start_s - AROUND_S, rep.start_s + AROUND_S) for rep in done.counted.reps]
    around = np.concatenate([np.arange(rows.start, rows.stop) for rows in starts]) if starts else np.zeros(0, np.intp)
    around = around[inside[around]]
    if len(around):
        return around, 0.0
    if done.holds and not observed.exercise.trunk_level:
        return np.zeros(0, dtype=np.intp), 0.0
    first = np.flatnonzero(inside)
    return first[t_s[first] <= t_s[first[0]] + IMPATIENT_S] if len(first) else first, 0.0


def _medians(observed: Observed, side: Side, rows: NDArray[np.intp]) -> dict[str, float]:
    columns = observed.columns
    result = {}
    for name in columns.names:
        if name in columns.plan.learned and name not in columns.plan.calibrated:
            continue
        values: FloatArray = columns.raw(name, side)[rows]
        values = values[~np.isnan(values)]
        if len(values):
            result[name] = float(np.median(values))
    return result


def _centre_cycles(
    observed: Observed, reps: tuple[RepSpan, ...], values: dict[str, float], *, kept_still: bool
) -> None:
    """Take the middle between a cycle's ends for a neutral back, where no flat one was seen.

    Nobody who starts in mid-movement shows theirs, nor does who ``kept_still`` at one of the ends.
    """
    rule = observed.exercise.reps
    if rule is None or not rule.cycle or not reps:
        return
    if isinstance(observed.exercise.measures[rule.signal], SpineMeasure):
        rest = values.get(rule.signal, np.nan)
        bends = [max(abs(rep.from_value - rest), abs(rep.to_value - rest)) for rep in reps]
        if not kept_still or not np.median(bends) <= FURTHEST_BEND:
            values[rule.signal] = float(np.median([(rep.from_value + rep.to_value) / 2 for rep in reps]))
