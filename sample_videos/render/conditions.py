"""What people and cameras vary: how an exercise is performed, and how it is filmed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Performance:
    """How the script of a clip is performed.

    `amplitude` = share of the script's way from rest to end; `tempo` multiplies times; `lead` the stays before the first
    movement and after the last; `pause_s` is rested after every repetition; `hold_s` = how long a hold's stay lasts.
    `begin` and `end` cut the recording: `""` not at all, `out` on the way to the first (last) end position, `back` on the way
    back from it, `held` inside the hold. `about_s` (before, after) seconds are stood about. `enters` and `leaves`: on foot,
    from outside the picture. `one_side` drops the other side's repetitions.
    """

    amplitude: float = 1.0
    tempo: float = 1.0
    lead: float = 1.0
    pause_s: float = 0.0
    hold_s: float | None = None
    one_side: bool = False
    begin: str = ""
    end: str = ""
    about_s: tuple[float, float] = (0.0, 0.0)
    enters: bool = False
    leaves: bool = False


@dataclass(frozen=True)
class Conditions:
    """How a clip is filmed, and what else stands in the picture.

    `raised` and `roll` degrees; `cut` = the lower edge runs through the `knees`, `hips` or `elbows`; `small` = how many times
    wider the lens; `lens` = barrel distortion (share of the half diagonal at the corners); `light` 1 = bright, `noise` = grey
    levels; `gaps` = (start, end) in shares of the clip; `beside` -1 or 1 = somebody stands left or right of the mat;
    `second` = what a second person does: `walks`, `waves` or `squats`. `mirrored` flips the picture, so left and right.
    """

    width: int = 480
    height: int = 360
    raised: float | None = None
    roll: float = 0.0
    cut: str = ""
    small: float = 1.0
    lens: float = 0.0
    light: float = 1.0
    noise: float = 1.2
    blur: bool = False
    gaps: tuple[tuple[float, float], ...] = ()
    furniture: bool = False
    beside: int = 0
    second: str = ""
    mirrored: bool = False
