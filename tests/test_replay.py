"""Landmarks once, scores for ever: a replay of the stored landmarks is judged exactly as the recording was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posturecam.judging.analyzer import Analyzer
from posturecam.pipeline import run
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.sinks.landmarks import LandmarkRecorder
from posturecam.sources.file import FileSource
from posturecam.sources.landmarks import LandmarkSource
from posturecam.spec.catalogue import load_exercise


@pytest.mark.model
def test_a_replay_is_judged_exactly_as_the_recording_was(model_path: Path, sample_clip: Path, tmp_path: Path) -> None:
    exercise = load_exercise("push_up", "floor")
    with FileSource(sample_clip) as source, MediaPipeEstimator(model_path, silhouette=True) as estimator:
        recorder = LandmarkRecorder(tmp_path / "landmarks.npz", source)
        first = run(source, estimator, Analyzer(exercise), recorder=recorder).session
        info = source.info

    replay = LandmarkSource(tmp_path / "landmarks.npz")
    second = run(replay, replay, Analyzer(exercise)).session

    assert replay.info == info
    assert first.frames == second.frames == info.frames
    for field in ("reps", "attempts", "holds", "held_fault_s", "doubts", "tracking", "score", "duration_s"):
        assert getattr(first, field) == getattr(second, field)
    assert first.trace.stage == second.trace.stage
    for name, values in first.trace.measures.items():
        assert np.array_equal(values, second.trace.measures[name], equal_nan=True)
