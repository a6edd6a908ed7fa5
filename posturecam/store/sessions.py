"""Session folders: making them whole, listing, naming and deleting them.

A session's folder holds ``report.json`` and what else there is: ``landmarks.npz`` for judging it again, ``spec.yaml`` when
the exercise was the user's own file, ``thumbnails/``. A folder whose name starts with a dot is not (or no longer) a session.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

from posturecam.errors import CallError, OutputError, SessionError, StoreError
from posturecam.files import ensure_writable, whole_file
from posturecam.store.folders import (
    MAX_SAME_NAME,
    keep_beside,
    make_private,
    newest_change,
    quoted,
    remove,
    safe_name,
    sync,
    sync_path,
    writing,
)
from posturecam.store.journal import JOURNAL, Journal
from posturecam.store.locks import Lock, try_lock
from posturecam.store.versions import ReportData, read_report_data, text_of

REPORT = "report.json"
LANDMARKS = "landmarks.npz"
SPEC = "spec.yaml"
THUMBNAILS = "thumbnails"
ENVIRONMENT = "POSTURECAM_DATA"

_UNFINISHED = ".unfinished-"
_DELETED = ".deleted-"
_LOCK = ".lock"
_FORGOTTEN_AFTER_S = 86_400.0


def data_folder() -> Path:
    """The user's folder for what posturecam keeps; the environment's POSTURECAM_DATA comes first."""
    chosen = os.environ.get(ENVIRONMENT)
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return platformdirs.user_data_path("posturecam", appauthor=False)


@dataclass(frozen=True)
class Session:
    """A stored session. ``id`` is its folder's name, ``data`` its report as JSON, up to date; ``report_path`` where that lies."""

    id: str
    folder: Path
    data: ReportData
    report_path: Path

    @property
    def landmarks_path(self) -> Path:
        """Where its landmarks lie, or would."""
        return self.folder / LANDMARKS

    @property
    def has_landmarks(self) -> bool:
        """Whether it can be judged again."""
        return self.landmarks_path.is_file()

    @property
    def created(self) -> datetime:
        """When it was recorded or analysed, with a time zone."""
        return _moment(self.data, self.report_path)

    @property
    def exercise(self) -> str:
        """Id of the exercise, as the report has it."""
        return text_of(self.data, "exercise")


@dataclass(frozen=True)
class Damaged:
    """A folder in the store that cannot be read as a session: ``problem`` is one sentence."""

    id: str
    folder: Path
    problem: str


@dataclass(frozen=True)
class Listing:
    """All that is in the store: ``sessions`` oldest first, and what is ``damaged``."""

    sessions: tuple[Session, ...]
    damaged: tuple[Damaged, ...]


