"""Spine flexion from the silhouette: how far the back's edge bulges out of its own chord.

The landmarks hold no spine. The silhouette's back edge between shoulder and hip is convex when the back rounds and concave
when it hollows; the bulge follows true flexion with about 7 degrees per percent of the shoulder-hip distance, plus an offset
per person and view (field notes, measured on renders: correlation 0.98-1.00), so that only the change from the person's own
neutral is meaningful. On the back it is the chest's edge that is seen: opposite sign, half the slope, and
its size differs nearly twofold between people (measured on renders), so no shipped spec judges by it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from posturecam import geometry
from posturecam.geometry import NAN, Vector
from posturecam.model import CONTOUR_SAMPLES, FloatArray

DEGREES_PER_BULGE = 700.0
FRONT_SHARE = -0.5
"""The chest's edge, seen of somebody lying on the back: opposite sign, half the slope."""
SIDE_ON_DEGREES = 65.0
"""How far the line of the shoulders must point out of the picture for the edge to be the back's: 90 is square from the side.

Measured on renders: 74-90 in every plank, push-up and cat-cow filmed from the side, 32-59 while one arm is turned to the roof,
when the edge jumps by 20 to 110 degrees.
"""
_LEAST_DEPTH = math.sin(math.radians(SIDE_ON_DEGREES)) ** 2
_MIDDLE = slice(CONTOUR_SAMPLES // 4, CONTOUR_SAMPLES - CONTOUR_SAMPLES // 4)
_ENDS = [0, 1, CONTOUR_SAMPLES - 2, CONTOUR_SAMPLES - 1]


def bulge(profile: FloatArray) -> float:
    """Middle half of a ``profile`` (15,) over the chord between its ends, in shoulder-hip distances.

    NaN when the ends or half of the middle are unseen.
    """
    ends = profile[_ENDS]
    middle = profile[_MIDDLE]
    seen = middle[~np.isnan(middle)]
    if np.isnan(ends).any() or 2 * len(seen) < len(middle):
        return NAN
    return float(seen.mean() - ends.mean())


@overload
def chest_side_on(left: Sequence[float], right: Sequence[float]) -> bool: ...
@overload
def chest_side_on(left: Sequence[FloatArray], right: Sequence[FloatArray]) -> NDArray[np.bool_]: ...
def chest_side_on(left: Sequence[Any], right: Sequence[Any]) -> Any:
    """Whether the shoulders at ``left`` and ``right`` (world frame) stand behind each other, so that the back's edge is seen.

    Of numbers, or of arrays for many frames; false where a shoulder is NaN.
    """
    x, y, z = (a - b for a, b in zip(left, right, strict=True))
    return z * z >= _LEAST_DEPTH * (x * x + y * y + z * z)


def flexion_before_calibration(contour: FloatArray | None, trunk: Vector, back: Vector, surface: str) -> float:
    """Flexion in degrees but for the person's own offset; NaN without a silhouette.

    ``contour`` as in :class:`posturecam.model.Pose`; ``trunk`` points from hips to shoulders and ``back`` out of the back, both
    unit vectors in the image frame. ``surface`` is the edge that is read: ``back`` or ``front`` (lying on the back).
    """
    if contour is None or math.isnan(back[0]):
        return NAN
    # row 0 lies to the left of the way from shoulder to hip, that is along (-trunk) turned left
    left = (-trunk[1], trunk[0])
    outwards = back if surface == "back" else (-back[0], -back[1])
    row = 0 if geometry.dot(left, outwards) > 0 else 1
    degrees = bulge(contour[row]) * DEGREES_PER_BULGE
    return degrees if surface == "back" else FRONT_SHARE * degrees
