"""The history tells what has changed and what has not, in plain words and without making much of little."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from posturecam.errors import SessionError
from posturecam.report import types
from posturecam.report.drawing import Text
from posturecam.report.history import Course, Entry, change_text, courses, difference_text, entry_of
from posturecam.report.history_charts import fault_chart, hold_chart, range_chart, reps_chart, score_chart, side_chart
from posturecam.report.history_page import render_history, table
from posturecam.report.picture_files import picture_name, read_pictures
from posturecam.report.progress import progress_sentence
from tests import builders_report as make

START = datetime(2026, 2, 3, 9, 30, tzinfo=timezone.utc)


def entry(day: int = 0, **values: Any) -> Entry:
    base = Entry(
        f"s{day}", START + timedelta(days=day), "push_up", "floor", "Push-up", None, 80.0, 8, 6, 70.0, verdict="ok"
    )
    return replace(base, **values)


def course(*entries: Entry) -> Course:
    return courses(entries)[0]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (60.0, 80.0, "Score over 2 sessions up from 60 to 80."),
        (80.0, 60.0, "Score over 2 sessions down from 80 to 60."),
        (80.0, 83.0, "Score over 2 sessions unchanged within the measuring error (80 to 83)."),
    ],
)
def test_small_changes_are_called_none(before: float, after: float, words: str) -> None:
    assert words in progress_sentence(course(entry(0, score=before), entry(7, score=after)))


def test_one_session_promises_no_progress() -> None:
    assert "1 session so far" in progress_sentence(course(entry()))


def test_sessions_that_could_not_be_judged_do_not_count_as_progress() -> None:
    told = progress_sentence(
        course(entry(0, score=60.0), entry(1, score=None, verdict="unknown"), entry(2, score=90.0))
    )
    assert "over 2 sessions up from 60 to 90" in told


def test_the_most_frequent_fault_is_named_with_whether_it_is_gone() -> None:
    faults = {"Hips sagging": 0.5}
    told = progress_sentence(course(entry(0, faults=faults), entry(1, faults=faults), entry(2)))
    assert told.endswith("Most frequent fault: Hips sagging (in 2 of 3 sessions, not in the last one).")


def test_the_exercise_done_last_comes_first_and_variants_are_kept_apart() -> None:
    found = courses([entry(0), entry(5, variant="knee"), entry(3, exercise="plank", reps=None, held_s=30.0)])
    assert [(one.exercise, one.variant) for one in found] == [
        ("push_up", "knee"),
        ("plank", "floor"),
        ("push_up", "floor"),
    ]


def test_other_limits_between_sessions_are_pointed_out() -> None:
    one = course(entry(0, basis=("full", "a")), entry(1, basis=("full", "b")), entry(2, basis=("lite", "b")))
    assert [(changed.session, what) for changed, what in one.changes_of_basis()] == [
        ("s1", ["limits"]),
        ("s2", ["pose model"]),
    ]


@pytest.mark.parametrize(
    ("difference", "unit", "words"),
    [
        (12.0, "degrees", "left +12°"),
        (-12.0, "degrees", "right +12°"),
        (11.0, "degrees", "even"),
        (None, "degrees", ""),
        (-4.0, "seconds", "right +4.0 s"),
    ],
)
def test_left_and_right_differ_only_beyond_the_measuring_error(difference: float | None, unit: str, words: str) -> None:
    assert difference_text(entry(side_difference=difference, side_unit=unit, range_sem=4.0)) == words


def test_columns_without_a_value_are_left_out_of_the_table() -> None:
    columns, rows = table(course(entry(), entry(1, faults={"Hips sagging": 0.5}, verdict="faults")))
    assert [name for name, _ in columns] == ["Date", "Score", "Reps", "Range", "To work on"]
    assert rows[0][-1] == "Hips sagging (50 %)"
    assert rows[1][-1] == "nothing stood out"


@pytest.mark.parametrize("width", [340.0, 466.0, 640.0])
@pytest.mark.parametrize("count", [2, 9, 200])
def test_no_chart_draws_outside_itself(width: float, count: int) -> None:
    entries = [
        entry(
            day,
            score=None if day % 5 == 4 else 50.0 + day % 50,
            side_difference=5.0 - day % 11,
            faults={"Hips sagging": 0.4} if day % 3 else {},
        )
        for day in range(count)
    ]
    held = [
        replace(one, exercise="plank", reps=None, good=None, held_s=30.0 + day, longest_s=20.0)
        for day, one in enumerate(entries)
    ]
    drawings = [
        draw(course(*entries), width) for draw in (score_chart, range_chart, reps_chart, side_chart, fault_chart)
    ]
    drawings.append(hold_chart(course(*held), width))
    for drawing in drawings:
        assert drawing is not None
        xs = [getattr(shape, "x", 0.0) for shape in drawing.shapes]
        ys = [getattr(shape, "y", 0.0) for shape in drawing.shapes]
        assert min(xs) >= 0
        assert max(xs) <= width
        assert min(ys) >= 0
        assert max(ys) <= drawing.height
        assert drawing.label


def test_a_small_difference_between_the_sides_is_not_blown_up() -> None:
    drawing = side_chart(course(entry(side_difference=None), entry(1, side_difference=0.1)), 460.0)
    assert drawing is not None
    levels = [shape.text for shape in drawing.shapes if isinstance(shape, Text) and shape.anchor == "end"]
    assert {"−10°", "0°", "10°"} <= set(levels)


def test_charts_without_anything_to_show_are_left_out() -> None:
    bare = course(entry(0, score=None, range_of_motion=None), entry(1, score=None, range_of_motion=None))
    assert score_chart(bare, 340.0) is None
    assert range_chart(bare, 340.0) is None
    assert hold_chart(bare, 340.0) is None
    assert side_chart(bare, 340.0) is None
    assert fault_chart(bare, 340.0) is None


def test_whatever_a_title_holds_is_text() -> None:
    page = render_history([entry(0, title="<img src=x onerror=alert(1)>", faults={"</svg><script>": 1.0}), entry(1)])
    assert "<img" not in page
    assert "<script" not in page


def test_only_pictures_of_the_right_name_are_read(tmp_path: Any) -> None:
    jpeg = make.jpeg()
    (tmp_path / picture_name(("rep", 3, "hips_sagging"))).write_bytes(jpeg)
    (tmp_path / "holiday.jpg").write_bytes(jpeg)
    assert read_pictures(tmp_path) == {("rep", 3, "hips_sagging"): jpeg}
    assert read_pictures(tmp_path / "nowhere") == {}


def test_a_recording_analysed_again_replaces_its_point() -> None:
    first = make.make_report(make.make_session([make.make_rep(1, make.fault())], score=70.0))
    again = make.make_report(make.make_session([make.make_rep(1)], score=100.0))
    other = make.make_report(source=replace(make.SOURCE, path="evening.mp4"))
    entries = [
        entry_of("s1", START, first),
        entry_of("s2", START + timedelta(days=1), again),
        entry_of("s3", START + timedelta(days=2), other),
    ]
    assert [one.session for one in course(*entries).entries] == ["s2", "s3"]
    assert "2 sessions" in render_history(entries)


def test_live_sessions_are_each_a_point_of_their_own() -> None:
    source = replace(make.SOURCE, path="camera 0")
    entries = [entry_of(f"s{day}", START + timedelta(days=day), make.make_report(source=source)) for day in (0, 1)]
    assert len(course(*entries).entries) == 2


def test_sessions_stand_in_the_order_in_which_they_were_filmed() -> None:
    def filmed(day: int) -> types.Report:
        at = (START - timedelta(days=day)).isoformat()
        return make.make_report(
            recorded=types.Recorded(at=at, known_from="tag"), source=replace(make.SOURCE, path=f"{day}.mp4")
        )

    entries = [entry_of(f"s{day}", START, filmed(day)) for day in (7, 14)]
    assert [one.session for one in course(*entries).entries] == ["s14", "s7"]


def test_recordings_without_a_name_are_never_taken_for_one() -> None:
    source = replace(make.SOURCE, path="recording.mp4")
    entries = [entry_of(f"s{day}", START + timedelta(days=day), make.make_report(source=source)) for day in (0, 1)]
    assert len(course(*entries).entries) == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff\xe0 rubbish", make.jpeg()[:300], b"\x89PNG\r\n\x1a\n"],
)
def test_what_has_a_pictures_name_and_is_none_is_damaged(tmp_path: Any, content: bytes) -> None:
    (tmp_path / "rep-4-hips_sagging.jpg").write_bytes(content)
    with pytest.raises(SessionError, match=r"rep-4-hips_sagging\.jpg is damaged"):
        read_pictures(tmp_path)


@pytest.mark.parametrize(
    ("difference", "unit", "text"),
    [
        (0.0, "degrees", "±0°"),
        (0.4, "degrees", "±0°"),
        (-0.4, "degrees", "±0°"),
        (-3.2, "degrees", "−3°"),
        (3.2, "degrees", "+3°"),
    ],
)
def test_a_difference_that_is_nothing_once_rounded_has_no_direction(difference: float, unit: str, text: str) -> None:
    assert change_text(difference, unit) == text
