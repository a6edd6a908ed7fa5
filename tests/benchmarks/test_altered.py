"""Altered recordings: what is done to the pictures, and which differences are told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.altered import ALTERATIONS, Alteration, differences, write
from posturecam.report.evaluation import Truth
from posturecam.sources.file import FileSource
from tests.builders_report import make_hold, make_rep, make_report, make_session
from tests.conftest import SAMPLE_VIDEOS

CLIP = SAMPLE_VIDEOS / "push_up_floor_good.mp4"


@pytest.mark.parametrize(("name", "size"), [("mirrored", (320, 240)), ("turned", (576, 432)), ("dark", (640, 480))])
def test_an_altered_picture_is_another_of_its_own_size(name: str, size: tuple[int, int]) -> None:
    image = np.full((480, 640, 3), 200, np.uint8)
    image[:, :40] = 0
    altered = ALTERATIONS[name].of_image(image)
    assert (altered.shape[1], altered.shape[0]) == size
    assert bool(altered[:, -1].mean() < altered[:, 0].mean()) is (name == "mirrored")


def test_a_clip_played_faster_has_the_same_frames_in_less_time(tmp_path: Path) -> None:
    target = write(CLIP, tmp_path / "faster.mp4", Alteration(faster=2.0))
    with FileSource(CLIP) as before, FileSource(target) as after:
        times, faster = ([frame.t_s for frame in source] for source in (before, after))
    assert len(times) == len(faster)
    assert faster[-1] == pytest.approx(times[-1] / 2, abs=0.01)


def test_lost_reps_and_major_faults_of_a_correct_clip_are_told() -> None:
    truth = Truth(clip="x.mp4", exercise="push_up", label="correct")
    before = make_report(make_session([make_rep(1), make_rep(2)]))
    assert not list(differences(truth, before, before, 1.0))
    told = list(differences(truth, before, make_report(), 1.0))
    assert told == ["2 reps became 5", "major faults: hips_sagging"]
    assert not list(differences(truth.model_copy(update={"label": "wrong"}), make_report(), make_report(), 1.0))


@pytest.mark.parametrize(("held_s", "told"), [(10.9, False), (11.1, True)])
def test_held_time_differs_by_more_than_a_second_and_a_tenth(held_s: float, told: bool) -> None:
    truth = Truth(clip="x.mp4", exercise="plank")
    before, after = (make_report(make_session(holds=[make_hold(0.0, end_s)])) for end_s in (20.0, held_s))
    assert bool(list(differences(truth, before, after, 2.0))) is told


def test_colours_stay_what_they_are(tmp_path: Path) -> None:
    target = write(CLIP, tmp_path / "same.mp4", Alteration())
    with FileSource(CLIP) as before, FileSource(target) as after:
        first, again = (next(iter(source)).image.astype(float) for source in (before, after))
    assert np.ptp(first.mean(axis=(0, 1))) > 5, "a picture without colours would not tell"
    assert np.abs(first - again).mean(axis=(0, 1)).max() < 4
