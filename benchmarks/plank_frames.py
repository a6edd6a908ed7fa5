"""Judge single landmark frames that somebody else labelled: how often a correct plank is called wrong.

``python -m benchmarks.plank_frames CSV [--variant forearm] [--aspect 1.778]``: one picture a row, landmarks normalised to the
image (``nose_x`` .. ``right_foot_index_v``). The aspect ratio of the pictures is not in such files, so it is an argument. Prints
the share of frames with each verdict, the spread of each measure, and in how many frames the hold would be timed.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from posturecam.counting.positions import GIVEN, conditions_evidence, limits_of
from posturecam.judging.analyzer import Analyzer
from posturecam.model import LANDMARK_COUNT, LANDMARK_NAMES, FrameResult, Pose
from posturecam.spec.catalogue import load_exercise
from posturecam.spec.schema import Conditions, Exercise

HEIGHT_PX = 720
TORSO_M = 0.5
PERCENTILES = (2.5, 10, 50, 90, 97.5)


def main(argv: Sequence[str] | None = None) -> int:
    """Judge every row and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plank_frames", description=main.__doc__)
    parser.add_argument("frames", type=Path, metavar="CSV")
    parser.add_argument("--variant", default="forearm")
    parser.add_argument("--aspect", type=float, default=16 / 9)
    args = parser.parse_args(argv)
    if not args.frames.is_file():
        print(f"{args.frames} is not there; name a CSV file of labelled landmark frames.", file=sys.stderr)
        return 1
    exercise = load_exercise("plank", args.variant)
    results = [Analyzer(exercise, still=True).update(0.0, pose) for pose in read_poses(args.frames, args.aspect)]
    print(f"{len(results)} frames as {exercise.id} ({exercise.variant}), pictures {args.aspect:.2f} wide to 1 high.\n")
    print("\n".join([*_verdicts(results), "", *_measures(exercise, results), "", *_held(exercise, results)]))
    return 0


def read_poses(path: Path, aspect: float) -> Iterator[Pose]:
    """Every row's pose; landmarks that the file does not hold are invisible, depth is scaled to a torso of 50 cm."""
    width = round(HEIGHT_PX * aspect)
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            table = np.full((LANDMARK_COUNT, 4), np.nan)
            for index, name in enumerate(LANDMARK_NAMES):
                if f"{name}_x" in row:
                    table[index] = [float(row[f"{name}_{part}"]) for part in "xyzv"]
            # z has the scale of x (MediaPipe's documentation)
            pixels = table[:, :3] * (width, HEIGHT_PX, width)
            shoulders, hips = (
                pixels[[LANDMARK_NAMES.index(f"{s}_{part}") for s in ("left", "right")]].mean(axis=0)
                for part in ("shoulder", "hip")
            )
            scale = TORSO_M / float(np.linalg.norm((shoulders - hips)[:2]))
            yield Pose(pixels[:, :2], (pixels - hips) * scale, np.nan_to_num(table[:, 3]), width, HEIGHT_PX)


def _verdicts(results: Sequence[FrameResult]) -> list[str]:
    counts: dict[str, Counter[str]] = {}
    for result in results:
        for verdict in result.verdicts:
            close = verdict.state == "unknown" and verdict.value is not None
            counts.setdefault(verdict.check, Counter())["too close" if close else verdict.state] += 1
    states = ("ok", "too close", "fault", "unknown")
    head = f"{'check':30}" + "".join(f"{state:>12}" for state in states)
    return [head] + [
        f"{check:30}" + "".join(f"{count[state] / len(results):>12.1%}" for state in states)
        for check, count in counts.items()
    ]


def _measures(exercise: Exercise, results: Sequence[FrameResult]) -> list[str]:
    lines = [f"{'measure, percentile':30}" + "".join(f"{p:>9}" for p in PERCENTILES) + f"{'seen':>9}"]
    for name in exercise.measures:
        values = np.array([result.measures[name].value for result in results if name in result.measures])
        seen = values[~np.isnan(values)]
        if len(seen):
            cells = "".join(f"{value:>9.2f}" for value in np.percentile(seen, PERCENTILES))
            lines.append(f"{name:30}{cells}{len(seen) / len(results):>9.0%}")
    return lines


def _held(exercise: Exercise, results: Sequence[FrameResult]) -> list[str]:
    assert exercise.hold is not None
    seen = [result.measures for result in results if result.measures]
    columns = {name: np.array([row[name].value for row in seen]) for name in exercise.measures}

    def share(conditions: Conditions) -> float:
        return float((conditions_evidence(limits_of(conditions), columns, len(seen)) == GIVEN).mean())

    lines = []
    for name, wanted in exercise.hold.position.items():
        lines.append(f"{name} {wanted}: {share({name: wanted}):.1%} of the frames")
    return [f"The hold begins in {share(exercise.hold.position):.1%} of the frames:", *("  " + line for line in lines)]


if __name__ == "__main__":
    sys.exit(main())
