"""Whether somebody else is in the picture, for nearly nothing: now and then all bodies are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np

from posturecam.kinematics.bodies import apart, body_size
from posturecam.model import Frame, Pose
from posturecam.pose.empty import EmptyPicture
from posturecam.pose.mediapipe import MediaPipeEstimator

MOST_PEOPLE = 4
SAMPLE_S, LATER_SAMPLE_S, LATER_FROM_S = 2.0, 5.0, 30.0
"""Seconds between looks for others; they are rarer once nobody else came for a while."""
CROWDED_SAMPLES = 2
"""Looks that must show somebody else: one alone may have taken a chair for a person."""
SMALLEST_OTHER = 0.4
"""Size of another person over the largest one's: smaller ones are far behind, and nobody follows them by mistake."""


class Watching:
    """An estimator that follows one body and now and then looks whether there are others; a context manager.

    With one person in the picture a look costs about as much as two frames; every second or fifth second has one, from
    ``first_s`` on. Where several watch parts of a recording, :func:`crowded` is asked about the sum of their ``with_others``.
    """

    def __init__(self, model_path: str | Path, silhouette: bool, first_s: float = -np.inf) -> None:
        self._follower = MediaPipeEstimator(model_path, silhouette)
        self._model_path = model_path
        self._everybody: MediaPipeEstimator | None = None
        self._empty = EmptyPicture()
        self._next_s = first_s
        self.looks = 0
        self.with_others = 0

    @property
    def crowded(self) -> bool:
        """Whether somebody else was seen often enough to be a person."""
        return crowded(self.with_others)

    def __enter__(self) -> Watching:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release both models; may be called more than once."""
        self._follower.close()
        if self._everybody is not None:
            self._everybody.close()

    def estimate(self, frame: Frame) -> Pose | None:
        """The followed body, or None when nobody is seen. A picture that stays as it is and empty is looked at now and then."""
        if self._empty.same(frame):
            return None
        pose = self._follower.estimate(frame)
        self._empty.looked(frame, pose is not None)
        if frame.t_s >= self._next_s:
            self._next_s = frame.t_s + (SAMPLE_S if frame.t_s < LATER_FROM_S or self.with_others else LATER_SAMPLE_S)
            self.looks += 1
            self.with_others += others_in(self._all(frame)) > 0
        return pose

    def _all(self, frame: Frame) -> list[Pose]:
        """Everybody in a picture. The model for that is loaded when it is wanted first: the first pose does not wait for it."""
        if self._everybody is None:
            self._everybody = MediaPipeEstimator(self._model_path, silhouette=False, people=MOST_PEOPLE, apart=True)
        return self._everybody.estimate_all(frame)


def crowded(with_others: int) -> bool:
    """Whether so many looks that showed somebody else show a person."""
    return with_others >= CROWDED_SAMPLES


def others_in(bodies: Sequence[Pose]) -> int:
    """How many people besides the largest are in the picture, without those far behind and bodies found twice."""
    own = apart([body.points for body in bodies])
    sizes = [float(body_size(bodies[place].points)) for place in own]
    return sum(size >= SMALLEST_OTHER * max(sizes) for size in sizes) - 1 if sizes else 0
