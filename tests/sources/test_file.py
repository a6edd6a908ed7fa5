"""Recordings and pictures from disk: what is read, what is mended, what is refused and with which sentence."""

from __future__ import annotations

import itertools
import struct
import threading
import time
import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition
from PIL import Image

from posturecam.errors import SourceError
from posturecam.model import Frame, SourceInfo
from posturecam.sources.file import QUEUE_FRAMES, FileSource
from tests.conftest import MakeClip
from tests.pictures import BLACK, BLUE, GREEN, RED, pattern, quadrants

UPRIGHT = [RED, GREEN, BLUE, BLACK]


def read(path: Path) -> tuple[list[Frame], SourceInfo]:
    with FileSource(path) as source:
        frames = list(source)
        return frames, source.info


def decoding_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("decode ")]


def wait_for_no_threads() -> None:
    for thread in decoding_threads():
        thread.join(timeout=5)
    assert decoding_threads() == []


class TestFrames:
    def test_every_frame_comes_with_its_index_and_time(self, make_clip: MakeClip) -> None:
        frames, info = read(make_clip(frames=20, fps=25))
        assert [frame.index for frame in frames] == list(range(20))
        assert [frame.t_s for frame in frames] == pytest.approx([index / 25 for index in range(20)])
        assert (info.width, info.height, info.frames, info.is_still) == (64, 48, 20, False)
        assert info.fps == pytest.approx(25)
        assert info.duration_s == pytest.approx(0.8)
        assert info.warnings == []

    def test_pictures_are_rgb_bytes_that_inference_can_take_without_copying(self, make_clip: MakeClip) -> None:
        image = read(make_clip())[0][3].image
        assert image.shape == (48, 64, 3)
        assert image.dtype == np.uint8
        assert image.flags.c_contiguous
        assert quadrants(image) == UPRIGHT

    @pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.ts", "clip.mov"])
    def test_a_variable_frame_rate_keeps_its_times(self, make_clip: MakeClip, name: str) -> None:
        frames, _ = read(make_clip(name, times_ms=[0, 33, 100, 600, 650]))
        assert [frame.t_s for frame in frames] == pytest.approx([0, 0.033, 0.1, 0.6, 0.65], abs=0.002)

    def test_a_recording_that_starts_late_starts_at_0(self, make_clip: MakeClip) -> None:
        frames, _ = read(make_clip("clip.mkv", times_ms=[5000, 5040, 5100]))
        assert [frame.t_s for frame in frames] == pytest.approx([0, 0.04, 0.1], abs=0.002)

    @pytest.mark.parametrize(
        ("name", "options"),
        [
            ("odd.mkv", {"size": (63, 47), "pix_fmt": "yuv444p"}),
            ("tiny.mkv", {"size": (1, 1), "pix_fmt": "yuv444p", "codec": "ffv1"}),
            ("ten_bit.mkv", {"pix_fmt": "yuv420p10le"}),
            ("grey.mkv", {"pix_fmt": "gray", "codec": "ffv1"}),
            ("alpha.mov", {"pix_fmt": "rgba", "codec": "png"}),
        ],
    )
    def test_odd_sizes_and_pixel_formats_become_rgb(
        self, make_clip: MakeClip, name: str, options: dict[str, object]
    ) -> None:
        frames, info = read(make_clip(name, frames=5, **options))
        assert {frame.image.shape for frame in frames} == {(info.height, info.width, 3)}
        assert (info.width, info.height) == options.get("size", (64, 48))

    def test_sound_is_ignored(self, make_clip: MakeClip) -> None:
        frames, info = read(make_clip(frames=20, sound=True))
        assert len(frames) == 20
        assert info.warnings == []

    def test_large_pictures_are_scaled_down(self, make_clip: MakeClip) -> None:
        frames, info = read(make_clip(frames=2, size=(1920, 1080)))
        assert frames[0].image.shape == (720, 1280, 3)
        assert (info.width, info.height) == (1280, 720)


class TestOrientation:
    @pytest.mark.parametrize(
        ("matrix", "seen"),
        [
            ((1, 0, 0, 1), UPRIGHT),
            ((0, 1, -1, 0), [BLUE, RED, BLACK, GREEN]),  # a quarter turn clockwise: a phone held upright
            ((-1, 0, 0, -1), [BLACK, BLUE, GREEN, RED]),
            ((0, -1, 1, 0), [GREEN, BLACK, RED, BLUE]),
            ((-1, 0, 0, 1), [GREEN, RED, BLACK, BLUE]),  # mirrored
            ((0, 1, 1, 0), [RED, BLUE, GREEN, BLACK]),  # mirrored and turned
        ],
    )
    def test_rotation_metadata_is_applied(self, make_clip: MakeClip, matrix: tuple[int, ...], seen: list[int]) -> None:
        path = make_clip()
        content = bytearray(path.read_bytes())
        a, b, c, d = (value * 0x10000 for value in matrix)
        at = content.index(b"tkhd") + 44  # where the track header keeps its matrix
        content[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 0x40000000)
        path.write_bytes(content)
        frames, info = read(path)
        assert quadrants(frames[0].image) == seen
        assert frames[0].image.shape == (info.height, info.width, 3)
        assert info.width == (48 if matrix[0] == 0 else 64)

    def test_pixels_that_are_not_square_are_made_square(self, tmp_path: Path) -> None:
        path = tmp_path / "wide.mp4"
        with av.open(str(path), "w") as target:
            video = target.add_stream("libx264", rate=25)
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
            video.codec_context.sample_aspect_ratio = Fraction(2, 1)
            target.mux(video.encode(av.VideoFrame.from_ndarray(pattern(64, 48), format="rgb24")))
            target.mux(video.encode(None))
        assert read(path)[0][0].image.shape == (48, 128, 3)


