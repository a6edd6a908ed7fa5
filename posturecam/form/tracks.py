"""The body over many frames at once: what :class:`~posturecam.form.body.BodyTracker` does frame by frame, for replaying.

Both come to the same numbers to the last bit, so that a session judged again gives the same report; whatever rounds otherwise
in arrays (roots of trigonometry) is therefore left to the functions that the single frame uses.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posturecam.form import body as single
from posturecam.form.body import HIDDEN, JUMPED, L_EAR, L_HIP, L_SHOULDER, NOSE, OUTSIDE, R_EAR, R_HIP, R_SHOULDER, Body
from posturecam.geometry import NAN
from posturecam.model import LANDMARK_COUNT, FloatArray, Side, View
from posturecam.smoothing import OneEuroFilter, OutlierGate

REASONS = ("", HIDDEN, JUMPED, OUTSIDE)
"""Why a landmark is unseen, by its code in :attr:`Track.unseen`."""
_FLAT = 2 * LANDMARK_COUNT


@dataclass(frozen=True, eq=False)
class Landmarks:
    """A recorded session: the arrays of ``landmarks.npz`` (see :mod:`posturecam.sinks.landmarks`), one row a frame."""

    t_s: FloatArray
    size: NDArray[np.integer]
    seen: NDArray[np.bool_]
    points: NDArray[np.floating]
    world: NDArray[np.floating]
    visibility: NDArray[np.floating]
    outlined: NDArray[np.bool_]
    contour: NDArray[np.floating]

    def __len__(self) -> int:
        """Frames."""
        return len(self.t_s)


@dataclass(frozen=True, eq=False)
class Track:
    """The body in n consecutive frames with somebody in them.

    ``xy`` (n, 33, 2) and ``world`` (n, 33, 3) smoothed, NaN where unseen; ``unseen`` (n, 33) codes into ``REASONS``; ``torso``
    (n,) its length in this frame alone; ``height`` the pictures'; ``contour`` (n, 2, 15), there by ``outlined``.
    """

    t_s: list[float]
    xy: FloatArray
    world: FloatArray
    unseen: NDArray[np.int8]
    torso: list[float]
    near: list[Side]
    turn: list[float]
    front: list[bool]
    view: list[View]
    height: NDArray[np.integer]
    contour: FloatArray
    outlined: NDArray[np.bool_]

    def body(self, index: int, torso: float, facing: float) -> Body:
        """One frame's body, as the tracker would have given it."""
        codes = self.unseen[index]
        return Body(
            t_s=self.t_s[index],
            xy=tuple(map(tuple, self.xy[index].tolist())),
            world=tuple(map(tuple, self.world[index].tolist())),
            torso=torso,
            near=self.near[index],
            facing=facing,
            faces_camera=self.front[index],
            turn=self.turn[index],
            view=self.view[index],
            why_unseen={int(point): REASONS[codes[point]] for point in np.flatnonzero(codes)},
            contour=self.contour[index] if self.outlined[index] else None,
        )


