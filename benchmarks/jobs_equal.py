"""Whether several processes find what one finds: ``python -m benchmarks.jobs_equal CLIPS... [--jobs 2]``.

Each clip is looked at by one process and by several, and judged both ways. Compared are the reps, the held time and the faults,
and the landmarks: how far the two looks are apart in the first second after each seam, and in the whole recording. Which
exercise a clip shows stands in the folder's ``truth.json``, or is given. Exit code 1 when a report differs.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posturecam.app.looking import Looked, look
from posturecam.judging.judge import judge
from posturecam.model import SessionResult
from posturecam.pose.models import obtain_model
from posturecam.spec.catalogue import load_exercise

HEADER = (
    "clip",
    "frames",
    "seams",
    "done again",
    "px at the seams",
    "px in all",
    "px worst",
    "one process",
    "several",
    "same",
)
SEAM_S = 1.0


def exercises(clips: list[Path], named: str | None, variant: str | None) -> dict[Path, tuple[str, str | None]]:
    """The exercise and variant of each clip, as given or as the labels beside the clips say."""
    if named is not None:
        return dict.fromkeys(clips, (named, variant))
    known: dict[Path, tuple[str, str | None]] = {}
    for clip in clips:
        for labels in (clip.parent / "truth.json", clip.parent.parent / "truth.json"):
            if not labels.is_file():
                continue
            for entry in json.loads(labels.read_text()):
                if Path(entry["clip"]).name == clip.name and entry.get("exercise"):
                    known.setdefault(clip, (entry["exercise"], entry.get("variant")))
    return known


def apart(one: Looked, other: Looked) -> NDArray[np.float64]:
    """Median distance of the landmarks in pixels, frame by frame; infinite where only one look saw somebody."""
    steps = np.linalg.norm(one.poses.points.astype(np.float64) - other.poses.points, axis=2)
    pixels = np.where(one.poses.seen == other.poses.seen, 0.0, np.inf)
    both = one.poses.seen & other.poses.seen
    pixels[both] = np.median(steps[both], axis=1)
    return pixels


def told(result: SessionResult) -> tuple[str, tuple[object, ...]]:
    """What a report says in short, and what has to be the same."""
    faults = sorted(
        {fault.check for rep in result.reps for fault in rep.faults}
        | {fault.check for hold in result.holds for fault in hold.faults}
    )
    held = sum(hold.duration_s for hold in result.holds)
    text = f"{len(result.reps)} reps, {held:.1f} s held, {len(faults)} faults"
    per_rep = tuple(tuple(sorted(fault.check for fault in rep.faults)) for rep in result.reps)
    return text, (len(result.reps), len(result.holds), round(held, 1), tuple(faults), per_rep)


def compare(
    clip: Path, exercise: str, variant: str | None, model: Path, jobs: int
) -> tuple[tuple[str, ...], bool, NDArray[np.float64]]:
    """One row of the table, whether the reports agree, and the distances at the seams."""
    spec = load_exercise(exercise, variant)
    looks = [look(clip, model, silhouette=spec.needs_silhouette, jobs=number) for number in (1, jobs)]
    one, several = looks
    if not np.array_equal(one.poses.t_s, several.poses.t_s):
        return (clip.name, str(len(one.poses)), "-", "-", "-", "-", "-", "times differ", "", "NO"), False, np.empty(0)
    pixels = apart(one, several)
    t_s = one.poses.t_s
    near = [pixels[(t_s >= t_s[row]) & (t_s < t_s[row] + SEAM_S)] for row in several.seams]
    at_seams = np.concatenate(near) if near else np.empty(0)
    texts, facts = zip(
        *(told(judge(spec, each.poses, still=False).result(interrupted=False)) for each in looks), strict=True
    )
    same = facts[0] == facts[1] and one.info == several.info
    seam_text = f"{np.median(at_seams):.2f}" if len(at_seams) else "-"
    row = (
        clip.name,
        str(len(one.poses)),
        str(len(several.seams)),
        str(len(several.mended_seams)),
        seam_text,
        f"{np.median(pixels):.2f}",
        f"{pixels.max():.1f}",
        texts[0],
        texts[1],
        "yes" if same else "NO",
    )
    return row, same, at_seams


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--exercise")
    parser.add_argument("--variant")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    model = obtain_model(None, print, lambda _done, _total: None).path
    known = exercises(arguments.clips, arguments.exercise, arguments.variant)
    print("\t".join(HEADER))
    compared = agreed = 0
    everywhere: list[NDArray[np.float64]] = []
    for clip in arguments.clips:
        if clip not in known:
            print(f"{clip.name}\tskipped: no label names its exercise", flush=True)
            continue
        row, same, at_seams = compare(clip, *known[clip], model, arguments.jobs)
        print("\t".join(row), flush=True)
        if row[2] != "0":
            compared, agreed = compared + 1, agreed + same
            everywhere.append(at_seams)
    pixels = np.concatenate(everywhere) if everywhere else np.empty(0)
    middle = f"{np.median(pixels):.2f} px median at the seams" if len(pixels) else "no seams"
    print(f"{agreed} of {compared} recordings that were cut have the same report; {middle}.")
    return 0 if agreed == compared else 1


if __name__ == "__main__":
    sys.exit(main())
