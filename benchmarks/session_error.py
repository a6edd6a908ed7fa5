"""The error of what a session is summed up in: mean range of motion, held time, score and tempo, against the truth.

``python -m benchmarks.session_error [--clips DIR]... --looks FOLDER`` judges every rendered clip twice: as the program
sees it, and with the landmarks put where the joints truly are. The standard deviation of the differences within an
exercise is the standard error of measurement of one session (``reps.range_error`` of the specs, ``report/change.py``):
what is the same in all of a person's sessions cancels in a comparison, and is told apart as bias.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from posturecam.app.evaluate import default_clips, see_clip
from posturecam.app.host import Host
from posturecam.errors import PosturecamError
from posturecam.judging.judge import judge
from posturecam.model import LANDMARK_INDEX, SourceInfo
from posturecam.poses import PoseSequence
from posturecam.report.build import build_report, make_provenance
from posturecam.report.evaluation import Truth, read_truth
from posturecam.report.types import RepItem, Report
from posturecam.spec.catalogue import choose_variant, load_spec
from posturecam.spec.schema import Exercise

_EPOCH = datetime.fromtimestamp(0, timezone.utc)


@dataclass(frozen=True)
class ClipError:
    """Measured minus true of one clip; None where either is missing or the reps are not the same ones.

    ``range_`` in the unit of the exercise's drive, ``held_s`` all holds, ``tempo_s`` the mean rep, ``score`` in points.
    """

    exercise: str
    clip: str
    range_: float | None
    held_s: float | None
    tempo_s: float | None
    score: float | None


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.session_error", description=main.__doc__)
    parser.add_argument("--clips", type=Path, action="append", help="folder of rendered clips (default: sample_videos)")
    parser.add_argument("--looks", type=Path, required=True, help="where the landmarks are kept")
    args = parser.parse_args(argv)
    errors = [
        found
        for folder in args.clips or [default_clips()]
        for truth in read_truth(folder)
        if (found := _measure(truth, folder, args.looks)) is not None
    ]
    if not errors:
        print("No rendered clip with its truth/*.npz.", file=sys.stderr)
        return 1
    print("\n".join(_table(errors)))
    return 0


def _measure(truth: Truth, folder: Path, looks: Path) -> ClipError | None:
    path = folder / "truth" / f"{Path(truth.clip).stem}.npz"
    if truth.exercise is None or truth.faults is None or not path.exists():
        return None
    try:
        spec = load_spec(truth.exercise)
        exercise = choose_variant(spec, truth.variant)
        seen = see_clip(spec, truth.variant, folder / truth.clip, None, Host(), looks)
    except PosturecamError as error:
        print(f"{truth.clip} is left out: {error}", file=sys.stderr)
        return None
    with np.load(path) as loaded:
        known = {name: loaded[name] for name in loaded.files}
    poses = seen.looked.poses[: len(known["t_s"])]
    measured = _report(exercise, poses, seen.info)
    return _compared(truth, exercise, measured, _report(exercise, _true(poses, known), seen.info), known)


def _report(exercise: Exercise, poses: PoseSequence, info: SourceInfo) -> Report:
    return build_report(exercise, judge(exercise, poses).result(), info, make_provenance(), created=_EPOCH)


def _true(poses: PoseSequence, known: dict[str, np.ndarray]) -> PoseSequence:
    """The poses with every joint whose place in the picture is known put there."""
    names = [str(name) for name in known["joint_names"]]
    points = poses.points.copy()
    points[:, [LANDMARK_INDEX[name] for name in names]] = known["joints2d"][: len(poses)]
    points[~poses.seen] = np.nan
    return PoseSequence({**poses.arrays, "points": points})


def _compared(
    truth: Truth, exercise: Exercise, measured: Report, true: Report, known: dict[str, np.ndarray]
) -> ClipError:
    range_ = tempo = None
    if measured.reps.items and len(measured.reps.items) == len(true.reps.items):
        range_ = _mean_range(measured) - (
            _spine_range(measured, known) if exercise.id == "cat_cow" else _mean_range(true)
        )
        tempo = _tempo(measured, true)
    held = None
    if measured.kind == "hold" and truth.hold_intervals_s:
        held = measured.holds.total_s - sum(end - start for start, end in truth.hold_intervals_s)
    score = None
    if measured.score is not None and true.score is not None:
        score = measured.score - true.score
    return ClipError(truth.exercise or "", truth.clip, range_, held, tempo, score)


def _mean_range(report: Report) -> float:
    return float(np.mean([abs(item.range.to - item.range.start) for item in report.reps.items]))


def _spine_range(report: Report, known: dict[str, np.ndarray]) -> float:
    """The true flexion's range in the reps that were counted: no landmark holds it."""

    def span(item: RepItem) -> float:
        inside = (known["t_s"] >= item.start_s) & (known["t_s"] <= item.end_s)
        curve = known["spine_flexion_deg"][inside].astype(float)
        return float(np.nanmax(curve) - np.nanmin(curve)) if len(curve) else np.nan

    return float(np.nanmean([span(item) for item in report.reps.items]))


def _tempo(measured: Report, true: Report) -> float | None:
    pairs = [(mine.seconds, theirs.seconds) for mine, theirs in zip(measured.reps.items, true.reps.items, strict=True)]
    errors = [mine - theirs for mine, theirs in pairs if mine is not None and theirs is not None]
    return float(np.mean(errors)) if errors else None


def _table(errors: Sequence[ClipError]) -> list[str]:
    lines = [
        "| exercise | clips | range: bias | range: SEM | held s: SEM | tempo s: SEM | score: SEM |",
        "|" + " --- |" * 7,
    ]
    for name in [*dict.fromkeys(error.exercise for error in errors), "all"]:
        some = [error for error in errors if name in (error.exercise, "all")]
        cells = [name, str(len(some))]
        ranges = [] if name == "all" else [error.range_ for error in some]
        cells += [_number(np.mean, ranges), _number(_sd, ranges)]
        for kind in ("held_s", "tempo_s", "score"):
            cells.append(_number(_sd, [getattr(error, kind) for error in some]))
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _sd(values: Sequence[float]) -> float:
    return float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")


def _number(of: object, values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{of(known):.3g}" if known and callable(of) else "-"


if __name__ == "__main__":
    sys.exit(main())
