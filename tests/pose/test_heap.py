"""Threads that come and go, as a model's do, leave no heaps of their own behind."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

THREADS = """
import ctypes, sys, threading
{first}
libc = ctypes.CDLL(None)
together = threading.Barrier(6)

def work():
    together.wait()
    kept = [bytes(3000) for _ in range(200)]
    together.wait()

threads = [threading.Thread(target=work) for _ in range(6)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc.fdopen.restype, libc.fdopen.argtypes = ctypes.c_void_p, [ctypes.c_int, ctypes.c_char_p]
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
out = libc.fdopen(1, b"w")
libc.malloc_info(0, out)
libc.fflush(None)
"""


def heaps(first: str) -> int:
    """How many heaps six threads at once have made, after ``first``."""
    run = subprocess.run(
        [sys.executable, "-c", THREADS.format(first=first)], capture_output=True, text=True, check=True, timeout=60
    )
    return run.stdout.count("<heap ")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="not the GNU C library")
def test_all_threads_share_one_heap() -> None:
    assert heaps("from posturecam.pose.heap import share_one_heap; share_one_heap()") == 1
    assert heaps("") > 1
