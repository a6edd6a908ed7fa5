"""Pictures of the worst moments: the right ones, annotated, and never many."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from posturecam.model import Frame, Pose
from posturecam.sinks import paint
from posturecam.sinks.thumbnails import (
    KEEP_S,
    LONG_SIDE,
    MAX_PER_CHECK,
    MAX_PICTURES,
    ThumbnailSink,
    choose,
    draw_chosen,
    moment_of,
    moments_at_fault,
    near,
    small_jpeg,
)
from tests import builders_report as make

EXERCISE = make.push_up()


def shade(t_s: float) -> int:
    return int(t_s * 10) % 200


def frame(t_s: float, size: tuple[int, int] = (640, 480)) -> Frame:
    """A frame whose grey tells its time."""
    image = np.full((size[1], size[0], 3), shade(t_s), np.uint8)
    return Frame(round(t_s * 20), t_s, image)


def feed(sink: ThumbnailSink, start_s: float, end_s: float, pose: Pose | None = None, **changes: object) -> None:
    for t_s in np.arange(start_s, end_s, 0.05):
        sink.write(frame(float(t_s)), make.make_result(float(t_s), pose, **changes))


def end(sink: ThumbnailSink, t_s: float, **finished: object) -> None:
    sink.write(frame(t_s), make.make_result(t_s, make.body(), **finished))


def image_of(content: bytes) -> np.ndarray:
    return np.asarray(cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR_RGB))


def test_the_picture_is_of_the_worst_moment() -> None:
    sink = ThumbnailSink(EXERCISE)
    feed(sink, 0.0, 6.0, make.body())
    end(sink, 6.0, finished_reps=(make.make_rep(1, make.fault(at_s=4.0)),))
    (content,) = sink.finish(make.make_session()).values()
    corner = image_of(content)[-1, 0].astype(int)
    assert np.abs(corner - shade(4.0)).max() <= 3


def test_it_is_small_and_shows_the_fault_and_its_number() -> None:
    sink = ThumbnailSink(EXERCISE)
    feed(sink, 0.0, 6.0, make.body())
    end(sink, 6.0, finished_reps=(make.make_rep(1, make.fault(at_s=4.0)),))
    pictures = sink.finish(make.make_session())
    assert list(pictures) == [("rep", 1, "hips_sagging")]
    image = image_of(pictures["rep", 1, "hips_sagging"])
    assert max(image.shape) == LONG_SIDE
    near = np.abs(image.astype(int) - paint.FAULT).max(axis=2) < 60
    assert near.sum() > 50


def test_a_good_rep_and_a_fault_of_tempo_have_no_picture() -> None:
    sink = ThumbnailSink(EXERCISE)
    feed(sink, 0.0, 6.0, make.body())
    end(sink, 6.0, finished_reps=(make.make_rep(1), make.make_rep(2, make.fault("too_fast", 0.3, 0.5, 4.0))))
    assert sink.finish(make.make_session()) == {}


def test_a_rep_that_only_the_end_finishes_has_its_picture_too() -> None:
    sink = ThumbnailSink(EXERCISE)
    feed(sink, 0.0, 6.0, make.body())
    sink.close()
    session = make.make_session([make.make_rep(1, make.fault(at_s=4.0))])
    assert list(sink.finish(session)) == [("rep", 1, "hips_sagging")]


def test_a_long_hold_keeps_its_worst_moment_after_the_ring_forgot_it() -> None:
    sink = ThumbnailSink(make.plank())
    feed(sink, 0.0, 3.0, make.body(), verdicts=(make.fault(value=-0.15),))
    feed(sink, 3.0, 4.0, make.body(), verdicts=(make.fault(value=-0.4),))
    feed(sink, 4.0, 4.0 + 2 * KEEP_S, make.body())
    hold = make.make_hold(0.0, 68.0, make.fault(value=-0.4, at_s=3.5))
    end(sink, 68.0, finished_holds=(hold,))
    (content,) = sink.finish(make.make_session(holds=[hold])).values()
    corner = image_of(content)[-1, 0].astype(int)
    assert shade(3.0) - 3 <= corner[0] <= shade(4.0) + 3


def test_memory_is_bounded_however_long_and_faulty_the_session() -> None:
    sink = ThumbnailSink(EXERCISE)
    pose = make.body()
    for index in range(1, 201):
        feed(sink, 3.0 * index, 3.0 * index + 2.0, pose) if index % 10 == 0 else None
        faults = (
            make.fault(value=-0.2 - index / 1000, at_s=3.0 * index + 1),
            make.fault("not_low_enough", 110 + index, 100, 3.0 * index + 1),
        )
        end(sink, 3.0 * index + 2, finished_reps=(make.make_rep(index, *faults),))
        assert len(sink._ring) <= KEEP_S / 0.12 + 2
    pictures = sink.finish(make.make_session())
    assert 0 < len(pictures) <= MAX_PICTURES
    assert sum(key[2] == "hips_sagging" for key in pictures) <= MAX_PER_CHECK
    # the worst are kept
    assert ("rep", 200, "hips_sagging") in pictures


def test_a_moment_that_nobody_saw_has_no_picture() -> None:
    sink = ThumbnailSink(EXERCISE)
    feed(sink, 0.0, 2.0, make.body())
    feed(sink, 2.0, 6.0, None, stage="nobody")
    end(sink, 6.0, finished_reps=(make.make_rep(1, make.fault(at_s=4.0)),))
    assert sink.finish(make.make_session()) == {}


@pytest.mark.parametrize("size", [(1080, 1920), (64, 48), (3840, 2160)])
def test_pictures_of_any_size(size: tuple[int, int]) -> None:
    sink = ThumbnailSink(EXERCISE)
    for t_s in (3.0, 3.5, 4.0, 4.5):
        sink.write(frame(t_s, size), make.make_result(t_s, make.body(*size)))
    end(sink, 5.0, finished_reps=(make.make_rep(1, make.fault(at_s=4.0)),))
    (content,) = sink.finish(make.make_session()).values()
    assert max(image_of(content).shape) == min(LONG_SIDE, max(size))


def test_of_a_judged_recording_only_the_moments_around_its_faults_are_kept() -> None:
    session = make.make_session([make.make_rep(1, make.fault(at_s=4.0)), make.make_rep(2)])
    wanted_s = moments_at_fault(EXERCISE, session, np.arange(0.0, 10.0, 0.05))
    assert wanted_s == pytest.approx((4.0,))
    result = make.make_result(0.0, make.body())
    kept = [t_s for t_s in np.arange(0.0, 10.0, 0.05) if moment_of(float(t_s), result, None, wanted_s)]
    assert min(kept) > 3.85
    assert max(kept) < 4.15
    sink = ThumbnailSink(EXERCISE, wanted_s)
    feed(sink, 0.0, 6.0, make.body())
    (content,) = sink.finish(session).values()
    assert np.abs(image_of(content)[-1, 0].astype(int) - shade(4.0)).max() <= 3


def test_a_fault_while_nobody_was_seen_is_pictured_where_somebody_was() -> None:
    session = make.make_session([make.make_rep(1, make.fault(at_s=4.0))])
    assert moments_at_fault(EXERCISE, session, np.array([0.0, 3.5, 5.0])) == (3.5,)
    assert moments_at_fault(EXERCISE, session, np.array([])) == ()


def test_a_fault_of_unknown_moment_keeps_every_picture_and_one_of_tempo_none() -> None:
    seen_s = np.arange(0.0, 10.0, 0.05)
    assert moments_at_fault(EXERCISE, make.make_session([make.make_rep(1, make.fault(at_s=None))]), seen_s) is None
    slow = make.make_session([make.make_rep(1, make.fault("too_fast", 0.3, 0.5, 4.0))])
    assert moments_at_fault(EXERCISE, slow, seen_s) == ()


def test_which_moments_are_chosen_is_known_without_pictures_and_from_the_frames_near_them() -> None:
    reps = [make.make_rep(n, make.fault(value=-0.2 - n / 100, at_s=3.0 * n + 0.4)) for n in range(1, 9)]
    session = make.make_session(reps)
    times_s = np.arange(0.0, 30.0, 0.05)
    wanted_s = moments_at_fault(EXERCISE, session, times_s)
    sink = ThumbnailSink(EXERCISE, wanted_s)
    every = []
    for t_s in times_s.tolist():
        ended = tuple(rep for rep in reps if t_s - 0.05 < rep.end_s <= t_s)
        every.append(make.make_result(t_s, make.body(), finished_reps=ended))
        sink.write(frame(t_s), every[-1])
    assert wanted_s is not None
    some = [one for one, wanted in zip(every, near(times_s, wanted_s), strict=True) if wanted or one.finished_reps]
    assert len(some) < len(every) / 4
    chosen = choose(EXERCISE, some, session, wanted_s)
    assert not any(moment.jpeg for moment, _ in chosen.values())
    jpegs = {moment.t_s: small_jpeg(frame(moment.t_s).image) for moment, _ in chosen.values()}
    drawn = draw_chosen(EXERCISE, chosen, jpegs)
    assert len(drawn) == MAX_PER_CHECK
    assert drawn == sink.finish(session)
    del jpegs[min(jpegs)]
    assert len(draw_chosen(EXERCISE, chosen, jpegs)) == MAX_PER_CHECK - 1
