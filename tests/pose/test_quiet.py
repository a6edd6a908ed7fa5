"""Silence at the file descriptor."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from posturecam.pose.quiet import native_stderr_silenced


def test_what_native_code_writes_is_swallowed_and_then_heard_again(capfd: pytest.CaptureFixture[str]) -> None:
    with native_stderr_silenced():
        os.write(2, b"noise\n")
    os.write(2, b"signal\n")
    assert capfd.readouterr().err == "signal\n"


def test_it_is_restored_by_an_exception(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="x"), native_stderr_silenced():
        raise ValueError("x")
    print("signal", file=sys.stderr, flush=True)
    assert capfd.readouterr().err == "signal\n"


def test_several_threads_may_be_silent_at_once(capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        for _ in range(50):
            with native_stderr_silenced():
                os.write(2, b"noise\n")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os.write(2, b"signal\n")
    assert capfd.readouterr().err == "signal\n"


def test_no_descriptor_is_left_open() -> None:
    before = os.dup(2)
    os.close(before)
    for _ in range(20):
        with native_stderr_silenced():
            pass
    after = os.dup(2)
    os.close(after)
    assert before == after
