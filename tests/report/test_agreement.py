"""Agreement is Cohen's kappa, of raters whose kappa is known."""

from __future__ import annotations

import pytest

from posturecam.errors import CallError
from posturecam.report.agreement import PROGRAM, agreements, said_correct
from posturecam.report.evaluation import Truth


def rater(answers: list[bool], reps: list[int | None] | None = None) -> list[Truth]:
    return [
        Truth(clip=f"{index}.mp4", exercise="push_up", faults=[] if correct else ["hips_sagging"], reps=count)
        for index, (correct, count) in enumerate(zip(answers, reps or [None] * len(answers), strict=True))
    ]


# the textbook's fifty cases: 20 both yes, 5 only the first, 10 only the second, 15 both no; 0.7 agreed, 0.5 by chance
ANA = [True] * 25 + [False] * 25
BEN = [True] * 20 + [False] * 5 + [True] * 10 + [False] * 15


def test_three_raters_of_known_kappa() -> None:
    found = agreements({"ana": rater(ANA), "ben": rater(BEN), "carla": rater([not said for said in ANA])})
    by_pair = {(pair.first, pair.second): pair for pair in found.pairs}
    assert by_pair["ana", "ben"].kappa == pytest.approx(0.4)
    assert by_pair["ana", "ben"].agreed == pytest.approx(0.7)
    assert by_pair["ana", "ben"].confusion == ((20, 5), (10, 15))
    assert by_pair["ana", "ben"].fault_kappa == pytest.approx(0.4)
    assert by_pair["ana", "carla"].kappa == pytest.approx(-1.0)
    assert by_pair["ben", "carla"].kappa == pytest.approx(-0.4)
    assert found.among_raters == pytest.approx((0.4 - 1.0 - 0.4) / 3)
    assert found.with_program is None


def test_the_program_is_told_apart_from_the_raters() -> None:
    found = agreements({"ana": rater(ANA), "ben": rater(BEN), PROGRAM: rater(ANA)})
    assert found.among_raters == pytest.approx(0.4)
    assert found.with_program == pytest.approx((1.0 + 0.4) / 2)


def test_counts_agree_exactly_or_but_for_one_where_both_counted() -> None:
    answers = [True, True, False, False]
    (pair,) = agreements({"ana": rater(answers, [5, 5, 5, None]), "ben": rater(answers, [5, 6, 8, 4])}).pairs
    assert (pair.counted, pair.exact, pair.off_by_one) == (3, pytest.approx(1 / 3), pytest.approx(2 / 3))


def test_kappa_is_not_defined_where_everybody_always_says_the_same() -> None:
    (pair,) = agreements({"ana": rater([True] * 5), "ben": rater([True] * 5)}).pairs
    assert (pair.kappa, pair.agreed) == (None, 1.0)


def test_clips_that_only_one_rated_are_left_out() -> None:
    (pair,) = agreements({"ana": rater([True, False, True]), "ben": rater([True, False])}).pairs
    assert (pair.clips, pair.kappa) == (2, 1.0)


def test_a_label_comes_before_faults_and_null_is_no_answer() -> None:
    assert said_correct(Truth(clip="a", label="correct", faults=["hips_sagging"])) is True
    assert said_correct(Truth(clip="a", label="wrong", faults=[])) is False
    assert said_correct(Truth(clip="a")) is None


def test_one_rater_or_a_clip_rated_twice_is_refused() -> None:
    with pytest.raises(CallError, match="two raters"):
        agreements({"ana": rater([True])})
    with pytest.raises(CallError, match="ben rates a clip twice"):
        agreements({"ana": rater([True]), "ben": [*rater([True]), *rater([True])]})
