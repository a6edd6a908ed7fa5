"""Replays a stored ``landmarks.npz``: a source of frames without pictures, and the estimator that knows their poses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posturecam.model import Frame, Pose, SourceInfo
from posturecam.poses import PoseSequence, load


class LandmarkSource:
    """A stored session as both source and estimator: ``run(replay, replay, analyzer, sinks)``.

    The frames carry their original index and time and a black picture of the original size (one shared byte, no memory).
    ``extra`` is what the recorder's caller kept. Raises :class:`SourceError` as :func:`posturecam.poses.load` does.
    """

    def __init__(self, path: str | Path) -> None:
        stored = load(path)
        self.poses: PoseSequence = stored.poses
        self._info, self.extra = stored.info, stored.extra

    @property
    def info(self) -> SourceInfo:
        """What the original source said of itself at its end, warnings included."""
        return self._info

    @property
    def arrays(self) -> Mapping[str, NDArray[Any]]:
        """The file's arrays by name, one row a frame, as :mod:`posturecam.poses` describes them."""
        return self.poses.arrays

    def __len__(self) -> int:
        return len(self.poses)

    def __enter__(self) -> LandmarkSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Nothing to release."""

    def __iter__(self) -> Iterator[Frame]:
        """The frames in order; may be iterated more than once."""
        black = np.zeros((), dtype=np.uint8)
        for index, (t_s, (width, height)) in enumerate(zip(self.poses.t_s, self.poses.size, strict=True)):
            yield Frame(index, float(t_s), np.broadcast_to(black, (int(height), int(width), 3)))

    def estimate(self, frame: Frame) -> Pose | None:
        """The pose stored for this frame's index, None where nobody was seen."""
        return self.poses.pose(frame.index)
