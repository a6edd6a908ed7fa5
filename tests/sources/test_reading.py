"""What a recording does not say of itself: slow motion and turned pictures; and whether its times can be trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from posturecam.errors import SourceError
from posturecam.model import SourceInfo
from posturecam.poses import PoseSequence, load
from posturecam.sources.file import FileSource, Reading
from tests.builders import standing
from tests.conftest import MakeClip
from tests.pictures import BLACK, BLUE, GREEN, RED, quadrants


def info_of(path: Path) -> SourceInfo:
    with FileSource(path) as source:
        for _ in source:
            pass
        return source.info


def test_slow_motion_is_undone_in_times_rate_and_duration(make_clip: MakeClip) -> None:
    with FileSource(make_clip(frames=20, fps=25), Reading(slow_motion=4.0)) as source:
        times = [frame.t_s for frame in source]
        info = source.info
    assert times == pytest.approx([index / 100 for index in range(20)])
    assert (info.fps, info.duration_s) == (pytest.approx(100), pytest.approx(0.2))
    assert info.warnings == []


@pytest.mark.parametrize(
    ("turns", "size", "seen"),
    [
        (0, (64, 48), [RED, GREEN, BLUE, BLACK]),
        (1, (48, 64), [GREEN, BLACK, RED, BLUE]),
        (2, (64, 48), [BLACK, BLUE, GREEN, RED]),
        (3, (48, 64), [BLUE, RED, BLACK, GREEN]),
    ],
)
def test_pictures_are_turned_to_the_left(
    make_clip: MakeClip, turns: int, size: tuple[int, int], seen: list[int]
) -> None:
    with FileSource(make_clip(), Reading(turns=turns)) as source:
        assert (source.info.width, source.info.height) == size
        assert quadrants(next(iter(source)).image) == seen


def test_times_of_an_ordinary_recording_are_known(make_clip: MakeClip) -> None:
    info = info_of(make_clip())
    assert (info.times, info.times_doubted) == ("known", None)


def test_a_raw_stream_holds_no_times_and_says_what_seconds_are_counted_by(make_clip: MakeClip) -> None:
    info = info_of(make_clip("clip.h264"))
    assert info.times == "missing"
    assert info.times_doubted == "the recording holds no times"
    (warning,) = info.warnings
    assert "25 frames per second" in warning


def test_a_clock_that_was_set_anew_leaves_times_in_doubt(make_clip: MakeClip) -> None:
    joined = [*range(0, 2000, 40), *range(90_000, 92_000, 40)]
    info = info_of(make_clip("joined.mkv", times_ms=joined))
    assert info.times == "mended"
    assert info.times_doubted == "the recording's times had to be mended"


@pytest.mark.parametrize("times", ["known", "mended", "missing"])
def test_whether_times_are_known_is_stored_with_the_landmarks(tmp_path: Path, times: str) -> None:
    poses = PoseSequence()
    poses.append(0.0, standing(), 640, 480)
    poses.save(tmp_path / "l.npz", SourceInfo("a.mp4", 640, 480, times=times))  # type: ignore[arg-type]
    assert load(tmp_path / "l.npz").info.times == times


def test_landmarks_with_another_word_for_times_are_refused(tmp_path: Path) -> None:
    poses = PoseSequence()
    poses.append(0.0, standing(), 640, 480)
    poses.save(tmp_path / "l.npz", SourceInfo("a.mp4", 640, 480, times="guessed"))  # type: ignore[arg-type]
    with pytest.raises(SourceError, match="description is damaged"):
        load(tmp_path / "l.npz")
