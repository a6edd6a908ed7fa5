"""A live session without a camera, a window or a model: any source of frames, any stage, and a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from posturecam.app.finished import Finished
from posturecam.app.host import Host
from posturecam.app.live import LiveRun, LiveSource, RestWish
from posturecam.app.live_steps import Step, one_exercise
from posturecam.app.rescore import judged_again
from posturecam.app.saving import Keeping
from posturecam.app.stored import load
from posturecam.coaching.pain import When
from posturecam.coaching.session import LiveSession
from posturecam.errors import CallError, NothingJudgedError, OutputError, SourceError
from posturecam.model import Frame, FrameResult, Pose, SourceInfo
from posturecam.pipeline import Sink, StopSession
from posturecam.report.presentation import present
from posturecam.report.types import Pain
from posturecam.spec.catalogue import load_exercise
from posturecam.store import Draft, SessionStore
from tests.builders import HEIGHT, WIDTH, push_up, rounds
from tests.coaching.test_gesture import CROSSED
from tests.hosts import Listening

FPS = 12
WHEN = datetime.fromisoformat("2026-03-01T10:00:00+00:00")
PoseAt = Callable[[float], "Pose | None"]


@dataclass
class Playing:
    """Frames on a clock of their own, as a page sends them; goes on where it was when it is asked for frames again."""

    seconds: float
    breaks_at_s: float | None = None
    fps: float = FPS
    trouble: str | None = None
    t_s: float = 0.0

    @property
    def info(self) -> SourceInfo:
        return SourceInfo("page", WIDTH, HEIGHT, self.fps)

    def now(self) -> float:
        return self.t_s

    def __iter__(self) -> Iterator[Frame]:
        image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        while self.t_s < self.seconds:
            self.t_s += 1 / self.fps
            if self.breaks_at_s is not None and self.t_s >= self.breaks_at_s:
                raise SourceError("The camera is gone.")
            yield Frame(round(self.t_s * self.fps), self.t_s, image)


@dataclass
class Body:
    """An estimator that knows where the body is."""

    pose_at: PoseAt

    def estimate(self, frame: Frame) -> Pose | None:
        return self.pose_at(frame.t_s)


@dataclass
class Page:
    """A stage as a page would be: it draws nothing itself and keeps what it was given."""

    go_on: bool = True
    closes_at_s: float | None = None
    wish: RestWish | None = None
    closed_by_person: bool = False
    problems: Sequence[str] = ()
    shown: list[tuple[Frame, FrameResult]] = field(default_factory=list)
    rests: list[float] = field(default_factory=list)
    last: list[Finished] | None = None

    def red_flags(self, title: str, flags: Sequence[str]) -> bool:
        return self.go_on

    def sinks(self, step: Step, session: LiveSession, source: LiveSource, *, number: int, of: int) -> Sequence[Sink]:
        return [self]

    def write(self, frame: Frame, result: FrameResult) -> None:
        self.shown.append((frame, result))
        if self.closes_at_s is not None and frame.t_s >= self.closes_at_s:
            self.closed_by_person = True
            raise StopSession

    def close(self) -> None:
        pass

    def rest_begins(self, step: Step, after: Step, t_s: float) -> None:
        self.rests.append(t_s)

    def resting(self, step: Step, after: Step, left_s: float, t_s: float) -> RestWish | None:
        self.rests.append(left_s)
        return self.wish

    def summary(self, done: Sequence[Finished]) -> None:
        self.last = list(done)


def pushing(count: int) -> tuple[PoseAt, float]:
    elbow, seconds = rounds(172.0, [88.0] * count, still_s=2.0)
    return (lambda t_s: push_up(elbow(t_s))), seconds


def run_of(pose_at: PoseAt, seconds: float, store: SessionStore | None, **changes: object) -> LiveRun:
    keeping = Keeping(store, "a_model", "Ana", clock=lambda: WHEN)
    run = LiveRun(Playing(seconds), Body(pose_at), Page(), keeping, Listening(), countdown_s=0.0)
    for name, value in changes.items():
        setattr(run, name, value)
    return run


def only(run: LiveRun) -> Finished:
    (finished,) = run.done
    return finished


@pytest.fixture
def store(tmp_path: Path) -> SessionStore:
    return SessionStore(tmp_path / "sessions")


def test_every_frame_reaches_the_sinks_and_what_was_counted_is_saved(store: SessionStore) -> None:
    run = run_of(*pushing(3), store)
    told: list[Finished] = []
    run.told = told.append
    run.run(one_exercise("push_up", guided=False).steps)
    run.conclude()
    assert told == run.done
    report = only(run).report
    assert (report.reps.count, report.person_name, report.provenance.model) == (3, "Ana", "a_model")
    assert datetime.fromisoformat(report.created) == WHEN
    stage = run.stage
    assert isinstance(stage, Page)
    assert len(stage.shown) > 100
    assert stage.last == run.done
    (session,) = store.listing().sessions
    stored = load(session)
    assert stored.report == report
    assert judged_again(session, report, load_exercise("push_up")).reps == report.reps


@dataclass
class AskingPage(Page):
    """A page that asks how much it hurts, and whose person has answers ready."""

    answers: dict[str, int | Literal["stop"] | None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def ask_pain(self, when: When) -> int | Literal["stop"] | None:
        self.asked.append(when)
        return self.answers.get(when)


def test_pain_is_asked_before_and_after_and_kept_with_every_exercise_of_the_sitting(store: SessionStore) -> None:
    page = AskingPage(answers={"before": 6, "after": 3})
    run = run_of(*pushing(5), store, stage=page, asks_pain=True)
    step = one_exercise("push_up", reps=2, guided=False).steps[0]
    run.run([step, step])
    assert page.asked == ["before", "after"]
    stored = [load(session).report.pain for session in store.listing().sessions]
    assert stored == [Pain(before=6, after=3, sitting=WHEN.isoformat(timespec="seconds"))] * 2
    assert [finished.report.pain for finished in run.done] == stored
    page_of = store.listing().sessions[0].folder / "report.html"
    assert "6 → 3" in page_of.read_text(encoding="utf-8")


def test_somebody_who_says_nothing_of_pain_has_none_in_the_report(store: SessionStore) -> None:
    run = run_of(*pushing(2), store, stage=AskingPage(), asks_pain=True)
    run.run(one_exercise("push_up", guided=False).steps)
    assert only(run).report.pain is None
    assert load(store.listing().sessions[0]).report.pain is None


def test_who_hurts_too_much_may_leave_it_today(store: SessionStore) -> None:
    page = AskingPage(answers={"before": "stop"})
    run = run_of(*pushing(2), store, stage=page, asks_pain=True)
    run.run(one_exercise("push_up", guided=False).steps)
    run.conclude()
    assert (page.asked, page.shown, run.done) == (["before"], [], [])


def test_what_is_known_of_pain_is_not_asked(store: SessionStore) -> None:
    page = AskingPage(answers={"before": 9, "after": 9})
    keeping = Keeping(store, "a_model", clock=lambda: WHEN, pain=Pain(before=2, after=1))
    run = run_of(*pushing(2), store, stage=page, asks_pain=True, keeping=keeping)
    run.run(one_exercise("push_up", guided=False).steps)
    assert page.asked == []
    told = load(store.listing().sessions[0]).report.pain
    assert told is not None
    assert (told.before, told.after) == (2, 1)


def test_without_a_store_nothing_is_written(tmp_path: Path) -> None:
    run = run_of(*pushing(2), None)
    run.run(one_exercise("push_up", guided=False).steps)
    assert (only(run).report.reps.count, only(run).folder) == (2, None)
    assert not list(tmp_path.iterdir())


def test_reps_that_were_asked_for_end_it(store: SessionStore) -> None:
    run = run_of(*pushing(4), store)
    run.run(one_exercise("push_up", reps=2, guided=False).steps)
    report = only(run).report
    assert (report.reps.count, report.interrupted) == (2, False)


def test_the_report_says_how_many_reps_were_asked_for_also_when_they_are_judged_again(store: SessionStore) -> None:
    run = run_of(*pushing(3), store)
    run.run(one_exercise("push_up", reps=5, guided=False).steps)
    report = only(run).report
    (session,) = store.listing().sessions
    for one in (report, load(session).report, judged_again(session, report, load_exercise("push_up"))):
        assert one.dose.reps == 5
        assert ("3", "of 5") in [(figure.number, figure.remark) for figure in present(one).figures]


def test_a_page_that_is_closed_mid_rep_leaves_a_saved_session(store: SessionStore) -> None:
    run = run_of(*pushing(4), store, stage=Page(closes_at_s=10.0))
    run.run(one_exercise("push_up", guided=False).steps)
    run.conclude()
    report = only(run).report
    assert report.interrupted
    assert 1 <= report.reps.count < 4
    assert len(store.listing().sessions) == 1


def test_a_camera_that_breaks_is_an_error_after_what_was_finished_is_saved(store: SessionStore) -> None:
    pose_at, seconds = pushing(4)
    run = run_of(pose_at, seconds, store, source=Playing(seconds, breaks_at_s=10.0))
    with pytest.raises(SourceError, match="The camera is gone"):
        run.run(one_exercise("push_up", guided=False).steps)
    assert only(run).report.interrupted
    assert len(store.listing().sessions) == 1


class Stopping(Listening):
    """A host that is asked to end while it waits for the frame at ``at_s``."""

    def __init__(self, at_s: float) -> None:
        super().__init__()
        self.at_s = at_s

    def frames(self, source: object) -> Iterator[Frame]:  # type: ignore[override]
        for frame in source:  # type: ignore[attr-defined]
            if frame.t_s >= self.at_s:
                self.wants_to_end = True
                raise KeyboardInterrupt
            yield frame


@pytest.mark.parametrize(("at_s", "kept"), [(10.0, 1), (0.0, 0)])
def test_a_wish_to_end_saves_what_there_is_and_is_raised_at_the_end(
    at_s: float, kept: int, store: SessionStore
) -> None:
    host = Stopping(at_s)
    run = run_of(*pushing(4), store, host=host)
    run.run(one_exercise("push_up", guided=False).steps)
    with pytest.raises(KeyboardInterrupt):
        run.conclude()
    assert len(store.listing().sessions) == kept
    assert [line.split(":")[0] for line in host.said] == ["Nothing was counted"] * (1 - kept)
    assert run.stage.last is None  # type: ignore[attr-defined]


def test_nobody_is_nothing_judged_and_nothing_saved(store: SessionStore) -> None:
    run = run_of(lambda _t: None, 400.0, store, source=Playing(400.0, fps=1.0), countdown_s=3.0)
    run.run(one_exercise("push_up").steps)
    with pytest.raises(NothingJudgedError, match="Nothing was counted"):
        run.conclude()
    assert not store.listing().sessions
    assert not list(store.root.iterdir())


def test_a_full_store_costs_neither_the_summary_nor_what_was_seen(
    store: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: Draft, _report: str) -> None:
        raise OutputError("The session cannot be saved: no space left on device.")

    monkeypatch.setattr(Draft, "commit", full)
    run = run_of(*pushing(2), store)
    run.run(one_exercise("push_up", guided=False).steps)
    assert (only(run).report.reps.count, only(run).folder) == (2, None)
    with pytest.raises(OutputError, match="the next start of posturecam finishes the session"):
        run.conclude()
    assert len(list(store.root.glob(".unfinished-*/journal"))) == 1


def test_what_the_stage_could_not_keep_is_an_error_at_the_end() -> None:
    run = run_of(*pushing(2), None, stage=Page(problems=["The recording is not complete."]))
    run.run(one_exercise("push_up", guided=False).steps)
    with pytest.raises(OutputError, match="The recording is not complete"):
        run.conclude()


class TestRest:
    """Two exercises with ten seconds between them."""

    def done(self, stage: Page, pose_after: Pose | None = None) -> list[Finished]:
        pose_at, seconds = pushing(2)
        (step,) = one_exercise("push_up", reps=2, guided=False).steps
        steps = [Step(step.exercise, step.spec, step.goal, 10.0), step]
        start = Playing(seconds + 10.0 + 2 * seconds)
        after_s = seconds + 10.0

        def body(t_s: float) -> Pose | None:
            return pose_at(t_s) if t_s < seconds else pose_after if t_s < after_s else pose_at(t_s - after_s)

        run = run_of(body, start.seconds, None, stage=stage, source=start)
        run.run(steps)
        return run.done

    def test_it_counts_down_to_the_next(self) -> None:
        stage = Page()
        assert [one.report.reps.count for one in self.done(stage)] == [2, 2]
        assert stage.rests[1] == pytest.approx(10.0, abs=0.1)
        assert stage.rests[-1] == pytest.approx(0.05, abs=0.06)

    def test_a_wish_ends_the_rest_or_the_programme(self) -> None:
        goes, stops = Page(wish="go"), Page(wish="stop")
        assert len(self.done(goes)) == 2
        assert len(goes.rests) == 2
        assert len(self.done(stops)) == 1
        assert stops.last is not None

    def test_crossed_arms_end_the_programme(self) -> None:
        assert len(self.done(Page(), CROSSED)) == 1


@pytest.mark.parametrize(
    ("exercise", "asked", "said"),
    [("push_up", {"seconds": 9.0}, "give --reps"), ("plank", {"reps": 9}, "give --seconds")],
)
def test_what_is_held_is_not_counted(exercise: str, asked: dict[str, float], said: str) -> None:
    with pytest.raises(CallError, match=said):
        one_exercise(exercise, **asked)  # type: ignore[arg-type]


def test_a_host_of_nobody_does_nothing() -> None:
    host = Host()
    host.say("x")
    host.check()
    with host.deferred(), host.interruptible(), host.waiting(), host.progress("x", None, "frames") as advance:
        advance(1, None)
    assert not host.ending
