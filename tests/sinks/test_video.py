"""The overlay video plays everywhere and keeps the recording's own times."""

from __future__ import annotations

import errno
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from posturecam.errors import OutputError
from posturecam.sinks.video import VideoWriter, join
from tests import builders_report as make


def write(path: Path, times: list[float], size: tuple[int, int] = (64, 48), **options: float) -> None:
    writer = VideoWriter(path, **options)
    for t_s in times:
        writer.show(make.picture(*size), t_s)
    writer.close()


def times_of(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [float(frame.time) for frame in container.decode(video=0)]


def test_presentation_times_are_the_recordings_variable_frame_rate_included(tmp_path: Path) -> None:
    times = [0.0, 0.033, 0.1, 0.5, 0.504, 2.25, 2.3]
    write(tmp_path / "o.mp4", times)
    assert times_of(tmp_path / "o.mp4") == pytest.approx(times, abs=1e-4)


def test_the_first_picture_stands_at_the_files_beginning_so_that_clocks_agree(tmp_path: Path) -> None:
    write(tmp_path / "o.mp4", [0.4, 1.0, 1.5])
    assert times_of(tmp_path / "o.mp4") == pytest.approx([0.0, 1.0, 1.5], abs=1e-4)


def test_a_camera_clock_is_brought_to_zero_by_its_origin(tmp_path: Path) -> None:
    write(tmp_path / "o.mp4", [5000.0, 5000.5, 5001.0], origin_s=5000.0)
    assert times_of(tmp_path / "o.mp4") == pytest.approx([0.0, 0.5, 1.0], abs=1e-4)


def test_times_that_repeat_or_fall_do_not_break_the_file(tmp_path: Path) -> None:
    write(tmp_path / "o.mp4", [0.0, 0.5, 0.5, 0.3, 1.0])
    times = times_of(tmp_path / "o.mp4")
    assert len(times) == 5
    assert all(later > earlier for earlier, later in pairwise(times))


def test_browsers_can_play_it(tmp_path: Path) -> None:
    path = tmp_path / "o.mp4"
    write(path, [index / 30 for index in range(90)], (1280, 908))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (1280, 908)
    content = path.read_bytes()
    # the index comes before the pictures, so that a browser can start and jump before all is read
    assert content.index(b"moov") < content.index(b"mdat")


def test_colours_survive(tmp_path: Path) -> None:
    canvas = np.zeros((48, 64, 3), np.uint8)
    canvas[:] = (255, 122, 48)
    writer = VideoWriter(tmp_path / "o.mp4")
    for index in range(5):
        writer.show(canvas, index / 10)
    writer.close()
    with av.open(str(tmp_path / "o.mp4")) as container:
        middle = next(container.decode(video=0)).to_ndarray(format="rgb24")[24, 32]
    assert np.abs(middle.astype(int) - (255, 122, 48)).max() <= 8


def test_nothing_is_left_behind_without_pictures(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "o.mp4")
    writer.close()
    writer.close()
    assert list(tmp_path.iterdir()) == []


def test_the_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "o.mp4")
    writer.show(make.picture(64, 48), 0.0)
    assert not (tmp_path / "o.mp4").exists()
    writer.close()
    assert [file.name for file in tmp_path.iterdir()] == ["o.mp4"]


def test_an_earlier_video_stays_when_the_new_one_fails(tmp_path: Path) -> None:
    (tmp_path / "o.mp4").write_bytes(b"earlier")
    writer = VideoWriter(tmp_path / "o.mp4")
    writer.show(make.picture(64, 48), 0.0)

    class Full:
        def mux(self, packets: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    writer._container.close()
    writer._container = Full()
    with pytest.raises(OutputError, match="the disk is full"):
        writer.show(make.picture(64, 48), 0.1)
    writer.show(make.picture(64, 48), 0.2)
    writer.close()
    assert (tmp_path / "o.mp4").read_bytes() == b"earlier"
    assert [file.name for file in tmp_path.iterdir()] == ["o.mp4"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told_in_one_sentence(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "o.mp4")
    writer._part.unlink()
    writer._part.symlink_to("/dev/full")
    noise = np.random.default_rng(1)

    def fill() -> None:
        for index in range(60):
            writer.show(noise.integers(0, 255, (480, 640, 3), np.uint8), index / 30)
        writer.close()

    with pytest.raises(OutputError, match=r"o\.mp4 cannot be written: the disk is full; make room"):
        fill()
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(OutputError, match="cannot be written"):
        VideoWriter(tmp_path / "file" / "o.mp4")


def test_parts_joined_are_the_video_written_at_once(tmp_path: Path) -> None:
    times = [0.0, 0.04, 0.09, 0.5, 0.51, 0.6]
    shades = [np.full((48, 64, 3), 40 * index, np.uint8) for index in range(6)]
    writers = [(0.0, tmp_path / "a.mp4", range(3)), (0.5, tmp_path / "b.mp4", range(3, 6))]
    for begin_s, path, rows in [(0.0, tmp_path / "whole.mp4", range(6)), *writers]:
        writer = VideoWriter(path, begin_s, threads=1)
        for row in rows:
            writer.show(shades[row], times[row])
        writer.close()
    join([(begin_s, path) for begin_s, path, _ in writers], tmp_path / "joined.mp4")
    found = []
    for name in ("whole.mp4", "joined.mp4"):
        with av.open(str(tmp_path / name)) as container:
            found.append([(float(p.pts * p.time_base), p.to_ndarray().mean()) for p in container.decode(video=0)])
    whole, joined = found
    assert [t_s for t_s, _ in joined] == [t_s for t_s, _ in whole] == pytest.approx(times, abs=2e-5)
    assert [grey for _, grey in joined] == pytest.approx([grey for _, grey in whole], abs=2)


def test_parts_of_different_size_are_not_joined(tmp_path: Path) -> None:
    parts = []
    for begin_s, width in ((0.0, 64), (0.5, 128)):
        writer = VideoWriter(tmp_path / f"{width}.mp4", begin_s)
        writer.show(np.zeros((48, width, 3), np.uint8), begin_s)
        writer.close()
        parts.append((begin_s, tmp_path / f"{width}.mp4"))
    with pytest.raises(ValueError, match="128"):
        join(parts, tmp_path / "joined.mp4")
    assert not list(tmp_path.glob("*joined*"))
