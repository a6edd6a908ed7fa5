"""Counting must not depend on the frame rate, nor on which way round the picture is.

``python -m benchmarks.invariance [--clips DIR]``: every labelled clip's landmarks are judged as they are, at 15, 30 and 60
frames per second (interpolated or thinned out), and mirrored with left and right swapped; prints what changes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from posturecam.app.evaluate import default_clips, see_clip
from posturecam.app.host import Host
from posturecam.errors import PosturecamError
from posturecam.judging.judge import judge
from posturecam.model import LANDMARK_NAMES, FloatArray, SessionResult
from posturecam.poses import PoseSequence
from posturecam.report.evaluation import Truth, read_truth
from posturecam.spec.catalogue import load_exercise, load_spec

RATES = (15.0, 30.0, 60.0)
_SWAPPED = [
    LANDMARK_NAMES.index(
        name.replace("left", "\0").replace("right", "left").replace("\0", "right")
        if "left" in name or "right" in name
        else name
    )
    for name in LANDMARK_NAMES
]


def mirrored(marks: PoseSequence) -> PoseSequence:
    """The same session seen in a mirror: x turned round, left and right landmarks swapped."""
    points, world = marks.points[:, _SWAPPED].copy(), marks.world[:, _SWAPPED].copy()
    points[..., 0] = marks.size[:, None, 0] - points[..., 0]
    world[..., 0] *= -1
    # who walks from shoulder to hip in a mirror has the other side on the left
    changed = {
        "points": points,
        "world": world,
        "visibility": marks.visibility[:, _SWAPPED],
        "contour": marks.contour[:, ::-1],
    }
    return PoseSequence(marks.arrays | changed)


def resampled(marks: PoseSequence, rate: float) -> PoseSequence:
    """The same session at ``rate`` frames per second, linear between its frames."""
    t_s = np.arange(marks.t_s[0], marks.t_s[-1], 1.0 / rate)
    after = np.clip(np.searchsorted(marks.t_s, t_s), 1, len(marks.t_s) - 1)
    before = after - 1
    share = (t_s - marks.t_s[before]) / (marks.t_s[after] - marks.t_s[before])
    nearest = np.where(share < 0.5, before, after)
    columns = {name: values[nearest] for name, values in marks.arrays.items()}
    for name in ("points", "world", "visibility", "contour"):
        values = marks.arrays[name]
        columns[name] = _between(values[before], values[after], share).astype(values.dtype)
    columns["t_s"] = t_s
    columns["seen"] = marks.seen[before] & marks.seen[after]
    return PoseSequence(columns)


def _between(low: FloatArray, high: FloatArray, share: FloatArray) -> FloatArray:
    weight = share.reshape(-1, *[1] * (low.ndim - 1))
    mixed: FloatArray = low * (1 - weight) + high * weight
    return mixed


def variants(marks: PoseSequence) -> Iterator[tuple[str, PoseSequence]]:
    """Every way in which the same session is judged again."""
    for rate in RATES:
        yield f"{rate:.0f} frames/s", resampled(marks, rate)
    yield "mirrored", mirrored(marks)


def main() -> None:
    """Print the changes and their number."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--clips", type=Path, default=None)
    arguments = parser.parse_args()
    folder = arguments.clips or default_clips()
    compared = changed = 0
    for truth in read_truth(folder):
        if truth.exercise is None:
            continue
        try:
            for name, same in compare(truth, folder):
                compared += 1
                changed += not same
                if not same:
                    print(f"{truth.clip}: {name}")
        except PosturecamError as error:
            print(f"{truth.clip}: {error}")
    print(f"{compared} comparisons, {changed} changed.")


def compare(truth: Truth, folder: Path) -> Iterator[tuple[str, bool]]:
    """Judge one clip in every way; yields what was tried, and whether counts stayed the same."""
    assert truth.exercise is not None
    exercise = load_exercise(truth.exercise, truth.variant)
    marks = see_clip(
        load_spec(truth.exercise), truth.variant, folder / truth.clip, None, Host(), folder / "looks"
    ).looked.poses
    plain = counts(judge(exercise, marks).result())
    for name, other in variants(marks):
        found = counts(judge(exercise, other).result())
        if name == "mirrored":
            found = {
                (kind, {"left": "right", "right": "left"}.get(str(side), side)): n for (kind, side), n in found.items()
            }
        yield f"{name}: {plain} became {found}", found == plain


def counts(result: SessionResult) -> dict[tuple[str, str | None], int]:
    """Number of reps and holds by side."""
    found: dict[tuple[str, str | None], int] = {}
    for kind, items in (("rep", result.reps), ("hold", result.holds)):
        for item in items:
            found[(kind, item.side)] = found.get((kind, item.side), 0) + 1
    return found


if __name__ == "__main__":
    main()
