"""Measuring: the columns of an exercise from a track, those that need resting values filled in when these are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from posturecam.kinematics.frames import FROM_THE_SIDE_DEGREES, OTHER, Frames, landmark, point_indices
from posturecam.kinematics.kinds import OF_BODY, OF_MEASURES, chest_side_on, mean_of_known
from posturecam.kinematics.track import SIDES, Track, unseen_text
from posturecam.kinematics.vectors import NAN, Column
from posturecam.language import msgid
from posturecam.model import Side
from posturecam.spec.derived import Derived
from posturecam.spec.measures import Measure, SpineMeasure
from posturecam.spec.references import needs_baseline, reachable
from posturecam.spec.schema import Exercise

Baseline: TypeAlias = Mapping[Side, Mapping[str, float]]
"""The person's resting values: by side, then by measure."""

NOBODY = msgid("nobody seen")
RESTING_UNKNOWN = msgid("resting value not known yet")
NO_OUTLINE = msgid("outline of the back not seen")
CHEST_TURNED = msgid("chest turned out of the side view")
NOT_MEASURABLE = msgid("not measurable in this position")


@dataclass(frozen=True, eq=False)
class Plan:
    """In which order an exercise's measures are taken. Build with :func:`plan_of`.

    ``order`` holds every measure behind those it is made from; ``two_sided`` those that differ with the active side;
    ``calibrated`` those whose resting value is taken off them, ``learned`` all that need a resting value, in their order;
    ``points`` the points that each needs, those of its sources included.
    """

    position: str
    measures: Mapping[str, Measure]
    order: tuple[str, ...]
    two_sided: frozenset[str]
    calibrated: frozenset[str]
    learned: tuple[str, ...]
    points: Mapping[str, tuple[str, ...]]
    made_from: Mapping[str, frozenset[str]]


@Derived
def plan_of(exercise: Exercise) -> Plan:
    """The plan of an exercise that has been loaded, made once."""
    points: dict[str, tuple[str, ...]] = {}

    def visit(name: str) -> None:
        if name in points:
            return
        measure = exercise.measures[name]
        used = [source for _, source in measure.sources()]
        for source in used:
            visit(source)
        points[name] = (*measure.needed_points(), *(point for source in used for point in points[source]))

    for name in exercise.measures:
        visit(name)
    return Plan(
        position=exercise.position,
        measures=exercise.measures,
        order=tuple(points),
        two_sided=frozenset(
            n for n, used in points.items() if any(p.startswith(("active.", "passive.")) for p in used)
        ),
        calibrated=frozenset(n for n, measure in exercise.measures.items() if isinstance(measure, SpineMeasure)),
        learned=tuple(n for n in points if needs_baseline(exercise, n)),
        points=points,
        made_from={n: frozenset(reachable(exercise, n)) for n in points},
    )


@dataclass(frozen=True, eq=False)
class Columns:
    """What is measured of an exercise in n frames: one column (n,) a measure, NaN where it could not be measured."""

    plan: Plan
    _values: Mapping[Side, Mapping[str, Column]]
    _raw: Mapping[str, Column]
    _side_on: NDArray[np.bool_]
    baseline: Baseline = field(default_factory=dict)

    def __len__(self) -> int:
        """Frames."""
        return len(self._side_on)

    @property
    def names(self) -> tuple[str, ...]:
        """The exercise's measures, in the order of its file."""
        return tuple(self.plan.measures)

    def two_sided(self, name: str) -> bool:
        """Whether a measure differs with the active side."""
        return name in self.plan.two_sided

    def of(self, name: str, side: Side) -> Column:
        """The column of a measure while ``side`` is active: the same one for both sides of what is no side's own."""
        return self._values[side][name]

    def raw(self, name: str, side: Side = "left") -> Column:
        """A measure before the person's resting value is taken off: what is counted and what resting values are learned from.

        That of the spine is there as well while the chest is turned out of the side view.
        """
        return self._raw[name] if name in self._raw else self._values[side][name]

    def combined(self, make: Callable[..., NDArray[Any]], *others: Columns) -> Columns:
        """The columns of which ``make`` makes each one, given this one's and the others' (of the same exercise) of that name."""
        parts, plan = (self, *others), self.plan

        def made(side: Side, names: Iterable[str]) -> dict[str, Column]:
            return {name: make(*(part._values[side][name] for part in parts)) for name in names}

        left = made("left", plan.order)
        right = {**left, **made("right", plan.two_sided)} if plan.two_sided else left
        raw = {name: make(*(part._raw[name] for part in parts)) for name in self._raw}
        side_on = make(*(part._side_on for part in parts))
        return Columns(plan, {"left": left, "right": right}, raw, side_on, self.baseline)


