"""Signals: one ends the work in good order, more are told to wait, and only a late one ends it hard."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from posturecam.cli import signals

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")

WORKS = """
import signal, sys, time
from posturecam.cli import signals
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it is switched off, and stays so
signals.install()
signals.started()
signals.PATIENCE_S = float(sys.argv[1])
try:
    with signals.deferred():
        print("begun", flush=True)
        for _ in range({steps}):
            time.sleep(0.05)
        print("saved", flush=True)
except KeyboardInterrupt:
    sys.exit(signals.exit_code())
"""


def program(steps: int = 12, patience_s: float = 5.0) -> subprocess.Popen[str]:
    """A program in the middle of work that must not be torn."""
    child = subprocess.Popen(
        [sys.executable, "-c", WORKS.format(steps=steps), str(patience_s)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "begun\n"
    return child


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
@pytest.mark.parametrize("times", [1, 5])
def test_what_must_not_be_torn_is_finished_first(name: str, code: int, times: int) -> None:
    child = program()
    for _ in range(times):
        child.send_signal(getattr(signal, name))
        time.sleep(0.05)
    out, err = child.communicate(timeout=30)
    assert (child.returncode, out) == (code, "saved\n")
    assert err == ("" if times == 1 else f"{signals.SAVING}\n")


def test_the_first_signal_gives_the_code() -> None:
    child = program()
    child.send_signal(signal.SIGTERM)
    time.sleep(0.1)
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=30)
    assert child.returncode == 143


def test_one_that_comes_late_ends_it_hard() -> None:
    child = program(steps=400, patience_s=0.3)
    child.send_signal(signal.SIGINT)
    time.sleep(0.6)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=5)
    assert (child.returncode, out, err) == (130, "", f"{signals.AT_ONCE}\n")


def test_those_that_the_caller_switched_off_stay_so() -> None:
    before = signal.getsignal(signal.SIGHUP)
    handlers = {name: signal.getsignal(getattr(signal, name)) for name in ("SIGINT", "SIGTERM")}
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signals.install()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) not in (signal.SIG_DFL, handlers["SIGTERM"])
    finally:
        signal.signal(signal.SIGHUP, before)
        for name, handler in handlers.items():
            signal.signal(getattr(signal, name), handler)


@pytest.mark.slow
def test_ctrl_c_while_it_is_loading_is_one_sentence() -> None:
    for wait_s in (0.4, 0.6, 0.8, 1.0):
        child = subprocess.Popen(
            [sys.executable, "-m", "posturecam", "analyse", "missing.mp4", "-e", "auto"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        time.sleep(wait_s)
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=30)
        assert "Traceback" not in err
        assert len(err.splitlines()) <= 1


SWALLOWS = """
import os, signal, sys
from posturecam.app.host import Interruptible
from posturecam.cli import signals
signals.install()
signals.started()
try:
    os.kill(os.getpid(), signal.SIGTERM)
    print("not reached")
except BaseException:
    print("swallowed")  # as a library's finalizer does
try:
    with signals.deferred():
        for number in Interruptible(range(3), signals.waiting):
            print(number)
except KeyboardInterrupt:
    sys.exit(signals.exit_code())
"""


def test_a_library_that_swallows_it_does_not_keep_the_program_going() -> None:
    done = subprocess.run([sys.executable, "-c", SWALLOWS], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (143, "swallowed\n", "")
