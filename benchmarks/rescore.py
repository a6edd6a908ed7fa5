"""How long judging a stored session again takes: ``python -m benchmarks.rescore [--minutes 60] [--exercise push_up]``.

The session is made by repeating the landmarks of a sample clip (or of ``--landmarks FILE``) until it is long enough. Printed are
the seconds of each step, the whole command's as a user waits for it, and what a live session's frames take: of reps, of a hold
and of cycles, 30 and 15 of them a second.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from benchmarks.machine import Stopwatch, as_installed, load
from posturecam.judging.analyzer import Analyzer
from posturecam.judging.judge import judge
from posturecam.model import SourceInfo
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.pose.models import ready_model
from posturecam.poses import LAYOUT, PoseSequence
from posturecam.report.build import build_report, make_provenance
from posturecam.sources.file import FileSource
from posturecam.sources.landmarks import LandmarkSource
from posturecam.spec.catalogue import load_exercise
from posturecam.spec.digest import exercise_digest
from posturecam.spec.schema import Exercise
from posturecam.store import LANDMARKS, Session, SessionStore

FPS = 30.0
TARGET_S = 4.0
FEW_FRAMES = 1500
LOOKED_AT = 150
CLIPS = Path(__file__).parent.parent / "sample_videos"
CLIP = CLIPS / "push_up_floor_good.mp4"
LIVE = {
    CLIP: ("push_up", "floor"),
    CLIPS / "plank_forearm_good.mp4": ("plank", "forearm"),
    CLIPS / "cat_cow_good.mp4": ("cat_cow", None),
}
"""Reps, a hold and cycles: clips, their exercises and variants."""
LIVE_FPS = (30.0, 15.0)


def main() -> None:
    """Make the session, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--exercise", default="push_up")
    parser.add_argument("--landmarks", type=Path, help="landmarks.npz to repeat; a sample clip's without it")
    options = parser.parse_args()
    exercise = load_exercise(options.exercise)
    with tempfile.TemporaryDirectory() as folder:
        samples = {clip: _sample(Path(folder), clip, name) for clip, (name, _) in LIVE.items()}
        source = options.landmarks or samples[CLIP]
        marks = _repeated(source, round(options.minutes * 60 * FPS), FPS)
        session = _session(Path(folder), marks, exercise)
        frames = len(marks)
        print(f"{frames} frames, {options.minutes:g} minutes at {FPS:g} per second, {exercise.id}; {load()}")
        started, cpu = time.perf_counter(), time.process_time()
        result = judge(exercise, marks).result()
        judging_s, judging_cpu_s = time.perf_counter() - started, time.process_time() - cpu
        print(
            f"judged as a whole      {judging_s:6.2f} s   {1e6 * judging_cpu_s / frames:5.0f} us of processor time per frame, "
            f"{len(result.reps)} reps"
        )
        for clip, sample in samples.items():
            judged_as = load_exercise(*LIVE[clip])
            live = [_frame_by_frame(judged_as, _repeated(sample, FEW_FRAMES, fps)) for fps in LIVE_FPS]
            told = ", ".join(
                f"{1e6 * took_s:.0f} at {fps:g} a second" for took_s, fps in zip(live, LIVE_FPS, strict=True)
            )
            print(f"judged live            {judged_as.id:8}   us of processor time per frame: {told}")
        looking_s = _looking()
        print(
            f"looking                           {1e6 * looking_s:5.0f} us of processor time per frame: judging the whole is "
            f"{judging_cpu_s / frames / looking_s:.2%} of it"
        )
        command = [sys.executable, "-m", "posturecam", "rescore", session.id]
        watch = Stopwatch()
        done = subprocess.run(
            command, env={**as_installed(), "POSTURECAM_DATA": folder}, capture_output=True, text=True, check=True
        )
        whole_s, cpu_s = watch.read()
        print(f"posturecam rescore     {whole_s:6.2f} s   ({cpu_s:.2f} s of processor time; the aim is {TARGET_S:g} s)")
        print(f"{done.stdout.splitlines()[-1]} {load()}")


def _sample(folder: Path, clip: Path, exercise: str) -> Path:
    """Landmarks of a sample clip, analysed now."""
    command = [
        sys.executable,
        "-m",
        "posturecam",
        "analyse",
        str(clip),
        "--exercise",
        exercise,
        "--no-overlay",
        "--no-save",
    ]
    subprocess.run(
        [*command, "--no-images", "--format", "json", "--out", str(folder / "sample")], check=True, capture_output=True
    )
    return folder / "sample" / clip.stem / LANDMARKS


def _repeated(path: Path, frames: int, fps: float) -> PoseSequence:
    """The landmarks of a file over and over, so many frames at ``fps``, or at the file's own rate where that is higher."""
    arrays = LandmarkSource(path).poses.arrays
    times = arrays["t_s"]
    times = np.arange(len(times)) / fps if len(times) / fps < times[-1] else times - times[0]
    length = float(times[-1]) + 1 / fps
    rounds = -(-frames // len(times))
    long = {name: np.concatenate([arrays[name]] * rounds)[:frames] for name in LAYOUT if name != "t_s"}
    long["t_s"] = np.concatenate([times + number * length for number in range(rounds)])[:frames]
    return PoseSequence(long)


def _session(folder: Path, marks: PoseSequence, exercise: Exercise) -> Session:
    """A session of these poses, stored as the program stores one."""
    width, height = (int(size) for size in marks.size[0])
    info = SourceInfo("long.mp4", width, height, FPS, float(marks.t_s[-1]), len(marks))
    report = build_report(
        exercise,
        judge(exercise, marks).result(),
        info,
        make_provenance(spec_digest=exercise_digest(exercise)),
        created=datetime.now(timezone.utc),
    )
    with SessionStore(folder / "sessions").draft() as draft:
        marks.save(draft.folder / LANDMARKS, info)
        return draft.commit(report.to_json())


def _frame_by_frame(exercise: Exercise, marks: PoseSequence) -> float:
    """Seconds of processor time that a frame takes on its own."""
    analyzer = Analyzer(exercise)
    started = time.process_time()
    for index, t_s in enumerate(marks.t_s.tolist()):
        analyzer.update(t_s, marks.pose(index))
    return (time.process_time() - started) / len(marks)


def _looking() -> float:
    """Seconds of processor time that inference takes in a frame of the sample clip, with the silhouette."""
    model = ready_model()
    assert model is not None, "run: posturecam model fetch"
    with FileSource(CLIP) as source, MediaPipeEstimator(model, silhouette=True) as estimator:
        frames = list(itertools.islice(source, LOOKED_AT))
        estimator.estimate(frames[0])
        started = time.process_time()
        for frame in frames[1:]:
            estimator.estimate(frame)
        return (time.process_time() - started) / (len(frames) - 1)


if __name__ == "__main__":
    main()
