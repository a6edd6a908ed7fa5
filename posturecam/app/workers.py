"""Work shared out to processes of this machine, which end with whoever started them, whatever happens."""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeAlias

from posturecam import language
from posturecam.errors import PosturecamError

Send: TypeAlias = Callable[[object], None]
Waiting: TypeAlias = Callable[[], contextlib.AbstractContextManager[Any]]
"""What a signal can end waiting in."""
Work: TypeAlias = Callable[[Any, Send], None]
"""A module's function that does one task and sends what it finds; runs in another process, so that all must be picklable."""

MOST_DEATHS = 2
"""A task whose processes died so often is given up: its pictures, or want of memory, kill them."""
END_S = 0.5


class WorkerDiedError(PosturecamError):
    """A task could not be done, because the processes that did it were ended from outside or broke down."""


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    connection: Connection[Any, Any]
    task: int
    core: int | None


@dataclass(eq=False)
class _Shop:
    """The workers at their tasks."""

    work: Work
    waiting: Iterator[tuple[int, Any]]
    again: Callable[[int], Any]
    what: str
    take: Callable[[int, Any], None]
    done: Callable[[int], None]
    lost: Callable[[int, WorkerDiedError], None] | None = None
    cores: Sequence[int] = ()
    ending: bool = False
    workers: list[_Worker] = field(default_factory=list)
    leaving: list[BaseProcess] = field(default_factory=list)
    deaths: dict[int, int] = field(default_factory=dict)

    def hire(self, first: tuple[int, Any] | None = None) -> bool:
        """Start a process and give it its ``first`` task, None: the next; False when there is none."""
        first = first or next(self.waiting, None)
        if first is None:
            return False
        worker = _ahead.pop(0) if _ahead else _started(self.free_core())
        self.workers.append(worker)
        with contextlib.suppress(OSError):  # a dead one is noticed when it is listened to
            worker.connection.send((self.work, language.speech()))
        self.give(worker, first)
        return True

    def free_core(self) -> int | None:
        """The core that a new process keeps to: the one that the fewest have; None: whichever the system gives it."""
        taken = [worker.core for worker in self.workers]
        return min(self.cores, key=taken.count, default=None)

    def give(self, worker: _Worker, given: tuple[int, Any] | None) -> None:
        """A task, or the end when there is none."""
        if given is None:
            self.dismiss(worker)
            return
        worker.task, task = given
        with contextlib.suppress(OSError):  # a dead one is noticed when it is listened to
            worker.connection.send(task)

    def hear(self, worker: _Worker) -> None:
        """Take one message of a worker that has something to say, or notice its death."""
        try:
            kind, content = worker.connection.recv()
        except (EOFError, OSError):
            self.bury(worker)
            return
        if kind == "sent":
            self.take(worker.task, content)
        elif kind == "failed":
            raise content
        else:
            self.done(worker.task)
            self.give(worker, next(self.waiting, None))

    def bury(self, worker: _Worker) -> None:
        """Have a dead worker's task done by another; raises WorkerDiedError when that has been tried."""
        self.dismiss(worker)
        worker.process.join(END_S)
        if self.ending:
            return
        deaths = self.deaths[worker.task] = self.deaths.get(worker.task, 0) + 1
        if deaths >= MOST_DEATHS:
            error = WorkerDiedError(
                f"A process at work on {self.what} was ended {deaths} times ({_cause(worker.process.exitcode)}), "
                "perhaps for want of memory; try again with --jobs 1."
            )
            if self.lost is None:
                raise error
            self.lost(worker.task, error)
            self.hire()
            return
        self.hire((worker.task, self.again(worker.task)))

    def wind_up(self, patience_s: float) -> None:
        """Ask all to end (SIGTERM), and take what they still bring within so long."""
        self.ending, self.waiting = True, iter(())
        for worker in self.workers:
            worker.process.terminate()
        until_s = time.monotonic() + patience_s
        while self.workers and (left_s := until_s - time.monotonic()) > 0:
            ready = wait([worker.connection for worker in self.workers], left_s)
            for worker in [worker for worker in self.workers if worker.connection in ready]:
                self.hear(worker)

    def dismiss(self, worker: _Worker) -> None:
        """Let a worker go that has nothing left to do."""
        self.workers.remove(worker)
        worker.connection.close()
        self.leaving.append(worker.process)

    def close(self) -> None:
        """End all at once."""
        for worker in self.workers:
            worker.process.terminate()
        for worker in self.workers:
            worker.process.join(END_S)
            if worker.process.is_alive():
                worker.process.kill()
            worker.connection.close()
        self.workers.clear()
        for process in self.leaving:
            process.join(END_S)
            if process.is_alive():
                process.terminate()
                process.join(END_S)


