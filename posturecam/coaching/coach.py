"""Which cue to give now: one at a time, the most important first, without nagging."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from posturecam.coaching.focus import focus_points
from posturecam.model import Cue, FrameResult, State, Verdict
from posturecam.spec.schema import Exercise

BETWEEN_CUES_S = 2.5
SAME_CUE_S = 8.0
PRAISE_AFTER_S = 0.6
PRAISE_WITHIN_S = 6.0


class Coach:
    """Turns verdicts into cues. A fault of the moment must have lasted; a fault of a finished rep is cued once, after it.

    At least 2.5 s lie between cues and 8 s between two of the same; a fault that was cued and then corrected is praised.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._checks = exercise.checks
        self._fault_since: dict[str, float] = {}
        self._ok_since: dict[str, float] = {}
        self._last_cued: dict[str, float] = {}
        self._awaiting_praise: dict[str, float] = {}
        self._last_cue_s = -math.inf
        self._current: Cue | None = None

    def coached(self, result: FrameResult) -> FrameResult:
        """The result with the cue of the moment, and the landmarks to draw attention to."""
        states: dict[str, State | None] = {
            verdict.check: None if verdict.state == "unknown" and verdict.value is not None else verdict.state
            for verdict in result.verdicts
        }
        cue = self.update(result.t_s, states, tuple(v for rep in result.finished_reps for v in rep.verdicts))
        focus = focus_points(self._exercise, cue, result.near, result.side or "left") if result.pose is not None else ()
        return replace(result, cue=cue, focus=focus)

    def update(self, t_s: float, states: Mapping[str, State | None], finished: tuple[Verdict, ...] = ()) -> Cue | None:
        """Take this frame's states and the verdicts of a rep that has just been judged; returns the cue to show.

        A check that is missing from ``states`` is not asked for at the moment, which ends what it said before.
        The same object is returned while a cue stays on; a new object is a new cue.
        """
        lasting = self._lasting_faults(t_s, states)
        ended = [verdict.check for verdict in finished if verdict.state == "fault"]
        if t_s - self._last_cue_s >= BETWEEN_CUES_S:
            self._current = self._choose(t_s, lasting, ended) or self._praise(t_s, finished)
        return self._current

    def _lasting_faults(self, t_s: float, states: Mapping[str, State | None]) -> list[str]:
        lasting = []
        for name in self._checks:
            state = states.get(name)
            if state == "fault":
                since = self._fault_since.setdefault(name, t_s)
                if t_s - since >= self._checks[name].lasting_s:
                    lasting.append(name)
            else:
                self._fault_since.pop(name, None)
            if state == "ok":
                self._ok_since.setdefault(name, t_s)
            else:
                self._ok_since.pop(name, None)
        return lasting

    def _choose(self, t_s: float, lasting: list[str], ended: list[str]) -> Cue | None:
        candidates = [n for n in {*lasting, *ended} if t_s - self._last_cued.get(n, -math.inf) >= SAME_CUE_S]
        if not candidates:
            return None
        order = list(self._checks)
        name = min(candidates, key=lambda n: (self._checks[n].severity != "major", n not in lasting, order.index(n)))
        self._last_cued[name] = self._last_cue_s = t_s
        self._awaiting_praise[name] = t_s
        return Cue(name, self._checks[name].cue, "fault")

    def _praise(self, t_s: float, finished: tuple[Verdict, ...]) -> Cue | None:
        passed = {verdict.check for verdict in finished if verdict.state == "ok"}
        for name, cued_s in list(self._awaiting_praise.items()):
            if t_s - cued_s > PRAISE_WITHIN_S + SAME_CUE_S:
                del self._awaiting_praise[name]
                continue
            held = t_s - self._ok_since.get(name, math.inf) >= PRAISE_AFTER_S
            if held or name in passed:
                del self._awaiting_praise[name]
                self._last_cue_s = t_s
                return Cue(name, self._checks[name].praise, "praise")
        return None
