"""``analyse`` gets to its first frame without what only judging, reports and pictures need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LATER = ("cv2", "fpdf", "jinja2", "matplotlib", "scipy", "posturecam.report.build", "posturecam.sinks.overlay")
"""Over half a second of imports."""
FIRST_FRAME = f"""
import os, sys
from posturecam.cli.main import main
from posturecam.pose.mediapipe import MediaPipeEstimator

def first(estimator, frame):
    print("read in:", *[name for name in {LATER!r} if name in sys.modules], flush=True)
    os._exit(0)

MediaPipeEstimator.estimate = first
main(sys.argv[1:])
"""


@pytest.mark.model
def test_the_first_frame_waits_for_no_library_that_it_does_not_need(
    sample_clip: Path, model_path: Path, tmp_path: Path
) -> None:
    words = ["analyse", str(sample_clip), "-e", "push_up", "--jobs", "1", "--no-overlay", "--no-save"]
    run = subprocess.run(
        [sys.executable, "-c", FIRST_FRAME, *words, "--model", str(model_path), "--out", str(tmp_path)],
        env={**os.environ, "POSTURECAM_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (run.returncode, run.stdout.strip()) == (0, "read in:"), run.stderr
