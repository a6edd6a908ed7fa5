"""Every frame of what was judged: stage, phase and side of each row, and the state of every check in it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from posturecam.counting.positions import inside
from posturecam.judging.decide import Done
from posturecam.judging.observed import Observed
from posturecam.judging.position import view_rows
from posturecam.judging.verdicts import views_of
from posturecam.kinematics.track import SIDES, VIEWS
from posturecam.model import PHASES, STAGES, FloatArray, Phase, Side, Stage
from posturecam.spec.schema import Check, Exercise

OK, NOT_CALLED, FAULT, UNKNOWN = 1, 0, -1, -2
"""Codes of a check's state in a row; not called: too close to call, or not asked for."""
_STAGE = {name: code for code, name in enumerate(STAGES)}
_PHASE = {name: code for code, name in enumerate(PHASES)}
_MOVING = (_PHASE["out"], _PHASE["end"], _PHASE["return"])


@dataclass(frozen=True, eq=False)
class Moments:
    """Rows of codes: what is done in each, and whether it is judged.

    ``stage`` into STAGES, ``phase`` into PHASES, ``end`` (index of the end position in ``ends``, -1 for none), ``side`` into
    SIDES. ``judging`` are the rows in which checks are asked.
    """

    stage: NDArray[np.int8]
    phase: NDArray[np.int8]
    end: NDArray[np.int8]
    ends: tuple[str, ...]
    side: NDArray[np.int8]
    judging: NDArray[np.bool_]

    def __getitem__(self, rows: slice) -> Moments:
        """Some of the rows, as views."""
        return Moments(
            self.stage[rows], self.phase[rows], self.end[rows], self.ends, self.side[rows], self.judging[rows]
        )

    def stage_at(self, row: int) -> Stage:
        """The stage's name."""
        return STAGES[int(self.stage[row])]

    def phase_at(self, row: int) -> Phase:
        """The phase's name."""
        return PHASES[int(self.phase[row])]

    def end_at(self, row: int) -> str | None:
        """Name of the end position the phase belongs to, for exercises that name theirs."""
        return self.ends[self.end[row]] if self.end[row] >= 0 else None

    def side_at(self, row: int) -> Side:
        """The active side."""
        return SIDES[self.side[row]]


def moments(observed: Observed, done: Done, *, still: bool, was_active: bool = False) -> Moments:
    """What each row belongs to; ``was_active``: the person had been in position before the first row."""
    exercise = observed.exercise
    count = len(observed)
    phase = np.zeros(count, dtype=np.int8)
    end = np.full(count, -1, dtype=np.int8)
    ends = tuple(exercise.reps.ends) if exercise.reps is not None else ()
    if exercise.reps is not None:
        phase[done.in_position] = _PHASE["rest"]
        for rep in done.counted.reps:
            for name, visit in rep.visits:
                times = (visit.left_s, visit.reached_s, visit.departed_s, visit.returned_s)
                for code, (start_s, end_s) in zip(_MOVING, pairwise(times), strict=True):
                    rows = observed.rows(start_s, end_s)
                    phase[rows] = code
                    end[rows] = ends.index(name) if name in ends else -1
    for hold in done.holds:
        phase[observed.rows(hold.start_s, hold.end_s)] = _PHASE["hold"]
    judging = phase == _PHASE["hold"] if exercise.hold is not None else done.in_position.copy()
    if still:
        judging = done.in_position.copy()
    return Moments(_stages(observed, done, was_active), phase, end, ends, _sides(observed, done), judging)


def _stages(observed: Observed, done: Done, was_active: bool) -> NDArray[np.int8]:
    exercise, track = observed.exercise, observed.track
    stage = np.full(len(observed), _STAGE["set_up"], dtype=np.int8)
    wanted = view_rows(track, exercise.camera.view)
    stage[~wanted] = _STAGE["framing"]
    been = np.logical_or.accumulate(done.in_position) | was_active
    stage[been & wanted] = _STAGE["paused"]
    stage[done.in_position] = _STAGE["active"]
    stage[~track.seen & ~done.in_position] = _STAGE["nobody"]
    return stage


