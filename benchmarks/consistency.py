"""Whether the reports of clips contradict themselves: score, verdict, sentence, table and timeline, as the tests do.

    python -m benchmarks.consistency [--clips FOLDER] [--looks FOLDER]

``--looks`` keeps what was seen, so that another run needs no pictures. Exits with 1 where a report contradicts itself.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from posturecam.app.evaluate import judge_clip
from posturecam.app.host import Host
from posturecam.errors import PosturecamError
from posturecam.report.evaluation import read_truth
from posturecam.spec.catalogue import load_spec
from tests.report.contradictions import contradictions

NEGATIVE = "push_up"
"""The exercise that clips of something else are judged as."""


def main() -> int:
    """Judge every clip of the folder and print what contradicts; returns how many reports do."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=Path, default=Path(__file__).parent.parent / "sample_videos")
    parser.add_argument("--looks", type=Path)
    given = parser.parse_args()
    judged, wrong = 0, 0
    for truth in read_truth(given.clips):
        spec = load_spec(truth.exercise or NEGATIVE)
        variant = truth.variant if truth.exercise else None
        try:
            report = judge_clip(spec, variant, given.clips / truth.clip, None, Host(), given.looks)
        except PosturecamError as error:
            print(f"{truth.clip}: {error}", flush=True)
            continue
        judged += 1
        found = contradictions(report)
        wrong += bool(found)
        for told in found:
            print(f"{truth.clip}: {told}", flush=True)
    print(f"{judged} clips judged, {wrong} of their reports contradict themselves")
    return min(wrong, 1)


if __name__ == "__main__":
    raise SystemExit(main())
