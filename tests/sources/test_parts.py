"""A recording read in parts gives the frames that it gives when it is read through."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from posturecam.model import Frame
from posturecam.sources.file import FileSource, open_recording, video_stream
from posturecam.sources.parts import PartError, cut, part, read_part
from posturecam.sources.timing import Thinner
from tests.conftest import MakeClip

B_FRAMES = {"bf": "3", "g": "10", "preset": "veryfast"}


def read_whole(path: object, most_hz: float | None = None) -> list[Frame]:
    with FileSource(str(path), most_hz) as source:
        return list(source)


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.mov"])
@pytest.mark.parametrize("parts", [1, 2, 5])
@pytest.mark.parametrize("most_hz", [None, 10.0])
def test_the_parts_together_are_the_whole(make_clip: MakeClip, name: str, parts: int, most_hz: float | None) -> None:
    path = make_clip(name, frames=100)
    whole = read_whole(path, most_hz)
    with FileSource(path, most_hz) as source:
        table = source.timetable()
        assert table is not None
        frames: list[Frame] = []
        for one in cut(table, parts, 0.4):
            with open_recording(path) as container:
                got = list(read_part(container, video_stream(container, path), one, source.upright))
            assert len(got) == len(one.stamps)
            frames += got[one.lead :]
    assert [frame.t_s for frame in frames] == [frame.t_s for frame in whole]
    assert [frame.index for frame in frames] == [frame.index for frame in whole]
    assert all(np.array_equal(one.image, other.image) for one, other in zip(frames, whole, strict=True))


def test_each_part_but_the_first_has_its_warm_up(make_clip: MakeClip) -> None:
    with FileSource(make_clip(frames=100)) as source:
        table = source.timetable()
    assert table is not None
    parts = cut(table, 4, 0.5)
    assert parts[0].lead == 0
    for before, after in pairwise(parts):
        assert after.first == before.end
        assert table.t_s[after.first] - after.t_s[0] == pytest.approx(0.5, abs=0.04)
    assert parts[-1].end == len(table)


def test_parts_begin_where_decoding_can(make_clip: MakeClip) -> None:
    with FileSource(make_clip(frames=100)) as source:  # a key frame every 0.4 s
        table = source.timetable()
    assert table is not None
    (_, second) = cut(table, 2, 0.5)
    assert second.stamps[0] == second.key


def test_after_reading_it_in_parts_the_same_is_known_of_it(make_clip: MakeClip) -> None:
    path = make_clip(times_ms=[0, 40, 90, 130, 400, 410, 500])
    with FileSource(path) as source:
        list(source)
        known = source.info
    with FileSource(path) as source:
        table = source.timetable()
        assert table is not None
        assert source.complete(table) == known


@pytest.mark.parametrize("name", ["clip.h264", "clip.avi"])
def test_without_times_of_its_own_or_with_mended_ones_there_is_no_timetable(make_clip: MakeClip, name: str) -> None:
    path = make_clip(name)
    with FileSource(path) as source:
        table = source.timetable()
        list(source)
    whole = read_whole(path)
    assert table is None or list(table.t_s) == [frame.t_s for frame in whole]


def test_a_recording_that_breaks_off_is_no_frame_short_in_silence(make_clip: MakeClip) -> None:
    path = make_clip(frames=100, options={"movflags": "+faststart"})
    path.write_bytes(path.read_bytes()[:-1500])
    with FileSource(path) as source:
        table = source.timetable()
        if table is None:
            return
        whole = read_whole(path)
        last = cut(table, 2, 0.4)[-1]
        with open_recording(path) as container:
            stream = video_stream(container, path)
            if len(whole) == len(table):
                assert len(list(read_part(container, stream, last, source.upright))) == len(last.stamps)
            else:
                with pytest.raises(PartError):
                    list(read_part(container, stream, last, source.upright))


def test_a_missing_frame_is_an_error(make_clip: MakeClip) -> None:
    path = make_clip(frames=50)
    with FileSource(path) as source:
        table = source.timetable()
        assert table is not None
        one = part(table, 0, 50, 0.4)
        one.stamps[20] += 1
        with open_recording(path) as container, pytest.raises(PartError, match="no frame at"):
            list(read_part(container, video_stream(container, path), one, source.upright))


def kept(times: list[float], most_hz: float | None, step_s: float) -> list[float]:
    thinner = Thinner(most_hz, step_s)
    return [t for t in times if thinner.wants(t)]


@pytest.mark.parametrize(("fps", "every"), [(60, 2), (120, 4), (240, 8)])
def test_a_fast_recording_is_thinned_to_every_so_many_frames(fps: int, every: int) -> None:
    times = [index / fps for index in range(5 * fps)]
    assert kept(times, 30.0, 1 / fps) == times[::every]


@pytest.mark.parametrize("fps", [12, 25, 29.97, 30, 33])
def test_a_recording_that_is_no_faster_keeps_every_frame(fps: float) -> None:
    jitter = np.random.default_rng(1).uniform(-0.008, 0.008, 300)
    times = (np.arange(300) / fps + jitter).tolist()
    assert kept(times, 30.0, 1 / fps) == times


def test_what_is_kept_is_never_far_from_an_even_rate() -> None:
    times = [index / 50 for index in range(500)]
    rest = np.array(kept(times, 30.0, 1 / 50))
    assert len(rest) == pytest.approx(300, abs=2)
    assert np.diff(rest).max() < 0.041


def test_after_a_gap_it_goes_on_at_once() -> None:
    times = [index / 60 for index in range(60)] + [5 + index / 60 for index in range(60)]
    rest = kept(times, 30.0, 1 / 60)
    assert 5.0 in rest
    assert len(rest) == pytest.approx(60, abs=1)
