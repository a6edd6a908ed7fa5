"""Files that may come from anywhere and were found to upset their readers (by ``python -m benchmarks.fuzz``)."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from posturecam.errors import CallError, ModelError, SourceError, SpecError
from posturecam.model import SourceInfo
from posturecam.pose import npm, wheel
from posturecam.poses import PoseSequence, load
from posturecam.report.evaluation import read_truth
from posturecam.spec.load import load_file


@pytest.mark.parametrize("number", ["1e999", "NaN", "-Infinity", '"x"', "[]"])
@pytest.mark.parametrize("field", ["width", "frames", "duration_s", "fps"])
def test_landmarks_whose_description_holds_no_numbers(tmp_path: Path, field: str, number: str) -> None:
    path = tmp_path / "landmarks.npz"
    poses = PoseSequence()
    poses.append(0.0, None, 64, 48)
    poses.save(path, SourceInfo("clip.mp4", 64, 48, 25.0, 1.0, 1), {})
    with np.load(path) as bundle:
        arrays = dict(bundle)
    content = json.loads(str(arrays["info"]))
    content["source"][field] = "HERE"
    arrays["info"] = np.array(json.dumps(content).replace('"HERE"', number))
    np.savez(path, **arrays)
    with pytest.raises(SourceError, match="its description is damaged"):
        load(path)


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 100_000, "\ufeff[]", "3", '[{"clip": 3}]', '{"clip": "x"}', '[{"clip": "\\ud800"}]'],
)
def test_a_truth_file_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "truth.json").write_text(text, "utf-8")
    with pytest.raises(CallError, match=r"truth\.json"):
        read_truth(tmp_path)


def test_pipes_and_devices_are_not_waited_for(tmp_path: Path) -> None:
    for name in ("truth.json", "mine.yaml"):
        os.mkfifo(tmp_path / name)
    with pytest.raises(CallError, match="it is a device or pipe"):
        read_truth(tmp_path)
    with pytest.raises(SpecError, match="it is a device or pipe"):
        load_file(tmp_path / "mine.yaml")
    with pytest.raises(SpecError, match="it is a device or pipe"):
        load_file(Path("/dev/null"))


def test_a_truth_file_without_end(tmp_path: Path) -> None:
    with (tmp_path / "truth.json").open("wb") as file:
        file.truncate(3_000_000_000)
    with pytest.raises(CallError, match="it is larger than"):
        read_truth(tmp_path)


def test_a_wheel_whose_weights_are_damaged(tmp_path: Path) -> None:
    path = tmp_path / "mediapipe.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(wheel.DETECTOR, bytes(range(256)) * 40)
    content = bytearray(path.read_bytes())
    start = content.index(wheel.DETECTOR.encode()) + len(wheel.DETECTOR)
    content[start : start + 60] = b"\xff" * 60
    path.write_bytes(content)
    with pytest.raises(ModelError, match="is damaged or not Google's"):
        wheel._weights(path, wheel.DETECTOR)


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b" + b"\xff" * 100, b"rubbish" * 1000])
def test_a_package_that_is_rubbish(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "package.tgz").write_bytes(content)
    with pytest.raises(ModelError, match="is damaged or not Google's"):
        npm._weights(tmp_path / "package.tgz", "x.tflite")