def measure(exercise: Exercise, track: Track) -> Columns:
    """Measure everything that needs no resting value; what does is NaN until :func:`with_baseline`."""
    plan = plan_of(exercise)
    frames = Frames(track, plan.position)
    unknown = np.full(len(track), NAN)
    left: dict[str, Column] = {}
    right = {} if plan.two_sided else left
    raw: dict[str, Column] = {}
    with np.errstate(invalid="ignore", divide="ignore"):
        for name in plan.order:
            kind = plan.measures[name]
            if name in plan.calibrated:
                raw[name] = _of_body(kind, frames, "left", signed=True)
            if name in plan.learned:
                left[name] = right[name] = unknown
            elif name in plan.two_sided:
                left[name] = _column(kind, frames, "left", left)
                right[name] = _column(kind, frames, "right", right)
            else:
                left[name] = right[name] = _column(kind, frames, "left", left)
    side_on = chest_side_on(frames) if plan.calibrated else np.ones(len(track), dtype=bool)
    return Columns(plan, {"left": left, "right": right}, raw, side_on)


def of_body(kind: Measure, track: Track, position: str, side: Side) -> Column:
    """One measure of the body by itself (n,)."""
    return _of_body(kind, Frames(track, position), side)


def _column(kind: Measure, frames: Frames, side: Side, columns: Mapping[str, Column]) -> Column:
    return _of_body(kind, frames, side) if type(kind) in OF_BODY else _of_measures(kind, columns, {})


def _of_body(kind: Measure, frames: Frames, side: Side, *, signed: bool = False) -> Column:
    if kind.reduce is not None:
        return _reduced(kind, frames)
    column = OF_BODY[type(kind)](kind, frames, side)
    return np.abs(column) if kind.absolute and not signed else column


def _reduced(kind: Measure, frames: Frames) -> Column:
    """One value of the two sides of a measure with ``each.`` points; a side that cannot be measured is left out."""
    sides = [OF_BODY[type(kind)](kind, frames, side) for side in SIDES]
    if kind.absolute:
        sides = [np.abs(column) for column in sides]
    if kind.reduce in ("min", "max"):
        return (np.fmin if kind.reduce == "min" else np.fmax)(*sides)
    weights = [_visibility(kind, frames, side) if kind.reduce == "weighted" else 1.0 for side in SIDES]
    return mean_of_known(sides, weights)


def _visibility(kind: Measure, frames: Frames, side: Side) -> Column:
    """How well the points of one side are seen, on average."""
    parts = [point.partition(".")[2] for point in kind.needed_points() if point.startswith("each.")]
    seen = frames.track.visibility[:, [landmark(side, part) for part in parts]]
    return np.asarray(seen.astype(np.float64).sum(axis=1) / len(parts))


def _of_measures(kind: Measure, columns: Mapping[str, Column], rest: Mapping[str, float]) -> Column:
    column = OF_MEASURES[type(kind)](kind, columns, rest)
    return np.abs(column) if kind.absolute else column


def with_baseline(columns: Columns, baseline: Baseline) -> Columns:
    """The columns with everything filled in that the person's resting values make known.

    ``baseline`` holds them by side and measure, of calibrated measures that of :meth:`Columns.raw`; what is the same for both
    sides takes the first side's that knows it.
    """
    plan = columns.plan
    values = columns._values
    if plan.learned:
        with np.errstate(invalid="ignore", divide="ignore"):
            left = _filled_in(columns, baseline, "left")
            values = {"left": left, "right": _filled_in(columns, baseline, "right") if plan.two_sided else left}
    return Columns(plan, values, columns._raw, columns._side_on, baseline)


def _filled_in(columns: Columns, baseline: Baseline, side: Side) -> dict[str, Column]:
    plan, values = columns.plan, dict(columns._values[side])
    rest = _resting(plan, baseline, side)
    # a calibrated value is already the change from rest: what is made from it must not take the offset off again
    later = {**rest, **dict.fromkeys(plan.calibrated & rest.keys(), 0.0)}
    for name in plan.learned:
        if name in plan.calibrated:
            # a turned chest shows another edge: it may swing as the back does, but its size says nothing
            column = np.where(columns._side_on, columns._raw[name] - rest.get(name, NAN), NAN)
            values[name] = np.abs(column) if plan.measures[name].absolute else column
        else:
            values[name] = _of_measures(plan.measures[name], values, later)
    return values


