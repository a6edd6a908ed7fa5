"""Bodies made of joint angles: what the pure rooms are tested with.

A body is built in three dimensions by walking along its bones, turned to a view, and projected straight on to the picture, so
that points, world landmarks and the back's contour always tell the same story. Conventions are those of
:mod:`posturecam.model`. A direction in the body's own plane of symmetry is an angle from straight up towards forward: 0 up,
90 forward, 180 down, 270 backward.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from posturecam.judging.analyzer import Analyzer
from posturecam.judging.judge import judge
from posturecam.model import (
    CONTOUR_SAMPLES,
    LANDMARK_COUNT,
    LANDMARK_INDEX,
    LANDMARK_NAMES,
    FloatArray,
    FrameResult,
    Pose,
    SessionResult,
)
from posturecam.poses import PoseSequence
from posturecam.spec.schema import Exercise

WIDTH, HEIGHT = 640, 480
PIXELS_PER_METRE = 200.0
TORSO, UPPER_ARM, FOREARM, THIGH, SHANK = 0.5, 0.30, 0.27, 0.42, 0.42
SHOULDER_HALF, HIP_HALF = 0.18, 0.11
NECK = 0.22
TORSO_PX = TORSO * PIXELS_PER_METRE
YAW = {"front": 0.0, "right": 90.0, "back": 180.0, "left": -90.0, "oblique": 45.0}
"""Where the body faces (its head lies, for somebody lying): 0 to the camera, 90 to the picture's right."""

SWAPPED = [
    LANDMARK_INDEX[
        name.replace("left", "*").replace("right", "left").replace("*", "right")  # nose stays
    ]
    for name in LANDMARK_NAMES
]
"""Index of each landmark's counterpart on the other side."""


@dataclass(frozen=True)
class Joints:
    """Joint angles in degrees, 0 = upright with hanging arms and straight legs; ``None`` on the right means as on the left.

    ``trunk``: lean forwards (90 = face down, -90 = on the back). ``side_lean``: of the trunk and head to the person's left.
    ``shoulder``: arm lifted forwards; ``abduction``: arm lifted sideways; ``elbow``, ``hip`` and ``knee``: bend (0 straight).
    ``neck``: whole neck bent forwards; ``head_pitch`` chin up, ``head_roll`` ear to the left shoulder, ``head_yaw`` to the left.
    """

    trunk: float = 0.0
    side_lean: float = 0.0
    shoulder: float = 0.0
    abduction: float = 0.0
    elbow: float = 0.0
    hip: float = 0.0
    knee: float = 0.0
    neck: float = 0.0
    head_pitch: float = 0.0
    head_roll: float = 0.0
    head_yaw: float = 0.0
    right_shoulder: float | None = None
    right_abduction: float | None = None
    right_elbow: float | None = None
    right_hip: float | None = None
    right_knee: float | None = None

    def of(self, joint: str, side: str) -> float:
        own = getattr(self, f"right_{joint}") if side == "right" else None
        return float(getattr(self, joint) if own is None else own)


def _direction(degrees: float) -> FloatArray:
    """Unit vector (left, forward, up) in the plane of symmetry."""
    return np.array([0.0, math.sin(math.radians(degrees)), math.cos(math.radians(degrees))])


LEFT = np.array([1.0, 0.0, 0.0])


def _rotation(axis: FloatArray, degrees: float) -> FloatArray:
    turn = math.radians(degrees)
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + math.sin(turn) * cross + (1 - math.cos(turn)) * cross @ cross)


def _skeleton(joints: Joints) -> dict[str, FloatArray]:
    """Joint positions in metres as (left, forward, up), hips' middle at the origin."""
    up, ahead = _direction(joints.trunk), _direction(joints.trunk + 90)
    lean = _rotation(ahead, joints.side_lean)  # turns up towards the left
    shoulders = lean @ up * TORSO
    at: dict[str, FloatArray] = {}
    for side, sign in (("left", 1.0), ("right", -1.0)):
        shoulder = at[f"{side}_shoulder"] = shoulders + lean @ LEFT * sign * SHOULDER_HALF
        # the bent arm is made in the plane of symmetry and then lifted sideways as a whole
        lift = lean @ _rotation(ahead, -sign * joints.of("abduction", side))
        arm = joints.trunk + 180 - joints.of("shoulder", side)
        forearm = lift @ _direction(arm - joints.of("elbow", side))
        elbow = at[f"{side}_elbow"] = shoulder + lift @ _direction(arm) * UPPER_ARM
        wrist = at[f"{side}_wrist"] = elbow + forearm * FOREARM
        for finger, far in (("pinky", 0.07), ("index", 0.08), ("thumb", 0.05)):
            at[f"{side}_{finger}"] = wrist + forearm * far
        thigh = joints.trunk + 180 - joints.of("hip", side)
        shank = thigh + joints.of("knee", side)
        hip = at[f"{side}_hip"] = LEFT * sign * HIP_HALF
        knee = at[f"{side}_knee"] = hip + _direction(thigh) * THIGH
        ankle = at[f"{side}_ankle"] = knee + _direction(shank) * SHANK
        at[f"{side}_heel"] = ankle + _direction(shank) * 0.05 - _direction(shank - 90) * 0.04
        at[f"{side}_foot_index"] = ankle + _direction(shank) * 0.06 + _direction(shank - 90) * 0.12
    return at | _head(joints, lean, shoulders)


