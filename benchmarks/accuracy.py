"""How true the joints and angles are: the rendered clips' exact truth against what the program measures in them.

``python -m benchmarks.accuracy [--clips DIR] [--looks DIR] [--docs docs/accuracy.md]`` runs the clips that can be judged through
the real model (landmarks are kept in the looks' folder) and prints the tables; with ``--docs`` they replace the marked block of
that file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.truth_error import ANGLES, JOINTS, ClipErrors, Pairs, compare_clip
from posturecam.app.evaluate import default_clips, see_clip
from posturecam.app.host import Host
from posturecam.errors import PosturecamError
from posturecam.report.evaluation import Truth, read_truth
from posturecam.spec.catalogue import choose_variant, load_spec

BEGIN, END = "<!-- accuracy:begin -->", "<!-- accuracy:end -->"
MEASURES = (*ANGLES, "trunk tilt", "head pitch", "head roll", "spine flexion")
CLEAR_DEGREES = 15.0


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and write the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=main.__doc__)
    parser.add_argument("--clips", type=Path, help="folder of rendered clips (default: sample_videos)")
    parser.add_argument("--looks", type=Path, help="folder that keeps the landmarks (default: looks/ beside the clips)")
    parser.add_argument("--docs", type=Path, help="Markdown file whose marked block is replaced")
    args = parser.parse_args(argv)
    folder = args.clips or default_clips()
    clips = [
        found
        for truth in read_truth(folder)
        if (found := _measure(truth, folder, args.looks or folder / "looks")) is not None
    ]
    if not clips:
        print(f"No rendered clip with its truth/*.npz in {folder}.", file=sys.stderr)
        return 1
    text = "\n".join(_tables(clips))
    print(text)
    if args.docs:
        _replace(args.docs, text)
    return 0


def _measure(truth: Truth, folder: Path, looks: Path) -> ClipErrors | None:
    known = folder / "truth" / f"{Path(truth.clip).stem}.npz"
    # faults None: nothing in the clip can be judged (wrong view, another exercise)
    if truth.exercise is None or truth.faults is None or not known.exists():
        return None
    try:
        spec = load_spec(truth.exercise)
        seen = see_clip(spec, truth.variant, folder / truth.clip, None, Host(), looks)
        exercise = choose_variant(spec, truth.variant)
        return compare_clip(truth.clip, exercise, truth.view or "side", seen.looked.poses, known)
    except PosturecamError as error:
        print(f"{truth.clip} is left out: {error}", file=sys.stderr)
        return None


def _tables(clips: Sequence[ClipErrors]) -> list[str]:
    frames = f"{len(clips)} rendered clips, MediaPipe full, recommended views."
    return [
        frames,
        "",
        "### Joints by exercise",
        "",
        "Share of frames with a person (mean, and the worst clip), and mean distance of visible joints from the true joint",
        "centres in the picture, in % of the torso length.",
        "",
        *_by_exercise(clips),
        "",
        "### Systematic offsets",
        "",
        "Mean of MediaPipe's point minus the joint centre, % of the torso length, with its spread from clip to clip.",
        "",
        *_offsets(clips),
        "",
        "### Angles by measure and view",
        "",
        "Measured minus true, degrees. Head and spine are shifted to agree over the still second before they first move.",
        "",
        *_angles(clips),
        "",
        "### Spine flexion from the silhouette",
        "",
        *_spine(clips),
    ]


def _by_exercise(clips: Sequence[ClipErrors]) -> list[str]:
    limbs = [joint for joint in JOINTS if joint != "ear"]
    rows = []
    for name in [*dict.fromkeys(clip.exercise for clip in clips), "all"]:
        some = [clip for clip in clips if name in (clip.exercise, "all")]
        by_joint = {joint: _values(some, lambda c, j=joint: c.distance.get(j, [])) for joint in limbs}
        everything = np.concatenate(list(by_joint.values()))
        found = [clip.found for clip in some]
        rows.append(
            [
                *(name, str(len(some)), f"{np.mean(found):.1%}", f"{min(found):.1%}", _mean(everything)),
                *(_mean(by_joint[joint]) for joint in limbs),
            ]
        )
    return _table(["exercise", "clips", "person", "worst", "all joints", *limbs], rows)


def _offsets(clips: Sequence[ClipErrors]) -> list[str]:
    rows = []
    for view, aside in (("side", "forwards"), ("front", "inwards")):
        for joint in JOINTS:
            means = [np.mean(c.offset[joint], axis=0) for c in clips if c.view == view and c.offset.get(joint)]
            if means:
                middle, spread = np.mean(means, axis=0), np.std(means, axis=0)
                values = [f"{m:+.1f} ± {s:.1f}" for m, s in zip(middle, spread, strict=True)]
                rows.append([view, joint, values[0], f"{values[1]} {aside}"])
    return _table(["view", "joint", "towards the head", "across"], rows)


def _angles(clips: Sequence[ClipErrors]) -> list[str]:
    rows = []
    for view in ("side", "front"):
        for measure in MEASURES:
            per_clip = [c.pairs[measure] for c in clips if c.view == view and c.pairs.get(measure)]
            if not per_clip:
                continue
            error = np.concatenate([np.subtract(*np.array(pairs).T) for pairs in per_clip])
            inside = [float(np.std(np.subtract(*np.array(pairs).T))) for pairs in per_clip]
            rows.append(
                [
                    *(measure, view, str(len(per_clip)), f"{np.abs(error).mean():.1f}", f"{error.mean():+.1f}"),
                    *(f"{np.percentile(np.abs(error), 90):.1f}", f"{np.mean(inside):.1f}"),
                ]
            )
    head = ["measure", "view", "clips", "mean absolute error", "bias", "90 % within", "spread within a clip"]
    return _table(head, rows)


def _spine(clips: Sequence[ClipErrors]) -> list[str]:
    some = [clip for clip in clips if clip.pairs.get("spine flexion")]
    rows = [[clip.clip.removesuffix(".mp4"), *_spine_row(clip.pairs["spine flexion"])] for clip in some]
    for exercise in dict.fromkeys(clip.exercise for clip in some):
        pairs = [pair for clip in some if clip.exercise == exercise for pair in clip.pairs["spine flexion"]]
        rows.append([f"all of {exercise}", *_spine_row(pairs)])
    head = ["clip", "true range", "mean absolute error", "bias", "correlation"]
    head += ["measured per true degree", f"sign right where over {CLEAR_DEGREES:.0f} degrees"]
    return _table(head, rows)


def _spine_row(pairs: Pairs) -> list[str]:
    measured, true = np.array(pairs).T
    clear = np.abs(true) > CLEAR_DEGREES
    right = np.sign(measured[clear]) == np.sign(true[clear])
    moving = float(np.std(true)) > 3.0
    return [
        f"{true.min():+.0f} to {true.max():+.0f}",
        f"{np.abs(measured - true).mean():.1f}",
        f"{(measured - true).mean():+.1f}",
        f"{np.corrcoef(measured, true)[0, 1]:.2f}" if moving else "-",
        f"{np.polyfit(true, measured, 1)[0]:.2f}" if moving else "-",
        f"{right.mean():.0%}" if clear.any() else "-",
    ]


def _values(clips: Iterable[ClipErrors], pick: Callable[[ClipErrors], list[float]]) -> np.ndarray:
    return np.array([value for clip in clips for value in pick(clip)])


def _mean(values: np.ndarray) -> str:
    return f"{values.mean():.1f}" if len(values) else "-"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def _replace(path: Path, text: str) -> None:
    before, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{path} has no block between {BEGIN} and {END}.")
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
