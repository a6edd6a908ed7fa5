"""Following the body through poses: smoothed points, who is near, which way is forward, how long a torso is.

What MediaPipe reports is not taken at its word. A landmark counts as seen only when its visibility says so, when it lies in
the picture (feet outside stay confident and are 12-21 % wrong) and when it has not just jumped further than a body can.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posturecam.kinematics.filters import (
    NAN,
    OneEuroFilter,
    OutlierGate,
    Running,
    RunningQuartiles,
    centred_mean,
    centred_quartile,
    with_hysteresis,
)
from posturecam.kinematics.track import LIMBS, VIEWS, Track, Unseen, concatenate
from posturecam.model import LANDMARK_COUNT, LANDMARK_INDEX, FloatArray
from posturecam.poses import PoseSequence

MIN_VISIBILITY = 0.5
EDGE_SHARE = 0.005
MAX_SPEED_TORSOS = 9.0
JUMP_SLACK_TORSOS = 0.35
NEAR_DEPTH_M = 0.3
"""How much nearer a side must be to weigh as much as being seen surely while the other is not seen at all."""
NEAR_LEANING = 0.4
"""How clear it must be that the other side has come near."""
FACING_LEANING = 0.03
"""How far, in torso lengths, forward must lie to one side for it to be believed."""
SETTLING_S = 0.7
TURN_SETTLING_S = 0.5
CENTRED_S = 1.5
"""Window of near side and facing when the whole recording is in view: about twice the time constant of the running ones."""
SIDE_FROM, FRONT_TO, VIEW_HYSTERESIS = 55.0, 35.0, 5.0
"""Degrees of turn from which on a view is one from the side, and up to which one from the front."""
BLOCK = 8192

_FLAT = 2 * LANDMARK_COUNT
L_SHOULDER, R_SHOULDER = LANDMARK_INDEX["left_shoulder"], LANDMARK_INDEX["right_shoulder"]
L_HIP, R_HIP = LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]
L_EAR, R_EAR = LANDMARK_INDEX["left_ear"], LANDMARK_INDEX["right_ear"]
NOSE = LANDMARK_INDEX["nose"]
# both sides of a joint lie side by side in MediaPipe's order, so that parts of the body are slices
_SHOULDERS, _HIPS = slice(L_SHOULDER, R_SHOULDER + 1), slice(L_HIP, R_HIP + 1)
_LEFT_ENDS, _RIGHT_ENDS = (
    slice(L_SHOULDER, L_HIP + 1, L_HIP - L_SHOULDER),
    slice(R_SHOULDER, R_HIP + 1, R_HIP - R_SHOULDER),
)
_LEFTS, _RIGHTS = (
    slice(L_SHOULDER, LANDMARK_INDEX["left_ankle"] + 1, 2),
    slice(R_SHOULDER, LANDMARK_INDEX["right_ankle"] + 1, 2),
)
_SHOULDER_AND_ELBOW, _HIP_TO_ANKLE = slice(0, 2), slice(6, 9)
_SIDE, _FRONT, _BACK, _OBLIQUE, _UNKNOWN = range(len(VIEWS))


@dataclass
class _State:
    """What is kept of the last frame with somebody in it, for frames without anybody."""

    near: int | None = None
    facing: float = 1.0
    faces_camera: bool = True
    view: int = _UNKNOWN
    torso: float = NAN
    limb: tuple[float, ...] = (NAN,) * len(LIMBS)


class Tracker:
    """Turns poses into a track, remembering what needs memory from block to block.

    ``lying`` is True for exercises in which forward is where the head lies. Of a ``whole`` recording, what :func:`settled` finds
    with all of it in view is left open.
    """

    def __init__(self, *, lying: bool, whole: bool = False) -> None:
        self._lying, self._whole = lying, whole
        self._gate: OutlierGate | None = None
        self._filter: OneEuroFilter | None = None
        self._lengths = RunningQuartiles(1 + len(LIMBS))
        self._nearness, self._facing, self._front = Running(SETTLING_S), Running(SETTLING_S), Running(SETTLING_S)
        self._turn = Running(TURN_SETTLING_S)
        self._last = _State()

    def follow(self, poses: PoseSequence) -> Track:
        """The body in the next frames (later than the last), whose numbers do not depend on how frames are cut into blocks."""
        if len(poses) <= BLOCK:
            return self._block(poses)
        return concatenate([self._block(poses[start : start + BLOCK]) for start in range(0, len(poses), BLOCK)])

    def _block(self, poses: PoseSequence) -> Track:
        with np.errstate(invalid="ignore", divide="ignore"):
            seen = poses.seen
            if seen.all():
                return self._seen(poses)
            before = self._last
            somebody = PoseSequence({name: array[seen] for name, array in poses.arrays.items()})
            return _spread(poses, self._seen(somebody), before, self._lying)

    def _seen(self, poses: PoseSequence) -> Track:
        """The track of frames in all of which somebody is seen."""
        t_s, points, visibility, size = poses.t_s, poses.points, poses.visibility, poses.size
        values = np.empty((len(t_s), _FLAT + 3 * LANDMARK_COUNT))
        xy = values[:, :_FLAT].reshape(-1, LANDMARK_COUNT, 2)
        xy[:] = points
        values[:, _FLAT:] = poses.world.reshape(-1, 3 * LANDMARK_COUNT)
        unseen = self._gated(t_s, xy, visibility, size)
        if self._filter is not None:
            self._filter.follow(t_s, values)
        smooth_world = values[:, _FLAT:].reshape(-1, LANDMARK_COUNT, 3)
        lengths_now = _lengths(xy)
        lengths_now[:, 0] = _or_predicted(lengths_now[:, 0], points, unseen)
        lengths = lengths_now if self._whole else self._lengths.follow(t_s, lengths_now)
        torso, limb, torso_now, limb_now = lengths[:, 0], lengths[:, 1:], lengths_now[:, 0], lengths_now[:, 1:]
        near = self._near_sides(t_s, visibility, smooth_world)
        turn, view, faces_camera = self._views(t_s, smooth_world)
        facing = self._facings(t_s, _ahead(xy, near, self._lying), torso)
        if len(t_s):
            self._last = _State(
                int(near[-1]),
                float(facing[-1]),
                bool(faces_camera[-1]),
                int(view[-1]),
                float(torso[-1]),
                tuple(limb[-1]),
            )
        return Track(
            t_s, np.ones(len(t_s), dtype=np.bool_), xy, smooth_world, unseen, visibility, torso_now, torso, limb_now, limb,
            near, facing, faces_camera, turn, view, size, poses.contour, poses.outlined, self._lying,
        )  # fmt: skip

    def _gated(
        self, t_s: FloatArray, xy: FloatArray, visibility: NDArray[np.floating], size: NDArray[np.int32]
    ) -> NDArray[np.int8]:
        """Make NaN of what is not believed of the landmarks ``xy``; returns why."""
        hidden = ~(visibility >= MIN_VISIBILITY)
        share = xy / size[:, None, :]
        outside = ~((share > EDGE_SHARE) & (share < 1.0 - EDGE_SHARE)).all(axis=2)
        xy[outside] = NAN
        if self._gate is None and len(t_s):
            self._gate, self._filter = _filters(body_scale(xy[0], float(size[0, 1])))
        lost = self._gate.follow(t_s, xy) if self._gate is not None else np.zeros_like(hidden)
        xy[lost | hidden] = NAN
        unseen = np.zeros(hidden.shape, dtype=np.int8)
        unseen[hidden] = Unseen.HIDDEN
        unseen[lost] = Unseen.LOST
        unseen[outside] = Unseen.OUTSIDE
        return unseen

    def _near_sides(self, t_s: FloatArray, visibility: NDArray[np.floating], world: FloatArray) -> NDArray[np.int8]:
        if self._whole:
            return np.zeros(len(t_s), dtype=np.int8)
        leaning = self._nearness.follow(t_s, _nearness(visibility, world))
        before = None if self._last.near is None else 1.0 - 2.0 * self._last.near
        return _near_code(with_hysteresis(leaning, NEAR_LEANING, before))

    def _views(self, t_s: FloatArray, world: FloatArray) -> tuple[FloatArray, NDArray[np.int8], NDArray[np.bool_]]:
        turned, chest = _turned_and_chest(world)
        turn = self._turn.follow(t_s, turned)
        away = np.sign(chest)
        away[away == 0] = NAN  # a trunk without a chest to see changes nothing
        front = ~(self._front.follow(t_s, away) > 0)
        view, views = self._last.view, []
        for degrees, to_camera in zip(turn.tolist(), front.tolist(), strict=True):
            view = view_from(degrees, to_camera, view)
            views.append(view)
        return turn, np.array(views, dtype=np.int8), front

    def _facings(self, t_s: FloatArray, ahead: FloatArray, torso: FloatArray) -> FloatArray:
        if self._whole:
            return np.ones(len(t_s))
        direction = self._facing.follow(t_s, np.where(torso > 0, ahead / torso, NAN))
        return with_hysteresis(direction, FACING_LEANING, self._last.facing)


def settled(track: Track) -> Track:
    """The track of a whole recording with all of it in view: torso, limbs, near side and facing without lag.

    Their values come from windows centred on each frame, so that somebody who starts in mid-movement is not on the wrong side for
    the first second.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        torso = centred_quartile(track.t_s, track.torso_now)
        limb = np.stack([centred_quartile(track.t_s, column) for column in track.limb_now.T], axis=1)
        nearness = _nearness(track.visibility, track.world)
        leaning = centred_mean(track.t_s, nearness, CENTRED_S)
        first = nearness[track.seen][:1]
        near = _near_code(_from_the_start(leaning, NEAR_LEANING, -1.0 if (first < 0).any() else 1.0))
        ahead = _ahead(track.xy, near, track.lying) / torso
        direction = centred_mean(track.t_s, np.where(torso > 0, ahead, NAN), CENTRED_S)
        facing = _from_the_start(direction, FACING_LEANING, 1.0)
    return replace(track, torso=torso, limb=limb, near=near, facing=facing)


