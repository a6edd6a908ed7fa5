"""Work shared out to processes: done once, in any order, and never left half done by a process that dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from posturecam.app.workers import Send, WorkerDiedError, share_out
from posturecam.errors import SourceError


def double(task: int, send: Send) -> None:
    send(task)
    send(2 * task)


def die_once(task: tuple[Path, list[int]], send: Send) -> None:
    """Dies after its first number, unless somebody died here before."""
    mark, numbers = task
    for number in numbers:
        send(number)
        if not mark.exists():
            mark.touch()
            time.sleep(0.3)  # what was sent is on its way
            os.kill(os.getpid(), signal.SIGKILL)


def die(task: object, send: Send) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(task: str, send: Send) -> None:
    raise SourceError(task)


def wait_long(task: Path, send: Send) -> None:
    send("here")
    time.sleep(600)


def none_again(index: int) -> Any:
    raise AssertionError("nothing has to be done again")


def test_every_task_is_done_and_what_it_sends_comes_in_order() -> None:
    got: dict[int, list[int]] = {}
    share_out(
        double,
        [1, 2, 3, 4, 5],
        2,
        take=lambda index, number: got.setdefault(index, []).append(number),
        again=none_again,
        what="numbers",
    )
    assert got == {index: [index + 1, 2 * index + 2] for index in range(5)}


def test_what_a_killed_process_left_undone_is_done_by_another(tmp_path: Path) -> None:
    got: list[int] = []
    mark, numbers = tmp_path / "died", [1, 2, 3]
    share_out(
        die_once,
        [(mark, numbers)],
        1,
        take=lambda _, number: got.append(number),
        again=lambda _: (mark, numbers[len(got) :]),
        what="numbers",
    )
    assert mark.exists()
    assert got == numbers


def test_a_task_that_kills_its_process_every_time_is_an_error_that_names_it() -> None:
    with pytest.raises(WorkerDiedError, match=r"work on clip\.mp4 .*signal 9.*--jobs 1"):
        share_out(die, [0], 2, take=lambda *_: None, again=lambda _: 0, what="clip.mp4")
    assert not multiprocessing.active_children()


def test_an_error_of_the_work_is_raised_as_it_is() -> None:
    with pytest.raises(SourceError, match="no such film"):
        share_out(fail, ["no such film"], 2, take=lambda *_: None, again=none_again, what="it")


def test_ctrl_c_ends_every_process_at_once(tmp_path: Path) -> None:
    heard: list[int] = []

    def take(index: int, _: object) -> None:
        heard.append(index)
        if len(heard) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        share_out(wait_long, [tmp_path, tmp_path], 2, take=take, again=none_again, what="it")
    assert sorted(heard) == [0, 1]
    assert not multiprocessing.active_children()
