"""What is recorded of a stretch of replayed frames: values, the state of every check, why something was not measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from posturecam.form import view
from posturecam.form.analyzer import Analyzer
from posturecam.form.body import OUTSIDE
from posturecam.form.columns import Columns
from posturecam.form.measure import NO_OUTLINE, NOT_MEASURABLE, RAW, RESTING_UNKNOWN, measures_used, point_indices
from posturecam.form.now import Moment
from posturecam.form.recording import side_column
from posturecam.form.tracks import REASONS, Track
from posturecam.model import LANDMARK_NAMES, FloatArray, Side, Stage
from posturecam.spec.ranges import Range
from posturecam.spec.schema import Check, Conditions


@dataclass(eq=False)
class Decided:
    """Frames of ``track`` from ``start`` on, of which some are decided: ``by_side`` what was measured, then the decisions."""

    track: Track
    start: int
    torso: FloatArray
    by_side: dict[Side, Columns]
    stages: list[Stage] = field(default_factory=list)
    phases: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    judging: list[bool] = field(default_factory=list)
    sides: list[Side] = field(default_factory=list)
    written: int = 0

    def add(self, stage: Stage, phase: str, asked: str, judging: bool, side: Side) -> None:
        """Take one frame's decisions; ``phase`` is what is recorded, ``asked`` what checks go by."""
        self.stages.append(stage)
        self.phases.append(phase)
        self.asked.append(asked)
        self.judging.append(judging)
        self.sides.append(side)


