"""A live session from stepping into the picture to the last rep: getting ready, countdown, counting, pauses, rests, the end.

Pure, like the analyzer it leads: told only seconds, poses and the keys' wishes. Only what is counted reaches the analyzer,
so a session judged again from what :attr:`LiveSession.taken` handed out comes out the same.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from posturecam.coaching.coach import Coach
from posturecam.coaching.gesture import FinishGesture, TurnGesture
from posturecam.coaching.goals import Goal, GoalTracker, SetProgress
from posturecam.judging.analyzer import Analyzer
from posturecam.model import Attempt, FrameResult, Hold, Pose, Progress, Rep, SessionResult, Side
from posturecam.spec.schema import Exercise

Screen = Literal["framing", "countdown", "active", "paused", "resting", "finished"]
Ending = Literal["goal", "gesture", "key", "nobody", "next", "back"]
Wish = Literal["pause", "finish", "skip", "next", "back"]

RESUME_S = 2.0
LEAD_IN_S = 1.3
"""So much of the waiting is handed to the analyzer in hindsight: it learns the resting values and the position from it. Only
time at rest, as no rep may count that began before; and nothing of holds, whose time runs from the word go."""
MOVING_S = 4.0
"""A rep that began too early delays the word go until it is over, but not for longer than this."""
PATIENCE_S = 15.0
"""So long somebody is guided out of a wrong view before the session goes on from there."""
SETTLE_S = 1.5
WOBBLE_S = 0.3
TAIL_S = 2.5
"""How long the last counted rep may take to come back to rest before the set ends without it."""
CYCLE_TAIL_S = 10.0
"""The same of a cycle (cat and cow), which is counted as its second end is reached: that is held for a breath, then left."""
NEUTRAL_SHARE, END_SHARE = 0.15, 0.5
"""Back in the middle of a cycle is who has so much of the widest way left at the most, and was past the other on an end."""
GONE_S = 120.0
NEVER_CAME_S = 300.0


@dataclass(frozen=True)
class LiveState:
    """Where the session stands after a frame, for screens and voice.

    ``wait_s`` seconds until counting begins or goes on (None: not waiting); ``waited`` 0..1 of that wait; ``rest_s`` seconds of
    rest left; ``finishing`` 0..1 how far the finishing gesture has come; ``by_key``: paused by the person, not by leaving;
    ``turning``: the arm that is raised to turn to the next exercise (right) or back (left), ``turned`` 0..1 how far that is;
    ``resumes``: the wait is after a pause; ``steadying``: the wait is over but for coming to rest in the start position.
    """

    screen: Screen = "framing"
    guidance: str | None = None
    wait_s: float | None = None
    waited: float = 0.0
    rest_s: float | None = None
    finishing: float = 0.0
    by_key: bool = False
    resumes: bool = False
    steadying: bool = False
    turning: Side | None = None
    turned: float = 0.0
    progress: SetProgress = field(default_factory=SetProgress)
    ended: Ending | None = None


class LiveSession:
    """Leads one exercise; a drop-in for the analyzer in :func:`posturecam.pipeline.run`.

    ``countdown_s`` 0 means no waiting at all: counting begins with the first frame and goes on as soon as the analyzer sees the
    position again, exactly as in a recording. ``turns``: it is one of several, and a raised arm turns to the next or back.
    """

    def __init__(
        self,
        exercise: Exercise,
        goal: Goal,
        countdown_s: float = 3.0,
        make: Callable[[Exercise], Analyzer] = Analyzer,
        *,
        turns: bool = False,
    ) -> None:
        self.exercise = exercise
        self.state = LiveState(progress=GoalTracker(goal).progress)
        self.taken: tuple[tuple[float, Pose | None], ...] = ()
        self.start_s: float | None = None
        """When counting began, on the source's clock; times in the session's result count from there."""
        self._make = make
        self._coach = Coach(exercise)
        self._main = make(exercise)
        self._scout: Analyzer | None = None if countdown_s <= 0 else make(exercise)
        self._countdown_s = countdown_s
        self._goal = GoalTracker(goal)
        self._gesture = FinishGesture()
        self._turn = TurnGesture() if turns else None
        self._lead_in: deque[tuple[float, Pose | None]] = deque()
        self._scout_was_active = False
        self._wait_from_s = math.nan
        self._wobble_from_s = math.nan
        self._framing_from_s = math.nan
        self._view_accepted = False
        self._seen_s: float | None = None
        self._counting_since_s = math.nan
        self._was_active = False
        self._reached_s = math.nan
        self._rest_until_s = math.nan
        self._middle, self._away, self._widest = math.nan, 0.0, 0.0
        self._at_end = False
        self._progress = Progress()
        self._t_s = 0.0

    @property
    def guided(self) -> bool:
        """Whether there is a countdown and a wait after pauses."""
        return self._countdown_s > 0

    # wishes ---------------------------------------------------------------------------------------------------------

    def wish(self, wish: Wish) -> None:
        """Take a key's wish: pause or go on, skip a rest between sets, end this exercise for the next or the last one, finish."""
        state = self.state
        if state.ended:
            return
        if wish == "finish":
            self.state = replace(state, screen="finished", ended="key")
        elif wish in ("next", "back"):
            self.state = replace(state, screen="finished", ended=wish)
        elif wish == "pause" and state.screen == "active":
            self._pause(by_key=True)
        elif wish == "pause" and state.screen == "paused":
            self.state = replace(state, by_key=False)
        elif wish == "skip" and state.screen == "resting":
            self._rest_until_s = self._t_s

    # one frame ------------------------------------------------------------------------------------------------------

    def update(self, t_s: float, pose: Pose | None) -> FrameResult:
        """Take the next frame's pose; times strictly increase, on the source's clock."""
        self.taken = ()
        self._t_s = t_s
        if pose is not None or self._seen_s is None:
            self._seen_s = t_s
        finishing = self._gesture.update(t_s, pose)
        counting = self.state.screen == "active" or not self.guided
        result = self._count(t_s, pose) if counting else self._get_ready(t_s, pose)
        self.state = replace(self.state, finishing=finishing)
        self._turn_when_asked(t_s, pose)
        self._end_when_due(t_s)
        return result

    def _turn_when_asked(self, t_s: float, pose: Pose | None) -> None:
        """Take the raised arm for a wish, while nothing is counted."""
        if self._turn is None:
            return
        waiting = self.state.screen in ("framing", "paused", "resting")
        side, share = self._turn.update(t_s, pose if waiting else None)
        self.state = replace(self.state, turning=side if share > 0.15 else None, turned=share)
        if side is not None and share >= 1.0:
            self.wish("next" if side == "right" else "back")

    def _end_when_due(self, t_s: float) -> None:
        if self.state.ended:
            return
        ended: Ending | None = None
        if self.state.finishing >= 1.0:
            ended = "gesture"
        elif self._seen_s is not None and t_s - self._seen_s > (NEVER_CAME_S if self.start_s is None else GONE_S):
            ended = "nobody"
        if ended:
            self.state = replace(self.state, screen="finished", ended=ended)

    # counting -------------------------------------------------------------------------------------------------------

    def _feed(self, poses: list[tuple[float, Pose | None]]) -> FrameResult:
        """Hand poses to the analyzer; what finished in any of them is in the result of the last."""
        if self.start_s is None:
            self.start_s = poses[0][0]
        reps: tuple[Rep, ...] = ()
        holds: tuple[Hold, ...] = ()
        attempts: tuple[Attempt, ...] = ()
        for t_s, pose in poses:
            result = self._coach.coached(self._main.update(t_s - self.start_s, pose))
            reps, holds, attempts = (
                reps + result.finished_reps,
                holds + result.finished_holds,
                attempts + result.attempts,
            )
            self._goal.update(result)
            self._follow_ways(result)
        self.taken = tuple((t_s - self.start_s, pose) for t_s, pose in poses)
        self._progress = result.progress
        return replace(result, t_s=poses[-1][0], finished_reps=reps, finished_holds=holds, attempts=attempts)

    def _count(self, t_s: float, pose: Pose | None) -> FrameResult:
        result = self._feed([*self._lead_in, (t_s, pose)])
        self._lead_in.clear()
        progress = self._goal.progress
        self.state = replace(
            self.state, guidance=result.guidance, progress=progress, wait_s=None, waited=0.0, resumes=False
        )
        going = result.stage == "active" or (self._view_accepted and result.stage == "framing")
        if going:
            self._was_active = True
            self._counting_since_s = t_s
        if self.guided:
            patience = 0.0 if self._was_active else SETTLE_S
            if not going and t_s - self._counting_since_s > patience:
                self._pause(by_key=False)
        else:
            screens: dict[bool, Screen] = {True: "active", False: "paused" if self._was_active else "framing"}
            self.state = replace(self.state, screen=screens[result.stage == "active"])
        self._end_set_when_reached(t_s, result)
        return result

    def _end_set_when_reached(self, t_s: float, result: FrameResult) -> None:
        if not self._goal.progress.reached or not self._goal.goal.ends:
            return
        if math.isnan(self._reached_s):
            self._reached_s, self._at_end = t_s, False
        cycle = self.exercise.reps is not None and self.exercise.reps.cycle
        at_rest = self._in_the_middle() if cycle else self.exercise.hold is not None or bool(result.finished_reps)
        if not at_rest and t_s - self._reached_s < (CYCLE_TAIL_S if cycle else TAIL_S):
            return
        self._reached_s = math.nan
        if self._goal.progress.last:
            self.state = replace(self.state, screen="finished", ended="goal")
        elif self.guided:
            self._rest_until_s = t_s + self._goal.goal.rest_s
            self.state = replace(self.state, screen="resting", rest_s=self._goal.goal.rest_s)
            self._start_scouting()
        else:
            self._goal.next_set()

    def _follow_ways(self, result: FrameResult) -> None:
        """Keep in mind where a cycle's drive began, how far it has gone from there, and where it is."""
        if self.exercise.reps is None or not self.exercise.reps.cycle:
            return
        drive = result.measures.get(self.exercise.reps.signal)
        if drive is None or drive.value is None or math.isnan(drive.value):
            return
        self._middle = drive.value if math.isnan(self._middle) else self._middle
        self._away = abs(drive.value - self._middle)
        self._widest = max(self._widest, self._away)
        self._at_end |= self._away >= END_SHARE * self._widest

    def _in_the_middle(self) -> bool:
        """Whether a cycle is back where it began, having been at an end since its count was reached."""
        return self._at_end and self._away <= NEUTRAL_SHARE * self._widest

    # waiting --------------------------------------------------------------------------------------------------------

    def _pause(self, *, by_key: bool) -> None:
        self.state = replace(self.state, screen="paused", by_key=by_key, resumes=True)
        self._start_scouting()

    def _start_scouting(self) -> None:
        self._scout = self._make(self.exercise)
        self._scout_was_active = False
        self._wait_from_s = self._wobble_from_s = math.nan
        self._lead_in.clear()
        self._was_active = False

    def _get_ready(self, t_s: float, pose: Pose | None) -> FrameResult:
        assert self._scout is not None
        result = self._scout.update(t_s, pose)
        at_rest = result.phase in ("", "rest")
        self._remember(t_s, pose, at_rest=at_rest and self.exercise.hold is None)
        if self.state.screen == "resting":
            self._rest(t_s)
        elif not self.state.ended:
            self._wait(t_s, result, at_rest=at_rest or self.exercise.hold is not None)
        return replace(
            result,
            t_s=t_s,
            phase="",
            verdicts=(),
            cue=None,
            finished_reps=(),
            finished_holds=(),
            attempts=(),
            focus=(),
            progress=replace(self._progress, hold_s=0.0, fraction=None),
        )

    def _remember(self, t_s: float, pose: Pose | None, *, at_rest: bool) -> None:
        if not at_rest:
            self._lead_in.clear()
            return
        self._lead_in.append((t_s, pose))
        while self._lead_in[0][0] < t_s - LEAD_IN_S:
            self._lead_in.popleft()

    def _rest(self, t_s: float) -> None:
        left_s = self._rest_until_s - t_s
        self.state = replace(self.state, rest_s=max(0.0, left_s))
        if left_s <= 0:
            self._goal.next_set()
            self.state = replace(self.state, screen="framing", rest_s=None, resumes=False, progress=self._goal.progress)
            self._start_scouting()

    def _patience_is_over(self, t_s: float, result: FrameResult) -> bool:
        """Whether the camera has stood in a wrong place for so long that it will stay: what comes is then counted from there."""
        if result.stage != "framing":
            self._framing_from_s = math.nan
        elif math.isnan(self._framing_from_s):
            self._framing_from_s = t_s
        self._view_accepted = self._view_accepted or t_s - self._framing_from_s >= PATIENCE_S
        return self._view_accepted and result.stage == "framing"

    def _wait(self, t_s: float, result: FrameResult, *, at_rest: bool) -> None:
        in_position = result.stage == "active" or self._patience_is_over(t_s, result)
        if in_position:
            self._wobble_from_s = math.nan
        elif math.isnan(self._wobble_from_s):
            self._wobble_from_s = t_s
        if self.state.by_key:
            # paused in position by a key: the key ends it, or getting up and coming back
            left = self._scout_was_active and not in_position
            self._scout_was_active |= in_position
            self.state = replace(self.state, by_key=not left, guidance=None, wait_s=None, waited=0.0)
            self._wait_from_s = math.nan
            return
        if in_position and math.isnan(self._wait_from_s):
            # the set-up's own time in position has passed already; after a pause it is part of the wait
            self._wait_from_s = t_s - (self.exercise.setup.hold_s if self.state.resumes else 0.0)
        if not in_position and t_s - self._wobble_from_s > WOBBLE_S:
            self._wait_from_s = math.nan
        if math.isnan(self._wait_from_s):
            screen: Screen = "paused" if self.state.resumes else "framing"
            self.state = replace(
                self.state, screen=screen, guidance=result.guidance, wait_s=None, waited=0.0, steadying=False
            )
            return
        whole_s = RESUME_S if self.state.resumes else self._countdown_s
        left_s = self._wait_from_s + whole_s - t_s
        if left_s > 0 or (not at_rest and left_s > -MOVING_S):
            steadying, left_s = left_s <= 0, max(left_s, 0.0)
            screen = "paused" if self.state.resumes else "countdown"
            waited = 1.0 - left_s / whole_s
            self.state = replace(
                self.state, screen=screen, guidance=None, wait_s=left_s, waited=waited, steadying=steadying
            )
        else:
            self._counting_since_s = t_s
            self._was_active = False
            self.state = replace(self.state, screen="active", guidance=None, wait_s=None, waited=0.0, steadying=False)

    # the end --------------------------------------------------------------------------------------------------------

    def finish(self) -> SessionResult:
        """End the session and sum up what was counted."""
        return self._main.finish()
