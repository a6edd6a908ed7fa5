"""One session's way: what reaches the sinks, and that finished work is never lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from posturecam.errors import OutputError, SourceError
from posturecam.model import Frame, FrameResult, Pose, Progress, SessionResult, SourceInfo, Trace, Tracking
from posturecam.pipeline import StopSession, run

NOBODY = FrameResult(0.0, None, "nobody", "unknown", "", {}, (), Progress())
EMPTY = SessionResult(
    exercise="x",
    variant=None,
    reps=(),
    attempts=(),
    holds=(),
    held_fault_s={},
    doubts=(),
    tracking=Tracking(0, 0, "unknown", None),
    trace=Trace(np.zeros(0), (), (), (), {}, {}),
    frames=0,
    duration_s=0,
    score=None,
)


class Frames:
    """Ten frames a tenth of a second apart; ``failure`` is raised instead of frame ``fail_at``."""

    info = SourceInfo("somewhere", 4, 3)

    def __init__(self, failure: BaseException | None = None, fail_at: int = 5) -> None:
        self.failure, self.fail_at = failure, fail_at

    def __iter__(self) -> Iterator[Frame]:
        for index in range(10):
            if index == self.fail_at and self.failure is not None:
                raise self.failure
            yield Frame(index, index / 10, np.zeros((3, 4, 3), np.uint8))


class Nobody:
    def estimate(self, frame: Frame) -> Pose | None:
        return None


class Counting:
    """An analyzer that counts the frames it was told of."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.finished = 0

    def update(self, t_s: float, pose: Pose | None) -> FrameResult:
        self.times.append(t_s)
        return replace(NOBODY, t_s=t_s)

    def finish(self) -> SessionResult:
        self.finished += 1
        return replace(EMPTY, frames=len(self.times))


class Memory:
    """A sink and recorder that remembers; fails at time ``fail_at`` with ``failure``, and on closing with ``on_close``."""

    title = "The memory"

    def __init__(
        self, failure: Exception | None = None, fail_at: float = 0.2, on_close: BaseException | None = None
    ) -> None:
        self.failure, self.fail_at, self.on_close = failure, fail_at, on_close
        self.seen: list[float] = []
        self.closed = 0

    def write(self, frame: Frame, result: FrameResult) -> None:
        assert frame.t_s == result.t_s
        if self.failure is not None and frame.t_s >= self.fail_at:
            raise self.failure
        self.seen.append(frame.t_s)

    def record(self, frame: Frame, pose: Pose | None) -> None:
        self.write(frame, replace(NOBODY, t_s=frame.t_s))

    def close(self) -> None:
        self.closed += 1
        if self.on_close is not None:
            raise self.on_close


def test_every_frame_reaches_analyzer_sinks_recorder_and_progress() -> None:
    analyzer, sink, recorder, ticks = Counting(), Memory(), Memory(), []
    outcome = run(
        Frames(), Nobody(), analyzer, [sink], recorder=recorder, progress=lambda frame: ticks.append(frame.t_s)
    )
    assert analyzer.times == sink.seen == recorder.seen == ticks == [index / 10 for index in range(10)]
    assert (analyzer.finished, sink.closed, recorder.closed) == (1, 1, 1)
    assert outcome.session.frames == 10
    assert not outcome.session.interrupted
    assert outcome.warnings == []


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (OutputError("There is no room left."), "There is no room left."),
        (OSError(28, "No space left on device"), "no space left on device"),
        (ValueError("odd"), "ValueError: odd"),
        (AssertionError(), "AssertionError"),
    ],
)
def test_a_failing_sink_is_dropped_and_loses_nothing_else(failure: Exception, words: str) -> None:
    good, bad = Memory(), Memory(failure)
    outcome = run(Frames(), Nobody(), Counting(), [bad, good])
    assert outcome.session.frames == 10
    assert len(good.seen) == 10
    assert bad.seen == [0.0, 0.1]
    assert (good.closed, bad.closed) == (1, 1)
    assert outcome.warnings == [f"The memory stopped at 0.2 s: {words}"]


def test_a_failing_recorder_is_dropped_too() -> None:
    recorder = Memory(ValueError("odd"))
    outcome = run(Frames(), Nobody(), Counting(), recorder=recorder)
    assert outcome.session.frames == 10
    assert recorder.closed == 1
    assert len(outcome.warnings) == 1


@pytest.mark.parametrize("on_close", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_output_that_cannot_be_finished_is_told(on_close: BaseException) -> None:
    first, second = Memory(on_close=on_close), Memory()
    outcome = run(Frames(), Nobody(), Counting(), [first, second])
    assert outcome.session.frames == 10
    assert second.closed == 1
    assert outcome.warnings[0].startswith("The memory could not be finished: ")


def test_ctrl_c_keeps_what_is_finished() -> None:
    sink, analyzer = Memory(), Counting()
    outcome = run(Frames(KeyboardInterrupt()), Nobody(), analyzer, [sink])
    assert outcome.session.interrupted
    assert outcome.session.frames == 5
    assert (analyzer.finished, sink.closed) == (1, 1)


def test_a_sink_may_end_the_session_and_the_others_still_get_that_frame() -> None:
    window, video = Memory(StopSession()), Memory()
    outcome = run(Frames(), Nobody(), Counting(), [window, video])
    assert outcome.session.frames == 3
    assert video.seen == [0.0, 0.1, 0.2]
    assert (window.closed, video.closed) == (1, 1)
    assert not outcome.session.interrupted
    assert outcome.warnings == []


def test_a_failing_source_is_raised_after_the_sinks_are_closed() -> None:
    sink = Memory()
    with pytest.raises(SourceError, match="unplugged"):
        run(Frames(SourceError("It was unplugged.")), Nobody(), Counting(), [sink])
    assert sink.closed == 1
