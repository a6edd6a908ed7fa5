"""Judging live: poses in as they come, what is known after each of them out; and the whole judged once more at the end.

The same functions as for a recording, over the last stretch only: from the last settled rep on. What they find there is
provisional.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from posturecam.counting.movements import RepSpan
from posturecam.counting.stays import HoldSpan, Known
from posturecam.judging.baseline import resting
from posturecam.judging.decide import Done, decide, sided
from posturecam.judging.frames import News, frame_at, progress_of, shown_pose
from posturecam.judging.judge import Judgement, judge, judged
from posturecam.judging.observed import Observed, Window, observed_rows
from posturecam.judging.underway import fraction_of, going_phase
from posturecam.kinematics.measures import Baseline
from posturecam.kinematics.track import Track, concatenate
from posturecam.kinematics.tracker import Tracker
from posturecam.model import Attempt, FrameResult, Hold, Pose, Progress, Rep, SessionResult
from posturecam.poses import PoseSequence
from posturecam.spec.schema import Exercise

DECIDE_EVERY_S = 0.09
"""How often it is measured and decided again what is being done; in the frames between the body is only followed."""
WINDOW_S = 20.0
"""How much of the past is looked at again in every frame, where no rep has settled in it; longer for slow exercises."""
HOLD_WINDOW_S = 60.0
SETTLED_S = 0.4
"""A rep is settled so long after its return: its way back is complete."""
BACK_SHARE = 0.6
"""Share of a rep's height that must have been travelled back for it to be counted live, where nothing has followed it yet."""
CLOSED_IN_S = 3.0
"""So long after its end a hold is told even if the position was not left: hips on the floor are much like hips that sag."""
HOLDING_S = 0.4
"""A hold is still going on while it was seen so short a time ago."""


