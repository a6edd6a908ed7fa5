"""Overlay and pictures drawn by several processes are those that one draws."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from posturecam import pipeline
from posturecam.app.showing import Drawing, show_shared
from posturecam.model import FrameResult
from posturecam.sinks.overlay import OverlaySink
from posturecam.sinks.thumbnails import ThumbnailSink
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


def drawing(clip: Path) -> Drawing:
    return Drawing(clip, AS_IT_SAYS, EXERCISE, clip.parent / "two.mp4", pictures=True)


def pictures(path: Path) -> list[tuple[float, np.ndarray]]:
    with av.open(str(path)) as container:
        return [(float(p.pts * p.time_base), p.to_ndarray(format="rgb24")) for p in container.decode(video=0)]


def test_they_are_the_same_as_those_of_one_process(make_clip: MakeClip, tmp_path: Path) -> None:
    clip = make_clip(frames=FRAMES, fps=FPS, size=(320, 240))
    alone = ThumbnailSink(EXERCISE)
    with FileSource(clip) as source:
        assert not pipeline.show(source, results(), [alone, OverlaySink(EXERCISE, [VideoWriter(tmp_path / "one.mp4")])])
    shared = ThumbnailSink(EXERCISE)
    assert show_shared(drawing(clip), results(), shared, 2)
    one, two = pictures(tmp_path / "one.mp4"), pictures(tmp_path / "two.mp4")
    assert [t_s for t_s, _ in two] == [t_s for t_s, _ in one]
    apart = [np.abs(a.astype(int) - b).mean() for (_, a), (_, b) in zip(one, two, strict=True)]
    assert max(apart) < 3  # encoded on its own, each frame a little otherwise
    session = make.make_session()
    assert list(shared.finish(session)) == list(alone.finish(session)) == [("rep", 1, "hips_sagging")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "one.mp4", "two.mp4"]


def test_ctrl_c_leaves_what_was_finished_from_the_beginning_on_or_nothing(make_clip: MakeClip, tmp_path: Path) -> None:
    def stop(_done: int, _total: float | None) -> None:
        raise KeyboardInterrupt

    clip = make_clip(frames=FRAMES, fps=FPS)
    assert show_shared(drawing(clip), results(), None, 2, stop)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4"]


def test_where_it_cannot_be_shared_nothing_is_written(make_clip: MakeClip, tmp_path: Path) -> None:
    short = make_clip("short.mp4", frames=20)
    assert not show_shared(drawing(short), results(20), None, 2)
    clip = make_clip(frames=FRAMES, fps=FPS)
    fewer = results(FRAMES - 5)
    assert not show_shared(drawing(clip), fewer, None, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "short.mp4"]
