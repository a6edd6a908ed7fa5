"""The one place at which the program is plugged in: what it reports of a clip."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from posturecam.report.types import Report

if TYPE_CHECKING:
    from posturecam.spec.load import SpecFile


def judge(exercise: str, variant: str | None, clip: Path) -> Report:
    """What ``analyse`` reports of a clip; its looks are kept beside it. Raises PosturecamError."""
    from posturecam.app.evaluate import judge_clip
    from posturecam.app.host import Host

    return judge_clip(_spec(exercise), variant, clip, None, Host(), clip.parent / "looks")


@lru_cache
def _spec(exercise: str) -> SpecFile:
    from posturecam.spec.catalogue import load_spec

    return load_spec(exercise)
