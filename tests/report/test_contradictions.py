"""Score, verdict, sentence, table and timeline never contradict each other: over random sessions, and in the cases that did."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from posturecam.judging.summary import doubts, session_score
from posturecam.judging.verdicts import TOO_CLOSE, score_of
from posturecam.model import Hold, Rep, SessionResult, Tracking, Verdict
from posturecam.report.html import render_html
from posturecam.report.markdown import render_markdown
from posturecam.report.presentation import present
from posturecam.report.types import Dose, Report
from posturecam.spec.schema import Exercise
from tests import builders_report as make
from tests.report.contradictions import contradictions

SESSIONS = 1_000


def random_verdict(rng: random.Random, check: str, *, hold: bool) -> Verdict:
    """Any answer that the judge can give."""
    kind = rng.choice(["ok", "ok", "fault", "close", "hidden"])
    if kind == "ok":
        return Verdict(check, "ok", 0.0, -0.12, 0.06, 1.0)
    if kind == "close":
        return Verdict(check, "unknown", -0.1, -0.12, 0.06, rng.random(), TOO_CLOSE)
    if kind == "hidden":
        reason = rng.choice(["left hip hidden", "can only be judged from the side"])
        return Verdict(check, "unknown", reason=reason)
    marks = rng.choice([0.0, 0.997]) if hold else 0.0
    return Verdict(check, "fault", -0.12 - rng.choice([0.0004, 0.004, 0.2]), -0.12, 0.06, marks, None, 1.0)


def random_session(rng: random.Random) -> tuple[SessionResult, Exercise]:
    """A session of reps or holds with random answers, scored as the judge scores, with a trace that has random faults too."""
    hold, two_sided = rng.random() < 0.4, rng.random() < 0.4
    if hold:
        exercise = (
            make.plank(hold={"while": {"hip_line": "-0.4..0.4"}, "side": "hip_line"}) if two_sided else make.plank()
        )
    else:
        exercise = make.two_sided() if two_sided else make.push_up()
    never = {check for check in exercise.checks if rng.random() < 0.15}
    sides = rng.choice([["left"], ["right"], ["left", "right"]]) if two_sided else [None]

    def verdicts() -> tuple[Verdict, ...]:
        return tuple(
            Verdict(check, "unknown", reason="left hip hidden")
            if check in never
            else random_verdict(rng, check, hold=hold)
            for check in exercise.checks
            if rng.random() < 0.9
        )

    reps: list[Rep] = []
    holds: list[Hold] = []
    for index in range(1, rng.randint(0, 6) + 1):
        given = verdicts()
        if hold:
            holds.append(make.make_hold(3.0 * index, 3.0 * index + 2.5, side=rng.choice(sides)))
            holds[-1] = replace(holds[-1], verdicts=given, score=score_of(exercise, given))
        else:
            reps.append(replace(make.make_rep(index, side=rng.choice(sides)), verdicts=given))
            reps[-1] = replace(reps[-1], score=score_of(exercise, given))
    trace = make.make_trace(checks={c: rng.choices([1, 0, -1, -2], k=200) for c in exercise.checks})
    steady = {c: np.repeat(states[::10], 10) for c, states in trace.checks.items()}
    return make.make_session(
        reps,
        holds,
        trace=replace(trace, checks=steady),
        score=session_score(exercise, tuple(reps), tuple(holds)),
        doubts=doubts(verdict for item in (*reps, *holds) for verdict in item.verdicts),
        held_fault_s={check: rng.uniform(0, 2.5 * len(holds)) for check in exercise.checks} if holds else {},
        tracking=Tracking(0.99, rng.random(), "side", True),
    ), exercise


def random_report(seed: int) -> Report:
    """The report of a random session, for the exercise's own dose or for one of this session."""
    rng = random.Random(seed)
    session, exercise = random_session(rng)
    asked = rng.randint(1, 60)
    own = Dose(
        sets=rng.randint(1, 3), reps=asked if exercise.reps else None, seconds=None if exercise.reps else float(asked)
    )
    return make.make_report(session, exercise, dose=rng.choice([None, own]))


def test_no_random_session_is_reported_in_contradiction() -> None:
    found = {seed: told for seed in range(SESSIONS) if (told := contradictions(random_report(seed)))}
    assert found == {}


@pytest.mark.parametrize("seed", range(0, 40, 4))
def test_page_and_markdown_say_what_the_presentation_says(seed: int) -> None:
    report = random_report(seed)
    shown = present(report)
    page, notes = render_html(report), render_markdown(report)
    for text in (shown.verdict, shown.score if report.score is not None else "no score"):
        assert text in page
        assert text in notes
    for row in shown.rows:
        assert row.movement in page
        assert row.movement in notes


def changed(report: Report, **changes: object) -> list[str]:
    return contradictions(report.model_copy(update=changes))


def test_what_would_contradict_is_found() -> None:
    """The property is worth nothing unless it falls when a report is spoilt."""
    report = make.make_report(make.make_session([make.make_rep(1, make.fault()), make.make_rep(2)], score=85.0))
    assert contradictions(report) == []
    items = report.reps.items
    item = items[0]
    spoilt = report.reps.model_copy(update={"items": [item.model_copy(update={"good": True}), report.reps.items[1]]})
    assert changed(report, verdict="ok")
    assert changed(report, faults=[])
    assert changed(report, score=100.0)
    assert changed(report, summary="Nothing stood out that needs work.")
    assert changed(report, reps=spoilt)
    assert changed(report, score=None, verdict="unknown")
    swapped = [one.model_copy(update={"score": other.score}) for one, other in zip(items, items[::-1], strict=True)]
    assert changed(report, reps=report.reps.model_copy(update={"items": swapped}))
    assert changed(report, dose=Dose(sets=1, reps=None, seconds=None)) == []


def test_a_fault_too_rare_to_work_on_is_still_told() -> None:
    reps = [make.make_rep(i, *([make.fault()] if i == 4 else [])) for i in range(1, 7)]
    report = make.make_report(make.make_session(reps, score=95.0))
    assert report.summary == "5 of 6 reps were good. Seen now and then: hips sagging (rep 4)."
    assert present(report).verdict == "Mostly good form"


def test_what_was_never_judged_is_not_praised() -> None:
    hidden = make.unclear("not_low_enough", "left elbow hidden")
    reps = [make.make_rep(i, make.right(), hidden) for i in (1, 2)]
    told = doubts(verdict for rep in reps for verdict in rep.verdicts)
    report = make.make_report(make.make_session(reps, score=100.0, doubts=told))
    assert report.summary == "Both reps were good, as far as could be judged. Not judged: not low enough."
    assert present(report).verdict == "Good, as far as could be judged"
    assert present(report).rows[0].status == "no faults in what could be judged"
    assert present(report).rows[0].unclear == "not low enough: left elbow hidden"


def test_a_side_that_was_not_done_is_told() -> None:
    report = make.make_report(make.make_session([make.make_rep(1, side="left")], score=100.0), make.two_sided())
    assert "Only the left side was done." in report.summary
    assert present(report).verdict == "Good form, on one side"


@pytest.mark.parametrize(("score", "text"), [(99.6, "99"), (100.0, "100"), (98.6, "99"), (74.4, "74"), (None, "–")])
def test_a_score_is_only_rounded_to_100_when_it_is(score: float | None, text: str) -> None:
    from posturecam.report.wording import score_number

    assert score_number(score) == text