class SessionStore:
    """The sessions in one folder, by default ``sessions`` in :func:`data_folder`."""

    def __init__(self, root: str | Path | None = None) -> None:
        self.root = Path(root).expanduser() if root is not None else data_folder() / "sessions"

    # writing -------------------------------------------------------------------------------------------------------

    def try_writing(self) -> None:
        """Try that a session could be saved, before long work is begun; OutputError says why not."""
        with writing(self.root):
            make_private(self.root)
        ensure_writable(self.root)

    def abandoned(self) -> Iterator[Draft]:
        """The drafts with a journal whose programs are not alive any more, each held by this one until it is closed."""
        try:
            folders = sorted(self.root.glob(f"{_UNFINISHED}*/{JOURNAL}"))
        except OSError:
            return
        for folder in (journal.parent for journal in folders):
            try:
                lock = try_lock(_lock_path(folder))
            except OSError:  # a store that may only be read stays as it is
                continue
            if lock is None:
                continue
            if (folder / JOURNAL).is_file():
                yield Draft(self.root, folder, lock)
            else:  # another program was quicker
                lock.release()

    def draft(self) -> Draft:
        """A hidden folder to write a session's files into while it goes on; OutputError when it cannot be made."""
        with writing(self.root):
            make_private(self.root)
            self._sweep()
            folder = self.root / f"{_UNFINISHED}{os.getpid()}-{time.monotonic_ns()}"
            folder.mkdir(mode=0o700)
        return Draft(self.root, folder)

    def save(self, report_json: str, files: Mapping[str, bytes | Path] | None = None) -> Session:
        """Store a finished session; ``files`` maps names in its folder to their content or to files that are copied."""
        with self.draft() as draft:
            for name, content in (files or {}).items():
                draft.add(name, content)
            return draft.commit(report_json)

    def replace_report(self, session: Session, report_json: str) -> Session:
        """Give a session a new report; the one it had is kept beside it under the moment it is replaced."""
        with writing(session.folder):
            keep_beside(session.report_path, f"report-until-{datetime.now():%Y%m%d-%H%M%S}")
            with whole_file(session.report_path) as file:
                file.write(report_json.encode())
                sync(file.fileno())
        return open_session(session.folder)

    def delete(self, session_id: str) -> None:
        """Remove a session, readable or damaged, by its id; at no moment is half of one listed."""
        folder = self._folder_of(session_id)
        gone = self.root / f"{_DELETED}{os.getpid()}-{time.monotonic_ns()}"
        try:
            folder.rename(gone)
            shutil.rmtree(gone)
        except OSError as error:
            raise OutputError(f"{folder} cannot be deleted: {(error.strerror or str(error)).lower()}.") from error

    def _sweep(self) -> None:
        """Remove what a crash left behind, once it is so old that nobody writes to it any more."""
        for folder in self.root.glob(".*"):
            abandoned = (
                folder.name.startswith(_UNFINISHED)
                and not folder.with_name(folder.name.removesuffix(_LOCK)).joinpath(JOURNAL).exists()  # to be finished
                and time.time() - newest_change(folder) > _FORGOTTEN_AFTER_S
            )
            if abandoned or folder.name.startswith(_DELETED):
                remove(folder)

    # reading -------------------------------------------------------------------------------------------------------

    def ids(self) -> tuple[str, ...]:
        """Names of all session folders, readable or damaged, sorted."""
        try:
            entries = sorted(self.root.iterdir())
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise StoreError(f"{self.root} cannot be read: {(error.strerror or str(error)).lower()}.") from error
        return tuple(entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir())

    def listing(self) -> Listing:
        """Everything in the store; a damaged session never hides the others."""
        sessions: list[Session] = []
        damaged: list[Damaged] = []
        for name in self.ids():
            folder = self.root / name
            try:
                session = open_session(folder)
                _ = session.created  # a session without a date cannot take its place among the others
                sessions.append(session)
            except StoreError as error:
                damaged.append(Damaged(name, folder, str(error)))
        sessions.sort(key=lambda session: (session.created, session.id))
        return Listing(tuple(sessions), tuple(damaged))

    def find(self, reference: str) -> Session:
        """The session that ``last``, an id or its beginning, a folder or a ``report.json`` names; StoreError if there is none."""
        if reference == "last":
            return self._last()
        names = self.ids()
        if reference not in names:
            path = Path(reference).expanduser()
            if path.is_file():
                return open_session(path.parent, path)
            if path.is_dir():
                return self._in_folder(path)
        return open_session(self._folder_of(reference, names))

    def resolve(self, reference: str) -> str:
        """The id of the stored session, readable or damaged, that ``last``, an id or its beginning names."""
        return self._last().id if reference == "last" else self._folder_of(reference).name

    def _last(self) -> Session:
        listing = self.listing()
        if not listing.sessions:
            why = "" if not listing.damaged else f" ({len(listing.damaged)} cannot be read)"
            raise StoreError(
                f"There is no session in {self.root} yet{why}; 'posturecam live' and 'posturecam analyse' store one."
            )
        return listing.sessions[-1]

    def _folder_of(self, reference: str, names: tuple[str, ...] | None = None) -> Path:
        """A folder of this store by id or beginning; what the user typed is only ever compared, never joined to a path."""
        names = self.ids() if names is None else names
        found = (
            [reference] if reference in names else [name for name in names if reference and name.startswith(reference)]
        )
        if not found:
            raise StoreError(
                f"There is no session {quoted(reference)}; 'posturecam sessions list' shows those there are."
            )
        if len(found) > 1:
            shown = ", ".join(found[:4]) + (", ..." if len(found) > 4 else "")
            raise CallError(f"{quoted(reference)} names {len(found)} sessions ({shown}); give more of the name.")
        return self.root / found[0]

    @staticmethod
    def _in_folder(path: Path) -> Session:
        if not (path / REPORT).exists():
            inside = SessionStore(path).ids()
            if any((path / name / REPORT).exists() for name in inside):
                raise CallError(f"{path} holds several sessions; name one of them, such as {path / inside[-1]}.")
        return open_session(path)


