"""What the program sees of a rendered clip against what is exactly known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from posturecam.form import spine
from posturecam.form.body import L_SHOULDER, R_SHOULDER, Body, BodyTracker
from posturecam.form.head import head_angle
from posturecam.form.measure import dorsal

from posturecam import geometry
from posturecam.model import LANDMARK_INDEX, FloatArray
from posturecam.sources.landmarks import LandmarkSource
from posturecam.spec.measures import SpineMeasure
from posturecam.spec.schema import Exercise

JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "ear")
ANGLES: Mapping[str, tuple[str, str, str]] = {
    "elbow": ("shoulder", "elbow", "wrist"),
    "shoulder": ("hip", "shoulder", "elbow"),
    "hip": ("shoulder", "hip", "knee"),
    "knee": ("hip", "knee", "ankle"),
}
SIDES = ("left", "right")
STILL_S = 1.0
MOVED_DEGREES = 3.0
Pairs = list[tuple[float, float]]


@dataclass
class ClipErrors:
    """One clip: share of frames with a person; per joint the distance from the truth and its two parts, in % of the true torso.

    ``distance`` joint -> one entry a frame and visible joint; ``offset`` joint -> (towards the head, forwards) in side views,
    (towards the head, to the body's middle) in front views. ``pairs`` measure -> (measured, true) in degrees.
    """

    clip: str
    exercise: str
    view: str
    found: float
    distance: dict[str, list[float]] = field(default_factory=dict)
    offset: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    pairs: dict[str, Pairs] = field(default_factory=dict)


def compare_clip(clip: str, exercise: Exercise, view: str, landmarks: Path, truth: Path) -> ClipErrors:
    """Compare stored landmarks of a clip with its true joints and angles."""
    with np.load(truth) as loaded:
        known = {name: loaded[name] for name in loaded.files}
    tracker = BodyTracker(lying=exercise.position != "upright")
    with LandmarkSource(landmarks) as replay:
        seen = replay.arrays["seen"]
        out = ClipErrors(clip, exercise.id, view, float(seen.mean()))
        series: dict[str, list[tuple[float, float, float]]] = {}
        for frame in replay:
            pose = replay.estimate(frame)
            if pose is None or frame.index >= len(known["t_s"]):
                continue
            _joint_errors(out, pose.points, known, frame.index)
            body = tracker.update(frame.t_s, pose)
            _angle_errors(out, body, known, frame.index)
            for name, (measured, true) in _relative(exercise, body, known, frame.index, view).items():
                series.setdefault(name, []).append((frame.t_s, measured, true))
    for name, values in series.items():
        out.pairs[name] = _from_start(np.array(values))
    return out


def _points(known: Mapping[str, NDArray[Any]], index: int) -> dict[str, FloatArray]:
    names = [str(name) for name in known["joint_names"]]
    return dict(zip(names, known["joints2d"][index].astype(np.float64), strict=True))


def _joint_errors(out: ClipErrors, points: FloatArray, known: Mapping[str, NDArray[Any]], index: int) -> None:
    true = _points(known, index)
    names = [str(name) for name in known["joint_names"]]
    up = (true["left_shoulder"] + true["right_shoulder"] - true["left_hip"] - true["right_hip"]) / 2
    torso = float(np.linalg.norm(up))
    if not torso > 10.0:
        return
    up = up / torso
    across = np.array([up[1], -up[0]])
    ears = (true["left_ear"] + true["right_ear"]) / 2
    ahead = across if (true["nose"] - ears) @ across > 0 else -across
    for joint in JOINTS:
        for side in SIDES:
            name = f"{side}_{joint}"
            if not known["visible"][index][names.index(name)]:
                continue
            error = (points[LANDMARK_INDEX[name]] - true[name]) / torso * 100.0
            out.distance.setdefault(joint, []).append(float(np.linalg.norm(error)))
            aside = ahead
            if out.view == "front":
                inwards = (true[f"left_{joint}"] - true[f"right_{joint}"]) * (-1.0 if side == "left" else 1.0)
                aside = across if inwards @ across > 0 else -across
            out.offset.setdefault(joint, []).append((float(error @ up), float(error @ aside)))


def _angle_errors(out: ClipErrors, body: Body, known: Mapping[str, NDArray[Any]], index: int) -> None:
    names = [str(name) for name in known["joint_names"]]
    for measure, parts in ANGLES.items():
        for number, side in enumerate(SIDES):
            if out.view == "side" and side != body.near:
                continue
            if not all(known["visible"][index][names.index(f"{side}_{part}")] for part in parts):
                continue
            a, b, c = (body.xy[LANDMARK_INDEX[f"{side}_{part}"]] for part in parts)
            value = geometry.angle(a, b, c)
            if np.isfinite(value):
                out.pairs.setdefault(measure, []).append((value, float(known[f"{measure}_deg"][index][number])))
    tilt = geometry.between(body.trunk(), geometry.UP)
    if np.isfinite(tilt):
        out.pairs.setdefault("trunk tilt", []).append((tilt, float(known["trunk_tilt_deg"][index])))


def _relative(
    exercise: Exercise, body: Body, known: Mapping[str, NDArray[Any]], index: int, view: str
) -> dict[str, tuple[float, float]]:
    """Measures that mean something only against the person's own start: (measured, true) in degrees."""
    upright = exercise.position == "upright"
    back = dorsal(body, exercise.position) if view == "side" else None
    out: dict[str, tuple[float, float]] = {}
    # true pitch is positive chin down; against the chest for somebody lying, against the floor upright
    pitch = known["head_world_pitch_deg" if upright else "head_pitch_deg"][index]
    out["head pitch"] = (head_angle("pitch", body, None if upright else back), -float(pitch))
    if view == "front":
        out["head roll"] = (head_angle("roll", body, None), float(known["head_roll_deg"][index]))
    surface = next((m.surface for m in exercise.measures.values() if isinstance(m, SpineMeasure)), None)
    if surface is not None and back is not None and spine.chest_side_on(body.world[L_SHOULDER], body.world[R_SHOULDER]):
        flexion = spine.flexion_before_calibration(body.contour, body.trunk(), back, surface)
        out["spine flexion"] = (flexion, float(known["spine_flexion_deg"][index]))
    return out


def _from_start(rows: FloatArray) -> Pairs:
    """(measured, true), the measured shifted so that both agree over the last still second before the first movement."""
    rows = rows[np.isfinite(rows[:, 1])]
    if not len(rows):
        return []
    away = np.abs(rows[:, 2] - np.median(rows[rows[:, 0] <= rows[0, 0] + STILL_S, 2])) > MOVED_DEGREES
    until = rows[np.argmax(away), 0] if away.any() else rows[0, 0] + STILL_S
    still = rows[(rows[:, 0] <= until) & (rows[:, 0] >= until - STILL_S)]
    shift = float(np.median(still[:, 2]) - np.median(still[:, 1]))
    return [(float(measured + shift), float(true)) for _, measured, true in rows]
