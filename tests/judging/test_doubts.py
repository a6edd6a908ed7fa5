"""What could not be judged, in words for the person: what was not seen, and what to do about it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from posturecam.judging.doubts import DoubtLine, could_not_see, doubt_now, remedy
from posturecam.judging.verdicts import NOT_FROM_ONE_CAMERA, TOO_CLOSE, not_from
from posturecam.kinematics.track import Unseen, unseen_text
from posturecam.model import LANDMARK_NAMES, Verdict, View
from posturecam.spec.catalogue import exercise_ids, load_exercise
from tests import builders_report as make

HIDDEN = "left hip hidden"
SENTENCE = "Could not see whether your hips sag. Keep your left hip in sight of the camera."


def unknown(check: str = "hips_sagging", reason: str = HIDDEN) -> Verdict:
    return Verdict(check, "unknown", reason=reason)


def test_it_says_what_was_not_seen_and_what_to_do_about_it() -> None:
    checks = load_exercise("push_up").checks
    assert doubt_now(checks, [unknown()]) == SENTENCE
    assert doubt_now(checks, [unknown(reason="can only be judged from the side")]).endswith("Film from the side.")


def test_a_spec_without_such_words_has_the_checks_name() -> None:
    check = load_exercise("push_up").checks["hips_sagging"].model_copy(update={"whether": ""})
    assert could_not_see(check.whether, check.name) == "Could not check: hips sagging"


@pytest.mark.parametrize("reason", [TOO_CLOSE, NOT_FROM_ONE_CAMERA, "left hip lost for a moment"])
def test_nothing_is_said_where_nothing_can_be_done_about_it(reason: str) -> None:
    assert doubt_now(load_exercise("push_up").checks, [unknown(reason=reason)]) == ""


def test_a_correct_push_up_has_no_doubt_beside_it() -> None:
    exercise = load_exercise("push_up")
    never = [unknown(name, NOT_FROM_ONE_CAMERA) for name, check in exercise.checks.items() if not check.judged]
    assert never
    assert doubt_now(exercise.checks, never) == ""


@pytest.mark.parametrize("landmark", range(len(LANDMARK_NAMES)))
@pytest.mark.parametrize("code", [Unseen.HIDDEN, Unseen.LOST, Unseen.OUTSIDE])
def test_every_joint_that_is_not_seen_has_something_to_do_about_it(landmark: int, code: Unseen) -> None:
    advice = remedy(unseen_text(landmark, code))
    assert ("in the picture" if code is Unseen.OUTSIDE else "in sight") in advice
    assert not {"index", "pinky", "heel", "thumb"} & set(advice.split())


@pytest.mark.parametrize("view", ["side", "front", "back", "oblique"])
def test_every_view_that_is_not_enough_has_something_to_do_about_it(view: View) -> None:
    for name in exercise_ids():
        exercise = load_exercise(name)
        for check_id, check in exercise.checks.items():
            verdict = not_from(exercise, check_id, check, view)
            assert verdict is None or remedy(verdict.reason or "").startswith("Film from")


def test_every_check_of_the_shipped_exercises_says_what_could_not_be_seen() -> None:
    for name in exercise_ids():
        for check in load_exercise(name).checks.values():
            assert re.fullmatch(r"[a-z].*[^.]", check.whether)


def shown(moments: list[tuple[float, Verdict | None]]) -> list[str]:
    line = DoubtLine(load_exercise("push_up"))
    results = [make.make_result(verdicts=(verdict,) if verdict else ()) for _, verdict in moments]
    return [line.update(replace(result, t_s=t_s)) for (t_s, _), result in zip(moments, results, strict=True)]


def test_what_flickers_is_not_shown_and_what_lasts_stays_a_moment() -> None:
    flicker = [(n / 10, unknown() if n % 2 else None) for n in range(30)]
    assert set(shown(flicker)) == {""}
    lasting = [(n / 10, unknown()) for n in range(10)]
    gone: list[tuple[float, Verdict | None]] = [(1.0 + n / 10, None) for n in range(30)]
    words = shown([*lasting, *gone])
    assert [words[5], words[6], words[20], words[25]] == ["", SENTENCE, SENTENCE, ""]


def test_nothing_is_shown_while_nothing_is_judged() -> None:
    line = DoubtLine(load_exercise("push_up"))
    for n in range(20):
        assert line.update(replace(make.make_result(verdicts=(unknown(),), stage="paused"), t_s=n / 10)) == ""
