"""What works on this machine, and what to do about what does not."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from posturecam import __version__
from posturecam.errors import PosturecamError

LIBRARIES_ADVICE = "on Debian or Ubuntu: apt install libgl1 libegl1 libgles2 libglib2.0-0 libxcb1"
"""What opencv (libGL, glib, xcb) and mediapipe (libEGL, libGLESv2) link to and their wheels do not bring."""
PACKAGES = ("numpy", "opencv-python", "mediapipe", "av", "pydantic", "PyYAML", "Jinja2", "matplotlib")
RIVALS = ("opencv-contrib-python", "opencv-python-headless", "opencv-contrib-python-headless")
MAX_CAMERAS = 4


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's list; ``advice`` says what to do unless ``state`` is "ok"."""

    state: Literal["ok", "note", "missing"]
    subject: str
    detail: str
    advice: str | None = None


def examine() -> Iterator[Finding]:
    """Every finding in turn; an examination that fails becomes a finding itself."""
    for subject, check in CHECKS:
        try:
            yield from check()
        except PosturecamError as error:
            yield Finding("missing", subject, str(error), "mend that, then run the doctor again")
        except Exception as error:
            yield Finding("note", subject, f"could not be examined ({type(error).__name__}: {error})", "report this")


def _python() -> Iterator[Finding]:
    where = f"{platform.system()} {platform.machine()}"
    yield Finding("ok", "Python", f"{platform.python_version()} on {where}, posturecam {__version__}")


def _packages() -> Iterator[Finding]:
    for name in PACKAGES:
        version = _version(name)
        if version is None:
            yield Finding("missing", name, "not installed", f"pip install {name}")
        else:
            yield Finding("ok", name, version)
    for name in RIVALS:
        if _version(name) is not None:
            advice = f"pip uninstall {name}, then pip install --force-reinstall opencv-python"
            yield Finding("missing", name, "is installed too and overwrites files of opencv-python", advice)


def _native() -> Iterator[Finding]:
    for module, subject in (("cv2", "opencv loads"), ("mediapipe.tasks.python.vision", "mediapipe loads")):
        try:
            from posturecam.pose.quiet import native_stderr_silenced

            with native_stderr_silenced():
                importlib.import_module(module)
                if module != "cv2":
                    _load_mediapipe_library()
            yield Finding("ok", subject, "yes")
        except (ImportError, OSError) as error:
            yield Finding("missing", subject, f"no: {_one_line(error)}", LIBRARIES_ADVICE)


def _load_mediapipe_library() -> None:
    """Open MediaPipe's native library, which it does itself only on first use: here a missing system library is explained."""
    import ctypes

    from posturecam.pose.native import library_path

    if library := library_path():
        ctypes.CDLL(str(library))


def _privacy() -> Iterator[Finding]:
    """Which mediapipe is loaded, which need not be the installed one, and whether it could talk to the network."""
    from posturecam.pose.native import library_path, network_traces
    from posturecam.pose.quiet import native_stderr_silenced

    with native_stderr_silenced():
        import mediapipe

        library = library_path()
    version = f"mediapipe {getattr(mediapipe, '__version__', 'of unknown version')}"
    traces = network_traces(library) if library else []
    if library is None:
        advice = "pip install --force-reinstall 'mediapipe>=0.10.30,<0.10.32'"
        yield Finding("note", "Network", f"{version} has no native library that could be examined", advice)
    elif traces:
        detail = f"{version} could talk to the network ({', '.join(traces[:3])}): it may report its use to its maker"
        yield Finding("missing", "Network", detail, "pip install 'mediapipe>=0.10.30,<0.10.32', which cannot")
    elif sys.platform.startswith("linux"):
        yield Finding("ok", "Network", f"{version} holds no network code")
    else:
        yield Finding("ok", "Network", f"{version} holds no usage log (its imported functions are read on Linux only)")


def _model() -> Iterator[Finding]:
    from posturecam.pose.models import DEFAULT_MODEL, ENVIRONMENT_VARIABLE, ready_model

    chosen = os.environ.get(ENVIRONMENT_VARIABLE)
    path = ready_model()
    if path is not None:
        yield Finding("ok", "Pose model", f"{path}" + (f" (from {ENVIRONMENT_VARIABLE})" if chosen else ""))
    else:
        detail = f"'{chosen or DEFAULT_MODEL}' has not been fetched yet"
        yield Finding("missing", "Pose model", detail, "posturecam model fetch (once, with a network)")