def _head(joints: Joints, lean: FloatArray, shoulders: FloatArray) -> dict[str, FloatArray]:
    up, ahead = _direction(joints.trunk + joints.neck), _direction(joints.trunk + joints.neck + 90)
    turn = _rotation(up, -joints.head_yaw) @ _rotation(ahead, joints.head_roll) @ _rotation(LEFT, joints.head_pitch)
    centre = shoulders + lean @ up * NECK

    def place(left: float, forward: float, high: float) -> FloatArray:
        return np.asarray(centre + lean @ turn @ (LEFT * left + ahead * forward + up * high))

    at = {"nose": place(0, 0.11, 0)}
    for side, sign in (("left", 1.0), ("right", -1.0)):
        at[f"{side}_ear"] = place(sign * 0.075, 0, 0)
        at[f"mouth_{side}"] = place(sign * 0.025, 0.09, -0.06)
        for part, out in (("eye_inner", 0.015), ("eye", 0.03), ("eye_outer", 0.045)):
            at[f"{side}_{part}"] = place(sign * out, 0.09, 0.04)
    return at


def make_pose(
    joints: Joints | None = None,
    *,
    yaw: float = 0.0,
    anchor: str = "hip",
    at_px: tuple[float, float] = (WIDTH / 2, HEIGHT / 2),
    shift: Mapping[str, tuple[float, float]] | None = None,
    points: Mapping[str, tuple[float, float]] | None = None,
    hidden: Iterable[str] = (),
    visibility: float = 0.99,
    bulge: float | None = None,
    **angles: float,
) -> Pose:
    """A body in the picture.

    ``angles`` are fields of :class:`Joints`. The middle of the left and right ``anchor`` part lies ``at_px``. ``shift`` moves
    both sides' part by (right, down) torso lengths in the picture; ``points`` sets single landmarks in pixels; ``hidden`` names
    landmarks, or parts for both sides, of visibility 0.1. ``bulge`` adds a contour whose back stands out by so many lengths.
    """
    joints = replace(joints or Joints(), **angles)
    turn = math.radians(yaw)
    # rows: the picture's x, y and z of the person's left, forward and up
    camera = np.array([[math.cos(turn), math.sin(turn), 0], [0, 0, -1], [math.sin(turn), -math.cos(turn), 0]])
    skeleton = _skeleton(joints)
    world = np.array([camera @ skeleton[name] for name in LANDMARK_NAMES])
    for part, (right, down) in (shift or {}).items():
        world[_indices(part), :2] += np.array([right, down]) * TORSO
    xy = world[:, :2] * PIXELS_PER_METRE
    xy = xy + np.array(at_px) - xy[_indices(anchor)].mean(axis=0)
    for name, place in (points or {}).items():
        xy[LANDMARK_INDEX[name]] = place
    seen = np.full(LANDMARK_COUNT, visibility)
    for name in hidden:
        seen[_indices(name)] = 0.1
    back = camera @ -_direction(joints.trunk + 90)
    contour = None if bulge is None else make_contour(xy, (float(back[0]), float(back[1])), bulge)
    return Pose(xy, world, seen, WIDTH, HEIGHT, contour)


def _indices(part: str) -> list[int]:
    if part in LANDMARK_INDEX:
        return [LANDMARK_INDEX[part]]
    return [LANDMARK_INDEX[f"{side}_{part}"] for side in ("left", "right")]


