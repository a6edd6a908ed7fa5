"""Loading: what is wrong with a file is said all at once, with the line, what was expected and what was found."""

from __future__ import annotations

from pathlib import Path

import pytest

from posturecam.errors import SpecError
from posturecam.spec.load import load_file
from tests.spec.files import COUNTED, HELD, changed, load_text, problems_of


@pytest.mark.parametrize("text", [COUNTED, HELD])
def test_a_right_file_has_no_problems_and_no_warnings(tmp_path: Path, text: str) -> None:
    spec = load_text(tmp_path, text)
    assert (spec.warnings, spec.variants, spec.default_variant) == ((), (), None)
    assert list(spec.exercises) == [None]


ONE_PROBLEM = [
    # what is changed, to what, and the problem that must be named
    (("id: squeeze", "id: Squeeze-2"), "1: id: expected a name of 2 to 41 lower-case letters"),
    (("category: strengthen", "category: strenghten"), "3: category: expected 'mobilise', 'strengthen' or 'stretch'"),
    (("category: strengthen", "category: strenghten"), "(did you mean 'strengthen'?)"),
    (("name: Squeeze\n", ""), "1: name: missing"),
    (("position: upright", "positon: upright"), "4: positon: unknown key (did you mean 'position'?)"),
    (("muscles: [trapezius]", "muscles: trapezius"), "5: muscles: expected a list, found 'trapezius'"),
    (("view: [side]", "view: [sid]"), "6: camera.view[0]: expected 'side' or 'front', found 'sid'"),
    (("view: [side]", "view: []"), "6: camera.view: expected at least 1 entries, found 0"),
    (("{reps: 8}", "{reps: 8.5}"), "7: dose.reps: expected a whole number, found the number 8.5"),
    (("{reps: 8}", "{reps: 0}"), "7: dose.reps: expected a number of at least 1, found the number 0"),
    (("{reps: 8}", "{reps: 8, seconds: 3}"), "7: dose: expected either reps or seconds"),
    (("{reps: 8}", "{seconds: 8}"), "7: dose: expected a dose in reps, since this exercise is counted"),
    (("near.elbow, near.wrist]", "near.elbw, near.wrist]"), "11: measures.elbow.angle[1]: expected a point of the body"),
    (("near.elbow, near.wrist]", "near.elbw, near.wrist]"), "(did you mean 'near.elbow'?)"),
    (("near.elbow, near.wrist]", "near.elbow]"), "11: measures.elbow.angle[2]: missing"),
    (("{angle: [", "{angel: ["), "11: measures.elbow: expected a measure with one of the keys angle, bend"),
    (("{angle: [", "{angel: ["), "found the keys angel (did you mean 'angle'?)"),
    (("from: vertical", "fron: vertical"), "12: measures.lean.fron: unknown key (did you mean 'from'?)"),
    (("along: up", "along: upp"), "13: measures.hand.along: expected 'up', 'down'"),
    (("along: up", "along: left"), "13: measures.hand.along: 'left' cannot be seen in a side view"),
    (("along: up", "along: camera"), "13: measures.hand.along: 'camera' is the one direction of a tilt in world space"),
    (('{lean: "<= 20"}', '{leen: "<= 20"}'), "15: setup.position.leen: expected a measure of this file (one of elbow, lean,"),
    (('{lean: "<= 20"}', '{leen: "<= 20"}'), "found 'leen' (did you mean 'lean'?)"),
    (('{lean: "<= 20"}', "{lean: 20}"), '15: setup.position.lean: expected a range such as ">= 140"'),
    (('{lean: "<= 20"}', '{lean: "20..10"}'), "the range's lower bound 20 is not under its upper bound 10"),
    (("from: high, min", "from: hihg, min"), "17: reps.from: expected 'high', 'low' or 'middle', found 'hihg'"),
    (("from: high, min", "from: high, neutral: 0, min"), "17: reps.neutral: only a movement 'from: middle' has a neutral value"),
    (("drive: elbow", "drive: elbo"), "17: reps.drive: expected a measure of this file"),
    (("min_range: 25", "min_range: -1"), "17: reps.min_range: expected a number over 0, found the number -1"),
    (("from: high, min", "from: middle, min"), "17: reps.from: 'from: middle' needs 'cycle: true' or 'sides: signed'"),
    (("from: high, min", "from: high, cycle: true, min"), "17: reps.cycle: a cycle needs its two ends named"),
    (("from: high, min", "from: high, sides: signed, min"), "expected 'middle', found 'high'"),
    (("from: high, min", "from: high, sides: active, min"), "17: reps.drive: with 'sides: active' the drive is measured"),
    (("from: high, min", "from: high, sides: measured, min"), "17: reps.side: 'side' names the measure whose sign tells"),
    (("from: high, min", "from: high, ends: {top: high}, min"), "17: reps.ends: expected two ends, one high and one low"),
    (("measure: elbow\n", "measure: elbo\n"), "21: checks.elbow_wide.measure: expected a measure of this file"),
    (("at: end", "at: end\n    during: rep"), "19: checks.elbow_wide: expected either at or during"),
    (("at: end", "during: hold"), "22: checks.elbow_wide.during: 'during: hold' needs an exercise that is held"),
    (("at: end", "at: middle"), "22: checks.elbow_wide.at: 'at: middle' needs a movement 'from: middle'"),
    (("at: end", "at: end\n    end: cat"), "23: checks.elbow_wide.end: this exercise names no ends under reps, found 'cat'"),
    (("at: end", "at: end\n    take: max"), "23: checks.elbow_wide.take: 'take' says how a stretch of time becomes one value"),
    (("at: end", "at: end\n    view: front"), "23: checks.elbow_wide.view: expected one of the exercise's views (side), found"),
    (('fault: "> 100"', 'fault: "> 80"'), "19: checks.elbow_wide: ok (<= 90) and fault (> 80) overlap"),
    (('fault: "> 100"', 'fault: "< 80"'), "19: checks.elbow_wide: ok (<= 90) and fault (< 80) overlap"),
    (('fault: "> 100"', 'fault: ">= 100"'), '19: checks.elbow_wide: expected ok as ">=", "<=" or "a..b" and fault as'),
    (("cue: Bend further", "cue: Bend both of your elbows further"), "26: checks.elbow_wide.cue: a cue is spoken: 5 words"),
    (("severity: major", "severity: 3"), "25: checks.elbow_wide.severity: expected 'major' or 'minor', found the number 3"),
    (("severity: major", "severity: major\n    colour: red"), "26: checks.elbow_wide.colour: unknown key"),
    (("at: end", "at: end\n    at: end"), "23: duplicate key 'at': it is already set in line 22"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "problem"), ONE_PROBLEM)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    found = problems_of(tmp_path, changed(COUNTED, change))
    assert any(problem in line for line in found), found


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            ("during: hold", "at: end"),
            "20: checks.leaning.at: 'at: end' is a moment of a rep, and this exercise is held",
        ),
        (("during: hold", "during: rep"), "20: checks.leaning.during: 'during: rep' is a part of a rep"),
        (
            ("measure: lean\n    during: hold", "tempo: up"),
            "19: checks.leaning.tempo: 'tempo: return' is a part of a rep",
        ),
        (("{seconds: 20}", "{reps: 20}"), "6: dose: expected a dose in seconds, since this exercise is held"),
        (
            ("[mid.hip, mid", "[near.hip, mid"),
            "10: measures.lean.tilt[0]: 'near.hip': near and far exist in a side view only",
        ),
        (
            ("left.wrist", "active.wrist"),
            "11: measures.hands.offset: 'active.wrist': active and passive exist in two-sided",
        ),
        (("along: up", "along: forward"), "11: measures.hands.along: 'forward' cannot be seen in a front view"),
        (
            ("hold:\n", "hold:\n  side: hand\n"),
            "15: hold.side: expected a measure of this file (one of lean, hands), found 'hand'",
        ),
        (('hold:\n  while: {lean: "<= 30", hands: "-1..1"}\n', ""), "1: expected either reps or hold"),
    ],
)
def test_a_mistake_in_a_held_exercise_is_named_with_its_line(
    tmp_path: Path, change: tuple[str, str], problem: str
) -> None:
    found = problems_of(tmp_path, changed(HELD, change))
    assert any(problem in line for line in found), found


