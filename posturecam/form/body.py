"""The body in one frame, ready for measuring: smoothed points, who is near, which way is forward, how long a torso is.

What MediaPipe reports is not taken at its word. A landmark counts as seen only when its visibility says so, when it lies in
the picture (feet outside stay confident and are 12-21 % wrong) and when it has not just jumped further than a body can.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from posturecam import geometry
from posturecam.geometry import NAN, Vector
from posturecam.model import LANDMARK_INDEX, LANDMARK_NAMES, FloatArray, Pose, Side, View
from posturecam.smoothing import OneEuroFilter, OutlierGate

MIN_VISIBILITY = 0.5
EDGE_SHARE = 0.005
MAX_SPEED_TORSOS = 9.0
JUMP_SLACK_TORSOS = 0.35
TORSO_WINDOW_S = 8.0
TICK_S = 0.1

_PAIRS = {
    side: tuple(LANDMARK_INDEX[f"{side}_{part}"] for part in ("shoulder", "elbow", "hip", "knee", "ankle"))
    for side in ("left", "right")
}
_NEAR_DEPTH = {side: tuple(LANDMARK_INDEX[f"{side}_{part}"] for part in ("shoulder", "hip")) for side in _PAIRS}
L_SHOULDER, R_SHOULDER = LANDMARK_INDEX["left_shoulder"], LANDMARK_INDEX["right_shoulder"]
L_HIP, R_HIP = LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]
L_EAR, R_EAR = LANDMARK_INDEX["left_ear"], LANDMARK_INDEX["right_ear"]
NOSE = LANDMARK_INDEX["nose"]

HIDDEN, OUTSIDE, JUMPED = "hidden", "out of the picture", "lost for a moment"


@dataclass(frozen=True, eq=False)
class Body:
    """One frame's body. Coordinates are image-frame pixels (``xy``) and world-frame metres (``world``); NaN where unseen.

    ``torso`` is the running torso length in pixels. ``facing`` is +1 when forward is to the right of the picture, -1 when to the
    left: where the face looks for somebody upright, where the head lies for somebody lying. ``faces_camera`` is False when
    the back is turned to the camera. ``turn`` is the angle of shoulders and hips out of the picture's plane, 0 (front) to 90
    (side). ``why_unseen`` tells the reason for each unseen landmark. ``contour`` is the pose's.
    """

    t_s: float
    xy: tuple[tuple[float, float], ...]
    world: tuple[tuple[float, float, float], ...]
    torso: float
    near: Side
    facing: float
    faces_camera: bool
    turn: float
    view: View
    why_unseen: Mapping[int, str]
    contour: FloatArray | None = None

    def middle(self, part: str) -> tuple[float, float]:
        """Middle of the left and right ``part`` in the image frame; one side alone when the other is unseen."""
        left, right = self.xy[LANDMARK_INDEX[f"left_{part}"]], self.xy[LANDMARK_INDEX[f"right_{part}"]]
        if math.isnan(left[0]):
            return right
        if math.isnan(right[0]):
            return left
        return ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)

    def trunk(self) -> Vector:
        """Unit direction from hips to shoulders in the image frame."""
        shoulder, hip = self.middle("shoulder"), self.middle("hip")
        return geometry.unit((shoulder[0] - hip[0], shoulder[1] - hip[1]))

    def reason(self, index: int) -> str:
        """Why landmark ``index`` is unseen, in words."""
        return f"{LANDMARK_NAMES[index].replace('_', ' ')} {self.why_unseen.get(index, HIDDEN)}"


@dataclass
class _Running:
    """A value that follows its input with a time constant; starts at the first input."""

    time_constant_s: float
    value: float = NAN
    _t_s: float = field(default=NAN)

    def update(self, t_s: float, value: float) -> float:
        if math.isnan(value):
            return self.value
        if math.isnan(self.value):
            self.value = value
        else:
            self.value += (1.0 - math.exp(-(t_s - self._t_s) / self.time_constant_s)) * (value - self.value)
        self._t_s = t_s
        return self.value


class TorsoLength:
    """Robust running torso length: the upper quartile of the last seconds, sampled evenly in time.

    The upper quartile, because bending and turning only ever shorten the torso in the picture.
    """

    def __init__(self) -> None:
        self._samples: deque[float] = deque(maxlen=round(TORSO_WINDOW_S / TICK_S))
        self._ordered: list[float] = []
        self._next_s = -math.inf
        self._value = NAN

    def update(self, t_s: float, pixels: float) -> float:
        """Take the torso's length in this frame (NaN when unseen); returns the running length, NaN while none was seen."""
        if not pixels > 0 or t_s < self._next_s:
            return self._value
        self._next_s = t_s + TICK_S
        if len(self._samples) == self._samples.maxlen:
            del self._ordered[bisect_left(self._ordered, self._samples[0])]
        self._samples.append(pixels)
        insort(self._ordered, pixels)
        self._value = self._ordered[(3 * (len(self._ordered) - 1)) // 4]
        return self._value

    def copy(self) -> TorsoLength:
        """A copy that goes its own way."""
        other = TorsoLength()
        other._samples, other._ordered = self._samples.copy(), self._ordered.copy()
        other._next_s, other._value = self._next_s, self._value
        return other

    def restart(self) -> None:
        """Forget the past: the person has moved to another distance from the camera."""
        self._samples.clear()
        self._ordered.clear()
        self._next_s = -math.inf


def _torso_pixels(points: FloatArray) -> float:
    """Mid-shoulder to mid-hip; of one side alone when only that side is seen (somebody seen from the side hides the other)."""
    (lx, ly), (rx, ry) = (points[L_SHOULDER] - points[L_HIP]).tolist(), (points[R_SHOULDER] - points[R_HIP]).tolist()
    if math.isnan(lx):
        return math.hypot(rx, ry)
    return math.hypot(lx, ly) if math.isnan(rx) else math.hypot((lx + rx) / 2, (ly + ry) / 2)


def body_scale(points: FloatArray, height: float) -> float:
    """Scale, in pixels, on which jumps and speeds are judged: the first pose's torso, or a part of the picture's ``height``."""
    span = points[[L_SHOULDER, R_SHOULDER, L_HIP, R_HIP]]
    scale = float(np.linalg.norm((span[0] + span[1] - span[2] - span[3]) / 2))
    return scale if scale > 1.0 else height / 4


def image_filters(scale: float) -> tuple[OutlierGate, OneEuroFilter]:
    """What the points in the picture go through, for a body of that scale in pixels."""
    gate = OutlierGate(MAX_SPEED_TORSOS * scale, JUMP_SLACK_TORSOS * scale)
    return gate, OneEuroFilter(min_cutoff_hz=2.0, beta=6.0 / scale)


def world_filter() -> OneEuroFilter:
    """What the world landmarks go through."""
    return OneEuroFilter(min_cutoff_hz=1.5, beta=2.0)


def _mean(values: list[float]) -> float:
    total = 0.0
    for value in values:
        total += value
    return total / len(values)


def _turned_and_chest(
    left_shoulder: list[float], right_shoulder: list[float], left_hip: list[float], right_hip: list[float]
) -> tuple[float, float]:
    """How far the body is turned out of the picture's plane (degrees), and which way its chest points (positive: away)."""
    sx, sy, sz = (a - b for a, b in zip(left_shoulder, right_shoulder, strict=True))
    hx, hy, hz = (a - b for a, b in zip(left_hip, right_hip, strict=True))
    shoulders = math.sqrt(sx * sx + sy * sy + sz * sz) + 1e-9
    hips = math.sqrt(hx * hx + hy * hy + hz * hz) + 1e-9
    x, y, z = (sx / shoulders + hx / hips) / 2, (sy / shoulders + hy / hips) / 2, (sz / shoulders + hz / hips) / 2
    size = math.sqrt(x * x + y * y + z * z)
    turned = math.degrees(math.asin(min(1.0, abs(z) / size))) if size > 0 else NAN
    trunk_x = left_shoulder[0] + right_shoulder[0] - left_hip[0] - right_hip[0]
    trunk_y = left_shoulder[1] + right_shoulder[1] - left_hip[1] - right_hip[1]
    # left x up points out of the chest; the camera looks along +z, so a chest that faces it points to -z
    return turned, x * trunk_y - y * trunk_x


def view_from(turn: float, front: bool, before: View) -> View:
    """Name of the view; 5 degrees of hysteresis lie between neighbouring ones."""
    side_from = 50.0 if before == "side" else 55.0
    front_to = 40.0 if before in ("front", "back") else 35.0
    if math.isnan(turn):
        return "unknown"
    if turn >= side_from:
        return "side"
    if turn <= front_to:
        return "front" if front else "back"
    return "oblique"


class BodyTracker:
    """Turns poses into bodies, remembering what needs memory: smoothing, near side, facing, torso length, view.

    ``lying`` is True for exercises in which forward is where the head lies.
    """

    def __init__(self, *, lying: bool) -> None:
        self._lying = lying
        self._gate: OutlierGate | None = None
        self._filter: OneEuroFilter | None = None
        self._world_filter = world_filter()
        self._torso = TorsoLength()
        self._near: Side | None = None
        self._nearness = _Running(0.7)
        self._facing = _Running(0.7)
        self._front = _Running(0.7)
        self._turn = _Running(0.5)
        self._view: View = "unknown"
        self._sign = 1.0

    def restart_torso(self) -> None:
        """Measure the torso anew (the person has just come into position)."""
        self._torso.restart()

    def update(self, t_s: float, pose: Pose) -> Body:
        """Take the next pose (``t_s`` later than the last)."""
        gated, why_unseen = self._seen_points(t_s, pose)
        assert self._filter is not None
        smooth = self._filter.update(t_s, gated)
        world = self._world_filter.update(t_s, pose.world)
        torso = self._torso.update(t_s, _torso_pixels(smooth))
        near = self._near_side(t_s, pose, world)
        turn, view, faces_camera = self._update_view(t_s, world)
        facing = self._update_facing(t_s, smooth, torso, near)
        return Body(
            t_s=t_s,
            xy=tuple(map(tuple, smooth.tolist())),
            world=tuple(map(tuple, world.tolist())),
            torso=torso,
            near=near,
            facing=facing,
            faces_camera=faces_camera,
            turn=turn,
            view=view,
            why_unseen=why_unseen,
            contour=pose.contour,
        )

    def _seen_points(self, t_s: float, pose: Pose) -> tuple[FloatArray, dict[int, str]]:
        points = np.array(pose.points, dtype=np.float64)
        hidden = ~(pose.visibility >= MIN_VISIBILITY)
        share = points / (pose.width, pose.height)
        outside = (~((share > EDGE_SHARE) & (share < 1.0 - EDGE_SHARE))).any(axis=1)
        points[outside] = np.nan
        if self._gate is None:
            self._gate, self._filter = image_filters(body_scale(points, pose.height))
        gated = self._gate.update(t_s, points)
        jumped = np.isnan(gated[:, 0]) & ~outside
        gated[hidden] = np.nan
        why = dict.fromkeys(np.flatnonzero(hidden).tolist(), HIDDEN)
        why.update(dict.fromkeys(np.flatnonzero(jumped).tolist(), JUMPED))
        why.update(dict.fromkeys(np.flatnonzero(outside).tolist(), OUTSIDE))
        return gated, why

    # Plain floats and one operation after the other from here on: quicker on so few numbers, and
    # :mod:`posturecam.form.tracks`, which does the same for a whole session at once, must agree to the last bit.

    def _near_side(self, t_s: float, pose: Pose, world: FloatArray) -> Side:
        left, right = (_mean(pose.visibility[list(_PAIRS[side])].tolist()) for side in ("left", "right"))
        (left_shoulder, left_hip), (right_shoulder, right_hip) = (
            world[list(_NEAR_DEPTH[side]), 2].tolist() for side in ("left", "right")
        )
        score = left - right
        depth = (right_shoulder + right_hip) / 2 - (left_shoulder + left_hip) / 2
        if not math.isnan(depth):
            score += depth / 0.3
        leaning = self._nearness.update(t_s, score)
        if self._near is None or abs(leaning) > 0.4:
            self._near = "left" if leaning >= 0 else "right"
        return self._near

    def _update_view(self, t_s: float, world: FloatArray) -> tuple[float, View, bool]:
        turned, chest = _turned_and_chest(*world[[L_SHOULDER, R_SHOULDER, L_HIP, R_HIP]].tolist())
        turn = self._turn.update(t_s, turned)
        # a trunk without a chest to see (NaN, 0) changes nothing
        front = not self._front.update(t_s, math.copysign(1.0, chest) if abs(chest) > 0 else NAN) > 0
        self._view = view_from(turn, front, self._view)
        return turn, self._view, front

    def _update_facing(self, t_s: float, points: FloatArray, torso: float, near: Side) -> float:
        if self._lying:
            ls, rs, lh, rh = points[[L_SHOULDER, R_SHOULDER, L_HIP, R_HIP], 0].tolist()
            ahead = ((ls + rs) - (lh + rh)) / 2
            if math.isnan(ahead):
                one = (L_SHOULDER, L_HIP) if near == "left" else (R_SHOULDER, R_HIP)
                ahead = float(points[one[0], 0] - points[one[1], 0])
        else:
            ear = L_EAR if near == "left" else R_EAR
            ahead = float(points[NOSE, 0] - points[ear, 0])
        direction = self._facing.update(t_s, ahead / torso if torso > 0 else NAN)
        if abs(direction) > 0.03:
            self._sign = math.copysign(1.0, direction)
        return self._sign