class TestPictures:
    @pytest.mark.parametrize("name", ["a.jpg", "a.png", "IMG%03d.jpg", "a.webp", "a.gif"])
    def test_a_picture_is_a_recording_of_one_frame(self, tmp_path: Path, name: str) -> None:
        Image.fromarray(pattern(64, 48)).save(tmp_path / name)
        frames, info = read(tmp_path / name)
        assert [frame.t_s for frame in frames] == [0.0]
        assert info.is_still
        assert (info.frames, info.fps, info.duration_s, info.warnings) == (1, None, 0.0, [])
        assert quadrants(frames[0].image) == UPRIGHT

    def test_a_recording_is_no_picture(self, make_clip: MakeClip) -> None:
        assert not read(make_clip(frames=2))[1].is_still

    def test_a_percent_sign_in_a_name_does_not_mean_a_series(self, tmp_path: Path) -> None:
        for number in (1, 2, 3):
            Image.new("RGB", (8, 8)).save(tmp_path / f"IMG{number:03d}.jpg")
        with pytest.raises(SourceError, match="There is no file"):
            FileSource(tmp_path / "IMG%03d.jpg")
        Image.fromarray(pattern(64, 48)).save(tmp_path / "IMG%03d.jpg")
        frames, _ = read(tmp_path / "IMG%03d.jpg")
        assert [quadrants(frame.image) for frame in frames] == [UPRIGHT]

    def test_a_phones_picture_stands_upright(self, tmp_path: Path) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6  # to be turned clockwise
        Image.fromarray(pattern(64, 48)).save(tmp_path / "a.jpg", exif=exif)
        frames, info = read(tmp_path / "a.jpg")
        assert (info.width, info.height) == (48, 64)
        assert quadrants(frames[0].image) == [BLUE, RED, BLACK, GREEN]


class TestDamage:
    def test_a_cut_off_recording_is_read_up_to_the_break(self, make_clip: MakeClip) -> None:
        path = make_clip(frames=200, options={"movflags": "faststart"})
        path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
        frames, info = read(path)
        assert 20 < len(frames) < 200
        assert info.frames == len(frames)
        assert info.duration_s == pytest.approx(len(frames) / 25, abs=0.01)
        assert len(info.warnings) == 1
        assert "8.0 s" in info.warnings[0]
        assert f"{info.duration_s:.1f} s" in info.warnings[0]

    def test_a_hole_is_skipped_and_told(self, make_clip: MakeClip) -> None:
        path = make_clip("clip.mkv", frames=200)
        content = bytearray(path.read_bytes())
        middle = len(content) // 2
        content[middle : middle + 300] = b"\x55" * 300
        path.write_bytes(content)
        frames, info = read(path)
        assert 100 < len(frames) < 200
        assert frames[-1].t_s == pytest.approx(199 / 25, abs=0.01)
        assert "damaged" in info.warnings[0]

    def test_joined_recordings_go_on_where_the_first_ended(self, make_clip: MakeClip) -> None:
        path = make_clip("clip.ts", frames=20)
        path.write_bytes(path.read_bytes() * 2)
        frames, info = read(path)
        times = [frame.t_s for frame in frames]
        assert len(frames) == 40
        assert all(later > sooner for sooner, later in itertools.pairwise(times))
        assert times[-1] == pytest.approx(39 / 25, abs=0.05)
        assert "falling time" in info.warnings[0]

    def test_a_recording_without_times_runs_at_its_frame_rate(self, make_clip: MakeClip) -> None:
        frames, info = read(make_clip("raw.h264", frames=10))
        assert frames[-1].t_s == pytest.approx(9 / 25)
        assert "holds no times" in info.warnings[0]


