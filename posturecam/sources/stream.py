"""A network camera through PyAV: a stream's newest picture, from an address that can lead nowhere else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np

from posturecam.errors import SourceError
from posturecam.model import ImageArray
from posturecam.sources.container import MAX_VIDEO_PIXELS, reason
from posturecam.sources.upright import Upright
from posturecam.sources.waiting import wait_for

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

OPEN_S = 10.0
READ_S = 10.0
"""A camera that sends nothing for so long has gone; it is then opened again."""

FORMATS = ("rtsp", "sdp", "rtp", "mpjpeg", "mjpeg", "mpegts", "flv", "live_flv", "matroska", "mov", "h264", "hevc")
"""What cameras and phones' camera programs send; no play lists, which name other addresses."""
PROTOCOLS = {
    "http": "http,tcp",
    "https": "https,tls,tcp",
    "rtsp": "rtsp,rtp,rtcp,udp,tcp",
    "rtsps": "rtsps,rtsp,rtp,rtcp,udp,tcp,tls",
    "rtmp": "rtmp,tcp",
    "rtmps": "rtmps,rtmp,tls,tcp",
}
"""What each kind of address may open: neither files nor other kinds of address, wherever the server points to."""


def is_stream_address(text: str) -> bool:
    """Whether this is an address of a kind that a camera may have."""
    return urlsplit(text).scheme.lower() in PROTOCOLS if "://" in text else False


class StreamDevice:
    """A stream (http, https, rtsp, rtmp) as the device of :class:`posturecam.sources.camera.CameraSource`.

    Raises :class:`SourceError` when it does not open within ten seconds or shows no moving pictures.
    """

    is_file = False

    def __init__(self, address: str) -> None:
        named = without_password(address)
        begun_s = time.monotonic()
        try:
            self._container = wait_for(lambda: _opened(address), OPEN_S + 1, "open camera", lambda late: late.close())
        except Exception as error:
            late = time.monotonic() - begun_s >= OPEN_S
            raise SourceError(
                _cannot_open(named, f"no answer within {OPEN_S:.0f} s" if late else reason(error))
            ) from error
        try:
            self._stream = _video(self._container, named)
        except BaseException:
            self._container.close()
            raise
        self.width, self.height = self._stream.width, self._stream.height
        rate = float(self._stream.average_rate or self._stream.guessed_rate or 0)
        self.fps = rate if 1.0 <= rate <= 1000.0 else None
        self._pictures = self._container.decode(self._stream)
        self._upright: Upright | None = None

    def read(self) -> tuple[ImageArray, float] | None:
        """Wait for the next picture; None when the stream has ended, broken off or fallen silent."""
        try:
            picture = next(self._pictures)
            self._upright = self._upright or Upright.of(picture, self._stream)
            return np.asarray(self._upright.rgb(picture), np.uint8), time.monotonic()
        except Exception:  # a stream ends in as many ways as there are cameras: all of them mean "open it again"
            return None

    def close(self) -> None:
        """Release the stream."""
        self._container.close()


def without_password(address: str) -> str:
    """The address as it may be shown and stored: without user and password."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _opened(address: str) -> InputContainer:
    import av

    scheme = urlsplit(address).scheme.lower()
    options = {
        "format_whitelist": ",".join(FORMATS),
        "protocol_whitelist": PROTOCOLS[scheme],
        "max_pixels": str(MAX_VIDEO_PIXELS),
    }
    if scheme.startswith("rtsp"):
        options["rtsp_transport"] = "tcp"  # through firewalls, and without grey smears after a lost packet
    return av.open(address, options=options, metadata_errors="replace", timeout=(OPEN_S, READ_S))


def _video(container: InputContainer, named: str) -> VideoStream:
    for stream in container.streams.video:
        if stream.codec_context is not None and 0 < stream.width * stream.height <= MAX_VIDEO_PIXELS:
            stream.codec_context.options = {"max_pixels": str(MAX_VIDEO_PIXELS)}
            stream.thread_type = "SLICE"  # threads that take a frame each would keep back as many frames
            return stream
    raise SourceError(_cannot_open(named, "it sends no pictures that can be decoded"))


def _cannot_open(named: str, why: str) -> str:
    return (
        f"The camera {named} cannot be opened ({why}); check the address and that the camera is on, "
        "or choose another with --camera."
    )
