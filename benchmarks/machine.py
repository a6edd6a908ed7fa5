"""The machine that is measured on."""

from __future__ import annotations

import os
import time

from posturecam.app.workers import cores


def load() -> str:
    """How busy the machine is: processes that want a core, over the last minute, and the cores there are."""
    return f"load {os.getloadavg()[0]:.1f} on {cores()} cores"


def as_installed() -> dict[str, str]:
    """The environment for a call that is measured: its byte code is kept from one call to the next, as an installed program's is.

    Some build machines forbid that, and every process then reads all sources anew, which takes 0.3 s.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Stopwatch:
    """Seconds since it was made, on the clock and of processor time in processes that were started since and have ended."""

    def __init__(self) -> None:
        self._begun_s, self._used_s = time.perf_counter(), _of_children()

    def read(self) -> tuple[float, float]:
        """Both."""
        return time.perf_counter() - self._begun_s, _of_children() - self._used_s


def _of_children() -> float:
    used = os.times()
    return used.children_user + used.children_system
