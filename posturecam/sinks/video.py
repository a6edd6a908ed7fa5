"""The overlay as an H.264 file that browsers and phones play, at the source's own presentation times."""

from __future__ import annotations

import contextlib
import errno
import multiprocessing
import os
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from posturecam.errors import OutputError
from posturecam.files import whole_file
from posturecam.model import ImageArray

TICKS = 90_000
FPS_HINT = 30
QUALITY = "24"
# x264's look-ahead holds whole pictures: a short one keeps memory small, and no B-frames keeps times plain for every player
X264 = {"preset": "superfast", "crf": QUALITY, "bf": "0", "rc-lookahead": "10", "g": "60"}
WHOLE = {"movflags": "+faststart", "use_editlist": "0"}
FRAGMENTS = {
    "movflags": "+empty_moov+default_base_moof+frag_keyframe",
    "frag_duration": "500000",
    "flush_packets": "1",
    "use_editlist": "0",
}
"""A fragment at least every half second, and nothing in the file that a later write has to put right."""
ROOM_BYTES = 8_000_000


class VideoWriter:
    """Writes pictures of one even size to ``path`` (mp4, yuv420p, index at the front), whole or not at all.

    A picture of moment ``t_s`` stands at ``t_s - origin_s`` in the file; the first is shown from the file's beginning on, so that
    the file's clock is the report's. Nothing is left behind when no picture came or when writing failed. The encoder's threads
    work beside the caller; a handful of pictures wait in it at the most.

    A ``lasting`` video is not whole or nothing: it grows in its own place, in fragments, and plays up to its last second however
    the program ends. On a full disk it keeps what it has but for its end, which makes room for what matters more.
    """

    title = "The overlay video"

    def __init__(
        self, path: str | Path, origin_s: float = 0.0, *, lasting: bool = False, threads: int | None = None
    ) -> None:
        """Open the file, to be encoded by so many ``threads``; raises OutputError when it cannot be written."""
        self._path = Path(path)
        self._lasting = lasting
        self._part = self._path if lasting else self._path.with_name(f".{self._path.name}.{os.getpid()}.part")
        self._origin_s = origin_s
        # a process that works for another shares the cores with its like
        self._threads = threads or (1 if multiprocessing.parent_process() else min(4, os.cpu_count() or 1))
        self._stream: Any = None
        self._last_tick = -1
        self._closed = False
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if not lasting:
                self._part.touch()  # the muxer opens its file only with the first picture
            self._container: Any = av.open(str(self._part), "w", format="mp4", options=FRAGMENTS if lasting else WHOLE)
        except OSError as error:
            self._discard()
            raise self._failure(error) from error

    def show(self, canvas: ImageArray, t_s: float) -> None:
        """Take the RGB picture of moment ``t_s``; raises OutputError when it cannot be written, and the file is then gone."""
        if self._closed:
            return
        tick = 0 if self._last_tick < 0 else max(round((t_s - self._origin_s) * TICKS), self._last_tick + 1)
        try:
            if self._stream is None:
                self._stream = self._open_stream(canvas.shape[1], canvas.shape[0])
            # without a copy: the encoder turns it into its own colours before the next picture comes
            picture = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(canvas), format="rgb24")
            picture.pts, picture.time_base = tick, Fraction(1, TICKS)
            self._container.mux(self._stream.encode(picture))
        except (OSError, ValueError, av.error.FFmpegError) as error:
            self._abandon()
            raise self._failure(error) from error
        self._last_tick = tick

    def close(self) -> None:
        """Finish the file; a second call does nothing. Raises OutputError when it cannot be finished."""
        if self._closed:
            return
        if self._stream is None:
            self._abandon()
            return
        self._closed = True
        try:
            self._container.mux(self._stream.encode(None))
            self._container.close()
            if self._lasting:
                _join_fragments(self._path)
            else:
                self._part.replace(self._path)
        except (OSError, av.error.FFmpegError) as error:
            self._discard()
            raise self._failure(error) from error

    def _open_stream(self, width: int, height: int) -> Any:
        stream = self._container.add_stream("libx264", rate=FPS_HINT, options=X264)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.time_base = stream.time_base = Fraction(1, TICKS)
        stream.codec_context.thread_count = self._threads
        return stream

    def _abandon(self) -> None:
        """Give up: close what is open and remove the unfinished file."""
        self._closed = True
        with contextlib.suppress(OSError, ValueError, av.error.FFmpegError):
            self._container.close()
        self._discard()

    def _discard(self) -> None:
        with contextlib.suppress(OSError):
            if not self._lasting:
                self._part.unlink(missing_ok=True)
            elif self._last_tick >= 0:
                self._cut_end()

    def _cut_end(self) -> None:
        """Give back the end of a video that failed, to make room for the report; nothing is left of a short one."""
        kept = self._part.stat().st_size - ROOM_BYTES
        if kept > 0:
            os.truncate(self._part, kept)
        else:
            self._part.unlink()

    def _failure(self, error: Exception) -> OutputError:
        return _failure(self._path, error, "--record" if self._lasting else "--overlay")


def join(parts: Sequence[tuple[float, Path]], path: Path) -> None:
    """Put files of a :class:`VideoWriter`, each with the moment it begins at, together into ``path`` without encoding them again.

    Whole or not at all; raises OutputError when it cannot be written, ValueError when the parts do not fit together.
    """
    try:
        with whole_file(path) as file, av.open(file, "w", format="mp4", options=WHOLE) as whole:
            stream: Any = None
            head: bytes | None = None
            for begin_s, part in parts:
                with av.open(str(part)) as container:
                    source = container.streams.video[0]
                    if stream is None:
                        stream = whole.add_stream_from_template(source)
                        stream.time_base = Fraction(1, TICKS)
                        head = source.codec_context.extradata
                    if source.codec_context.extradata != head:
                        raise ValueError(f"{part} is encoded otherwise than the parts before it")
                    _append(whole, stream, container.demux(source), round(begin_s * TICKS))
    except (OSError, av.error.FFmpegError) as error:
        raise _failure(path, error, "--overlay") from error


def _append(whole: Any, stream: Any, packets: Iterable[Any], offset: int) -> None:
    for packet in packets:
        if packet.dts is None:
            continue  # the end
        tick = round(packet.pts * packet.time_base * TICKS) + offset
        packet.time_base = Fraction(1, TICKS)
        packet.pts = packet.dts = tick  # without B-frames they are the same
        packet.stream = stream
        whole.mux(packet)


def _failure(path: Path, error: Exception, option: str) -> OutputError:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return OutputError(f"{path} cannot be written: the disk is full; make room, or go without {option}.")
    why = getattr(error, "strerror", None) or str(error)
    return OutputError(f"{path} cannot be written ({why}); choose another place with --out.")


def _join_fragments(path: Path) -> None:
    """Give a finished video of fragments its index at the front, as players like it best; without room it stays as it is."""
    with (
        contextlib.suppress(OSError, ValueError, av.error.FFmpegError),
        whole_file(path) as file,
        av.open(str(path)) as source,
        av.open(file, "w", format="mp4", options=WHOLE) as target,
    ):
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
