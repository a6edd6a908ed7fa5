"""Recordings judged one after the other behind the page, by the same function as ``posturecam analyse``."""

from __future__ import annotations

import queue
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from posturecam import language
from posturecam.app.analyse import analyse_recording
from posturecam.app.batch import ended, settle, table
from posturecam.app.finished import Finished
from posturecam.app.host import Advance, Host
from posturecam.app.orders import AUTO
from posturecam.app.outputs import OVERLAY
from posturecam.app.people import person_part
from posturecam.app.recognise import recognise_recording
from posturecam.app.recovery import make_store_ready
from posturecam.app.settings import AnalysisSettings
from posturecam.errors import CallError
from posturecam.files import shown
from posturecam.report.types import Person
from posturecam.spec.catalogue import load_exercise, load_spec
from posturecam.store import PeopleStore, SessionStore
from posturecam.web.arriving import Arriving, Uploads

State = Literal["waiting", "running", "done", "failed", "stopped"]
MOST_KEPT = 500


@dataclass(frozen=True)
class Job:
    """One recording's analysis, ``share`` 0..1 of ``what``; ``row`` as the batch table has it, ``session`` its id once stored."""

    id: str
    name: str
    state: State = "waiting"
    what: str = ""
    share: float | None = None
    row: tuple[str, ...] = ()
    session: str | None = None


class JobHost(Host):
    """Passes progress on to the page, and the wish to stop on to the work."""

    def __init__(self, jobs: Jobs, id_: str) -> None:
        self._jobs = jobs
        self._id = id_

    def say(self, line: str) -> None:
        """News of an analysis are in its report."""

    def trace(self, error: BaseException) -> None:
        """Pass on."""
        self._jobs.host.trace(error)

    def progress(self, title: str, total: float | None, unit: str) -> AbstractContextManager[Advance]:
        """Show how far it is; stopping raises KeyboardInterrupt out of it, which the work takes for Ctrl-C."""
        del unit

        @contextmanager
        def bar() -> Iterator[Advance]:
            def advance(done: float, whole: float | None) -> None:
                whole = whole or total
                self._jobs.update(self._id, what=title, share=min(1.0, done / whole) if whole else None)
                if self.ending:
                    raise KeyboardInterrupt

            yield advance

        return bar()

    def check(self) -> None:
        """Raise KeyboardInterrupt once it is to stop."""
        if self.ending:
            raise KeyboardInterrupt

    @property
    def ending(self) -> bool:
        """Whether it is to stop."""
        return self._jobs.stopping(self._id)


