"""Keeps pictures of the worst moments: small, annotated, and few, whatever the session's length.

A fault is known when its rep or hold has ended, seconds after the moment. So the last half minute is kept as small JPEG
pictures; for holds, which may last longer, the worst picture so far of every check is kept apart. Of a recording that has been
judged, only the moments around its faults are kept. Which moments will be chosen does not depend on the pictures: it can be found
out first (:func:`choose`), so that only those few have to be decoded.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from posturecam.model import (
    FloatArray,
    Frame,
    FrameResult,
    Hold,
    ImageArray,
    Pose,
    Rep,
    SessionResult,
    Side,
    Verdict,
    View,
)
from posturecam.sinks import paint
from posturecam.sinks.figures import check_indices, draw_measure, label_at, root_measure
from posturecam.sinks.skeleton import body_on_canvas, draw_skeleton
from posturecam.spec.references import unit_of
from posturecam.spec.schema import Exercise
from posturecam.spec.units import number_text

ThumbnailKey: TypeAlias = tuple[Literal["rep", "hold"], int, str]
"""A rep's index or a hold's number (from 1), and the check at fault."""

LONG_SIDE = 480
EVERY_S = 0.12
KEEP_S = 32.0
QUALITY = 82
MAX_PICTURES = 24
MAX_PER_CHECK = 4


@dataclass(frozen=True, eq=False)
class Moment:
    """A small picture with what is needed to draw on it; the ``jpeg`` is empty until the picture is there."""

    t_s: float
    pose: Pose
    near: Side
    active: Side
    view: View
    jpeg: bytes = b""


Chosen: TypeAlias = Mapping[ThumbnailKey, "tuple[Moment, Verdict]"]
"""The moments to be drawn, and the faults that they show."""


def moments_at_fault(
    exercise: Exercise, session: SessionResult, seen_s: NDArray[np.float64]
) -> tuple[float, ...] | None:
    """When somebody was seen (``seen_s``, (n,) rising seconds) nearest to the worst moment of each fault, rising.

    None where a fault's moment is not known: any picture may be asked for then.
    """
    items: list[Rep | Hold] = [*session.reps, *session.holds]
    faults = [verdict for item in items for verdict in item.faults]
    pictured = [verdict.at_s for verdict in faults if exercise.checks[verdict.check].measure is not None]
    known = [at_s for at_s in pictured if at_s is not None]
    if len(known) < len(pictured):
        return None
    if not len(seen_s):
        return ()
    return tuple(sorted({float(seen_s[np.abs(seen_s - at_s).argmin()]) for at_s in known}))


def near(t_s: FloatArray, wanted_s: Sequence[float]) -> NDArray[np.bool_]:
    """Which of the moments (n,) lie close enough to one of ``wanted_s`` (rising seconds) to be kept for it, (n,)."""
    wanted = np.asarray(wanted_s, np.float64)
    close: NDArray[np.bool_] = np.searchsorted(wanted, t_s - EVERY_S) != np.searchsorted(wanted, t_s + EVERY_S)
    return close


def moment_of(
    t_s: float, result: FrameResult, last_s: float | None, wanted_s: Sequence[float] | None = None
) -> Moment | None:
    """The frame at ``t_s`` without its picture, when one is due after that of ``last_s`` and somebody exercises in it; else None.

    With ``wanted_s`` (rising seconds) only a frame near one of those is due.
    """
    pose = result.pose
    if pose is None or result.stage not in ("active", "paused"):
        return None
    if wanted_s is not None:
        if not near(np.array([t_s]), wanted_s)[0]:
            return None
    elif last_s is not None and t_s - last_s < EVERY_S:
        return None
    return Moment(t_s, pose, result.near, result.side or result.near, result.view)


def small_jpeg(image: ImageArray) -> bytes:
    """An RGB picture as it is kept of a moment."""
    height, width = image.shape[:2]
    scale = min(1.0, LONG_SIDE / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return _encoded(np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8), QUALITY + 8)


def choose(
    exercise: Exercise, results: Iterable[FrameResult], session: SessionResult, wanted_s: Sequence[float] | None
) -> Chosen:
    """The moments that a :class:`ThumbnailSink` would draw of a judged recording, without their pictures.

    ``results`` in the order of time: with ``wanted_s`` those :func:`near` them and those with which something ended are enough.
    """
    sink = ThumbnailSink(exercise, wanted_s)
    for result in results:
        sink.take(moment_of(result.t_s, result, sink.last_s, wanted_s), result)
    return sink.chosen(session)


def draw_chosen(exercise: Exercise, chosen: Chosen, jpegs: Mapping[float, bytes]) -> dict[ThumbnailKey, bytes]:
    """The annotated pictures, JPEG bytes, of those moments of whose times there is a :func:`small_jpeg` in ``jpegs``."""
    return {
        key: draw_moment(exercise, replace(moment, jpeg=jpegs[moment.t_s]), verdict)
        for key, (moment, verdict) in chosen.items()
        if moment.t_s in jpegs
    }


class ThumbnailSink:
    """Collects thumbnails of the worst moments; ask for them with :meth:`finish` after it.

    ``wanted_s``: the only moments that will be asked for, where they are known (:func:`moments_at_fault`).
    """

    title = "The pictures of the worst moments"

    def __init__(self, exercise: Exercise, wanted_s: Sequence[float] | None = None) -> None:
        self._exercise = exercise
        self._wanted_s = wanted_s
        self._ring: deque[Moment] = deque()
        self._worst: dict[str, tuple[float, Moment]] = {}
        self._holds = 0
        self._chosen: dict[ThumbnailKey, tuple[Moment, Verdict]] = {}

    @property
    def last_s(self) -> float | None:
        """The last moment that was kept; None before the first."""
        return self._ring[-1].t_s if self._ring else None

    def write(self, frame: Frame, result: FrameResult) -> None:
        """Look at one frame, and choose the worst moments of what ended with it."""
        moment = moment_of(frame.t_s, result, self.last_s, self._wanted_s)
        self.take(moment and replace(moment, jpeg=small_jpeg(frame.image)), result)

    def take(self, moment: Moment | None, result: FrameResult) -> None:
        """What :meth:`write` does with a frame's moment, with a picture or without; None: it was not due."""
        if moment is not None:
            self._remember(moment, result)
        for rep in result.finished_reps:
            self._keep("rep", rep.index, rep)
        for hold in result.finished_holds:
            self._holds += 1
            self._keep("hold", self._holds, hold)
            self._worst.clear()

    def close(self) -> None:
        """Nothing to do: what the session's end finishes is asked for by :meth:`finish`."""

    def finish(self, session: SessionResult) -> dict[ThumbnailKey, bytes]:
        """Pictures of the whole session: also of a rep or hold that ended only with the last frame.

        JPEG bytes by ("rep" or "hold", number, check). Call it once, after the session.
        """
        chosen = self.chosen(session)
        return draw_chosen(self._exercise, chosen, {moment.t_s: moment.jpeg for moment, _ in chosen.values()})

    def chosen(self, session: SessionResult) -> Chosen:
        """The moments that :meth:`finish` draws; called in place of it."""
        for rep in session.reps:
            self._keep("rep", rep.index, rep)
        for number, hold in enumerate(session.holds[self._holds :], self._holds + 1):
            self._keep("hold", number, hold)
        self._ring.clear()
        self._worst.clear()
        return self._chosen

    def _remember(self, moment: Moment, result: FrameResult) -> None:
        self._ring.append(moment)
        while self._ring[0].t_s < moment.t_s - KEEP_S:
            self._ring.popleft()
        if self._exercise.hold is not None:
            for verdict in result.verdicts:
                worse = excess(verdict)
                if verdict.state == "fault" and worse > self._worst.get(verdict.check, (-1.0, moment))[0]:
                    self._worst[verdict.check] = (worse, moment)

    def _keep(self, kind: Literal["rep", "hold"], number: int, item: Rep | Hold) -> None:
        for verdict in item.faults:
            key: ThumbnailKey = (kind, number, verdict.check)
            # how fast somebody moves cannot be seen in a picture
            timed = self._exercise.checks[verdict.check].measure is None
            if timed or key in self._chosen or not self._worth(verdict):
                continue
            moment = self._near(verdict.at_s, item.start_s, item.end_s)
            if moment is None and kind == "hold" and verdict.check in self._worst:
                moment = self._worst[verdict.check][1]
            if moment is not None:
                self._chosen[key] = (moment, verdict)
                self._trim(verdict.check)

    def _worth(self, verdict: Verdict) -> bool:
        """Whether a fault is worse than the mildest of its kind that is kept, when there are enough of them."""
        same = [excess(kept) for key, (_, kept) in self._chosen.items() if key[2] == verdict.check]
        return len(same) < MAX_PER_CHECK or excess(verdict) > min(same)

    def _trim(self, check: str) -> None:
        same = [key for key in self._chosen if key[2] == check]
        everything = list(self._chosen)
        for keys, limit in ((same, MAX_PER_CHECK), (everything, MAX_PICTURES)):
            if len(keys) > limit:
                self._chosen.pop(min(keys, key=lambda key: excess(self._chosen[key][1])), None)

    def _near(self, at_s: float | None, start_s: float, end_s: float) -> Moment | None:
        """The kept picture nearest to a moment, if it lies in the rep or hold."""
        if at_s is None or not self._ring:
            return None
        times = [moment.t_s for moment in self._ring]
        place = bisect_left(times, at_s)
        near = [self._ring[index] for index in (place - 1, place) if 0 <= index < len(times)]
        best = min(near, key=lambda moment: abs(moment.t_s - at_s))
        inside = start_s - EVERY_S <= best.t_s <= end_s + EVERY_S
        return best if inside and abs(best.t_s - at_s) <= 1.0 else None


