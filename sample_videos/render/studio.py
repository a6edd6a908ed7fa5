"""Renders one clip: performs the motion, frames it, draws it, encodes it, writes the truth."""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from .body import Body, load_body
from .camera import Camera
from .clips import Clip
from .holds import held_intervals
from .motion import Actor, Take
from .motions import MOTIONS
from .motions.walking import past
from .scene import Scene
from .skeleton import Pose, Posed
from .truth import Recorder

# 136 clips and their truth stay under 25 MB together
MAX_BYTES = 150_000


@dataclass
class Rendered:
    """What came of a clip: its row of `truth.json`, and how long a frame took (seconds)."""

    row: dict[str, object]
    frame_s: float
    lowest_m: float


@dataclass
class Shot:
    """A clip that is ready to be drawn: `frames` = (time in s, pose) each."""

    body: Body
    take: Take
    frames: list[tuple[float, Pose]]
    camera: Camera
    scene: Scene
    rng: np.random.Generator


def prepare(clip: Clip) -> Shot:
    """Performs the motion and sets up camera and stage."""
    rng = np.random.default_rng(clip.seed)
    entry = MOTIONS[clip.exercise]
    body = load_body(clip.looks[0])
    chosen = frozenset(clip.fault_reps) if clip.fault_reps is not None else None
    actor = Actor(body, frozenset(clip.faults), rng, clip.reps, clip.variant, chosen)
    actor.near = {1: "l", -1: "r"}[clip.facing] if clip.view == "side" else ""
    take = entry.motion(actor)
    frames = take.play(clip.fps)
    camera = _frame_up(clip, body, [p for _, p in frames[:: max(len(frames) // 16, 1)]], rng)
    scene = Scene(camera, clip, take, entry.mat, rng)
    return Shot(body, take, frames, camera, scene, rng)


def render(clip: Clip, folder: Path) -> Rendered:
    """Renders a clip to `folder/<name>.mp4` with `folder/truth/<name>.npz`."""
    shot = prepare(clip)
    recorder = Recorder(shot.camera)
    passing = _passing(clip, shot)
    pictures, lowest = [], 9.0
    began = time.perf_counter()
    for i, (t_s, pose) in enumerate(shot.frames):
        posed = Posed(shot.body, pose, whole=True)
        vertices = shot.scene.pose(posed)
        shot.scene.pass_by(passing.get(i))
        lowest = min(lowest, float(vertices[:, 2].min()))
        pictures.append(_sensor(shot.scene.stage.draw(), shot.rng, shot.scene.gain))
        if not clip.empty:
            recorder.add(t_s, posed, vertices)
    spent = (time.perf_counter() - began) / len(shot.frames)
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    encode(pictures, clip.fps, folder / f"{clip.name}.mp4")
    truth = folder / "truth" / f"{clip.name}.npz"
    recorder.save(str(truth))
    row = _row(clip, shot.take, MOTIONS[clip.exercise].kind)
    row["hold_intervals_s"] = held_intervals(truth, row["hold_intervals_s"]) if row["hold_intervals_s"] else []
    return Rendered(row, spent, lowest)


def _passing(clip: Clip, shot: Shot) -> dict[int, Pose]:
    """Poses of the second person by frame: one way and, later, back again, behind the exercise."""
    if shot.scene.passer is None:
        return {}
    camera, out = shot.camera, {}
    way = np.array([camera.back[1], -camera.back[0]])
    middle = np.array(camera.target[:2]) - camera.back[:2] * 0.95
    for begin, sign in ((0.22, 1.0), (0.68, -1.0)):
        poses = past(shot.scene.passer.body, middle - sign * way * 3.0, middle + sign * way * 3.0, clip.fps)
        out |= {int(begin * len(shot.frames)) + k: pose for k, pose in enumerate(poses)}
    return out


def _frame_up(clip: Clip, body: Body, poses: list[Pose], rng: np.random.Generator) -> Camera:
    """A camera that sees the whole motion with some room around it."""
    points = np.vstack([list(Posed(body, p).joints.values()) for p in poses])
    low, high = points.min(axis=0) - 0.08, points.max(axis=0) + 0.10
    if MOTIONS[clip.exercise].kind == "none":
        # whoever walks in comes from outside the picture
        low[:2], high[:2] = np.maximum(low[:2], -1.0), np.minimum(high[:2], 1.0)
    middle = (low + high) / 2
    base = 90.0 * clip.facing if clip.view == "side" else 0.0
    azimuth = base + float(rng.uniform(-6, 6)) + clip.turned
    width, height = (480, 640) if clip.portrait else (640, 480)
    corners = np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
    distance = 1.6
    while True:
        camera = Camera(azimuth, clip.camera_m, distance, tuple(middle), 42.0, width, height)
        seen = camera.project(corners)
        margin = 0.055 * width
        fits = (seen[:, 2] > 0.4) & (seen[:, 0] > margin) & (seen[:, 0] < width - margin)
        fits &= (seen[:, 1] > margin * 0.7) & (seen[:, 1] < height - margin * 0.7)
        if fits.all() or distance > 6:
            return camera
        distance += 0.05


def _sensor(picture: np.ndarray, rng: np.random.Generator, gain: float) -> np.ndarray:
    """Exposure, a soft lens and a little noise, as of a laptop's camera."""
    level = 255 * (np.linspace(0, 1, 256) * gain) ** 0.78
    bright = cv2.LUT(picture, np.clip(level, 0, 255).astype(np.uint8))
    grain = rng.integers(-3, 4, (*picture.shape[:2], 1), dtype=np.int16)
    return np.clip(bright.astype(np.int16) + grain, 0, 255).astype(np.uint8)


def encode(pictures: list[np.ndarray], fps: float, path: Path) -> None:
    """H.264, yuv420p, in at most `MAX_BYTES`; quality gives way to size."""
    crf = 25.0
    while True:
        partial = path.with_suffix(".part.mp4")
        _write(pictures, fps, crf, partial)
        size = partial.stat().st_size
        if size <= MAX_BYTES or crf >= 45:
            partial.replace(path)
            return
        # six steps halve the size
        crf += max(1.0, 6.5 * np.log2(size / MAX_BYTES))


def _write(pictures: list[np.ndarray], fps: float, crf: float, path: Path) -> None:
    import av

    with av.open(str(path), "w", options={"movflags": "+faststart"}) as out:
        stream = out.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001))
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        # one thread: the same bytes on every machine
        stream.options = {"crf": f"{crf:.1f}", "preset": "medium", "threads": "1", "g": str(int(fps * 4))}
        for picture in pictures:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode())


def _row(clip: Clip, take: Take, kind: str) -> dict[str, object]:
    counted = kind in ("reps", "sides")
    nothing = kind == "none"
    judged = clip.judgeable and not nothing
    sides = [s for _, s in take.peaks]
    reps = len(take.peaks) if counted else None
    if nothing:
        reps = 0
    return {
        "clip": f"{clip.name}.mp4",
        "exercise": None if kind == "none" else clip.exercise,
        "variant": clip.variant or None,
        "view": None if kind == "none" else clip.view,
        "reps": reps,
        "left_reps": sides.count("left") if kind == "sides" and counted else None,
        "right_reps": sides.count("right") if kind == "sides" and counted else None,
        "rep_peaks_s": [] if nothing else [round(t, 3) for t, _ in take.peaks],
        "hold_intervals_s": [] if nothing else [[round(x, 3) for x in h] for h in take.holds],
        "faults": list(clip.faults) if judged else None,
        "label": clip.label if judged else None,
        "notes": clip.notes,
    }
