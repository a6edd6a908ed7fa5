"""Many recordings at once, by all cores or by the machines of a cluster; a night's work that was cut off goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from posturecam.app.batch import HEADER, INTERRUPTED, STOPPED, Outcome, ended, row, settle
from posturecam.app.host import Advance, Host
from posturecam.app.orders import Order, judge, work_digest
from posturecam.app.pool import run_pool, share_of
from posturecam.app.workers import cores
from posturecam.errors import NothingJudgedError, PosturecamError
from posturecam.files import read_bounded, write_whole
from posturecam.output_folder import done_before, mark_done
from posturecam.pipeline import Source
from posturecam.report.many import render_index, render_summary
from posturecam.report.types import Report
from posturecam.sources.length import frames_to_look_at

SUMMARY, INDEX = "summary.csv", "index.html"
MOST_REPORT_BYTES = 200_000_000
_UNKNOWN_FRAMES = 1.0

Told = Callable[[Outcome], None]


def analyse_many(
    order: Order,
    videos: Sequence[Path],
    root: Path | None,
    host: Host | None = None,
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    told: Told = lambda _outcome: None,
) -> list[Outcome]:
    """Judge many recordings as ordered, each into a folder of its own in ``root`` (None: nothing is written).

    Returns what became of each, in their order; ``told`` gets each as it ends. They are shared out to ``jobs`` processes (None:
    one for each core), the longest first, or to the Dask cluster whose ``scheduler`` has that address. With ``resume`` recordings
    whose whole result is in ``root`` are not done again. ``root`` gets a ``summary.csv`` and an ``index.html``.

    Whatever happens in one recording is told to ``host`` and stands in its outcome. KeyboardInterrupt of the host ends all; what
    was found until then is returned. Raises PosturecamError when the cluster cannot be used or ``root`` not be written to.
    """
    host = host or Host()
    many = _Many(order, list(videos), root, host, told)
    if resume and root is not None:
        many.skip_done(root)
    try:
        if scheduler is not None:
            from posturecam.app.cluster import run_cluster

            with many.progress() as share:
                run_cluster(order, many.left(), many.videos, root, host, scheduler, told=many.take, share=share)
        else:
            many.run_here(jobs or cores())
    except KeyboardInterrupt:
        many.stop()
    finally:
        many.close()
    return many.in_order()


class _Many:
    """The recordings and what has become of them; numbers are places among ``videos``."""

    def __init__(self, order: Order, videos: list[Path], root: Path | None, host: Host, told: Told) -> None:
        self.order, self.videos, self.root, self.host, self._told = order, videos, root, host, told
        self._outcomes: dict[int, Outcome] = {}
        self._works: dict[int, str] = {}
        self._frames = {number: frames_to_look_at(video) or _UNKNOWN_FRAMES for number, video in enumerate(videos)}

    def skip_done(self, root: Path) -> None:
        """Take the outcomes of what an earlier run has finished."""
        for number, video in enumerate(self.videos):
            if not video.is_file():
                continue  # what is not a file says so when it is judged
            try:
                self._works[number] = work_digest(self.order, video)
                found = done_before(root, video, self._works[number])
                if found is not None:
                    self._take(number, _earlier(video, *found))
            except (OSError, ValidationError, ValueError):
                continue  # unreadable here or there: it is judged, which says what is wrong

    def left(self) -> list[int]:
        """The numbers of what is to be done, the longest first."""
        return sorted(self._undone(), key=lambda number: -self._frames[number])

    def _undone(self) -> list[int]:
        return [number for number in range(len(self.videos)) if number not in self._outcomes]

    def run_here(self, jobs: int) -> None:
        """On this machine: what would keep one core busy after all others are done is shared by all, the rest a core each."""
        left = self._undone() if jobs == 1 else self.left()
        with self.progress() as share:
            while left and (jobs == 1 or len(left) == 1 or self._outlasts(left, jobs)):
                number = left.pop(0)
                self._alone(number, jobs, share)
                if ended(self._outcomes[number]) or self.host.ending:
                    return
            if left:
                run_pool(
                    replace(self.order, settings={**self.order.settings, "jobs": 1}),
                    [self.videos[number] for number in left],
                    self.root,
                    min(jobs, len(left)),
                    self.host,
                    told=lambda place, outcome: self.take(left[place], outcome),
                    share=lambda place, part: share(left[place], part),
                )

    def _outlasts(self, left: list[int], jobs: int) -> bool:
        return self._frames[left[0]] > sum(self._frames[number] for number in left) / jobs

    def _alone(self, number: int, jobs: int, share: Callable[[int, float], None]) -> None:
        under = _Under(self.host, lambda part: share(number, part), drawn=self.root is not None)
        order = replace(self.order, settings={**self.order.settings, "jobs": jobs})
        self.take(
            number,
            settle(lambda video, root: judge(order, video, root, under), self.videos[number], self.root, under),
        )

    def take(self, number: int, outcome: Outcome) -> None:
        """What became of a recording; a whole result is noted in its folder."""
        finished = outcome.finished
        if finished is not None and finished.folder is not None and not (finished.interrupted or finished.problems):
            try:
                work = self._works.get(number) or work_digest(self.order, self.videos[number])
            except OSError:
                work = ""  # it has gone since
            if work:
                told = {"exit_code": outcome.exit_code, "problem": outcome.problem}
                mark_done(finished.folder, work, told)
        self._take(number, outcome)

    def _take(self, number: int, outcome: Outcome) -> None:
        self._outcomes[number] = outcome
        self._told(outcome)

    def stop(self) -> None:
        """The user has ended it: what was not begun or brought nothing is an outcome as well, the first of them only."""
        number = next((number for number in range(len(self.videos)) if number not in self._outcomes), None)
        if number is not None and not any(ended(outcome) for outcome in self._outcomes.values()):
            self._outcomes[number] = Outcome(self.videos[number], None, STOPPED, INTERRUPTED)

    def in_order(self) -> list[Outcome]:
        """The outcomes there are, in the order of the recordings."""
        return [self._outcomes[number] for number in sorted(self._outcomes)]

    def close(self) -> None:
        """Write the summaries of what there is; raises OutputError."""
        if self.root is None or not self._outcomes:
            return
        rows = [(row(outcome), _page(outcome, self.root)) for outcome in self.in_order()]
        try:
            write_whole(self.root / SUMMARY, render_summary(HEADER, rows))
            write_whole(self.root / INDEX, render_index(HEADER, rows))
        except PosturecamError as error:
            self.host.say(str(error))

    @contextmanager
    def progress(self) -> Iterator[Callable[[int, float], None]]:
        """One bar for all that is left; yields what is told a recording's number and how much of it is done."""
        left = self.left()
        total = sum(self._frames[number] for number in left)
        parts = dict.fromkeys(left, 0.0)
        with self.host.progress(f"{len(left)} recordings", total, "frames") as advance:

            def share(number: int, part: float) -> None:
                parts[number] = part
                done = [number for number in parts if number in self._outcomes]
                parts.update(dict.fromkeys(done, 1.0))
                advance(sum(self._frames[one] * part for one, part in parts.items()), total)

            yield share


