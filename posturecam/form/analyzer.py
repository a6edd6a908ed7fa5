"""The fold: poses in, one :class:`~posturecam.model.FrameResult` a frame out, and the whole session at the end.

Pure: no input or output, no clock, no frame counts, only the seconds it is given.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from posturecam.form import conditions, summary, view
from posturecam.form.body import Body, BodyTracker
from posturecam.coaching.coach import Coach
from posturecam.form.conditions import Gate
from posturecam.form.cycles import CycleCounter, make_counter
from posturecam.coaching.focus import focus_measure, focus_points, focus_text
from posturecam.form.measure import RAW, Values, compile_measures
from posturecam.form.now import Moment, verdicts_now
from posturecam.form.outcome import judged_hold, judged_rep
from posturecam.form.phases import NOTHING_COUNTED, Counted, HoldSpan, HoldTimer, RepSpan
from posturecam.form.recording import Recording, side_column
from posturecam.form.rest import RestFinder, needs_rest
from posturecam.form.scoring import is_good
from posturecam.form.sides import active_side
from posturecam.geometry import NAN
from posturecam.model import (
    Attempt,
    FrameResult,
    Hold,
    Measurement,
    Pose,
    Progress,
    Rep,
    SessionResult,
    Side,
    Stage,
    State,
    Verdict,
    View,
)
from posturecam.spec.schema import Exercise

SIDES: tuple[Side, Side] = ("left", "right")
NEAR_END = 0.8
TURNED = 0.1
LEFT_POSITION = "left the position before coming back"
ENDED = "the recording ended before coming back"


class Analyzer:
    """Judges one exercise as it is done. Feed :meth:`update` with strictly increasing times, then call :meth:`finish`.

    ``still`` is for a single picture: what can be judged from the position alone is judged, without waiting for anything.
    """

    def __init__(self, exercise: Exercise, *, still: bool = False) -> None:
        self.exercise = exercise
        self._still = still
        self._measures = compile_measures(exercise)
        self._tracker = BodyTracker(lying=exercise.position in ("prone", "supine"))
        self._gate = Gate(exercise)
        self._rest: dict[Side, RestFinder] = {side: RestFinder() for side in self._measured_sides()}
        self._counter = make_counter(exercise)
        self._timer = HoldTimer(exercise.hold) if exercise.hold else None
        self._hold_kept = conditions.widened(exercise, exercise.hold.position) if exercise.hold else {}
        self._coach = Coach(exercise)
        self._needs_rest = needs_rest(exercise)
        self._recording = Recording(self._columns(), exercise.checks)
        self._tally = summary.Tally()
        self._side: Side = "left"
        self._near: Side = "left"
        self._view: View = "unknown"
        self._reps: list[Rep] = []
        self._holds: list[Hold] = []
        self._good_reps = 0
        self._held_s = 0.0
        self._attempts: list[Attempt] = []
        self._counts: dict[Side | None, int] = {None: 0, "left": 0, "right": 0}
        self._phase = ""
        self._peak_fraction = 0.0

    def _measured_sides(self) -> tuple[Side, ...]:
        return SIDES if self._measures.two_sided else ("left",)

    def _columns(self) -> list[str]:
        names = list(self.exercise.measures)
        if self._measures.two_sided:
            names += [side_column(name, side) for name in self.exercise.measures for side in SIDES]
        return names

    def update(self, t_s: float, pose: Pose | None) -> FrameResult:
        """Take the pose at ``t_s`` (None: nobody seen); raises ValueError when time does not advance."""
        if len(self._recording) and not t_s > self._recording.t_s[-1]:
            raise ValueError(f"time must advance: {t_s} s after {self._recording.t_s[-1]} s")
        if pose is None:
            return self._nobody(t_s)
        return self.take(t_s, self._tracker.update(t_s, pose), pose)

    def take(self, t_s: float, body: Body, pose: Pose) -> FrameResult:
        """Judge the tracked ``body`` of one frame; for :meth:`update` and for replaying, which tracks by itself."""
        self._near, self._view = body.near, body.view
        by_side = self._measure(t_s, body)
        view_ok = view.view_ok(self.exercise, body)
        self._choose_side(by_side)
        values = self._shown(by_side)
        was_active = self._gate.active
        stage = self._gate.update(t_s, values, view_ok=view_ok)
        if stage == "active" and not was_active:
            self._tracker.restart_torso()
        counted, held = self._count(t_s, by_side, values, stage, view_ok=view_ok, was_active=was_active)
        self._calibrate()
        guidance = view.framing_guidance(self.exercise, body, pose.height)
        # who is in position may turn the trunk for as long as the gate allows
        in_view = view_ok or stage == "active"
        judging = in_view and (self._still or (self._timer.running if self._timer else stage == "active"))
        verdicts: tuple[Verdict, ...] = ()
        if judging:
            verdicts = verdicts_now(self.exercise, values, body, self._moment, lambda name: self._problem(name, body))
        self._tally.frame(body.view, guidance, person=True, judged=judging)
        shown_pose = replace(pose, points=np.array(body.xy))
        return self._result(t_s, shown_pose, body, stage, values, by_side, verdicts, counted, held, guidance)

    def _choose_side(self, by_side: Mapping[Side, Values]) -> None:
        self._side = active_side(
            self.exercise,
            self._shown(by_side),
            self._side,
            neutral=self._neutral(),
            moving=self._counter.moving if self._counter else None,
            going=self._moment.going,
        )

    def _measure(self, t_s: float, body: Body) -> dict[Side, Values]:
        by_side = {}
        for side, rest in self._rest.items():
            values = self._measures.evaluate(body, rest.values, side)
            if not rest.final:
                # by the last frame's judgement: whether this frame is in position is only known from its values
                rest.update(t_s, body, values, in_position=self._gate.in_position and not self._cycling)
            by_side[side] = values
        return by_side

    def _calibrate(self) -> None:
        for name in self._measures.calibrated:
            rest = next(iter(self._rest.values()))
            if (
                isinstance(self._counter, CycleCounter)
                and self.exercise.reps is not None
                and name == self.exercise.reps.drive
                and self._counter.middle is not None
                and not rest.from_stillness
            ):
                # nobody who starts in mid-movement shows a neutral back: the middle of the range must do
                rest.replace(name, self._counter.middle)
            self._recording.offsets[name] = rest.values.get(name, NAN)

    def _shown(self, by_side: Mapping[Side, Values]) -> Values:
        return by_side.get(self._side) or next(iter(by_side.values()))

    def _resting(self) -> Mapping[str, float]:
        return (self._rest.get(self._side) or next(iter(self._rest.values()))).values

    def _neutral(self) -> float:
        reps = self.exercise.reps
        # a calibrated drive (spine flexion) is zero at rest by itself
        if reps is None or reps.rest != "middle" or reps.drive in self._measures.calibrated:
            return 0.0
        if reps.neutral is not None:
            return reps.neutral
        return self._resting().get(reps.drive, 0.0)

    # counting ------------------------------------------------------------------------------------------------------

    def _drive(self, by_side: Mapping[Side, Values]) -> dict[Side | None, float]:
        assert self.exercise.reps is not None
        name = self.exercise.reps.drive
        if self.exercise.reps.cycle and name in self._measures.calibrated:
            # ends are found without a resting value, so that one found late does not look like a movement
            name += RAW
        drive: dict[Side | None, float] = {side: values[name] for side, values in by_side.items()}
        drive[None] = self._shown(by_side)[name]
        return drive

    @property
    def _cycling(self) -> bool:
        """Whether a cycle is under way: a pause at one of its ends is no rest."""
        return isinstance(self._counter, CycleCounter) and self._counter.moving is not False

    @property
    def _moment(self) -> Moment:
        return Moment(self._phase, self._timer is not None, self._still)

    def _count(
        self,
        t_s: float,
        by_side: Mapping[Side, Values],
        values: Values,
        stage: Stage,
        *,
        view_ok: bool,
        was_active: bool,
    ) -> tuple[Counted, HoldSpan | None]:
        if self._timer is not None and self.exercise.hold is not None:
            wanted = self._hold_kept if self._timer.running else self.exercise.hold.position
            in_view = view_ok or (self._timer.running and stage == "active")
            right = conditions.holds(wanted, values) if in_view and stage != "nobody" else False
            right = right if self._timer.running or self._gate.in_position else False
            side = values[self.exercise.hold.side] if self.exercise.hold.side else NAN
            return NOTHING_COUNTED, self._timer.update(t_s, right, side)
        assert self._counter is not None
        assert self.exercise.reps is not None
        # a rep may begin while the position is being confirmed, but what must come back to rest needs to have rested
        confirming = self._gate.confirming and not self.exercise.reps.to_rest
        if stage != "active" and not confirming:
            self._phase = ""
            cancelled = self._believed(self._counter.cancel(t_s, LEFT_POSITION, self._neutral()))
            # what moved before the position was confirmed was getting into it, not an attempt
            return (cancelled if was_active else NOTHING_COUNTED), None
        drive = self._drive(by_side)
        if self._gate.slipping:
            # out of position, though not yet for long enough to pause: getting up must not end a rep
            drive = dict.fromkeys(drive, NAN)
        counted = self._believed(self._counter.update(t_s, drive, self._neutral()))
        self._phase = self._phase_of(*self._counter.fraction(drive, self._neutral()))
        return counted, None

    def _believed(self, counted: Counted) -> Counted:
        """Nothing counts against a rest that never was: somebody who walks by swings the arms, too."""
        rested = any(rest.trusted for rest in self._rest.values())
        return counted if rested or not self._needs_rest else NOTHING_COUNTED

    def _phase_of(self, fraction: float | None, end: str) -> str:
        assert self._counter is not None
        if self._counter.moving is False or fraction is None:
            self._peak_fraction = 0.0
            return "rest"
        self._peak_fraction = max(self._peak_fraction, fraction)
        if fraction >= NEAR_END and fraction >= self._peak_fraction - TURNED:
            return end
        return "down" if fraction >= self._peak_fraction - TURNED else "up"

    def _problem(self, measure: str, body: Body) -> str:
        return self._measures.problem(measure, body, self._resting(), self._side)

    def _finish_reps(self, spans: tuple[RepSpan, ...]) -> tuple[Rep, ...]:
        if self.exercise.reps is not None and self.exercise.reps.sides == "measured":
            spans = tuple(replace(span, side=self._side) for span in spans)
        first = len(self._reps) + 1
        reps = tuple(
            judged_rep(self.exercise, span, self._recording, first + i, self._view) for i, span in enumerate(spans)
        )
        self._reps.extend(reps)
        self._good_reps += sum(is_good(self.exercise, rep.verdicts) for rep in reps)
        return reps

    def _finish_hold(self, span: HoldSpan | None) -> tuple[Hold, ...]:
        if span is None or self.exercise.hold is None:
            return ()
        if span.duration_s < self.exercise.hold.min_seconds:
            reason = f"held {span.duration_s:.1f} of the {self.exercise.hold.min_seconds:.1f} seconds that count"
            self._attempts.append(Attempt(span.start_s, span.end_s, reason, span.side))
            return ()
        hold = judged_hold(self.exercise, span, self._recording, self._view)
        self._holds.append(hold)
        self._held_s += hold.duration_s
        return (hold,)

    # results -------------------------------------------------------------------------------------------------------

    def _nobody(self, t_s: float) -> FrameResult:
        stage = self._gate.update(t_s, None, view_ok=False)
        counted, held = NOTHING_COUNTED, None
        if self._timer is not None:
            held = self._timer.update(t_s, False)
        elif self._counter is not None and stage != "active":
            counted = self._believed(self._counter.cancel(t_s, LEFT_POSITION, self._neutral()))
        self._tally.frame("unknown", view.STEP_IN, person=False, judged=False)
        return self._result(t_s, None, None, stage, {}, {}, (), counted, held, view.STEP_IN)

    def _result(
        self,
        t_s: float,
        pose: Pose | None,
        body: Body | None,
        stage: Stage,
        values: Values,
        by_side: Mapping[Side, Values],
        verdicts: tuple[Verdict, ...],
        counted: Counted,
        held: HoldSpan | None,
        guidance: str | None,
    ) -> FrameResult:
        attempts_before = len(self._attempts)
        self._count_up(counted)
        problems = self._problems(values, body)
        self._record(t_s, stage, values, by_side, problems, verdicts)
        reps, holds = self._finish_reps(counted.finished), self._finish_hold(held)
        states: dict[str, State | None] = {verdict.check: verdict.state for verdict in verdicts}
        cue = self._coach.update(t_s, states, tuple(v for rep in reps for v in rep.verdicts))
        focus = focus_measure(self.exercise, cue) if body else None
        return FrameResult(
            t_s=t_s,
            pose=pose,
            stage=stage,
            view=body.view if body else "unknown",
            phase="hold" if self._timer is not None and self._timer.running else self._phase,
            measures={name: Measurement(values[name], problems.get(name)) for name in self.exercise.measures if values},
            verdicts=verdicts,
            progress=self._progress(t_s, by_side),
            side=self._shown_side(),
            near=self._near,
            cue=cue,
            guidance=guidance if stage != "active" or (guidance and self._timer is None and not verdicts) else None,
            focus=focus_points(focus, self._measures, body, self._side),
            focus_text=focus_text(self.exercise, focus, values),
            finished_reps=reps,
            finished_holds=holds,
            attempts=tuple(self._attempts[attempts_before:]),
        )

    def _count_up(self, counted: Counted) -> None:
        self._attempts.extend(counted.attempts)
        for side in counted.counted:
            measured = self.exercise.reps is not None and self.exercise.reps.sides == "measured"
            self._counts[self._side if measured else side] += 1

    def _problems(self, values: Values, body: Body | None) -> dict[str, str]:
        if body is None:
            return {}
        return {
            name: self._problem(name, body)
            for name, value in values.items()
            if math.isnan(value) and name in self.exercise.measures
        }

    def _record(
        self,
        t_s: float,
        stage: Stage,
        values: Values,
        by_side: Mapping[Side, Values],
        problems: dict[str, str],
        verdicts: tuple[Verdict, ...],
    ) -> None:
        columns = {name: values.get(name + RAW, value) for name, value in values.items()}
        if self._measures.two_sided:
            for side, one in by_side.items():
                columns.update({side_column(name, side): one.get(name + RAW, value) for name, value in one.items()})
        states: dict[str, State | None] = {}
        for verdict in verdicts:
            too_close = verdict.state == "unknown" and verdict.value is not None
            states[verdict.check] = None if too_close else verdict.state
        phase = "hold" if self._timer is not None and self._timer.running else self._phase
        self._recording.append(t_s, stage, phase, columns, problems, states)

    def _shown_side(self) -> Side | None:
        if self._timer is not None:
            return self._timer.side
        two_sided = self.exercise.reps is not None and self.exercise.reps.sides != "none"
        return self._side if two_sided else None

    def _progress(self, t_s: float, by_side: Mapping[Side, Values]) -> Progress:
        two_sided = self.exercise.reps is not None and self.exercise.reps.sides != "none"
        fraction = None
        if self._counter is not None and by_side and self._gate.active:
            fraction, _ = self._counter.fraction(self._drive(by_side), self._neutral())
        held = self._timer.held_s(t_s) if self._timer else 0.0
        return Progress(
            reps=sum(self._counts.values()),
            good_reps=self._good_reps,
            left=self._counts["left"] if two_sided else None,
            right=self._counts["right"] if two_sided else None,
            hold_s=held,
            total_hold_s=held + self._held_s,
            fraction=fraction,
        )

    def finish(self, *, interrupted: bool = False) -> SessionResult:
        """End the session: what is under way is closed, and everything is summed up."""
        t_s = self._recording.t_s[-1] if len(self._recording) else 0.0
        if self._timer is not None:
            self._finish_hold(self._timer.finish())
        elif self._counter is not None:
            counted = self._believed(self._counter.cancel(t_s, ENDED, self._neutral()))
            self._calibrate()
            self._attempts.extend(counted.attempts)
            self._finish_reps(counted.finished)
        return summary.summarise(
            self.exercise,
            tuple(self._reps),
            tuple(self._attempts),
            tuple(self._holds),
            self._recording.trace(),
            self._tally,
            interrupted=interrupted,
        )
