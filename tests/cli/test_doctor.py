"""``posturecam doctor``: a list that is always printed to its end."""

from __future__ import annotations

import pytest

from posturecam.cli.main import main


def test_it_looks_at_everything_and_ends_well(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    for subject in (
        "Python",
        "mediapipe",
        "opencv loads",
        "Pose model",
        "Cameras",
        "Display",
        "Video",
        "Voice",
        "Fonts",
    ):
        assert subject in out
