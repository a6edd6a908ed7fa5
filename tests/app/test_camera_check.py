"""Whether live coaching keeps up: late frames are dropped and said, never queued."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from posturecam.app.camera_check import LITE, Watched, findings, watch
from posturecam.cli.main import main
from posturecam.model import Frame
from posturecam.sources.camera import CameraSource
from tests.conftest import MakeClip


def states(seen: Watched) -> dict[str, str]:
    return {finding.subject: finding.state for finding in findings(seen)}


def test_what_keeps_up_is_well() -> None:
    assert set(states(Watched(30.0, 29.8, (20.0,) * 100)).values()) == {"ok"}


def test_what_does_not_is_told_what_would_help() -> None:
    late = Watched(30.0, 12.0, (130.0,) * 60)
    assert states(late) == {"Camera": "ok", "Frames": "note", "Delay": "note"}
    assert [finding.advice for finding in findings(late)] == [None, LITE, LITE]
    assert "60% dropped" in findings(late)[1].detail
    dark = Watched(8.0, 8.0, (20.0,) * 40)
    assert states(dark) == {"Camera": "note", "Frames": "ok", "Delay": "ok"}
    assert states(Watched(0.0, 0.0, ())) == {"Camera": "missing"}


def test_a_slow_look_drops_frames_and_delays_none(make_clip: MakeClip) -> None:
    """Each look takes as long as six frames last: a queue would grow by five frames with every look."""

    def slowly(_frame: Frame) -> None:
        time.sleep(0.2)

    with CameraSource(make_clip(frames=150, fps=30)) as source:
        seen = watch(source, slowly, seconds=2.5)
    assert seen.dropped > 0.7
    assert max(seen.delays_ms[-3:]) < 2 * 200 + 100


@pytest.mark.model
def test_the_command_says_it(make_clip: MakeClip, model_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--camera", str(make_clip(frames=80, fps=20))]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    assert "frames per second" in out
    assert "ms from picture to pose" in out
    assert main(["doctor", "--camera", "nowhere.mp4"]) == 1