class Writer:
    """Writes decided frames into the analyzer's recording and tally."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._asked: dict[tuple[str, str], bool] = {}

    def write(self, decided: Decided) -> None:
        """Write what has been decided since the last time."""
        low, high = decided.written, len(decided.stages)
        if low == high:
            return
        decided.written = high
        rows = slice(low, high)
        frames = slice(decided.start + low, decided.start + high)
        shown = self._shown(decided, rows)
        analyzer = self._analyzer
        values = {name: shown.get(name + RAW, shown[name]) for name in analyzer.exercise.measures}
        if analyzer._measures.two_sided:
            for side, measured in decided.by_side.items():
                for name in analyzer.exercise.measures:
                    values[side_column(name, side)] = measured.get(name + RAW, measured[name])[rows]
        analyzer._recording.extend(
            decided.track.t_s[frames],
            decided.stages[rows],
            decided.phases[rows],
            values,
            self._problems(decided, shown, rows, frames),
            self._states(decided, shown, rows, frames),
        )
        self._count(decided, rows, frames)

    def _shown(self, decided: Decided, rows: slice) -> Columns:
        first = next(iter(decided.by_side.values()))
        if len(decided.by_side) == 1:
            return {name: column[rows] for name, column in first.items()}
        left = np.array([side == "left" for side in decided.sides[rows]])
        other = decided.by_side["right"]
        return {
            name: np.where(left, column[rows], other[name][rows]) for name, column in decided.by_side["left"].items()
        }

    # checks --------------------------------------------------------------------------------------------------------

    def _states(self, decided: Decided, shown: Columns, rows: slice, frames: slice) -> dict[str, NDArray[np.int8]]:
        judging = np.array(decided.judging[rows])
        states: dict[str, NDArray[np.int8]] = {}
        for name, check in self._analyzer.exercise.checks.items():
            state = np.zeros(len(judging), dtype=np.int8)
            states[name] = state
            if check.measure is None or not judging.any():
                continue
            asked = judging & self._is_asked(name, check, decided.asked[rows]) & _hold(check.when, shown, len(judging))
            value = shown[check.measure]
            unknown = np.isnan(value) if check.judged else np.ones(len(value), dtype=bool)
            if check.view is not None:
                unknown = unknown | np.array([seen != check.view for seen in decided.track.view[frames]])
            judged = np.where(_inside(check.ok, value), 1, np.where(_inside(check.fault, value), -1, 0))
            state[:] = np.where(asked, np.where(unknown, -2, judged), 0)
        return states

    def _is_asked(self, name: str, check: Check, phases: Sequence[str]) -> NDArray[np.bool_]:
        for phase in set(phases):
            if (name, phase) not in self._asked:
                moment = Moment(phase, self._analyzer._timer is not None, self._analyzer._still)
                self._asked[name, phase] = moment.asks(check)
        return np.array([self._asked[name, phase] for phase in phases])

    # why something was not measured --------------------------------------------------------------------------------

    def _problems(self, decided: Decided, shown: Columns, rows: slice, frames: slice) -> dict[str, NDArray[np.int16]]:
        """Codes of the reasons, given out in the order in which single frames would have come upon them."""
        found: list[tuple[int, int, str, str, NDArray[np.intp]]] = []
        for place, name in enumerate(self._analyzer.exercise.measures):
            missing = np.flatnonzero(np.isnan(shown[name]))
            if len(missing):
                for reason, where in self._reasons(name, decided, missing, rows, frames):
                    found.append((int(where[0]), place, name, reason, where))
        codes: dict[str, NDArray[np.int16]] = {}
        for _, _, name, reason, where in sorted(found, key=lambda item: item[:2]):
            column = codes.setdefault(name, np.zeros(rows.stop - rows.start, dtype=np.int16))
            column[where] = self._analyzer._recording.problem_code(reason)
        return codes

    def _reasons(
        self, name: str, decided: Decided, missing: NDArray[np.intp], rows: slice, frames: slice
    ) -> Iterable[tuple[str, NDArray[np.intp]]]:
        measures = self._analyzer._measures
        track, near = decided.track, decided.track.near[decided.start]
        sides = np.array(decided.sides[rows])[missing]
        for side in np.unique(sides).tolist():
            here = missing[sides == side]
            points = [i for point in measures.points[name] for i in point_indices(point, near, side)]
            unseen = np.isnan(track.xy[frames][here][:, points, 0]) if points else np.zeros((len(here), 0), dtype=bool)
            first = np.where(unseen.any(axis=1), unseen.argmax(axis=1), -1) if points else np.full(len(here), -1)
            for position in np.unique(first).tolist():
                chosen = here[first == position]
                if position < 0:
                    yield from self._other_reasons(name, side, track.outlined[frames], chosen)
                    continue
                point = points[position]
                why = track.unseen[frames][chosen, point]
                for code in np.unique(why).tolist():
                    text = f"{LANDMARK_NAMES[point].replace('_', ' ')} {REASONS[code] or REASONS[1]}"
                    yield text, chosen[why == code]

    def _other_reasons(
        self, name: str, side: Side, outlined: NDArray[np.bool_], where: NDArray[np.intp]
    ) -> Iterable[tuple[str, NDArray[np.intp]]]:
        measures = self._analyzer._measures
        finder = self._analyzer._rest.get(side) or next(iter(self._analyzer._rest.values()))
        calibrated = name in measures.calibrated
        if calibrated and not outlined[where].all():
            yield NO_OUTLINE, where[~outlined[where]]
            where = where[outlined[where]]
        if not len(where):
            return
        needed = {name} if calibrated else set(measures_used(measures.kinds[name]))
        known = all(finder.values.get(used, np.nan) == finder.values.get(used, np.nan) for used in needed)
        yield (NO_OUTLINE if calibrated else NOT_MEASURABLE) if known else RESTING_UNKNOWN, where

    # tally ---------------------------------------------------------------------------------------------------------

    def _count(self, decided: Decided, rows: slice, frames: slice) -> None:
        tally, track = self._analyzer._tally, decided.track
        guidance = self._guidance(decided, rows, frames)
        tally.frames += len(guidance)
        tally.with_person += len(guidance)
        tally.judged += sum(decided.judging[rows])
        tally.views.update(track.view[frames])
        tally.guidance.update(text for text in guidance if text)

    def _guidance(self, decided: Decided, rows: slice, frames: slice) -> list[str | None]:
        """:func:`posturecam.form.view.framing_guidance` of every frame."""
        exercise, track = self._analyzer.exercise, decided.track
        outside = track.unseen[frames] == REASONS.index(OUTSIDE)
        torso, near = decided.torso[rows], track.near[decided.start]
        sideways = np.array([seen == "side" for seen in track.view[frames]])
        texts: list[str | None] = [None]
        code = np.zeros(len(torso), dtype=np.int64)

        def say(text: str, when: NDArray[np.bool_]) -> None:
            if when.any():
                code[when & (code == 0)] = len(texts)
                texts.append(text)

        for seen in dict.fromkeys(track.view[frames]):
            wrong = view.view_guidance(exercise, SimpleNamespace(view=seen))  # type: ignore[arg-type]
            if wrong:
                say(wrong, np.array([seen == one for one in track.view[frames]]))
        for name, indices in view.framed_parts(exercise):
            judged = indices[near == "right" :][:1] if len(indices) == 2 else indices
            say(
                f"Step back, {name} out of the picture",
                np.where(sideways, outside[:, judged].any(axis=1), outside[:, indices].any(axis=1)),
            )
        say(view.COME_CLOSER, torso < view.SMALLEST_TORSO * track.height[frames])
        left, right = (track.xy[frames][:, index, 1] for index in view.HIPS)
        lower = left - right if near == "left" else right - left
        say(view.LOWER, sideways & (lower / torso > view.CAMERA_HIGH))
        return [texts[number] for number in code.tolist()]


def _inside(wanted: Range, values: FloatArray) -> NDArray[np.bool_]:
    inside = (values >= wanted.low) & (values <= wanted.high)
    result: NDArray[np.bool_] = ~np.isnan(values) & (inside != wanted.outside)
    return result


def _hold(when: Conditions, shown: Columns, count: int) -> NDArray[np.bool_]:
    result = np.ones(count, dtype=bool)
    for name, wanted in when.items():
        result &= _inside(wanted, shown[name])
    return result
