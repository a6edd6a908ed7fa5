"""What the program sees of a rendered clip against what is exactly known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posturecam.kinematics import silhouette
from posturecam.kinematics.frames import Frames
from posturecam.kinematics.head import head_angle
from posturecam.kinematics.kinds import chest_side_on
from posturecam.kinematics.tracker import Tracker
from posturecam.kinematics.vectors import UP, angle, between
from posturecam.model import LANDMARK_INDEX, FloatArray
from posturecam.poses import PoseSequence
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


def compare_clip(clip: str, exercise: Exercise, view: str, seen: PoseSequence, truth: Path) -> ClipErrors:
    """Compare the landmarks of a clip, as they were ``seen``, with its true joints and angles."""
    with np.load(truth) as loaded:
        known = {name: loaded[name] for name in loaded.files}
    poses = seen[: len(known["t_s"])]
    out = ClipErrors(clip, exercise.id, view, float(poses.seen.mean()))
    frames = Frames(Tracker(lying=exercise.lying).follow(poses), exercise.position)
    for index in np.flatnonzero(poses.seen).tolist():
        _joint_errors(out, poses.points[index].astype(np.float64), known, index)
    with np.errstate(invalid="ignore", divide="ignore"):
        _angle_errors(out, frames, known, poses.seen)
        for name, (measured, true) in _relative(exercise, frames, known, view).items():
            out.pairs[name] = _from_start(np.column_stack([poses.t_s, measured, true])[poses.seen])
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


def _angle_errors(out: ClipErrors, frames: Frames, known: Mapping[str, NDArray[Any]], seen: NDArray[np.bool_]) -> None:
    names = [str(name) for name in known["joint_names"]]
    count = len(frames)
    for measure, parts in ANGLES.items():
        for number, side in enumerate(SIDES):
            values = angle(*(frames.point(f"{side}.{part}") for part in parts))
            visible = known["visible"][:count, [names.index(f"{side}_{part}") for part in parts]].astype(bool)
            rows = visible.all(axis=1) & seen & np.isfinite(values)
            if out.view == "side":
                rows &= frames.left_is_near == (side == "left")
            true = known[f"{measure}_deg"][:count, number]
            out.pairs.setdefault(measure, []).extend(zip(values[rows].tolist(), true[rows].tolist(), strict=True))
    tilt = between(frames.trunk, UP)
    rows = seen & np.isfinite(tilt)
    out.pairs["trunk tilt"] = list(
        zip(tilt[rows].tolist(), known["trunk_tilt_deg"][:count][rows].tolist(), strict=True)
    )


def _relative(
    exercise: Exercise, frames: Frames, known: Mapping[str, NDArray[Any]], view: str
) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Measures that mean something only against the person's own start: (measured, true) in degrees, one entry a frame."""
    count = len(frames)
    upright = exercise.position in ("upright", "bent_over")
    out: dict[str, tuple[FloatArray, FloatArray]] = {}
    # true pitch is positive chin down; against the chest for somebody lying, against the floor upright
    pitch = known["head_world_pitch_deg" if upright else "head_pitch_deg"][:count]
    out["head pitch"] = (head_angle("pitch", frames), -pitch.astype(np.float64))
    if view == "front":
        out["head roll"] = (head_angle("roll", frames), known["head_roll_deg"][:count].astype(np.float64))
    surface = next((m.surface for m in exercise.measures.values() if isinstance(m, SpineMeasure)), None)
    if surface is not None and view == "side":
        flexion = silhouette.flexion(frames.track.contour, frames.trunk, frames.dorsal, surface)
        usable = frames.track.outlined & chest_side_on(frames)
        out["spine flexion"] = (np.where(usable, flexion, np.nan), known["spine_flexion_deg"][:count].astype(float))
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