def _resting(plan: Plan, baseline: Baseline, side: Side) -> dict[str, float]:
    """The resting values that hold while ``side`` is active."""
    own, other = dict(baseline.get(side, {})), dict(baseline.get(OTHER[side], {}))
    left, right = (own, other) if side == "left" else (other, own)
    shared = {name: value for name, value in {**right, **left}.items() if name not in plan.two_sided}
    return {**own, **shared}


def why_missing(columns: Columns, track: Track, name: str, side: Side, rows: slice = slice(None)) -> str:
    """The most frequent reason why a measure is NaN in those ``rows`` of columns and track; of all of them, if it never is."""
    plan = columns.plan
    index = np.arange(len(track))[rows]
    index = index[track.seen[index]]
    if not len(index):
        return NOBODY
    missing = index[np.isnan(columns.of(name, side)[index])]
    index = missing if len(missing) else index
    reasons = _unseen_points(plan.points[name], track, index, side)
    counts = _counted(reasons)
    rest = index[reasons < 0]
    if plan.made_from[name] & plan.calibrated:
        outlined = track.outlined[rest]
        side_on = chest_side_on(Frames(track, plan.position))[rest]
        counts[NO_OUTLINE] = int(np.count_nonzero(~outlined))
        counts[CHEST_TURNED] = int(np.count_nonzero(outlined & ~side_on))
        rest = rest[outlined & side_on]
    reason = _without_points(columns, name, side)
    if reason == NOT_MEASURABLE:
        # in world space nothing stands for the hidden side of a middle
        reasons = _unseen_points(plan.points[name], track, rest, side, one_will_do=False)
        counts.update(_counted(reasons))
        rest = rest[reasons < 0]
    counts[reason] = counts.get(reason, 0) + len(rest)
    return max(counts, key=lambda text: counts[text])


def _counted(reasons: NDArray[np.intp]) -> Counter[str]:
    """How often each reason of :func:`_unseen_points` is there, by its words."""
    codes, counts = np.unique(reasons[reasons >= 0], return_counts=True)
    return Counter(
        {unseen_text(code // 8, code % 8): n for code, n in zip(codes.tolist(), counts.tolist(), strict=True)}
    )


def _without_points(columns: Columns, name: str, side: Side) -> str:
    """Why a measure is NaN although all its points are seen."""
    plan = columns.plan
    known = _resting(plan, columns.baseline, side)
    needed = set(plan.made_from[name] & plan.calibrated)
    for used in plan.made_from[name]:
        if plan.measures[used].NEEDS_BASELINE:
            needed |= {source for _, source in plan.measures[used].sources()}
    if any(np.isnan(known.get(used, NAN)) for used in needed):
        return RESTING_UNKNOWN
    return NO_OUTLINE if plan.made_from[name] & plan.calibrated else NOT_MEASURABLE


def _unseen_points(
    points: tuple[str, ...], track: Track, index: NDArray[np.intp], side: Side, *, one_will_do: bool = True
) -> NDArray[np.intp]:
    """The first unseen point of each frame as 8 times the landmark plus the code of its reason, -1 where all are seen.

    Of a middle seen from the side, one side stands for both where ``one_will_do``.
    """
    reasons = np.full(len(index), -1, dtype=np.intp)
    near_left = track.near[index] == 0
    from_the_side = track.turn[index] > FROM_THE_SIDE_DEGREES
    for point in points:
        left, right = _landmarks(point, side)
        first = np.where(near_left, left, right) if point.startswith(("near.", "far.")) else np.full(len(index), left)
        second = np.full(len(index), right) if point.startswith(("mid.", "each.")) else first
        codes = [track.unseen[index, chosen].astype(np.intp) for chosen in (first, second)]
        if point.startswith("mid.") and one_will_do:
            excused = from_the_side & ((codes[0] == 0) | (codes[1] == 0))
            codes = [np.where(excused, 0, code) for code in codes]
        for chosen, code in zip((first, second), codes, strict=True):
            reasons = np.where((reasons < 0) & (code > 0), chosen * 8 + code, reasons)
    return reasons


def _landmarks(point: str, side: Side) -> tuple[int, int]:
    """Landmarks of a spec's point: while the left side is near and while the right one is, or of the left and the right side.

    The same twice where there is but one.
    """
    found = point_indices(point, "left", side)
    return found[0], found[1] if len(found) > 1 else point_indices(point, "right", side)[0]
