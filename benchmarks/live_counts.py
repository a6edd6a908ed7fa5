"""How far the count shown during a session lies from the reps that are counted in the end.

``python -m benchmarks.live_counts FOLDER --looks DIR``: every clip that FOLDER's truth.json names is fed to the live judge frame
by frame, as ``live`` does with a camera's pictures; the landmarks come from DIR, where they are kept from one run to the next.
For each: the reps counted at the end, how many were counted live, and for how long the count shown was off by more than one
(aim: a second at most).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posturecam.app.evaluate import see_clip
from posturecam.app.host import Host
from posturecam.errors import PosturecamError
from posturecam.judging.analyzer import Analyzer
from posturecam.poses import PoseSequence
from posturecam.report.evaluation import read_truth
from posturecam.spec.catalogue import choose_variant, load_spec
from posturecam.spec.schema import Exercise

MOST_S = 1.0


@dataclass(frozen=True)
class Shown:
    """The ``counted`` reps of the whole, the number ``told`` live, and the longest time in seconds that it was ``astray``."""

    counted: int
    told: int
    astray_s: float


def shown(exercise: Exercise, poses: PoseSequence) -> Shown:
    """What a person before a camera would have seen counted."""
    analyzer = Analyzer(exercise)
    told = np.array([result.progress.reps for result in analyzer.feed(poses)], int)
    ends_s = np.array([rep.end_s for rep in analyzer.finish().reps])
    due = (ends_s[None, :] <= poses.t_s[:, None]).sum(axis=1)
    last = int(told[-1]) if len(told) else 0
    return Shown(len(ends_s), last, longest(poses.t_s, np.abs(told - due) > 1))


def longest(t_s: NDArray[np.float64], astray: NDArray[np.bool_]) -> float:
    """Seconds of the longest run of rows that are ``astray``, (n,)."""
    most = begun_s = 0.0
    inside = False
    for now_s, off in zip(t_s.tolist(), astray.tolist(), strict=True):
        if off and not inside:
            begun_s = now_s
        if inside or off:
            most = max(most, now_s - begun_s)
        inside = off
    return most


def main(argv: Sequence[str] | None = None) -> int:
    """Print a line a clip, and how many were astray for too long."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--looks", type=Path, required=True)
    options = parser.parse_args(argv)
    long = clips = 0
    for truth in read_truth(options.folder):
        if truth.exercise is None:
            continue
        try:
            spec = load_spec(truth.exercise)
            exercise = choose_variant(spec, truth.variant)
            if exercise.reps is None:
                continue
            clip = options.folder / truth.clip
            seen = see_clip(spec, truth.variant, clip, None, Host(), options.looks)
        except PosturecamError as error:
            print(f"{truth.clip}: {error}")
            continue
        got = shown(exercise, seen.looked.poses)
        clips += 1
        long += got.astray_s > MOST_S
        print(f"{truth.clip}\tcounted {got.counted}\ttold live {got.told}\tastray {got.astray_s:.1f} s", flush=True)
    print(f"{long} of {clips} clips showed a count that was off by more than one for more than {MOST_S:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
