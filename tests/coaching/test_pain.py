"""Asking for pain: keys choose and can be corrected, 1 and 0 are ten, S and silence say nothing."""

from __future__ import annotations

import pytest

from posturecam.coaching.pain import PainAnswer


def answered(*keys: tuple[float, str], until_s: float = 100.0) -> int | None:
    answer = PainAnswer(0.0)
    for t_s, key in keys:
        assert not answer.passed(t_s)
        answer.press(key, t_s)
    assert answer.passed(until_s)
    return answer.score


@pytest.mark.parametrize("number", range(10))
def test_a_digit_is_the_answer_once_nothing_follows(number: int) -> None:
    answer = PainAnswer(0.0)
    answer.press(str(number), 3.0)
    assert not answer.passed(4.9)
    assert answer.passed(5.1)
    assert answer.score == number


def test_one_and_then_nought_is_ten() -> None:
    assert answered((3.0, "1"), (4.0, "0")) == 10


def test_another_digit_corrects_the_first_and_nought_alone_is_none() -> None:
    assert answered((3.0, "7"), (4.0, "2")) == 2
    assert answered((3.0, "2"), (4.0, "0")) == 0


def test_space_and_enter_take_what_is_chosen_at_once() -> None:
    assert answered((3.0, "4"), (3.2, "space"), until_s=3.2) == 4
    assert answered((3.0, "enter"), until_s=3.0) is None


def test_s_says_nothing_even_after_a_digit() -> None:
    assert answered((3.0, "4"), (3.5, "s"), until_s=3.5) is None


def test_doing_nothing_says_nothing_after_a_while() -> None:
    answer = PainAnswer(0.0)
    assert not answer.passed(19.9)
    assert answer.passed(20.1)
    assert answer.score is None


def test_other_keys_and_what_comes_too_late_mean_nothing() -> None:
    answer = PainAnswer(0.0)
    answer.press("x", 1.0)
    answer.press("٣", 1.0)
    assert answer.score is None
    answer.press("3", 1.0)
    answer.press("enter", 1.1)
    answer.press("9", 1.2)
    assert answer.score == 3
