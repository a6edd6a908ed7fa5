"""Speed of ``analyse`` against a bare decode-and-detect loop over the same clip in the same run, and of judging alone.

``python -m benchmarks.analyse CLIP... --exercise ID [--rounds 3]``: both ways run in turn, several rounds, and the medians are
compared, so that the machine's other work hits both. Aims: the whole command at 0.95 of the bare loop or more on long clips,
judging under 1 % of the time of inference.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
from mediapipe import Image, ImageFormat
from mediapipe.tasks.python import BaseOptions, vision

from posturecam import pipeline
from posturecam.judging.judge import judge
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.pose.models import obtain_model
from posturecam.pose.quiet import native_stderr_silenced
from posturecam.poses import PoseSequence
from posturecam.sources.file import FileSource
from posturecam.spec.catalogue import load_exercise
from posturecam.spec.schema import Exercise


def bare_loop(clip: Path, model: Path, silhouette: bool) -> int:
    """Decode and detect, one after the other, and nothing else; returns the number of frames."""
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model)),
        running_mode=vision.RunningMode.VIDEO,
        output_segmentation_masks=silhouette,
    )
    count = 0
    with native_stderr_silenced():
        landmarker = vision.PoseLandmarker.create_from_options(options)
        with landmarker, av.open(str(clip)) as container:
            for count, picture in enumerate(container.decode(video=0), 1):
                image = Image(
                    image_format=ImageFormat.SRGB, data=np.ascontiguousarray(picture.to_ndarray(format="rgb24"))
                )
                landmarker.detect_for_video(image, count * 40)
    return count


def whole_way(clip: Path, model: Path, exercise: Exercise) -> int:
    """What ``analyse --no-overlay`` does with the frames; returns their number."""
    with FileSource(clip) as source, MediaPipeEstimator(model, exercise.needs_silhouette) as estimator:
        return judge(exercise, pipeline.look(source, estimator).poses).result().frames


def collect_poses(clip: Path, model: Path, exercise: Exercise) -> PoseSequence:
    """Poses of a clip, for judging them alone."""
    with FileSource(clip) as source, MediaPipeEstimator(model, exercise.needs_silhouette) as estimator:
        return pipeline.look(source, estimator).poses


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--exercise", required=True)
    parser.add_argument("--variant")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    exercise = load_exercise(arguments.exercise, arguments.variant)
    model = obtain_model(None, print, lambda _done, _total: None).path
    print(
        "clip\tframes\tbare ms/frame\tanalyse ms/frame\tanalyse : bare speed\tjudging ms/frame\tjudging share of inference"
    )
    for clip in arguments.clips:
        frames = bare_loop(clip, model, exercise.needs_silhouette)
        pairs = [
            (
                seconds(lambda clip=clip: bare_loop(clip, model, exercise.needs_silhouette)),
                seconds(lambda clip=clip: whole_way(clip, model, exercise)),
            )
            for _ in range(arguments.rounds)
        ]
        bare, whole = (statistics.median(times) * 1000 / frames for times in zip(*pairs, strict=True))
        poses = collect_poses(clip, model, exercise)
        judging = min(seconds(lambda poses=poses: judge(exercise, poses).result()) for _ in range(3)) * 1000 / frames
        print(
            f"{clip.name}\t{frames}\t{bare:.1f}\t{whole:.1f}\t{bare / whole:.2f}\t{judging:.3f}\t{judging / bare:.1%}",
            flush=True,
        )


if __name__ == "__main__":
    main()
