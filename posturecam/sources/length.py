"""How long a recording will take, from its head alone."""

from __future__ import annotations

from pathlib import Path

from posturecam.errors import SourceError
from posturecam.sources.container import open_recording
from posturecam.sources.file import MOST_HZ, video_stream


def frames_to_look_at(path: Path) -> float:
    """About how many frames of a recording are looked at, as it says itself; 0 when it does not, or cannot be read."""
    try:
        container, file = open_recording(path)
    except SourceError:
        return 0.0
    with file, container:
        try:
            stream = video_stream(container, path)
        except SourceError:
            return 0.0
        rate = float(stream.average_rate or stream.guessed_rate or MOST_HZ)
        if stream.duration and stream.time_base:
            seconds = float(stream.duration * stream.time_base)
        elif container.duration:
            seconds = container.duration / 1_000_000
        else:
            seconds = stream.frames / rate if rate > 0 else 0.0
        return max(0.0, seconds * min(rate, MOST_HZ))
