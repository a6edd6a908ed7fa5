"""What was done, from what was observed: time in position, reps, attempts and holds. Nothing is judged yet."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posturecam.counting.movements import Counted, RepSpan, Signal
from posturecam.counting.positions import CONTRARY, Interval, intervals
from posturecam.counting.reps import count_reps
from posturecam.counting.stays import HoldSpan, Known, StayRule, at_rest, stays, with_side
from posturecam.judging.observed import Observed
from posturecam.judging.position import posture
from posturecam.kinematics.filters import median_of
from posturecam.kinematics.frames import Frames
from posturecam.kinematics.track import SIDES, Track
from posturecam.model import LANDMARK_INDEX, FloatArray, Side
from posturecam.spec import measures as kinds
from posturecam.spec.references import unit_of
from posturecam.spec.schema import Exercise, OtherSignal, Reps
from posturecam.spec.units import SCALES

NOISE_FACTOR = 2.0
"""A change is told from a measure's error from twice that error on."""
SIGNAL_SEEN_SHARE = 0.4
"""Share of the frames in which a signal must be seen to be counted by, where there is another."""
SIGNAL_LOST_SHARE = 0.25
"""Or the share of the frames in which only the other one is seen, from which on that is counted by."""
REPS_OF_OTHER = 2
"""Reps that the other signal must show where the exercise's own shows none: an elbow that bends along the line of sight reads
straight throughout, while the chest sinks again and again. One alone may be somebody who lies down."""
_STILL = [
    LANDMARK_INDEX[name]
    for name in (
        "nose",
        "left_ear",
        "right_ear",
        *(
            f"{side}_{part}"
            for side in ("left", "right")
            for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
        ),
    )
]
_LEGS = [LANDMARK_INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("hip", "knee", "ankle")]
_HIPS = [LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]


@dataclass(frozen=True, eq=False)
class Done:
    """What was done: ``in_position`` (n,) rows in which counting goes on, and the spans found; holds have ``holds``.

    ``rule`` is what reps were counted by, None for holds. Somebody whose position nothing speaks against is in position
    where it is also given for some time, or where reps are found.
    """

    in_position: NDArray[np.bool_]
    counted: Counted
    holds: tuple[HoldSpan, ...] = ()
    rule: Reps | None = None


def decide(
    observed: Observed,
    *,
    still: bool = False,
    known_range: float = 0.0,
    known_signal: str | None = None,
    known_spans: Known | None = None,
) -> Done:
    """Find what was done in ``observed``; ``known_range`` as in :func:`posturecam.counting.reps.count_reps`.

    ``known_signal`` is the measure by which reps were counted before these rows, None where none was; ``known_spans`` what was
    found of holds in rows that these go on from.

    In a ``still`` picture nothing is done, but somebody may be in position.
    """
    exercise = observed.exercise
    if still:
        return Done(_posed(observed), Counted())
    if exercise.hold is not None:
        return _holds(exercise, observed, known_spans or Known())
    return _reps(exercise, observed, known_range, known_signal)


def error_of(exercise: Exercise, name: str) -> float:
    """The measuring error of a measure, in its unit: its own where the spec states it."""
    return exercise.measures[name].error or SCALES[unit_of(exercise, name)].known_error


def _posed(observed: Observed) -> NDArray[np.bool_]:
    found = [position.entered > 0 for position in observed.positions.values()]
    return np.asarray(np.logical_or.reduce(found), dtype=bool)


# reps ------------------------------------------------------------------------------------------------------------------


def _reps(exercise: Exercise, observed: Observed, known_range: float, known_signal: str | None) -> Done:
    rule = rule_for(observed)
    done = _counted_by(rule, exercise, observed, known_range)
    own = exercise.reps
    if done.counted.reps or own is None or own.otherwise is None or rule is not own or known_signal == own.signal:
        return done
    other = _by_other(own, own.otherwise)
    instead = _counted_by(other, exercise, observed, known_range)
    enough = 1 if known_signal == other.signal else REPS_OF_OTHER
    return instead if len(instead.counted.reps) >= enough else done