class Jobs:
    """The analyses of one run of the program, in their order; a thread of its own does them."""

    def __init__(self, store: SessionStore, people: PeopleStore, uploads: Uploads, host: Host) -> None:
        self.host = host
        self._store = store
        self._people = people
        self._uploads = uploads
        self._known: dict[str, Job] = {}
        self._stops: set[str] = set()
        self._lock = threading.Lock()
        self._queue: queue.Queue[tuple[Arriving, str | None, str] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._closing = False
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether anything waits or runs."""
        return any(job.state in ("waiting", "running") for job in self.all())

    def all(self) -> list[Job]:
        """Every job, the oldest first."""
        with self._lock:
            return list(self._known.values())

    def add(self, arriving: Arriving, model: str | None) -> None:
        """Have a recording judged in the language spoken here; one that waits or runs already is not judged twice."""
        with self._lock:
            known = self._known.get(arriving.id)
            if known is not None and known.state in ("waiting", "running"):
                return
            while len(self._known) >= MOST_KEPT:
                del self._known[next(iter(self._known))]
            self._known.pop(arriving.id, None)
            self._known[arriving.id] = Job(arriving.id, arriving.about.name)
            self._stops.discard(arriving.id)
        self._queue.put((arriving, model, language.current()))

    def stop(self, id_: str) -> None:
        """End a job that waits or runs."""
        self._stops.add(id_)

    def stopping(self, id_: str) -> bool:
        """Whether a job is to end."""
        return self._closing or id_ in self._stops

    def update(self, id_: str, *, what: str, share: float | None) -> None:
        """Note how far a job is."""
        self._change(id_, what=what, share=share)

    def close(self, seconds: float) -> None:
        """End what runs, and wait for that."""
        self._closing = True
        self._queue.put(None)
        self._thread.join(seconds)

    def _change(self, id_: str, **changes: object) -> None:
        with self._lock:
            if id_ in self._known:
                self._known[id_] = replace(self._known[id_], **changes)  # type: ignore[arg-type]

    def _run(self) -> None:
        while (task := self._queue.get()) is not None and not self._closing:
            arriving, model, spoken = task
            if self.stopping(arriving.id):
                self._change(arriving.id, state="stopped")
                continue
            self._change(arriving.id, state="running")
            with language.spoken(spoken):
                state, row, session = self._judge(arriving, model)
            self._change(arriving.id, state=state, row=row, session=session, share=1.0)

    def _judge(self, arriving: Arriving, model: str | None) -> tuple[State, tuple[str, ...], str | None]:
        """What became of a recording: every error is one of the outcomes."""
        host = JobHost(self, arriving.id)
        name = Path(arriving.about.name)
        with tempfile.TemporaryDirectory(prefix="work-", dir=self._uploads.root, ignore_cleanup_errors=True) as work:
            # the readers go by a recording's ending
            video = Path(work) / f"recording{arriving.ending}"

            def judge(path: Path, root: Path | None) -> Finished:
                path.hardlink_to(arriving.part)
                make_store_ready(self._store, self.host)
                return _analysis(arriving, self._store, self._people, model, path, root, host)

            outcome = settle(judge, video, Path(work) / "out", host)
            row = table([replace(outcome, video=name)])[0]
            session = self._keep(arriving, outcome.finished, video) if outcome.finished is not None else None
        if ended(outcome) and session is None:
            return "stopped", row, None
        if session is not None:
            self._uploads.remove(arriving)
        return ("done" if session is not None else "failed"), row, session

    def _keep(self, arriving: Arriving, finished: Finished, video: Path) -> str | None:
        """Put the videos beside the stored session; returns its id, None when nothing could be judged."""
        session = next(
            (
                one
                for one in reversed(self._store.listing().sessions)
                if one.data.get("created") == finished.report.created and one.exercise == finished.report.exercise
            ),
            None,
        )
        if session is None or finished.folder is None:
            return None
        with suppress(OSError):
            shutil.move(video, session.folder / f"recording{arriving.ending}")
            if (finished.folder / OVERLAY).is_file():
                shutil.move(finished.folder / OVERLAY, session.folder / OVERLAY)
        return session.id


def person_named(name: str | None, people: PeopleStore) -> Person | str | None:
    """Whom a typed name means: the only person that is called so, else just the name."""
    if name is None:
        return None
    try:
        found = people.lookup(name)
    except CallError:  # several are called so; the session can be given to the right one afterwards
        found = None
    return person_part(found) if found is not None else name


def _analysis(
    arriving: Arriving,
    store: SessionStore,
    people: PeopleStore,
    model: str | None,
    video: Path,
    root: Path | None,
    host: Host,
) -> Finished:
    about = arriving.about
    settings = AnalysisSettings(
        exercise=load_exercise("push_up"),
        spec="push_up",
        folder=root,
        formats=("json",),
        overlay=True,
        images=True,
        blur_face=False,
        person=person_named(about.person, people),
        model=model,
        store=store,
        called=shown(about.name),
    )
    if about.exercise == AUTO:
        recognised = recognise_recording(video, model, host)
        settings = replace(settings, exercise=recognised.exercise, spec=recognised.exercise.id)
        return analyse_recording(settings, video, root, host, recognised)
    variants = tuple(load_spec(about.exercise).exercises.values())
    chosen = load_exercise(about.exercise, about.variant)
    settings = replace(
        settings, exercise=chosen, spec=about.exercise, variants=variants, open_variant=about.variant is None
    )
    return analyse_recording(settings, video, root, host)
