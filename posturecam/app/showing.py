"""Showing what was judged of a recording: overlay and pictures of the worst moments, drawn by several processes."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from posturecam.app.looking import Progress, plan_parts
from posturecam.app.workers import Send, Waiting, share_out
from posturecam.errors import PosturecamError
from posturecam.files import shown
from posturecam.judging.doubts import DoubtLine
from posturecam.model import FrameResult
from posturecam.sinks.overlay import draw
from posturecam.sinks.thumbnails import Moment, ThumbnailSink, moment_of
from posturecam.sinks.video import VideoWriter, join
from posturecam.sources.container import open_recording
from posturecam.sources.file import FileSource, Reading, video_stream
from posturecam.sources.parts import Part, PartError, Timetable, read_part
from posturecam.sources.upright import Upright
from posturecam.spec.schema import Exercise

Kept: TypeAlias = "dict[int, Moment]"
"""Row in a part -> what was kept of it."""
CHUNK_ROWS = 30


@dataclass(frozen=True)
class Drawing:
    """What to draw of the recording at ``path``, read as ``reading`` says: the ``overlay`` file, and ``pictures`` or none.

    ``wanted_s`` are the only moments of which there may be pictures, None: any.
    """

    path: Path
    reading: Reading
    exercise: Exercise
    overlay: Path
    pictures: bool
    wanted_s: tuple[float, ...] | None = None


@dataclass(frozen=True, eq=False)
class Task:
    """One part to draw; ``results`` are those of its rows, ``overlay`` the file for it."""

    drawing: Drawing
    upright: Upright
    part: Part
    results: list[FrameResult]
    overlay: Path


def show_shared(
    drawing: Drawing,
    results: Iterable[FrameResult],
    thumbnails: ThumbnailSink | None,
    jobs: int,
    progress: Progress = lambda _done, _total: None,
    waiting: Waiting = contextlib.nullcontext,
) -> bool:
    """Write the overlay of a recording, and show ``thumbnails`` its frames, by ``jobs`` processes.

    Each draws and encodes parts of it, which are joined without encoding them again. False when that cannot be done, as the
    recording is short or damaged, its times are in doubt, or something failed; nothing has been written then, and ``thumbnails``
    must be thrown away. KeyboardInterrupt inside ``waiting()`` ends it with what was finished from the beginning on.
    """
    plan = _plan(drawing, jobs)
    if plan is None:
        return False
    table, parts, upright = plan
    try:
        with tempfile.TemporaryDirectory(prefix=".overlay-", dir=drawing.overlay.parent) as folder:
            drawn = _Drawn(
                _tasks(drawing, upright, parts, iter(results), Path(folder)), len(table), thumbnails, progress
            )
            with contextlib.suppress(KeyboardInterrupt):
                share_out(
                    draw_part,
                    drawn.tasks(),
                    jobs,
                    take=drawn.take,
                    again=drawn.again,
                    what=shown(drawing.path),
                    done=drawn.done,
                    waiting=waiting,
                )
            if drawn.files:
                join(drawn.files, drawing.overlay)
    except (PartError, PosturecamError, OSError, ValueError):
        return False  # one process does it its own way, and tells what is wrong
    return True


def _plan(drawing: Drawing, jobs: int) -> tuple[Timetable, list[Part], Upright] | None:
    with FileSource(drawing.path, drawing.reading) as source:
        plan = plan_parts(source, jobs, 0.0)
        return None if plan is None else (*plan, source.upright)


def _tasks(
    drawing: Drawing, upright: Upright, parts: list[Part], results: Iterator[FrameResult], folder: Path
) -> Iterator[Task]:
    for number, part in enumerate(parts):
        rows = list(islice(results, len(part.stamps)))
        yield Task(drawing, upright, part, rows, folder / f"{number}.mp4")


class _Drawn:
    """What has been drawn, put in order as the parts are finished."""

    def __init__(self, tasks: Iterator[Task], total: int, thumbnails: ThumbnailSink | None, told: Progress) -> None:
        self._source, self._total, self._thumbnails, self._told = tasks, total, thumbnails, told
        self._tasks: dict[int, Task] = {}
        self._moments: dict[int, Kept] = {}
        self._rows: dict[int, int] = {}
        self._finished: set[int] = set()
        self._next = 0
        self.files: list[tuple[float, Path]] = []

    def tasks(self) -> Iterator[Task]:
        for number, task in enumerate(self._source):
            self._tasks[number], self._moments[number] = task, {}
            yield task

    def take(self, number: int, content: tuple[int, Kept]) -> None:
        self._rows[number], moments = content
        self._moments[number].update(moments)
        self._told(sum(self._rows.values()), self._total)

    def again(self, number: int) -> Task:
        self._moments[number].clear()
        return self._tasks[number]

    def done(self, number: int) -> None:
        self._finished.add(number)
        while self._next in self._finished:
            task, moments = self._tasks.pop(self._next), self._moments.pop(self._next)
            self.files.append((float(task.part.t_s[0]), task.overlay))
            if self._thumbnails is not None:
                for row, result in enumerate(task.results):
                    self._thumbnails.take(moments.get(row), result)
            self._next += 1


def draw_part(task: Task, send: Send) -> None:
    """Draw and encode one part, in a process of its own, and send what is kept for pictures."""
    drawing = task.drawing
    # the cores are busy with other parts
    writer = VideoWriter(task.overlay, float(task.part.t_s[0]), threads=1)
    doubts = DoubtLine(drawing.exercise)
    moments: Kept = {}
    last_s: float | None = None
    row = -1
    container, file = open_recording(drawing.path)
    with file, container, contextlib.closing(writer):
        stream = video_stream(container, drawing.path)
        stream.thread_type, stream.thread_count = "NONE", 1
        frames = read_part(container, stream, task.part, task.upright)
        for row, (frame, result) in enumerate(zip(frames, task.results, strict=True)):
            writer.show(draw(frame.image, result, drawing.exercise, doubt=doubts.update(result)), frame.t_s)
            moment = moment_of(frame, result, last_s, drawing.wanted_s) if drawing.pictures else None
            if moment is not None:
                moments[row], last_s = moment, moment.t_s
            if row % CHUNK_ROWS == CHUNK_ROWS - 1:
                send((row + 1, moments))
                moments = {}
    send((row + 1, moments))
