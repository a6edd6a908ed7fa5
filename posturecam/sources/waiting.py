"""Waiting for native code that may hang: on a thread of its own, so that Ctrl-C and a time limit always reach the waiter."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

GLANCE_S = 0.1
"""How often the waiter looks up: the longest that Ctrl-C can take."""
STALLED_S = 9.0
"""A decoder that neither brings a frame nor asks for more of the file for so long hangs; what it brought until then counts."""
FRUITLESS_PIECES = 500
"""With so many damaged pieces and not one picture in ``STALLED_S`` seconds the rest holds nothing: a recording whose signal was
lost for a minute is past it in well under a second."""


def wait_for(work: Callable[[], T], limit_s: float, name: str, dispose: Callable[[T], None]) -> T:
    """What ``work`` returns, or its exception; TimeoutError when it has not ended within ``limit_s`` seconds.

    Work that is waited for no longer (too late, or Ctrl-C) cannot be ended from outside: it goes on as a daemon thread called
    ``name``, and what it still brings is handed to ``dispose`` there.
    """
    done = threading.Event()
    lock = threading.Lock()
    results: list[T] = []
    errors: list[BaseException] = []
    abandoned = False

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # all of it belongs to the waiter
            errors.append(error)
        else:
            with lock:
                if not abandoned:
                    results.append(result)
            if abandoned:
                dispose(result)
        done.set()

    threading.Thread(target=run, name=name, daemon=True).start()
    end_s = time.monotonic() + limit_s
    try:
        while not done.wait(GLANCE_S):
            if time.monotonic() > end_s:
                raise TimeoutError(f"no answer within {limit_s:.0f} s")
    except BaseException:
        with lock:
            abandoned = True
        for late in results:
            dispose(late)
        raise
    if errors:
        raise errors[0]
    return results[0]


class Fruitless:
    """Damaged pieces in a row."""

    def __init__(self) -> None:
        self.pieces = 0
        self._since_s = 0.0

    def too_long(self, now_s: float) -> bool:
        """Count one; whether there have been too many for too long."""
        if not self.pieces:
            self._since_s = now_s
        self.pieces += 1
        return self.pieces >= FRUITLESS_PIECES and now_s - self._since_s > STALLED_S

    def over(self) -> None:
        """A piece was sound."""
        self.pieces = 0