_ahead: list[_Worker] = []
"""Processes that wait for their first work."""


@contextlib.contextmanager
def started_ahead(jobs: int, room: str) -> Iterator[None]:
    """Processes for the first :func:`share_out` in this block: they get ready while this one does.

    Each imports ``room``, a module, and calls its ``get_ready``.

    Those that nobody has needed end with it.
    """
    kept_to = own_cores(jobs)
    try:
        _ahead.extend(_started(kept_to[number % len(kept_to)] if kept_to else None, room) for number in range(jobs))
        yield
    finally:
        while _ahead:
            worker = _ahead.pop()
            worker.connection.close()
            worker.process.terminate()
            worker.process.join(END_S)


def _started(core: int | None, room: str = "") -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, core, room), daemon=True)
    with _interrupts_kept_from_children():
        process.start()
    theirs.close()  # else its death would not be seen here
    return _Worker(process, ours, -1, core)


def cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def own_cores(jobs: int) -> Sequence[int]:
    """The cores that as many processes keep to, one each; empty where some stay free, or the system knows no such thing.

    MediaPipe starts threads for every core it may use. Where each core has a process of its own they only get in each other's
    way: kept to one core, two processes on two cores took 31 ms per frame in place of 36.
    """
    if not hasattr(os, "sched_getaffinity") or jobs < cores():
        return ()
    return sorted(os.sched_getaffinity(0))


def share_out(
    work: Work,
    tasks: Iterable[Any],
    jobs: int,
    *,
    take: Callable[[int, Any], None],
    again: Callable[[int], Any],
    what: str,
    done: Callable[[int], None] = lambda _index: None,
    waiting: Waiting = contextlib.nullcontext,
    lost: Callable[[int, WorkerDiedError], None] | None = None,
    patience_s: float = 0.0,
) -> None:
    """Have ``work`` done on all ``tasks``, in their order, by at most ``jobs`` processes at a time.

    ``take(index, content)`` gets what the work on a task sends, in the order it was sent, and ``done(index)`` is called after the
    last. When a process dies, the task that ``again(index)`` returns is done in place of its own; ``what`` names what they work
    on. A task that is given up is told to ``lost``, which goes on with the others, else it is an error. Tasks are asked for when
    somebody is free. Processes are waited for inside ``waiting()``, which may raise KeyboardInterrupt; those whose work minds a
    SIGTERM then have ``patience_s`` to send what they have. Raises what the work raises, KeyboardInterrupt, and WorkerDiedError;
    no process is left behind in any case.
    """
    shop = _Shop(work, iter(enumerate(tasks)), again, what, take, done, lost, own_cores(jobs))
    try:
        while len(shop.workers) < jobs and shop.hire():
            pass
        while shop.workers:
            with waiting():
                ready = wait([worker.connection for worker in shop.workers])
            for worker in [worker for worker in shop.workers if worker.connection in ready]:
                shop.hear(worker)
    except KeyboardInterrupt:
        shop.wind_up(patience_s)
        raise
    finally:
        shop.close()


def _serve(connection: Connection[Any, Any], core: int | None, room: str) -> None:
    """What a worker does, in the language of the process that started it: one task after the other, until nobody listens.

    ``room`` is a module whose ``get_ready`` it calls while it waits to hear what kind of work it is, empty for none.
    """
    if core is not None:
        with contextlib.suppress(OSError):  # the core may have been taken away meanwhile
            os.sched_setaffinity(0, {core})
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if room:
        with contextlib.suppress(PosturecamError):  # the work itself tells what is missing
            importlib.import_module(room).get_ready()
    with contextlib.suppress(EOFError, OSError):
        work, speech = connection.recv()
        language.adopt(speech)
        while True:
            task = connection.recv()
            try:
                work(task, lambda content: connection.send(("sent", content)))
            except OSError as error:
                if _nobody_listens(connection):
                    return
                connection.send(("failed", _portable(error)))
            except Exception as error:
                connection.send(("failed", _portable(error)))
            else:
                connection.send(("end", None))


def _nobody_listens(connection: Connection[Any, Any]) -> bool:
    try:
        return connection.poll(0) and not connection.recv()
    except (EOFError, OSError):
        return True


def _portable(error: Exception) -> Exception:
    """The error as it can be sent: one that cannot be pickled is told in words."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _cause(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signal {-code}"
    return f"exit code {code}"


@contextlib.contextmanager
def _interrupts_kept_from_children() -> Iterator[None]:
    """Ctrl-C reaches every process of a terminal: children started in here never hear it, not even while they start."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
