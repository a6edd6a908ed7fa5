"""Looking at a recording: the body found in every frame, by as many processes as there are cores."""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from posturecam import pipeline
from posturecam.app.workers import Send, Waiting, share_out
from posturecam.errors import SourceError
from posturecam.files import shown
from posturecam.model import SourceInfo
from posturecam.pose.mediapipe import load_mediapipe
from posturecam.pose.people import Watching, crowded
from posturecam.poses import PoseSequence, concatenate
from posturecam.sources.container import open_recording
from posturecam.sources.file import AS_IT_SAYS, FileSource, Reading, video_stream
from posturecam.sources.parts import Part, PartError, Timetable, cut, part, read_part
from posturecam.sources.upright import Upright

WARM_UP_S = 1.0
"""Each part is looked at from this long before its beginning: MediaPipe follows and smooths, and that has settled by then."""
SHORTEST_PART_S = 5.0
"""Shorter parts cost more in starting a process and warming it up than they win."""
LONGEST_PART_S = 60.0
"""Longer recordings are cut in more parts than there are processes: what is lost to Ctrl-C, and waited for at the end, stays
small."""
SEAM_ROWS = 10
SEAM_SHARE = 0.1
"""Two looks at the frames before a seam that differ by more than this share of the body's extent follow different people."""
CHUNK_ROWS = 16

Progress: TypeAlias = Callable[[float, float | None], None]
"""Told how many frames are done, and of how many where that is known."""
Sent: TypeAlias = tuple[str, dict[str, NDArray[Any]], int]
Watched: TypeAlias = Callable[[FileSource], pipeline.Source]
"""Puts something between a recording and who looks at it: what lets a signal end it between two frames."""


@dataclass(frozen=True, eq=False)
class Looked:
    """The ``poses`` of a recording, and what is known of it (``info``).

    ``crowded``: there were several people in it; ``interrupted``: the user ended it early. ``seams`` are the rows at which
    another process went on; ``mended_seams`` those of them where it had to be done again, as it followed somebody else.
    """

    poses: PoseSequence
    info: SourceInfo
    crowded: bool = False
    interrupted: bool = False
    seams: tuple[int, ...] = ()
    mended_seams: tuple[int, ...] = ()


@dataclass(frozen=True)
class Watch:
    """A recording to look at with the pose ``model``, read as ``reading`` says."""

    path: Path
    model: Path
    silhouette: bool
    reading: Reading = AS_IT_SAYS


@dataclass(frozen=True)
class Task:
    """One part of a recording to look at."""

    watch: Watch
    upright: Upright
    part: Part


def look(
    wanted: Watch,
    jobs: int,
    progress: Progress = lambda _done, _total: None,
    watched: Watched = lambda source: source,
    waiting: Waiting = contextlib.nullcontext,
) -> Looked:
    """Find the body in every frame of a recording, by ``jobs`` processes.

    Short recordings, and those whose times are missing, mended or in doubt, are looked at by this process alone. Frames are never
    held, only poses. KeyboardInterrupt from the ``watched`` source, or where processes are waited for, inside ``waiting()``, ends
    all at once, and what was found from the beginning on without a gap is returned with ``interrupted`` set.

    Raises SourceError, ModelError, and WorkerDiedError when processes are ended from outside again and again.
    """
    with FileSource(wanted.path, wanted.reading) as source:
        with waiting():
            plan = plan_parts(source, jobs, WARM_UP_S)
        if plan is None:
            return _alone(source, wanted, progress, watched)
        table, parts = plan
        found = _Found(table, [Task(wanted, source.upright, one) for one in parts], progress, waiting)
        threading.Thread(target=load_ahead, name="load ahead", daemon=True).start()
        try:
            found.look(jobs)
            return Looked(
                found.poses(),
                source.complete(table),
                crowded(found.with_others),
                False,
                found.seams,
                tuple(found.mended),
            )
        except KeyboardInterrupt:
            return Looked(found.poses(), source.info, interrupted=True)
        except PartError:
            pass  # the file is not what its index says: only reading it through tells what it holds
    with FileSource(wanted.path, wanted.reading) as source:
        return _alone(source, wanted, progress, watched)


def load_ahead() -> None:
    """Import what is needed once the looking is over, while this process only waits: also the end by Ctrl-C is quick then."""
    # at the top every process that looks at a part would read it in, and judge nothing
    for name in ("posturecam.app.conclude", "posturecam.report.html"):
        importlib.import_module(name)


def plan_parts(source: FileSource, jobs: int, warm_up_s: float) -> tuple[Timetable, list[Part]] | None:
    """The parts to look at, None where one process does as well."""
    if jobs < 2 or source.info.is_still or (source.info.duration_s or 0.0) < 2 * SHORTEST_PART_S:
        return None
    table = source.timetable()
    if table is None or not len(table):
        return None
    count = number_of_parts(float(table.t_s[-1]), jobs)
    return (table, cut(table, count, warm_up_s)) if count > 1 else None


def number_of_parts(duration_s: float, jobs: int) -> int:
    """In how many parts a recording is looked at."""
    rounds = max(1, int(np.ceil(duration_s / (jobs * LONGEST_PART_S))))
    return max(1, min(jobs * rounds, int(duration_s / SHORTEST_PART_S)))


def _alone(source: FileSource, wanted: Watch, progress: Progress, watched: Watched) -> Looked:
    total = source.info.frames or None
    with Watching(wanted.model, wanted.silhouette) as watching:
        looked = pipeline.look(watched(source), watching, progress=lambda frame: progress(frame.index + 1, total))
    return Looked(looked.poses, source.info, watching.crowded, looked.interrupted)