def open_session(folder: Path, report_path: Path | None = None) -> Session:
    """The session in a folder (``report_path`` when its report has another name); StoreError says what is wrong with it."""
    path = report_path or folder / REPORT
    return Session(folder.resolve().name, folder, read_report_data(path), path)


class Draft:
    """A session being written: put files into ``folder``, then :meth:`commit`. As a context it discards what is not committed.

    With a journal that holds something it is left behind, not discarded, when the context ends by an error: the next start
    finishes it.
    """

    def __init__(self, root: Path, folder: Path, lock: Lock | None = None) -> None:
        self._root = root
        self.folder = folder
        self._open = True
        self._lock = lock
        self._journal: Journal | None = None

    def __enter__(self) -> Draft:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and self._journal is not None and self._journal.rows:
            self.leave()
        self.discard()

    def begin_journal(self, header: Mapping[str, object], tell: Callable[[str], None]) -> Journal:
        """Keep what is seen from now on, come what may; ``tell`` gets what goes wrong later. Raises OutputError."""
        with writing(self.folder):
            self._lock = try_lock(_lock_path(self.folder))
            self._journal = Journal(self.folder / JOURNAL, header, tell)
        return self._journal

    def add(self, name: str, content: bytes | str | Path) -> None:
        """Write or copy one file; ``name`` may lie in a sub-folder but never outside the session's."""
        target = (self.folder / name).resolve()
        if not target.is_relative_to(self.folder.resolve()) or target == self.folder.resolve():
            raise OutputError(f"{quoted(name)} would lie outside the session's folder.")
        with writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Path):
                shutil.copyfile(content, target)
            else:
                target.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, report_json: str) -> Session:
        """Write the report and give the folder its name: from now on the session is there, complete and on the disk."""
        self._close_journal()
        self.add(REPORT, report_json)
        data = read_report_data(self.folder / REPORT)
        moment = _moment(data, self.folder / REPORT)
        with writing(self.folder):
            for path in sorted(self.folder.rglob("*")):
                sync_path(path)
            sync_path(self.folder)
            final = self._take_name(f"{moment:%Y%m%d-%H%M%S}-{safe_name(text_of(data, 'exercise'))}")
            self._open = False
            sync_path(self._root)
            (final / JOURNAL).unlink(missing_ok=True)
        self._release()
        return Session(final.name, final, data, final / REPORT)

    def _take_name(self, name: str) -> Path:
        for number in range(1, MAX_SAME_NAME):
            final = self._root / (name if number == 1 else f"{name}-{number}")
            if final.exists():
                continue
            try:
                self.folder.rename(final)
            except OSError as error:
                if error.errno in (errno.EEXIST, errno.ENOTEMPTY):  # another program was quicker
                    continue
                raise
            return final
        raise OutputError(f"{self._root} holds too many sessions called {name}; delete some of them.")

    def discard(self) -> None:
        """Remove everything; nothing happens once it is committed."""
        if self._open:
            self._open = False
            if self._journal is not None:
                self._journal.close(give_up=True)
            shutil.rmtree(self.folder, ignore_errors=True)
            self._release()

    def leave(self) -> bool:
        """Leave what is in the journal for :meth:`SessionStore.abandoned`; returns whether it holds all that was seen.

        Nothing happens once it is committed or discarded.
        """
        if self._open:
            self._open = False
            for path in self.folder.rglob("*"):  # all of it is made again, and the journal may need the room
                if path.is_file() and path.name not in (JOURNAL, SPEC):
                    with contextlib.suppress(OSError):
                        path.unlink()
            self._close_journal()
            self._release()
        return self._journal is None or self._journal.complete

    def _close_journal(self) -> None:
        if self._journal is not None:
            self._journal.close()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()


def _moment(data: ReportData, path: Path) -> datetime:
    try:
        return datetime.fromisoformat(text_of(data, "created").replace("Z", "+00:00")).astimezone()
    except (ValueError, OverflowError, OSError) as error:
        raise SessionError(path, "created", "its date cannot be read") from error


def _lock_path(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}{_LOCK}")
