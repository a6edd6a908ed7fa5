"""Renders one clip: performs the motion, frames it, draws it, encodes it, writes the truth."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from .body import Body, load_body
from .camera import Camera
from .cast import PEOPLE, ROOMS
from .clips import Clip
from .clothing import Mesh, dress
from .motion import Actor, Prop, Take
from .motions import MOTIONS
from .renderer import Shown, Stage
from .room import box, build, tube
from .rotation import Z, about
from .skeleton import Pose, Posed
from .skin import skin
from .truth import Recorder

MAX_BYTES = 245_000


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
    scene: _Scene
    rng: np.random.Generator


def prepare(clip: Clip) -> Shot:
    """Performs the motion and sets up camera and stage."""
    rng = np.random.default_rng(clip.seed)
    entry = MOTIONS[clip.exercise]
    shape, outfit = PEOPLE[clip.person]
    body = load_body(shape)
    chosen = frozenset(clip.fault_reps) if clip.fault_reps is not None else None
    actor = Actor(body, frozenset(clip.faults), rng, clip.reps, clip.variant, chosen)
    actor.near = {1: "l", -1: "r"}[clip.facing] if clip.view == "side" else ""
    take = entry.motion(actor)
    frames = take.play(clip.fps)
    camera = _frame_up(clip, body, [p for _, p in frames[:: max(len(frames) // 16, 1)]], rng)
    scene = _Scene(camera, clip, body, dress(body, outfit), take, entry.mat, rng)
    return Shot(body, take, frames, camera, scene, rng)


def render(clip: Clip, folder: Path) -> Rendered:
    """Renders a clip to `folder/<name>.mp4` with `folder/truth/<name>.npz`."""
    shot = prepare(clip)
    recorder = Recorder(shot.camera)
    pictures, lowest = [], 9.0
    began = time.perf_counter()
    for t_s, pose in shot.frames:
        posed = Posed(shot.body, pose, whole=True)
        vertices = shot.scene.pose(posed)
        lowest = min(lowest, float(vertices[:, 2].min()))
        pictures.append(_sensor(shot.scene.stage.draw(), shot.rng, shot.scene.gain))
        recorder.add(t_s, posed, vertices)
    spent = (time.perf_counter() - began) / len(shot.frames)
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    encode(pictures, clip.fps, folder / f"{clip.name}.mp4")
    recorder.save(str(folder / "truth" / f"{clip.name}.npz"))
    return Rendered(_row(clip, shot.take, MOTIONS[clip.exercise].kind), spent, lowest)


def _frame_up(clip: Clip, body: Body, poses: list[Pose], rng: np.random.Generator) -> Camera:
    """A camera that sees the whole motion with some room around it."""
    points = np.vstack([list(Posed(body, p).joints.values()) for p in poses])
    low, high = points.min(axis=0) - 0.08, points.max(axis=0) + 0.10
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


class _Scene:
    """The stage with person, room and props."""

    def __init__(
        self,
        camera: Camera,
        clip: Clip,
        body: Body,
        mesh: Mesh,
        take: Take,
        mat: bool,
        rng: np.random.Generator,
    ) -> None:
        turn = about(Z, round(camera.azimuth / 90) * 90.0)
        aim = np.array([camera.target[0], camera.target[1], 0.3])
        side = float(rng.choice([-1, 1]))
        sun = turn @ np.array([side * 1.5, -1.3, 3.3]) + aim * [1, 1, 0]
        self.stage = Stage(camera, sun, aim, float(rng.uniform(0, 1)))
        room = ROOMS[clip.room]
        self.gain = float(rng.uniform(1.05, 1.2))
        build(self.stage, room if mat else replace(room, mat=None), rng)
        self.mesh = mesh
        posed = Posed(body, take.keys[0].pose, whole=True)
        place, facing = skin(posed, mesh.vertices, mesh.normals, mesh.weights)
        self.person = self.stage.add(place, mesh.faces, facing, colours=mesh.colours, moving=True)
        self.bands: list[tuple[Prop, str, Shown]] = []
        for prop in take.props:
            self._prop(prop)

    def _prop(self, prop: Prop) -> None:
        if prop.kind == "box":
            box(self.stage, prop.centre, prop.size, prop.colour, prop.turn)
            return
        start, end = np.array(prop.start, float), np.array(prop.end, float)
        sides = 28 if prop.kind == "roller" else 8
        for joint in prop.joints * (2 if prop.start_joint else 1) or ("",):
            points, faces, normals = tube(start, end + 1e-3 * Z, prop.radius, sides)
            paint = np.tile(np.array(prop.colour), (len(points), 1))
            shown = self.stage.add(points, faces, normals, colours=paint, moving=prop.kind == "band")
            if prop.kind == "band":
                self.bands.append((prop, joint, shown))
        if prop.kind == "roller":
            axis = (end - start) / np.linalg.norm(end - start)
            for tip, out in ((start, -axis), (end, axis)):
                ring, _, _ = tube(tip, tip + out * 1e-3, prop.radius, sides)
                disc = ring[:sides][:: 1 if out is axis else -1]
                self.stage.add(
                    disc,
                    np.arange(sides)[None],
                    normals=np.tile(out, (sides, 1)),
                    colours=np.tile(np.array(prop.colour) * 0.8, (sides, 1)),
                )

    def pose(self, posed: Posed) -> np.ndarray:
        """Moves the person and the bands; returns the person's vertices (world, metres)."""
        place, facing = skin(posed, self.mesh.vertices, self.mesh.normals, self.mesh.weights)
        self.person.move(place, facing)
        for k, (prop, joint, shown) in enumerate(self.bands):
            start, end = np.array(prop.start), posed.joints[joint]
            if prop.start_joint:
                # stretched between the hands, it lies over the chest instead of cutting through it
                start = _before_chest(posed, (posed.joints[prop.start_joint] + end) / 2)
                end = posed.joints[prop.start_joint] if k % 2 else end
            points, _, normals = tube(start, end, prop.radius, 8)
            shown.move(points, normals)
        return place


def _before_chest(posed: Posed, point: np.ndarray) -> np.ndarray:
    front = -posed.rotation("spine01")[:, 1]
    deep = float((point - posed.point("neck01")) @ front)
    return point + front * max(0.17 - deep, 0.0)


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
        stream.options = {"crf": f"{crf:.1f}", "preset": "slow", "threads": "1", "g": str(int(fps * 4))}
        for picture in pictures:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode())


def _row(clip: Clip, take: Take, kind: str) -> dict[str, object]:
    counted = kind in ("reps", "sides")
    sides = [s for _, s in take.peaks]
    return {
        "clip": f"{clip.name}.mp4",
        "exercise": clip.exercise,
        "variant": clip.variant or None,
        "view": clip.view,
        "reps": len(take.peaks) if counted else None,
        "left_reps": sides.count("left") if kind == "sides" else None,
        "right_reps": sides.count("right") if kind == "sides" else None,
        "rep_peaks_s": [round(t, 3) for t, _ in take.peaks],
        "hold_intervals_s": [[round(x, 3) for x in h] for h in take.holds],
        "faults": list(clip.faults),
        "label": clip.label,
        "notes": clip.notes,
    }
