"""The charts show what the numbers say, in shapes besides colours."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from posturecam.report.charts import range_chart, tempo_chart, ticks
from posturecam.report.drawing import Drawing, Group, Path, Rect, Shape, Text, hatch_lines, to_svg
from posturecam.report.timeline_chart import timeline_chart
from tests import builders_report as make


def flat(drawing: Drawing) -> list[Shape]:
    def walk(shapes: tuple[Shape, ...]) -> list[Shape]:
        return [part for shape in shapes for part in (walk(shape.shapes) if isinstance(shape, Group) else [shape])]

    return walk(drawing.shapes)


def texts(drawing: Drawing) -> list[str]:
    return [shape.text for shape in flat(drawing) if isinstance(shape, Text)]


def groups(drawing: Drawing, kind: str) -> list[Group]:
    return [shape for shape in drawing.shapes if isinstance(shape, Group) and shape.data["kind"] == kind]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 3, [0, 1, 2, 3]),
        (84, 168, [75, 100, 125, 150, 175]),
        (5, 5, [5, 5.0000000005]),
        (-0.3, 0.1, [-0.3, -0.2, -0.1, 0, 0.1]),
    ],
)
def test_ticks_are_round_numbers_that_span_the_values(low: float, high: float, expected: list[float]) -> None:
    found = ticks(low, high)
    assert found[0] <= low
    assert found[-1] >= high
    assert len(found) >= 2
    if high > low:
        assert found == pytest.approx(expected)


def test_a_faulty_rep_is_hatched_and_ends_in_a_diamond() -> None:
    drawing = range_chart(make.make_report(), 460)
    assert drawing is not None
    assert sum(isinstance(shape, Rect) and shape.hatched for shape in flat(drawing)) == 2
    assert sum(isinstance(shape, Path) and shape.closed for shape in flat(drawing)) == 2
    assert [text for text in texts(drawing) if text.isdigit()] == ["1", "2", "3", "4", "5"]


def test_tempo_bars_add_up_to_the_reps_length() -> None:
    drawing = tempo_chart(make.make_report(), 460, 230)
    assert drawing is not None
    bars = [shape for shape in flat(drawing) if isinstance(shape, Rect) and shape.width > 12.5]
    assert len(bars) == 15
    down, hold, up = bars[:3]
    assert down.height + 1 == pytest.approx((0.9 / 0.3) * (hold.height + 1))
    assert up.y < hold.y < down.y


def test_labels_of_many_reps_do_not_touch() -> None:
    session = make.make_session([make.make_rep(i) for i in range(1, 121)], trace=make.make_trace(370))
    drawing = range_chart(make.make_report(session), 340)
    assert drawing is not None
    places = [shape.x for shape in flat(drawing) if isinstance(shape, Text) and shape.anchor == "middle"]
    assert min(b - a for a, b in pairwise(places)) >= 18


@pytest.mark.parametrize(("width", "whole"), [(460.0, True), (210.0, False)])
def test_a_heading_that_is_wider_than_its_chart_names_only_what_is_measured(width: float, whole: bool) -> None:
    drawing = range_chart(make.make_report(), width)
    assert ("Elbow angle: rest to end position" in texts(drawing)) is whole
    assert ("Elbow angle" in texts(drawing)) is not whole


@pytest.mark.parametrize("width", [340.0, 640.0, 980.0])
def test_the_time_line_stays_inside_its_width(width: float) -> None:
    drawing = timeline_chart(make.make_report(), width)
    for shape in flat(drawing):
        if isinstance(shape, Rect):
            assert shape.x >= -0.1
            assert shape.x + shape.width <= width + 0.1
            assert shape.y + shape.height <= drawing.height
        elif isinstance(shape, Path):
            assert all(-0.1 <= x <= width + 8 for x, _ in shape.points)


def test_the_time_line_has_a_mark_for_every_rep_attempt_and_fault() -> None:
    drawing = timeline_chart(make.make_report(), 980)
    assert [group.data["number"] for group in groups(drawing, "attempt")] == ["1"]
    starts = [float(group.data["start"]) for group in groups(drawing, "rep")]
    # five reps, and the two worst moments a little ahead of their time
    assert starts == pytest.approx([3, 6, 9, 12, 15, 12.3, 15.5])


def test_a_moments_fault_that_made_no_rep_faulty_has_no_lane() -> None:
    states = [-1] * 50 + [-2] * 50 + [1] * 100
    trace = make.make_trace(checks={"not_low_enough": states})
    drawing = timeline_chart(make.make_report(make.make_session([make.make_rep()], trace=trace)), 980)
    assert not any(isinstance(shape, Rect) and shape.role == "fault" for shape in flat(drawing))
    assert any(isinstance(shape, Rect) and shape.role == "unknown" and shape.hatched for shape in flat(drawing))


def test_an_hour_is_drawn_in_few_shapes_and_clock_times() -> None:
    session = make.make_session([make.make_rep(i) for i in (1, 2)], trace=make.make_trace(3600, fps=30))
    drawing = timeline_chart(make.make_report(session), 980)
    assert len(to_svg(drawing)) < 60_000
    assert any(re.fullmatch(r"\d+:\d\d", text) for text in texts(drawing))


def test_stripes_stay_inside_their_box() -> None:
    box = Rect(10, 20, 33, 17, "fault", hatched=True)
    lines = hatch_lines(box)
    assert len(lines) > 5
    for x, y in (point for line in lines for point in line):
        assert 10 - 1e-9 <= x <= 43 + 1e-9
        assert 20 - 1e-9 <= y <= 37 + 1e-9


def test_svg_escapes_its_words() -> None:
    label = 'x" onload="alert(1)'
    drawing = Drawing(10, 10, (Group((Text(0, 0, "<b>&"),), label, {"tip": label}),), label)
    svg = to_svg(drawing, interactive=True)
    assert 'onload="' not in svg
    assert "&lt;b&gt;&amp;" in svg