class BatchTracker:
    """Follows the body through blocks of frames, in the order of time."""

    def __init__(self) -> None:
        self._gate: OutlierGate | None = None
        self._filter: OneEuroFilter | None = None
        self._nearness = single._Running(0.7)
        self._front = single._Running(0.7)
        self._turn = single._Running(0.5)
        self._near: Side | None = None
        self._view: View = "unknown"

    def follow(self, marks: Landmarks, rows: slice) -> Track:
        """The body in ``rows``, in all of which somebody is seen."""
        times = marks.t_s[rows]
        t_s: list[float] = times.tolist()
        values = np.empty((len(t_s), 5 * LANDMARK_COUNT))
        points = values[:, :_FLAT].reshape(-1, LANDMARK_COUNT, 2)
        unseen = self._gated(times, marks, rows, points)
        values[:, _FLAT:] = marks.world[rows].reshape(-1, 3 * LANDMARK_COUNT)
        assert self._filter is not None
        self._filter.update_many(t_s, values)
        xy = values[:, :_FLAT].reshape(-1, LANDMARK_COUNT, 2)
        world = values[:, _FLAT:].reshape(-1, LANDMARK_COUNT, 3)
        near = self._near_sides(t_s, marks.visibility[rows].astype(np.float64), world)
        turn, front, view = self._views(t_s, world)
        contour = marks.contour[rows].astype(np.float64)
        return Track(
            t_s,
            xy,
            world,
            unseen,
            _torso_pixels(xy),
            near,
            turn,
            front,
            view,
            marks.size[rows, 1],
            contour,
            marks.outlined[rows],
        )

    def _gated(self, times: FloatArray, marks: Landmarks, rows: slice, points: FloatArray) -> NDArray[np.int8]:
        """Fill ``points`` with what is believed of the landmarks, NaN elsewhere; returns why."""
        points[:] = marks.points[rows]
        hidden = ~(marks.visibility[rows] >= single.MIN_VISIBILITY)
        share = points / marks.size[rows][:, None, :]
        outside = (~((share > single.EDGE_SHARE) & (share < 1.0 - single.EDGE_SHARE))).any(axis=2)
        points[outside] = np.nan
        if self._gate is None:
            scale = single.body_scale(points[0], float(marks.size[rows][0, 1]))
            self._gate, image = single.image_filters(scale)
            world = single.world_filter()
            self._filter = OneEuroFilter(
                np.repeat([image.min_cutoff_hz, world.min_cutoff_hz], [_FLAT, 3 * LANDMARK_COUNT]),
                np.repeat([image.beta, world.beta], [_FLAT, 3 * LANDMARK_COUNT]),
            )
        jumped = self._gate.update_many(times, points)
        points[jumped | hidden] = np.nan
        unseen = np.zeros(hidden.shape, dtype=np.int8)
        unseen[hidden] = REASONS.index(HIDDEN)
        unseen[jumped] = REASONS.index(JUMPED)
        unseen[outside] = REASONS.index(OUTSIDE)
        return unseen

    def _near_sides(self, t_s: list[float], visibility: FloatArray, world: FloatArray) -> list[Side]:
        seen = {side: _means(visibility, indices) for side, indices in single._PAIRS.items()}
        depth = {side: _means(world[:, :, 2], indices) for side, indices in single._NEAR_DEPTH.items()}
        score = seen["left"] - seen["right"]
        difference = depth["right"] - depth["left"]
        score = np.where(np.isnan(difference), score, score + difference / 0.3)
        result: list[Side] = []
        for moment, value in zip(t_s, score.tolist(), strict=True):
            leaning = self._nearness.update(moment, value)
            if self._near is None or abs(leaning) > 0.4:
                self._near = "left" if leaning >= 0 else "right"
            result.append(self._near)
        return result

    def _views(self, t_s: list[float], world: FloatArray) -> tuple[list[float], list[bool], list[View]]:
        turned, chest = _turned_and_chest(world)
        turns: list[float] = []
        fronts: list[bool] = []
        views: list[View] = []
        for moment, turn_now, chest_now in zip(t_s, turned, chest, strict=True):
            turn = self._turn.update(moment, turn_now)
            way = math.copysign(1.0, chest_now) if abs(chest_now) > 0 else NAN
            front = not self._front.update(moment, way) > 0
            self._view = single.view_from(turn, front, self._view)
            turns.append(turn)
            fronts.append(front)
            views.append(self._view)
        return turns, fronts, views


def _means(values: FloatArray, indices: tuple[int, ...]) -> FloatArray:
    total = np.zeros(len(values))
    for index in indices:
        total += values[:, index]
    return total / len(indices)


def _torso_pixels(xy: FloatArray) -> list[float]:
    left, right = xy[:, L_SHOULDER] - xy[:, L_HIP], xy[:, R_SHOULDER] - xy[:, R_HIP]
    one, other = np.isnan(left[:, :1]), np.isnan(right[:, :1])
    trunk = np.where(one, right, np.where(other, left, (left + right) / 2))
    return list(map(math.hypot, trunk[:, 0].tolist(), trunk[:, 1].tolist()))


