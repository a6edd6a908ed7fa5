"""Keeps a session's poses as ``landmarks.npz`` (:mod:`posturecam.poses`), so that it can be judged again without the video."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from posturecam.model import Frame, Pose, SourceInfo
from posturecam.poses import PoseSequence


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
        self._poses = PoseSequence()

    def record(self, frame: Frame, pose: Pose | None) -> None:
        """Remember one frame's pose, None when nobody was seen."""
        height, width = frame.image.shape[:2]
        if pose is not None:
            width, height = pose.width, pose.height
        self._poses.append(frame.t_s, pose, width, height)

    def close(self) -> None:
        """Write the file, whole or not at all; a second call does nothing. Raises OutputError when it cannot be written."""
        poses, self._poses = self._poses, PoseSequence()
        if len(poses):
            poses.save(self._path, self._source.info, self._extra)
