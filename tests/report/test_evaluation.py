"""Reports against the truth of labelled clips: what counts as right, off, found, missed and invented."""

from __future__ import annotations

import pytest

from posturecam.judging.analyzer import Analyzer
from posturecam.model import SourceInfo
from posturecam.report.build import build_report, make_provenance
from posturecam.report.evaluation import Truth, compare, summed_up
from posturecam.report.types import Report
from posturecam.spec.catalogue import load_exercise
from tests.builders import HEIGHT, WIDTH
from tests.stored import WHEN, push_ups


@pytest.fixture(scope="module")
def report() -> Report:
    """Four push-ups, the third one shallow."""
    exercise = load_exercise("push_up")
    analyzer = Analyzer(exercise)
    rows = push_ups()
    for t_s, pose in rows:
        analyzer.update(t_s, pose)
    info = SourceInfo("clip.mp4", WIDTH, HEIGHT, 30.0, rows[-1][0], len(rows))
    report = build_report(exercise, analyzer.finish(), info, make_provenance(), created=WHEN)
    assert (report.reps.count, {fault.id for fault in report.faults}) == (4, set())
    return report


def with_fault(report: Report, fault: str, severity: str = "major") -> Report:
    entry = {
        "id": fault, "name": fault, "severity": severity, "cue": "", "advice": "", "reps": [3],
        "seconds": 0.0, "share": 0.25, "unit": "degrees",
    }  # fmt: skip
    data = report.model_dump(by_alias=True, mode="json")
    return Report.model_validate({**data, "faults": [entry]})


def truth(**known: object) -> Truth:
    return Truth.model_validate({"clip": "clip.mp4", "exercise": "push_up", **known})


@pytest.mark.parametrize(("reps", "error"), [(4, 0), (3, 1), (6, -2), (None, None)])
def test_the_count_is_compared_where_it_is_known(report: Report, reps: int | None, error: int | None) -> None:
    assert compare(truth(reps=reps), report).rep_error == error


def test_in_a_clip_of_nothing_every_rep_is_one_too_many(report: Report) -> None:
    evidence = compare(truth(exercise=None), report)
    assert (evidence.negative, evidence.counted, evidence.rep_error) == (True, 4, 4)
    row = summed_up("all", [evidence])
    assert (row.clips, row.exact, row.negatives, row.negatives_counted) == (0, None, 1, 1)


@pytest.mark.parametrize(
    ("expected", "found", "missed", "invented"),
    [
        (None, (), (), ()),  # not known, so nothing is scored
        ([], (), (), ("hips_sagging",)),
        (["hips_sagging"], ("hips_sagging",), (), ()),
        (["hips_piked"], (), ("hips_piked",), ("hips_sagging",)),
    ],
)
def test_faults_are_found_missed_or_invented(
    report: Report,
    expected: list[str] | None,
    found: tuple[str, ...],
    missed: tuple[str, ...],
    invented: tuple[str, ...],
) -> None:
    evidence = compare(truth(faults=expected), with_fault(report, "hips_sagging"))
    assert (evidence.found, evidence.missed, evidence.invented) == (found, missed, invented)


def test_a_good_clip_with_an_invented_major_fault_is_counted_as_such(report: Report) -> None:
    graded = [compare(truth(faults=[]), with_fault(report, "hips_sagging", grade)) for grade in ("major", "minor")]
    row = summed_up("push_up", graded)
    assert (row.good_with_major, row.invented, row.precision, row.recall) == (1, 2, 0.0, None)


def test_the_rates_of_several_clips(report: Report) -> None:
    sagging = with_fault(report, "hips_sagging")
    known = [
        (truth(reps=4, faults=["hips_sagging"]), sagging),
        (truth(reps=3, faults=["hips_sagging", "head_dropping"]), sagging),
        (truth(reps=7, faults=[]), sagging),
        (truth(), report),
    ]
    row = summed_up("push_up", [compare(*pair) for pair in known])
    assert (row.clips, row.exact, row.off_by_one) == (4, pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert row.mean_error == pytest.approx(4 / 3)
    assert (row.found, row.missed, row.invented) == (2, 1, 1)
    assert (row.recall, row.precision) == (pytest.approx(2 / 3), pytest.approx(2 / 3))


def test_held_seconds_are_compared_per_hold(report: Report) -> None:
    data = report.model_dump(by_alias=True, mode="json")
    data.update(kind="hold", holds={**data["holds"], "total_s": 21.0})
    held = Report.model_validate(data)
    known = truth(exercise="plank", hold_intervals_s=[(1, 11), (15, 25)])
    assert compare(known, held).hold_error_s == pytest.approx(0.5)
    assert compare(truth(exercise="plank"), held).hold_error_s is None
