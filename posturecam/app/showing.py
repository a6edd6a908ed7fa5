"""Showing what was judged of a recording: overlay and pictures of the worst moments, drawn by several processes."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import numpy as np

from posturecam.app.looking import Progress, plan_parts
from posturecam.app.workers import Send, Waiting, share_out
from posturecam.errors import PosturecamError
from posturecam.files import shown
from posturecam.judging.doubts import DoubtLine
from posturecam.model import FloatArray, FrameResult
from posturecam.sinks.overlay import draw
from posturecam.sinks.thumbnails import small_jpeg
from posturecam.sinks.video import VideoWriter, join
from posturecam.sources.container import open_recording
from posturecam.sources.file import FileSource, Reading, video_stream
from posturecam.sources.parts import Part, PartError, Timetable, read_part, read_rows
from posturecam.sources.upright import Upright
from posturecam.spec.schema import Exercise

Jpegs: TypeAlias = "dict[float, bytes]"
"""Small pictures by their times in seconds."""
CHUNK_ROWS = 30


@dataclass(frozen=True)
class Drawing:
    """What to draw of the recording at ``path``, read as ``reading`` says: the ``overlay`` file.

    ``moments_s`` are the moments of which pictures are kept.
    """

    path: Path
    reading: Reading
    exercise: Exercise
    overlay: Path
    moments_s: frozenset[float] = frozenset()


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
    jobs: int,
    progress: Progress = lambda _done, _total: None,
    waiting: Waiting = contextlib.nullcontext,
) -> Jpegs | None:
    """Write the overlay of a recording by ``jobs`` processes, and return its pictures.

    Each draws and encodes parts of it, which are joined without encoding them again. None when that cannot be done, as the
    recording is short or damaged, its times are in doubt, or something failed; nothing has been written then. KeyboardInterrupt
    inside ``waiting()`` ends it with what was finished from the beginning on.
    """
    plan = _plan(drawing, jobs)
    if plan is None:
        return None
    table, parts, upright = plan
    try:
        with tempfile.TemporaryDirectory(prefix=".overlay-", dir=drawing.overlay.parent) as folder:
            drawn = _Drawn(_tasks(drawing, upright, parts, iter(results), Path(folder)), len(table), progress)
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
        return None  # one process does it its own way, and tells what is wrong
    return drawn.jpegs


def pictures_of(
    path: Path,
    reading: Reading,
    times_s: FloatArray,
    moments_s: Collection[float],
    waiting: Waiting = contextlib.nullcontext,
) -> Jpegs | None:
    """Small pictures of some moments of a recording whose frames are at ``times_s`` (n,), decoding little besides them.

    None where the whole has to be read for that, as its times are in doubt or its index does not tell what it holds.
    KeyboardInterrupt inside ``waiting()`` ends it with what there is.
    """
    jpegs: Jpegs = {}
    rows = np.flatnonzero(np.isin(times_s, list(moments_s)))
    try:
        with FileSource(path, reading) as source, waiting():
            table = source.timetable()
            if table is None or not np.array_equal(table.t_s, times_s):
                return None
            container, file = open_recording(path)
            with file, container:
                stream = video_stream(container, path)
                for frame in read_rows(container, stream, table, rows.tolist(), source.upright):
                    jpegs[frame.t_s] = small_jpeg(frame.image)
    except KeyboardInterrupt:
        pass
    except (PartError, PosturecamError):
        return None
    return jpegs


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

    def __init__(self, tasks: Iterator[Task], total: int, told: Progress) -> None:
        self._source, self._total, self._told = tasks, total, told
        self._tasks: dict[int, Task] = {}
        self._rows: dict[int, int] = {}
        self._finished: set[int] = set()
        self._next = 0
        self.files: list[tuple[float, Path]] = []
        self.jpegs: Jpegs = {}

    def tasks(self) -> Iterator[Task]:
        for number, task in enumerate(self._source):
            self._tasks[number] = task
            yield task

    def take(self, number: int, content: tuple[int, Jpegs]) -> None:
        self._rows[number], jpegs = content
        self.jpegs |= jpegs
        self._told(sum(self._rows.values()), self._total)

    def again(self, number: int) -> Task:
        return self._tasks[number]

    def done(self, number: int) -> None:
        self._finished.add(number)
        while self._next in self._finished:
            task = self._tasks.pop(self._next)
            self.files.append((float(task.part.t_s[0]), task.overlay))
            self._next += 1


def get_ready() -> None:
    """Nothing is left to read in for drawing a part, once this module is."""


def draw_part(task: Task, send: Send) -> None:
    """Draw and encode one part, in a process of its own, and send what is kept for pictures."""
    drawing = task.drawing
    # the cores are busy with other parts
    writer = VideoWriter(task.overlay, float(task.part.t_s[0]), threads=1)
    doubts = DoubtLine(drawing.exercise)
    jpegs: Jpegs = {}
    row = -1
    container, file = open_recording(drawing.path)
    with file, container, contextlib.closing(writer):
        stream = video_stream(container, drawing.path)
        stream.thread_type, stream.thread_count = "NONE", 1
        frames = read_part(container, stream, task.part, task.upright)
        for row, (frame, result) in enumerate(zip(frames, task.results, strict=True)):
            writer.show(draw(frame.image, result, drawing.exercise, doubt=doubts.update(result)), frame.t_s)
            if frame.t_s in drawing.moments_s:
                jpegs[frame.t_s] = small_jpeg(frame.image)
            if row % CHUNK_ROWS == CHUNK_ROWS - 1:
                send((row + 1, jpegs))
                jpegs = {}
    send((row + 1, jpegs))
