"""``analyse`` gets to its first frame without what only judging, reports and pictures need, its helpers ready beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from posturecam.app import orders, workers
from posturecam.cli.main import main
from posturecam.errors import CallError
from tests.conftest import MakeClip

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


@pytest.mark.parametrize(
    ("recordings", "jobs", "scheduler", "helpers"),
    [
        (["long"], 2, None, [(2, "posturecam.app.looking")]),
        (["long"], 1, None, []),
        (["short"], 2, None, []),
        (["short"] * 3, 2, None, [(2, "posturecam.app.pool")]),
        (["short"] * 2, 8, None, [(2, "posturecam.app.pool")]),
        (["short"] * 3, 2, "tcp://127.0.0.1:1", []),
    ],
)
def test_processes_get_ready_only_where_they_will_be_needed(
    recordings: list[str],
    jobs: int,
    scheduler: str | None,
    helpers: list[tuple[int, str]],
    sample_clip: Path,
    make_clip: MakeClip,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    started: list[tuple[int, str]] = []

    def start(number: int, room: str) -> AbstractContextManager[None]:
        started.append((number, room))
        return nullcontext()

    def refused(*_: object, **__: object) -> None:
        raise CallError("far enough")

    monkeypatch.setattr(workers, "started_ahead", start)
    monkeypatch.setattr(orders, "order", refused)
    monkeypatch.chdir(tmp_path)
    clips = {"long": sample_clip, "short": make_clip(frames=250, fps=25)}
    words = ["--exercise", "push_up", "--jobs", str(jobs), *(["--scheduler", scheduler] if scheduler else [])]
    assert main(["analyse", *(str(clips[one]) for one in recordings), *words]) == 2
    assert started == helpers
