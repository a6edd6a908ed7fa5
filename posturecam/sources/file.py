"""Recordings and pictures from disk, through PyAV: every frame with its presentation time, upright, in RGB."""

from __future__ import annotations

import dataclasses
import itertools
import queue
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from posturecam.errors import SourceError
from posturecam.files import shown
from posturecam.language import stored
from posturecam.model import Frame, SourceInfo, Times
from posturecam.sources import sentences
from posturecam.sources.container import OPEN_S, most_pixels, open_recording, reason
from posturecam.sources.parts import Timetable, timetable
from posturecam.sources.timing import PresentationClock, Thinner
from posturecam.sources.upright import Upright
from posturecam.sources.waiting import GLANCE_S, STALLED_S, Fruitless, wait_for

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

MOST_HZ = 30.0
"""Frames a second that are looked at, unless all are asked for: nothing that is judged happens faster."""
QUEUE_FRAMES = 6
"""How many decoded frames may wait for inference."""
MISSING_TOLERANCE_S = 0.5
"""A recording that ends earlier than it declares by more than this (and 5 %) is reported as cut off."""
MENDED_SHARE = 0.01
"""Share of the frames up to which mended times are no reason to doubt a tempo: each is wrong by less than a frame."""

LET_GO_S = 0.5
"""How long closing waits for the decoding thread; one that hangs is left behind, and releases the file if it ever ends."""

_END = object()


@dataclass(frozen=True)
class Reading:
    """How a recording is read where it does not say so itself.

    ``turns`` by 90 degrees to the left, after what its own metadata ask for; ``slow_motion`` how many times slower than it was
    it plays. With ``most_hz`` only the frames nearest to so many a second (of real time) are given, at their own times and
    numbers.
    """

    turns: int = 0
    slow_motion: float = 1.0
    most_hz: float | None = None


AS_IT_SAYS = Reading()
"""Upright by its own metadata, and at its own speed."""