def _cameras() -> Iterator[Finding]:
    numbers: list[int] = list(range(MAX_CAMERAS))
    if sys.platform.startswith("linux"):
        numbers = [number for number in numbers if Path(f"/dev/video{number}").exists()]
    found = [text for number in numbers if (text := _probe_camera(number))]
    if found:
        yield Finding("ok", "Cameras", ", ".join(found))
    elif numbers and sys.platform.startswith("linux"):
        advice = "close other programs that use it; on Linux join the group video"
        yield Finding("note", "Cameras", "one is there but gives no picture", advice)
    else:
        advice = "plug one in for live sessions (allow the terminal to use it); recordings work without"
        yield Finding("note", "Cameras", "none found", advice)


def _probe_camera(number: int) -> str | None:
    from posturecam.pose.quiet import native_stderr_silenced

    with native_stderr_silenced():
        import cv2

        camera = cv2.VideoCapture(number)
        try:
            seen, picture = camera.read() if camera.isOpened() else (False, None)
        finally:
            camera.release()
    return f"{number} ({picture.shape[1]}x{picture.shape[0]})" if seen and picture is not None else None


def _display() -> Iterator[Finding]:
    import cv2

    gui = next((line.split(":", 1)[1].strip() for line in cv2.getBuildInformation().splitlines() if "GUI:" in line), "")
    if gui in ("", "NONE"):
        advice = "pip uninstall the headless opencv and install opencv-python"
        yield Finding("note", "Display", "this opencv opens no windows", advice)
    elif sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        advice = "run on a desktop for the live window, or use live --no-window; recordings need none"
        yield Finding("note", "Display", "none (no DISPLAY)", advice)
    else:
        yield Finding("ok", "Display", f"windows through {gui}")


def _video() -> Iterator[Finding]:
    import av

    try:
        av.Codec("libx264", "w")
        yield Finding("ok", "Video", f"H.264 (libx264) in PyAV {av.__version__}")
    except (ValueError, av.error.FFmpegError):
        advice = "pip install --force-reinstall --only-binary=av av; overlays are not written until then"
        yield Finding("missing", "Video", "this PyAV cannot write H.264", advice)


def _voice() -> Iterator[Finding]:
    engine = {"darwin": "say", "win32": None}.get(sys.platform, "espeak-ng")
    program = shutil.which(engine) if engine else "SAPI"
    if program is None and engine == "espeak-ng":
        program = shutil.which("espeak")
    if _version("pyttsx3") is None and program is None:
        yield Finding("note", "Voice", "none", f"apt install espeak-ng, or pip install 'posturecam[voice]' ({engine})")
    elif program is None:
        yield Finding("note", "Voice", "pyttsx3 is here, but nothing that speaks", "apt install espeak-ng")
    else:
        library = _version("pyttsx3")
        yield Finding("ok", "Voice", program + (f", pyttsx3 {library}" if library else ""))


def _fonts() -> Iterator[Finding]:
    import cv2

    cv2.FontFace("sans")
    yield Finding("ok", "Fonts", "opencv's own, with accents and signs")


def _folders() -> Iterator[Finding]:
    from posturecam.app.kept_looks import former_looks
    from posturecam.pose.models import cache_folder

    folder = cache_folder()
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if os.access(existing, os.W_OK):
        yield Finding("ok", "Cache", str(folder))
    else:
        yield Finding("missing", "Cache", f"{folder} cannot be written", f"make {existing} writable")
    if (looks := former_looks()) is not None:
        yield Finding("note", "Cache", f"landmarks of clips that were tested lie in {looks}", "delete that folder")


CHECKS: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
    ("Python", _python),
    ("Packages", _packages),
    ("Libraries", _native),
    ("Network", _privacy),
    ("Pose model", _model),
    ("Cameras", _cameras),
    ("Display", _display),
    ("Video", _video),
    ("Voice", _voice),
    ("Fonts", _fonts),
    ("Cache", _folders),
)


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _one_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
