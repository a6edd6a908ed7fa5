"""Work shared out to processes: done once, in any order, and never left half done by a process that dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from posturecam.app.workers import Send, WorkerDiedError, cores, own_cores, share_out, started_ahead
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


def save_when_asked(task: int, send: Send) -> None:
    """Sends what it has when it is asked to end."""

    def saved(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, saved)
    try:
        send("begun")
        time.sleep(600)
    except KeyboardInterrupt:
        send(f"saved {task}")


def die_at_one(task: int, send: Send) -> None:
    if task == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    send(task)


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


def test_a_task_that_is_given_up_keeps_nobody_from_the_others() -> None:
    got: list[int] = []
    lost: dict[int, str] = {}
    share_out(
        die_at_one,
        [0, 1, 2, 3],
        2,
        take=lambda _, number: got.append(number),
        again=lambda index: index,
        what="it",
        lost=lambda index, error: lost.update({index: str(error)}),
    )
    assert sorted(got) == [0, 2, 3]
    assert list(lost) == [1]
    assert "signal 9" in lost[1]


def test_after_ctrl_c_what_is_under_way_may_send_what_it_has() -> None:
    heard: list[str] = []

    def take(_index: int, content: str) -> None:
        heard.append(content)
        if heard == ["begun", "begun"]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        share_out(save_when_asked, [0, 1, 2], 2, take=take, again=none_again, what="it", patience_s=5.0)
    assert sorted(heard[2:]) == ["saved 0", "saved 1"]
    assert not multiprocessing.active_children()


def tell_cores(task: int, send: Send) -> None:
    time.sleep(0.3)  # else one worker does it all
    send(sorted(os.sched_getaffinity(0)))


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system cannot keep a process to a core")
def test_as_many_processes_as_cores_keep_to_one_core_each() -> None:
    got: list[list[int]] = []
    share_out(
        tell_cores, range(cores()), cores(), take=lambda _, told: got.append(told), again=none_again, what="cores"
    )
    assert sorted(got) == [[core] for core in sorted(os.sched_getaffinity(0))]


@pytest.mark.skipif(cores() < 2, reason="needs two cores")
def test_fewer_processes_than_cores_go_where_the_system_puts_them() -> None:
    assert own_cores(cores() - 1) == ()


def whose_child(task: int, send: Send) -> None:
    send((os.getpid(), "posturecam.app.showing" in sys.modules))


def test_processes_started_ahead_are_those_that_work_and_have_read_in_what_was_named() -> None:
    with started_ahead(2, "posturecam.app.showing"):
        ahead = {process.pid for process in multiprocessing.active_children()}
        told: list[tuple[int, bool]] = []
        share_out(whose_child, [1, 2, 3], 2, take=lambda _, one: told.append(one), again=none_again, what="it")
    assert len(ahead) == 2
    assert {pid for pid, _ in told} <= ahead
    assert all(read_in for _, read_in in told)


def test_processes_started_ahead_that_nobody_needs_end() -> None:
    with pytest.raises(SourceError), started_ahead(2, "posturecam.app.showing"):
        raise SourceError("no such film")
    assert not multiprocessing.active_children()
    told: list[int] = []
    with started_ahead(2, "posturecam.app.showing"):
        share_out(double, [1], 1, take=lambda _, number: told.append(number), again=none_again, what="numbers")
    assert told == [1, 2]
    assert not multiprocessing.active_children()
