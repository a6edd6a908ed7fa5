"""What was seen in consecutive frames, measured for one exercise: the table that counting and judging read."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posturecam.judging.position import Position, positions, view_rows
from posturecam.kinematics import measures
from posturecam.kinematics.measures import Baseline, Columns
from posturecam.kinematics.track import SIDES, VIEWS, Track
from posturecam.kinematics.tracker import Tracker, settled
from posturecam.model import FloatArray, Side, View
from posturecam.poses import PoseSequence
from posturecam.spec.schema import Exercise

_FIRST_ROOM = 256


@dataclass(frozen=True, eq=False)
class Stretch:
    """A stretch of one measure: ``t_s`` (n,) and its values (n,), NaN where not measured."""

    t_s: FloatArray
    values: FloatArray


@dataclass(frozen=True, eq=False)
class Observed:
    """Rows of a recording: the tracked body, what was measured of it, and the evidence for the position, row by row."""

    exercise: Exercise
    track: Track
    columns: Columns
    positions: Mapping[Side, Position]

    def __len__(self) -> int:
        """Rows."""
        return len(self.track)

    @property
    def t_s(self) -> FloatArray:
        """Times, (n,) seconds."""
        return self.track.t_s

    @property
    def sides(self) -> tuple[Side, ...]:
        """Sides of the body for which something is measured apart; ("left",) stands for both where nothing is."""
        return measured_sides(self.columns)

    def values(self, name: str, side: Side | None = None) -> FloatArray:
        """One measure (n,), as taken for ``side`` where both are measured."""
        return self.columns.of(name, side or SIDES[0])

    def rows(self, start_s: float, end_s: float) -> slice:
        """The rows between two moments, both included."""
        # once a check and rep: the array's own method, in a third of the time
        return slice(int(self.t_s.searchsorted(start_s)), int(self.t_s.searchsorted(end_s, side="right")))

    def stretch(self, name: str, start_s: float, end_s: float, side: Side | None = None) -> Stretch:
        """One measure between two moments."""
        rows = self.rows(start_s, end_s)
        return Stretch(self.t_s[rows], self.values(name, side)[rows])

    def why_missing(self, name: str, start_s: float, end_s: float, side: Side | None = None) -> str:
        """The most frequent reason why a measure is missing between two moments."""
        return measures.why_missing(self.columns, self.track, name, side or SIDES[0], self.rows(start_s, end_s))

    @functools.cached_property
    def view(self) -> NDArray[np.int8]:
        """Where the camera stands in each row (n,), as checks are judged: the code of its name in VIEWS.

        Some exercises turn the trunk, which makes the view seem another: a right one stays right while the exercise allows.
        """
        camera, codes, t_s = self.exercise.camera, self.track.view, self.t_s
        right = np.flatnonzero(view_rows(self.track, camera.view))
        if not len(right):
            return codes
        last = right[np.maximum(np.searchsorted(right, np.arange(len(codes)), side="right") - 1, 0)]
        since_s = t_s - t_s[last]
        held = (since_s >= 0) & (since_s <= camera.turned_s)
        result: NDArray[np.int8] = np.where(held, codes[last], codes)
        return result

    def view_between(self, start_s: float, end_s: float) -> View:
        """Where the camera mostly stood between two moments."""
        codes = self.view[self.rows(start_s, end_s)]
        return VIEWS[int(np.bincount(codes).argmax())] if len(codes) else "unknown"

    def with_baseline(self, baseline: Baseline) -> Observed:
        """The same rows with everything that is measured against resting values."""
        columns = measures.with_baseline(self.columns, baseline)
        return Observed(self.exercise, self.track, columns, self.positions)

    def __getitem__(self, rows: slice) -> Observed:
        """Some of the rows, as views."""
        return self.combined(lambda array: array[rows])

    def combined(self, make: Callable[..., NDArray[Any]], *others: Observed) -> Observed:
        """The rows of which ``make`` makes each array, given this one's and the others' (of the same exercise) of that name."""
        return Observed(
            self.exercise,
            self.track.combined(make, *(other.track for other in others)),
            self.columns.combined(make, *(other.columns for other in others)),
            {
                side: position.combined(make, *(other.positions[side] for other in others))
                for side, position in self.positions.items()
            },
        )


def measured_sides(columns: Columns) -> tuple[Side, ...]:
    """The sides for which something is measured apart; ("left",) where nothing is."""
    return SIDES if columns.plan.two_sided else SIDES[:1]


def observed_rows(exercise: Exercise, track: Track) -> Observed:
    """Measure the rows of a track."""
    columns = measures.measure(exercise, track)
    return Observed(exercise, track, columns, positions(exercise, track, columns, measured_sides(columns)))


def observe(exercise: Exercise, poses: PoseSequence) -> Observed:
    """Measure a whole recording, with all of it in view."""
    return observed_rows(exercise, followed(poses, lying=exercise.lying))


def followed(poses: PoseSequence, *, lying: bool) -> Track:
    """The body over a whole recording, with all of it in view: the same for all exercises that are done ``lying``, or are not."""
    return settled(Tracker(lying=lying, whole=True).follow(poses))


class Window:
    """The last rows of what is observed live: they grow at the end, and those at the front are forgotten.

    They lie in arrays with room for more, so that taking a row costs the same however many there are.
    """

    def __init__(self) -> None:
        """Without rows."""
        self._room: Observed | None = None
        self._rows = slice(0, 0)

    def __len__(self) -> int:
        """Rows."""
        return self._rows.stop - self._rows.start

    def grown(self, new: Observed) -> Observed:
        """All rows, as views, with the ``new`` ones at their end."""
        if self._room is None or self._rows.stop + len(new) > len(self._room):
            self._room, self._rows = self._larger_room(new), slice(0, len(self))
        added = slice(self._rows.stop, self._rows.stop + len(new))
        rows = self._rows = slice(self._rows.start, added.stop)

        def put(kept: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
            kept[added] = values
            return kept[rows]

        return self._room.combined(put, new)

    def _larger_room(self, new: Observed) -> Observed:
        """Room for more rows, with the last ones at its beginning; slices that were handed out keep theirs."""
        size = max(_FIRST_ROOM, 2 * (len(self) + len(new)))

        def moved(old: NDArray[Any]) -> NDArray[Any]:
            room = np.empty((size, *old.shape[1:]), old.dtype)
            room[: len(old)] = old
            return room

        return (new[:0] if self._room is None else self._room[self._rows]).combined(moved)

    def forget(self, count: int) -> None:
        """Drop so many rows at the front."""
        self._rows = slice(self._rows.start + count, self._rows.stop)