class TestRefusals:
    def refusal(self, path: Path) -> str:
        with pytest.raises(SourceError) as caught:
            FileSource(path)
        assert caught.value.exit_code == 1
        sentence = str(caught.value)
        assert "\n" not in sentence
        assert sentence.endswith(".")
        return sentence.replace(f"{path}", "IT")

    def test_a_missing_file(self, tmp_path: Path) -> None:
        assert self.refusal(tmp_path / "none.mp4") == "There is no file IT; check the name."

    def test_a_folder(self, tmp_path: Path) -> None:
        assert self.refusal(tmp_path) == "IT is a folder; name the recordings in it."

    def test_an_empty_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.mp4").touch()
        assert self.refusal(tmp_path / "a.mp4") == "IT is empty (0 bytes); copy or record it again."

    def test_a_text_named_mp4(self, tmp_path: Path) -> None:
        (tmp_path / "a.mp4").write_text("hello\n" * 100)
        assert self.refusal(tmp_path / "a.mp4").startswith("IT is not a recording or picture that can be read (")

    def test_a_recording_whose_end_with_the_index_is_cut_off(self, make_clip: MakeClip) -> None:
        path = make_clip()
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        assert self.refusal(path).startswith("IT is not a recording or picture that can be read (")

    def test_sound_only(self, tmp_path: Path) -> None:
        with wave.open(str(tmp_path / "a.wav"), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            sound.writeframes(bytes(16000))
        assert self.refusal(tmp_path / "a.wav") == "IT holds sound but no pictures; choose a recording with video."

    def test_a_song_with_its_cover(self, tmp_path: Path) -> None:
        with av.open(str(tmp_path / "a.m4a"), "w", format="mp4") as song:
            sound = song.add_stream("aac", rate=16000, layout="mono")
            cover = song.add_stream("mjpeg", rate=1)
            cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
            cover.disposition = Disposition.attached_pic
            song.mux(cover.encode(av.VideoFrame(64, 48, "yuvj420p")))
            song.mux(cover.encode(None))
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 16000), np.float32), format="fltp", layout="mono")
            silence.sample_rate, silence.pts = 16000, 0
            song.mux(sound.encode(silence))
            song.mux(sound.encode(None))
        assert self.refusal(tmp_path / "a.m4a") == "IT holds sound but no pictures; choose a recording with video."

    def test_subtitles(self, tmp_path: Path) -> None:
        (tmp_path / "a.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nhello\n")
        assert self.refusal(tmp_path / "a.srt").startswith(
            "IT is not a recording or picture that can be read (its format"
        )

    def test_a_play_list_opens_no_other_file(self, make_clip: MakeClip, tmp_path: Path) -> None:
        make_clip("other.mp4")
        (tmp_path / "a.mp4").write_text("ffconcat version 1.0\nfile 'other.mp4'\n")
        assert self.refusal(tmp_path / "a.mp4").startswith("IT is a play list")

    def test_an_address_is_not_fetched(self) -> None:
        assert self.refusal(Path("http://localhost:9/clip.mp4")).startswith("There is no file")

    def test_a_picture_that_declares_a_giant_size(self, tmp_path: Path) -> None:
        Image.fromarray(pattern(64, 48)).save(tmp_path / "a.png")
        content = bytearray((tmp_path / "a.png").read_bytes())
        content[16:24] = struct.pack(">II", 60000, 60000)
        (tmp_path / "a.png").write_bytes(content)
        assert "a.png" in self.refusal(tmp_path / "a.png").replace("IT", "a.png")


class TestThread:
    def test_it_ends_with_the_recording(self, make_clip: MakeClip) -> None:
        read(make_clip())
        wait_for_no_threads()

    def test_it_ends_when_the_loop_is_left(self, make_clip: MakeClip) -> None:
        with FileSource(make_clip(frames=100)) as source:
            for frame in source:
                if frame.index == 3:
                    break
        wait_for_no_threads()

    def test_it_ends_when_the_loop_raises(self, make_clip: MakeClip) -> None:
        def session() -> None:
            with FileSource(make_clip(frames=100)) as source:
                for _ in source:
                    raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            session()
        wait_for_no_threads()

    def test_it_never_starts_without_a_loop(self, make_clip: MakeClip) -> None:
        with FileSource(make_clip()) as source:
            assert source.info.frames == 20
        source.close()
        assert decoding_threads() == []

    def test_it_runs_ahead_but_not_far(self, make_clip: MakeClip) -> None:
        with FileSource(make_clip(frames=200)) as source:
            frames = iter(source)
            next(frames)
            for _ in range(50):
                time.sleep(0.01)
                if source._queue.full():
                    break
            assert source._queue.qsize() == QUEUE_FRAMES
            assert source._count <= QUEUE_FRAMES + 12  # what the decoder itself holds back

    def test_a_failure_in_it_reaches_the_loop(self, make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch) -> None:
        source = FileSource(make_clip())

        def fail(_stamp: float | None) -> float:
            raise MemoryError("no room")

        monkeypatch.setattr(source._clock, "next", fail)
        with source, pytest.raises(MemoryError, match="no room"):
            list(source)
        wait_for_no_threads()

    def test_a_source_is_read_once(self, make_clip: MakeClip) -> None:
        with FileSource(make_clip()) as source:
            list(source)
            with pytest.raises(RuntimeError, match="only once"):
                iter(source)