def _sides(observed: Observed, done: Done) -> NDArray[np.int8]:
    """The active side of each row: of the rep or hold it lies in, or of the last one before it."""
    side = np.full(len(observed), -1, dtype=np.int8)
    spans = [(rep.start_s, rep.end_s, rep.side) for rep in done.counted.reps]
    spans += [(hold.start_s, hold.end_s, hold.side) for hold in done.holds]
    for start_s, end_s, name in spans:
        if name is not None:
            side[observed.rows(start_s, end_s)] = SIDES.index(name)
    known = np.flatnonzero(side >= 0)
    if len(known) == 0:
        return _sides_by_sign(observed)
    last = np.maximum.accumulate(np.where(side >= 0, np.arange(len(side)), known[0]))
    filled: NDArray[np.int8] = side[last]
    return filled


def _sides_by_sign(observed: Observed) -> NDArray[np.int8]:
    """The side that a two-sided hold's measure tells where nothing has been held yet."""
    hold = observed.exercise.hold
    if hold is None or hold.side is None:
        return np.zeros(len(observed), dtype=np.int8)
    return (observed.values(hold.side) < 0).astype(np.int8)


def shown_values(observed: Observed, name: str, side: NDArray[np.int8]) -> FloatArray:
    """A measure (n,) as taken for the side that is active in each row."""
    if not observed.columns.two_sided(name):
        return observed.values(name)
    return np.where(side == 0, observed.values(name, "left"), observed.values(name, "right"))


def check_states(observed: Observed, at: Moments, check: Check, *, still: bool) -> NDArray[np.int8]:
    """State codes (n,) of one check."""
    states = np.zeros(len(observed), dtype=np.int8)
    if check.measure is None or not at.judging.any():
        return states
    asked = at.judging & asked_rows(observed.exercise, check, at, still=still)
    for name, wanted in check.when.items():
        asked = asked & inside(wanted, shown_values(observed, name, at.side))
    value = shown_values(observed, check.measure, at.side)
    unknown = np.isnan(value) if check.judged else np.ones(len(value), dtype=bool)
    views = views_of(observed.exercise, check)
    if views is not None:
        unknown = unknown | ~np.isin(observed.view, [VIEWS.index(view) for view in views])
    called = np.where(inside(check.ok, value), OK, np.where(inside(check.fault, value), FAULT, NOT_CALLED))
    states[:] = np.where(asked, np.where(unknown, UNKNOWN, called), NOT_CALLED)
    return states


def asked_rows(exercise: Exercise, check: Check, at: Moments, *, still: bool) -> NDArray[np.bool_]:
    """Rows (n,) in which a check has an answer, and not only once the rep is over."""
    if exercise.hold is not None or check.during == "always":
        return np.ones(len(at.phase), dtype=bool)
    if check.take in (None, "lasting"):
        if still:
            return np.full(len(at.phase), check.during == "rep")
        if check.during == "rep":
            return np.asarray(at.phase > _PHASE["rest"])
        if check.at == "end" or check.during == "end":
            there = at.phase == _PHASE["end"]
            return np.asarray(there if check.end is None else there & (at.end == at.ends.index(check.end)))
        if check.during in ("out", "return"):
            return np.asarray(at.phase == _PHASE[check.during])
    return np.zeros(len(at.phase), dtype=bool)


def asked_now(observed: Observed, at: Moments, check: Check, row: int, *, still: bool = False) -> bool:
    """Whether a check is asked in one row, whose moment is all there is of ``at``, its ``when`` included."""
    if not asked_rows(observed.exercise, check, at, still=still)[0]:
        return False
    side = at.side_at(0)
    return all(float(observed.values(name, side)[row]) in wanted for name, wanted in check.when.items())
