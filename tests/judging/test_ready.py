"""A live session's first frames wait for no library to be read in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

WATCHED = """
import sys
from posturecam.judging import analyzer
from posturecam.spec.catalogue import load_exercise
from tests.stored import push_ups

rows = push_ups((90.0,))
judging = analyzer.Analyzer(load_exercise("push_up"))
analyzer.get_ready()
before = set(sys.modules)
seen = [judging.update(t_s, pose) for t_s, pose in rows]
assert seen[-1].progress.reps == 1, seen[-1].progress
print(sorted(name for name in set(sys.modules) - before if name.startswith("scipy")))
"""


def test_what_the_first_decision_needs_is_there_before_the_first_frame() -> None:
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", WATCHED], cwd=root, capture_output=True, text=True, check=False, timeout=300
    )
    assert (run.returncode, run.stdout.strip()) == (0, "[]"), run.stderr
