"""How each kind of measure is computed on columns: one function a kind, for one measured side.

Those that read the body take the frames; those that are made from other measures take their columns and resting values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from posturecam.kinematics import silhouette
from posturecam.kinematics.frames import Frames, landmark, resolved
from posturecam.kinematics.head import head_angle
from posturecam.kinematics.track import LIMBS
from posturecam.kinematics.vectors import (
    DOWN,
    NAN,
    RIGHT,
    SPACE_UP,
    UP,
    Column,
    Space,
    Vector,
    angle,
    bend,
    between,
    degrees_of,
    dot,
    elevation,
    folded,
    length,
    line_offset,
    signed_tilt,
    space_between,
    space_length,
    wrapped,
)
from posturecam.model import LANDMARK_INDEX, Side
from posturecam.spec import measures as spec

_L_SHOULDER, _R_SHOULDER = LANDMARK_INDEX["left_shoulder"], LANDMARK_INDEX["right_shoulder"]

OfBody: TypeAlias = Callable[..., Column]
"""``(measure, frames, side) -> column``."""
OfMeasures: TypeAlias = Callable[..., Column]
"""``(measure, columns by name, resting values by name) -> column``."""


def _segment(points: tuple[str, str], frames: Frames, side: Side) -> Vector:
    return frames.point(points[1], side) - frames.point(points[0], side)


def _world_segment(points: tuple[str, str], frames: Frames, side: Side) -> Space:
    return frames.world_point(points[1], side) - frames.world_point(points[0], side)


def _angle(measure: spec.AngleMeasure, frames: Frames, side: Side) -> Column:
    if measure.space == "image":
        a, b, c = (frames.point(name, side) for name in measure.angle)
        degrees = (
            folded(_share_of_limb(a, b, c, measure.angle[1], frames, side)) if measure.by_reach else angle(a, b, c)
        )
        if measure.in_plane is None:
            return degrees
        shortest = np.minimum(length(b - a), length(c - b))
        half = _limb_length(measure.angle[1], frames, side) / 2
        return np.where(shortest >= measure.in_plane * half, degrees, NAN)
    p, q, r = (frames.world_point(name, side) for name in measure.angle)
    return space_between(p - q, r - q)


def _between(measure: spec.BetweenMeasure, frames: Frames, side: Side) -> Column:
    if measure.space == "image":
        first, second = (_segment(points, frames, side) for points in measure.between)
        return between(first, second)
    one, other = (_world_segment(points, frames, side) for points in measure.between)
    return space_between(one, other)


def _bend(measure: spec.BendMeasure, frames: Frames, side: Side) -> Column:
    a, b, c = (frames.point(name, side) for name in measure.bend)
    return bend(a, b, c, frames.axis(measure.towards, side, measure.bend[1]))


def _tilt(measure: spec.TiltMeasure, frames: Frames, side: Side) -> Column:
    if measure.space == "world":
        return _world_tilt(measure, frames, side)
    vector = _segment(measure.tilt, frames, side)
    if measure.reference == "horizontal":
        rise = elevation(vector)
        if measure.towards is None:
            return np.abs(rise)
        return rise if measure.towards == "up" else -rise
    if measure.towards is None:
        return between(vector, UP)
    return signed_tilt(vector, UP, frames.axis(measure.towards, side, measure.tilt[1]))


def _world_tilt(measure: spec.TiltMeasure, frames: Frames, side: Side) -> Column:
    vector = _world_segment(measure.tilt, frames, side)
    right, down, away = vector
    if measure.reference == "horizontal":
        return degrees_of(np.abs(down), np.hypot(right, away))
    if measure.towards is None:
        return space_between(vector, SPACE_UP)
    # the world frame's z points away from the camera
    return signed_tilt(down * DOWN - away, UP, RIGHT)


def _offset(measure: spec.OffsetMeasure, frames: Frames, side: Side) -> Column:
    vector = _segment((measure.origin, measure.offset), frames, side)
    return dot(vector, frames.axis(measure.along, side, measure.offset)) / frames.track.torso


def _line_offset(measure: spec.LineOffsetMeasure, frames: Frames, side: Side) -> Column:
    point, a, b = (frames.point(name, side) for name in (measure.line_offset, *measure.of))
    return line_offset(point, a, b, frames.axis(measure.towards, side, measure.line_offset)) / frames.track.torso


def _distance(measure: spec.DistanceMeasure, frames: Frames, side: Side) -> Column:
    return length(_segment(measure.distance, frames, side)) / frames.track.torso


def _reach(measure: spec.ReachMeasure, frames: Frames, side: Side) -> Column:
    names = (measure.reach[0], measure.via, measure.reach[1])
    if measure.space == "world":
        start, joint, end = (frames.world_point(name, side) for name in names)
        return space_length(end - start) / (space_length(joint - start) + space_length(end - joint))
    a, b, c = (frames.point(name, side) for name in names)
    return _share_of_limb(a, b, c, measure.via, frames, side)


def _share_of_limb(start: Vector, joint: Vector, end: Vector, via: str, frames: Frames, side: Side) -> Column:
    """How far apart a limb's ends look, over its robust length; NaN where one of its three points is unseen."""
    limb = _limb_length(via, frames, side)
    return length(end - start) / np.where(np.isnan(joint) | ~(limb > 0), NAN, limb)


