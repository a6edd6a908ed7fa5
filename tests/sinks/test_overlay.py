"""The overlay can be read, covers nobody and draws whatever comes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from posturecam.model import LANDMARK_INDEX, FrameResult, ImageArray, Measurement, Progress
from posturecam.sinks import paint
from posturecam.sinks.cards import CountCard, Dial, PhaseCard, blank, paint_count, paint_cue, paint_phase
from posturecam.sinks.figures import check_indices, focus_measure
from posturecam.sinks.layout import Box, layout_for
from posturecam.sinks.overlay import (
    OverlayOptions,
    OverlaySink,
    count_card,
    cue_of,
    draw,
    number_text,
    phase_card,
)
from posturecam.sinks.skeleton import fault_landmarks, faulty_bones
from tests import builders_report as make

SIZES = [
    (320, 240),
    (640, 480),
    (1280, 720),
    (720, 1280),
    (1080, 1920),
    (3840, 2160),
    (500, 500),
    (101, 57),
    (1920, 200),
]


def boxes(width: int, height: int) -> list[Box]:
    layout = layout_for(width, height)
    return [layout.picture, layout.count, layout.phase, layout.cue]


def test_an_empty_card_has_the_panels_colour_in_every_pixel() -> None:
    card = blank(7, 5)
    assert card.shape == (5, 7, 3)
    assert (card == np.array(paint.PANEL)).all()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_panels_never_cover_the_picture_or_each_other(width: int, height: int) -> None:
    layout = layout_for(width, height)
    taken = np.zeros((layout.height, layout.width), int)
    for box in boxes(width, height):
        taken[box.y : box.y + box.height, box.x : box.x + box.width] += 1
        assert box.x + box.width <= layout.width
        assert box.y + box.height <= layout.height
    assert taken.min() == taken.max() == 1, "every pixel belongs to exactly one part"


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_canvas_is_even_and_neither_tiny_nor_huge(width: int, height: int) -> None:
    layout = layout_for(width, height)
    assert layout.width % 2 == layout.height % 2 == 0
    assert max(layout.picture.width, layout.picture.height) <= 1920
    if width / height < 3:
        assert layout.picture.height >= 720
    assert layout.picture.width / layout.picture.height == pytest.approx(width / height, rel=0.02)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_any_picture_can_be_drawn_and_is_left_as_it_is(width: int, height: int) -> None:
    image = make.picture(width, height)
    before = image.copy()
    result = make.make_result(pose=make.body(width, height), verdicts=(make.fault(),), cue=make.cue())
    canvas = draw(image, result, make.push_up())
    layout = layout_for(width, height)
    assert canvas.shape == (layout.height, layout.width, 3)
    assert canvas.dtype == np.uint8
    assert (image == before).all()


@pytest.mark.parametrize("stage", ["nobody", "framing", "set_up", "active", "paused"])
@pytest.mark.parametrize("exercise", [make.push_up(), make.plank(), make.two_sided()], ids=["reps", "hold", "sides"])
def test_every_stage_can_be_drawn_with_and_without_a_body(stage: str, exercise) -> None:
    for pose in (None, make.body()):
        progress = Progress(reps=12, good_reps=9, left=7, right=5, hold_s=75.0, total_hold_s=90.0, fraction=1.7)
        result = make.make_result(
            pose=pose, stage=stage, progress=progress, guidance="Step back, feet out of the picture"
        )
        draw(make.picture(640, 480), result, exercise)


def test_unseen_points_and_wild_numbers_are_drawn_around() -> None:
    pose = make.body()
    pose.points[LANDMARK_INDEX["right_elbow"]] = math.nan
    pose.points[LANDMARK_INDEX["right_ankle"]] = 1e7
    pose = replace(pose, visibility=np.full(33, math.nan))
    measures = {"elbow": Measurement(math.nan), "hip_line": Measurement(-0.2)}
    draw(make.picture(640, 480), make.make_result(pose=pose, measures=measures, cue=make.cue()), make.push_up())
    blind = replace(pose, points=np.full((33, 2), math.nan))
    draw(make.picture(640, 480), make.make_result(pose=blind, cue=make.cue()), make.push_up())


def has_colour(image: np.ndarray, colour: paint.Colour) -> bool:
    return bool((np.abs(image.astype(int) - colour).max(axis=2) <= 6).any())


def test_a_fault_shows_in_orange_and_only_then() -> None:
    pose = make.body()
    good = draw(make.picture(640, 480), make.make_result(pose=pose), make.push_up())
    wrong = draw(make.picture(640, 480), make.make_result(pose=pose, verdicts=(make.fault(),)), make.push_up())
    assert has_colour(good, paint.GOOD)
    assert not has_colour(good, paint.FAULT)
    assert has_colour(wrong, paint.FAULT)


def test_before_the_person_is_in_position_nothing_is_judged_by_colour() -> None:
    result = make.make_result(pose=make.body(), stage="set_up", verdicts=(make.fault(),), progress=Progress())
    layout = layout_for(640, 480)
    picture = draw(make.picture(640, 480), result, make.push_up())[:, : layout.picture.width]
    assert not has_colour(picture, paint.GOOD)
    assert not has_colour(picture, paint.FAULT)


def test_a_mirrored_overlay_mirrors_the_body_but_not_the_text() -> None:
    result = make.make_result(pose=make.body(), verdicts=(make.fault(),), focus=())
    plain = draw(make.picture(640, 480), result, make.push_up())
    mirrored = draw(make.picture(640, 480), result, make.push_up(), OverlayOptions(mirror=True))
    picture = layout_for(640, 480).picture
    left, right = plain[:, : picture.width], mirrored[:, : picture.width]
    differing = (np.abs(left[:, ::-1].astype(int) - right).max(axis=2) > 60).mean()
    assert differing < 0.01
    assert (plain[:, picture.width :] == mirrored[:, picture.width :]).all()


def test_a_fault_marks_the_limbs_it_is_about() -> None:
    result = make.make_result(pose=make.body(), verdicts=(make.fault(),))
    marked = fault_landmarks(make.push_up(), result)
    assert marked == {LANDMARK_INDEX[f"right_{part}"] for part in ("shoulder", "hip", "ankle")}
    bones = faulty_bones(marked)
    assert (LANDMARK_INDEX["right_hip"], LANDMARK_INDEX["right_knee"]) in bones
    assert not any(LANDMARK_INDEX["left_knee"] in bone for bone in bones)


def test_active_points_follow_the_side_that_works() -> None:
    measures = {
        "elbow": {"angle": ["active.shoulder", "active.elbow", "active.wrist"]},
        "hip_line": make.PUSH_UP["measures"]["hip_line"],
    }
    exercise = make.two_sided(measures=measures)
    assert LANDMARK_INDEX["left_elbow"] in check_indices(exercise, "not_low_enough", "right", "left")


def test_the_number_on_the_body_is_that_of_the_cued_check_else_of_the_count() -> None:
    exercise = make.push_up()
    calm, cued = make.make_result(), make.make_result(cue=make.cue())
    assert number_text(exercise, str(focus_measure(exercise, calm)), calm) == "120°"
    assert number_text(exercise, str(focus_measure(exercise, cued)), cued) == "−20 %"
    # a tempo cue has nothing to point at
    hurried = make.make_result(cue=make.cue("Slow down", "too_fast"))
    assert focus_measure(exercise, hurried) == "elbow"


def test_the_count_card_of_reps_holds_and_sides() -> None:
    options = OverlayOptions()
    assert count_card(make.make_result(), make.push_up(), options) == CountCard((Dial("3", "of 8", 0.375),), "2 good")
    sides = make.make_result(progress=Progress(reps=3, good_reps=3, left=2, right=1))
    assert [dial.number for dial in count_card(sides, make.two_sided(), options).dials] == ["2", "1"]
    held = make.make_result(progress=Progress(hold_s=75.9, total_hold_s=75.9))
    assert count_card(held, make.plank(), options).dials[0].number == "1:15"
    longer = count_card(held, make.plank(), OverlayOptions(target_seconds=150))
    assert longer.dials[0].filled == pytest.approx(0.5)
    over = count_card(make.make_result(progress=Progress(reps=20)), make.push_up(), options)
    assert over.dials[0].filled == 1.0


def test_a_doubt_stands_where_no_cue_does() -> None:
    def card(doubt: str, **changes: object) -> ImageArray:
        image = np.zeros((480, 640, 3), np.uint8)
        canvas = draw(image, make.make_result(**changes), make.push_up(), doubt=doubt)
        box = layout_for(640, 480).cue
        return canvas[box.y : box.y + box.height, box.x : box.x + box.width]

    words = "Could not see whether your hips sag. Keep your left hip in sight of the camera."
    box = layout_for(640, 480).cue
    assert np.array_equal(card(words), paint_cue(None, words, box.width, box.height))
    assert np.array_equal(card(words, cue=make.cue()), card("", cue=make.cue()))


def test_the_phase_card_says_the_phase() -> None:
    assert phase_card(make.make_result(), make.push_up()) == PhaseCard("Go", 40)
    assert phase_card(make.make_result(stage="nobody"), make.push_up()) == PhaseCard("Nobody seen", None)


def test_guidance_is_shown_while_nothing_can_be_judged() -> None:
    assert cue_of(make.make_result(guidance="Step back")) == ("guidance", "Step back")
    assert cue_of(make.make_result(guidance="Step back", cue=make.cue())) == ("fault", "Lift your hips")
    assert cue_of(make.make_result(guidance="Step back", cue=make.cue(), stage="paused")) == ("guidance", "Step back")
    assert cue_of(make.make_result()) == (None, "")


@pytest.mark.parametrize("text", ["Lift your hips", "Schultern über die Ellbogen schieben", "抬起臀部", "x" * 40])
@pytest.mark.parametrize(("width", "height"), [(316, 230), (580, 188), (720, 200), (90, 60)])
def test_a_cue_fits_its_card_as_large_as_it_can(text: str, width: int, height: int) -> None:
    card = paint_cue("fault", text, width, height)
    edge = np.concatenate(
        [card[:2].reshape(-1, 3), card[-2:].reshape(-1, 3), card[:, :2].reshape(-1, 3), card[:, -2:].reshape(-1, 3)]
    )
    assert (edge == paint.PANEL).all(), "nothing reaches the card's edge"


def test_a_cue_of_normal_length_can_be_read_from_three_metres() -> None:
    # a laptop's picture is about 20 cm high: 6 % of it is 12 mm, which normal eyes read from over 3 m
    layout = layout_for(640, 480)
    size, _ = paint.fitted("Lift your hips", round(layout.cue.width * 0.8), round(layout.cue.height * 0.55), 400)
    assert size >= 0.06 * layout.height


@pytest.mark.parametrize("number", ["0", "8", "128", "59:59"])
@pytest.mark.parametrize(("width", "height"), [(316, 331), (370, 188), (360, 200), (60, 40)])
def test_counts_of_any_length_fit(number: str, width: int, height: int) -> None:
    card = paint_count(CountCard((Dial(number, "of 200", 0.4),), "12 good"), width, height)
    assert (card[:, -2:] == paint.PANEL).all()
    both = paint_count(CountCard((Dial(number, "left", None), Dial(number, "right", 1.0)), ""), width, height)
    assert (both[:, -1:] == paint.PANEL).all()


def test_cards_are_painted_once_for_what_they_say() -> None:
    card = PhaseCard("Go", 40)
    assert paint_phase(card, 300, 150) is paint_phase(PhaseCard("Go", 40), 300, 150)


class Output:
    def __init__(self, fails: bool = False) -> None:
        self.seen: list[tuple[int, float]] = []
        self.closed = 0
        self.fails = fails

    def show(self, canvas: np.ndarray, t_s: float) -> None:
        self.seen.append((id(canvas), t_s))

    def close(self) -> None:
        self.closed += 1
        if self.fails:
            raise RuntimeError("full")


def test_one_drawing_feeds_every_output_and_all_are_closed() -> None:
    first, second = Output(fails=True), Output()
    sink = OverlaySink(make.push_up(), [first, second])
    sink.write(make.make_frame(1.5), make.make_result(1.5))
    assert first.seen == second.seen
    assert first.seen[0][1] == 1.5
    with pytest.raises(RuntimeError, match="full"):
        sink.close()
    assert (first.closed, second.closed) == (1, 1)
    sink.close()


def test_text_is_cut_with_an_ellipsis_and_drawn_only_inside_the_image() -> None:
    assert paint.shortened("Supine trunk rotation", 40, 200).endswith("…")
    assert paint.text_width(paint.shortened("Supine trunk rotation", 40, 200), 40) <= 200
    image = np.zeros((40, 40, 3), np.uint8)
    for place in ((-30, -30), (35, 35), (500, 500), (-500, 0)):
        paint.put_text(image, "Hüfte 🙂", place, 20, paint.WHITE)


def test_a_side_planks_seconds_read_as_seconds_of_that_side() -> None:
    from posturecam.spec.catalogue import load_exercise

    side_plank = load_exercise("side_plank")
    result = FrameResult(
        9.0, None, "active", "front", "hold", {}, (), Progress(hold_s=7.4, total_hold_s=7.4), side="left"
    )
    card = count_card(result, side_plank, OverlayOptions(target_seconds=15))
    assert (card.remark, card.dials[0].number, card.dials[0].caption) == ("Left side", "7", "of 15 s")
