"""Looking at a recording: the body found in every frame, by as many processes as there are cores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from posturecam import pipeline
from posturecam.app.workers import Send, cores, share_out
from posturecam.errors import SourceError
from posturecam.model import SourceInfo
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.poses import PoseSequence, concatenate
from posturecam.sources.file import FileSource, open_recording, video_stream
from posturecam.sources.parts import Part, PartError, Timetable, cut, part, read_part
from posturecam.sources.upright import Upright

MOST_HZ = 30.0
"""Frames a second that are looked at, unless all are asked for: nothing that is judged happens faster."""
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

Progress: TypeAlias = Callable[[int, int | None], None]
"""Told how many frames are done, and of how many where that is known."""
Arrays: TypeAlias = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Looked:
    """The ``poses`` of a recording, what is known of it (``info``), and whether the user ended it early (``interrupted``).

    ``seams`` are the rows at which another process went on; ``mended_seams`` those of them where it had to be done again, as it
    followed somebody else.
    """

    poses: PoseSequence
    info: SourceInfo
    interrupted: bool = False
    seams: tuple[int, ...] = ()
    mended_seams: tuple[int, ...] = ()


@dataclass(frozen=True)
class Task:
    """One part of a recording to look at."""

    path: Path
    model: Path
    silhouette: bool
    upright: Upright
    part: Part


def look(
    path: Path,
    model: Path,
    *,
    silhouette: bool,
    jobs: int | None = None,
    every_frame: bool = False,
    progress: Progress | None = None,
) -> Looked:
    """Find the body in every frame of the recording at ``path`` with the pose ``model``, by ``jobs`` processes (None: all cores).

    Short recordings, and those whose times are missing, mended or in doubt, are looked at by this process alone. Without
    ``every_frame`` at most :data:`MOST_HZ` frames a second are looked at. Frames are never held, only poses. Ctrl-C ends all
    processes at once, and what was found from the beginning on without a gap is returned with ``interrupted`` set.

    Raises SourceError, ModelError, and WorkerDiedError when processes are ended from outside again and again.
    """
    told = progress or (lambda _done, _total: None)
    most_hz = None if every_frame else MOST_HZ
    with FileSource(path, most_hz) as source:
        try:
            plan = plan_parts(source, jobs or cores(), WARM_UP_S)
            if plan is None:
                return _alone(source, model, silhouette, told)
            table, parts = plan
            tasks = [Task(path, model, silhouette, source.upright, one) for one in parts]
            found = _Found(table, tasks, told)
            try:
                found.look(jobs or cores())
            except KeyboardInterrupt:
                return Looked(found.poses(), source.info, interrupted=True)
            return Looked(found.poses(), source.complete(table), False, found.seams, tuple(found.mended))
        except PartError:
            pass  # the file is not what its index says: only reading it through tells what it holds
    with FileSource(path, most_hz) as source:
        return _alone(source, model, silhouette, told)


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


def _alone(source: FileSource, model: Path, silhouette: bool, told: Progress) -> Looked:
    with MediaPipeEstimator(model, silhouette) as estimator:
        looked = pipeline.look(
            source, estimator, progress=lambda frame: told(frame.index + 1, source.info.frames or None)
        )
    return Looked(looked.poses, source.info, looked.interrupted)


class _Found:
    """What the processes have found so far, part by part."""

    def __init__(self, table: Timetable, tasks: list[Task], told: Progress) -> None:
        self._table, self._tasks, self._told = table, tasks, told
        self._rows: list[list[PoseSequence]] = [[] for _ in tasks]
        self._leads: list[list[PoseSequence]] = [[] for _ in tasks]
        self.mended: list[int] = []

    @property
    def seams(self) -> tuple[int, ...]:
        return tuple(task.part.first for task in self._tasks[1:])

    def look(self, jobs: int) -> None:
        what = str(self._tasks[0].path)
        share_out(look_at_part, self._tasks, jobs, take=self._take, again=self._missing, what=what)
        for number in range(1, len(self._tasks)):
            if differ(concatenate(self._leads[number]), concatenate(self._rows[number - 1])):
                self._mend(number)

    def poses(self) -> PoseSequence:
        """The rows from the beginning on without a gap."""
        whole: list[PoseSequence] = []
        for task, rows in zip(self._tasks, self._rows, strict=True):
            whole += rows
            if sum(map(len, rows)) < task.part.end - task.part.first:
                break
        return concatenate(whole)

    def _take(self, number: int, content: tuple[str, Arrays]) -> None:
        kind, arrays = content
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
        kept = self._rows[number]
        self._rows[number], self._leads[number] = [], []
        try:
            again = _from_row(task, self._table, task.part.first, lead_s)
            share_out(
                look_at_part,
                [again],
                1,
                take=lambda _, content: self._take(number, content),
                again=lambda _: self._missing(number),
                what=str(task.path),
            )
        except BaseException:
            self._rows[number] = kept
            raise
        self.mended.append(task.part.first)


def _from_row(task: Task, table: Timetable, first: int, warm_up_s: float) -> Task:
    return Task(task.path, task.model, task.silhouette, task.upright, part(table, first, task.part.end, warm_up_s))


def look_at_part(task: Task, send: Send) -> None:
    """Look at one part, in a process of its own, and send its rows as they are found, after the last ones of its warm-up."""
    todo = task.part
    poses = PoseSequence()
    with open_recording(task.path) as container, MediaPipeEstimator(task.model, task.silhouette) as estimator:
        stream = video_stream(container, task.path)
        # the cores are busy with other parts: more threads would only hold more pictures
        stream.thread_type, stream.thread_count = "NONE", 1
        for row, frame in enumerate(read_part(container, stream, todo, task.upright)):
            if row < todo.lead - SEAM_ROWS:
                estimator.estimate(frame)
                continue
            height, width = frame.image.shape[:2]
            poses.append(frame.t_s, estimator.estimate(frame), width, height)
            if row == todo.lead - 1:
                send(("lead", poses.arrays))
                poses = PoseSequence()
            elif len(poses) >= CHUNK_ROWS and row >= todo.lead:
                send(("rows", poses.arrays))
                poses = PoseSequence()
    if len(poses):
        send(("rows", poses.arrays))


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
