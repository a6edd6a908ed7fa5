"""What an earlier program answers beside this one: reps, held seconds and faults of clips, each program run as it is.

    git worktree add --detach EARLIER 602a082
    python -m benchmarks.rebuilt EARLIER FOLDER... [--clips '*_good.mp4'] [--kept FOLDER]

Each FOLDER holds clips and their truth.json (``python -m sample_videos.render``). ``--kept`` keeps the reports, so that another
run only makes those that lack; they are of the programs as they were then. Prints rows of docs/rebuilt.md: what differs, sums.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posturecam.report.evaluation import Truth, read_truth

ROOT = Path(__file__).resolve().parent.parent
SAME_S = 0.3
"""Held seconds that are the same: four frames of a clip."""
RIGHT_S = 1.0
"""Held seconds that are right: a frame or two at each of four ends, and the eased way in and out."""
NOTHING_JUDGED = 3
"""Exit code of a report in which nothing could be judged."""


@dataclass(frozen=True)
class Answer:
    """What a program says of one clip: ``faults`` are those of its reps and holds, with in how many."""

    reps: int
    held_s: float
    faults: tuple[tuple[str, int], ...]
    attempts: tuple[str, ...]

    @property
    def words(self) -> str:
        """In the table."""
        said = [f"{self.reps} reps"] if self.reps else []
        said += [f"{self.held_s:.1f} s"] if self.held_s else []
        said += [f"{name} in {count}" for name, count in self.faults]
        said += [f"not counted: {reason}" for reason in self.attempts]
        return "; ".join(said) or "nothing"

    def is_like(self, other: Answer) -> bool:
        """Whether count, time, faults and what was not counted are the same."""
        alike = (self.reps, self.faults, self.attempts) == (other.reps, other.faults, other.attempts)
        return alike and abs(self.held_s - other.held_s) < SAME_S


def main(argv: Sequence[str] | None = None) -> int:
    """Run both programs, and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("earlier", type=Path, help="a working tree of the earlier program")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--clips", default="*_good.mp4", help="which clips (default: *_good.mp4)")
    parser.add_argument("--kept", type=Path, help="folder that keeps the reports")
    given = parser.parse_args(argv)
    kept = given.kept or Path(tempfile.mkdtemp())
    print("| clip | truth | before | now |\n| --- | --- | --- | --- |")
    for folder in given.folders:
        clips = [truth for truth in read_truth(folder) if truth.exercise and Path(truth.clip).match(given.clips)]
        sums: Counter[str] = Counter()
        for truth in clips:
            before, now = (
                answered(tree, folder / truth.clip, truth, kept / name / folder.name)
                for name, tree in (("before", given.earlier), ("now", ROOT))
            )
            for when, answer in (("before", before), ("now", now)):
                sums[f"right {when}"] += answer.reps == (truth.reps or 0) and abs(answer.held_s - held(truth)) < RIGHT_S
                sums[f"invented {when}"] += sum(
                    count for name, count in answer.faults if name not in (truth.faults or ())
                )
            if not before.is_like(now):
                row = (f"{folder.name}/{Path(truth.clip).stem}", true_words(truth), before.words, now.words)
                print(f"| {' | '.join(row)} |", flush=True)
        print(f"| {folder.name}: {len(clips)} clips | | {summed(sums, 'before')} | {summed(sums, 'now')} |", flush=True)
    return 0


def summed(sums: Counter[str], when: str) -> str:
    """A program's sums over a folder."""
    return f"{sums[f'right {when}']} counted and timed right, {sums[f'invented {when}']} faults invented"


def held(truth: Truth) -> float:
    """Seconds that are held."""
    return sum(end_s - start_s for start_s, end_s in truth.hold_intervals_s or ())


def true_words(truth: Truth) -> str:
    """What happens in the clip, in the table."""
    return f"{truth.reps} reps" if truth.reps else f"{held(truth):.1f} s"


def answered(tree: Path, clip: Path, truth: Truth, kept: Path) -> Answer:
    """What the program in ``tree`` says of the clip, from the report ``kept`` there, which is made where it lacks."""
    path = kept / f"{clip.stem}.json"
    if not path.exists():
        kept.mkdir(parents=True, exist_ok=True)
        path.write_text(analysed(tree, clip, truth), encoding="utf-8")
    return answer_of(json.loads(path.read_text(encoding="utf-8")))


def analysed(tree: Path, clip: Path, truth: Truth) -> str:
    """The report of the program in ``tree``, as JSON; raises CalledProcessError where it has none."""
    options = ["--exercise", str(truth.exercise), *(("--variant", truth.variant) if truth.variant else ())]
    done = subprocess.run(
        [sys.executable, "-m", "posturecam", "analyse", str(clip.resolve()), *options, "--json", "--no-save"],
        env=os.environ | {"PYTHONPATH": str(tree.resolve())},
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, NOTHING_JUDGED):
        raise subprocess.CalledProcessError(done.returncode, done.args, done.stdout, done.stderr)
    return done.stdout


def answer_of(report: dict[str, Any]) -> Answer:
    """The figures of a report.json of either version."""
    reps, holds = report["reps"], report["holds"]
    faults = Counter(fault["id"] for span in (*reps["items"], *holds["items"]) for fault in span["faults"])
    attempts = tuple(attempt["reason"] for attempt in reps["attempts"])
    return Answer(reps["count"], holds["total_s"], tuple(sorted(faults.items())), attempts)


if __name__ == "__main__":
    sys.exit(main())
