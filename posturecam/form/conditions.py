"""Conditions on measures: whether they hold, and who is in position for how long."""

from __future__ import annotations

import math
from collections.abc import Mapping

from posturecam.form.measure import Values
from posturecam.geometry import NAN
from posturecam.model import Stage
from posturecam.spec import measures as kinds
from posturecam.spec.schema import Conditions, Exercise, Setup

WIDEN: Mapping[str, float] = {"degrees": 6.0, "torso": 0.06, "ratio": 0.06}
LEAVE_S = 0.5
FLICKER_S = 0.2
GAP_S = 1.0
UNSEEN_S = 3.0
_TORSO_KINDS = (kinds.OffsetMeasure, kinds.LineOffsetMeasure, kinds.DistanceMeasure)


def unit_of(exercise: Exercise, name: str) -> str:
    """Unit of a measure: ``degrees``, ``torso`` (lengths) or ``ratio``."""
    measure = exercise.measures[name]
    if measure.unit is not None:
        return measure.unit
    if isinstance(measure, kinds.RatioMeasure):
        return "ratio"
    if isinstance(measure, kinds.DifferenceMeasure):
        return unit_of(exercise, measure.difference[0])
    if isinstance(measure, kinds.ChangeMeasure):
        return unit_of(exercise, measure.change)
    if isinstance(measure, kinds.CombineMeasure):
        return unit_of(exercise, measure.over[0])
    return "torso" if isinstance(measure, _TORSO_KINDS) else "degrees"


def widened(exercise: Exercise, conditions: Conditions) -> Conditions:
    """Conditions that are a little easier to meet: who is in position leaves it only clearly.

    Easier by what the measure is known to err by, where its spec says that, and by a usual error otherwise.
    """
    result = {}
    for name, wanted in conditions.items():
        by = exercise.measures[name].error or WIDEN[unit_of(exercise, name)]
        by = -by if wanted.outside else by
        result[name] = wanted.model_copy(update={"low": wanted.low - by, "high": wanted.high + by})
    return result


def holds(conditions: Conditions, values: Values) -> bool | None:
    """Tell whether all conditions hold; None when none is broken but one cannot be measured (and must be)."""
    unseen = False
    for name, wanted in conditions.items():
        value = values[name]
        if math.isnan(value):
            unseen = unseen or not wanted.if_seen
        elif value not in wanted:
            return False
    return None if unseen else True


class Gate:
    """Decides the stage: nothing counts before the person has been in position, and counting pauses when they leave it.

    To begin, the position must have been right for the set-up's time, and the start conditions true at some moment of it.
    """

    def __init__(self, exercise: Exercise) -> None:
        setup: Setup = exercise.setup
        self._hold_s = setup.hold_s
        self._turned_s = exercise.camera.turned_s
        self._position = setup.position
        self._start = setup.start
        self._stay = widened(exercise, setup.position)
        self._right_since_s = NAN
        self._last_right_s = NAN
        self._last_view_s = NAN
        self._started = False
        self._was_active = False
        self._active = False
        self.slipping = False
        """Whether the position is not right at the moment, though counting is still on."""

    @property
    def active(self) -> bool:
        """Whether counting is on."""
        return self._active

    @property
    def in_position(self) -> bool:
        """Whether the position is right at the moment, active or not yet."""
        return self._active or not math.isnan(self._right_since_s)

    @property
    def confirming(self) -> bool:
        """Whether position and start are right, but not yet for long enough to be active."""
        return not self._active and self._started

    def update(self, t_s: float, values: Values | None, *, view_ok: bool) -> Stage:
        """Take one frame's values (None: nobody seen); returns where the session stands."""
        if self._active:
            self._keep(t_s, values, view_ok)
        else:
            self._try(t_s, values, view_ok)
        if self._active:
            return "active"
        if values is None:
            return "nobody"
        if not view_ok:
            return "framing"
        return "paused" if self._was_active else "set_up"

    def _keep(self, t_s: float, values: Values | None, view_ok: bool) -> None:
        if view_ok:
            self._last_view_s = t_s
        in_view = t_s - self._last_view_s <= self._turned_s
        state = holds(self._stay, values) if values is not None and in_view else False
        self.slipping = state is False
        if state:
            self._last_right_s = t_s
        elif t_s - self._last_right_s > (UNSEEN_S if state is None else LEAVE_S):
            self._active = self._started = self.slipping = False
            self._right_since_s = NAN

    def _try(self, t_s: float, values: Values | None, view_ok: bool) -> None:
        state = holds(self._position, values) if values is not None and view_ok else False
        if values is not None and state:
            if not t_s - self._last_right_s <= GAP_S:
                self._right_since_s = NAN
                self._started = False
            if math.isnan(self._right_since_s):
                self._right_since_s = t_s
            self._last_right_s = t_s
            self._started = self._started or self._was_active or holds(self._start, values) is True
            self._last_view_s = t_s
            self._active = self._started and t_s - self._right_since_s >= self._hold_s
            self._was_active |= self._active
        elif state is False or not t_s - self._last_right_s <= FLICKER_S:
            self._right_since_s = NAN
            self._started = False
