"""What the analyzer remembers of the session: one compact row a frame, cut into stretches when a rep or hold is judged."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posturecam.model import FloatArray, Side, Stage, State, Trace

_STATE_CODES: Mapping[State, int] = {"ok": 1, "fault": -1, "unknown": -2}
NOT_ASKED = 0


def side_column(measure: str, side: Side) -> str:
    """Name of the column that keeps a measure as taken for one side."""
    return f"{measure}@{side}"


@dataclass(frozen=True, eq=False)
class Stretch:
    """A stretch of the session: ``t_s`` (n,) and the values of one measure (n,), NaN where not measured."""

    t_s: FloatArray
    values: FloatArray


class Recording:
    """Append-only columns: time, stage, phase, every measure, every check's state, and why a measure was missing.

    ``offsets`` holds what is taken off a measure when it is read: a calibrated measure is kept as it was measured, so that a
    better resting value serves what was recorded before it, too.
    """

    def __init__(self, measures: Iterable[str], checks: Iterable[str]) -> None:
        self.t_s = array("d")
        self._stage: list[Stage] = []
        self._phase: list[str] = []
        self._measures = {name: array("d") for name in measures}
        self._checks = {name: array("b") for name in checks}
        self._problems: dict[str, array[int]] = {name: array("h") for name in self._measures}
        self._problem_codes: dict[str | None, int] = {None: 0}
        self.offsets: dict[str, float] = {}

    def append(
        self,
        t_s: float,
        stage: Stage,
        phase: str,
        values: Mapping[str, float],
        problems: Mapping[str, str],
        states: Mapping[str, State | None],
    ) -> None:
        """Add one frame; measures missing from ``values`` are NaN, checks missing from ``states`` were not asked for."""
        self.t_s.append(t_s)
        self._stage.append(stage)
        self._phase.append(phase)
        for name, column in self._measures.items():
            column.append(values.get(name, math.nan))
            reason = problems.get(name)
            self._problems[name].append(self._problem_codes.setdefault(reason, len(self._problem_codes)))
        for name, states_column in self._checks.items():
            state = states.get(name)
            states_column.append(NOT_ASKED if state is None else _STATE_CODES[state])

    def extend(
        self,
        t_s: Sequence[float],
        stages: Sequence[Stage],
        phases: Sequence[str],
        values: Mapping[str, FloatArray],
        problems: Mapping[str, NDArray[np.int16]],
        states: Mapping[str, NDArray[np.int8]],
    ) -> None:
        """Add many frames, each as :meth:`append` does; ``problems`` are codes of :meth:`problem_code`, 0 for none."""
        self.t_s.extend(t_s)
        self._stage.extend(stages)
        self._phase.extend(phases)
        for name, column in self._measures.items():
            column.frombytes(np.ascontiguousarray(values[name], dtype=np.float64).tobytes())
            codes = problems.get(name, np.zeros(len(t_s), dtype=np.int16))
            self._problems[name].frombytes(np.ascontiguousarray(codes, dtype=np.int16).tobytes())
        for name, states_column in self._checks.items():
            states_column.frombytes(np.ascontiguousarray(states[name], dtype=np.int8).tobytes())

    def problem_code(self, reason: str) -> int:
        """The number under which a reason is kept, in the order in which reasons first come up."""
        return self._problem_codes.setdefault(reason, len(self._problem_codes))

    def __len__(self) -> int:
        """Frames so far."""
        return len(self.t_s)

    def _bounds(self, start_s: float, end_s: float) -> tuple[int, int]:
        return bisect_left(self.t_s, start_s), bisect_right(self.t_s, end_s)

    def stretch(self, measure: str, start_s: float, end_s: float, side: Side | None = None) -> Stretch:
        """Copy of one measure between two moments, both included; of one ``side`` where both are measured."""
        low, high = self._bounds(start_s, end_s)
        column = self._measures.get(f"{measure}@{side}", self._measures[measure])
        values = np.array(column[low:high]) - self.offsets.get(measure, 0.0)
        return Stretch(np.array(self.t_s[low:high]), values)

    def problem(self, measure: str, start_s: float, end_s: float) -> str | None:
        """Most frequent reason why a measure was missing between two moments; None when it never was."""
        low, high = self._bounds(start_s, end_s)
        counts = np.bincount(np.array(self._problems[measure][low:high], dtype=np.intp), minlength=1)
        counts[0] = 0
        if not counts.any():
            return None
        return list(self._problem_codes)[int(counts.argmax())]

    def trace(self) -> Trace:
        """Everything as arrays."""
        return Trace(
            t_s=np.array(self.t_s),
            stage=tuple(self._stage),
            phase=tuple(self._phase),
            measures={
                name: np.array(column) - self.offsets.get(name.partition("@")[0], 0.0)
                for name, column in self._measures.items()
            },
            checks={name: np.array(column, dtype=np.int8) for name, column in self._checks.items()},
        )