class Analyzer:
    """Judges one exercise as it is done: :meth:`feed` it poses in the order of time, then :meth:`finish`.

    What :meth:`finish` returns is :func:`posturecam.judging.judge.judge` of everything that was fed, however it was cut.
    """

    def __init__(self, exercise: Exercise, *, still: bool = False) -> None:
        self.exercise = exercise
        self.poses = PoseSequence()
        """Everything that was fed."""
        self._still = still
        self._tracker = Tracker(lying=exercise.lying)
        self._window = Window()
        self._new: list[Track] = []
        self._shown: FrameResult | None = None
        self._resting: Baseline = {}
        self._rested = False
        self._usual = 0.0
        self._counted_by: str | None = None
        self._spans = Known()
        self._reps: list[Rep] = []
        self._counted = Progress()
        self._holds: list[Hold] = []
        self._attempts: list[Attempt] = []
        self._told_until_s = -np.inf
        self._was_active = False
        self._was_inside = False
        self._hold_began_s: float | None = None

    def update(self, t_s: float, pose: Pose | None) -> FrameResult:
        """Take the pose at ``t_s`` (None: nobody seen); raises ValueError when time does not advance."""
        if len(self.poses) and not t_s > self.poses.t_s[-1]:
            raise ValueError(f"time must advance: {t_s} s after {self.poses.t_s[-1]} s")
        width, height = (pose.width, pose.height) if pose is not None else self._size()
        self.poses.append(t_s, pose, width, height)
        return self._judge_last(pose)

    def feed(self, poses: PoseSequence) -> list[FrameResult]:
        """Take a block of poses, each later than the one before; returns what is known after each."""
        return [self.update(float(t_s), poses.pose(row)) for row, t_s in enumerate(poses.t_s)]

    def finish(self, *, interrupted: bool = False, doubted: str | None = None) -> SessionResult:
        """The whole session, judged with all of it in view."""
        return judge(self.exercise, self.poses, still=self._still, doubted=doubted).result(interrupted=interrupted)

    def _size(self) -> tuple[int, int]:
        if not len(self.poses):
            return 0, 0
        width, height = self.poses.size[-1].tolist()
        return width, height

    def _judge_last(self, pose: Pose | None) -> FrameResult:
        track = self._tracker.follow(self.poses[-1:])
        self._new.append(track)
        t_s = float(track.t_s[0])
        decided = self._shown
        if decided is not None and t_s - decided.t_s < DECIDE_EVERY_S and (pose is None) == (decided.pose is None):
            return _between(decided, t_s, shown_pose(pose, track, 0))
        new = observed_rows(self.exercise, concatenate(self._new))
        self._new.clear()
        judgement = self._judgement(self._window.grown(new))
        news = self._news(judgement)
        self._counted = progress_of(self.exercise, news.reps, before=self._counted)
        self._shown = self._result(judgement, pose, news)
        self._was_active = self._was_active or bool(judgement.done.in_position[-1])
        self._trim(judgement)
        return self._shown

    def _judgement(self, window: Observed) -> Judgement:
        done = self._provisional(
            decide(
                window,
                still=self._still,
                known_range=self._usual,
                known_signal=self._counted_by,
                known_spans=self._spans,
            )
        )
        done = self._gone_on(window, done)
        if not self._rested:
            found = resting(window, done)
            self._resting, self._rested = found.values, found.final or bool(self._reps)
        known = window.with_baseline(self._resting)
        return judged(
            known,
            sided(known, done),
            still=self._still,
            first_rep=len(self._reps) + 1,
            was_active=self._was_active,
            traced=False,
        )

    def _provisional(self, done: Done) -> Done:
        """Without a last rep that has not come back far enough yet: it may be a wobble at the end position."""
        reps = done.counted.reps
        if not reps or _is_back(reps[-1]):
            return done
        return replace(done, counted=replace(done.counted, reps=reps[:-1]))

    def _gone_on(self, window: Observed, done: Done) -> Done:
        """With the position kept that was given before the window began, which is shorter yet than a position has to last.

        A window begins anew with every rep that has settled, which may take less than the set-up's time.
        """
        if not self._was_inside or window.t_s[-1] - window.t_s[0] >= self.exercise.setup.hold_s:
            return done
        kept = np.logical_or.reduce([position.kept >= 0 for position in window.positions.values()])
        return replace(done, in_position=done.in_position | np.logical_and.accumulate(kept))

    def _news(self, judgement: Judgement) -> News:
        """Reps, holds and attempts that settled with this frame; each is told once."""
        now_s = float(judgement.observed.t_s[-1])
        reps = tuple(r for r in judgement.reps if r.start_s >= self._told_until_s and r.end_s <= now_s - SETTLED_S)
        left_s = max(_last_left(judgement), now_s - CLOSED_IN_S)
        holds = tuple(
            self._whole(judgement.judged_hold(span))
            for span in judgement.held
            if span.start_s >= self._told_until_s and span.end_s <= left_s and span.end_s <= now_s - self._grace_s
        )
        ended = max([*(rep.end_s for rep in reps), *(hold.end_s for hold in holds)], default=self._told_until_s)
        attempts = tuple(
            a
            for a in judgement.attempts
            if self._told_until_s <= a.start_s and a.end_s <= max(ended, now_s - WINDOW_S / 2)
        )
        self._reps += reps
        self._holds += holds
        self._attempts += attempts
        if reps:
            self._usual = judgement.done.counted.usual
            self._counted_by = reps[-1].measure
        if holds:
            self._hold_began_s = None
        self._told_until_s = max((ended, *(a.end_s for a in attempts)))
        return News(reps, holds, attempts)

    @property
    def _grace_s(self) -> float:
        assert self.exercise.hold is not None
        return self.exercise.hold.grace + HOLDING_S

    def _earlier_s(self, hold: Hold | HoldSpan) -> float:
        """How much earlier than the window shows a hold has begun."""
        return 0.0 if self._hold_began_s is None else max(0.0, hold.start_s - self._hold_began_s)

    def _whole(self, hold: Hold) -> Hold:
        """The hold from where it began, which may lie before the window."""
        earlier_s = self._earlier_s(hold)
        if not earlier_s:
            return hold
        return replace(hold, start_s=hold.start_s - earlier_s, duration_s=hold.duration_s + earlier_s)

    def _result(self, judgement: Judgement, pose: Pose | None, news: News) -> FrameResult:
        row = len(judgement.observed) - 1
        now_s = float(judgement.observed.t_s[row])
        told = {rep.index for rep in self._reps}
        reps = [rep for rep in judgement.reps if rep.index not in told and rep.start_s >= self._told_until_s]
        held_s = 0.0
        holding = next((h for h in reversed(judgement.held) if now_s - h.end_s <= HOLDING_S), None)
        if holding is not None:
            held_s = holding.duration_s + self._earlier_s(holding)
        pending_s = [h.duration_s for h in judgement.held if h is not holding and h.start_s >= self._told_until_s]
        total_s = held_s + sum([*(hold.duration_s for hold in self._holds), *pending_s])
        fraction = fraction_of(judgement, self._usual) if judgement.done.rule is not None else None
        progress = progress_of(self.exercise, reps, held_s, total_s, fraction, before=self._counted)
        result = frame_at(judgement, row, pose, progress, news)
        if self.exercise.hold is not None:
            return replace(result, phase="hold" if holding is not None else "")
        return going_phase(judgement, result, self._usual)

    def _trim(self, judgement: Judgement) -> None:
        """Forget what is settled, and what is too long ago to be part of anything that may still settle."""
        t_s = judgement.observed.t_s
        keep_s = HOLD_WINDOW_S if self.exercise.hold is not None else max(WINDOW_S, 1.5 * self._slowest_s)
        from_s = t_s[-1] - keep_s
        if self.exercise.reps is not None and self._told_until_s > -np.inf:
            from_s = max(from_s, self._told_until_s)
        running = judgement.held[-1] if judgement.held else None
        if running is not None and running.start_s < from_s and self._hold_began_s is None:
            self._hold_began_s = running.start_s
        first = int(np.searchsorted(t_s, from_s))
        if first > len(t_s) // 4 or (self.exercise.reps is not None and first > 0 and self._told_until_s >= from_s):
            self._was_inside = bool(judgement.done.in_position[first : first + 1].any())
            self._window.forget(first)

    @property
    def _slowest_s(self) -> float:
        return self.exercise.reps.max_seconds if self.exercise.reps is not None else 0.0


def _between(before: FrameResult, t_s: float, pose: Pose | None) -> FrameResult:
    """A frame between two decisions: what the last one found, on where the body is by now; a hold goes on."""
    progress = before.progress
    if before.phase == "hold":
        since_s = t_s - before.t_s
        progress = replace(progress, hold_s=progress.hold_s + since_s, total_hold_s=progress.total_hold_s + since_s)
    return replace(before, t_s=t_s, pose=pose, progress=progress, finished_reps=(), finished_holds=(), attempts=())


def _is_back(rep: RepSpan) -> bool:
    visit = rep.visits[-1][1]
    return visit.peak - visit.low_after >= BACK_SHARE * visit.height


def _last_left(judgement: Judgement) -> float:
    """The last moment out of position, after which a stay may still be closing in; -inf when there was none."""
    away = np.flatnonzero(~judgement.done.in_position)
    return float(judgement.observed.t_s[away[-1]]) if len(away) else -np.inf
