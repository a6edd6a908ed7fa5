"""Whether the finishing gesture ever fires by mistake: ``python -m benchmarks.gesture FOLDER...``.

Looks at every recording (mp4) and stored session (npz) in the folders and prints those in which somebody crossed their arms as
the gesture asks, for how many frames, and when it would have ended the session. None is what exercises should give.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from posturecam.coaching.gesture import FinishGesture, arms_crossed
from posturecam.errors import SourceError
from posturecam.model import Pose
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.pose.models import ready_model
from posturecam.sources.file import FileSource
from posturecam.sources.landmarks import LandmarkSource


def poses(path: Path, model: Path) -> Iterator[tuple[float, Pose | None]]:
    """Times and poses of a recording or stored session."""
    if path.suffix == ".npz":
        stored = LandmarkSource(path)
        yield from ((frame.t_s, stored.estimate(frame)) for frame in stored)
        return
    with FileSource(path) as source, MediaPipeEstimator(model, silhouette=False) as estimator:
        yield from ((frame.t_s, estimator.estimate(frame)) for frame in source)


def main() -> None:
    """Look at everything and print what was found."""
    model = ready_model()
    if model is None or len(sys.argv) < 2:
        sys.exit("usage: python -m benchmarks.gesture FOLDER... (with the pose model fetched)")
    paths = [path for folder in sys.argv[1:] for suffix in ("mp4", "npz") for path in Path(folder).rglob(f"*.{suffix}")]
    total = fired = 0
    for path in sorted(paths):
        gesture = FinishGesture()
        frames = crossed = 0
        ended_s: float | None = None
        try:
            for t_s, pose in poses(path, model):
                frames += 1
                crossed += pose is not None and arms_crossed(pose)
                if gesture.update(t_s, pose) >= 1.0 and ended_s is None:
                    ended_s = t_s
        except SourceError as error:  # such as arrays of another program
            print(error)
            continue
        total += frames
        fired += ended_s is not None
        if crossed:
            print(
                f"{path.name}: crossed in {crossed} of {frames} frames, "
                + (f"ends at {ended_s:.1f} s" if ended_s else "never ends")
            )
    print(f"{len(paths)} clips, {total} frames: the gesture fired in {fired}.")


if __name__ == "__main__":
    main()
