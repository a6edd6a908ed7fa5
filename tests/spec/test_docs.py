"""The author's guide: its example works, and it names the whole vocabulary."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from posturecam.spec.measures import BODY_PARTS, MEASURE_KEYS, SIDES, Axis
from posturecam.spec.schema import Check, HoldRule, Reps
from tests.spec.files import load_text

GUIDE = (Path(__file__).parents[2] / "docs" / "writing_an_exercise.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


def test_the_worked_example_is_right_and_without_warnings(tmp_path: Path) -> None:
    spec = load_text(tmp_path, EXAMPLES[0])
    assert (spec.default.id, spec.warnings) == ("calf_raise", ())


def test_the_guide_names_the_whole_vocabulary() -> None:
    words = set(re.findall(r"[a-z_]+", GUIDE))
    keys = {info.alias or name for model in (Check, HoldRule, Reps) for name, info in model.model_fields.items()}
    assert {*MEASURE_KEYS, *BODY_PARTS, *SIDES, *get_args(Axis), *keys} - words == set()