def _from_the_start(values: FloatArray, threshold: float, otherwise: float) -> FloatArray:
    """A sign with hysteresis that up to the first value beyond the threshold is that value's; ``otherwise`` if there is none."""
    beyond = values[np.abs(values) > threshold]
    return with_hysteresis(values, threshold, np.sign(beyond[0]) if len(beyond) else otherwise)


def _near_code(signs: FloatArray) -> NDArray[np.int8]:
    """Codes of the near side from signs that are 1 for left."""
    return (signs < 0).astype(np.int8)


def body_scale(points: FloatArray, height: float) -> float:
    """Scale, in pixels, on which jumps and speeds are judged: the first pose's torso, or a part of the picture's ``height``."""
    scale = float(np.linalg.norm((points[_SHOULDERS] - points[_HIPS]).sum(axis=0) / 2))
    return scale if scale > 1.0 else height / 4


def _filters(scale: float) -> tuple[OutlierGate, OneEuroFilter]:
    """What landmarks go through, for a body of that scale in pixels: image and world side by side."""
    gate = OutlierGate(MAX_SPEED_TORSOS * scale, JUMP_SLACK_TORSOS * scale)
    counts = [_FLAT, 3 * LANDMARK_COUNT]
    return gate, OneEuroFilter(np.repeat([2.0, 1.5], counts), np.repeat([6.0 / scale, 2.0], counts))


