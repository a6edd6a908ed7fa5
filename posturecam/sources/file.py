"""Recordings and pictures from disk, through PyAV: every frame with its presentation time, upright, in RGB."""

from __future__ import annotations

import dataclasses
import itertools
import queue
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from posturecam.errors import SourceError
from posturecam.model import Frame, SourceInfo
from posturecam.sources.parts import Timetable, timetable
from posturecam.sources.timing import PresentationClock, Thinner
from posturecam.sources.upright import Upright

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

QUEUE_FRAMES = 6
"""How many decoded frames may wait for inference."""
MAX_PIXELS = 120_000_000
"""A declared size over this is an attack or rubbish, not a recording."""
MISSING_TOLERANCE_S = 0.5
"""A recording that ends earlier than it declares by more than this (and 5 %) is reported as cut off."""

TRY_INSTEAD = "try mp4, mov, mkv, webm, jpg or png"
PLAY_LISTS = ("concat", "concatf", "hls", "dash", "imf")

_END = object()


class FileSource:
    """A recording (or jpg/png picture, as a recording of one frame) as an iterator of :class:`Frame`; a context manager.

    Frames come with presentation times in seconds that start at 0 and strictly increase: missing or falling ones are
    mended, and ``info.warnings`` says so. Rotation metadata and non-square pixels are applied; audio is ignored. Pictures
    over 1280 pixels on the long side are scaled down to that. A file that breaks off is read up to the break, with a
    warning. Decoding runs ahead in its own thread, which ends with the context manager or the iteration, whatever comes
    first.

    Raises :class:`SourceError` when the file is missing, is no recording, or holds no picture that can be decoded.
    """

    def __init__(self, path: str | Path, most_hz: float | None = None) -> None:
        """Open it; with ``most_hz`` only the frames nearest to so many a second are given, at their own times and numbers."""
        self._path = Path(path)
        self._container = open_recording(self._path)
        try:
            self._stream = video_stream(self._container, self._path)
            self._thinner = Thinner(most_hz, _nominal_step(self._stream))
            self._upright: Upright | None = None
            self._clock = PresentationClock(_nominal_step(self._stream))
            self._warnings: list[str] = []
            self._broken: str | None = None
            self._bad_packets = 0
            self._count = 0
            self._frames = self._decode()
            self._head = list(itertools.islice(self._frames, 2))  # two, to tell a picture from a recording
            if not self._head:
                raise SourceError(
                    f"{self._path} holds no picture that can be decoded; it may be damaged or cut off, so copy it anew."
                )
            self._info = self._describe()
        except BaseException:
            self._container.close()
            raise
        self._queue: queue.Queue[object] = queue.Queue(maxsize=QUEUE_FRAMES)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def info(self) -> SourceInfo:
        """What is known so far; ``frames``, ``duration_s`` and ``warnings`` are final once the iteration has ended."""
        return self._info

    @property
    def upright(self) -> Upright:
        """How the pictures are turned."""
        assert self._upright is not None, "the first picture has been decoded"
        return self._upright

    def timetable(self) -> Timetable | None:
        """When each frame is due, read from the file without decoding it; None where that is not known for sure.

        It is known when every frame has a time of its own and none had to be mended, and nothing is damaged. The source itself
        is left as it is.
        """
        with open_recording(self._path) as container:
            stream = video_stream(container, self._path)
            return timetable(container, stream, PresentationClock(_nominal_step(stream)), self._thinner.fresh())

    def complete(self, table: Timetable) -> SourceInfo:
        """What ``info`` is after the last frame, when others have read them all as the ``table`` says."""
        self._clock, self._count = table.clock, table.count
        self._finish()
        return self._info

    def __enter__(self) -> FileSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop decoding and release the file; may be called at any time and more than once."""
        if self._closed:
            return
        self._closed = True
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10.0)
        if self._thread is None or not self._thread.is_alive():
            self._frames.close()
            self._container.close()

    def __iter__(self) -> Iterator[Frame]:
        """The frames, once; closes the file at the end or when the loop is left."""
        if self._thread is not None or self._closed:
            raise RuntimeError("a FileSource can be read only once")
        self._thread = threading.Thread(target=self._produce, name=f"decode {self._path.name}", daemon=True)
        self._thread.start()
        return self._consume()

    def _consume(self) -> Iterator[Frame]:
        try:
            while True:
                try:
                    item = self._queue.get(timeout=0.5)
                except queue.Empty:
                    if self._stop.is_set():
                        return
                    continue
                if item is _END:
                    self._finish()
                    return
                if isinstance(item, BaseException):
                    raise item
                assert isinstance(item, Frame)
                yield item
        finally:
            self.close()

    def _produce(self) -> None:
        """The decoding thread: puts every frame into the queue, then ``_END`` or the exception that ended it."""
        try:
            head, self._head = self._head, []
            for frame in itertools.chain(head, self._frames):
                if not self._put(frame):
                    return
            self._put(_END)
        except BaseException as error:
            self._put(error)

    def _put(self, item: object) -> bool:
        while not self._stop.is_set():
            try:
                self._queue.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def _decode(self) -> Generator[Frame, None, None]:
        """Every frame of the file, on whatever thread asks: the first is had before the decoding thread starts."""
        import av

        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except (av.error.FFmpegError, OSError) as error:
                self._broken = _reason(error)
                return
            try:
                decoded = packet.decode()
            except av.error.FFmpegError:
                self._bad_packets += 1
                continue
            for picture in decoded:
                if self._upright is None:
                    self._upright = Upright.of(picture, self._stream)
                t_s = self._clock.next(_time_s(picture))
                self._count += 1
                if self._thinner.wants(t_s):
                    yield Frame(self._count - 1, t_s, self._upright.rgb(picture))

    def _describe(self) -> SourceInfo:
        height, width = self._head[0].image.shape[:2]
        still = self._count == 1
        stream = self._stream
        rate = stream.average_rate or stream.guessed_rate
        return SourceInfo(
            path=str(self._path),
            width=width,
            height=height,
            fps=None if still or not rate else float(rate),
            duration_s=0.0 if still else _declared_duration(self._container, stream),
            frames=1 if still else (stream.frames or None),
            is_still=still,
            warnings=self._warnings,
        )

    def _finish(self) -> None:
        """Complete ``info`` after the last frame."""
        duration = 0.0 if self._info.is_still else self._clock.last_s + self._clock.step_s
        declared = self._info.duration_s
        before = len(self._warnings)
        if self._broken:
            self._warnings.append(
                f"The recording breaks off after {duration:.1f} s ({self._broken}); the rest is missing."
            )
        elif declared and declared - duration > max(MISSING_TOLERANCE_S, 0.05 * declared):
            self._warnings.append(
                f"The recording says it lasts {declared:.1f} s but its pictures end after {duration:.1f} s; the rest is missing."
            )
        # the piece in which a recording was cut off is no damage of its own; FFmpeg's versions differ in handing it out
        cut_off = len(self._warnings) > before and self._bad_packets == 1
        if self._bad_packets and not cut_off:
            count = "one damaged piece" if self._bad_packets == 1 else f"{self._bad_packets} damaged pieces"
            self._warnings.append(f"The recording is damaged: {count} of it had to be left out.")
        if self._clock.mended and not self._info.is_still:
            self._warnings.append(
                f"{self._clock.mended} of {self._count} frames had a missing or falling time, which was mended."
            )
        self._info = dataclasses.replace(self._info, duration_s=duration, frames=self._count)


def open_recording(path: Path) -> InputContainer:
    """The opened container, or a SourceError that says what the path is instead."""
    import av

    try:
        if not path.exists():
            raise SourceError(f"There is no file {path}; check the name.")
        if path.is_dir():
            raise SourceError(f"{path} is a folder; name the recordings in it.")
        if path.stat().st_size == 0:
            raise SourceError(f"{path} is empty (0 bytes); copy or record it anew.")
        # Only files, and %d in a name means no series of pictures.
        options = {"protocol_whitelist": "file", "pattern_type": "none"}
        container = av.open(f"file:{path}", options=options, metadata_errors="replace")
    except OSError as error:  # also FFmpeg's own errors of this kind, such as a missing permission
        raise SourceError(f"{path} cannot be opened ({_reason(error)}).") from error
    except (av.error.FFmpegError, ValueError) as error:
        raise SourceError(
            f"{path} is not a recording or picture that can be read ({_reason(error)}); {TRY_INSTEAD}."
        ) from error
    if container.format.name in PLAY_LISTS:
        container.close()
        raise SourceError(f"{path} is a play list, which names other files; name the recording itself.")
    return container


def video_stream(container: InputContainer, path: Path) -> VideoStream:
    """The stream with the pictures, ready to be decoded, or a SourceError that says what there is instead."""
    from av.stream import Disposition

    for stream in container.streams.video:
        if stream.disposition & Disposition.attached_pic:
            continue  # a song's cover
        if stream.codec_context is None:
            raise SourceError(f"{path} uses a video format that cannot be decoded here; convert it to H.264 mp4.")
        if stream.width * stream.height > MAX_PIXELS:
            raise SourceError(
                f"{path} says its pictures are {stream.width}x{stream.height}, which is too large; scale it down."
            )
        stream.thread_type = "AUTO"
        return stream
    what = "sound but no pictures" if container.streams.audio else "no pictures"
    raise SourceError(f"{path} holds {what}; choose a recording with video.")


def _nominal_step(stream: VideoStream) -> float:
    rate = stream.average_rate or stream.guessed_rate
    return 1.0 / float(rate) if rate and 0.01 < float(rate) < 1000 else 1.0 / 30.0


def _declared_duration(container: InputContainer, stream: VideoStream) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    if container.duration and len(container.streams) == 1:
        return container.duration / 1_000_000
    return None


def _time_s(picture: VideoFrame) -> float | None:
    if picture.pts is None or picture.time_base is None:
        return None
    return float(picture.pts * picture.time_base)


def _reason(error: Exception) -> str:
    """FFmpeg's own words for the error, without number and path."""
    text = getattr(error, "strerror", None) or str(error)
    return text[:1].lower() + text[1:]
