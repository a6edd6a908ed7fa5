"""Overlay and pictures drawn by several processes are those that one draws."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from posturecam import pipeline
from posturecam.app import showing
from posturecam.app.showing import Drawing, pictures_of, show_shared
from posturecam.model import FrameResult
from posturecam.sinks.overlay import OverlaySink
from posturecam.sinks.thumbnails import Chosen, ThumbnailKey, ThumbnailSink, choose, draw_chosen
from posturecam.sinks.video import VideoWriter
from posturecam.sources.file import AS_IT_SAYS, FileSource
from tests import builders_report as make
from tests.conftest import MakeClip

EXERCISE = make.push_up()
FPS = 10
FRAMES = 121


def results(frames: int = FRAMES) -> Iterator[FrameResult]:
    """Somebody whose one rep, worst at 5.5 s, spans the seam."""
    for index in range(frames):
        t_s = index / FPS
        ended = {"finished_reps": (make.make_rep(1, make.fault(at_s=5.5), end_s=7.0),)} if index == 75 else {}
        yield make.make_result(t_s, make.body(), **ended)


SESSION = make.make_session([make.make_rep(1, make.fault(at_s=5.5), end_s=7.0)])
TIMES_S = np.arange(FRAMES) / FPS


def chosen(wanted_s: tuple[float, ...] | None = None) -> Chosen:
    return choose(EXERCISE, results(), SESSION, wanted_s)


def moments_s() -> frozenset[float]:
    return frozenset(moment.t_s for moment, _ in chosen().values())


def drawing(clip: Path) -> Drawing:
    return Drawing(clip, AS_IT_SAYS, EXERCISE, clip.parent / "two.mp4", moments_s())


def in_one_pass(clip: Path, *sinks: pipeline.Sink) -> dict[ThumbnailKey, bytes]:
    alone = ThumbnailSink(EXERCISE)
    with FileSource(clip) as source:
        assert not pipeline.show(source, results(), [alone, *sinks])
    return alone.finish(SESSION)


def pictures(path: Path) -> list[tuple[float, np.ndarray]]:
    with av.open(str(path)) as container:
        return [(float(p.pts * p.time_base), p.to_ndarray(format="rgb24")) for p in container.decode(video=0)]


def test_they_are_the_same_as_those_of_one_process(make_clip: MakeClip, tmp_path: Path) -> None:
    clip = make_clip(frames=FRAMES, fps=FPS, size=(320, 240))
    alone = in_one_pass(clip, OverlaySink(EXERCISE, [VideoWriter(tmp_path / "one.mp4")]))
    jpegs = show_shared(drawing(clip), results(), 2)
    assert jpegs is not None
    one, two = pictures(tmp_path / "one.mp4"), pictures(tmp_path / "two.mp4")
    assert [t_s for t_s, _ in two] == [t_s for t_s, _ in one]
    apart = [np.abs(a.astype(int) - b).mean() for (_, a), (_, b) in zip(one, two, strict=True)]
    assert max(apart) < 3  # encoded on its own, each frame a little otherwise
    assert list(alone) == [("rep", 1, "hips_sagging")]
    assert draw_chosen(EXERCISE, chosen(), jpegs) == alone
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "one.mp4", "two.mp4"]


def test_ctrl_c_leaves_what_was_finished_from_the_beginning_on_or_nothing(make_clip: MakeClip, tmp_path: Path) -> None:
    def stop(_done: int, _total: float | None) -> None:
        raise KeyboardInterrupt

    clip = make_clip(frames=FRAMES, fps=FPS)
    assert show_shared(drawing(clip), results(), 2, stop) is not None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4"]


def test_where_it_cannot_be_shared_nothing_is_written(make_clip: MakeClip, tmp_path: Path) -> None:
    short = make_clip("short.mp4", frames=20)
    assert show_shared(drawing(short), results(20), 2) is None
    clip = make_clip(frames=FRAMES, fps=FPS)
    fewer = results(FRAMES - 5)
    assert show_shared(drawing(clip), fewer, 2) is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "short.mp4"]


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv"])
@pytest.mark.parametrize("coding", [{"bf": "3", "g": "12"}, {"g": "500"}])
def test_pictures_without_reading_all_of_it_are_those_of_reading_it_through(
    make_clip: MakeClip, name: str, coding: dict[str, str]
) -> None:
    clip = make_clip(name, frames=FRAMES, fps=FPS, size=(320, 240), coding=coding, moving=True)
    jpegs = pictures_of(clip, AS_IT_SAYS, TIMES_S, moments_s())
    assert jpegs is not None
    assert draw_chosen(EXERCISE, chosen(), jpegs) == in_one_pass(clip)


def test_what_cannot_be_read_from_its_key_frames_is_left_to_reading_it_through(make_clip: MakeClip) -> None:
    clip = make_clip(frames=FRAMES, fps=FPS)
    assert pictures_of(clip, AS_IT_SAYS, TIMES_S + 0.01, moments_s()) is None  # other times than those that were seen
    assert pictures_of(make_clip("none.h264", frames=FRAMES), AS_IT_SAYS, TIMES_S, moments_s()) is None
    content = bytearray(clip.read_bytes())
    middle = len(content) // 2
    content[middle - 3000 : middle] = bytes(3000)
    clip.write_bytes(bytes(content))
    found = pictures_of(clip, AS_IT_SAYS, TIMES_S, moments_s())
    assert found is None or draw_chosen(EXERCISE, chosen(), found) == in_one_pass(clip)


def test_ctrl_c_ends_the_pictures_with_those_there_are(make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_image: object) -> bytes:
        if taken:
            raise KeyboardInterrupt
        taken.append(1)
        return b"one"

    taken: list[int] = []
    monkeypatch.setattr(showing, "small_jpeg", stopped)
    clip = make_clip(frames=FRAMES, fps=FPS)
    assert pictures_of(clip, AS_IT_SAYS, TIMES_S, [0.5, 3.5, 7.0]) == {0.5: b"one"}
