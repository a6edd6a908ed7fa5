"""Speed of ``analyse`` against a bare decode-and-detect loop over the same clip in the same run, by one process and by several.

``python -m benchmarks.analyse CLIP... --exercise ID [--rounds 3] [--jobs N]``: all ways run in turn, several rounds, and the
medians are compared, so that the machine's other work hits all of them; how busy it was is printed with them. Aims, on two cores
and a clip of a minute or more: 1.8 times the bare loop without an overlay, 1.5 times one process with one.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import av
import numpy as np
from mediapipe import Image, ImageFormat
from mediapipe.tasks.python import BaseOptions, vision

from benchmarks.machine import as_installed, load
from posturecam.app.looking import Watch, look
from posturecam.app.workers import cores
from posturecam.pose.models import obtain_model
from posturecam.pose.quiet import native_stderr_silenced
from posturecam.sources.file import MOST_HZ, Reading
from posturecam.spec.catalogue import load_exercise


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


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def whole(clip: Path, exercise: str, variant: str | None, jobs: int, overlay: str, folder: Path) -> None:
    """The command itself, with its start-up."""
    words = ["analyse", str(clip), "-e", exercise, "--no-save", "--out", str(folder), "--jobs", str(jobs), overlay]
    words += ["--variant", variant] if variant else []
    subprocess.run([sys.executable, "-m", "posturecam", *words], check=True, capture_output=True, env=as_installed())


def sides(
    clip: Path, exercise: str, variant: str | None, model: Path, jobs: int, folder: Path
) -> dict[str, Callable[[], object]]:
    """What is compared, by name; the first is what the others are measured against."""
    silhouette = load_exercise(exercise, variant).needs_silhouette
    watch = Watch(clip, model, silhouette, Reading(most_hz=MOST_HZ))
    return {
        "bare loop": lambda: bare_loop(clip, model, silhouette),
        "look, 1 process": lambda: look(watch, 1),
        f"look, {jobs} processes": lambda: look(watch, jobs),
        **{
            f"analyse {overlay}, {number} process{'es' * (number > 1)}": partial(
                whole, clip, exercise, variant, number, overlay, folder
            )
            for overlay in ("--no-overlay", "--overlay")
            for number in (1, jobs)
        },
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--exercise", required=True)
    parser.add_argument("--variant")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=cores())
    parser.add_argument("--ways", default="bare,look,analyse", help="only ways that begin so (default %(default)s)")
    arguments = parser.parse_args()
    model = obtain_model(None, print, lambda _done, _total: None).path
    print("clip\tway\tseconds (median)\ttimes as fast as the bare loop")
    for clip in arguments.clips:
        before = load()
        with tempfile.TemporaryDirectory() as folder:
            ways = sides(clip, arguments.exercise, arguments.variant, model, arguments.jobs, Path(folder))
            chosen = tuple(arguments.ways.split(","))
            ways = {name: way for name, way in ways.items() if name.startswith(chosen)}
            rounds = [{name: seconds(way) for name, way in ways.items()} for _ in range(arguments.rounds)]
        took = {name: statistics.median(each[name] for each in rounds) for name in ways}
        for name, median in took.items():
            print(f"{clip.name}\t{name}\t{median:.1f}\t{took['bare loop'] / median:.2f}", flush=True)
        print(f"{clip.name}\t{before} before, {load()} after", flush=True)


if __name__ == "__main__":
    main()
