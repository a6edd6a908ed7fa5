"""How long judging a stored session again takes: ``python -m benchmarks.rescore [--minutes 60] [--exercise push_up]``.

The session is made by repeating the landmarks of a sample clip (or of ``--landmarks FILE``) until it is long enough. Printed are
the seconds of each step, the whole command's as a user waits for it, and what a live session's frames take.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

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
CLIP = Path(__file__).parent.parent / "sample_videos" / "push_up_floor_good.mp4"


def main() -> None:
    """Make the session, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--exercise", default="push_up")
    parser.add_argument("--landmarks", type=Path, help="landmarks.npz to repeat; a sample clip's without it")
    options = parser.parse_args()
    exercise = load_exercise(options.exercise)
    with tempfile.TemporaryDirectory() as folder:
        source = options.landmarks or _sample(Path(folder))
        session, marks = _long_session(Path(folder), source, exercise, round(options.minutes * 60 * FPS))
        frames = len(marks)
        print(f"{frames} frames, {options.minutes:g} minutes at {FPS:g} per second, {exercise.id}")
        started, cpu = time.perf_counter(), time.process_time()
        result = judge(exercise, marks).result()
        judging_s, judging_cpu_s = time.perf_counter() - started, time.process_time() - cpu
        print(
            f"judged as a whole      {judging_s:6.2f} s   {1e6 * judging_cpu_s / frames:5.0f} us of processor time per frame, "
            f"{len(result.reps)} reps"
        )
        print(
            f"judged live                       {1e6 * _frame_by_frame(exercise, marks):5.0f} us of processor time per frame"
        )
        looking_s = _looking()
        print(
            f"looking                           {1e6 * looking_s:5.0f} us of processor time per frame: judging the whole is "
            f"{judging_cpu_s / frames / looking_s:.2%} of it"
        )
        command = [sys.executable, "-m", "posturecam", "rescore", session.id]
        started, cpu = time.perf_counter(), os.times()
        done = subprocess.run(
            command, env={**os.environ, "POSTURECAM_DATA": folder}, capture_output=True, text=True, check=True
        )
        whole_s, after = time.perf_counter() - started, os.times()
        cpu_s = after.children_user + after.children_system - cpu.children_user - cpu.children_system
        print(f"posturecam rescore     {whole_s:6.2f} s   ({cpu_s:.2f} s of processor time; the aim is {TARGET_S:g} s)")
        print(done.stdout.splitlines()[-1])


def _sample(folder: Path) -> Path:
    """Landmarks of a sample clip, analysed now."""
    command = [
        sys.executable,
        "-m",
        "posturecam",
        "analyse",
        str(CLIP),
        "--exercise",
        "push_up",
        "--no-overlay",
        "--no-save",
    ]
    subprocess.run(
        [*command, "--no-images", "--format", "json", "--out", str(folder / "sample")], check=True, capture_output=True
    )
    return folder / "sample" / CLIP.stem / LANDMARKS


def _long_session(folder: Path, path: Path, exercise: Exercise, frames: int) -> tuple[Session, PoseSequence]:
    """A session of so many frames, stored as the program stores one."""
    arrays = LandmarkSource(path).poses.arrays
    times = arrays["t_s"]
    times = np.arange(len(times)) / FPS if len(times) / FPS < times[-1] else times - times[0]
    length = float(times[-1]) + 1 / FPS
    rounds = -(-frames // len(times))
    long = {name: np.concatenate([arrays[name]] * rounds)[:frames] for name in LAYOUT if name != "t_s"}
    long["t_s"] = np.concatenate([times + number * length for number in range(rounds)])[:frames]
    marks = PoseSequence(long)
    width, height = (int(size) for size in marks.size[0])
    info = SourceInfo("long.mp4", width, height, FPS, float(marks.t_s[-1]), frames)
    report = build_report(
        exercise,
        judge(exercise, marks).result(),
        info,
        make_provenance(spec_digest=exercise_digest(exercise)),
        created=datetime.now(timezone.utc),
    )
    with SessionStore(folder / "sessions").draft() as draft:
        marks.save(draft.folder / LANDMARKS, info)
        return draft.commit(report.to_json()), marks


def _frame_by_frame(exercise: Exercise, marks: PoseSequence) -> float:
    """Seconds of processor time that a frame takes on its own, measured on the first few."""
    analyzer = Analyzer(exercise)
    count = min(FEW_FRAMES, len(marks))
    started = time.process_time()
    for index, t_s in enumerate(marks.t_s[:count].tolist()):
        analyzer.update(t_s, marks.pose(index))
    return (time.process_time() - started) / count


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
