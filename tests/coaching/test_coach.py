"""One cue at a time, the most important first, without nagging, and praise for what was corrected."""

from __future__ import annotations

import itertools

import pytest

from posturecam.coaching.coach import Coach
from posturecam.model import Cue, State, Verdict
from tests.builders import times
from tests.specs import check, exercise

EXERCISE = exercise(
    checks={
        "small": check(severity="minor", cue="Small thing", praise="Small fixed"),
        "sag": check(cue="Lift your hips", praise="Good line"),
        "head": check(cue="Long neck", praise="Good neck"),
    }
)


def tell(
    coach: Coach, start_s: float, seconds: float, ended: tuple[Verdict, ...] = (), **states: State
) -> list[tuple[float, Cue]]:
    """The new cues, with their times; ``ended`` is told with the first frame."""
    cues: list[tuple[float, Cue]] = []
    before = coach._current
    for t_s in times(seconds, 30, start_s):
        cue = coach.update(t_s, states, ended)
        ended = ()
        if cue is not None and cue is not before:
            cues.append((t_s, cue))
        before = cue
    return cues


def test_a_fault_of_the_moment_is_cued_when_it_has_lasted() -> None:
    ((t_s, cue),) = tell(Coach(EXERCISE), 0.0, 2.0, sag="fault")
    assert cue == Cue("sag", "Lift your hips", "fault")
    assert 0.4 <= t_s <= 0.45


def test_a_fault_that_does_not_last_is_not_cued() -> None:
    coach = Coach(EXERCISE)
    for i in range(20):
        assert tell(coach, i * 0.5, 0.2, sag="fault") == []
        assert tell(coach, i * 0.5 + 0.25, 0.2, sag="ok") == []


def test_a_check_that_is_not_asked_for_meanwhile_does_not_last() -> None:
    coach = Coach(EXERCISE)
    assert tell(coach, 0.0, 0.2, sag="fault") == []
    assert tell(coach, 0.25, 5.0) == []
    assert tell(coach, 5.3, 0.2, sag="fault") == []


def test_unknown_is_never_cued() -> None:
    assert tell(Coach(EXERCISE), 0.0, 20.0, sag="unknown", small="unknown", head="ok") == []


def test_the_most_important_fault_comes_first_and_the_others_in_their_turn() -> None:
    cues = tell(Coach(EXERCISE), 0.0, 7.9, small="fault", sag="fault", head="fault")
    assert [cue.check for _, cue in cues] == ["sag", "head", "small"]
    gaps = [after - before for (before, _), (after, _) in itertools.pairwise(cues)]
    assert gaps == pytest.approx([2.5, 2.5], abs=0.05)


def test_the_same_cue_is_not_repeated_too_soon() -> None:
    cues = tell(Coach(EXERCISE), 0.0, 20.0, sag="fault")
    assert len(cues) == 3
    assert cues[1][0] - cues[0][0] == pytest.approx(8.0, abs=0.05)


def test_a_fault_of_a_finished_rep_is_cued_once_after_it() -> None:
    cues = tell(Coach(EXERCISE), 0.0, 20.0, ended=(Verdict("head", "fault", -1.0), Verdict("sag", "ok", 0.0)))
    assert [cue.check for _, cue in cues] == ["head"]


def test_what_was_cued_and_then_corrected_is_praised_once() -> None:
    coach = Coach(EXERCISE)
    tell(coach, 0.0, 1.0, sag="fault")
    cues = tell(coach, 1.1, 15.0, sag="ok")
    assert [cue for _, cue in cues] == [Cue("sag", "Good line", "praise")]


def test_praise_comes_when_it_was_right_for_six_tenths_of_a_second() -> None:
    coach = Coach(EXERCISE)
    tell(coach, 0.0, 1.0, sag="fault")
    ((t_s, _),) = tell(coach, 4.0, 5.0, sag="ok")
    assert t_s == pytest.approx(4.6, abs=0.05)


@pytest.mark.parametrize(("right_from_s", "praised"), [(13.0, 1), (14.2, 0)])
def test_praise_is_for_what_is_mended_within_fourteen_seconds(right_from_s: float, praised: int) -> None:
    coach = Coach(EXERCISE)
    tell(coach, 0.0, 1.0, sag="fault")
    tell(coach, 1.1, right_from_s - 1.2, sag="unknown")
    assert len(tell(coach, right_from_s, 3.0, sag="ok")) == praised


def test_a_rep_without_the_fault_is_praised_too() -> None:
    coach = Coach(EXERCISE)
    tell(coach, 0.0, 0.1, ended=(Verdict("head", "fault", -1.0),))
    cues = tell(coach, 4.0, 1.0, ended=(Verdict("head", "ok", 0.0),))
    assert [cue.kind for _, cue in cues] == ["praise"]


def test_a_fault_that_is_only_out_of_sight_is_not_praised() -> None:
    coach = Coach(EXERCISE)
    tell(coach, 0.0, 1.0, sag="fault")
    assert tell(coach, 1.1, 10.0, sag="unknown") == []


def test_nothing_to_say_without_faults() -> None:
    assert tell(Coach(EXERCISE), 0.0, 30.0, sag="ok", head="ok", small="ok") == []
