"""A recording in parts, so that several processes can read it at once and together give what one would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from posturecam.model import FloatArray, Frame
from posturecam.sources.timing import PresentationClock, Thinner
from posturecam.sources.upright import Upright
from posturecam.sources.waiting import STALLED_S, wait_for

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

DECODE_SHARE = 0.1
"""Time that decoding a frame takes over that of looking at it: 0.6 of 13 ms at 640x360, 3 of 16 ms at 960x540."""
KEY_SHARE = 0.1
"""Frames between a key frame and the warm-up that are looked at as well, as they are decoded anyway, over the warm-up."""

ALIVE_PICTURES = 50
"""The decoder is asked for an answer at least after so many pictures: a part may begin minutes after the key frame before it."""
_END = object()


class PartError(Exception):
    """A part's frames are not those that the file's timetable promises: read the recording in one piece."""


@dataclass(frozen=True, eq=False)
class Timetable:
    """When each of the n frames to look at is due, in their order.

    ``stamps`` (n,) the file's own times in its ticks, ``t_s`` (n,) seconds as :class:`PresentationClock` gives them, ``numbers``
    (n,) which frame of the recording it is; ``keys`` stamps that decoding can begin at. ``count`` is the number of frames of the
    recording, looked at or not, and ``clock`` has seen them all.
    """

    stamps: NDArray[np.int64]
    t_s: FloatArray
    numbers: NDArray[np.int64]
    keys: NDArray[np.int64]
    count: int
    clock: PresentationClock

    def __len__(self) -> int:
        """Frames to look at."""
        return len(self.stamps)


@dataclass(frozen=True, eq=False)
class Part:
    """Rows ``first`` to ``end`` of a timetable, after ``lead`` rows for warming up; its arrays hold both.

    Decoding begins at the key frame ``key``.
    """

    first: int
    lead: int
    key: int
    stamps: NDArray[np.int64]
    t_s: FloatArray
    numbers: NDArray[np.int64]

    @property
    def end(self) -> int:
        """The row after the last."""
        return self.first + len(self.stamps) - self.lead


def timetable(
    container: InputContainer, stream: VideoStream, clock: PresentationClock, thinner: Thinner, slow_motion: float = 1.0
) -> Timetable | None:
    """Read the times of all frames from an opened file, without decoding; None where they cannot be relied on.

    The recording plays ``slow_motion`` times slower than it was; its times are undone of that, the ``clock`` is not.
    """
    stamps: list[int] = []
    keys: list[int] = []
    try:
        for packet in container.demux(stream):
            if packet.size == 0 and packet.pts is None:
                continue  # the end
            if packet.is_discard:
                continue  # before the beginning that the file's edit list sets
            if packet.pts is None or packet.is_corrupt:
                return None
            stamps.append(packet.pts)
            if packet.is_keyframe:
                keys.append(packet.pts)
    except Exception:  # PyAV itself stumbles over damaged files
        return None
    if not keys or stream.time_base is None:
        return None
    base = stream.time_base
    in_order = np.sort(np.array(stamps, np.int64))
    t_s = np.array([clock.next(float(stamp * base)) / slow_motion for stamp in in_order.tolist()])
    if clock.mended:
        return None
    wanted = np.flatnonzero([thinner.wants(t) for t in t_s.tolist()])
    return Timetable(in_order[wanted], t_s[wanted], wanted, np.sort(np.array(keys, np.int64)), len(in_order), clock)


def cut(table: Timetable, parts: int, warm_up_s: float) -> list[Part]:
    """A timetable in so many parts that take about the same time, each but the first with its warm-up before it."""
    duration = float(table.t_s[-1])
    each = (duration + (parts - 1) * warm_up_s) / parts
    tick_s = np.interp(table.keys, table.stamps, table.t_s)
    rows = [0]
    for number in range(1, parts):
        begin = _near_key(number * (each - warm_up_s), tick_s) + warm_up_s
        rows.append(int(np.searchsorted(table.t_s, begin - 1e-6)))
    bounds = [*sorted({row for row in rows if row < len(table)}), len(table)]
    return [part(table, first, end, warm_up_s) for first, end in pairwise(bounds)]


def _near_key(start_s: float, tick_s: FloatArray) -> float:
    """Where a part best starts that should start at ``start_s``: there, or at one of the key frames ``tick_s``.

    At a key frame nothing is decoded for nothing, but one part becomes longer than the other.
    """
    before = tick_s[tick_s <= start_s]
    decoding_s = DECODE_SHARE * (start_s - before[-1]) if len(before) else np.inf
    nearest = float(tick_s[np.argmin(np.abs(tick_s - start_s))])
    return nearest if abs(nearest - start_s) <= decoding_s else start_s


def part(table: Timetable, first: int, end: int, warm_up_s: float) -> Part:
    """Rows ``first`` to ``end`` of a timetable, with the warm-up before them."""
    begin = int(np.searchsorted(table.t_s, table.t_s[first] - warm_up_s - 1e-6)) if first else 0
    before = table.keys[table.keys <= table.stamps[begin]]
    key = int(before[-1]) if len(before) else int(table.stamps[0])
    nearest = int(np.searchsorted(table.stamps, key))
    if table.t_s[begin] - table.t_s[nearest] <= KEY_SHARE * warm_up_s:
        begin = nearest  # what is decoded anyway warms up as well
    rows = slice(begin, end)
    return Part(first, first - begin, key, table.stamps[rows], table.t_s[rows], table.numbers[rows])


def read_rows(
    container: InputContainer, stream: VideoStream, table: Timetable, rows: Sequence[int], upright: Upright
) -> Iterator[Frame]:
    """Some frames of an opened file, by their rising ``rows`` in its timetable: decoded from the key frame before each on.

    Raises what :func:`read_part` does.
    """
    keys = np.searchsorted(table.keys, table.stamps[list(rows)], side="right").tolist()
    for _, group in groupby(zip(keys, rows, strict=True), key=itemgetter(0)):
        some = [row for _, row in group]
        stamps, t_s, numbers = table.stamps[some], table.t_s[some], table.numbers[some]
        key = part(table, some[0], some[0] + 1, 0.0).key
        yield from read_part(container, stream, Part(some[0], 0, key, stamps, t_s, numbers), upright)


def read_part(container: InputContainer, stream: VideoStream, part: Part, upright: Upright) -> Iterator[Frame]:
    """The frames of a part of an opened file, those of the warm-up first.

    Raises PartError where one is missing, cannot be decoded, or keeps the decoder for more than ``STALLED_S`` seconds; then the
    file is in use until this process ends.
    """
    frames = _decoded(container, stream, part, upright)
    while True:
        try:
            frame = wait_for(lambda: next(frames, _END), STALLED_S, "decode", lambda _late: None)
        except TimeoutError as error:
            raise PartError(f"the decoder gave no answer for {STALLED_S:.0f} s") from error
        except PartError:
            raise
        except Exception as error:  # whatever PyAV stumbles over in a file that nobody vouches for
            raise PartError(f"{type(error).__name__}: {error}") from error
        if frame is _END:
            return
        if isinstance(frame, Frame):
            yield frame


def _decoded(container: InputContainer, stream: VideoStream, part: Part, upright: Upright) -> Iterator[Frame | None]:
    """The part's frames, and now and then None for the pictures before one of them: the decoder does not hang."""
    passed = 0
    wanted = zip(part.stamps.tolist(), part.t_s.tolist(), part.numbers.tolist(), strict=True)
    stamp, t_s, number = next(wanted)
    for packet in _from_key(container, stream, part.key):
        for picture in packet.decode():
            if picture.pts is None or picture.pts > stamp:
                raise PartError(f"no frame at {t_s:.3f} s")
            if picture.pts < stamp:
                passed += 1
                if passed % ALIVE_PICTURES == 0:
                    yield None
                continue
            yield Frame(number, t_s, upright.rgb(picture))
            following = next(wanted, None)
            if following is None:
                return
            stamp, t_s, number = following
    raise PartError(f"no frame at {t_s:.3f} s")


def _from_key(container: InputContainer, stream: VideoStream, key: int) -> Iterator[Packet[Any]]:
    """Packets from the key frame on; where seeking lands behind it, from the file's beginning."""
    container.seek(key, stream=stream, backward=True)
    packets = container.demux(stream)
    first = next(packets, None)
    while first is not None and not first.is_keyframe and first.size:
        first = next(packets, None)
    if first is None or first.pts is None or first.pts > key:
        container.seek(min(0, key), stream=stream, backward=True, any_frame=False)
        packets = container.demux(stream)
        first = next(packets, None)
    if first is not None:
        yield first
        yield from packets
