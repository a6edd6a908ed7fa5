"""A recorded session judged again, in a fraction of the time that frame by frame takes, with the same result to the last bit.

What moves from frame to frame (who is in position, where a rep begins) is decided one frame after the other, by the very objects
that :class:`~posturecam.form.analyzer.Analyzer` is made of. All the rest, which is nearly all of the work, is done for a
stretch of frames at once: the body (:mod:`posturecam.form.tracks`), the measures (:mod:`posturecam.form.columns`), and what
is recorded (:mod:`posturecam.form.stretches`). A stretch ends where a decision changes what is measured: a torso measured anew, a
resting value found. Until the resting values are there, frames are judged one by one.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from posturecam.form import columns
from posturecam.form.analyzer import Analyzer
from posturecam.form.measure import RAW
from posturecam.form.stretches import Decided, Writer
from posturecam.form.tracks import BatchTracker, Landmarks, Scale, Track
from posturecam.model import FloatArray, Pose, SessionResult, Side
from posturecam.spec.schema import Exercise

BLOCK = 4096
SHORTEST, LONGEST = 64, 2048


def replay(exercise: Exercise, marks: Landmarks, *, still: bool = False, interrupted: bool = False) -> SessionResult:
    """Judge recorded landmarks; the result is that of an :class:`Analyzer` fed with their poses."""
    analyzer = Analyzer(exercise, still=still)
    if columns.known_here(analyzer._measures):
        _Replay(analyzer, marks).run()
    else:
        for index, t_s in enumerate(marks.t_s.tolist()):
            analyzer.update(t_s, pose_at(marks, index))
    return analyzer.finish(interrupted=interrupted)


def pose_at(marks: Landmarks, index: int) -> Pose | None:
    """One frame's pose, None where nobody was seen."""
    if not marks.seen[index]:
        return None
    width, height = (int(length) for length in marks.size[index])
    return Pose(
        points=marks.points[index].astype(np.float64),
        world=marks.world[index].astype(np.float64),
        visibility=marks.visibility[index].astype(np.float64),
        width=width,
        height=height,
        contour=marks.contour[index].astype(np.float64) if marks.outlined[index] else None,
    )


class _Restarts:
    """Stands in for the analyzer's tracker, whose work is done here: takes the wish to measure the torso anew."""

    def __init__(self) -> None:
        self.wanted = False

    def restart_torso(self) -> None:
        self.wanted = True

    def taken(self) -> bool:
        wanted, self.wanted = self.wanted, False
        return wanted


