"""Showing what was judged of a recording: overlay and pictures of the worst moments, drawn by several processes."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from posturecam.app.looking import MOST_HZ, Progress, plan_parts
from posturecam.app.workers import Send, cores, share_out
from posturecam.errors import PosturecamError
from posturecam.model import FrameResult
from posturecam.sinks.overlay import draw
from posturecam.sinks.thumbnails import Moment, ThumbnailSink, moment_of
from posturecam.sinks.video import VideoWriter, join
from posturecam.sources.file import FileSource, open_recording, video_stream
from posturecam.sources.parts import Part, PartError, read_part
from posturecam.sources.upright import Upright
from posturecam.spec.schema import Exercise

Kept: TypeAlias = "dict[int, Moment]"
"""Row in a part -> what was kept of it."""
CHUNK_ROWS = 30


@dataclass(frozen=True, eq=False)
class Task:
    """One part to draw; ``results`` are those of its rows, ``overlay`` the file for it."""

    path: Path
    exercise: Exercise
    upright: Upright
    part: Part
    results: list[FrameResult]
    overlay: Path
    pictures: bool


def show_shared(
    path: Path,
    results: Iterable[FrameResult],
    exercise: Exercise,
    overlay: Path,
    thumbnails: ThumbnailSink | None,
    *,
    jobs: int | None = None,
    every_frame: bool = False,
    progress: Progress | None = None,
) -> bool:
    """Write the overlay of the recording at ``path``, and show ``thumbnails`` its frames, by several processes.

    Each draws and encodes parts of it, which are joined without encoding them anew. False when that cannot be done, as the
    recording is short or damaged, its times are in doubt, or something failed; nothing has been written then, and ``thumbnails``
    must be thrown away. Ctrl-C ends it with what was finished from the beginning on.
    """
    jobs = jobs or cores()
    with FileSource(path, None if every_frame else MOST_HZ) as source:
        plan = plan_parts(source, jobs, 0.0)
        upright = source.upright
    if plan is None:
        return False
    table, parts = plan
    try:
        with tempfile.TemporaryDirectory(prefix=".overlay-", dir=overlay.parent) as folder:
            tasks = _tasks(path, exercise, upright, parts, iter(results), Path(folder), thumbnails is not None)
            drawn = _Drawn(tasks, len(table), thumbnails, progress or (lambda _done, _total: None))
            with contextlib.suppress(KeyboardInterrupt):
                share_out(
                    draw_part,
                    drawn.tasks(),
                    jobs,
                    take=drawn.take,
                    again=drawn.again,
                    what=str(path),
                    done=drawn.done,
                )
            if drawn.files:
                join(drawn.files, overlay)
    except (PartError, PosturecamError, OSError, ValueError):
        return False  # one process does it its own way, and tells what is wrong
    return True


def _tasks(
    path: Path,
    exercise: Exercise,
    upright: Upright,
    parts: list[Part],
    results: Iterator[FrameResult],
    folder: Path,
    pictures: bool,
) -> Iterator[Task]:
    for number, part in enumerate(parts):
        rows = list(islice(results, len(part.stamps)))
        yield Task(path, exercise, upright, part, rows, folder / f"{number}.mp4", pictures)


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
    writer = VideoWriter(task.overlay, float(task.part.t_s[0]), threads=1)
    moments: Kept = {}
    last_s: float | None = None
    row = -1
    try:
        with open_recording(task.path) as container:
            stream = video_stream(container, task.path)
            stream.thread_type, stream.thread_count = "NONE", 1
            frames = read_part(container, stream, task.part, task.upright)
            for row, (frame, result) in enumerate(zip(frames, task.results, strict=True)):
                writer.show(draw(frame.image, result, task.exercise), frame.t_s)
                moment = moment_of(frame, result, last_s) if task.pictures else None
                if moment is not None:
                    moments[row], last_s = moment, moment.t_s
                if row % CHUNK_ROWS == CHUNK_ROWS - 1:
                    send((row + 1, moments))
                    moments = {}
    finally:
        writer.close()
    send((row + 1, moments))
