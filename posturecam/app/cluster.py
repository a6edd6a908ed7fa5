"""Recordings shared out to the machines of a Dask cluster, which queues, places and repeats the work.

A worker reads a recording where it lies on storage that it shares with this machine; one that it does not find there is sent
along. What comes out is sent back as files and written here, so that nothing is half there when a worker dies.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from posturecam import __version__, language
from posturecam.app.batch import Outcome, failed, settle
from posturecam.app.finished import Finished
from posturecam.app.host import Host
from posturecam.app.orders import Order, judge
from posturecam.app.outputs import Outputs
from posturecam.errors import OutputError, PosturecamError
from posturecam.files import shown, write_whole
from posturecam.output_folder import MANIFEST, output_folder

CONNECT_S = 10.0
GLANCE_S = 0.2
AHEAD = 2
"""Recordings handed out for each thread of the cluster: the next one is there when one ends, and few are held if sent along."""
RETRIES = 2
"""So often a recording is tried again that ended with an error of the cluster's; dead workers are Dask's own business."""


@dataclass(frozen=True)
class Unit:
    """One recording to judge as ordered: the ``video`` as it was named, and ``where`` it may lie for a worker as well.

    ``content`` is the recording itself, where the worker did not find one of this ``size`` there.
    """

    order: Order
    video: Path
    where: Path
    size: int
    filed: bool
    version: str = __version__
    speech: language.Speech = field(default_factory=language.speech)
    content: bytes | None = None


@dataclass(frozen=True, eq=False)
class Brought:
    """What a worker brings back: the outcome, its ``files`` by their names in the folder, and what was ``said``.

    Without an outcome the worker could not read the recording.
    """

    outcome: Outcome | None
    files: dict[str, bytes]
    said: tuple[str, ...] = ()


class ClusterError(PosturecamError):
    """The cluster cannot be used."""


def run_cluster(
    order: Order,
    numbers: Sequence[int],
    videos: Sequence[Path],
    root: Path | None,
    host: Host,
    address: str,
    *,
    told: Callable[[int, Outcome], None],
    share: Callable[[int, float], None],
) -> None:
    """Judge the recordings of these ``numbers`` among ``videos`` on the cluster; ``told`` gets each outcome as it comes.

    Raises ClusterError when no scheduler answers at the ``address``, and KeyboardInterrupt of the ``host``.
    """
    with _client(address, host) as client:
        waiting = iter(numbers)
        running: dict[Any, int] = {}
        ended: SimpleQueue[Any] = SimpleQueue()

        def submit(number: int, content: bytes | None = None) -> None:
            unit = replace(_unit(order, videos[number], root), content=content)
            future = client.submit(judge_there, unit, pure=False, retries=RETRIES)
            running[future] = number
            future.add_done_callback(ended.put)

        def hand_out() -> None:
            most = AHEAD * max(1, sum(client.nthreads().values()))
            while len(running) < most and (number := next(waiting, None)) is not None:
                submit(number)

        hand_out()
        while running:
            with host.waiting():
                future = _next(ended)
            number = running.pop(future)
            brought = _brought(future, videos[number], host)
            if brought.outcome is None:
                submit(number, _content(videos[number]))
                continue
            told(number, _kept(brought, order, root, host))
            share(number, 1.0)
            hand_out()


def _next(ended: SimpleQueue[Any]) -> Any:
    while True:
        try:
            return ended.get(timeout=GLANCE_S)
        except Empty:  # a signal is heard here
            continue


@contextmanager
def _client(address: str, host: Host) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError("--scheduler needs Dask; install it with: pip install 'posturecam[cluster]'") from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # its news is not the user's
    try:
        with host.interruptible():
            client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(
            f"No Dask scheduler answers at {address} ({type(error).__name__}); start one with: dask scheduler"
        ) from error
    try:
        if not client.nthreads():
            host.say(f"The scheduler at {address} has no workers yet; waiting for the first.")
        yield client
    finally:
        client.close(timeout=1)


def _brought(future: Any, video: Path, host: Host) -> Brought:
    try:
        brought = future.result()
        assert isinstance(brought, Brought)
        return brought
    except Exception as error:  # a worker without this program, one that died again and again, a lost scheduler
        why = f"{type(error).__name__}: {error}".splitlines()[0][:300]
        sentence = f"{shown(video)} could not be done by the cluster ({why}); run it alone without --scheduler."
        return Brought(failed(video, ClusterError(sentence), host), {})


def _unit(order: Order, video: Path, root: Path | None) -> Unit:
    try:
        size = video.stat().st_size
    except (OSError, ValueError):
        size = -1  # judging it says what is wrong
    named = {"called": shown(video), "folder": None, "store": None, "jobs": 1, "overwrite": False}
    where = Path(os.path.abspath(video))  # noqa: PTH100 - its links mean the same there
    return Unit(replace(order, settings={**order.settings, **named}), video, where, size, root is not None)


def _content(video: Path) -> bytes:
    try:
        return video.read_bytes()
    except (OSError, ValueError):
        return b""


def judge_there(unit: Unit) -> Brought:
    """Judge one recording on a worker's machine, in a folder that is gone afterwards; raises ClusterError."""
    if unit.version != __version__:
        raise ClusterError(f"a worker has posturecam {__version__} where {unit.version} is asked for")
    host = _Kept()
    with tempfile.TemporaryDirectory(prefix="posturecam-") as place:
        video = unit.where
        if unit.content is not None:
            video = Path(place) / "sent" / unit.video.name
            video.parent.mkdir()
            video.write_bytes(unit.content)
        elif unit.size >= 0 and not _is_there(unit):
            return Brought(None, {})
        root = Path(place) / "out" if unit.filed else None
        spoken, own = unit.speech
        language.learn(own)
        with language.spoken(spoken):
            outcome = settle(partial(judge, unit.order, host=host), video, root, host)
        files = {} if outcome.folder is None else _read(outcome.folder)

    def named(text: str) -> str:
        return text.replace(shown(video), shown(unit.video))

    outcome = replace(outcome, video=unit.video, problem=named(outcome.problem))
    return Brought(outcome, files, tuple(named(line) for line in host.said))


def _read(folder: Path) -> dict[str, bytes]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != MANIFEST]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _is_there(unit: Unit) -> bool:
    try:
        return unit.where.stat().st_size == unit.size
    except (OSError, ValueError):
        return False


class _Kept(Host):
    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, line: str) -> None:
        self.said.append(line)


def _kept(brought: Brought, order: Order, root: Path | None, host: Host) -> Outcome:
    """The outcome, with its files written here and the session kept for the history."""
    outcome = brought.outcome
    assert outcome is not None
    for line in brought.said:
        host.say(line)
    finished = outcome.finished
    if finished is None or root is None:
        return outcome
    try:
        with (
            host.deferred(),
            output_folder(root, outcome.video, overwrite=bool(order.settings.get("overwrite"))) as folder,
        ):
            for name, content in brought.files.items():
                write_whole(folder / name, content)
            problems = _stored(folder, order, finished, host)
    except OutputError as error:
        return failed(outcome.video, error, host)
    there = replace(finished, folder=folder, problems=(*finished.problems, *problems))
    return replace(outcome, finished=there)


def _stored(folder: Path, order: Order, finished: Finished, host: Host) -> list[str]:
    store = order.settings.get("store")
    if store is None or not finished.judged:
        return []
    outputs = Outputs(folder, (), host.say)
    spec = order.spec if order.exercise is not None else finished.report.exercise
    outputs.store(store, finished.report, spec)
    return outputs.problems