class _Replay:
    def __init__(self, analyzer: Analyzer, marks: Landmarks) -> None:
        self._analyzer = analyzer
        self._marks = marks
        self._tracker = BatchTracker()
        self._scale = Scale(lying=analyzer.exercise.position in ("prone", "supine"))
        self._restarts = _Restarts()
        analyzer._tracker = self._restarts  # type: ignore[assignment]
        self._writer = Writer(analyzer)
        self._needed = self._needed_names()

    def _needed_names(self) -> list[str]:
        """Measures that decisions are made by; the others are only recorded."""
        exercise, measures = self._analyzer.exercise, self._analyzer._measures
        names = {*exercise.setup.position, *exercise.setup.start}
        if exercise.hold is not None:
            names |= {*exercise.hold.position, *([exercise.hold.side] if exercise.hold.side else [])}
        if exercise.reps is not None:
            names |= {exercise.reps.drive, *([exercise.reps.side] if exercise.reps.side else [])}
        return sorted(names | {name + RAW for name in names & measures.calibrated})

    def run(self) -> None:
        """Judge every frame."""
        seen = self._marks.seen
        edges = [0, *(np.flatnonzero(seen[1:] != seen[:-1]) + 1).tolist(), len(seen)]
        for start, stop in pairwise(edges):
            for first in range(start, stop, BLOCK):
                rows = slice(first, min(first + BLOCK, stop))
                if seen[start]:
                    self._seen(self._tracker.follow(self._marks, rows), first)
                else:
                    for t_s in self._marks.t_s[rows].tolist():
                        self._analyzer.update(t_s, None)

    def _seen(self, track: Track, first: int) -> None:
        forward = self._scale.forward(track)
        changes = _changes(track)
        index, size = 0, SHORTEST
        while index < len(track.t_s):
            if not all(rest.final for rest in self._analyzer._rest.values()):
                self._one(track, index, first + index, forward)
                index += 1
                continue
            stop = min(index + size, int(changes[np.searchsorted(changes, index, side="right")]))
            torso, facing = self._scale.ahead(track, index, stop, forward)
            done = self._stretch(track, index, stop, np.array(torso), np.array(facing))
            restart = self._restarts.taken()
            if done < stop or restart:
                self._scale.back_to(track, index, done, forward, restart=restart)
            size = SHORTEST if done < stop else min(2 * size, LONGEST)
            index = done

    def _one(self, track: Track, index: int, frame: int, forward: list[float]) -> None:
        torso, facing = self._scale.ahead(track, index, index + 1, forward)
        pose = pose_at(self._marks, frame)
        assert pose is not None
        self._analyzer.take(track.t_s[index], track.body(index, torso[0], facing[0]), pose)
        if self._restarts.taken():
            self._scale.back_to(track, index, index + 1, forward, restart=True)

    def _stretch(self, track: Track, start: int, stop: int, torso: FloatArray, facing: FloatArray) -> int:
        """Judge frames ``start`` to ``stop``, or up to where what is measured changes; returns the first frame not judged."""
        analyzer = self._analyzer
        by_side: dict[Side, columns.Columns] = {}
        for side, rest in analyzer._rest.items():
            run = columns.Run(track, start, stop, torso, facing, side, analyzer.exercise.position, rest.values, {})
            by_side[side] = columns.evaluate(analyzer._measures, run)
        decided = Decided(track, start, torso, by_side)
        done = self._decide(decided, stop)
        self._writer.write(decided)
        return done

    def _decide(self, decided: Decided, stop: int) -> int:
        analyzer, track, start = self._analyzer, decided.track, decided.start
        exercise, gate, timer = analyzer.exercise, analyzer._gate, analyzer._timer
        lists = {side: [(n, cols[n].tolist()) for n in self._needed] for side, cols in decided.by_side.items()}
        rests = [rest.values.get(name) for rest in analyzer._rest.values() for name in analyzer._measures.calibrated]
        sided = (exercise.reps is not None and exercise.reps.sides != "none") or exercise.hold is not None
        for k in range(stop - start):
            t_s, view = track.t_s[start + k], track.view[start + k]
            by_side = {side: {name: column[k] for name, column in pairs} for side, pairs in lists.items()}
            if sided:
                analyzer._choose_side(by_side)
            values = analyzer._shown(by_side)
            view_ok = view in exercise.camera.view
            was_active = gate.active
            stage = gate.update(t_s, values, view_ok=view_ok)
            counted, held = analyzer._count(t_s, by_side, values, stage, view_ok=view_ok, was_active=was_active)
            if rests:
                analyzer._calibrate()
            running = timer is not None and timer.running
            in_view = view_ok or stage == "active"
            judging = in_view and (analyzer._still or (running if timer else stage == "active"))
            decided.add(stage, "hold" if running else analyzer._phase, analyzer._phase, judging, analyzer._side)
            if held is not None or counted.finished or counted.counted or counted.attempts:
                analyzer._near, analyzer._view = track.near[start + k], view
                analyzer._count_up(counted)
                if counted.finished or held is not None:
                    # what is judged reads what has been recorded, this frame included and nothing beyond it
                    self._writer.write(decided)
                    analyzer._finish_reps(counted.finished)
                    analyzer._finish_hold(held)
            if stage == "active" and not was_active:
                analyzer._tracker.restart_torso()
                return start + k + 1
            if rests and rests != [
                r.values.get(n) for r in analyzer._rest.values() for n in analyzer._measures.calibrated
            ]:
                return start + k + 1
        analyzer._near, analyzer._view = track.near[stop - 1], track.view[stop - 1]
        return stop


def _changes(track: Track) -> FloatArray:
    """Frames at which near side or half of the view change, and the end."""
    keys = [(near, turn > 45.0) for near, turn in zip(track.near, track.turn, strict=True)]
    found = [index for index in range(1, len(keys)) if keys[index] != keys[index - 1]]
    return np.array([*found, len(keys)])
