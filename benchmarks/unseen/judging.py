"""The two places at which the program is plugged in: landmarks of a clip, and what is judged from them."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path

from posturecam.report.types import Report


def landmarks_of(clip: Path) -> Path:
    """Landmarks of a clip, found by the real model once and then kept beside the clip; raises PosturecamError."""
    from posturecam.app.host import Host
    from posturecam.app.pose_model import model_file
    from posturecam.pose.mediapipe import MediaPipeEstimator
    from posturecam.sinks.landmarks import LandmarkRecorder
    from posturecam.sources.file import FileSource

    stored = clip.with_suffix(".landmarks.npz")
    if not stored.exists() or stored.stat().st_mtime < clip.stat().st_mtime:
        partial = clip.with_suffix(f".{os.getpid()}.npz")
        with FileSource(clip) as source, MediaPipeEstimator(model_file(None, Host()), silhouette=True) as estimator:
            recorder = LandmarkRecorder(partial, source)
            for frame in source:
                recorder.record(frame, estimator.estimate(frame))
            recorder.close()
        partial.replace(stored)
    return stored


def judge(exercise: str, variant: str | None, landmarks: Path) -> Report:
    """What the program reports of recorded landmarks; raises PosturecamError."""
    from posturecam.judging.judge import judge as judge_poses
    from posturecam.poses import load
    from posturecam.report.build import build_report, make_provenance
    from posturecam.spec.catalogue import choose_variant

    spec = choose_variant(_spec(exercise), variant)
    stored = load(landmarks)
    result = judge_poses(spec, stored.poses, still=stored.info.is_still).result()
    epoch = datetime.fromtimestamp(0, timezone.utc)
    return build_report(spec, result, stored.info, make_provenance(), created=epoch)


@lru_cache
def _spec(exercise: str):  # type: ignore[no-untyped-def]
    from posturecam.spec.catalogue import load_spec

    return load_spec(exercise)
