"""A reviewer's words stand beside the measurement and become known truth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from posturecam.app.review import (
    REVIEW,
    Review,
    export_truth,
    findings,
    measured_verdict,
    parse_review,
    read_review,
    truth_of,
    write_review,
)
from posturecam.app.stored import Stored, load
from posturecam.errors import CallError, SessionError
from posturecam.report.evaluation import read_truth
from posturecam.report.types import Report
from tests import builders_report as make


def report() -> Report:
    """Four reps, of which the third and fourth sag."""
    reps = [make.make_rep(i, *([make.fault()] if i > 2 else [])) for i in range(1, 5)]
    return make.make_report(make.make_session(reps))


def review(**said: object) -> Review:
    content = {"schema": "posturecam.review/1", "reviewer": "Bo", **said}
    return parse_review(json.dumps(content).encode(), report())


SAGS = {"item": 3, "check": "hips_sagging"}


def test_what_was_measured_is_told_beside_what_is_said() -> None:
    assert measured_verdict(report(), 3, "hips_sagging") == "fault"
    lines = findings(report(), review(verdicts=[{**SAGS, "verdict": "ok"}, {**SAGS, "item": 4, "verdict": "fault"}]))
    assert lines == [
        "Rep 3, hips sagging: right, where a fault was measured.",
        "Rep 4, hips sagging: confirmed, a fault.",
    ]


def test_what_was_not_looked_through_is_not_known() -> None:
    truth = truth_of(report(), review(deleted=[1]), "x.mp4")
    assert (truth["reps"], truth["faults"], truth["label"]) == (None, None, None)


def test_an_untouched_review_confirms_the_measurement() -> None:
    truth = truth_of(report(), review(complete=True), "x.mp4")
    assert truth["reps"] == 4
    assert truth["faults"] == ["hips_sagging"]
    assert truth["label"] == "wrong"


def test_overruling_both_faults_makes_it_right() -> None:
    said = [{**SAGS, "verdict": "ok"}, {**SAGS, "item": 4, "verdict": "ok"}]
    truth = truth_of(report(), review(complete=True, verdicts=said), "x.mp4")
    assert (truth["faults"], truth["label"]) == ([], "correct")


def test_reps_that_are_none_go_and_missed_ones_come() -> None:
    said = review(complete=True, deleted=[4], added=[{"start_s": 30.0, "end_s": 33.0, "at_s": 31.0}] * 2)
    truth = truth_of(report(), said, "x.mp4")
    assert truth["reps"] == 5
    assert truth["rep_peaks_s"][-2:] == [31.0, 31.0]


WRONG = [
    {"verdicts": [{**SAGS, "verdict": "good"}]},
    {"verdicts": [{**SAGS, "item": 5, "verdict": "ok"}]},
    {"verdicts": [{**SAGS, "check": "nothing", "verdict": "ok"}]},
    {"deleted": [0]},
    {"deleted": [5]},
    {"added": [{"start_s": 3.0, "end_s": 3.0}]},
    {"added": [{"start_s": 3.0, "end_s": 4.0, "at_s": 5.0}]},
    {"comments": [{"t_s": -1.0, "text": "x"}]},
    {"comments": [{"t_s": 1.0, "text": ""}]},
    {"marks": [{"t_s": 1.0, "points": [[0.1, 0.2]]}]},
    {"else": 1},
    {"schema": "posturecam.review/2"},
]


@pytest.mark.parametrize("said", WRONG, ids=str)
def test_a_review_that_does_not_fit_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(CallError):
        review(**said)


@pytest.fixture
def session(tmp_path: Path) -> Stored:
    from posturecam.store import SessionStore

    store = SessionStore(tmp_path / "sessions")
    with store.draft() as draft:
        return load(draft.commit(report().to_json()))


def test_a_review_is_read_as_it_was_written_and_leaves_the_report_alone(session: Stored) -> None:
    before = session.session.report_path.read_bytes()
    said = review(comments=[{"t_s": 2.5, "text": "shoulders <b>"}], marks=[{"t_s": 1.0, "points": [[0, 0], [1, 1]]}])
    write_review(session, said)
    assert read_review(session) == said
    assert session.session.report_path.read_bytes() == before


def test_a_damaged_review_is_named(session: Stored) -> None:
    (session.session.folder / REVIEW).write_text("{")
    with pytest.raises(SessionError, match="review"):
        read_review(session)


def test_an_exported_session_is_a_labelled_clip_for_specs_test(session: Stored, tmp_path: Path) -> None:
    clip = session.session.folder / "recording.mp4"
    clip.write_bytes(b"film")
    folder = tmp_path / "labelled"
    export_truth(session, review(complete=True), clip, folder)
    export_truth(session, review(complete=True, deleted=[1]), clip, folder)
    [truth] = read_truth(folder)
    assert truth.reps == 3
    assert (folder / truth.clip).read_bytes() == b"film"


def test_without_a_recording_there_is_no_clip(session: Stored, tmp_path: Path) -> None:
    with pytest.raises(CallError, match="no recording"):
        export_truth(session, review(), None, tmp_path / "labelled")
