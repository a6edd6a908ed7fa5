"""A recording read in parts gives the frames that it gives when it is read through."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from posturecam.model import Frame
from posturecam.sources import parts as parts_module
from posturecam.sources.container import open_recording
from posturecam.sources.file import FileSource, Reading, video_stream
from posturecam.sources.parts import Part, PartError, Timetable, cut, part, read_part, read_rows
from posturecam.sources.timing import PresentationClock, Thinner
from posturecam.sources.upright import Upright
from tests.conftest import MakeClip

B_FRAMES = {"bf": "3", "g": "10", "preset": "veryfast"}


def read_whole(path: object, most_hz: float | None = None) -> list[Frame]:
    with FileSource(str(path), Reading(most_hz=most_hz)) as source:
        return list(source)


def read(path: Path, one: Part, upright: Upright) -> list[Frame]:
    container, file = open_recording(path)
    with file, container:
        return list(read_part(container, video_stream(container, path), one, upright))


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.mov"])
@pytest.mark.parametrize("parts", [1, 2, 5])
@pytest.mark.parametrize("most_hz", [None, 10.0])
def test_the_parts_together_are_the_whole(make_clip: MakeClip, name: str, parts: int, most_hz: float | None) -> None:
    path = make_clip(name, frames=100)
    whole = read_whole(path, most_hz)
    reading = Reading(most_hz=most_hz)
    with FileSource(path, reading) as source:
        table = source.timetable()
        assert table is not None
        frames: list[Frame] = []
        for one in cut(table, parts, 0.4):
            got = read(path, one, source.upright)
            assert len(got) == len(one.stamps)
            frames += got[one.lead :]
    assert [frame.t_s for frame in frames] == [frame.t_s for frame in whole]
    assert [frame.index for frame in frames] == [frame.index for frame in whole]
    assert all(np.array_equal(one.image, other.image) for one, other in zip(frames, whole, strict=True))


@pytest.mark.parametrize("coding", [B_FRAMES, {"g": "300"}])
def test_single_frames_are_those_of_the_whole(make_clip: MakeClip, coding: dict[str, str]) -> None:
    path = make_clip(frames=150, coding=coding, moving=True)
    whole = read_whole(path)
    rows = [0, 3, 9, 10, 11, 57, 149]
    with FileSource(path) as source:
        table, upright = source.timetable(), source.upright
    assert table is not None
    container, file = open_recording(path)
    with file, container:
        found = list(read_rows(container, video_stream(container, path), table, rows, upright))
    assert [frame.index for frame in found] == rows
    assert [frame.t_s for frame in found] == [whole[row].t_s for row in rows]
    assert all(np.array_equal(one.image, whole[row].image) for one, row in zip(found, rows, strict=True))


def test_a_frame_long_after_its_key_frame_is_no_decoder_that_hangs(
    make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[str] = []
    real = parts_module.wait_for

    def counted(work: object, limit_s: float, name: str, dispose: object) -> object:
        waits.append(name)
        return real(work, limit_s, name, dispose)  # type: ignore[arg-type,type-var]

    path = make_clip(frames=150, coding={"g": "300"})
    with FileSource(path) as source:
        table, upright = source.timetable(), source.upright
        assert table is not None
        monkeypatch.setattr(parts_module, "wait_for", counted)
        (frame,) = read(path, part(table, 149, 150, 0.0), upright)
    assert frame.index == 149
    assert len(waits) == 149 // parts_module.ALIVE_PICTURES + 2  # the frame, and the end


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


def timetable_with(keys_s: Sequence[float]) -> Timetable:
    """40 s at 25 frames per second, with key frames at these times; in two parts the second should start at 19.48 s."""
    rows = np.arange(1000)
    keys = np.array([round(25 * key_s) for key_s in keys_s], np.int64)
    return Timetable(rows, rows * 0.04, rows, keys, len(rows), PresentationClock(0.04))


def test_a_part_starts_at_a_key_frame_where_else_much_is_decoded_for_nothing() -> None:
    (_, second) = cut(timetable_with([0.0, 20.0]), 2, 1.0)
    assert (second.t_s[0], second.stamps[0]) == (20.0, second.key)


@pytest.mark.parametrize("keys_s", [[0.0, 21.44], [0.0, 18.0], [0.0, 19.2, 20.0]])
def test_parts_are_of_one_length_where_that_is_the_lesser_evil(keys_s: list[float]) -> None:
    (first, second) = cut(timetable_with(keys_s), 2, 1.0)
    assert len(first.stamps) == pytest.approx(len(second.stamps), abs=2)


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
        if len(whole) == len(table):
            assert len(read(path, last, source.upright)) == len(last.stamps)
        else:
            with pytest.raises(PartError):
                read(path, last, source.upright)


def test_a_missing_frame_is_an_error(make_clip: MakeClip) -> None:
    path = make_clip(frames=50)
    with FileSource(path) as source:
        table = source.timetable()
        assert table is not None
        one = part(table, 0, 50, 0.4)
        one.stamps[20] += 1
        with pytest.raises(PartError, match="no frame at"):
            read(path, one, source.upright)


def test_a_decoder_that_hangs_or_stumbles_is_an_error_of_the_part(
    make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_clip(frames=50)
    with FileSource(path) as source:
        table = source.timetable()
    assert table is not None
    one = part(table, 0, 50, 0.4)
    ended = threading.Event()

    def hangs(*_: object) -> Iterator[Frame]:
        ended.wait(5)
        yield from ()

    def stumbles(*_: object) -> Iterator[Frame]:
        raise IndexError("a stream that appears in mid-file")
        yield

    monkeypatch.setattr(parts_module, "STALLED_S", 0.2)
    monkeypatch.setattr(parts_module, "_decoded", hangs)
    with pytest.raises(PartError, match="no answer"):
        read(path, one, source.upright)
    ended.set()
    monkeypatch.setattr(parts_module, "_decoded", stumbles)
    with pytest.raises(PartError, match="mid-file"):
        read(path, one, source.upright)


@pytest.mark.parametrize(
    "reading", [Reading(turns=1), Reading(slow_motion=4.0), Reading(slow_motion=4.0, most_hz=30.0)]
)
def test_turns_and_slow_motion_reach_the_parts(make_clip: MakeClip, reading: Reading) -> None:
    path = make_clip(frames=100)
    with FileSource(path, reading) as source:
        table = source.timetable()
        assert table is not None
        parts = cut(table, 2, 0.1)
        frames = [frame for one in parts for frame in read(path, one, source.upright)[one.lead :]]
    with FileSource(path, reading) as again:
        whole = list(again)
        assert source.complete(table) == again.info
    assert [(frame.index, frame.t_s) for frame in frames] == [(frame.index, frame.t_s) for frame in whole]
    assert all(np.array_equal(one.image, other.image) for one, other in zip(frames, whole, strict=True))


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
