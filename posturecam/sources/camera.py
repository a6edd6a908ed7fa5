"""A camera, stream or recording that stands in for one: always the newest frame, and no end to patience."""

from __future__ import annotations

import os
import re
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import numpy as np

from posturecam.errors import SourceError
from posturecam.files import shown
from posturecam.language import msgid, stored
from posturecam.model import Frame, ImageArray, SourceInfo
from posturecam.sources.file import FileSource
from posturecam.sources.stream import StreamDevice, is_stream_address, without_password

WIDTH, HEIGHT, FPS = 640, 480, 30
STALLED_S = 2.0
"""Without a new frame for so long the camera is said to be lost, and opened again."""
RETRY_S = 1.0
GIVE_UP_S = 60.0
HEARTBEAT_S = 0.1
"""While the camera is lost a black frame comes this often, so that window and keys stay alive."""
LOST = msgid("Camera lost, trying again")

Silence = Callable[[], AbstractContextManager[None]]


class Device(Protocol):
    """An opened camera. ``read`` waits for the next picture (RGB); None means that there is none any more."""

    width: int
    height: int
    fps: float | None
    is_file: bool

    def read(self) -> tuple[ImageArray, float] | None:
        """The next picture and the moment it was taken, on :func:`time.monotonic`'s clock."""
        ...

    def close(self) -> None:
        """Release the camera; may be called from another thread."""
        ...


class CvDevice:
    """A camera through OpenCV: an index or a device's path."""

    is_file = False

    def __init__(self, camera: int | str) -> None:
        import cv2

        self._cv2 = cv2
        # only by number: a path OpenCV would also try as a recording, play list or series of pictures
        number = camera if isinstance(camera, int) else _number(camera)
        self._capture: Any = cv2.VideoCapture(number)
        if not self._capture.isOpened():
            self._capture.release()
            raise SourceError(_cannot_open(camera))
        if isinstance(camera, int):
            # motion-JPEG first: many webcams deliver only 5-10 raw frames per second
            self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
            self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
            self._capture.set(cv2.CAP_PROP_FPS, FPS)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self.width = int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH))
        self.height = int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
        fps = float(self._capture.get(cv2.CAP_PROP_FPS))
        self.fps = fps if 1.0 <= fps <= 1000.0 else None

    def read(self) -> tuple[ImageArray, float] | None:
        """Wait for the next picture; None when the camera gives no more."""
        seen, picture = self._capture.read()
        if not seen or picture is None:
            return None
        return self._cv2.cvtColor(picture, self._cv2.COLOR_BGR2RGB), time.monotonic()

    def close(self) -> None:
        """Release the camera."""
        self._capture.release()


class FileDevice:
    """A recording that plays at its own pace times ``speed``, rotation and odd timestamps mended; 0 = as fast as it is taken."""

    is_file = True

    def __init__(self, path: Path, speed: float) -> None:
        self._source = FileSource(path)
        self.width, self.height, self.fps = self._source.info.width, self._source.info.height, self._source.info.fps
        self._speed = speed
        self._frames = iter(self._source)
        self._closed = threading.Event()
        self._begun_s: float | None = None
        self.last_t_s = 0.0

    def read(self) -> tuple[ImageArray, float] | None:
        """Wait until the next frame is due; None at the end."""
        frame = next(self._frames, None)
        if frame is None or self._closed.is_set():
            return None
        self.last_t_s = frame.t_s
        now = time.monotonic()
        if self._speed <= 0:
            return frame.image, now
        if self._begun_s is None:
            self._begun_s = now - frame.t_s / self._speed
        due_s = self._begun_s + frame.t_s / self._speed
        if due_s > now and self._closed.wait(due_s - now):
            return None
        return frame.image, due_s

    def close(self) -> None:
        """Stop waiting and release the file."""
        self._closed.set()
        self._source.close()