class _Under(Host):
    """The host of one recording among many: its progress is a part of the whole's, all else is the host's own."""

    def __init__(self, host: Host, share: Callable[[float], None], *, drawn: bool) -> None:
        self._host, self._share, self._drawn = host, share, drawn

    def say(self, line: str) -> None:
        self._host.say(line)

    def trace(self, error: BaseException) -> None:
        self._host.trace(error)

    def deferred(self) -> AbstractContextManager[None]:
        return self._host.deferred()

    def interruptible(self) -> AbstractContextManager[None]:
        return self._host.interruptible()

    def waiting(self) -> AbstractContextManager[None]:
        return self._host.waiting()

    def check(self) -> None:
        self._host.check()

    @property
    def ending(self) -> bool:
        return self._host.ending

    def frames(self, source: Source) -> Source:
        return self._host.frames(source)

    def progress(self, title: str, total: float | None, unit: str) -> AbstractContextManager[Advance]:
        if unit != "frames":
            return self._host.progress(title, total, unit)
        return nullcontext(lambda done, whole: self._share(share_of(title, unit, done, whole, drawn=self._drawn)))


def _earlier(video: Path, folder: Path, told: Mapping[str, object]) -> Outcome:
    """The outcome of an earlier run, as its folder has it; raises OSError, ValidationError or ValueError."""
    text = read_bounded(folder / "report.json", MOST_REPORT_BYTES)
    code, problem = told.get("exit_code"), told.get("problem")
    if code not in (0, NothingJudgedError.exit_code) or not isinstance(problem, str):
        raise ValueError("a manifest that this program did not write")
    return Outcome(video, None, problem, int(str(code)), Report.model_validate_json(text), folder)


def _page(outcome: Outcome, root: Path) -> str:
    """The report's place as seen from ``root``: its page, else its data; empty without one."""
    folder = outcome.folder
    if folder is None:
        return ""
    names = [name for name in ("report.html", "report.pdf", "report.md", "report.json") if (folder / name).is_file()]
    return (folder / names[0]).relative_to(root).as_posix() if names else ""
