"""A session replayed in stretches comes to the very result of the analyzer that saw it frame by frame, to the last bit."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from posturecam.form import columns
from posturecam.form.analyzer import Analyzer
from posturecam.form.replay import pose_at, replay
from posturecam.form.tracks import Landmarks
from posturecam.smoothing import OneEuroFilter, OutlierGate

from posturecam.model import CONTOUR_SAMPLES, Pose, SessionResult
from posturecam.spec.catalogue import exercise_ids, load_spec
from posturecam.spec.schema import Exercise
from tests import builders as build

Rows = list[tuple[float, Pose | None]]
EXERCISES = [(name, variant) for name in exercise_ids() for variant in load_spec(name).exercises]


def landmarks(rows: Rows) -> Landmarks:
    """The rows as a file keeps them: in 32 bits."""
    blank = build.standing()
    poses = [pose or blank for _, pose in rows]
    nothing = np.full((2, CONTOUR_SAMPLES), np.nan)
    return Landmarks(
        t_s=np.array([t_s for t_s, _ in rows]),
        size=np.array([(pose.width, pose.height) for pose in poses], np.int32),
        seen=np.array([pose is not None for _, pose in rows]),
        points=np.array([pose.points for pose in poses], np.float32),
        world=np.array([pose.world for pose in poses], np.float32),
        visibility=np.array([pose.visibility for pose in poses], np.float32),
        outlined=np.array([pose.contour is not None for pose in poses]),
        contour=np.array([nothing if pose.contour is None else pose.contour for pose in poses], np.float32),
    )


def frame_by_frame(exercise: Exercise, marks: Landmarks, *, still: bool = False) -> SessionResult:
    analyzer = Analyzer(exercise, still=still)
    for index, t_s in enumerate(marks.t_s.tolist()):
        analyzer.update(t_s, pose_at(marks, index))
    return analyzer.finish()


def differences(one: object, other: object, where: str = "result") -> list[str]:
    """Where two results differ, bit for bit; NaN equals NaN."""
    if isinstance(one, np.ndarray):
        return [] if np.array_equal(one, other, equal_nan=one.dtype.kind == "f") else [where]  # type: ignore[arg-type]
    if dataclasses.is_dataclass(one):
        names = [field.name for field in dataclasses.fields(one)]
        return [d for name in names for d in differences(getattr(one, name), getattr(other, name), f"{where}.{name}")]
    if isinstance(one, dict):
        assert isinstance(other, dict)
        found = [] if list(one) == list(other) else [f"{where}: {list(one)} or {list(other)}"]
        return found + [
            d for key in one.keys() & other.keys() for d in differences(one[key], other[key], f"{where}[{key}]")
        ]
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return [d for i, (a, b) in enumerate(zip(one, other, strict=True)) for d in differences(a, b, f"{where}[{i}]")]
    return [] if one == other or (one != one and other != other) else [f"{where}: {one} or {other}"]


def assert_same(exercise: Exercise, marks: Landmarks, *, still: bool = False) -> SessionResult:
    expected = frame_by_frame(exercise, marks, still=still)
    assert differences(expected, replay(exercise, marks, still=still)) == []
    return expected


def troubled(pose: Pose, random: np.random.Generator) -> Pose | None:
    """What a camera makes of a body: noise, hidden joints, stray landmarks, and now and then nobody."""
    pose = build.jittered(pose, random, 1.5)
    pose = dataclasses.replace(pose, world=pose.world + random.normal(0.0, 0.01, pose.world.shape))
    chance = random.random()
    if chance < 0.01:
        return None
    if chance < 0.08:
        visibility = pose.visibility.copy()
        visibility[random.integers(0, 33, 6)] = 0.1
        return dataclasses.replace(pose, visibility=visibility)
    if chance < 0.12:
        points = pose.points.copy()
        points[random.integers(0, 33)] += 400.0
        return dataclasses.replace(pose, points=points)
    return pose


def movement(pose_of: Callable[[float], Pose], rest: float, ends: list[float], seed: int = 3) -> Rows:
    """There and back, twice over with a cut and a pause between, at an uneven frame rate."""
    move, seconds = build.rounds(rest, ends)
    random = np.random.default_rng(seed)
    rows: Rows = []
    for start_s in (0.0, seconds + 1.7):
        t_s = 0.0
        while t_s < seconds:
            rows.append((start_s + t_s, troubled(pose_of(move(t_s)), random)))
            t_s += float(random.choice([1 / 30, 1 / 30, 1 / 15]))
    return rows


def floor(elbow: float) -> Pose:
    return build.push_up(elbow, bulge=0.01)


def on_all_fours(bulge: float) -> Pose:
    return build.table(bulge=bulge, neck=300 * bulge)


def upright_front(angle: float) -> Pose:
    return build.standing(
        abduction=angle, right_abduction=angle * 0.8, side_lean=angle / 6, head_roll=angle / 3, bulge=0.0
    )


def upright_side(angle: float) -> Pose:
    return build.standing(yaw=90, shoulder=angle, elbow=angle / 2, neck=angle / 4, bulge=0.0)


def half_turned(angle: float) -> Pose:
    return build.standing(yaw=40 + angle / 4, shoulder=angle, elbow=90, head_yaw=angle / 2)


def on_the_back(angle: float) -> Pose:
    return build.lying(yaw=90, trunk=-90, hip=60, knee=90, shoulder=angle, side_lean=angle / 10, bulge=angle / 2000)


SCENES = {
    "push-ups": movement(floor, 172.0, [90, 130, 85]),
    "cat and cow": movement(on_all_fours, 0.0, [0.1, -0.08, 0.09, -0.07]),
    "arms to the sides": movement(upright_front, 5.0, [90, 40, 95]),
    "arms to the front": movement(upright_side, 5.0, [90, 60, -30]),
    "turning": movement(half_turned, 0.0, [80, 60]),
    "on the back": movement(on_the_back, 0.0, [60, -50, 70]),
}


@pytest.mark.parametrize(("name", "variant"), EXERCISES, ids=[f"{name}-{variant}" for name, variant in EXERCISES])
def test_every_exercise_gives_the_same_result_for_every_scene(name: str, variant: str | None) -> None:
    exercise = load_spec(name).exercises[variant]
    for rows in SCENES.values():
        assert_same(exercise, landmarks(rows))


def test_the_scenes_are_worth_comparing() -> None:
    assert len(assert_same(load_spec("push_up").default, landmarks(SCENES["push-ups"])).reps) >= 4
    assert len(assert_same(load_spec("cat_cow").default, landmarks(SCENES["cat and cow"])).reps) >= 1


def test_a_single_picture_and_an_empty_scene_are_the_same_too() -> None:
    plank = load_spec("plank").default
    assert_same(plank, landmarks([(0.0, build.plank(bulge=0.0))]), still=True)
    assert_same(plank, landmarks([(t_s, None) for t_s in build.times(2.0, 30)]))


def test_a_kind_of_measure_that_columns_do_not_know_is_judged_frame_by_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    exercise, marks = load_spec("push_up").default, landmarks(SCENES["push-ups"])
    expected = frame_by_frame(exercise, marks)
    monkeypatch.setattr(columns, "known_here", lambda measures: False)
    assert differences(expected, replay(exercise, marks)) == []


@pytest.mark.parametrize("seed", range(3))
def test_filter_and_gate_do_many_frames_as_one_after_the_other(seed: int) -> None:
    random = np.random.default_rng(seed)
    count = 700
    t_s = np.cumsum(random.choice([1 / 30, 0.1, 0.7], count, p=[0.9, 0.09, 0.01]))
    points = 300 + np.cumsum(random.normal(0, 2, (count, 33, 2)), axis=0)
    for _ in range(20):
        start = random.integers(count - 20)
        points[start : start + random.integers(1, 20), random.integers(33)] += 300.0
    points[random.random((count, 33)) < 0.03] = np.nan
    gates = [OutlierGate(900.0, 35.0) for _ in range(2)]
    one_by_one = np.array([gates[0].update(float(t), p) for t, p in zip(t_s, points, strict=True)])
    outlier = np.vstack([gates[1].update_many(t_s[a : a + 250], points[a : a + 250]) for a in range(0, count, 250)])
    points[outlier] = np.nan
    assert np.array_equal(one_by_one, points, equal_nan=True)

    filters = [OneEuroFilter(2.0, 0.05) for _ in range(2)]
    smooth = np.array([filters[0].update(float(t), p) for t, p in zip(t_s, points, strict=True)])
    flat = points.reshape(count, -1).copy()
    for a in range(0, count, 250):
        filters[1].update_many(t_s[a : a + 250].tolist(), flat[a : a + 250])
    assert np.array_equal(smooth.reshape(count, -1), flat, equal_nan=True)
