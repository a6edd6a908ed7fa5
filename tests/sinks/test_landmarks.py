"""Stored landmarks: a replay gives the analyzer exactly what was seen, and a damaged file is refused."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posturecam.errors import OutputError, SourceError
from posturecam.model import Frame, Pose, SourceInfo
from posturecam.sinks.landmarks import LandmarkRecorder
from posturecam.sources.landmarks import LandmarkSource

INFO = SourceInfo("clip.mp4", 640, 480, fps=25.0, duration_s=0.2, frames=5, warnings=["It breaks off."])


class Source:
    info = INFO


def pose(seed: int, contour: bool = True) -> Pose:
    """A random pose of 32-bit numbers, as the estimator gives them, with some NaN in the contour."""
    random = np.random.default_rng(seed)

    def numbers(*shape: int) -> Any:
        return random.normal(200, 100, shape).astype(np.float32).astype(np.float64)

    line = numbers(2, 15) if contour else None
    if line is not None:
        line[0, 3] = np.nan
    return Pose(numbers(33, 2), numbers(33, 3), numbers(33), 640, 480, line)


POSES: list[Pose | None] = [pose(0), None, pose(1, contour=False), pose(2), None]
TIMES = [0.0, 0.0333333333333, 0.1, 1 / 7, 0.2]


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "new folder" / "landmarks.npz"
    recorder = LandmarkRecorder(path, Source(), {"model": "full"})
    for index, (t_s, seen) in enumerate(zip(TIMES, POSES, strict=True)):
        recorder.record(Frame(index, t_s, np.zeros((480, 640, 3), np.uint8)), seen)
    recorder.close()
    recorder.close()
    return path


def same(left: Any, right: Any) -> bool:
    return bool(np.array_equal(left, right, equal_nan=True)) and left.dtype == right.dtype


class TestReplay:
    def test_every_number_comes_back_bit_by_bit(self, stored: Path) -> None:
        replay = LandmarkSource(stored)
        frames = list(replay)
        assert [frame.t_s for frame in frames] == TIMES
        assert [frame.index for frame in frames] == [0, 1, 2, 3, 4]
        for frame, before in zip(frames, POSES, strict=True):
            after = replay.estimate(frame)
            if before is None or after is None:
                assert before is after
                continue
            assert same(after.points, before.points)
            assert same(after.world, before.world)
            assert same(after.visibility, before.visibility)
            assert (after.width, after.height) == (640, 480)
            assert (after.contour is None) == (before.contour is None)
            if after.contour is not None:
                assert same(after.contour, before.contour)

    def test_what_was_known_of_the_source_comes_back(self, stored: Path) -> None:
        with LandmarkSource(stored) as replay:
            assert replay.info == INFO
            assert replay.extra == {"model": "full"}
            assert len(replay) == 5

    def test_frames_have_the_size_but_no_picture(self, stored: Path) -> None:
        image = next(iter(LandmarkSource(stored))).image
        assert image.shape == (480, 640, 3)
        assert image.base is not None
        assert not image.any()

    def test_a_session_can_be_replayed_again_and_again(self, stored: Path) -> None:
        replay = LandmarkSource(stored)
        assert [frame.t_s for frame in replay] == [frame.t_s for frame in replay]


class TestRecorder:
    def test_nothing_seen_writes_nothing(self, tmp_path: Path) -> None:
        LandmarkRecorder(tmp_path / "a.npz", Source()).close()
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_cannot_be_written_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        recorder = LandmarkRecorder(tmp_path / "file" / "a.npz", Source())
        recorder.record(Frame(0, 0.0, np.zeros((4, 4, 3), np.uint8)), None)
        with pytest.raises(OutputError, match="cannot be written"):
            recorder.close()

    def test_no_half_file_is_left_behind(self, stored: Path) -> None:
        assert [path.name for path in stored.parent.iterdir()] == ["landmarks.npz"]


Spoil = Callable[[dict[str, Any]], object]


def with_info(**changes: object) -> Spoil:
    def spoil(arrays: dict[str, Any]) -> None:
        info = json.loads(str(arrays["info"]))
        info["source"] |= changes
        arrays["info"] = np.array(json.dumps(info))

    return spoil


class TestRefusals:
    def refusal(self, path: Path) -> str:
        with pytest.raises(SourceError) as caught:
            LandmarkSource(path)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    @pytest.mark.parametrize(
        ("spoil", "words"),
        [
            (lambda a: a.pop("points"), "points"),
            (lambda a: a.update(points=a["points"][:3]), "points"),
            (lambda a: a.update(points=a["points"].astype(np.float64)), "points"),
            (lambda a: a.update(points=a["points"][:, :32]), "points"),
            (lambda a: a.update(contour=a["contour"].astype(object)), "contour"),
            (lambda a: a.update(t_s=a["t_s"] * np.nan), "times"),
            (lambda a: a.update(t_s=a["t_s"][::-1]), "times"),
            (lambda a: a.update(t_s=np.float64(3)), "t_s"),
            (lambda a: a.update(size=a["size"] * 0), "sizes"),
            (lambda a: a.update({name: a[name][:0] for name in a if a[name].ndim}), "no frames"),
            (lambda a: a.update(schema=np.array("posturecam.landmarks/2")), "posturecam.landmarks/2"),
            (lambda a: a.update(schema=np.array(1)), "schema"),
            (lambda a: a.update(info=np.array("{not json")), "description"),
            (lambda a: a.update(info=np.array("[1]")), "description"),
            (lambda a: a.update(info=np.array("[" * 100_000)), "description"),
            (with_info(width="wide"), "description"),
            (with_info(warnings=3), "description"),
        ],
    )
    def test_a_spoilt_file_is_refused_with_the_reason(self, stored: Path, spoil: Spoil, words: str) -> None:
        with np.load(stored) as content:
            arrays = dict(content)
        spoil(arrays)
        np.savez(stored, **arrays)
        assert words in self.refusal(stored)

    def test_a_missing_file(self, tmp_path: Path) -> None:
        assert "There are no stored landmarks" in self.refusal(tmp_path / "none.npz")

    @pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04rubbish"])
    def test_a_file_of_another_kind(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "a.npz").write_bytes(content)
        assert "damaged" in self.refusal(tmp_path / "a.npz")

    @pytest.mark.parametrize("at", [0.2, 0.5, 0.9])
    def test_a_cut_off_or_damaged_file(self, stored: Path, at: float) -> None:
        whole = stored.read_bytes()
        cut = int(len(whole) * at)
        stored.write_bytes(whole[:cut])
        assert "damaged" in self.refusal(stored)
        stored.write_bytes(whole[:cut] + b"\x00" * 40 + whole[cut + 40 :])
        assert "again" in self.refusal(stored)

    def test_an_array_that_declares_a_giant_size_reserves_no_memory(self, stored: Path) -> None:
        with np.load(stored) as content:
            arrays = dict(content)
        np.savez(stored, **arrays)
        header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999, 33, 2), }"
        giant = b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + header.ljust(117) + b"\n"
        with zipfile.ZipFile(stored) as old:
            members = {name: old.read(name) for name in old.namelist()}
        with zipfile.ZipFile(stored, "w") as new:
            for name, member in members.items():
                new.writestr(name, giant if name == "points.npy" else member)
        assert "declares the shape" in self.refusal(stored)