def _number(device: str) -> int:
    """The number of a camera named by its path, such as ``/dev/v4l/by-id/...``, which leads to ``/dev/video2``."""
    found = re.fullmatch(r"/dev/video([0-9]{1,3})", os.path.realpath(device))
    if found is None or not Path(device).exists():
        raise SourceError(_cannot_open(device))
    return int(found[1])


def _cannot_open(camera: int | str) -> str:
    if isinstance(camera, int):
        return (
            f"Camera {camera} cannot be opened; plug it in, close other programs that use it, allow this terminal to use it, "
            "or choose another with --camera (posturecam doctor lists them)."
        )
    return f"The camera {shown(camera)} cannot be opened; check its path, or choose another with --camera."


def parse_camera(text: str) -> int | str | Path:
    """What ``--camera`` names: a number, a recording's path, or else a device's path or a stream's address.

    Raises :class:`SourceError` for what is none of these.
    """
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 4:
        return int(text)
    if "://" in text:
        if is_stream_address(text):
            return text
        raise SourceError(f"{shown(text)} is not the address of a camera; it begins with http, https, rtsp or rtmp.")
    path = Path(text)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        if text.startswith("/dev/"):
            return text
        raise SourceError(
            f"There is no file {shown(text)}; give a camera's number, a stream's address or a recording."
        ) from None
    return text if stat.S_ISCHR(mode) else path


def _device(camera: int | str | Path, speed: float) -> Device:
    if isinstance(camera, Path):
        return FileDevice(camera, speed)
    return StreamDevice(camera) if isinstance(camera, str) and is_stream_address(camera) else CvDevice(camera)


@dataclass
class Counters:
    """What happened to frames: ``captured`` by the camera, ``dropped`` because a newer one came, ``losses`` of the camera."""

    captured: int = 0
    dropped: int = 0
    losses: int = 0


@dataclass(frozen=True, eq=False)
class _Slot:
    image: ImageArray
    t_s: float


