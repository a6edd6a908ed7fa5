"""What the shell completes on a line that is being typed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from posturecam.spec.catalogue import exercise_ids, programme_ids

PUSH_UPS = ["floor", "knee", "incline", "wall"]


def completed(line: str) -> list[str]:
    words = line.split(" ")
    asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), "_POSTURECAM_COMPLETE": "complete_bash"}
    done = subprocess.run(
        [sys.executable, "-m", "posturecam"], env=os.environ | asked, capture_output=True, text=True, check=False
    )
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("posturecam live ", list(exercise_ids())),
        ("posturecam specs show pu", ["push_up"]),
        ("posturecam live push_up --variant ", PUSH_UPS),
        ("posturecam live push_up --no-voice --variant k", ["knee"]),
        ("posturecam analyse film.mp4 -e push_up --variant ", PUSH_UPS),
        ("posturecam analyse film.mp4 --variant ", []),
        ("posturecam specs show push_up --variant w", ["wall"]),
        ("posturecam rescore last --spec push_up --variant w", ["wall"]),
        ("posturecam history --exercise chi", ["child_pose", "chin_tuck"]),
        ("posturecam live --programme ", list(programme_ids())),
    ],
)
def test_ids_of_exercises_variants_and_programmes(line: str, expected: list[str]) -> None:
    assert completed(line) == expected
