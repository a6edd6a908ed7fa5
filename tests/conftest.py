"""What many tests need: small recordings with a known pattern, and the pose model's file."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import settings

from posturecam import language
from tests.pictures import pattern

# a slow or busy machine is no failure of the program
settings.register_profile("posturecam", deadline=None)
settings.load_profile("posturecam")
# whatever the machine speaks: also fixtures that are made before any test, and the processes they start, speak English
os.environ["LANGUAGE"] = "en"

# started in the background of a shell, the tests and the processes they start would not hear Ctrl-C
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

MakeClip = Callable[..., Path]
SAMPLE_VIDEOS = Path(__file__).parents[1] / "sample_videos"


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever the machine speaks: tests read English, and so does the next one after a test that chose otherwise."""
    monkeypatch.setenv("LANGUAGE", "en")
    yield
    language.use(language.SOURCE)
    language._own.clear()


@pytest.fixture
def make_clip(tmp_path: Path) -> MakeClip:
    """``make_clip(name, frames=20, fps=25, size=(64, 48), times_ms=None, codec=..., pix_fmt=..., sound=False, options={})``.

    ``coding`` are options of libx264; in a ``moving`` clip no picture is like the one before.
    """

    def make(
        name: str = "clip.mp4",
        *,
        frames: int = 20,
        fps: int = 25,
        size: tuple[int, int] = (64, 48),
        times_ms: Sequence[int] | None = None,
        codec: str = "libx264",
        pix_fmt: str = "yuv420p",
        sound: bool = False,
        options: dict[str, str] | None = None,
        coding: dict[str, str] | None = None,
        moving: bool = False,
    ) -> Path:
        path = tmp_path / name
        times = list(times_ms) if times_ms is not None else [round(1000 * index / fps) for index in range(frames)]
        with av.open(str(path), "w", options=options or {}) as container:
            video = container.add_stream(codec, rate=fps)
            video.width, video.height, video.pix_fmt = *size, pix_fmt
            video.codec_context.time_base = Fraction(1, 1000)
            if codec == "libx264":
                video.options = {"bf": "0", "g": "10", "preset": "ultrafast", **(coding or {})}
            tone = container.add_stream("aac", rate=16000, layout="mono") if sound else None
            for number, time in enumerate(times):
                picture = np.roll(pattern(*size), 3 * number, axis=1) if moving else pattern(*size)
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts, frame.time_base = time, Fraction(1, 1000)
                container.mux(video.encode(frame))
            container.mux(video.encode(None))
            if tone is not None:
                silence = av.AudioFrame.from_ndarray(np.zeros((1, 16000), np.float32), format="fltp", layout="mono")
                silence.sample_rate, silence.pts = 16000, 0
                container.mux(tone.encode(silence))
                container.mux(tone.encode(None))
        return path

    return make


@pytest.fixture(scope="session")
def model_path() -> Path:
    """The pose model's file; a test that needs it is skipped where it has not been fetched."""
    from posturecam.pose.models import ready_model

    path = ready_model()
    if path is None:
        pytest.skip("the pose model has not been fetched (posturecam model fetch)")
    return path


@pytest.fixture(scope="session")
def sample_clip() -> Path:
    """A sample recording of a rendered person; a test that needs it is skipped where none has been made."""
    clips = sorted(SAMPLE_VIDEOS.glob("*good*.mp4"))
    if not clips:
        pytest.skip("the sample recordings have not been made (make clips)")
    return clips[0]
