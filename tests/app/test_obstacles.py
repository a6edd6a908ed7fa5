"""What kept a recording from being judged, as far as its poses tell."""

from __future__ import annotations

from posturecam.app.obstacles import obstacle_of, shows_better
from posturecam.judging.turned import turned
from posturecam.spec.catalogue import load_exercise
from tests.builders import push_up, record, rounds, standing, times


def test_another_exercise_is_named_with_the_option_that_asks_for_it() -> None:
    elbow, seconds = rounds(172.0, [80.0] * 4)
    said = obstacle_of(load_exercise("chin_tuck"), record(lambda t_s: push_up(elbow(t_s)), times(seconds, 15)))
    assert said is not None
    assert said.startswith("this looks like Push-up")
    assert "--exercise push_up" in said


def test_somebody_who_lies_in_an_exercise_done_upright_may_be_in_a_picture_on_its_side() -> None:
    poses = turned(record(lambda _t_s: standing(yaw=90.0), times(3, 15)), 1)
    said = obstacle_of(load_exercise("chin_tuck"), poses)
    assert said is not None
    assert "--rotate" in said


def test_nothing_is_claimed_of_somebody_who_stands_about_or_of_nobody() -> None:
    assert obstacle_of(load_exercise("chin_tuck"), record(lambda _t_s: standing(yaw=90.0), times(3, 15))) is None
    assert obstacle_of(load_exercise("chin_tuck"), record(lambda _t_s: None, times(1, 15))) is None


def test_a_turned_picture_must_show_the_exercise_clearly_better_than_the_picture_as_it_is_shows_another() -> None:
    elbow, seconds = rounds(172.0, [80.0] * 4)
    upright = record(lambda t_s: push_up(elbow(t_s)), times(seconds, 15))
    exercises = [load_exercise("push_up")]
    assert shows_better(upright, exercises, turned(upright, 1))
    assert not shows_better(turned(upright, 1), exercises, upright)
    # as good is not better
    assert not shows_better(upright, exercises, upright)
