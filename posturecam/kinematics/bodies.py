"""Several bodies in a recording: which body of one frame is which of the next, by where they are and how they are posed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posturecam.model import FloatArray
from posturecam.poses import LAYOUT, PoseSequence

SAME_BODY = 0.12
"""Mean distance of two bodies' landmarks, over their size, up to which they are one body that was found twice."""
MAX_STEP, STEP_PER_S, MAX_AWAY = 0.25, 1.2, 0.9
"""How far the landmarks may be from where a track last was, over the body's size: at once, more for each second, at most."""
CHANGE_S = 0.3
"""Longest step between two frames over which a body that is elsewhere is another one, seconds."""
SHORTEST_SHARE = 0.1
"""A track that is seen in a smaller share of the frames than this is nobody who exercises."""


def body_size(points: NDArray[np.floating]) -> FloatArray:
    """Diagonals (...,) of the boxes around bodies (..., 33, 2), in pixels."""
    box = points.max(axis=-2) - points.min(axis=-2)
    return np.asarray(np.hypot(box[..., 0], box[..., 1]), dtype=np.float64)


def apart(bodies: Sequence[NDArray[np.floating]]) -> list[int]:
    """Places of the bodies (33, 2) that are somebody of their own: a body that was found twice is given once."""
    kept: list[int] = []
    for place, points in enumerate(bodies):
        if all(_away(bodies[other], points) > SAME_BODY for other in kept):
            kept.append(place)
    return kept


def _away(one: NDArray[np.floating], other: NDArray[np.floating]) -> FloatArray:
    """Mean distances (...,) of the landmarks of bodies (..., 33, 2), over the first one's size."""
    apart = np.linalg.norm(one - other, axis=-1).mean(axis=-1)
    return np.asarray(apart / np.maximum(body_size(one), 1.0), dtype=np.float64)


@dataclass
class _Trail:
    """Where somebody was last."""

    points: NDArray[np.floating]
    t_s: float


def tracks_of(slots: Sequence[PoseSequence]) -> list[PoseSequence]:
    """One sequence for every person out of ``slots``, in which each frame's bodies lie in any order; the longest seen first.

    All slots have the same frames; so have the tracks, with nobody seen where that person was not. People are told apart by
    continuity alone: somebody who is lost and found near the place again is the same. Short tracks are left out.
    """
    if not slots:
        return []
    count = len(slots[0])
    trails: list[_Trail] = []
    chosen: list[NDArray[np.int64]] = []
    for row in range(count):
        t_s = float(slots[0].t_s[row])
        places = [place for place, slot in enumerate(slots) if slot.seen[row]]
        bodies = [slots[place].points[row] for place in places]
        own = apart(bodies)
        for trail, body in _matched(trails, [bodies[index] for index in own], t_s).items():
            if trail == len(trails):
                trails.append(_Trail(bodies[own[body]], t_s))
                chosen.append(np.full(count, -1))
            trails[trail] = _Trail(bodies[own[body]], t_s)
            chosen[trail][row] = places[own[body]]
    seen = [float((rows >= 0).mean()) for rows in chosen]
    order = sorted(range(len(chosen)), key=lambda trail: -seen[trail])
    return [_picked(slots, chosen[trail]) for trail in order if seen[trail] >= SHORTEST_SHARE]


def changed_over(poses: PoseSequence) -> bool:
    """Whether whoever is followed changes within a moment into a body elsewhere: there are two people in the picture."""
    rows = np.flatnonzero(poses.seen)
    soon = np.diff(poses.t_s[rows]) <= CHANGE_S
    before, after = poses.points[rows[:-1][soon]], poses.points[rows[1:][soon]]
    return bool((_away(before, after) > MAX_AWAY / 2).any())


def _matched(trails: list[_Trail], bodies: list[NDArray[np.floating]], t_s: float) -> dict[int, int]:
    """Track -> body for every body, in the order of the tracks; bodies that are nobody's begin tracks with the next numbers."""
    found: dict[int, int] = {}
    if trails and bodies:
        from scipy.optimize import linear_sum_assignment  # slow to import, and seldom needed

        cost = np.array([[_away(trail.points, body) for body in bodies] for trail in trails])
        allowed = np.array([min(MAX_AWAY, MAX_STEP + STEP_PER_S * (t_s - trail.t_s)) for trail in trails])
        # a pair that may not be costs so much that it is made only when there is nothing else, and is then refused
        barred = cost > allowed[:, None]
        for trail, body in zip(*linear_sum_assignment(np.where(barred, 1e6, cost)), strict=True):
            if not barred[trail, body]:
                found[int(trail)] = int(body)
    taken = set(found.values())
    new = [body for body in range(len(bodies)) if body not in taken]
    return {**found, **{len(trails) + number: body for number, body in enumerate(new)}}


def _picked(slots: Sequence[PoseSequence], places: NDArray[np.int64]) -> PoseSequence:
    """The rows of one person: ``places`` (n,) says in which slot each lies, -1 in none."""
    arrays = {name: array.copy() for name, array in slots[0].arrays.items()}
    for name in LAYOUT:
        if name in ("t_s", "size"):
            continue
        arrays[name][:] = False if arrays[name].dtype == np.bool_ else np.nan
        for place, slot in enumerate(slots):
            rows = places == place
            arrays[name][rows] = slot.arrays[name][rows]
    return PoseSequence(arrays)
