"""Measuring many frames at once: the measures of :mod:`posturecam.form.measure` on arrays, to the last bit the same.

Frames are taken in runs in which neither the near side nor the half of the view changes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posturecam.form import spine
from posturecam.form.column_geometry import (
    TO_DEGREES,
    Column,
    Direction,
    Point,
    angle,
    atan2,
    bend,
    between,
    clipped,
    dot,
    each,
    length,
    line_offset,
    middle,
    minus,
    perpendicular,
    signed_tilt,
    unit,
    wrapped,
)
from posturecam.form.head import NOSE_DEPTH
from posturecam.form.measure import RAW, MeasureSet, axis_name, point_indices
from posturecam.form.tracks import Track
from posturecam.geometry import NAN
from posturecam.model import LANDMARK_INDEX, FloatArray, Side
from posturecam.spec import measures as kinds

Columns = dict[str, Column]

_L_SHOULDER, _R_SHOULDER = LANDMARK_INDEX["left_shoulder"], LANDMARK_INDEX["right_shoulder"]
_L_EAR, _R_EAR, _NOSE = LANDMARK_INDEX["left_ear"], LANDMARK_INDEX["right_ear"], LANDMARK_INDEX["nose"]


@dataclass(frozen=True, eq=False)
class Run:
    """Frames ``start`` to ``stop`` of a track, in which the near side stays the same, and so does the half of the view.

    ``torso`` is the running length, ``facing`` as in :class:`~posturecam.form.body.Body`, ``rest`` the resting values, ``values``
    what has been measured so far.
    """

    track: Track
    start: int
    stop: int
    torso: Column
    facing: Column
    active: Side
    position: str
    rest: Mapping[str, float]
    values: Columns

    @property
    def near(self) -> Side:
        """The side nearer to the camera."""
        return self.track.near[self.start]

    @property
    def turned(self) -> bool:
        """Whether it is seen rather from the side."""
        return self.track.turn[self.start] > 45.0

    @property
    def faces_camera(self) -> NDArray[np.bool_]:
        """Whether the chest looks to the camera."""
        return np.array(self.track.front[self.start : self.stop])

    def xy(self, index: int) -> Point:
        """One landmark in the picture."""
        rows = self.track.xy[self.start : self.stop, index]
        return rows[:, 0], rows[:, 1]

    def world(self, index: int) -> Point:
        """One landmark in the world."""
        rows = self.track.world[self.start : self.stop, index]
        return rows[:, 0], rows[:, 1], rows[:, 2]


def evaluate(measures: MeasureSet, run: Run) -> Columns:
    """Measure everything in a run, into ``run.values``."""
    later = {**run.rest, **dict.fromkeys(measures.calibrated & run.rest.keys(), 0.0)}
    inner = replace(run, rest=later)
    for name, _ in measures.steps:
        measure = measures.kinds[name]
        column = _MEASURERS[type(measure)](measure, inner)
        if name in measures.calibrated:
            run.values[name + RAW] = column
            column = column - run.rest.get(name, NAN)
        run.values[name] = column
    return run.values


# points and directions -------------------------------------------------------------------------------------------------


def _image_point(name: str, run: Run) -> Point:
    indices = point_indices(name, run.near, run.active)
    if len(indices) == 1:
        return run.xy(indices[0])
    left, right = run.xy(indices[0]), run.xy(indices[1])
    if run.turned:
        no_left, no_right = np.isnan(left[0]), np.isnan(right[0])
        left, right = (
            tuple(np.where(no_left, r, a) for a, r in zip(left, right, strict=True)),
            tuple(np.where(~no_left & no_right, a, r) for a, r in zip(left, right, strict=True)),
        )
    return middle(left, right)


def _world_point(name: str, run: Run) -> Point:
    indices = point_indices(name, run.near, run.active)
    point = run.world(indices[0]) if len(indices) == 1 else middle(run.world(indices[0]), run.world(indices[1]))
    hidden = np.zeros(run.stop - run.start, dtype=bool)
    for index in indices:
        hidden |= np.isnan(run.xy(index)[0])
    return tuple(np.where(hidden, NAN, part) for part in point)


def _body_middle(part: str, run: Run) -> Point:
    left, right = run.xy(LANDMARK_INDEX[f"left_{part}"]), run.xy(LANDMARK_INDEX[f"right_{part}"])
    no_left, no_right = np.isnan(left[0]), np.isnan(right[0])
    both = middle(left, right)
    return tuple(np.where(no_left, r, np.where(no_right, a, m)) for a, r, m in zip(left, right, both, strict=True))


def _trunk(run: Run) -> Point:
    return unit(minus(_body_middle("shoulder", run), _body_middle("hip", run)))


def _dorsal(run: Run) -> Point:
    towards = {"prone": (0.0, -1.0), "supine": (0.0, 1.0)}.get(run.position, (-run.facing, 0.0))
    return perpendicular(_trunk(run), towards)


def _axis(axis: str, run: Run, point: str = "") -> Direction:
    axis = axis_name(axis, run.active, point)
    if axis in ("up", "down"):
        return (0.0, -1.0 if axis == "up" else 1.0)
    if axis in ("forward", "backward"):
        return (run.facing if axis == "forward" else -run.facing, 0.0)
    if axis in ("left", "right"):
        sign = np.where(run.faces_camera, 1.0, -1.0)
        return (sign if axis == "left" else -sign, 0.0)
    x, y = _trunk(run) if axis == "trunk" else _dorsal(run)
    return x, y


def _segment(points: tuple[str, str], run: Run) -> Point:
    return minus(_image_point(points[1], run), _image_point(points[0], run))


# measures --------------------------------------------------------------------------------------------------------------


def _measure_angle(measure: kinds.AngleMeasure, run: Run) -> Column:
    point = _image_point if measure.space == "image" else _world_point
    a, b, c = (point(name, run) for name in measure.angle)
    return angle(a, b, c)


def _measure_between(measure: kinds.BetweenMeasure, run: Run) -> Column:
    point = _image_point if measure.space == "image" else _world_point
    (a, b), (c, d) = measure.between
    return between(minus(point(b, run), point(a, run)), minus(point(d, run), point(c, run)))


def _measure_bend(measure: kinds.BendMeasure, run: Run) -> Column:
    a, b, c = (_image_point(name, run) for name in measure.bend)
    return bend(a, b, c, _axis(measure.towards, run))


def _measure_tilt(measure: kinds.TiltMeasure, run: Run) -> Column:
    if measure.space == "world":
        return _world_tilt(measure, run)
    x, y = _segment(measure.tilt, run)
    if measure.reference == "horizontal":
        rise: Column = np.where((x == 0) & (y == 0), NAN, atan2(-y, np.abs(x)))
        if measure.towards is None:
            return np.abs(rise)
        return rise if measure.towards == "up" else -rise
    up = (np.zeros_like(x), np.full_like(x, -1.0))
    if measure.towards is None:
        return between((x, y), up)
    return signed_tilt((x, y), up, _axis(measure.towards, run))


def _world_tilt(measure: kinds.TiltMeasure, run: Run) -> Column:
    a, b = (_world_point(name, run) for name in measure.tilt)
    right, down, away = minus(b, a)
    if measure.reference == "horizontal":
        return atan2(np.abs(down), each(math.hypot, right, away))
    if measure.towards is None:
        nothing = np.zeros_like(down)
        return between((right, down, away), (nothing, np.full_like(down, -1.0), nothing))
    return signed_tilt((-away, down), (0.0, -1.0), (1.0, 0.0))


def _measure_offset(measure: kinds.OffsetMeasure, run: Run) -> Column:
    vector = _segment((measure.origin, measure.offset), run)
    return dot(vector, _axis(measure.along, run, measure.offset)) / run.torso


def _measure_line_offset(measure: kinds.LineOffsetMeasure, run: Run) -> Column:
    point, a, b = (_image_point(name, run) for name in (measure.line_offset, *measure.of))
    return line_offset(point, a, b, _axis(measure.towards, run, measure.line_offset)) / run.torso


def _measure_distance(measure: kinds.DistanceMeasure, run: Run) -> Column:
    return length(_segment(measure.distance, run)) / run.torso


def _heading(points: tuple[str, str], run: Run) -> Column:
    a, b = _world_point(points[0], run), _world_point(points[1], run)
    return atan2(b[2] - a[2], b[0] - a[0])


def _measure_turn(measure: kinds.TurnMeasure, run: Run) -> Column:
    heading = _heading(measure.turn, run)
    if measure.relative_to is not None:
        heading = heading - _heading(measure.relative_to, run)
    return wrapped(heading)


def _measure_spine(measure: kinds.SpineMeasure, run: Run) -> Column:
    trunk, back = _trunk(run), _dorsal(run)
    outwards = back if measure.surface == "back" else (-back[0], -back[1])
    row = np.where(dot((-trunk[1], trunk[0]), outwards) > 0, 0, 1)
    contour = run.track.contour[run.start : run.stop]
    degrees = _bulges(contour[np.arange(len(row)), row]) * spine.DEGREES_PER_BULGE
    known = run.track.outlined[run.start : run.stop] & ~np.isnan(back[0])
    known &= spine.chest_side_on(run.world(_L_SHOULDER), run.world(_R_SHOULDER))
    return np.where(known, degrees if measure.surface == "back" else spine.FRONT_SHARE * degrees, NAN)


def _bulges(profiles: FloatArray) -> Column:
    """:func:`posturecam.form.spine.bulge` of many profiles (n, 15); those with gaps one by one."""
    p = profiles.T
    # in the order in which numpy adds up nine values: eight by pairs, then the ninth
    middle = (((p[3] + p[4]) + (p[5] + p[6])) + ((p[7] + p[8]) + (p[9] + p[10])) + p[11]) / 9
    ends = (p[0] + p[1] + p[13] + p[14]) / 4
    result: Column = middle - ends
    for index in np.flatnonzero(np.isnan(result)):
        result[index] = spine.bulge(profiles[index])
    return result


def _measure_head(measure: kinds.HeadMeasure, run: Run) -> Column:
    if measure.head == "pitch":
        return _pitch_from_side(run) if run.turned else _pitch_from_front(run)
    return _roll(run) if measure.head == "roll" else _yaw(run)


def _pitch_from_side(run: Run) -> Column:
    gaze = minus(run.xy(_NOSE), run.xy(_L_EAR if run.near == "left" else _R_EAR))
    if run.position == "upright":
        return signed_tilt(gaze, (run.facing, 0.0), (0.0, -1.0))
    back, trunk = _dorsal(run), _trunk(run)
    return signed_tilt(gaze, (-back[0], -back[1]), (trunk[0], trunk[1]))


def _ears_and_nose(run: Run) -> tuple[Point, Column, Point]:
    """From the right ear to the left one, how far that is, and the nose from their middle."""
    ears = minus(run.xy(_L_EAR), run.xy(_R_EAR))
    breadth = each(math.hypot, ears[0], ears[1])
    return ears, np.where(breadth > 0, breadth, NAN), minus(run.xy(_NOSE), middle(run.xy(_L_EAR), run.xy(_R_EAR)))


def _pitch_from_front(run: Run) -> Column:
    ears, breadth, nose = _ears_and_nose(run)
    sine = (nose[0] * ears[1] - nose[1] * ears[0]) / breadth / (NOSE_DEPTH * breadth)
    return np.where(np.isnan(sine), NAN, each(math.asin, clipped(sine)) * TO_DEGREES)


def _yaw(run: Run) -> Column:
    ears, breadth, nose = _ears_and_nose(run)
    return atan2((nose[0] * ears[0] + nose[1] * ears[1]) / breadth, NOSE_DEPTH * breadth)


def _roll(run: Run) -> Column:
    ears = minus(run.xy(_L_EAR), run.xy(_R_EAR))
    shoulders = minus(run.xy(_L_SHOULDER), run.xy(_R_SHOULDER))
    roll = wrapped(atan2(ears[1], ears[0]) - atan2(shoulders[1], shoulders[0]))
    return np.where(run.faces_camera, roll, -roll)


def _measure_difference(measure: kinds.DifferenceMeasure, run: Run) -> Column:
    first, second = measure.difference
    value = run.values[first] - run.values[second]
    return np.abs(value) if measure.absolute else value


def _measure_change(measure: kinds.ChangeMeasure, run: Run) -> Column:
    value = run.values[measure.change] - run.rest.get(measure.change, NAN)
    return np.abs(value) if measure.absolute else value


def _measure_ratio(measure: kinds.RatioMeasure, run: Run) -> Column:
    rest = run.rest.get(measure.ratio, NAN)
    values = run.values[measure.ratio]
    return values / rest if rest else np.full_like(values, NAN)


def _measure_combine(measure: kinds.CombineMeasure, run: Run) -> Column:
    columns = [run.values[name] for name in measure.over]
    if measure.combine == "abs":
        return np.abs(columns[0])
    if measure.combine == "mean":
        total, count = np.zeros_like(columns[0]), np.zeros_like(columns[0])
        for column in columns:
            seen = ~np.isnan(column)
            total = np.where(seen, total + column, total)
            count += seen
        return np.where(count > 0, total / np.where(count > 0, count, 1.0), NAN)
    unseen = np.isnan(np.array(columns)).any(axis=0)
    return np.where(unseen, NAN, np.min(columns, axis=0) if measure.combine == "min" else np.max(columns, axis=0))


_MEASURERS: Mapping[type, Callable[..., Column]] = {
    kinds.AngleMeasure: _measure_angle,
    kinds.BetweenMeasure: _measure_between,
    kinds.BendMeasure: _measure_bend,
    kinds.TiltMeasure: _measure_tilt,
    kinds.OffsetMeasure: _measure_offset,
    kinds.LineOffsetMeasure: _measure_line_offset,
    kinds.DistanceMeasure: _measure_distance,
    kinds.TurnMeasure: _measure_turn,
    kinds.SpineMeasure: _measure_spine,
    kinds.HeadMeasure: _measure_head,
    kinds.DifferenceMeasure: _measure_difference,
    kinds.ChangeMeasure: _measure_change,
    kinds.RatioMeasure: _measure_ratio,
    kinds.CombineMeasure: _measure_combine,
}


def known_here(measures: MeasureSet) -> bool:
    """Tell whether every measure of the set can be taken on columns."""
    return all(type(measure) in _MEASURERS for measure in measures.kinds.values())
