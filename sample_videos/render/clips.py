"""The list of clips: who does what, how well, and from where it is filmed."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import numpy as np

from .body import Shape
from .cast import PEOPLE, ROOMS, SHIPPED_PEOPLE
from .clothing import Outfit


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
    #: False: the exercise is done and counted, but filmed so that no fault can be told
    judgeable: bool = True
    empty: bool = False
    #: person (a row of `cast.PEOPLE`) who walks past behind the exercise
    passer: int | None = None
    #: 0 = the shipped clip; other numbers are the same script with other people, see `recast`
    cast: int = 0
    #: somebody who is in no row of `cast.PEOPLE`
    who: tuple[Shape, Outfit] | None = None

    @property
    def looks(self) -> tuple[Shape, Outfit]:
        """The body and the clothes of whoever exercises."""
        return self.who or PEOPLE[self.person]

    @property
    def seed(self) -> int:
        """Dice for everything in this clip."""
        return zlib.crc32(f"{self.name}/{self.cast}".encode() if self.cast else self.name.encode())


def recast(clip: Clip, cast: int) -> Clip:
    """The same script with another person, room, tempo, side and camera: for measuring, held out from what is shipped.

    `cast` 0 is the clip itself. The people are none of the shipped clips'; the camera stands up to 9 degrees further off the
    recommended view and up to 25 cm higher or lower.
    """
    if cast == 0:
        return clip
    dice = np.random.default_rng(zlib.crc32(f"{clip.name}/cast {cast}".encode()))
    return replace(
        clip,
        cast=cast,
        person=SHIPPED_PEOPLE + int(dice.integers(len(PEOPLE) - SHIPPED_PEOPLE)),
        room=(clip.room + int(dice.integers(1, len(ROOMS)))) % len(ROOMS),
        facing=int(dice.choice([-1, 1])),
        turned=clip.turned + float(dice.uniform(-9, 9)),
        camera_m=max(0.4, clip.camera_m + float(dice.uniform(-0.25, 0.25))),
    )
