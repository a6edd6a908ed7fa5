"""The list of clips: who does what, how well, and from where it is filmed."""

from __future__ import annotations

import zlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Clip:
    """One clip to render.

    `view` is `side` or `front`; `facing` 1 or -1 picks the person's left or right side for side
    views; `turned` degrees turn the camera off the recommended view on purpose.
    """

    name: str
    exercise: str
    variant: str = ""
    faults: tuple[str, ...] = ()
    view: str = "side"
    facing: int = 1
    turned: float = 0.0
    reps: int = 4
    fault_reps: tuple[int, ...] | None = None
    person: int = 0
    room: int = 0
    portrait: bool = False
    fps: float = 12.0
    camera_m: float = 0.8
    label: str | None = "correct"
    notes: str = ""
    #: the exercise is named, but nothing in the clip can be counted or judged
    countable: bool = True
    empty: bool = False
    #: person (a row of `cast.PEOPLE`) who walks past behind the exercise
    passer: int | None = None

    @property
    def seed(self) -> int:
        """Dice for everything in this clip."""
        return zlib.crc32(self.name.encode())


def all_clips() -> list[Clip]:
    """Every clip, in the order of `truth.json`."""
    from .motions import MOTIONS

    out: list[Clip] = []
    for entry in MOTIONS.values():
        out.extend(entry.clips)
    return out
