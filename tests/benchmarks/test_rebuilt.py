"""An earlier program beside this one: what of their reports is compared, and what is told of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.rebuilt import Answer, answer_of, main

SAGGING = {"id": "hips_sagging", "value": 1.0}


def report(reps: int = 0, faulty: int = 0, held_s: float = 0.0, attempts: tuple[str, ...] = ()) -> dict[str, Any]:
    """A report.json, as far as it is read here."""
    items = [{"faults": [SAGGING] if number < faulty else []} for number in range(reps)]
    return {
        "reps": {"count": reps, "items": items, "attempts": [{"reason": reason} for reason in attempts]},
        "holds": {"total_s": held_s, "items": []},
    }


def test_an_answer_is_count_time_faults_and_what_was_not_counted() -> None:
    answer = answer_of(report(3, 2, attempts=("too small",)))
    assert answer == Answer(3, 0.0, (("hips_sagging", 2),), ("too small",))
    assert answer.words == "3 reps; hips_sagging in 2; not counted: too small"
    assert answer_of(report()).words == "nothing"


@pytest.mark.parametrize(("held_s", "alike"), [(10.25, True), (10.35, False)])
def test_held_seconds_are_the_same_within_three_tenths(held_s: float, alike: bool) -> None:
    assert answer_of(report(held_s=10.0)).is_like(answer_of(report(held_s=held_s))) == alike


def test_what_differs_is_a_row_and_each_folder_has_its_sums(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, kept = tmp_path / "cast", tmp_path / "kept"
    clips = [{"clip": f"{name}_good.mp4", "exercise": "push_up", "reps": 4, "faults": []} for name in ("one", "two")]
    folder.mkdir()
    (folder / "truth.json").write_text(json.dumps(clips))
    for when, counted in (("before", {"one": 3, "two": 4}), ("now", {"one": 4, "two": 4})):
        (kept / when / "cast").mkdir(parents=True)
        for name, reps in counted.items():
            (kept / when / "cast" / f"{name}_good.json").write_text(json.dumps(report(reps, faulty=reps - 3)))
    assert main([str(tmp_path), str(folder), "--kept", str(kept)]) == 0
    assert capsys.readouterr().out.splitlines()[2:] == [
        "| cast/one_good | 4 reps | 3 reps | 4 reps; hips_sagging in 1 |",
        "| cast: 2 clips | | 1 counted and timed right, 1 faults invented | 2 counted and timed right, 2 faults invented |",
    ]
