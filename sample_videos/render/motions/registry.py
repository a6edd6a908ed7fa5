"""Where the families of exercises register what they perform."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

from ..cast import SHIPPED_PEOPLE
from ..clips import Clip
from ..motion import Motion


@dataclass(frozen=True)
class Entry:
    """An exercise: the function that performs it, and its clips."""

    exercise: str
    motion: Motion
    clips: tuple[Clip, ...]
    kind: str  # reps, sides (reps counted left and right), hold, none (nothing to count)
    mat: bool


MOTIONS: dict[str, Entry] = {}


def register(
    exercise: str,
    motion: Motion,
    kind: str,
    view: str,
    clips: list[Clip],
    mat: bool = True,
) -> None:
    """Adds an exercise. Clips without an explicit choice get people, rooms and sides in turn."""
    # from the name, so that a new exercise does not recast the others
    start = zlib.crc32(exercise.encode()) % 30
    dressed = []
    for i, clip in enumerate(clips):
        label = "wrong" if clip.faults else "correct"
        if clip.fault_reps is not None:
            label = "mixed"
        dressed.append(
            replace(
                clip,
                exercise=clip.exercise or exercise,
                view=clip.view or view,
                facing=1 if (start + i) % 2 == 0 else -1,
                person=(start * 2 + i) % SHIPPED_PEOPLE,
                room=(start + i) % 5,
                portrait=clip.portrait,
                label=clip.label if clip.label is None else label,
            )
        )
    MOTIONS[exercise] = Entry(exercise, motion, tuple(dressed), kind, mat)


def clip(name: str, *faults: str, variant: str = "", **more: object) -> Clip:
    """A row of a clip list; exercise and view are filled in by `register`."""
    more.setdefault("reps", 3 if faults else 4)
    return Clip(name, "", variant, faults, view=str(more.pop("view", "")), **more)  # type: ignore[arg-type]


def all_clips() -> list[Clip]:
    """Every clip that was registered, in the order of `truth.json`."""
    return [clip for entry in MOTIONS.values() for clip in entry.clips]
