"""The browser's camera: the newest picture counts, time only goes on, and nothing that is sent can break it."""

from __future__ import annotations

import math
import struct
import threading

import cv2
import numpy as np
import pytest

from posturecam.web.camera import GAP_S, HEAD, MAX_BYTES, SILENT_S, BrowserCamera, decode, unpack


def jpeg(width: int = 64, height: int = 48, shade: int = 90) -> bytes:
    return bytes(cv2.imencode(".jpg", np.full((height, width, 3), shade, np.uint8))[1])


class Clock:
    def __init__(self) -> None:
        self.s = 50.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_picture_is_unpacked_with_its_time_and_number() -> None:
    assert unpack(HEAD.pack(1500.0, 7) + b"x") == (1.5, 7, b"x")


@pytest.mark.parametrize(
    "message",
    [b"", b"x", HEAD.pack(0.0, 1), HEAD.pack(math.nan, 1) + b"x", HEAD.pack(math.inf, 1) + b"x",
     HEAD.pack(-1.0, 1) + b"x", b"x" * (MAX_BYTES + 1), struct.pack("<dI", 1e300, 1) + b"x"],
)  # fmt: skip
def test_what_is_no_picture_is_none(message: bytes) -> None:
    assert unpack(message) is None


@pytest.mark.parametrize("content", [b"", b"x", b"\xff\xd8\xff", jpeg()[:200], jpeg(4000, 20), jpeg(8, 8)])
def test_what_cannot_be_decoded_or_is_too_large_is_left_out(content: bytes) -> None:
    assert decode(content) is None


def test_colours_are_red_green_blue() -> None:
    red = np.zeros((48, 64, 3), np.uint8)
    red[..., 2] = 250  # OpenCV writes blue first
    image = decode(bytes(cv2.imencode(".jpg", red)[1]))
    assert image is not None
    assert image[0, 0].tolist() == pytest.approx([250, 0, 0], abs=12)


def test_the_newest_picture_counts_and_older_ones_are_dropped(clock: Clock) -> None:
    camera = BrowserCamera(clock=clock)
    for number in range(5):
        clock.s += 0.1
        camera.offer(number * 0.1, number, jpeg())
    frame = next(iter(camera))
    assert camera.number == 4
    assert frame.t_s == pytest.approx(0.5)


@pytest.mark.parametrize("second", [0.0, -100.0, 1e9, 10.0])
def test_time_goes_on_whatever_the_pages_clock_does(clock: Clock, second: float) -> None:
    camera = BrowserCamera(clock=clock)
    frames = iter(camera)
    camera.offer(10.0, 1, jpeg())
    first = next(frames)
    clock.s += 0.05
    camera.offer(second, 2, jpeg())
    later = next(frames)
    assert first.t_s < later.t_s < first.t_s + 1.1


def test_a_page_that_was_loaded_anew_goes_on_after_what_was(clock: Clock) -> None:
    camera = BrowserCamera(clock=clock)
    frames = iter(camera)
    camera.offer(500.0, 1, jpeg())
    first = next(frames)
    clock.s += 20.0
    camera.attach()
    camera.offer(0.1, 1, jpeg())
    assert next(frames).t_s == pytest.approx(first.t_s + 20.0)


def test_a_gap_is_told_before_the_frame_after_it(clock: Clock) -> None:
    gaps: list[bool] = []
    camera = BrowserCamera(gaps.append, clock)
    frames = iter(camera)
    for step_s in (0.0, 0.1, GAP_S + 0.1, 0.1):
        clock.s += step_s
        camera.offer(clock.s, 1, jpeg())
        next(frames)
    assert gaps == [True, False, True, False]


def test_pictures_that_cannot_be_read_are_skipped(clock: Clock) -> None:
    camera = BrowserCamera(clock=clock)
    camera.offer(0.0, 1, b"rubbish")
    threading.Timer(0.2, lambda: camera.offer(0.3, 2, jpeg())).start()
    assert next(iter(camera)).image.shape == (48, 64, 3)


def test_it_ends_when_it_is_ended_or_nobody_is_there_any_more(clock: Clock) -> None:
    ended, silent = BrowserCamera(clock=clock), BrowserCamera(clock=clock)
    ended.end()
    assert list(ended) == []
    clock.s += SILENT_S + 1
    assert list(silent) == []
    assert not silent.wait_for_first()


def test_its_size_is_known_once_the_first_picture_is_there(clock: Clock) -> None:
    camera = BrowserCamera(clock=clock)
    camera.offer(0.0, 1, jpeg(80, 60))
    assert camera.wait_for_first()
    assert (camera.info.width, camera.info.height) == (80, 60)
