"""A recording whose rest holds nothing is read up to there, and one that lost its signal for a while is read to its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from posturecam.sources import waiting
from posturecam.sources.file import FileSource
from posturecam.sources.waiting import Fruitless
from tests.conftest import MakeClip


def with_a_hole(clip: Path, share: tuple[float, float]) -> Path:
    """The recording with rubbish in place of a share of its bytes; a stream of pictures has no index to be lost."""
    data = bytearray(clip.read_bytes())
    first, last = (int(len(data) * part) for part in share)
    data[first:last] = b"\x00\x00\x01\x65\xff" * ((last - first) // 5) + b"\xff" * ((last - first) % 5)
    clip.write_bytes(data)
    return clip


def test_only_many_damaged_pieces_for_a_long_time_end_it() -> None:
    counter = Fruitless()
    assert not any(counter.too_long(now_s=0.01 * number) for number in range(900))
    assert not counter.too_long(now_s=8.9)
    assert counter.too_long(now_s=9.1)
    counter.over()
    assert not counter.too_long(now_s=100.0)
    assert not counter.too_long(now_s=200.0)


@pytest.mark.parametrize("patient", [True, False])
def test_pieces_without_pictures(make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch, patient: bool) -> None:
    monkeypatch.setattr(waiting, "FRUITLESS_PIECES", 20)
    if not patient:
        monkeypatch.setattr(waiting, "STALLED_S", -1.0)
    clip = with_a_hole(make_clip("clip.h264", frames=200), (0.4, 0.6))
    with FileSource(clip) as source:
        seen = sum(1 for _ in source)
        info = source.info
    assert ("breaks off" in info.warnings[0]) == (not patient)
    assert seen > 100 if patient else 0 < seen < 100