def _turned_and_chest(world: FloatArray) -> tuple[list[float], list[float]]:
    ls, rs, lh, rh = (world[:, index].T for index in (L_SHOULDER, R_SHOULDER, L_HIP, R_HIP))
    s, h = ls - rs, lh - rh
    shoulders = np.sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2]) + 1e-9
    hips = np.sqrt(h[0] * h[0] + h[1] * h[1] + h[2] * h[2]) + 1e-9
    x, y, z = ((s[axis] / shoulders + h[axis] / hips) / 2 for axis in range(3))
    size = np.sqrt(x * x + y * y + z * z)
    with np.errstate(invalid="ignore", divide="ignore"):
        sine = np.abs(z) / size
    # min(1.0, NaN) of the single frame never happens: it asks for a size first
    sine = np.where(sine > 1.0, 1.0, sine)
    turned = [
        math.degrees(math.asin(v)) if known else NAN
        for v, known in zip(sine.tolist(), (size > 0).tolist(), strict=True)
    ]
    trunk_x = ls[0] + rs[0] - lh[0] - rh[0]
    trunk_y = ls[1] + rs[1] - lh[1] - rh[1]
    return turned, (x * trunk_y - y * trunk_x).tolist()


class Scale:
    """What depends on the judging itself: the running torso length, and with it which way is forward.

    Computed ahead for a stretch of frames by :meth:`ahead`; :meth:`back_to` returns to a moment within the last stretch, because
    judging has found there that the torso is to be measured anew.
    """

    def __init__(self, *, lying: bool) -> None:
        self._lying = lying
        self._torso = single.TorsoLength()
        self._facing = single._Running(0.7)
        self._sign = 1.0
        self._kept = (self._torso.copy(), copy.copy(self._facing), self._sign)

    def ahead(self, track: Track, start: int, stop: int, forward: list[float]) -> tuple[list[float], list[float]]:
        """Torso and facing of the frames from ``start`` up to ``stop``."""
        self._kept = (self._torso.copy(), copy.copy(self._facing), self._sign)
        return self._run(track, start, stop, forward)

    def back_to(self, track: Track, start: int, stop: int, forward: list[float], *, restart: bool) -> None:
        """As if only the frames up to ``stop`` of the last stretch had been asked for."""
        torso, facing, self._sign = self._kept
        self._torso, self._facing = torso.copy(), copy.copy(facing)
        self._run(track, start, stop, forward)
        if restart:
            self._torso.restart()

    def _run(self, track: Track, start: int, stop: int, forward: list[float]) -> tuple[list[float], list[float]]:
        torsos: list[float] = []
        facings: list[float] = []
        for t_s, pixels, ahead in zip(track.t_s[start:stop], track.torso[start:stop], forward[start:stop], strict=True):
            torso = self._torso.update(t_s, pixels)
            direction = self._facing.update(t_s, ahead / torso if torso > 0 else NAN)
            if abs(direction) > 0.03:
                self._sign = math.copysign(1.0, direction)
            torsos.append(torso)
            facings.append(self._sign)
        return torsos, facings

    def forward(self, track: Track) -> list[float]:
        """How far forward lies of the body's middle in every frame, in pixels: where the head lies, or the face looks."""
        x = track.xy[:, :, 0]
        left = np.array([side == "left" for side in track.near])
        if not self._lying:
            return np.asarray(x[:, NOSE] - np.where(left, x[:, L_EAR], x[:, R_EAR])).tolist()  # type: ignore[no-any-return]
        ahead = ((x[:, L_SHOULDER] + x[:, R_SHOULDER]) - (x[:, L_HIP] + x[:, R_HIP])) / 2
        one = np.where(left, x[:, L_SHOULDER] - x[:, L_HIP], x[:, R_SHOULDER] - x[:, R_HIP])
        return np.where(np.isnan(ahead), one, ahead).tolist()  # type: ignore[no-any-return]