class CameraSource:
    """The newest frame of a camera as an iterator of :class:`Frame`; a context manager, and may be iterated again and again.

    ``t_s`` runs from the opening on a monotonic clock, times ``speed`` for recordings; with ``speed`` 0 a recording keeps its
    own times and drops nothing. When no frame comes for two seconds, ``trouble`` says so, the camera is opened again and
    again for a minute, and black frames (``is_live`` False) keep the loop going; after that the iteration ends with a warning
    in ``info``. ``open_device`` makes the device, for tests.

    Raises :class:`SourceError` when the camera cannot be opened at the start.
    """

    def __init__(
        self,
        camera: int | str | Path,
        *,
        speed: float = 1.0,
        silence: Silence = nullcontext,
        open_device: Callable[[], Device] | None = None,
    ) -> None:
        self._name = without_password(camera) if isinstance(camera, str) else str(camera)
        self._speed = speed
        self._silence = silence
        self._open = open_device or (lambda: _device(camera, speed))
        with silence():
            self._device = self._open()
        self.counters = Counters()
        self.trouble: str | None = None
        self.is_live = True
        self._info = SourceInfo(self._name, self._device.width, self._device.height, self._device.fps)
        self._opened_s = time.monotonic()
        self._last_frame_s = self._opened_s
        self._slot: _Slot | None = None
        self._changed = threading.Condition()
        self._ended = False
        self._stop = threading.Event()
        self._error: Exception | None = None
        self._index = 0
        self._last_t_s = -1.0
        self._thread = threading.Thread(target=self._capture, name="camera", daemon=True)
        self._thread.start()

    # what others ask ------------------------------------------------------------------------------------------------

    @property
    def info(self) -> SourceInfo:
        """What is known; ``frames`` counts those handed out."""
        duration = max(0.0, self._last_t_s)
        return replace(self._info, frames=self._index, duration_s=duration)

    def now(self) -> float:
        """The time now on the frames' clock, for telling how old a frame is."""
        return (time.monotonic() - self._opened_s) * (self._speed if self._device.is_file and self._speed > 0 else 1.0)

    def __enter__(self) -> CameraSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop capturing and release the camera; may be called more than once. Does not wait for a camera that hangs."""
        self._stop.set()
        with self._changed:
            self._changed.notify_all()
        self._thread.join(timeout=1.0)
        if not self._thread.is_alive():
            with self._silence():
                self._device.close()

    def __iter__(self) -> Iterator[Frame]:
        """The newest frame each time; black ones while the camera is lost."""
        while True:
            slot = self._take()
            if self._stop.is_set() or (slot is None and self._ended):
                if self._error is not None:
                    self._info.warnings.append(stored("The camera stopped: {error}", error=self._error))
                    self._error = None
                return
            self.is_live = slot is not None
            if slot is not None:
                image, t_s = slot.image, slot.t_s
            else:
                image, t_s = np.zeros((self._info.height, self._info.width, 3), np.uint8), self.now()
            t_s = max(t_s, self._last_t_s + 1e-6)
            frame = Frame(self._index, t_s, image)
            self._last_t_s = t_s
            self._index += 1
            yield frame

    # the two threads ------------------------------------------------------------------------------------------------

    def _take(self) -> _Slot | None:
        """Wait for the newest frame; None when the camera is lost (at the heartbeat's pace) or has ended."""
        with self._changed:
            while self._slot is None and not self._ended and not self._stop.is_set():
                lost = self.trouble is not None
                self._changed.wait(HEARTBEAT_S if lost else 0.5)
                if self._slot is not None or self._stop.is_set():
                    break
                silent_s = time.monotonic() - self._last_frame_s
                if not self._is_lockstep() and silent_s > STALLED_S:
                    self._report_loss()
                    self._ended |= silent_s > GIVE_UP_S + 2 * RETRY_S  # a driver that hangs never comes to reopening
                    return None
            slot, self._slot = self._slot, None
            self._changed.notify_all()
            return slot

    def _report_loss(self) -> None:
        if self.trouble is None:
            self.trouble = LOST
            self.counters.losses += 1
            after_s = f"{self._last_frame_s - self._opened_s:.0f}"
            self._info.warnings.append(stored("The camera was lost after {seconds} s.", seconds=after_s))

    def _is_lockstep(self) -> bool:
        return self._device.is_file and self._speed <= 0

    def _capture(self) -> None:
        """The camera's thread."""
        try:
            while not self._stop.is_set():
                taken = self._device.read()
                if taken is not None:
                    self._offer(*taken)
                elif self._device.is_file or not self._reopen():
                    break
        except Exception as error:  # whatever ends the thread must reach the reader of the frames
            self._error = error
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _offer(self, image: ImageArray, taken_s: float) -> None:
        with self._changed:
            if self._is_lockstep():
                while self._slot is not None and not self._stop.is_set():
                    self._changed.wait(0.5)
                t_s = self._device.last_t_s  # type: ignore[attr-defined]
            else:
                t_s = (taken_s - self._opened_s) * (self._speed if self._device.is_file else 1.0)
            self.counters.captured += 1
            self.counters.dropped += self._slot is not None
            self._slot = _Slot(image, t_s)
            self._last_frame_s = time.monotonic()
            self.trouble = None
            self._changed.notify_all()

    def _reopen(self) -> bool:
        """Open the lost camera again and again; False when it did not come back in time."""
        lost_s = self._last_frame_s
        with self._changed:
            self._report_loss()
        self._device.close()
        while time.monotonic() - lost_s < GIVE_UP_S:
            if self._stop.wait(RETRY_S):
                return False
            try:
                with self._silence():
                    self._device = self._open()
            except (SourceError, OSError):
                continue
            return True
        self._info.warnings.append(
            stored("The camera did not come back within {seconds} s.", seconds=f"{GIVE_UP_S:.0f}")
        )
        return False
