"""A live session, exercise after exercise: frames from any source, judged, shown by any stage, saved one by one.

Nothing here knows a camera, a window or a command line. Whoever has frames and a place to show them (a desktop, a page) gives
a :class:`LiveSource` and a :class:`Stage` to :class:`LiveRun`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, runtime_checkable

from posturecam import pipeline
from posturecam.app.finished import Finished
from posturecam.app.host import Host
from posturecam.app.live_steps import Step
from posturecam.app.saving import FedRecorder, Keeping, begin_session, save_session, with_pain
from posturecam.coaching.gesture import FinishGesture, TurnGesture
from posturecam.coaching.pain import When
from posturecam.coaching.session import LiveSession
from posturecam.errors import NothingJudgedError, OutputError
from posturecam.language import gettext, msgid
from posturecam.model import Frame, SessionResult
from posturecam.pipeline import Estimator, Sink, Source, StopSession
from posturecam.report.types import Pain
from posturecam.store import Draft

NOTHING_COUNTED = msgid("Nothing was counted: nobody took the position in front of the camera, so nothing was saved.")
LEFT = msgid("What was seen is kept there, and the next start of posturecam finishes the session once there is room.")
LOST = msgid("The session is lost but for the summary above.")

RestWish = Literal["go", "stop", "next", "back"]
Going = Literal["on", "next", "back", "stop"]
"""What follows an exercise: the rest and the next one, the next one at once, the one before, or nothing."""


class LiveSource(Source, Protocol):
    """The newest frames on a clock of their own, in seconds; may be iterated again for every exercise and rest."""

    @property
    def trouble(self) -> str | None:
        """What is wrong with the camera at the moment, None: nothing."""
        ...

    def now(self) -> float:
        """The time now on the frames' clock."""
        ...


class Stage(Protocol):
    """Where a live session is seen, heard and steered.

    Showing may raise StopSession, once the person has closed it.
    """

    @property
    def closed_by_person(self) -> bool:
        """Whether the person has closed it."""
        ...

    @property
    def problems(self) -> Sequence[str]:
        """A sentence for each thing that was asked for and could not be kept."""
        ...

    def red_flags(self, title: str, flags: Sequence[str]) -> bool:
        """Show when not to exercise, before anything begins; returns False when the person decides to stop."""
        ...

    def sinks(self, step: Step, session: LiveSession, source: LiveSource, *, number: int, of: int) -> Sequence[Sink]:
        """What shows and speaks exercise ``number`` (from 0) ``of`` so many; the person's wishes go to this session now."""
        ...

    def rest_begins(self, step: Step, after: Step, t_s: float) -> None:
        """The rest between two exercises has begun."""
        ...

    def resting(self, step: Step, after: Step, left_s: float, t_s: float) -> RestWish | None:
        """Show the seconds of rest that are left; returns what the person wishes: to go on now, or to stop."""
        ...

    def summary(self, done: Sequence[Finished]) -> None:
        """Show and say what it came to."""
        ...


def _empty(result: SessionResult) -> bool:
    return not (result.reps or result.holds or result.attempts)


@runtime_checkable
class Demonstrating(Protocol):
    """A stage that shows an exercise before it is done."""

    def demonstrate(self, step: Step, source: LiveSource, *, number: int, of: int) -> RestWish:
        """Show how exercise ``number`` (from 0) ``of`` so many is done, and return what the person wishes then."""
        ...


@runtime_checkable
class Asking(Protocol):
    """A stage that can ask how much it hurts."""

    def ask_pain(self, when: When) -> int | Literal["stop"] | None:
        """The pain from 0 to 10, None when the person does not say; "stop" when they decide to do nothing today."""
        ...


