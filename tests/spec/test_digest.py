"""The fingerprints of an exercise: one of what judges, one of every word."""

from __future__ import annotations

from typing import Any

import pytest

from posturecam.spec.digest import exercise_digest, whole_digest
from posturecam.spec.schema import Check, Exercise
from tests import specs

WORDS = {
    "name": "Hips hang down",
    "whether": "your hips sag",
    "cue": "Hips up",
    "advice": "Tighten.",
    "praise": "Well done",
    "source": "A book",
}


def with_check(**changes: Any) -> Exercise:
    return specs.exercise(checks={"sagging": specs.check(**changes)})


def measured(**changes: Any) -> Exercise:
    measures = specs.exercise().model_dump(by_alias=True, exclude_unset=True)["measures"]
    return specs.exercise(measures={**measures, "elbow": specs.ELBOW | changes})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *((with_check(), with_check(**{key: text})) for key, text in WORDS.items()),
        *(
            (specs.exercise(), specs.exercise(**{key: value}))
            for key, value in {
                "name": "Another name",
                "variant_name": "On the knees",
                "category": "mobilise",
                "muscles": ["triceps"],
                "dose": {"reps": 12},
                "source": "A book",
                "steps": ["Lie down."],
                "equipment": ["band"],
                "camera": {"view": ["side"], "advice": "At hip height."},
            }.items()
        ),
        (measured(), measured(label="Elbow bend")),
    ],
)
def test_words_change_no_judgement(before: Exercise, after: Exercise) -> None:
    assert exercise_digest(after) == exercise_digest(before)
    assert whole_digest(after) != whole_digest(before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *(
            (with_check(), with_check(**changes))
            for changes in (
                {"ok": ">= -0.11"},
                {"fault": "< -0.16"},
                {"for": 0.6},
                {"severity": "minor"},
                {"view": "side"},
                {"judged": False},
                {"when": {"elbow": "<= 120"}},
            )
        ),
        *(
            (specs.exercise(), specs.exercise(**changes))
            for changes in (
                {"id": "other_move"},
                {"variant": "knee"},
                {"position": "supine"},
                {"camera": {"view": ["side", "front"]}},
                {"setup": {"position": specs.LYING, "for": 0.6}},
                {"reps": specs.reps(min_range=26)},
                {"reps": specs.reps(max_seconds=21)},
            )
        ),
        (measured(), measured(error=3)),
        (specs.holding(), specs.holding(hold={"while": {"trunk_tilt": "55..110"}})),
    ],
)
def test_whatever_judges_is_part_of_it(before: Exercise, after: Exercise) -> None:
    assert exercise_digest(after) != exercise_digest(before)


def test_a_new_field_of_the_language_is_placed_on_one_side_or_the_other() -> None:
    """A field added to the language counts as judging until it is listed in ``posturecam.spec.digest``."""
    words = {"name", "variant_name", "category", "muscles", "dose", "source", "steps", "equipment"}
    judging = {"id", "variant", "position", "camera", "measures", "setup", "reps", "hold", "checks"}
    assert set(Exercise.model_fields) == words | judging
    checking = {"measure", "tempo", "at", "end", "during", "take", "lasting_s", "when", "view", "ok", "fault"}
    assert set(Check.model_fields) == set(WORDS) | checking | {"severity", "judged"}