def make_profile(bulge: float, thickness: float = 0.2) -> FloatArray:
    """A back edge (15,) that stands ``bulge`` lengths out of the chord between its ends, measured as the program does."""
    flat = np.zeros(CONTOUR_SAMPLES)
    flat[2:-2] = np.sin(np.linspace(0, math.pi, CONTOUR_SAMPLES))[2:-2]
    middle = flat[CONTOUR_SAMPLES // 4 : CONTOUR_SAMPLES - CONTOUR_SAMPLES // 4].mean()
    return np.asarray(thickness + flat * bulge / middle)


def make_contour(xy: FloatArray, back: tuple[float, float], bulge: float) -> FloatArray:
    """A contour (2, 15) whose edge on the side of ``back`` bulges; the other edge is straight."""
    walk = xy[_indices("hip")].mean(axis=0) - xy[_indices("shoulder")].mean(axis=0)
    back_is_left = walk[1] * back[0] - walk[0] * back[1] > 0
    rows = [make_profile(bulge), make_profile(0.0)]
    return np.array(rows if back_is_left else rows[::-1])


def standing(*, yaw: float = 0.0, **options: object) -> Pose:
    """Upright, arms hanging, the feet at the bottom of the picture."""
    place = {"anchor": "ankle", "at_px": (WIDTH / 2, 430.0)}
    return make_pose(yaw=yaw, **(place | options))  # type: ignore[arg-type]


def push_up(elbow: float = 172.0, *, yaw: float = YAW["right"], **options: object) -> Pose:
    """On hands and toes, hands under the shoulders, the inner elbow angle ``elbow``; a straight line from head to ankle."""
    bent = math.radians(elbow)
    reach = math.sqrt(UPPER_ARM**2 + FOREARM**2 - 2 * UPPER_ARM * FOREARM * math.cos(bent))
    back = math.degrees(math.acos(min(1.0, (UPPER_ARM**2 + reach**2 - FOREARM**2) / (2 * UPPER_ARM * reach))))
    rise = math.degrees(math.asin((reach - 0.08) / (TORSO + THIGH + SHANK)))
    angles = {"trunk": 90 - rise, "shoulder": 90 - rise - back, "elbow": 180 - elbow}
    return lying(yaw=yaw, **(angles | options))  # type: ignore[arg-type]


def plank(*, yaw: float = YAW["right"], **options: object) -> Pose:
    """The high plank: a push-up's start."""
    return push_up(172.0, yaw=yaw, **options)


def table(*, yaw: float = YAW["right"], **options: object) -> Pose:
    """On hands and knees, the back level."""
    return lying(yaw=yaw, **({"trunk": 90.0, "shoulder": 90.0, "hip": 90.0, "knee": 90.0} | options))  # type: ignore[arg-type]


def lying(*, yaw: float, **options: object) -> Pose:
    """A body along the floor whose ankles stay where they are."""
    aside = math.copysign(150.0, math.sin(math.radians(yaw)))
    place = {"anchor": "ankle", "at_px": (WIDTH / 2 - aside, 360.0)}
    return make_pose(yaw=yaw, **(place | options))  # type: ignore[arg-type]


# whole poses changed ------------------------------------------------------------------------------------------------


def mirrored(pose: Pose) -> Pose:
    """The same scene in a mirror: what was the left arm is now a right one."""
    points, world = pose.points[SWAPPED].copy(), pose.world[SWAPPED].copy()
    points[:, 0] = pose.width - points[:, 0]
    world[:, 0] *= -1
    contour = None if pose.contour is None else pose.contour[::-1].copy()
    return replace(pose, points=points, world=world, visibility=pose.visibility[SWAPPED].copy(), contour=contour)


def scaled(pose: Pose, factor: float) -> Pose:
    """The same scene filmed at another resolution."""
    return replace(
        pose, points=pose.points * factor, width=round(pose.width * factor), height=round(pose.height * factor)
    )


def jittered(pose: Pose, random: np.random.Generator, pixels: float) -> Pose:
    """Every point off by a normal error of ``pixels``."""
    return replace(pose, points=pose.points + random.normal(0.0, pixels, pose.points.shape))


# motion -----------------------------------------------------------------------------------------------------------------

PoseAt = Callable[[float], "Pose | None"]


def path(*keys: tuple[float, float]) -> Callable[[float], float]:
    """A smooth movement through (seconds, value) keys, at rest at each of them."""

    def value(t_s: float) -> float:
        if t_s <= keys[0][0]:
            return keys[0][1]
        for (start, before), (end, after) in itertools.pairwise(keys):
            if t_s <= end:
                return before + (after - before) * (1 - math.cos(math.pi * (t_s - start) / (end - start))) / 2
        return keys[-1][1]

    return value


def rounds(
    rest: float, ends: Sequence[float], *, still_s: float = 1.5, way_s: float = 1.2, stay_s: float = 0.4
) -> tuple[Callable[[float], float], float]:
    """From ``rest`` to each of the ``ends`` and back, with ``still_s`` before and after; returns the path and its length."""
    keys = [(0.0, rest), (still_s, rest)]
    for end in ends:
        start = keys[-1][0]
        keys += [(start + way_s, end), (start + way_s + stay_s, end), (start + 2 * way_s + stay_s, rest)]
        keys.append((keys[-1][0] + stay_s, rest))
    keys.append((keys[-1][0] + still_s, rest))
    return path(*keys), keys[-1][0]


def times(seconds: float, fps: float, start_s: float = 0.0) -> list[float]:
    """Evenly spaced times."""
    return [start_s + index / fps for index in range(round(seconds * fps) + 1)]


def feed(analyzer: Analyzer, pose_at: PoseAt, when: Iterable[float]) -> list[FrameResult]:
    """Show the analyzer a movement."""
    return [analyzer.update(t_s, pose_at(t_s)) for t_s in when]


def record(pose_at: PoseAt, when: Iterable[float]) -> PoseSequence:
    """A movement as a recording keeps it."""
    poses = PoseSequence()
    for t_s in when:
        pose = pose_at(t_s)
        width, height = (WIDTH, HEIGHT) if pose is None else (pose.width, pose.height)
        poses.append(t_s, pose, width, height)
    return poses


def run(exercise: Exercise, pose_at: PoseAt, seconds: float, fps: float = 30.0) -> SessionResult:
    """Judge a recording of a whole movement."""
    return judge(exercise, record(pose_at, times(seconds, fps))).result()