class _Found:
    """What the processes have found so far, part by part."""

    def __init__(self, table: Timetable, tasks: list[Task], told: Progress, waiting: Waiting) -> None:
        self._table, self._tasks, self._told, self._waiting = table, tasks, told, waiting
        self._rows: list[list[PoseSequence]] = [[] for _ in tasks]
        self._leads: list[list[PoseSequence]] = [[] for _ in tasks]
        self._others = [0 for _ in tasks]
        self.mended: list[int] = []

    @property
    def with_others(self) -> int:
        """How many looks showed somebody else."""
        return sum(self._others)

    @property
    def seams(self) -> tuple[int, ...]:
        return tuple(task.part.first for task in self._tasks[1:])

    def look(self, jobs: int) -> None:
        self._share_out(self._tasks, jobs, self._take, self._missing)
        for number in range(1, len(self._tasks)):
            if differ(concatenate(self._leads[number]), concatenate(self._rows[number - 1])):
                self._mend(number)

    def _share_out(
        self, tasks: list[Task], jobs: int, take: Callable[[int, Sent], None], again: Callable[[int], Task]
    ) -> None:
        what = shown(tasks[0].watch.path)
        share_out(look_at_part, tasks, jobs, take=take, again=again, what=what, waiting=self._waiting)

    def poses(self) -> PoseSequence:
        """The rows from the beginning on without a gap."""
        whole: list[PoseSequence] = []
        for task, rows in zip(self._tasks, self._rows, strict=True):
            whole += rows
            if sum(map(len, rows)) < task.part.end - task.part.first:
                break
        return concatenate(whole)

    def _take(self, number: int, content: Sent) -> None:
        kind, arrays, others = content
        self._others[number] += others
        (self._leads if kind == "lead" else self._rows)[number].append(PoseSequence(arrays))
        self._told(sum(len(rows) for found in self._rows for rows in found), len(self._table))

    def _missing(self, number: int) -> Task:
        """What a dead process has left undone of its part."""
        task = self._tasks[number]
        done = sum(map(len, self._rows[number]))
        if not done:
            self._leads[number].clear()
        return _from_row(task, self._table, task.part.first + done, WARM_UP_S)

    def _mend(self, number: int) -> None:
        """Look at a part again, from where the part before it began: then whoever was followed there is followed on."""
        task, before = self._tasks[number], self._tasks[number - 1]
        lead_s = float(self._table.t_s[task.part.first] - self._table.t_s[before.part.first])
        kept, others = self._rows[number], self._others[number]
        self._rows[number], self._leads[number], self._others[number] = [], [], 0
        try:
            again = _from_row(task, self._table, task.part.first, lead_s)
            self._share_out([again], 1, lambda _, content: self._take(number, content), lambda _: self._missing(number))
        except BaseException:
            self._rows[number], self._others[number] = kept, others
            raise
        self.mended.append(task.part.first)


def _from_row(task: Task, table: Timetable, first: int, warm_up_s: float) -> Task:
    return Task(task.watch, task.upright, part(table, first, task.part.end, warm_up_s))


def get_ready() -> None:
    """Read in what looking at a part takes: decoding and MediaPipe, half a second of computing."""
    importlib.import_module("av")
    load_mediapipe()


def look_at_part(task: Task, send: Send) -> None:
    """Look at one part, in a process of its own, and send its rows as they are found, after the last ones of its warm-up.

    What is sent is a kind, arrays of poses, and how many looks since the last message showed somebody else.
    """
    todo, watch = task.part, task.watch
    poses = PoseSequence()
    told = 0
    container, file = open_recording(watch.path)
    with file, container, Watching(watch.model, watch.silhouette, float(todo.t_s[todo.lead])) as watching:
        stream = video_stream(container, watch.path)
        # the cores are busy with other parts: more threads would only hold more pictures
        stream.thread_type, stream.thread_count = "NONE", 1
        for row, frame in enumerate(read_part(container, stream, todo, task.upright)):
            if row < todo.lead - SEAM_ROWS:
                watching.estimate(frame)
                continue
            height, width = frame.image.shape[:2]
            poses.append(frame.t_s, watching.estimate(frame), width, height)
            if row == todo.lead - 1:
                send(("lead", poses.arrays, 0))
                poses = PoseSequence()
            elif len(poses) >= CHUNK_ROWS and row >= todo.lead:
                send(("rows", poses.arrays, watching.with_others - told))
                poses, told = PoseSequence(), watching.with_others
    if len(poses):
        send(("rows", poses.arrays, watching.with_others - told))


def differ(lead: PoseSequence, before: PoseSequence) -> bool:
    """Whether two looks at the same last frames before a seam show different bodies."""
    before = before[max(0, len(before) - len(lead)) :]
    lead = lead[max(0, len(lead) - len(before)) :]
    if not len(lead):
        return False
    return float(np.median(distances(lead, before))) > SEAM_SHARE


def distances(one: PoseSequence, other: PoseSequence) -> NDArray[np.float64]:
    """How far two looks at the same n frames are apart, (n,): median over the landmarks, as a share of the body's extent.

    Infinite where only one saw somebody, 0 where neither did.
    """
    if not np.array_equal(one.t_s, other.t_s):
        raise SourceError("two looks at a recording do not lie at the same times")
    apart = np.where(one.seen == other.seen, 0.0, np.inf)
    both = one.seen & other.seen
    steps = np.linalg.norm(one.points[both].astype(np.float64) - other.points[both], axis=2)
    extent = np.linalg.norm(np.ptp(other.points[both].astype(np.float64), axis=1), axis=1)
    apart[both] = np.median(steps, axis=1) / np.maximum(extent, 1.0)
    return apart
