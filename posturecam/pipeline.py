"""One session from first frame to result: source -> estimator -> analyzer -> sinks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from posturecam.errors import PosturecamError
from posturecam.model import Frame, FrameResult, Pose, SessionResult, SourceInfo
from posturecam.poses import PoseSequence


class Source(Protocol):
    """Frames in the order of time. Whoever opened it closes it; :func:`run` does not."""

    @property
    def info(self) -> SourceInfo:
        """What is known about the recording or camera; complete once the iteration has ended."""
        ...

    def __iter__(self) -> Iterator[Frame]: ...


class Estimator(Protocol):
    """Finds the body in one frame."""

    def estimate(self, frame: Frame) -> Pose | None:
        """The pose, or None when nobody is seen."""
        ...


class Analyzer(Protocol):
    """The fold over time: pure, told only seconds and poses."""

    def update(self, t_s: float, pose: Pose | None) -> FrameResult:
        """Take the next frame's pose; times strictly increase."""
        ...

    def finish(self) -> SessionResult:
        """End what is still going on and sum up; called once, after the last frame."""
        ...


class Sink(Protocol):
    """Draws, speaks or writes every frame's result."""

    def write(self, frame: Frame, result: FrameResult) -> None:
        """Take one frame; may raise, which ends this sink and nothing else."""
        ...

    def close(self) -> None:
        """Finish the output; called exactly once, also after a failed write."""
        ...


class Recorder(Protocol):
    """Keeps the poses as they were estimated, before the analyzer smooths them."""

    def record(self, frame: Frame, pose: Pose | None) -> None:
        """Take one frame's pose, None when nobody was seen."""
        ...

    def close(self) -> None:
        """Finish the output."""
        ...


ProgressCallback = Callable[[Frame], None]
"""Called after every frame. Raising :class:`StopSession` in it, or in a sink, ends the session in good order."""


class StopSession(Exception):  # noqa: N818 - not an error: the user closed the window or reached the target
    """Ends the loop; everything finished so far is kept."""


@dataclass(frozen=True, eq=False)
class Looked:
    """The ``poses`` of a recording; ``interrupted``: the user ended it early."""

    poses: PoseSequence
    interrupted: bool = False


@dataclass(frozen=True, eq=False)
class Outcome:
    """What :func:`run` brings back: the ``session`` and a ``warnings`` sentence for each sink that had to be dropped."""

    session: SessionResult
    warnings: list[str] = field(default_factory=list)


def run(
    source: Source,
    estimator: Estimator,
    analyzer: Analyzer,
    sinks: Sequence[Sink] = (),
    *,
    recorder: Recorder | None = None,
    progress: ProgressCallback | None = None,
) -> Outcome:
    """Judge every frame of ``source`` and hand the results to ``sinks``; they and the ``recorder`` are closed in every case.

    A sink that fails is dropped with a warning: finished work is never lost to it. Ctrl-C ends the loop, and the result then
    holds what was finished, with ``interrupted`` set. An error of the source or the estimator is raised.
    """
    outputs = _Outputs(sinks, recorder)
    interrupted = False
    try:
        try:
            for frame in source:
                pose = estimator.estimate(frame)
                result = analyzer.update(frame.t_s, pose)
                outputs.write(frame, pose, result)
                if progress is not None:
                    progress(frame)
        except StopSession:
            pass
        except KeyboardInterrupt:
            interrupted = True
        session = analyzer.finish()
    finally:
        outputs.close()
    if interrupted:
        session = dataclasses.replace(session, interrupted=True)
    return Outcome(session, outputs.warnings)


def look(source: Source, estimator: Estimator, *, progress: ProgressCallback | None = None) -> Looked:
    """Find the body in every frame of a recording. Ctrl-C ends it, with the poses so far and ``interrupted`` set."""
    poses = PoseSequence()
    try:
        for frame in source:
            height, width = frame.image.shape[:2]
            poses.append(frame.t_s, estimator.estimate(frame), width, height)
            if progress is not None:
                progress(frame)
    except KeyboardInterrupt:
        return Looked(poses, interrupted=True)
    return Looked(poses)


def show(
    source: Source, results: Iterable[FrameResult], sinks: Sequence[Sink], *, progress: ProgressCallback | None = None
) -> list[str]:
    """Hand every frame of a recording, with what was judged of it, to ``sinks``; they are closed in every case.

    ``results`` belong to the frames in their order. Returns a sentence for each sink that had to be dropped.
    """
    outputs = _Outputs(sinks, None)
    try:
        for frame, result in zip(source, results, strict=False):
            outputs.write(frame, None, result)
            if progress is not None:
                progress(frame)
    except (StopSession, KeyboardInterrupt):
        pass
    finally:
        outputs.close()
    return outputs.warnings


class _Outputs:
    """The sinks and the recorder, each on its own risk."""

    def __init__(self, sinks: Iterable[Sink], recorder: Recorder | None) -> None:
        self._sinks = list(sinks)
        self._recorder = recorder
        self.warnings: list[str] = []

    def write(self, frame: Frame, pose: Pose | None, result: FrameResult) -> None:
        if self._recorder is not None:
            try:
                self._recorder.record(frame, pose)
            except Exception as error:
                recorder, self._recorder = self._recorder, None
                self._drop(recorder, frame.t_s, error)
        stop: StopSession | None = None
        for sink in tuple(self._sinks):
            try:
                sink.write(frame, result)
            except StopSession as wish:
                stop = wish  # the other sinks still get this frame
            except Exception as error:
                self._sinks.remove(sink)
                self._drop(sink, frame.t_s, error)
        if stop is not None:
            raise stop

    def close(self) -> None:
        """Close all that is left; Ctrl-C during one does not keep the others from closing."""
        remaining: list[Sink | Recorder] = [*self._sinks, *([self._recorder] if self._recorder else [])]
        self._sinks, self._recorder = [], None
        for output in remaining:
            try:
                output.close()
            except (Exception, KeyboardInterrupt) as error:
                self.warnings.append(f"{_name(output)} could not be finished: {_words(error)}")

    def _drop(self, output: Sink | Recorder, t_s: float, error: Exception) -> None:
        self.warnings.append(f"{_name(output)} stopped at {t_s:.1f} s: {_words(error)}")
        try:
            output.close()
        except Exception as second:
            if str(second) != str(error):
                self.warnings.append(f"{_name(output)} could not be finished: {_words(second)}")


def _name(output: Sink | Recorder) -> str:
    """What to call an output in a warning: its ``title`` when it has one, else its type."""
    return str(getattr(output, "title", type(output).__name__))


def _words(error: BaseException) -> str:
    if isinstance(error, PosturecamError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    text = str(error).strip()
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
