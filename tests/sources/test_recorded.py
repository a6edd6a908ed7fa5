"""When a recording was filmed."""

from __future__ import annotations

import os
from pathlib import Path

import av
import numpy as np
import pytest

from posturecam.sources.recorded import fingerprint, moment_of, recorded_at


def clip(path: Path, **tags: str) -> Path:
    """A recording of two frames with tags."""
    with av.open(str(path), "w") as container:
        container.metadata.update(tags)
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(2):
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


def test_the_recordings_own_tag_comes_before_the_files_date(tmp_path: Path) -> None:
    found = recorded_at(clip(tmp_path / "a.mp4", creation_time="2026-02-01T08:30:00.000000Z"))
    assert found is not None
    assert (found.at.isoformat(), found.known_from) == ("2026-02-01T08:30:00+00:00", "tag")


def test_without_a_tag_the_files_date_stands(tmp_path: Path) -> None:
    found = recorded_at(clip(tmp_path / "a.mp4"))
    assert found is not None
    assert (found.at.timestamp(), found.known_from) == (1_700_000_000, "file")


def test_what_is_not_there_has_no_date(tmp_path: Path) -> None:
    assert recorded_at(tmp_path / "missing.mp4") is None


def test_a_play_list_does_not_tell_the_date_of_the_recording_it_names(tmp_path: Path) -> None:
    clip(tmp_path / "a.mp4", creation_time="2026-02-01T08:30:00.000000Z")
    names = tmp_path / "list.txt"
    names.write_text("ffconcat version 1.0\nfile a.mp4\n")
    found = recorded_at(names)
    assert found is not None
    assert found.known_from == "file"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-01T08:30:00.000000Z", "2026-02-01T08:30:00+00:00"),
        ("2026-02-01T09:30:00+0100", "2026-02-01T09:30:00+01:00"),
        ("2026-02-01 08:30:00", "2026-02-01T08:30:00+00:00"),
        ("1990-01-01T00:00:00Z", "1990-01-01T00:00:00+00:00"),
        ("1989-12-31T23:59:59Z", None),
        ("1904-01-01T00:00:00.000000Z", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_tags_moment(text: str, moment: str | None) -> None:
    found = moment_of(text)
    assert (found.isoformat() if found else None) == moment


def test_copies_have_one_fingerprint_and_recordings_have_different_ones(tmp_path: Path) -> None:
    first = clip(tmp_path / "a.mp4")
    copied = tmp_path / "another name.mp4"
    copied.write_bytes(first.read_bytes())
    assert fingerprint(first) == fingerprint(copied)
    assert fingerprint(first) != fingerprint(clip(tmp_path / "b.mp4", creation_time="2026-02-01T08:30:00Z"))
    assert fingerprint(tmp_path / "none.mp4") is None