@dataclass(eq=False)
class LiveRun:
    """Runs exercise after exercise with the same source, model and stage; ``told`` gets each finished one at once.

    ``done`` holds what was finished, also when :meth:`run` raises. ``stopped``: a wish to end has ended it. ``problems``: a
    sentence for each session that could not be kept. ``at``: the step that is to be done next, from 0; setting it before makes
    the run begin there. ``countdown_s`` as in :class:`LiveSession`. ``asks_pain``: before the first exercise and after the last
    one, where ``keeping`` does not know it yet. ``declined``: the person decided then to do nothing today.
    """

    source: LiveSource
    estimator: Estimator
    stage: Stage
    keeping: Keeping
    host: Host = field(default_factory=Host)
    countdown_s: float = 3.0
    told: Callable[[Finished], None] = lambda _finished: None
    done: list[Finished] = field(default_factory=list)
    stopped: bool = False
    problems: list[str] = field(default_factory=list)
    at: int = 0
    asks_pain: bool = False
    declined: bool = False

    def run(self, steps: Sequence[Step]) -> None:
        """Do the steps, until the last one or until the person ends it; an error of camera or model is raised after saving."""
        with self.host.deferred():
            try:
                self._ask_before()
                while not self.declined and self.at < len(steps) and self._step(steps):
                    pass
                if not self.stopped:
                    self._ask_after()
                    self.stage.summary(self.done)
            except KeyboardInterrupt:
                self.stopped = True

    def _step(self, steps: Sequence[Step]) -> bool:
        """Do the step that is due, and the rest after it; returns whether the run goes on."""
        number, of = self.at, len(steps)
        going = self._demonstrated(steps[number], number, of)
        if going == "on":
            going = self._exercise(steps[number], number, of)
        if going == "stop":
            return False
        if going == "back":
            self.at = max(0, number - 1)
            return True
        self.at = number + 1
        if going == "next" or self.at >= of:
            return True
        wish = self._rest(steps[number], steps[self.at])
        if wish == "back":
            self.at = number
        elif wish == "next":
            self.at += 1
        return wish != "stop"

    def _demonstrated(self, step: Step, number: int, of: int) -> Going:
        if self.countdown_s <= 0 or not isinstance(self.stage, Demonstrating):
            return "on"
        wish = self.stage.demonstrate(step, self.source, number=number, of=of)
        return "on" if wish == "go" else wish

    def _ask_before(self) -> None:
        """Ask how much it hurts; all sessions of this run get the answer, and the time as that of their sitting."""
        pain = self.keeping.pain or Pain()
        if self.asks_pain and pain.before is None and isinstance(self.stage, Asking):
            answer = self.stage.ask_pain("before")
            if answer == "stop":
                self.declined = True
                return
            pain = pain.model_copy(update={"before": answer})
        sitting = self.keeping.clock().isoformat(timespec="seconds")
        self.keeping = replace(self.keeping, pain=pain.model_copy(update={"sitting": sitting}))

    def _ask_after(self) -> None:
        """Ask once more, and put the answer into the sessions that were stored."""
        pain = self.keeping.pain or Pain()
        if not (self.asks_pain and self.done and pain.after is None and isinstance(self.stage, Asking)):
            return
        answer = None if self.stage.closed_by_person else self.stage.ask_pain("after")
        if not isinstance(answer, int):
            return
        pain = pain.model_copy(update={"after": answer})
        try:
            self.done[:] = [with_pain(one, pain) for one in self.done]
        except OutputError as error:
            self.problems.append(str(error))

    def conclude(self) -> None:
        """Raise what it came to where that is not simply done: KeyboardInterrupt after a wish to end, or a PosturecamError."""
        if self.declined:
            return
        if self.stopped or self.host.ending:
            if not self.done:
                self.host.say(gettext(NOTHING_COUNTED))
            raise KeyboardInterrupt
        if not self.done:
            raise NothingJudgedError(gettext(NOTHING_COUNTED))
        if not any(finished.judged for finished in self.done):
            raise NothingJudgedError(" ".join(dict.fromkeys(finished.why_not_judged() for finished in self.done)))
        if problems := [*self.stage.problems, *self.problems]:
            raise OutputError(" ".join(problems))

    def _exercise(self, step: Step, number: int, of: int) -> Going:
        """One exercise, reported unless nothing was counted; returns what follows."""
        session = LiveSession(step.exercise, step.goal, self.countdown_s, turns=of > 1)
        store = self.keeping.store
        with store.draft() if store is not None else nullcontext() as draft:
            recorder = self._recorder(step, session, draft)
            sinks = self.stage.sinks(step, session, self.source, number=number, of=of)
            result, error = self._judge(session, recorder, sinks)
            finished = None
            skipped = session.state.ended in ("next", "back", "key", "gesture")
            if session.start_s is not None and not (skipped and _empty(result)):
                finished = self._report(step, result, draft, recorder)
        if finished is not None:
            self.done.append(finished)
            self.told(finished)
        if error is not None:
            raise error
        ended = session.state.ended
        if result.interrupted or ended not in ("goal", "nobody", "next", "back"):
            return "stop"
        return ended if ended == "next" or ended == "back" else "on"

    def _judge(
        self, session: LiveSession, recorder: FedRecorder | None, sinks: Sequence[Sink]
    ) -> tuple[SessionResult, BaseException | None]:
        """Run the frames; an error of camera or model is handed back beside what was finished until then."""

        def stop_when_ended(_frame: Frame) -> None:
            if session.state.ended:
                raise StopSession

        try:
            outcome = pipeline.run(
                self.host.frames(self.source),
                self.estimator,
                session,
                sinks,
                recorder=recorder,
                progress=stop_when_ended,
            )
        except Exception as error:
            return replace(session.finish(), interrupted=True), error
        self.stopped |= outcome.session.interrupted
        for warning in outcome.warnings:
            self.host.say(warning)
        interrupted = outcome.session.interrupted or self.stage.closed_by_person
        return replace(outcome.session, interrupted=interrupted), None

    def _recorder(self, step: Step, session: LiveSession, draft: Draft | None) -> FedRecorder | None:
        if draft is None:
            return None
        return FedRecorder(
            session, begin_session(draft, step.exercise, step.spec, self.source, self.keeping, step.dose)
        )

    def _report(self, step: Step, result: SessionResult, draft: Draft | None, recorder: FedRecorder | None) -> Finished:
        def save(into: Draft | None) -> Finished:
            return save_session(step.exercise, result, self.source.info, into, recorder, self.keeping, step.dose)

        try:
            return save(draft)
        except OutputError as error:
            # the summary must not be lost because the disk is full
            assert draft is not None
            kept = draft.leave()
            self.problems.append(f"{error} {gettext(LEFT if kept else LOST)}")
            return save(None)

    def _rest(self, step: Step, after: Step) -> RestWish:
        """Rest between two exercises; returns what the person wishes then, by a key or by a gesture."""
        finish, turn = FinishGesture(), TurnGesture()
        self.stage.rest_begins(step, after, self.source.now())
        begun_s: float | None = None
        try:
            for frame in self.host.frames(self.source):
                begun_s = frame.t_s if begun_s is None else begun_s
                left_s = begun_s + step.rest_s - frame.t_s
                if left_s <= 0:
                    return "go"
                pose = self.estimator.estimate(frame)
                if finish.update(frame.t_s, pose) >= 1.0:
                    return "stop"
                arm, share = turn.update(frame.t_s, pose)
                if arm is not None and share >= 1.0:
                    return "next" if arm == "right" else "back"
                wish = self.stage.resting(step, after, left_s, frame.t_s)
                if wish is not None:
                    return wish
        except StopSession:
            return "stop"
        return "stop"