class FileSource:
    """A recording (or jpg/png picture, as a recording of one frame) as an iterator of :class:`Frame`; a context manager.

    Frames come with presentation times in seconds that start at 0 and strictly increase: missing or falling ones are
    mended, and ``info`` says so. Rotation metadata and non-square pixels are applied; audio is ignored. ``reading`` turns
    pictures further and undoes slow motion. Pictures over 1280 pixels on the long side are scaled down to that. A file that
    breaks off, or that the decoder cannot get over, is read up to there, with a warning. Nothing but this one file is ever
    opened. Decoding runs ahead in its own thread, which ends with the context manager or the iteration, whatever comes first;
    Ctrl-C is never kept waiting by it.

    Raises :class:`SourceError` when the file is missing, is not a recording, or holds no picture that can be decoded.
    """

    def __init__(self, path: str | Path, reading: Reading = AS_IT_SAYS) -> None:
        self._path = Path(path)
        self._reading = reading
        self._container, self._file = open_recording(self._path)
        self._queue: queue.Queue[object] = queue.Queue(maxsize=QUEUE_FRAMES)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._left_behind = False
        self._warnings: list[str] = []
        self._broken: str | None = None
        self._bad_packets = 0
        self._count = 0
        self._alive_s = time.monotonic()
        try:
            self._stream = video_stream(self._container, self._path)
            self._clock = PresentationClock(_nominal_step(self._stream))
            self._thinner = _thinner(self._stream, reading)
            self._upright: Upright | None = None
            self._frames = self._decode()
            self._head = self._begin()
            self._info = self._describe()
        except BaseException:
            if not self._left_behind:
                self._release()
            raise

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
        try:
            return wait_for(self._timetable, OPEN_S, f"times of {self._path.name}", lambda _late: None)
        except TimeoutError:
            return None

    def _timetable(self) -> Timetable | None:
        container, file = open_recording(self._path)
        with file, container:
            stream = video_stream(container, self._path)
            clock = PresentationClock(_nominal_step(stream))
            return timetable(container, stream, clock, _thinner(stream, self._reading), self._reading.slow_motion)

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
        if self._thread is None:
            self._release()
        else:  # the thread releases the file at its end
            self._thread.join(timeout=LET_GO_S)

    def _release(self) -> None:
        if (frames := getattr(self, "_frames", None)) is not None:
            frames.close()
        self._container.close()
        self._file.close()

    def _begin(self) -> list[Frame]:
        """The first two frames, which tell a picture from a recording; SourceError when there is none."""
        where = shown(self._path)
        try:
            head = wait_for(
                lambda: list(itertools.islice(self._frames, 2)),
                OPEN_S,
                f"begin {self._path.name}",
                lambda _late: self._release(),
            )
        except (TimeoutError, KeyboardInterrupt) as error:
            self._stop.set()
            self._left_behind = True  # the thread still uses the file, and releases it if it ever ends
            if isinstance(error, KeyboardInterrupt):
                raise
            raise SourceError(
                f"{where} shows no picture within {OPEN_S:.0f} s; it may be damaged, so copy it again."
            ) from error
        if not head:
            raise SourceError(
                f"{where} holds no picture that can be decoded; it may be damaged, cut off or far too large, so copy it again."
            )
        return head

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
                    item = self._queue.get(timeout=GLANCE_S)
                except queue.Empty:
                    if self._stop.is_set():
                        return
                    if time.monotonic() - self._alive_s < STALLED_S:
                        continue
                    self._broken = f"the decoder gave no answer for {STALLED_S:.0f} s"
                    item = _END
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
        finally:
            self._release()

    def _put(self, item: object) -> bool:
        while not self._stop.is_set():
            self._alive_s = time.monotonic()
            try:
                self._queue.put(item, timeout=GLANCE_S)
            except queue.Full:
                continue
            return True
        return False

    def _decode(self) -> Generator[Frame, None, None]:
        """Every frame of the file, on whatever thread asks: the first is had before the decoding thread starts."""
        packets = self._container.demux(self._stream)
        fruitless = Fruitless()
        while not self._stop.is_set():
            self._alive_s = time.monotonic()
            try:
                packet = next(packets)
            except StopIteration:
                return
            # not only FFmpeg's errors: PyAV itself stumbles, such as (IndexError) over a stream that appears in mid-file
            except Exception as error:
                self._broken = reason(error)
                return
            try:
                decoded = packet.decode()
            except Exception:
                self._bad_packets += 1
                if fruitless.too_long(self._alive_s):
                    self._broken = f"{fruitless.pieces} pieces of it in a row hold no picture"
                    return
                continue
            fruitless.over()
            for picture in decoded:
                t_s = self._clock.next(_time_s(picture)) / self._reading.slow_motion
                if not self._thinner.wants(t_s):
                    self._count += 1
                    continue
                try:
                    if self._upright is None:
                        self._upright = Upright.of(picture, self._stream).turned(self._reading.turns)
                    image = self._upright.rgb(picture)
                except Exception:  # a picture of an impossible format or size
                    self._bad_packets += 1
                    continue
                self._count += 1
                yield Frame(self._count - 1, t_s, image)

    def _describe(self) -> SourceInfo:
        height, width = self._head[0].image.shape[:2]
        still = self._count == 1
        stream = self._stream
        rate = stream.average_rate or stream.guessed_rate
        slow = self._reading.slow_motion
        declared = _declared_duration(self._container, stream)
        return SourceInfo(
            path=shown(self._path),
            width=width,
            height=height,
            fps=None if still or not rate else float(rate) * slow,
            duration_s=0.0 if still else declared and declared / slow,
            frames=1 if still else (stream.frames or None),
            is_still=still,
            warnings=self._warnings,
        )

    def _finish(self) -> None:
        """Complete ``info`` after the last frame."""
        slow = self._reading.slow_motion
        duration = 0.0 if self._info.is_still else (self._clock.last_s + self._clock.step_s) / slow
        declared = self._info.duration_s
        lasted, before, tell = f"{duration:.1f}", len(self._warnings), self._warnings.append
        if self._broken:
            tell(stored(sentences.BREAKS_OFF, seconds=lasted, error=self._broken))
        elif declared and declared - duration > max(MISSING_TOLERANCE_S, 0.05 * declared):
            tell(stored(sentences.ENDS_EARLY, said=f"{declared:.1f}", seconds=lasted))
        # the piece in which a recording was cut off is not damage of its own; FFmpeg's versions differ in handing it out
        cut_off = len(self._warnings) > before and self._bad_packets == 1
        if self._bad_packets and not cut_off:
            one = self._bad_packets == 1
            tell(sentences.ONE_DAMAGED if one else stored(sentences.DAMAGED, number=self._bad_packets))
        times = self._times()
        if times == "missing":
            tell(stored(sentences.NO_TIMES, rate=f"{1 / self._clock.step_s:.3g}"))
        elif self._clock.mended and not self._info.is_still:
            tell(stored(sentences.MENDED, number=self._clock.mended, all=self._count))
        self._info = dataclasses.replace(self._info, duration_s=duration, frames=self._count, times=times)

    def _times(self) -> Times:
        """Whether the times given out can be trusted; a frame that came half a step late here and there spoils no tempo."""
        clock = self._clock
        if self._info.is_still:
            return "known"
        if clock.missing > self._count / 2:
            return "missing"
        return "mended" if clock.resets or clock.mended > MENDED_SHARE * self._count else "known"


def video_stream(container: InputContainer, path: Path) -> VideoStream:
    """The stream with the pictures, ready to be decoded, or a SourceError that says what there is instead."""
    from av.stream import Disposition

    where = shown(path)
    most = most_pixels(container)
    for stream in container.streams.video:
        if stream.disposition & Disposition.attached_pic:
            continue  # a song's cover
        if stream.codec_context is None:
            raise SourceError(f"{where} uses a video format that cannot be decoded here; convert it to H.264 mp4.")
        if stream.width * stream.height > most:
            raise SourceError(
                f"{where} says its pictures are {stream.width}x{stream.height}, which is too large; scale it down."
            )
        # a size that shows only when a picture is decoded
        stream.codec_context.options = {"max_pixels": str(most)}
        stream.thread_type = "AUTO"
        return stream
    what = "sound but no pictures" if container.streams.audio else "no pictures"
    raise SourceError(f"{where} holds {what}; choose a recording with video.")


def _thinner(stream: VideoStream, reading: Reading) -> Thinner:
    return Thinner(reading.most_hz, _nominal_step(stream) / reading.slow_motion)


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
