"""The report says what the session came to, and no more than a physiotherapist would bring up."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from posturecam.model import Attempt, Doubt, SourceInfo, Tracking
from posturecam.report import types
from posturecam.report.presentation import present
from posturecam.report.types import Report
from tests import builders_report as make


def fault_ids(report: Report) -> list[str]:
    return [fault.id for fault in report.faults]


def reps(total: int, faulty: int) -> list:
    return [make.make_rep(i, *([make.fault()] if i <= faulty else [])) for i in range(1, total + 1)]


@pytest.mark.parametrize(
    ("total", "faulty", "brought_up"),
    [
        (1, 1, True),
        (3, 1, True),
        (4, 1, False),
        (4, 2, True),
        (6, 1, False),
        (6, 2, True),
        (9, 3, True),
        (10, 3, False),
    ],
)
def test_a_fault_is_brought_up_from_a_third_of_the_reps_or_one_of_fewer_than_four(
    total: int, faulty: int, brought_up: bool
) -> None:
    report = make.make_report(make.make_session(reps(total, faulty)))
    assert ("hips_sagging" in fault_ids(report)) is brought_up
    assert report.verdict == ("faults" if brought_up else "ok")


@pytest.mark.parametrize(("seconds", "brought_up"), [(3.9, False), (4.0, True), (9.0, True)])
def test_a_fault_is_brought_up_from_a_fifth_of_the_held_time(seconds: float, brought_up: bool) -> None:
    session = make.make_session(holds=[make.make_hold(0, 20, make.fault())], held_fault_s={"hips_sagging": seconds})
    report = make.make_report(session, make.plank())
    assert bool(report.faults) is brought_up
    if brought_up:
        assert report.faults[0].share == pytest.approx(seconds / 20)
        assert report.faults[0].seconds == pytest.approx(seconds)


def test_a_fault_names_its_reps_and_its_share() -> None:
    report = make.make_report()
    (fault,) = report.faults
    assert (fault.id, fault.name, fault.cue, fault.severity) == (
        "hips_sagging",
        "Hips sagging",
        "Lift your hips",
        "major",
    )
    assert fault.reps == [4, 5]
    assert fault.share == pytest.approx(0.4)


def test_major_faults_come_before_minor_ones_however_frequent() -> None:
    items = [make.make_rep(i, make.fault("too_fast", 0.3, 0.5), *([make.fault()] if i == 1 else [])) for i in (1, 2, 3)]
    assert fault_ids(make.make_report(make.make_session(items))) == ["hips_sagging", "too_fast"]


def test_a_rep_is_good_without_a_major_fault_and_unknown_when_nothing_could_be_judged() -> None:
    items = [
        make.make_rep(1),
        make.make_rep(2, make.fault("too_fast", 0.3, 0.5)),
        make.make_rep(3, make.fault()),
        make.make_rep(4, make.unclear(), score=None),
    ]
    report = make.make_report(make.make_session(items))
    assert [item.good for item in report.reps.items] == [True, True, False, None]
    assert (report.reps.count, report.reps.good) == (4, 2)
    assert report.reps.items[3].unknown[0].reason == "left hip hidden"


def test_sides_are_counted_only_where_the_exercise_has_them() -> None:
    items = [make.make_rep(1, side="left"), make.make_rep(2, side="right"), make.make_rep(3, side="left")]
    session = make.make_session(items)
    two = make.make_report(session, make.two_sided())
    assert (two.reps.left, two.reps.right) == (2, 1)
    one = make.make_report(make.make_session([make.make_rep(1)]))
    assert (one.reps.left, one.reps.right) == (None, None)


def test_nothing_is_ever_nan_or_infinite() -> None:
    trace = make.make_trace()
    hopeless = {"elbow": np.full(len(trace.t_s), math.nan), "hip_line": np.where(trace.t_s < 1, math.inf, math.nan)}
    broken = make.make_rep(1, make.fault(value=math.nan, limit=math.inf), range_from=math.nan, score=math.nan)
    session = make.make_session(
        [broken],
        trace=replace(trace, measures=hopeless, checks={}),
        tracking=Tracking(math.nan, 1.7, "side", True),
        score=math.nan,
        doubts=(Doubt("hips_sagging", "hidden", math.nan),),
    )
    text = make.make_report(session).to_json()

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} in the report")

    data = json.loads(text, parse_constant=refuse)
    assert data["reps"]["items"][0]["faults"][0]["value"] is None
    assert data["measures"] == {}


def test_measures_are_taken_from_the_time_in_position() -> None:
    trace = make.make_trace()
    stage = tuple("active" if t < 10 else "paused" for t in trace.t_s)
    elbow = np.where(trace.t_s < 10, 90.0, 10.0)
    session = make.make_session(
        [make.make_rep()], trace=replace(trace, stage=stage, measures={"elbow": elbow}, checks={})
    )
    summary = make.make_report(session).measures["elbow"]
    assert (summary.min, summary.median, summary.max) == (90.0, 90.0, 90.0)
    assert (summary.unit, summary.label) == ("degrees", "Elbow angle")


def test_a_picture_is_judged_by_its_one_frame() -> None:
    trace = make.make_trace(0.1, checks={"hips_sagging": [-1], "not_low_enough": [0]})
    still = SourceInfo("plank.jpg", 640, 480, frames=1, is_still=True)
    report = make.make_report(make.make_session(trace=trace), make.plank(), source=still)
    assert report.verdict == "faults"
    assert fault_ids(report) == ["hips_sagging"]


def test_without_a_score_the_verdict_is_unknown() -> None:
    report = make.make_report(make.make_session(tracking=Tracking(0.0, 0.0, "unknown", None)))
    assert report.verdict == "unknown"
    assert report.score is None
    assert "Nobody was seen" in report.summary


def test_attempts_and_doubts_are_listed_with_their_reasons() -> None:
    report = make.make_report()
    assert report.reps.attempts[0].reason == "moved 18 of the 25 degrees that count"
    assert (report.unknown[0].id, report.unknown[0].name) == ("not_low_enough", "Not low enough")
    assert report.unknown[0].share == pytest.approx(0.4)


def test_the_limits_used_are_written_down() -> None:
    limits = {check.id: (check.ok, check.fault, check.unit) for check in make.make_report().checks}
    assert limits["hips_sagging"] == (">= -0.06", "< -0.12", "torso")
    assert limits["too_fast"] == (">= 0.8", "< 0.5", "seconds")


def test_red_flags_and_disclaimer_are_part_of_every_report() -> None:
    report = make.make_report()
    assert any("Stop" in flag for flag in report.red_flags)
    assert any("lower back or down the legs" in flag for flag in report.red_flags)
    assert report.disclaimer.count("not a medical device") == 1


def test_the_same_session_gives_the_same_text() -> None:
    assert make.make_report().to_json() == make.make_report().to_json()


@pytest.mark.parametrize(
    ("session", "sentence"),
    [
        (
            make.make_session([make.make_rep(i) for i in (1, 2)]),
            "Both reps were good. Nothing stood out that needs work.",
        ),
        (make.make_session(reps(6, 3)), "3 of 6 reps were good. Work on: hips sagging (reps 1–3)."),
        (make.make_session(reps(2, 2)), "Neither of the 2 reps was good. Work on: hips sagging (reps 1–2)."),
        (
            make.make_session([make.make_rep(1, make.fault("too_fast", 0.3, 0.5))]),
            "The one rep had no major fault. Work on: too fast (rep 1).",
        ),
        (make.make_session(reps(1, 1)), "The one rep was not good. Work on: hips sagging (rep 1)."),
        (
            make.make_session(attempts=[Attempt(0, 1, "short")], score=None),
            "No reps were counted; 1 movement fell short of counting. Nothing could be judged.",
        ),
        (
            make.make_session(score=None, tracking=Tracking(1.0, 0.0, "front", False)),
            "No reps were counted. The camera stood where this exercise cannot be judged.",
        ),
    ],
)
def test_the_summary_says_it_in_plain_words(session, sentence: str) -> None:
    assert make.make_report(session).summary == sentence


def test_the_summary_of_holds() -> None:
    holds = [make.make_hold(0, 16), make.make_hold(20, 24.5, make.fault())]
    session = make.make_session(holds=holds, held_fault_s={"hips_sagging": 4.5})
    assert make.make_report(session, make.plank()).summary == (
        "Held for 20 s in 2 holds, the longest 16 s. Work on: hips sagging (4.5 s of the hold)."
    )


def test_the_provenance_names_the_installed_opencv_and_mediapipe() -> None:
    from importlib import metadata

    from posturecam.report.build import make_provenance

    packages = make_provenance().packages
    assert packages["opencv-python"] == metadata.version("opencv-python")
    assert packages["mediapipe"] == metadata.version("mediapipe")


def test_what_was_asked_for_in_this_session_stands_beside_what_was_done() -> None:
    asked = types.Dose(sets=1, reps=12, seconds=None)
    report = make.make_report(make.make_session(reps(2, 0)), dose=asked)
    assert report.dose.reps == 12
    figure = present(report).figures[0]
    assert (figure.label, figure.number, figure.remark) == ("Reps", "2", "of 12")


def test_a_doubt_names_its_joints_and_the_views_that_would_have_served() -> None:
    hidden = make.unclear("hips_sagging", "left hip hidden")
    elsewhere = make.unclear("not_low_enough", "can only be judged from the side")
    report = make.make_report(make.make_session([make.make_rep(1, make.right("too_fast"), hidden, elsewhere)]))
    first, second = report.reps.items[0].unknown
    assert (first.joints, first.views) == (["left_hip"], [])
    assert (second.joints, second.views) == ([], ["side"])


def test_the_report_is_dated_when_it_was_filmed() -> None:
    recorded = types.Recorded(at="2026-02-01T08:30:00+00:00", known_from="tag")
    report = make.make_report(recorded=recorded, person=types.Person(name="Ana", height_cm=170))
    assert report.done_at == "2026-02-01T08:30:00+00:00"
    assert present(report).about[:2] == ("Ana", "filmed 1 February 2026, 08:30")
    assert json.loads(report.to_json())["recorded"]["known_from"] == "tag"
    assert make.make_report().done_at == make.CREATED.isoformat()
