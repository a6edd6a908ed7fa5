"""How live coaching would run here: what a camera gives, what of it is looked at, and how late, at the load of the moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from posturecam.app.doctor import Finding
from posturecam.app.host import Host
from posturecam.app.pose_model import model_file
from posturecam.model import Frame, Pose
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.pose.quiet import native_stderr_silenced
from posturecam.sources.camera import CameraSource, parse_camera

WATCH_S = 6.0
SETTLE_S = 1.0
"""The first frames wait for the model to get going."""
MOST_DELAY_MS = 100.0
"""A picture that is later than this is seen to lag."""
FEWEST_HZ = 15.0
"""With fewer frames per second quick movements are timed badly."""
MOST_DROPPED = 0.1

LITE = "close other programs, or use the quicker model: --model lite"


@dataclass(frozen=True)
class Watched:
    """What was measured: frames per second ``given`` by the camera and ``looked_at``, and the delay of each in milliseconds.

    The delay lasts from the moment a picture was taken until its pose is known: (n,), one for each frame that was looked at.
    """

    given_hz: float
    looked_at_hz: float
    delays_ms: tuple[float, ...]

    @property
    def dropped(self) -> float:
        """Share of the frames that a newer one replaced."""
        return max(0.0, 1.0 - self.looked_at_hz / self.given_hz) if self.given_hz else 0.0


def watch(source: CameraSource, estimate: Callable[[Frame], Pose | None], seconds: float = WATCH_S) -> Watched:
    """Look at a camera's frames for so long as live coaching does: always the newest one, the others dropped."""
    delays: list[float] = []
    first_s = last_s = 0.0
    captured = 0
    for frame in source:
        estimate(frame)
        now_s = source.now()
        if now_s < SETTLE_S or not source.is_live:
            first_s, captured = now_s, source.counters.captured
            continue
        delays.append((now_s - frame.t_s) * 1000.0)
        last_s = now_s
        if now_s - first_s >= seconds:
            break
    lasted_s = last_s - first_s
    if lasted_s <= 0.0:
        return Watched(0.0, 0.0, ())
    given = (source.counters.captured - captured) / lasted_s
    return Watched(given, len(delays) / lasted_s, tuple(delays))


def findings(seen: Watched) -> list[Finding]:
    """What the measurement means for live coaching."""
    if not seen.delays_ms:
        return [Finding("missing", "Camera", "it gave no picture", "plug it in again, or choose another with --camera")]
    delay, late = np.percentile(seen.delays_ms, [50, 95])
    camera = f"gives {seen.given_hz:.0f} frames per second"
    looked = f"{seen.looked_at_hz:.0f} of them are looked at"
    if seen.dropped > MOST_DROPPED:
        looked += f", {seen.dropped:.0%} dropped for newer ones"
    told = f"{delay:.0f} ms from picture to pose, {late:.0f} ms at the worst (95 of 100)"
    return [
        Finding("ok", "Camera", camera)
        if seen.given_hz >= FEWEST_HZ
        else Finding("note", "Camera", camera, "give the room more light, or choose another camera"),
        Finding("ok", "Frames", looked)
        if seen.looked_at_hz >= min(FEWEST_HZ, 0.9 * seen.given_hz)
        else Finding("note", "Frames", looked, LITE),
        Finding("ok", "Delay", told) if late < MOST_DELAY_MS else Finding("note", "Delay", told, LITE),
    ]


def examine_camera(camera: str, model: str | None, host: Host, seconds: float = WATCH_S) -> list[Finding]:
    """Watch the camera (a number, a recording that stands in for one, an address); raises SourceError and ModelError."""
    path: Path = model_file(model, host)
    with (
        MediaPipeEstimator(path, silhouette=True) as estimator,
        CameraSource(parse_camera(camera), silence=native_stderr_silenced) as source,
        host.progress("Watching the camera", seconds, "seconds") as advance,
    ):

        def estimate(frame: Frame) -> Pose | None:
            advance(min(seconds, source.now()), seconds)
            return estimator.estimate(frame)

        return findings(watch(source, estimate, seconds))
