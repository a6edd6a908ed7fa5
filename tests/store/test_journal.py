"""The journal: what was seen is on the disk at once, and reading it ends where the program died."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posturecam.errors import StoreError
from posturecam.model import Pose
from posturecam.store import JOURNAL, SessionStore
from posturecam.store.journal import FLUSH_S, Journal, read_journal

HEADER = {"exercise": "push_up"}


def pose(number: int) -> Pose:
    return Pose(
        points=np.full((33, 2), float(number)),
        world=np.zeros((33, 3)),
        visibility=np.ones(33),
        width=640,
        height=480,
        contour=np.full((2, 15), 0.25) if number % 2 else None,
    )


def written(path: Path, rows: int, told: list[str] | None = None) -> Journal:
    """A journal with ``rows`` rows, each in a block of its own."""
    journal = Journal(path, HEADER, (told if told is not None else []).append)
    for number in range(rows):
        journal.append(number / 30, pose(number) if number != 1 else None, 640, 480)
        journal._flush()
    return journal


def test_it_gives_back_what_was_put_in(tmp_path: Path) -> None:
    written(tmp_path / "j", 4).close()
    log = read_journal(tmp_path / "j")
    assert log.header == HEADER
    assert log.poses.t_s.tolist() == [0, 1 / 30, 2 / 30, 3 / 30]
    assert log.poses.seen.tolist() == [True, False, True, True]
    assert log.poses.outlined.tolist() == [False, False, False, True]
    assert log.poses.points[3, 0].tolist() == [3, 3]


def test_rows_are_on_the_disk_without_anybody_closing_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j", HEADER, print)
    journal.append(0.0, pose(0), 640, 480)
    time.sleep(2 * FLUSH_S)
    assert len(read_journal(tmp_path / "j").poses) == 1
    journal.close()


def test_wherever_it_is_torn_the_whole_blocks_before_are_read(tmp_path: Path) -> None:
    written(tmp_path / "j", 3).close()
    whole = (tmp_path / "j").read_bytes()
    block = (len(whole) - len(read_header(whole))) // 3
    torn = tmp_path / "torn"
    for length in range(len(read_header(whole)), len(whole) + 1, 97):
        torn.write_bytes(whole[:length])
        assert len(read_journal(torn).poses) == (length - len(read_header(whole))) // block


def read_header(whole: bytes) -> bytes:
    """The bytes before the first row."""
    return whole[: whole.index(b"}") + 1]


def test_a_damaged_block_ends_it(tmp_path: Path) -> None:
    written(tmp_path / "j", 3).close()
    whole = bytearray((tmp_path / "j").read_bytes())
    whole[-10] ^= 1
    (tmp_path / "j").write_bytes(whole)
    assert len(read_journal(tmp_path / "j").poses) == 2


@pytest.mark.parametrize("content", [b"", b"something else", b"posturecam.journal/1\n", b"posturecam.journal/1\nH\x01"])
def test_without_its_header_it_is_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "j").write_bytes(content)
    with pytest.raises(StoreError, match="holds no session that could be finished"):
        read_journal(tmp_path / "j")


def test_a_full_disk_costs_nothing_once_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    journal = written(tmp_path / "j", 1, told)
    real = os.write

    def half(descriptor: int, content: Any) -> int:
        if len(content) < 100:
            raise OSError(28, "No space left on device")
        return real(descriptor, content[: len(content) - 50])

    monkeypatch.setattr("posturecam.store.journal.os.write", half)
    journal.append(1.0, pose(2), 640, 480)
    journal._flush()
    journal._flush()
    assert not journal.complete
    assert len(told) == 1
    assert "No space left" in told[0]
    assert len(read_journal(tmp_path / "j").poses) == 1
    monkeypatch.setattr("posturecam.store.journal.os.write", real)
    journal.append(2.0, pose(3), 640, 480)
    journal.close()
    assert journal.complete
    assert read_journal(tmp_path / "j").poses.t_s.tolist() == [0.0, 1.0, 2.0]


# whose program died -----------------------------------------------------------------------------------------------------

DIES = """
import sys, time
from posturecam.store import SessionStore
from tests.store.test_journal import written, pose
draft = SessionStore(sys.argv[1]).draft()
journal = draft.begin_journal({"exercise": "push_up"}, print)
journal.append(0.0, pose(0), 640, 480)
journal._flush()
print("there", flush=True)
time.sleep(60)
"""


def test_a_session_is_abandoned_when_its_program_is_dead_and_not_before(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", DIES, str(tmp_path / "s")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "there\n"
    store = SessionStore(tmp_path / "s")
    try:
        assert list(store.abandoned()) == []
    finally:
        child.kill()
        child.communicate()
    drafts = list(store.abandoned())
    assert [len(read_journal(draft.folder / JOURNAL).poses) for draft in drafts] == [1]
    assert list(SessionStore(tmp_path / "s").abandoned()) == [], "two programs must not finish the same session"
    drafts[0].leave()
    again = list(store.abandoned())
    assert len(again) == 1
    again[0].discard()
    assert list((tmp_path / "s").iterdir()) == []


def test_an_own_living_session_is_not_abandoned(tmp_path: Path) -> None:
    store = SessionStore(tmp_path)
    with store.draft() as draft:
        draft.begin_journal(HEADER, print)
        assert list(store.abandoned()) == []
    assert list(tmp_path.iterdir()) == []


def test_what_was_seen_is_never_swept_away(tmp_path: Path) -> None:
    store = SessionStore(tmp_path)
    draft = store.draft()
    journal = draft.begin_journal(HEADER, print)
    journal.append(0.0, pose(0), 640, 480)
    draft.leave()
    for path in (draft.folder / JOURNAL, draft.folder):
        os.utime(path, (1e9, 1e9))
    store.draft().discard()
    assert (draft.folder / JOURNAL).exists()


def test_an_error_leaves_it_to_the_next_start(tmp_path: Path) -> None:
    store = SessionStore(tmp_path)

    def fail() -> None:
        with store.draft() as draft:
            journal = draft.begin_journal(HEADER, print)
            journal.append(0.0, pose(0), 640, 480)
            journal._flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert len(list(store.abandoned())) == 1