def _counted_by(rule: Reps, exercise: Exercise, observed: Observed, known_range: float) -> Done:
    apart = rule.sides == "active"
    error = error_of(exercise, rule.signal)
    inside_any = np.zeros(len(observed), dtype=bool)
    sure_any = np.zeros(len(observed), dtype=bool)
    otherwise = _in_other_posture(observed)
    signals = []
    for side in SIDES if apart else SIDES[:1]:
        inside, sure = in_position(observed, side)
        inside_any |= inside
        sure_any |= sure
        values = np.where(inside, signal_values(observed, rule.signal, side), np.nan)
        stays = planted(observed, side)
        signals.append(Signal(values, sure, side if apart else None, NOISE_FACTOR * error, error, stays, otherwise))
    counted = count_reps(rule, observed.t_s, signals, neutral=rule.neutral or 0.0, known_range=known_range)
    return Done(_confirmed(observed, inside_any, sure_any, counted), counted, rule=rule)


def _confirmed(
    observed: Observed, inside: NDArray[np.bool_], sure: NDArray[np.bool_], counted: Counted
) -> NDArray[np.bool_]:
    """Of the rows ``inside``, the runs in which the position is given for long enough or in which a rep lies."""
    t_s, least_s = observed.t_s, observed.exercise.setup.hold_s
    given = rows_of(intervals(t_s, sure, least_s, bridge_s=0.2), len(observed))
    for rep in counted.reps:
        given[observed.rows(rep.start_s, rep.end_s)] = True
    return rows_of([run for run in intervals(t_s, inside) if given[run.first : run.stop].any()], len(observed))


def rule_for(observed: Observed) -> Reps:
    """What to count by: the exercise's signal, or the other one where that is hardly seen and the other is seen better."""
    rule = observed.exercise.reps
    assert rule is not None
    other = rule.otherwise
    if other is None or not len(observed):
        return rule
    seen, other_seen = (
        max(float((~np.isnan(observed.values(name, side))).mean()) for side in observed.sides)
        for name in (rule.signal, other.signal)
    )
    if other_seen <= seen or (seen >= SIGNAL_SEEN_SHARE and other_seen - seen < SIGNAL_LOST_SHARE):
        return rule
    return _by_other(rule, other)


def _by_other(rule: Reps, other: OtherSignal) -> Reps:
    return rule.model_copy(update={"signal": other.signal, "rest": other.rest, "min_range": other.min_range})


def signal_values(observed: Observed, signal: str, side: Side) -> FloatArray:
    """A signal (n,), before any calibration: ends are found without a resting value."""
    if isinstance(observed.exercise.measures[signal], kinds.SpineMeasure):
        return observed.columns.raw(signal)
    return observed.values(signal, side)


def in_position(observed: Observed, side: Side) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows (n,) in which nothing speaks against the set-up's position on ``side``, and those in which it is given."""
    position = observed.positions[side]
    inside = rows_of(intervals(observed.t_s, position.kept >= 0, observed.exercise.setup.hold_s), len(observed))
    return inside, inside & (position.entered > 0)


def _in_other_posture(observed: Observed) -> NDArray[np.bool_]:
    """Rows (n,) in which somebody is seen to stand where the exercise is done lying or on all fours, or the other way about.

    By the trunk in space alone: what hands and feet should do, somebody may do a little differently in every rep.
    """
    nothing_against = posture(observed.exercise, observed.track) != CONTRARY
    return observed.track.seen & ~rows_of(intervals(observed.t_s, nothing_against), len(observed))


def planted(observed: Observed, side: Side) -> FloatArray | None:
    """The points (n, k, 2) that stay where they are in a rep, in torso lengths; None where the exercise names none."""
    points = observed.exercise.setup.planted
    if points is None:
        points = () if observed.exercise.trunk_level else ("mid.hip",)
    if not points:
        return None
    frames = Frames(observed.track, observed.exercise.position)
    with np.errstate(invalid="ignore", divide="ignore"):
        places = [frames.point(point, side) / observed.track.torso for point in points]
    return np.stack([np.column_stack((place.real, place.imag)) for place in places], axis=1)


