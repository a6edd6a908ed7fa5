"""The linter: advice on a file that is right but may serve badly."""

from __future__ import annotations

from pathlib import Path

import pytest

from posturecam.errors import SpecError
from tests.spec.files import COUNTED, HELD, changed, load_text


def warnings_of(folder: Path, text: str) -> list[str]:
    return [line.removeprefix(f"{folder}/spec.yaml:") for line in load_text(folder, text).warnings]


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        (
            ('fault: "> 100"', 'fault: "> 93"'),
            "24: checks.elbow_wide.fault: the band between ok and fault (3) is narrower",
        ),
        (
            ('fault: "< -0.1"', 'fault: "< -0.03"'),
            "34: checks.hand_low.fault: the band between ok and fault (0.03) is narrower",
        ),
        (('fault: "< -0.1"', 'fault: "< -0.03"'), "narrower than the measuring error (0.04)"),
        (("severity: major", "severity: minor"), "18: checks: no check is major"),
        (
            ("cue: Raise your hand", "cue: bend further"),
            "35: checks.hand_low.cue: the cue 'bend further' is also that of",
        ),
        (("min_range: 25", "min_range: 9"), "17: reps.min_range: under twice the measuring error (5)"),
        (("steps: [Pull, Return]", "steps: []"), "9: steps: empty: nobody is told how"),
        (("min_range: 25", "min_range: 300"), "17: reps.min_range: 300 is more than a body moves (180 at most)"),
        (
            (
                "from: high, min_range: 25",
                "from: middle, cycle: true, neutral: 90, ends: {pull: low, push: high}, min_range: 25",
            ),
            "22: checks.elbow_wide.at: which end? both are judged by the same limits; add 'end: pull or push'",
        ),
        (
            ("view: [side]", "view: [side, front]"),
            "19: checks.elbow_wide: measure 'elbow' has near. or far. points, which a front view does not tell apart",
        ),
        ((", advice: To your side.", ""), "6: camera: no advice"),
        (("source: ours\nsteps", "source: ''\nsteps"), "8: source: no source"),
        (
            ("advice: Raise the hand.\n    source: ours", "advice: Raise the hand."),
            "29: checks.hand_low: no source: say where",
        ),
        (("    advice: Raise the hand.\n", ""), "29: checks.hand_low: no advice"),
        (("setup:\n", "  spare: {change: hand}\nsetup:\n"), "14: measures.spare: measure 'spare' is not used"),
        (('position: {lean: "<= 20"}', "position: {}"), "15: setup.position: empty: everything in front of the camera"),
    ],
)
def test_what_may_serve_badly_is_said_with_its_line(tmp_path: Path, change: tuple[str, str], warning: str) -> None:
    found = warnings_of(tmp_path, changed(COUNTED, change))
    assert any(warning in line for line in found), found


def test_a_stated_error_of_the_measure_counts_instead_of_the_usual_one(tmp_path: Path) -> None:
    narrow = changed(HELD, ('fault: "> 14"', 'fault: "> 11"'))
    assert len(warnings_of(tmp_path, narrow)) == 1
    known = changed(narrow, ("from: vertical", "from: vertical, error: 2"))
    assert warnings_of(tmp_path, known) == []


def test_a_check_that_is_not_judged_needs_no_band(tmp_path: Path) -> None:
    text = changed(COUNTED, ('fault: "> 100"', 'fault: "> 93"\n    judged: false'))
    assert warnings_of(tmp_path, text) == []


def test_a_measure_that_only_one_variant_uses_is_used(tmp_path: Path) -> None:
    text = COUNTED + "variants:\n  band: {}\n  cable: {checks: {hand_low: null}}\n"
    assert warnings_of(tmp_path, text) == []


@pytest.mark.parametrize("given", ["> 100", ">100", ">= 20"])
def test_a_range_without_quotes_is_told_to_be_quoted(tmp_path: Path, given: str) -> None:
    with pytest.raises(SpecError, match='put the range in quotes: fault: "') as refused:
        load_text(tmp_path, COUNTED.replace('fault: "> 100"', f"fault: {given}"))
    assert "spec.yaml:24:" in str(refused.value)


def test_keys_of_older_files_are_skipped_with_a_warning(tmp_path: Path) -> None:
    older = changed(
        COUNTED,
        ("  for: 0.8\n", '  for: 0.8\n  start: {elbow: ">= 140"}\n'),
        ("min_range: 25", "min_range: 25, min_seconds: 0.6"),
    )
    variant = "variants:\n  band: {}\n  cable: {setup: {start: {elbow: null}}}\n"
    assert [line.split(":", 2)[0] + line.split(":", 2)[1] for line in warnings_of(tmp_path, older + variant)] == [
        "17 setup.start",
        "18 reps.min_seconds",
        "41 variants.cable.setup.start",
    ]
    held = changed(HELD, ("hold:\n", "hold:\n  settling: [hands]\n"))
    assert "hold.settling: no longer used" in warnings_of(tmp_path, held)[0]
    assert load_text(tmp_path, older).default == load_text(tmp_path, COUNTED).default


def test_a_broken_old_key_is_skipped_as_well(tmp_path: Path) -> None:
    assert load_text(tmp_path, changed(COUNTED, ("  for: 0.8\n", "  for: 0.8\n  start: [1, {a: b}]\n"))).warnings
