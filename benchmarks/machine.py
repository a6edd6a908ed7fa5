"""The machine that is measured on."""

from __future__ import annotations

import os

from posturecam.app.workers import cores


def load() -> str:
    """How busy the machine is: processes that want a core, over the last minute, and the cores there are."""
    return f"load {os.getloadavg()[0]:.1f} on {cores()} cores"
