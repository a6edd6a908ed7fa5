"""How fast a live session is: ``python -m benchmarks.live CLIP --exercise ID [--seconds 60] [--busy 2] [--no-window]``.

Plays a recording as a camera through the real session, painter and window (needs a display; Xvfb will do) and prints a table:
frames per second, the delay from capture to display, inference time, and how memory grows. ``--busy N`` keeps N processes busy
beside it: on as many cores as that the delay is to stay under 100 ms, by dropping frames. ``--simulate MINUTES`` adds a long
session of stored poses, as fast as they are judged, to see what memory does over time.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from benchmarks.machine import load
from posturecam import pipeline
from posturecam.coaching.announcer import Announcer
from posturecam.coaching.goals import goal_for
from posturecam.coaching.session import LiveSession
from posturecam.model import Frame, Pose
from posturecam.pipeline import StopSession
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.pose.models import ready_model
from posturecam.pose.quiet import native_stderr_silenced
from posturecam.sinks.landmarks import LandmarkRecorder
from posturecam.sinks.live_view import LivePainter, LiveSink
from posturecam.sinks.voice import RecordingSpeaker, VoiceSink
from posturecam.sinks.window import Window
from posturecam.sources.camera import CameraSource
from posturecam.sources.file import FileSource
from posturecam.spec.catalogue import load_exercise
from posturecam.spec.schema import Exercise

CAMERA_FPS = 30.0


class TimedEstimator:
    """Remembers how long every inference took, in milliseconds."""

    def __init__(self, inner: MediaPipeEstimator) -> None:
        self._inner = inner
        self.ms: list[float] = []

    def estimate(self, frame: Frame) -> Pose | None:
        """Pass on and time."""
        begun = time.perf_counter()
        pose = self._inner.estimate(frame)
        self.ms.append((time.perf_counter() - begun) * 1000)
        return pose


def resident_mb() -> float:
    """Memory in use, megabytes (the most so far where the system tells no more)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 1e6
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def measure(clip: Path, exercise: Exercise, model: Path, seconds: float, window: bool) -> list[tuple[str, str]]:
    """Play the clip at 30 frames per second, again and again, for so long; returns the table's rows."""
    with FileSource(clip) as probe:
        fps = probe.info.fps or CAMERA_FPS
        size = f"{probe.info.width}x{probe.info.height}"
    speed = CAMERA_FPS / fps
    delays: list[float] = []
    shown_s: list[float] = []
    memory: list[float] = []
    captured = dropped = 0
    until_s = time.monotonic() + seconds
    with ExitStack() as stack:
        estimator = TimedEstimator(stack.enter_context(MediaPipeEstimator(model, exercise.needs_silhouette)))
        screen = stack.enter_context(Window("posturecam benchmark", {}, native_stderr_silenced)) if window else None
        room = (lambda: screen.room) if screen is not None else (lambda: None)
        while time.monotonic() < until_s:
            with CameraSource(clip, speed=speed) as source:
                session = LiveSession(exercise, goal_for(exercise, ends=False), 0.0)

                def shown(frame: Frame, source: CameraSource = source) -> None:
                    delays.append((source.now() - frame.t_s) / speed * 1000)
                    shown_s.append(time.perf_counter())

                painter = LivePainter(exercise, goal_for(exercise))
                sink = LiveSink(painter, session, screen, None, lambda: None, print, shown, room)
                voice = VoiceSink(Announcer(exercise), RecordingSpeaker(), lambda: session.state)  # noqa: B023 - used at once
                pipeline.run(source, estimator, session, (sink, voice), progress=_stop_at(until_s, seconds / 8, memory))
                captured += source.counters.captured
                dropped += source.counters.dropped
    steps = np.diff(shown_s)
    steps = steps[steps < 1.0]  # between two plays of the clip nothing is shown
    rest = np.array(delays) - np.array(estimator.ms[: len(delays)])
    return [
        ("camera", f"{size} at {CAMERA_FPS:.0f} frames/s, {captured} frames, {dropped} dropped"),
        ("shown", f"{1 / steps.mean():.1f} frames/s" if len(steps) else "without a window"),
        ("inference", _percentiles(estimator.ms)),
        ("capture to display", _percentiles(delays)),
        ("the same beside inference", _percentiles(rest)),
        ("memory on the way", " ".join(f"{value:.0f}" for value in memory) + " MB"),
    ]


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """So many processes that want a core each all the time, as other programs of the computer."""
    # sessions of their own: the system shares the cores out among sessions, as among a desktop's programs
    others = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True) for _ in range(processes)
    ]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def _stop_at(until_s: float, sample_s: float, memory: list[float]) -> Callable[[Frame], None]:
    """Ends the session in time, and notes the memory in use every ``sample_s`` seconds."""

    def check(_frame: Frame) -> None:
        now = time.monotonic()
        if now >= until_s - sample_s * (7 - len(memory)):
            memory.append(resident_mb())
        if now >= until_s:
            raise StopSession

    return check


def simulate(clip: Path, exercise: Exercise, model: Path, minutes: float) -> list[tuple[str, str]]:
    """Judge and paint the clip's poses over and over as one long session of 25 frames per second."""
    poses: list[Pose | None] = []
    with FileSource(clip) as source, MediaPipeEstimator(model, exercise.needs_silhouette) as estimator:
        for frame in source:
            poses.append(estimator.estimate(frame))
            image = frame.image
        recorder = LandmarkRecorder(Path(os.devnull), source)
    session = LiveSession(exercise, goal_for(exercise, ends=False), 0.0)
    painter, voice = LivePainter(exercise, goal_for(exercise)), Announcer(exercise)
    memory = []
    frames = round(minutes * 60 * 25)
    begun = time.perf_counter()
    for number in range(frames):
        result = session.update(number / 25, poses[number % len(poses)])
        voice.update(result, session.state)
        recorder.record(Frame(number, number / 25, image), poses[number % len(poses)])
        if number % 5 == 0:
            painter.paint(image, result, session.state)
        if number % (frames // 5) == 0:
            gc.collect()
            memory.append(resident_mb())
    rate = frames / (time.perf_counter() - begun)
    reps = len(session.finish().reps)
    return [
        (f"{minutes:g} minutes simulated", f"{frames} frames, {reps} reps, {rate:.0f} frames/s judged"),
        ("memory on the way", " ".join(f"{value:.0f}" for value in memory) + " MB"),
    ]


def _percentiles(values: list[float] | np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    if len(values) == 0:
        return "-"
    low, high = np.percentile(values, [50, 95])
    return f"p50 {low:.0f} ms, p95 {high:.0f} ms"


def main() -> None:
    """Parse the call, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("clip", type=Path)
    parser.add_argument("--exercise", required=True)
    parser.add_argument("--variant")
    parser.add_argument("--model", default=None)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--simulate", type=float, default=0.0, metavar="MINUTES")
    parser.add_argument("--busy", type=int, default=0, metavar="N")
    parser.add_argument("--no-window", action="store_true")
    args = parser.parse_args()
    exercise = load_exercise(args.exercise, args.variant)
    model = ready_model(args.model)
    if model is None:
        sys.exit("The pose model has not been fetched; run: posturecam model fetch")
    before = load()
    with busy(args.busy):
        rows = measure(args.clip, exercise, model, args.seconds, not args.no_window)
    rows.append(("beside it", f"{args.busy} processes busy all the time; {before} before, {load()} after"))
    if args.simulate:
        rows += simulate(args.clip, exercise, model, args.simulate)
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value}")


if __name__ == "__main__":
    main()