def view_from(turn: float, front: bool, before: int) -> int:
    """Code of the view; degrees of hysteresis lie between neighbouring ones."""
    side_from = SIDE_FROM - (VIEW_HYSTERESIS if before == _SIDE else 0.0)
    front_to = FRONT_TO + (VIEW_HYSTERESIS if before in (_FRONT, _BACK) else 0.0)
    if turn >= side_from:
        return _SIDE
    if turn <= front_to:
        return _FRONT if front else _BACK
    return _UNKNOWN if turn != turn else _OBLIQUE


def _lengths(xy: FloatArray) -> FloatArray:
    """Lengths in pixels in each frame (n, 5): of the torso and of the limbs over their middle joints.

    The torso goes from mid-shoulder to mid-hip; from those of one side alone where only that side is seen (somebody seen from the
    side hides the other).
    """
    points = xy.view(np.complex128)[:, :, 0]
    sides = points[:, _SHOULDERS] - points[:, _HIPS]
    left, right = sides[:, 0], sides[:, 1]
    trunk = (left + right) / 2
    gaps = np.isnan(trunk)
    if gaps.any():
        trunk = np.where(gaps, np.where(np.isnan(left), right, left), trunk)
    result = np.empty((len(xy), 1 + len(LIMBS)))
    result[:, 0] = np.abs(trunk)
    # shoulder, elbow and wrist of both sides lie in a row, and so do hip, knee and ankle
    for column, start in ((1, L_SHOULDER), (3, L_HIP)):
        bone = np.abs(points[:, start + 2 : start + 6] - points[:, start : start + 4])
        result[:, column : column + 2] = bone[:, :2] + bone[:, 2:]
    return result


