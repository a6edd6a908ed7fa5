"""Whether the person is in position, row by row: the spec's conditions where the view can tell, else the trunk's posture."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posturecam.counting.positions import (
    CONTRARY,
    UNKNOWN,
    Evidence,
    Limits,
    conditions_evidence,
    limits_of,
    posture_evidence,
)
from posturecam.kinematics.measures import Columns, of_body, plan_of
from posturecam.kinematics.track import VIEWS, Track
from posturecam.model import HIPS, SHOULDERS, FloatArray, Side, View
from posturecam.spec import measures as kinds
from posturecam.spec.derived import Derived
from posturecam.spec.references import unit_of
from posturecam.spec.schema import Conditions, Exercise
from posturecam.spec.units import SCALES

IN_SPACE_ERROR = 20.0
"""Degrees by which an angle between world landmarks may err (field notes: 20 to 30 for an elbow that points to the camera)."""


def inclination(track: Track) -> FloatArray:
    """The trunk's angle from the vertical in degrees (n,), from world landmarks; NaN where nobody is seen."""
    trunk = track.world[:, SHOULDERS].mean(axis=1) - track.world[:, HIPS].mean(axis=1)
    length = np.linalg.norm(trunk, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine: FloatArray = np.clip(-trunk[:, 1] / length, -1.0, 1.0)
    return np.degrees(np.arccos(cosine))


def posture(exercise: Exercise, track: Track) -> Evidence:
    """What the trunk's posture says of the position (n,): nothing where the exercise is done bent over, between the two.

    Who is upright may be doing anything, so that for them it only ever speaks against.
    """
    if exercise.position == "bent_over":
        return np.zeros(len(track), dtype=np.int8)
    found = posture_evidence(exercise.trunk_level, inclination(track))
    return found if exercise.trunk_level else np.minimum(found, UNKNOWN).astype(np.int8)


def hysteresis(exercise: Exercise, conditions: Conditions) -> Conditions:
    """Conditions that are a little easier to meet: who is in position leaves it only clearly.

    Easier by what the measure is known to err by, where its spec says that, and by a usual error otherwise.
    """
    result = {}
    for name, wanted in conditions.items():
        by = exercise.measures[name].error or SCALES[unit_of(exercise, name)].hysteresis
        by = -by if wanted.outside else by
        result[name] = wanted.model_copy(update={"low": wanted.low - by, "high": wanted.high + by})
    return result


def seen_from_anywhere(exercise: Exercise, name: str) -> bool:
    """Whether a measure reads the same wherever the camera stands: heights, and how far somebody upright is from the vertical."""
    measure = exercise.measures[name]
    if getattr(measure, "space", "image") == "world":
        return True
    if isinstance(measure, kinds.OffsetMeasure):
        return measure.along in ("up", "down")
    if isinstance(measure, kinds.TiltMeasure):
        return not exercise.trunk_level and measure.towards is None
    sources = [source for _, source in measure.sources()]
    return bool(sources) and all(seen_from_anywhere(exercise, source) for source in sources)


def view_rows(track: Track, wanted: Sequence[View]) -> NDArray[np.bool_]:
    """Rows (n,) in which the camera stands at one of the ``wanted`` places."""
    rows: NDArray[np.bool_] = _among(tuple(wanted))[track.view]
    return rows


@functools.cache
def _among(wanted: tuple[View, ...]) -> NDArray[np.bool_]:
    """For each of VIEWS whether it is wanted."""
    return np.array([view in wanted for view in VIEWS])


@dataclass(frozen=True, eq=False)
class _Asked:
    """Conditions, strict and eased: as the camera must see them from where it should stand, and what is asked from elsewhere.

    ``in_space`` holds the measures that are taken between world landmarks then.
    """

    limits: Limits
    elsewhere: Limits
    in_space: Mapping[str, kinds.Measure]


@dataclass(frozen=True, eq=False)
class _Wanted:
    """What an exercise asks of a position: of the whole of it strict and eased, and of the set-up alone eased, None if the same.

    ``two_sided``: that differs from side to side.
    """

    position: _Asked
    ready: _Asked | None
    two_sided: bool


@Derived
def _wanted_of(exercise: Exercise) -> _Wanted:
    setup = exercise.setup.position
    wanted = {**setup, **exercise.hold.position} if exercise.hold is not None else setup
    return _Wanted(
        _asked(exercise, wanted, hysteresis(exercise, wanted)),
        _asked(exercise, hysteresis(exercise, setup)) if wanted is not setup else None,
        not plan_of(exercise).two_sided.isdisjoint(wanted),
    )


def _asked(exercise: Exercise, *levels: Conditions) -> _Asked:
    """From elsewhere: what reads the same from anywhere, and tilts and angles in space, which the picture shortens."""
    elsewhere: list[Conditions] = [{} for _ in levels]
    in_space = {}
    for name in levels[0]:
        measure = exercise.measures[name]
        anywhere = seen_from_anywhere(exercise, name)
        if not anywhere and (
            isinstance(measure, kinds.AngleMeasure) or (isinstance(measure, kinds.TiltMeasure) and not measure.towards)
        ):
            in_space[name] = measure.model_copy(update={"space": "world"})
        for level, asked in zip(levels, elsewhere, strict=True):
            if anywhere:
                asked[name] = level[name]
            elif name in in_space:
                low, high = level[name].low - IN_SPACE_ERROR, level[name].high + IN_SPACE_ERROR
                asked[name] = level[name].model_copy(update={"low": low, "high": high, "if_seen": True})
    return _Asked(limits_of(*levels), limits_of(*elsewhere), in_space)


class _Rows:
    """The rows in which a position is looked for."""

    def __init__(self, exercise: Exercise, track: Track, columns: Columns) -> None:
        self._exercise, self._track, self._columns = exercise, track, columns
        # near enough to where the exercise is meant to be seen from for weak evidence
        self._view_tells = view_rows(track, (*exercise.camera.view, "oblique"))

    def evidence(self, asked: _Asked, side: Side) -> Evidence:
        """Evidence that the conditions hold (levels, n), for ``side`` where both are measured; contrary where nobody is seen.

        From where the exercise is meant to be seen its conditions decide, and the trunk's posture only where they cannot be
        measured. From elsewhere only those conditions are asked that read the same from anywhere, and the posture must not
        speak against.
        """
        values = {name: self._columns.of(name, side) for name in asked.limits.names}
        found = conditions_evidence(asked.limits, values, len(self._track))
        # live, row by row, most of the time the conditions alone decide
        if not self._view_tells.all() or (found == UNKNOWN).any():
            posture = self._posture
            from_elsewhere = self._from_elsewhere(asked, values, side)
            in_view = np.where(found == UNKNOWN, posture, found)
            elsewhere = np.where(from_elsewhere == CONTRARY, CONTRARY, posture)
            found = np.where(self._view_tells, in_view, elsewhere).astype(np.int8)
        found[:, ~self._track.seen] = CONTRARY
        return found

    def _from_elsewhere(self, asked: _Asked, values: Mapping[str, FloatArray], side: Side) -> Evidence:
        track, position = self._track, self._exercise.position
        in_space = {name: of_body(measure, track, position, side) for name, measure in asked.in_space.items()}
        return conditions_evidence(asked.elsewhere, {**values, **in_space}, len(track))

    @functools.cached_property
    def _posture(self) -> Evidence:
        return posture(self._exercise, self._track)


@dataclass(frozen=True, eq=False)
class Position:
    """Evidence row by row (n,) for one side: ``entered`` that of the whole position, ``kept`` the same a little easier to meet.

    ``ready`` is that of the set-up alone, easier to meet too: where resting values are taken.
    """

    entered: Evidence
    kept: Evidence
    ready: Evidence

    def combined(self, make: Callable[..., NDArray[Any]], *others: Position) -> Position:
        """The evidence of which ``make`` makes each array, given this one's and the others' of that name."""
        parts = (self, *others)
        return Position(
            make(*(part.entered for part in parts)),
            make(*(part.kept for part in parts)),
            make(*(part.ready for part in parts)),
        )


def positions(exercise: Exercise, track: Track, columns: Columns, sides: Sequence[Side]) -> dict[Side, Position]:
    """Evidence for the exercise's position by side; the same for all where what it asks does not differ."""
    wanted = _wanted_of(exercise)
    rows = _Rows(exercise, track, columns)

    def of(side: Side) -> Position:
        entered, kept = rows.evidence(wanted.position, side)
        ready = kept if wanted.ready is None else rows.evidence(wanted.ready, side)[0]
        return Position(entered, kept, ready)

    return {side: of(side) for side in sides} if wanted.two_sided else dict.fromkeys(sides, of(sides[0]))
