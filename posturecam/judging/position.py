"""Whether the person is in position, row by row: the spec's conditions where the view can tell, else the trunk's posture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posturecam.counting.positions import CONTRARY, UNKNOWN, Evidence, conditions_evidence, posture_evidence
from posturecam.kinematics.measures import Columns, in_space
from posturecam.kinematics.track import VIEWS, Track
from posturecam.model import HIPS, SHOULDERS, FloatArray, Side, View
from posturecam.spec import measures as kinds
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
    table = np.array([view in wanted for view in VIEWS])
    rows: NDArray[np.bool_] = table[track.view]
    return rows


def evidence(exercise: Exercise, track: Track, columns: Columns, conditions: Conditions, side: Side) -> Evidence:
    """Evidence (n,) that ``conditions`` hold, for ``side`` where both are measured; contrary where nobody is seen.

    From where the exercise is meant to be seen its conditions decide, and the trunk's posture only where they cannot be
    measured. From elsewhere only those conditions are asked that read the same from anywhere, and the posture must not
    speak against.
    """
    values: Mapping[str, FloatArray] = {name: columns.of(name, side) for name in conditions}
    found = conditions_evidence(conditions, values, len(track))
    # an oblique view is near enough to where the exercise is meant to be seen from for weak evidence
    tells = view_rows(track, (*exercise.camera.view, "oblique"))
    # live, row by row, most of the time the conditions alone decide
    if not tells.all() or (found == UNKNOWN).any():
        posture = _posture(exercise, track)
        from_elsewhere = _from_elsewhere(exercise, track, values, conditions, side)
        in_view = np.where(found == UNKNOWN, posture, found)
        elsewhere = np.where(from_elsewhere == CONTRARY, CONTRARY, posture)
        found = np.where(tells, in_view, elsewhere).astype(np.int8)
    found[~track.seen] = CONTRARY
    return found


def _from_elsewhere(
    exercise: Exercise, track: Track, values: Mapping[str, FloatArray], conditions: Conditions, side: Side
) -> Evidence:
    """Evidence by what reads the same from anywhere, and by tilts and angles in space, which the picture shortens."""
    anywhere: Conditions = {}
    measured: dict[str, FloatArray] = {}
    for name, wanted in conditions.items():
        measure = exercise.measures[name]
        if seen_from_anywhere(exercise, name):
            anywhere[name], measured[name] = wanted, values[name]
        elif isinstance(measure, kinds.AngleMeasure) or (
            isinstance(measure, kinds.TiltMeasure) and not measure.towards
        ):
            anywhere[name] = wanted.model_copy(
                update={"low": wanted.low - IN_SPACE_ERROR, "high": wanted.high + IN_SPACE_ERROR, "if_seen": True}
            )
            measured[name] = in_space(measure, track, exercise.position, side)
    return conditions_evidence(anywhere, measured, len(track))


def _posture(exercise: Exercise, track: Track) -> Evidence:
    """What the trunk's posture says; who is upright may be doing anything, so that for them it only ever speaks against."""
    if exercise.position == "bent_over":
        return np.zeros(len(track), dtype=np.int8)
    lying = exercise.trunk_level
    found = posture_evidence(lying, inclination(track))
    return found if lying else np.minimum(found, UNKNOWN).astype(np.int8)


@dataclass(frozen=True, eq=False)
class Position:
    """Evidence row by row (n,) for one side: ``entered`` that of the whole position, ``kept`` the same a little easier to meet.

    ``ready`` is that of the set-up alone, easier to meet too: where resting values are taken.
    """

    entered: Evidence
    kept: Evidence
    ready: Evidence

    def __getitem__(self, rows: slice) -> Position:
        """Some of the rows."""
        return Position(self.entered[rows], self.kept[rows], self.ready[rows])


def positions(exercise: Exercise, track: Track, columns: Columns, sides: Sequence[Side]) -> dict[Side, Position]:
    """Evidence for the exercise's position by side."""
    setup = exercise.setup.position
    wanted = {**setup, **exercise.hold.position} if exercise.hold is not None else setup
    result: dict[Side, Position] = {}
    for side in sides:
        kept = evidence(exercise, track, columns, hysteresis(exercise, wanted), side)
        ready = kept if wanted is setup else evidence(exercise, track, columns, hysteresis(exercise, setup), side)
        result[side] = Position(evidence(exercise, track, columns, wanted, side), kept, ready)
    return result


def joined_positions(parts: Sequence[Mapping[Side, Position]]) -> dict[Side, Position]:
    """The rows of all parts one after the other."""
    return {
        side: Position(
            np.concatenate([part[side].entered for part in parts]),
            np.concatenate([part[side].kept for part in parts]),
            np.concatenate([part[side].ready for part in parts]),
        )
        for side in parts[0]
    }
