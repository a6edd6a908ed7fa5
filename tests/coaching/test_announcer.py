"""What is said, when, and how often."""

from __future__ import annotations

import itertools

import pytest

from posturecam import language
from posturecam.coaching.announcer import Announcer, Say
from posturecam.coaching.goals import Goal
from posturecam.coaching.session import LiveSession
from posturecam.model import Pose
from posturecam.spec.catalogue import load_exercise
from posturecam.spec.schema import Exercise
from tests.builders import plank, push_up, rounds, standing, times
from tests.coaching.test_session import PoseAt
from tests.specs import arm_raise, exercise, holding

FPS = 20
MANY = Goal(reps=50)


def said(spec: Exercise, goal: Goal, pose_at: PoseAt, seconds: float, camera: str | None = None) -> list[Say]:
    session, announcer = LiveSession(spec, goal), Announcer(spec)
    says: list[Say] = []
    for t_s in times(seconds, FPS):
        result = session.update(t_s, pose_at(t_s))
        says += announcer.update(result, session.state, camera if 3 < t_s < 5 else None)
        if session.state.ended:
            break
    return says


def texts(says: list[Say], *kinds: str) -> list[str]:
    return [say.text for say in says if not kinds or say.kind in kinds]


def pushing(count: int, **pose: float) -> tuple[PoseAt, float]:
    elbow, seconds = rounds(172.0, [85.0] * count, still_s=5.0, way_s=1.4)
    return (lambda t_s: push_up(elbow(t_s), **pose)), seconds


def test_countdown_go_counts_and_the_end() -> None:
    moving, seconds = pushing(3)
    spoken = texts(said(exercise(), Goal(reps=3), moving, seconds))
    assert spoken == ["Test movement", "three", "two", "one", "Go", "One", "Two. Last one", "Three", "Well done"]


def test_counts_come_when_the_rep_counts() -> None:
    moving, seconds = pushing(4)
    counts = [say for say in said(exercise(), MANY, moving, seconds) if say.kind == "count"]
    assert [say.text for say in counts] == ["One", "Two", "Three", "Four"]
    gaps = [after.t_s - before.t_s for before, after in itertools.pairwise(counts)]
    assert all(abs(gap - 3.6) < 0.3 for gap in gaps)


def test_sagging_hips_are_cued_without_nagging() -> None:
    spec = load_exercise("push_up")
    elbow, seconds = rounds(172.0, [85.0] * 6, still_s=5.0, way_s=1.4)

    def sagging(t_s: float) -> Pose:
        return push_up(elbow(t_s), shift={"hip": (0.0, 0.35), "knee": (0.0, 0.2)} if t_s > 6 else {})

    cues = [say for say in said(spec, MANY, sagging, seconds) if say.kind == "cue"]
    assert cues[0].text == spec.checks["hips_sagging"].cue
    assert cues[0].t_s < 9.0
    gaps = [after.t_s - before.t_s for before, after in itertools.pairwise(cues)]
    assert all(gap >= 2.5 - 1e-6 for gap in gaps)
    moments = [say.t_s for say in cues if say.text == cues[0].text]
    assert all(after - before >= 8.0 - 1e-6 for before, after in itertools.pairwise(moments))


def test_sides_are_counted_by_name() -> None:
    from tests.builders import path

    lift = path((0, 5), (5, 5), (6.5, 80), (8, 5), (9, 5), (10.5, 80), (12, 5), (20, 5))

    def pose(t_s: float) -> Pose:
        left = t_s < 8.5
        return standing(abduction=lift(t_s) if left else 5.0, right_abduction=5.0 if left else lift(t_s))

    assert texts(said(arm_raise(), Goal(reps=5, per_side=True), pose, 14.0), "count") == ["Left one", "Right one"]


def test_half_and_last_seconds_of_a_hold() -> None:
    says = said(holding(), Goal(seconds=20.0), lambda _t: plank(), 40.0)
    go = next(say.t_s for say in says if say.text == "Go")
    timed = [(say.text, round(say.t_s - go)) for say in says if say.kind == "time" and say.t_s > go]
    assert timed == [("Half way", 10), ("five seconds", 15), ("three", 17), ("two", 18), ("one", 19)]
    assert says[-1].text == "Well done"


def test_guidance_is_repeated_ever_more_rarely() -> None:
    says = said(exercise(), MANY, lambda _t: None, 30.0)
    moments = [say.t_s for say in says if say.text == "Step into the picture"]
    gaps = [after - before for before, after in itertools.pairwise(moments)]
    assert 2 <= len(gaps) <= 4
    assert gaps == sorted(gaps)
    assert gaps[0] >= 4.0


def test_position_is_asked_for_once_the_view_is_right() -> None:
    spec = load_exercise("push_up")
    spoken = texts(said(spec, MANY, lambda _t: standing(yaw=90.0), 4.0), "guide")
    assert spoken == ["Get into position", spec.steps[0]]


def test_pause_and_going_on_are_said() -> None:
    def pose(t_s: float) -> Pose | None:
        return None if 6 < t_s < 9 else plank()

    spoken = texts(said(exercise(), MANY, pose, 14.0), "stage")
    assert spoken == ["Test movement", "Go", "Paused", "Go on"]


def test_sets_are_announced() -> None:
    moving, _ = pushing(2)
    spoken = texts(said(exercise(), Goal(sets=2, reps=2, rest_s=12.0), moving, 30.0), "stage", "time")
    assert spoken[4:7] == ["Go", "Set one done. Rest.", "Ten seconds"]
    assert "Set two. Get ready." in spoken


def test_a_lost_camera_is_said_once() -> None:
    spoken = texts(said(exercise(), MANY, lambda _t: plank(), 6.0, "Camera lost"), "stage")
    assert [text for text in spoken if "camera" in text] == ["I lost the camera", "The camera is back"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("de", ["drei", "zwei", "eins", "Los", "Eins", "Zwei. Noch eine", "Drei", "Gut gemacht"]),
        ("es", ["tres", "dos", "uno", "Vamos", "Uno", "Dos. La última", "Tres", "Bien hecho"]),
    ],
)
def test_a_session_is_spoken_in_the_language_that_was_chosen(code: str, expected: list[str]) -> None:
    moving, seconds = pushing(3)
    with language.spoken(code):
        assert texts(said(exercise(), Goal(reps=3), moving, seconds))[1:] == expected