def excess(verdict: Verdict) -> float:
    """How far past its limit, in widths of the band before it; 0 when it is not known."""
    if verdict.value is None or verdict.limit is None:
        return 0.0
    return abs(verdict.value - verdict.limit) / max(verdict.margin or 0.0, 1e-3)


def draw_moment(exercise: Exercise, moment: Moment, verdict: Verdict) -> bytes:
    """The annotated picture as JPEG bytes."""
    image = np.asarray(cv2.imdecode(np.frombuffer(moment.jpeg, np.uint8), cv2.IMREAD_COLOR_RGB), np.uint8)
    height, width = image.shape[:2]
    # at this size lines need to be heavier than on the overlay to be seen
    unit = max(min(width, height) / 100.0, 2.6)
    body = body_on_canvas(moment.pose, width / moment.pose.width)
    marked = check_indices(exercise, verdict.check, moment.near, moment.active)
    from_side = moment.view == "side"
    draw_skeleton(image, body, marked, moment.near, from_side=from_side, judging=True, unit=unit)
    measure = exercise.checks[verdict.check].measure
    if measure is not None:
        root = root_measure(exercise, measure)
        place = draw_measure(image, root, moment.near, moment.active, body.point, paint.FAULT, unit)
        if place is not None and verdict.value is not None:
            label_at(
                image, place, number_text(verdict.value, unit_of(exercise, measure)), 26, paint.WHITE, (width, height)
            )
    return _encoded(image, QUALITY)


def _encoded(image: ImageArray, quality: int) -> bytes:
    done, data = cv2.imencode(".jpg", image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done, "OpenCV could not encode a JPEG picture"
    return bytes(data)
