"""The body on the picture: limbs in the colour of their verdict, and in a shape besides, since not everybody tells colours apart.

Right or not judged: whole lines and plain joints. Fault: dashed lines and ringed joints. Not seen well: thin and grey.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from posturecam.model import LANDMARK_INDEX, FrameResult, ImageArray, Pose, Side
from posturecam.sinks import paint
from posturecam.sinks.figures import check_indices
from posturecam.sinks.paint import XY, Colour
from posturecam.spec.schema import Exercise

SEEN_FROM = 0.5

_I = LANDMARK_INDEX
SIDES: tuple[Side, Side] = ("left", "right")
_CHAIN = ("shoulder", "hip", "knee", "ankle", "foot_index")
_ARM = ("shoulder", "elbow", "wrist", "index")
BONES: tuple[tuple[int, int], ...] = (
    *((_I[f"{side}_{a}"], _I[f"{side}_{b}"]) for side in SIDES for chain in (_CHAIN, _ARM) for a, b in pairwise(chain)),
    (_I["left_shoulder"], _I["right_shoulder"]),
    (_I["left_hip"], _I["right_hip"]),
)
JOINTS: tuple[int, ...] = tuple(
    sorted({index for bone in BONES for index in bone} - {_I["left_index"], _I["right_index"]})
)
HEAD = (_I["left_ear"], _I["right_ear"], _I["nose"])


@dataclass(frozen=True)
class Body:
    """A pose on the canvas: ``points`` in its pixels, None where unseen; ``weak`` landmarks were seen badly."""

    points: tuple[XY | None, ...]
    weak: frozenset[int]

    def point(self, index: int) -> XY | None:
        """A landmark's place, or None."""
        return self.points[index]


def body_on_canvas(pose: Pose, scale: float, mirror_width: float | None = None) -> Body:
    """Scale a pose to the canvas; with ``mirror_width`` (canvas pixels) left and right of the picture are swapped."""
    points: list[XY | None] = []
    for x, y in pose.points:
        if math.isnan(x) or math.isnan(y):
            points.append(None)
        else:
            cx = float(x) * scale
            points.append((mirror_width - cx if mirror_width is not None else cx, float(y) * scale))
    weak = frozenset(index for index, value in enumerate(pose.visibility) if not value >= SEEN_FROM)
    return Body(tuple(points), weak)


def fault_landmarks(exercise: Exercise, result: FrameResult) -> frozenset[int]:
    """Landmarks of the checks that are at fault in this frame, and of the fault that is being cued."""
    active = result.side or result.near
    faulty = {verdict.check for verdict in result.verdicts if verdict.state == "fault"}
    if result.cue is not None and result.cue.kind == "fault" and result.cue.check is not None:
        faulty.add(result.cue.check)
    found: set[int] = set()
    for check in faulty:
        found |= check_indices(exercise, check, result.near, active)
    return frozenset(found)


def faulty_bones(marked: Iterable[int]) -> frozenset[tuple[int, int]]:
    """Bones between marked landmarks along a limb: shoulder and ankle mark everything between them."""
    landmarks = set(marked)
    bones: set[tuple[int, int]] = set()
    for side in SIDES:
        for chain in (_CHAIN, _ARM):
            indices = [_I[f"{side}_{part}"] for part in chain]
            places = [place for place, index in enumerate(indices) if index in landmarks]
            if places:
                bones |= set(
                    zip(indices[min(places) : max(places)], indices[min(places) + 1 : max(places) + 1], strict=True)
                )
    for a, b in BONES[-2:]:
        if a in landmarks and b in landmarks:
            bones.add((a, b))
    return frozenset(bones)


def draw_skeleton(
    image: ImageArray, body: Body, marked: frozenset[int], near: Side, *, from_side: bool, judging: bool, unit: float
) -> None:
    """Draw bones and joints. ``from_side`` thins the far limbs; ``judging`` colours, otherwise all is white."""
    base: Colour = paint.GOOD if judging else paint.WHITE
    wrong = faulty_bones(marked)
    far = "right" if near == "left" else "left"
    far_side = {_I[f"{far}_{part}"] for part in (*_CHAIN, *_ARM)} if from_side else set()
    width = max(2, round(unit * 0.75))
    for bone in sorted(BONES, key=lambda bone: (bone in wrong, not far_side.issuperset(bone))):
        a, b = body.point(bone[0]), body.point(bone[1])
        if a is None or b is None:
            continue
        thin = far_side.issuperset(bone) or bool(body.weak.intersection(bone))
        _bone(image, a, b, width, unit, base, fault=bone in wrong, weak=bool(body.weak.intersection(bone)), thin=thin)
    _neck(image, body, near, from_side, base, width)
    for index in JOINTS:
        point = body.point(index)
        if point is not None:
            small = index in far_side or index in body.weak
            _joint(image, point, unit, base, fault=index in marked, weak=index in body.weak, small=small)


def _bone(
    image: ImageArray, a: XY, b: XY, width: int, unit: float, base: Colour, *, fault: bool, weak: bool, thin: bool
) -> None:
    if fault:
        paint.line(image, a, b, paint.INK, width * 2 + 2)
        paint.dashed(image, a, b, paint.FAULT, width * 2, unit * 2.2)
    elif weak:
        paint.dashed(image, a, b, paint.UNKNOWN, max(1, width // 2), unit)
    else:
        thick = max(2, width // 2) if thin else width
        paint.line(image, a, b, paint.INK, thick + 2)
        paint.line(image, a, b, base, thick)


def _neck(image: ImageArray, body: Body, near: Side, from_side: bool, base: Colour, width: int) -> None:
    """A line to the head: to the near ear from the side, to the middle of the ears from the front."""
    if from_side:
        start, end = body.point(_I[f"{near}_shoulder"]), body.point(_I[f"{near}_ear"])
    else:
        start = _middle(body.point(_I["left_shoulder"]), body.point(_I["right_shoulder"]))
        end = _middle(body.point(_I["left_ear"]), body.point(_I["right_ear"]))
    if start is not None and end is not None:
        paint.line(image, start, end, paint.INK, width // 2 + 3)
        paint.line(image, start, end, base, max(2, width // 2))
        paint.disc(image, end, width * 0.8, base)


def _middle(a: XY | None, b: XY | None) -> XY | None:
    return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) if a is not None and b is not None else None


def _joint(image: ImageArray, point: XY, unit: float, base: Colour, *, fault: bool, weak: bool, small: bool) -> None:
    if fault:
        paint.ring(image, point, unit * 2.0, paint.INK, round(unit * 0.9) + 2)
        paint.ring(image, point, unit * 2.0, paint.FAULT, round(unit * 0.8))
        paint.disc(image, point, unit * 0.7, paint.WHITE)
        return
    radius = unit * (0.6 if small else 0.95)
    paint.disc(image, point, radius + 1.2, paint.INK)
    paint.disc(image, point, radius, paint.UNKNOWN if weak else base)
    if not small:
        paint.disc(image, point, radius * 0.5, paint.WHITE)
