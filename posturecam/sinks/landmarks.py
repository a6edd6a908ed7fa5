"""Keeps a session's poses as ``landmarks.npz``, so that it can be judged again without the video.

Arrays, for n frames (``schema`` 1): ``t_s`` (n,) float64 seconds; ``seen`` (n,) whether somebody was seen; ``points``
(n, 33, 2), ``world`` (n, 33, 3) and ``visibility`` (n, 33) float32 as in :class:`posturecam.model.Pose`, NaN where nobody
was seen; ``size`` (n, 2) int32 width and height in pixels; ``outlined`` (n,) whether the frame has a contour, ``contour``
(n, 2, 15) float32; ``info`` a JSON text with the source's :class:`posturecam.model.SourceInfo` and what else the caller
wants kept.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np

from posturecam.errors import OutputError
from posturecam.files import whole_file
from posturecam.model import CONTOUR_SAMPLES, LANDMARK_COUNT, Frame, Pose, SourceInfo

SCHEMA = "posturecam.landmarks/1"
PACK_FRAMES = 500

_Row: TypeAlias = tuple[float, Pose | None, int, int]
_Arrays: TypeAlias = dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]


class HasInfo(Protocol):
    """Whatever knows its source; read at the end, when the information is complete."""

    @property
    def info(self) -> SourceInfo:
        """What is known about the source."""
        ...


class LandmarkRecorder:
    """Collects poses as they are estimated (before any smoothing) and writes them all on :meth:`close`.

    ``extra`` goes into the file's ``info`` under "extra"; its values must be plain JSON. Nothing is written when no frame came.
    """

    def __init__(self, path: str | Path, source: HasInfo, extra: Mapping[str, object] | None = None) -> None:
        self._path = Path(path)
        self._source = source
        self._extra = dict(extra or {})
        self._rows: list[_Row] = []
        self._packed: list[_Arrays] = []

    def record(self, frame: Frame, pose: Pose | None) -> None:
        """Remember one frame's pose, None when nobody was seen."""
        height, width = frame.image.shape[:2]
        if pose is not None:
            width, height = pose.width, pose.height
        self._rows.append((frame.t_s, pose, width, height))
        if len(self._rows) >= PACK_FRAMES:
            self._pack()

    def _pack(self) -> None:
        """Poses as objects take three times the memory that their numbers need."""
        if self._rows:
            self._packed.append(_arrays(self._rows))
            self._rows = []

    def close(self) -> None:
        """Write the file, whole or not at all; a second call does nothing. Raises OutputError when it cannot be written."""
        self._pack()
        packed, self._packed = self._packed, []
        if not packed:
            return
        arrays = {name: np.concatenate([part[name] for part in packed]) for name in packed[0]}
        info = {"source": dataclasses.asdict(self._source.info), "extra": self._extra}
        try:
            with whole_file(self._path) as file:
                info_text = np.array(json.dumps(info))
                np.savez_compressed(file, **arrays, schema=np.array(SCHEMA), info=info_text)  # type: ignore[arg-type]
        except OSError as error:
            raise OutputError(f"{self._path} cannot be written: {error.strerror or error}.") from error


def _arrays(rows: list[_Row]) -> _Arrays:
    count = len(rows)
    points = np.full((count, LANDMARK_COUNT, 2), np.nan, dtype=np.float32)
    world = np.full((count, LANDMARK_COUNT, 3), np.nan, dtype=np.float32)
    visibility = np.full((count, LANDMARK_COUNT), np.nan, dtype=np.float32)
    contour = np.full((count, 2, CONTOUR_SAMPLES), np.nan, dtype=np.float32)
    seen = np.zeros(count, dtype=np.bool_)
    outlined = np.zeros(count, dtype=np.bool_)
    for index, (_, pose, _, _) in enumerate(rows):
        if pose is None:
            continue
        seen[index] = True
        points[index], world[index], visibility[index] = pose.points, pose.world, pose.visibility
        if pose.contour is not None:
            outlined[index] = True
            contour[index] = pose.contour
    return {
        "t_s": np.array([row[0] for row in rows], dtype=np.float64),
        "size": np.array([row[2:] for row in rows], dtype=np.int32),
        "seen": seen,
        "outlined": outlined,
        "points": points,
        "world": world,
        "visibility": visibility,
        "contour": contour,
    }