def _or_predicted(torso: FloatArray, points: NDArray[np.floating], unseen: NDArray[np.int8]) -> FloatArray:
    """The torso's length (n,), from hips that MediaPipe supposes outside of the picture where that is what hides them.

    Somebody who is seen from head to elbows, at a desk, has no other length to measure by. The hips themselves stay unseen. The
    supposed length was 10 to 20 % too long where it could be compared, so lengths come out that much too small.
    """
    supposed = np.isnan(torso)
    if not supposed.any():
        return torso
    supposed &= (unseen[:, _HIPS] == Unseen.OUTSIDE).all(axis=1)
    supposed &= (unseen[:, _SHOULDERS] == Unseen.SEEN).any(axis=1)
    if not supposed.any():
        return torso
    trunk = (points[:, _SHOULDERS].astype(np.float64) - points[:, _HIPS]).mean(axis=1)
    return np.where(supposed, np.hypot(trunk[:, 0], trunk[:, 1]), torso)


def _nearness(visibility: NDArray[np.floating], world: FloatArray) -> FloatArray:
    """How much speaks for the left side being nearer to the camera: how well it is seen, and how near it lies."""
    better = np.subtract(visibility[:, _LEFTS], visibility[:, _RIGHTS], dtype=np.float64)
    seen = better[:, _SHOULDER_AND_ELBOW].sum(axis=1) + better[:, _HIP_TO_ANKLE].sum(axis=1)
    away = world[:, _SHOULDERS, 2] + world[:, _HIPS, 2]
    depth = (away[:, 1] - away[:, 0]) / 2
    result: FloatArray = seen / 5 + np.where(np.isnan(depth), 0.0, depth / NEAR_DEPTH_M)
    return result


def _turned_and_chest(world: FloatArray) -> tuple[FloatArray, FloatArray]:
    """How far the body is turned out of the picture's plane (degrees), and which way its chest points (positive: away)."""
    lines = world[:, _LEFT_ENDS] - world[:, _RIGHT_ENDS]
    lines /= (np.sqrt((lines * lines).sum(axis=2)) + 1e-9)[:, :, None]
    across = (lines[:, 0] + lines[:, 1]) / 2
    size = np.sqrt((across * across).sum(axis=1))
    # a body without breadth is turned by nothing that is known: 0 / 0
    turned = np.degrees(np.arcsin(np.minimum(1.0, np.abs(across[:, 2]) / size)))
    trunk = (world[:, _SHOULDERS] - world[:, _HIPS]).sum(axis=1)
    # left x up points out of the chest; the camera looks along +z, so a chest that faces it points to -z
    return turned, across[:, 0] * trunk[:, 1] - across[:, 1] * trunk[:, 0]


def _ahead(xy: FloatArray, near: NDArray[np.int8], lying: bool) -> FloatArray:
    """How far to the right forward lies of the body's middle, in pixels: where the head lies, or where the face looks."""
    x, left = xy[:, :, 0], near == 0
    if not lying:
        result: FloatArray = x[:, NOSE] - np.where(left, x[:, L_EAR], x[:, R_EAR])
        return result
    ahead = ((x[:, L_SHOULDER] + x[:, R_SHOULDER]) - (x[:, L_HIP] + x[:, R_HIP])) / 2
    one = np.where(left, x[:, L_SHOULDER] - x[:, L_HIP], x[:, R_SHOULDER] - x[:, R_HIP])
    return np.where(np.isnan(ahead), one, ahead)


def _spread(poses: PoseSequence, found: Track, before: _State, lying: bool) -> Track:
    """The ``found`` track of the frames with somebody in them, put among those without."""
    seen = poses.seen
    count = len(seen)

    def spread(values: NDArray[Any], fill: object) -> NDArray[Any]:
        result = np.full((count, *values.shape[1:]), fill, dtype=values.dtype)
        result[seen] = values
        return result

    last = np.cumsum(seen)

    def kept(values: NDArray[Any], first: object) -> NDArray[Any]:
        start = np.asarray(first, dtype=values.dtype).reshape(1, *values.shape[1:])
        return np.concatenate((start, values))[last]

    return Track(
        t_s=poses.t_s,
        seen=seen,
        xy=spread(found.xy, NAN),
        world=spread(found.world, NAN),
        unseen=spread(found.unseen, Unseen.HIDDEN),
        visibility=poses.visibility,
        torso_now=spread(found.torso_now, NAN),
        torso=kept(found.torso, before.torso),
        limb_now=spread(found.limb_now, NAN),
        limb=kept(found.limb, before.limb),
        near=kept(found.near, before.near or 0),
        facing=kept(found.facing, before.facing),
        faces_camera=kept(found.faces_camera, before.faces_camera),
        turn=spread(found.turn, NAN),
        view=spread(found.view, _UNKNOWN),
        size=poses.size,
        contour=poses.contour,
        outlined=poses.outlined,
        lying=lying,
    )
