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
before = set(sys.modules)
seen = [judging.update(t_s, pose) for t_s, pose in rows]
assert seen[-1].progress.reps == 1, seen[-1].progress
# the first median reads in numpy.ma, which takes a hundredth of a second
print(sorted(name for name in set(sys.modules) - before if not name.startswith("numpy.ma")))
"""


def test_nothing_is_read_in_while_a_person_is_judged() -> None:
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", WATCHED], cwd=root, capture_output=True, text=True, check=False, timeout=300
    )
    assert (run.returncode, run.stdout.strip()) == (0, "[]"), run.stderr
