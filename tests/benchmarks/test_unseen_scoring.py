"""What the unseen casts' score says: exact counts, held seconds, faults found and invented, and what is left out."""

import pytest

from benchmarks.unseen.scoring import compare, figures, tables

ROW = {
    "clip": "a.mp4",
    "exercise": "push_up",
    "variant": "floor",
    "reps": 4,
    "left_reps": None,
    "right_reps": None,
    "hold_intervals_s": [],
    "faults": [],
    "open_faults": [],
    "conditions": ["turned=40", "blur"],
}


def report(count=4, left=None, right=None, faults=(), held=0.0, kind="reps"):
    return {
        "kind": kind,
        "exercise": "push_up",
        "variant": "floor",
        "tracking": {"judged": 0.9},
        "reps": {"count": count, "left": left, "right": right},
        "holds": {"total_s": held, "items": []},
        "faults": [{"id": name, "severity": severity} for name, severity in faults],
        "unknown": [],
    }


def test_clip_is_named_by_exercise_variant_and_mechanisms():
    one = compare(ROW, report())
    assert (one.exercise, one.mechanisms, one.rep_error) == ("push_up/floor", ("turned", "blur"), 0)


def test_the_worst_of_total_and_sides_is_the_error():
    row = ROW | {"left_reps": 2, "right_reps": 2}
    assert compare(row, report(4, left=3, right=1)).rep_error in (1, -1)
    assert compare(row, report(6, left=3, right=3)).rep_error == 2


@pytest.mark.parametrize(("held", "right"), [(9.6, True), (10.4, True), (9.3, False), (11.0, False)])
def test_hold_is_right_within_half_a_second(held, right):
    row = ROW | {"reps": None, "hold_intervals_s": [[1.0, 11.0]] if held < 20 else []}
    assert compare(row, report(kind="hold", held=held)).hold_right is right


def test_hold_is_right_within_five_percent_of_a_long_one():
    row = ROW | {"reps": None, "hold_intervals_s": [[0.0, 40.0]]}
    assert compare(row, report(kind="hold", held=38.2)).hold_right is True
    assert compare(row, report(kind="hold", held=37.5)).hold_right is False


def test_a_fault_that_is_open_is_neither_found_nor_invented():
    row = ROW | {"faults": ["hips_sagging"], "open_faults": ["not_low_enough"]}
    one = compare(row, report(faults=[("not_low_enough", "major"), ("too_fast", "minor")]))
    assert (one.found, one.missed, one.invented) == ((), ("hips_sagging",), ("too_fast",))


def test_a_major_fault_of_a_good_clip_is_told():
    assert compare(ROW, report(faults=[("hips_sagging", "major")])).good_major
    assert not compare(ROW, report(faults=[("too_fast", "minor")])).good_major
    assert not compare(ROW | {"faults": ["too_fast"]}, report(faults=[("hips_sagging", "major")])).good_major


def test_figures_are_shares_of_what_can_be_said():
    some = [
        compare(ROW, report(4)),
        compare(ROW, report(5, faults=[("too_fast", "minor")])),
        compare(ROW | {"faults": ["too_fast"]}, report(1, faults=[("too_fast", "minor")])),
        compare(ROW | {"faults": ["too_fast"]}, report(4)),
    ]
    got = figures(some)
    assert (got["exact"], got["off by 1"], got["recall"], got["precision"]) == (0.5, 0.75, 0.5, 0.5)
    assert got["holds"] is None


def test_tuned_casts_stand_beside_with_the_difference():
    fresh, tuned = [compare(ROW, report(5))], [compare(ROW, report(4))]
    lines = tables(fresh, tuned)
    assert "0.00 (1.00, -1.00)" in lines[3]
    assert any(line.startswith("| blur |") for line in lines)
    assert any(line.startswith("| push_up/floor |") for line in lines)