def rows_of(found: list[Interval], count: int) -> NDArray[np.bool_]:
    """The rows of ``found`` as a mask (count,)."""
    rows = np.zeros(count, dtype=bool)
    for one in found:
        rows[one.first : one.stop] = True
    return rows


def sided(observed: Observed, done: Done) -> Done:
    """The same with the reps' sides where a measure tells them, which takes resting values to read."""
    rule = observed.exercise.reps
    if rule is None or rule.sides != "measured" or rule.side is None:
        return done
    reps = tuple(_sided(observed, rep, rule.side) for rep in done.counted.reps)
    return replace(done, counted=replace(done.counted, reps=reps))


def _sided(observed: Observed, rep: RepSpan, measure: str) -> RepSpan:
    """The rep with the side that the sign of ``measure`` (positive = left) tells in the end position.

    Where that is within the measure's error, as of hips seen along their line, the whole movement's mean tells it.
    """
    values = observed.values(measure)
    visit = rep.visits[0][1]
    held = values[observed.rows(visit.reached_s, visit.departed_s)]
    told = float(np.median(held[~np.isnan(held)])) if not np.isnan(held).all() else 0.0
    if abs(told) < error_of(observed.exercise, measure):
        whole = values[observed.rows(rep.start_s, rep.end_s)]
        if np.isnan(whole).all():
            return rep
        told = float(np.nanmean(whole))
    return replace(rep, side="left" if told >= 0 else "right")


# holds -----------------------------------------------------------------------------------------------------------------


def _holds(exercise: Exercise, observed: Observed, known: Known) -> Done:
    rule = exercise.hold
    assert rule is not None
    entered = [observed.positions[side].entered for side in observed.sides]
    kept = [observed.positions[side].kept for side in observed.sides]
    side_values = observed.values(rule.side) if rule.side else None
    right = np.zeros(len(observed), dtype=bool)
    if len(entered) > 1 and side_values is not None:
        right = side_values < 0
        entered = [np.where(right, entered[1], entered[0])]
        kept = [np.where(right, kept[1], kept[0])]
    torso = observed.track.torso[~np.isnan(observed.track.torso)]
    scale = median_of(torso) if len(torso) else np.nan
    known.look_again(scale)
    joints = _places(observed.track, _LEGS if rule.moves else _STILL, scale)
    anchor = _middle(_places(observed.track, _HIPS, scale)) if exercise.trunk_level else None
    position = rows_of(intervals(observed.t_s, kept[0] >= 0), len(observed))
    resting = np.zeros(len(observed), dtype=bool)
    for name, rest in rule.rest.items():
        height = np.where(right, observed.values(name, "right"), observed.values(name, "left"))
        resting |= at_rest(observed.t_s, kept[0], height, (height >= rest.low) & (height <= rest.high))
    bounds = StayRule(rule.grace, rule.start_after, rule.moves)
    spans = stays(observed.t_s, entered[0], kept[0], joints, anchor, bounds, side_values, resting, known)
    if side_values is not None:
        spans = [with_side(span, observed.t_s, side_values) for span in spans]
    return Done(position, Counted(), tuple(spans))


def _places(track: Track, joints: list[int], scale: float) -> FloatArray:
    """Where ``joints`` are (n, k, 2), in lengths of ``scale`` pixels; each joint's rows lie side by side in memory."""
    chosen = track.xy.view(np.complex128)[:, :, 0].take(joints, axis=1)
    places: FloatArray = (np.array((chosen.real.T, chosen.imag.T)) / scale).T
    return places


def _middle(pair: FloatArray) -> FloatArray:
    """Middle (n, 1, 2) of two points (n, 2, 2), one of them alone where the other is unseen."""
    one, other = pair[:, :1], pair[:, 1:]
    middle = (one + other) / 2
    return np.where(np.isnan(middle), np.fmin(one, other), middle)
