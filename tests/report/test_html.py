"""The HTML page: self-contained, complete, and proof against what users type."""

from __future__ import annotations

import re

import pytest

from posturecam.model import Attempt, SourceInfo, Tracking
from posturecam.report.html import render_html
from posturecam.report.presentation import basename
from posturecam.report.types import Report
from tests import builders_report as make

NASTY = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)> 🙂"


def test_the_page_needs_nothing_from_anywhere() -> None:
    page = render_html(make.make_report(), thumbnails={("rep", 4, "hips_sagging"): make.jpeg()})
    # xmlns names a vocabulary; nothing is fetched from it
    addresses = set(re.findall(r"https?://[^\s\"'<>)]+", page)) - {"http://www.w3.org/2000/svg"}
    assert addresses == set()
    assert "<video" not in page
    assert not re.search(r"(src|href)=\"(?!data:|#)", page)
    assert "default-src 'none'" in page


def test_the_summary_stands_in_plain_words_before_everything_else() -> None:
    page = render_html(make.make_report())
    assert page.index("3 of 5 reps were good. Work on: hips sagging (reps 4–5).") < page.index("Timeline")
    assert "Score 87 of 100" in page


@pytest.mark.parametrize("field", ["person", "file", "reason", "problem", "name", "advice", "flag", "model"])
def test_whatever_a_user_typed_is_shown_as_text(field: str) -> None:
    session = make.make_session(
        [make.make_rep(1, make.fault())], attempts=[Attempt(0, 1, NASTY if field == "reason" else "short")]
    )
    exercise = make.push_up(name=NASTY[:59]) if field == "name" else make.push_up()
    source = SourceInfo(
        f"/tmp/{NASTY.replace('/', '_')}" if field == "file" else "a.mp4",
        64,
        48,
        warnings=[NASTY] if field == "problem" else [],
    )
    report = make.make_report(
        session,
        exercise,
        source=source,
        person=NASTY if field == "person" else None,
        red_flags=[NASTY] if field == "flag" else ["x"],
    )
    if field == "advice":
        report = report.model_copy(
            update={"faults": [report.faults[0].model_copy(update={"advice": NASTY, "name": NASTY})]}
        )
    if field == "model":
        report = report.model_copy(update={"provenance": report.provenance.model_copy(update={"model": NASTY})})
    page = render_html(report)
    # one script element: the page's own
    assert page.count("<script>") == 1
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


def test_the_pages_script_is_allowed_by_its_digest_only() -> None:
    page = render_html(make.make_report())
    policy = re.search(r"script-src ([^\"]+)\"", page)
    assert policy is not None
    assert policy[1].startswith("'sha256-")
    assert "unsafe-inline" not in policy[1]


def test_a_video_path_with_odd_characters_stays_one_attribute() -> None:
    page = render_html(make.make_report(), overlay='over "lay" #1.mp4')
    assert 'src="over%20%22lay%22%20%231.mp4"' in page


def test_every_rep_fault_attempt_and_doubt_is_there() -> None:
    page = render_html(make.make_report())
    assert page.count('<th scope="row"><span class="num') == 5
    assert "moved 18 of the 25 degrees that count" in page
    assert "left elbow hidden" in page
    assert page.count("not a medical device") == 1


def test_thumbnails_are_embedded_with_words_for_who_cannot_see_them() -> None:
    pictures = {("rep", 4, "hips_sagging"): make.jpeg(), ("rep", 5, "hips_sagging"): make.jpeg()}
    page = render_html(make.make_report(), thumbnails=pictures)
    assert page.count('src="data:image/jpeg;base64,') == 2
    # the worst stands beside the advice
    assert page.index("Rep 5, 0:16.2: Hips sagging. −30 % (limit −12 %)") < page.index("Timeline")


def test_pictures_of_what_the_report_does_not_know_are_left_out() -> None:
    page = render_html(
        make.make_report(), thumbnails={("rep", 99, "hips_sagging"): make.jpeg(), ("hold", 1, "x"): make.jpeg()}
    )
    assert "data:image/jpeg" not in page


@pytest.mark.parametrize(
    "report",
    [
        make.make_report(make.make_session()),
        make.make_report(make.make_session(holds=[make.make_hold(0, 16, make.fault(), side="left")]), make.plank()),
        make.make_report(
            make.make_session([make.make_rep(1, side="left"), make.make_rep(2, side="right")]), make.two_sided()
        ),
        make.make_report(
            make.make_session(trace=make.make_trace(0.1)), source=SourceInfo("a.jpg", 8, 8, is_still=True)
        ),
        make.make_report(
            make.make_session([make.make_rep(range_from=90.0, range_to=90.0, out_s=0, hold_s=0, return_s=0)])
        ),
    ],
    ids=["nothing", "hold", "sides", "picture", "no range"],
)
def test_unusual_sessions_have_a_page_too(report: Report) -> None:
    assert "</html>" in render_html(report)


def test_left_is_set_against_right() -> None:
    reps = [make.make_rep(1, side="left"), make.make_rep(2, side="right"), make.make_rep(3, side="right")]
    page = render_html(make.make_report(make.make_session(reps), make.two_sided()))
    assert "Left against right" in page
    assert "Left 1, right 2." in page


@pytest.mark.parametrize(
    ("path", "name"), [("/a/b/c.mp4", "c.mp4"), (r"C:\Users\ana\c.mp4", "c.mp4"), ("c.mp4", "c.mp4"), ("0", "0")]
)
def test_only_the_files_name_is_shown(path: str, name: str) -> None:
    assert basename(path) == name


def test_a_wrong_camera_is_told_how_to_stand_next_time() -> None:
    session = make.make_session(
        score=None, tracking=Tracking(1.0, 0.0, "front", False, ("Turn side-on to the camera",))
    )
    page = render_html(make.make_report(session))
    assert "Next time: from the side, at knee height." in page
    assert 'id="tip"' not in page
