"""Programmes: turned over, left and resumed, shortened for today, chosen without ids."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from posturecam.app.choices import choices, picked
from posturecam.app.live import LiveSource, RestWish
from posturecam.app.live_steps import Step, one_exercise, programme, shortened
from posturecam.app.memory import Last, recall, remember
from posturecam.cli.choosing import equipment_of, resumed
from posturecam.errors import CallError
from posturecam.spec.catalogue import demonstration, shipped_specs
from posturecam.spec.digest import exercise_digest
from posturecam.store import SessionStore
from tests.app.test_live import Page, pushing, run_of

STEPS = [replace(one_exercise("push_up").steps[0], rest_s=0.0)] * 4


@dataclass
class Wishing(Page):
    """A stage on which the person turns the programme over before each exercise."""

    wishes: list[RestWish] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)

    def demonstrate(self, step: Step, source: LiveSource, *, number: int, of: int) -> RestWish:
        self.seen.append(number)
        return self.wishes.pop(0) if self.wishes else "stop"


def turned(*wishes: RestWish, first: int = 0) -> tuple[list[int], int]:
    """Which exercises were shown, and which one is due at the end."""
    run = run_of(*pushing(1), None, stage=Wishing(wishes=list(wishes)), countdown_s=1.0, at=first)
    run.run(STEPS)
    assert isinstance(run.stage, Wishing)
    return run.stage.seen, run.at


def test_next_back_and_end() -> None:
    assert turned("next", "next", "back", "stop") == ([0, 1, 2, 1], 1)


def test_back_before_the_first_stays_there() -> None:
    assert turned("back", "back", "stop") == ([0, 0, 0], 0)


def test_it_goes_on_where_it_was_left() -> None:
    assert turned("next", "stop", first=2) == ([2, 3], 3)


def test_next_after_the_last_ends_it() -> None:
    assert turned("next", first=3) == ([3], 4)


def test_what_was_done_last_is_remembered(tmp_path: Path) -> None:
    store = SessionStore(tmp_path / "sessions")
    assert recall(store) is None
    (tmp_path / "sessions").mkdir()
    last = Last(programme="upper_back_relief", minutes=10, without=("band",), at=4, of=9)
    remember(store, last)
    assert recall(store) == last
    assert resumed(recall(store), None) == last


@pytest.mark.parametrize("content", ["", "[]", '{"at": "x"}', '{"programme": 3}', '{"unknown": 1}', '{"without": 5}'])
def test_a_damaged_memory_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "last.json").write_text(content)
    assert recall(SessionStore(tmp_path / "sessions")) is None


def test_there_may_be_nothing_to_resume() -> None:
    for last in (None, Last(exercise="push_up"), Last(programme="upper_back_relief", at=9, of=9)):
        with pytest.raises(CallError, match="no programme that was ended early"):
            resumed(last, None)


@pytest.mark.parametrize("minutes", [5, 10, 20, 40])
def test_a_programme_for_so_many_minutes(minutes: int) -> None:
    whole = programme("upper_back_relief")
    short = programme("upper_back_relief", minutes=minutes, without=("band", "roller"))
    assert short.seconds <= minutes * 60
    assert not {"band", "roller"} & set(short.equipment)
    names = [step.spec for step in whole.steps]
    order = [names.index(step.spec) for step in short.steps]
    assert order == sorted(order)
    assert (short.steps[0].spec, short.steps[-1].spec) == (names[0], names[-1])


def test_one_step_is_left_however_short_the_time_is() -> None:
    assert len(shortened(STEPS, 1.0)) == 1


def test_the_list_offers_everything_and_the_last_first() -> None:
    listed = choices(None)
    assert len(listed) == 1 + sum(len(spec.exercises) for spec in shipped_specs().values())
    again = choices(Last(exercise="plank", variant="forearm"))[0]
    assert again.title == "Again: Plank, on the forearms"
    going_on = choices(Last(programme="upper_back_relief", at=4, of=19))[0]
    assert (going_on.title, going_on.remark) == ("Go on: Upper back relief", "at 5 of 19")


@pytest.mark.parametrize(
    ("answer", "exercise"),
    [
        ("2", "cat_cow"),
        ("chin tuck", "chin_tuck"),
        ("cat-cow", "cat_cow"),
        ("plank", None),
        ("99", None),
        ("zzz", None),
    ],
)
def test_an_answer_is_a_number_or_part_of_one_name(answer: str, exercise: str | None) -> None:
    found = picked(answer, choices(None))
    assert (found.last.exercise if found else None) == exercise


def test_equipment_is_named_as_people_name_it() -> None:
    assert equipment_of("Bands, roller,dumbbell") == ("band", "roller", "dumbbells")
    with pytest.raises(CallError, match="'rope' is not known"):
        equipment_of("rope")


def test_every_exercise_has_a_demonstration_and_all_are_small() -> None:
    films = [
        demonstration(exercise.id, exercise.variant)
        for spec in shipped_specs().values()
        for exercise in spec.exercises.values()
    ]
    assert None not in films
    assert sum(film.stat().st_size for film in films if film) < 2_000_000
    assert demonstration("../../secret", None) is None


def test_what_is_needed_changes_no_verdict() -> None:
    exercise = one_exercise("standing_row").steps[0].exercise
    assert exercise_digest(exercise) == exercise_digest(exercise.model_copy(update={"equipment": ()}))