@pytest.mark.parametrize(
    ("measures", "problem"),
    [
        ("loop: {change: loop}", "measures.loop.change: measure 'loop' is made from itself"),
        (
            "one: {change: two}\n  two: {ratio: one}",
            "measures.one.change: measure 'one' is made from itself (through 'two')",
        ),
        ("one: {combine: max, over: [elbow, one]}", "measures.one.over[1]: measure 'one' is made from itself"),
        ("one: {difference: [elbow, gone]}", "measures.one.difference[1]: expected a measure of this file"),
        (
            "mix: {difference: [elbow, hand]}",
            "measures.mix: expected measures of one unit, found elbow in degrees, hand in torso",
        ),
        (
            "size: {combine: abs, over: [elbow, lean]}",
            "measures.size.over: expected one measure under 'combine: abs', found 2",
        ),
    ],
)
def test_measures_of_measures_are_checked(tmp_path: Path, measures: str, problem: str) -> None:
    found = problems_of(tmp_path, changed(COUNTED, ("setup:\n", f"  {measures}\nsetup:\n")))
    assert any(problem in line for line in found), found


@pytest.mark.parametrize("kind", ["change: lean", "ratio: hand", "spine: flexion"])
def test_the_set_up_cannot_ask_for_what_is_learned_after_it(tmp_path: Path, kind: str) -> None:
    text = changed(COUNTED, ("setup:\n", f"  learned: {{{kind}}}\nsetup:\n"), ('{lean: "<= 20"}', '{learned: "<= 1"}'))
    assert any(
        "setup.position.learned: 'learned' is compared with the person at rest" in line
        for line in problems_of(tmp_path, text)
    )


def test_everything_wrong_is_said_at_once_also_when_types_are_wrong(tmp_path: Path) -> None:
    text = changed(
        COUNTED,
        ("id: squeeze", "id: 3"),
        ("near.elbow, near.wrist]", "near.elbow]"),
        ("measure: hand", "measure: hnd"),
        ("min_range: 25", "min_range: wide"),
        ("drive: elbow", "drive: elbow, from: high"),
    )
    found = problems_of(tmp_path, text)
    assert [line.split(":")[0] for line in found] == ["1", "11", "17", "17", "31"], found


def test_problems_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = changed(
        COUNTED, ("cue: Raise your hand", "cue: X"), ("category: strengthen", "category: x"), ("{reps: 8}", "{}")
    )
    lines = [int(line.split(":")[0]) for line in problems_of(tmp_path, text)]
    assert lines == sorted(lines)
    assert len(lines) == 3


def test_the_message_leads_with_the_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("id: mine\n")
    with pytest.raises(SpecError) as caught:
        load_file(path)
    assert all(problem.startswith(f"{path}:1: ") for problem in caught.value.problems)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("word", ["on", "yes", "12:30", "2024-01-01", "1_000", "0x10"])
def test_plain_words_stay_words(tmp_path: Path, word: str) -> None:
    """YAML 1.1 would make these booleans, base-60 numbers and dates."""
    spec = load_text(tmp_path, changed(COUNTED, ("muscles: [trapezius]", f"muscles: [{word}]")))
    assert spec.default.muscles == (word,)