def _limb_length(via: str, frames: Frames, side: Side) -> Column:
    """Robust length in pixels of the limb that has its middle joint at ``via``."""
    which, _, part = resolved(via, side).partition(".")
    middles = [limb[1] for limb in LIMBS]
    left, right = (frames.track.limb[:, middles.index(landmark(one, part))] for one in ("left", "right"))
    if which in ("left", "right"):
        return left if which == "left" else right
    return frames.chosen(which, left, right)


def _turn(measure: spec.TurnMeasure, frames: Frames, side: Side) -> Column:
    heading = _heading(measure.turn, frames, side)
    if measure.relative_to is not None:
        heading = heading - _heading(measure.relative_to, frames, side)
    return wrapped(heading)


def _heading(points: tuple[str, str], frames: Frames, side: Side) -> Column:
    vector = _world_segment(points, frames, side)
    return degrees_of(vector[2], vector[0])


def _spine(measure: spec.SpineMeasure, frames: Frames, _: Side) -> Column:
    track = frames.track
    degrees = silhouette.flexion(track.contour, frames.trunk, frames.dorsal, measure.surface)
    return np.where(track.outlined, degrees, NAN)


def chest_side_on(frames: Frames) -> NDArray[np.bool_]:
    """Whether the chest is square to the picture, so that the silhouette's edge is the back's (n,)."""
    return silhouette.chest_side_on(frames.world_landmark(_L_SHOULDER), frames.world_landmark(_R_SHOULDER))


def _head(measure: spec.HeadMeasure, frames: Frames, _: Side) -> Column:
    return head_angle(measure.head, frames)


def _difference(measure: spec.DifferenceMeasure, columns: Mapping[str, Column], _: Mapping[str, float]) -> Column:
    first, second = measure.difference
    return columns[first] - columns[second]


def _change(measure: spec.ChangeMeasure, columns: Mapping[str, Column], rest: Mapping[str, float]) -> Column:
    return columns[measure.change] - rest.get(measure.change, NAN)


def _beyond(measure: spec.BeyondMeasure, columns: Mapping[str, Column], _: Mapping[str, float]) -> Column:
    return columns[measure.beyond] - measure.value


def _ratio(measure: spec.RatioMeasure, columns: Mapping[str, Column], rest: Mapping[str, float]) -> Column:
    return columns[measure.ratio] / (rest.get(measure.ratio, NAN) or NAN)


def _combine(measure: spec.CombineMeasure, columns: Mapping[str, Column], _: Mapping[str, float]) -> Column:
    values = [columns[name] for name in measure.over]
    if measure.combine == "abs":
        return np.abs(values[0])
    if measure.combine == "mean":
        return mean_of_known(values, [1.0] * len(values))
    result: Column = (np.minimum if measure.combine == "min" else np.maximum).reduce(values)
    return result


def mean_of_known(values: Sequence[Column], weights: Sequence[Column | float]) -> Column:
    """Weighted mean of columns; where one is NaN, of the others."""
    total, weight = np.zeros(len(values[0])), np.zeros(len(values[0]))
    for column, share in zip(values, weights, strict=True):
        known = ~np.isnan(column)
        total = total + np.where(known, column * share, 0.0)
        weight = weight + np.where(known, share, 0.0)
    return np.where(weight > 0, total / weight, NAN)


OF_BODY: Mapping[type[spec.Measure], OfBody] = {
    spec.AngleMeasure: _angle,
    spec.BetweenMeasure: _between,
    spec.BendMeasure: _bend,
    spec.TiltMeasure: _tilt,
    spec.OffsetMeasure: _offset,
    spec.LineOffsetMeasure: _line_offset,
    spec.DistanceMeasure: _distance,
    spec.ReachMeasure: _reach,
    spec.TurnMeasure: _turn,
    spec.SpineMeasure: _spine,
    spec.HeadMeasure: _head,
}
"""The kinds that read the body."""
OF_MEASURES: Mapping[type[spec.Measure], OfMeasures] = {
    spec.DifferenceMeasure: _difference,
    spec.ChangeMeasure: _change,
    spec.BeyondMeasure: _beyond,
    spec.RatioMeasure: _ratio,
    spec.CombineMeasure: _combine,
}
"""The kinds that are made from other measures."""
