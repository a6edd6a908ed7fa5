"""The camera: newest frame wins, losses are survived, recordings stand in for it."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from posturecam.errors import SourceError
from posturecam.model import ImageArray
from posturecam.sources import camera
from posturecam.sources.camera import LOST, CameraSource, parse_camera
from posturecam.sources.file import FileSource


class Script:
    """A camera that gives what the test puts in: a number is a frame of that brightness, None the end of its pictures."""

    width, height, fps, is_file = 8, 6, 30.0, False

    def __init__(self, *items: int | None) -> None:
        self.items: queue.Queue[int | None] = queue.Queue()
        self.closed = threading.Event()
        for item in items:
            self.items.put(item)

    def read(self) -> tuple[ImageArray, float] | None:
        while not self.closed.is_set():
            try:
                item = self.items.get(timeout=0.02)
            except queue.Empty:
                continue
            return None if item is None else (np.full((6, 8, 3), item, np.uint8), time.monotonic())
        return None

    def close(self) -> None:
        self.closed.set()


def opening(*devices: Script | None) -> Callable[[], Script]:
    """Opens the devices one after another; None stands for a camera that is not there."""
    left = list(devices)

    def open_next() -> Script:
        device = left.pop(0)
        if device is None:
            raise SourceError("gone")
        return device

    return open_next


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera, "STALLED_S", 0.15)
    monkeypatch.setattr(camera, "RETRY_S", 0.02)
    monkeypatch.setattr(camera, "HEARTBEAT_S", 0.02)


def test_the_newest_frame_wins_and_the_others_are_counted() -> None:
    script = Script()
    with CameraSource(0, open_device=lambda: script) as source:
        frames = iter(source)
        script.items.put(1)
        assert next(frames).image[0, 0, 0] == 1
        for value in (2, 3, 4):
            script.items.put(value)
        wait_for(lambda: source.counters.captured == 4)
        assert next(frames).image[0, 0, 0] == 4
        assert source.counters.dropped == 2


def test_times_rise_and_tell_the_age_of_a_frame() -> None:
    script = Script()
    with CameraSource(0, open_device=lambda: script) as source:
        frames = iter(source)
        times = []
        for value in range(5):
            script.items.put(value)
            times.append(next(frames).t_s)
        assert all(after > before for before, after in pairwise(times))
        assert source.now() >= times[-1] >= 0


def test_a_lost_camera_is_told_and_comes_back() -> None:
    first, second = Script(7, None), Script()
    with CameraSource(0, open_device=opening(first, None, None, second)) as source:
        frames = iter(source)
        assert next(frames).image[0, 0, 0] == 7
        black = next(frames)
        assert source.trouble == LOST
        assert not source.is_live
        assert not black.image.any()
        second.items.put(9)
        wait_for(lambda: next(frames).image[0, 0, 0] == 9)
        assert source.trouble is None
        assert source.is_live
        assert source.counters.losses == 1
        assert any("lost" in warning for warning in source.info.warnings)
    assert first.closed.is_set()


def test_a_stalled_camera_is_told_while_the_loop_goes_on() -> None:
    script = Script(7)
    with CameraSource(0, open_device=lambda: script) as source:
        frames = iter(source)
        next(frames)
        assert not next(frames).image.any()
        assert source.trouble == LOST
        script.items.put(8)
        wait_for(lambda: next(frames).image[0, 0, 0] == 8)
        assert source.trouble is None


def test_a_camera_that_stays_away_ends_the_frames_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera, "GIVE_UP_S", 0.3)
    script = Script(7, None)
    with CameraSource(0, open_device=opening(script, *[None] * 200)) as source:
        assert sum(frame.image.any() for frame in source) == 1
    assert any("did not come back" in warning for warning in source.info.warnings)


def test_an_error_of_the_camera_ends_the_frames_with_a_warning() -> None:
    class Broken(Script):
        def read(self) -> tuple[ImageArray, float] | None:
            raise OSError("driver went away")

    with CameraSource(0, open_device=Broken) as source:
        assert list(source) == []
    assert any("driver went away" in warning for warning in source.info.warnings)


def test_closing_does_not_wait_for_frames() -> None:
    source = CameraSource(0, open_device=Script)
    source.close()
    source.close()
    assert list(source) == []


def test_no_camera_is_one_sentence() -> None:
    with pytest.raises(SourceError, match=r"Camera 97 cannot be opened; .*--camera"):
        CameraSource(97)
    with pytest.raises(SourceError, match="check the address"):
        CameraSource("rtsp://127.0.0.1:9/nothing")


@pytest.mark.parametrize(
    ("text", "meant"),
    [("0", 0), (" 2 ", 2), ("rtsp://host/path", "rtsp://host/path"), ("/dev/video3", "/dev/video3")],
)
def test_what_camera_names(text: str, meant: object) -> None:
    assert parse_camera(text) == meant


def test_a_missing_recording_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There is no file"):
        parse_camera(str(tmp_path / "missing.mp4"))


def test_a_recording_gives_every_frame_at_its_own_time_when_nothing_hurries(make_clip: Callable[..., Path]) -> None:
    path = make_clip(frames=12, fps=25)
    with FileSource(path) as recording:
        wanted = [frame.t_s for frame in recording]
    with CameraSource(path, speed=0) as source:
        assert [frame.t_s for frame in source] == pytest.approx(wanted, abs=2e-4)
        assert source.counters.dropped == 0
        assert source.info.frames == 12


def test_a_recording_plays_at_its_own_pace(make_clip: Callable[..., Path]) -> None:
    path = make_clip(frames=25, fps=25)
    begun = time.monotonic()
    with CameraSource(path) as source:
        frames = list(source)
    assert time.monotonic() - begun >= 0.95  # never faster than real time; slower is the machine's business
    assert frames[-1].t_s - frames[0].t_s <= 1.0
    assert source.counters.captured == 25


def test_frames_can_be_asked_for_in_several_goes(make_clip: Callable[..., Path]) -> None:
    with CameraSource(make_clip(frames=10), speed=0) as source:
        for frame in source:
            if frame.index == 3:
                break
        assert next(iter(source)).index == 4
