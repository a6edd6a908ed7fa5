"""Films a clip under conditions: any camera's place, light, lens and rate, with other people and things in the picture.

The truth stays what the joints of the posed body say, see `measured`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from .body import Body, Shape, load_body
from .camera import Camera
from .clips import Clip
from .clothing import Outfit
from .conditions import Conditions, Performance
from .holds import held_intervals
from .measured import judge_truth
from .motion import Actor, Prop, Take
from .motions import MOTIONS
from .optics import Lens, Sensor
from .others import beside, busy, walking
from .scene import Dressed, Scene
from .skeleton import Pose, Posed
from .solve import Follower
from .truth import Recorder
from .vary import cut, perform, window

VIEW_ANGLE = 42.0
SHUTTER_S = 0.06
SUBFRAMES = 3
#: every so many of a person's 20,000 vertices serve to tell which joints are hidden
MESH_STEP = 4


@dataclass(frozen=True)
class Script:
    """A clip with how it is performed and filmed; `company` = bodies and clothes of the other people; `said` = words for it."""

    clip: Clip
    how: Performance = field(default_factory=Performance)
    seen: Conditions = field(default_factory=Conditions)
    company: tuple[tuple[Shape, Outfit], ...] = ()
    said: tuple[str, ...] = ()


@dataclass
class Filmed:
    """A script that is ready to be drawn: `times` (s) of the frames in the take's time, `poses` (with those between)."""

    script: Script
    take: Take
    camera: Camera
    scene: Scene
    times: list[float]
    poses: dict[float, Pose]
    others: list[tuple[Dressed, dict[float, Pose | None]]]
    rng: np.random.Generator


def prepare(script: Script) -> Filmed:
    """Performs the motion and sets up camera, stage and company."""
    clip, how, seen = script.clip, script.how, script.seen
    rng = np.random.default_rng(clip.seed)
    entry = MOTIONS[clip.exercise]
    body = load_body(clip.looks[0])
    actor = Actor(body, frozenset(clip.faults), rng, clip.reps, clip.variant)
    actor.near = {1: "l", -1: "r"}[clip.facing] if clip.view == "side" else ""
    take = entry.motion(actor)
    azimuth = (90.0 * clip.facing if clip.view == "side" else 0.0) + float(rng.uniform(-4, 4)) + clip.turned
    spots = [k.pose for k in take.keys]
    if entry.kind == "none":
        spots = [p for p in spots if abs(p.get("x", 0.0)) < 1.0 and abs(p.get("y", 0.0)) < 1.0]
    camera = frame_up(script, body, spots, azimuth)
    perform(take, how, camera)
    start, end = window(take, how)
    cut(take, start, end)
    times = [t for t in np.arange(start, end, 1 / clip.fps).tolist() if not _in_gap(t, start, end, seen)]
    between = np.linspace(-0.5, 0.5, SUBFRAMES) * min(SHUTTER_S, 0.8 / clip.fps) if seen.blur else np.zeros(1)
    asked = sorted({t + float(d) for t in times for d in between})
    poses = dict(take.play_at(asked, Follower(body)))
    if seen.furniture:
        take.props.append(_furniture(camera, clip, rng))
    scene = Scene(camera, clip, take, entry.mat, rng, samples=1)
    filmed = Filmed(script, take, camera, scene, times, poses, [], rng)
    filmed.others.extend(_company(filmed, asked))
    return filmed


def _in_gap(t: float, start: float, end: float, seen: Conditions) -> bool:
    share = (t - start) / (end - start)
    return any(a < share < b for a, b in seen.gaps)


def frame_up(script: Script, body: Body, poses: list[Pose], azimuth: float) -> Camera:
    """A camera that sees the exercise with some room around it, or cut off where the conditions say so."""
    clip, seen = script.clip, script.seen
    joints = [Posed(body, p).joints for p in poses]
    points = np.vstack([list(j.values()) for j in joints])
    low, high = points.min(axis=0) - 0.08, points.max(axis=0) + 0.10
    if seen.cut:
        # measured where the script begins: somebody who bends must not move the picture's edge
        part = {"knees": "knee", "hips": "hip", "elbows": "elbow"}[seen.cut]
        low[2] = (joints[0][f"left_{part}"][2] + joints[0][f"right_{part}"][2]) / 2 - 0.02
    if script.seen.beside or script.seen.second in ("waves", "squats"):
        low[:2], high[:2] = low[:2] - 0.12, high[:2] + 0.12
    corners = np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
    middle = (low + high) / 2
    wide = 2 * float(np.degrees(np.arctan(np.tan(np.radians(VIEW_ANGLE / 2)) * seen.small)))
    distance = 1.5
    while True:
        rise = np.tan(np.radians(seen.raised)) * distance if seen.raised is not None else clip.camera_m - middle[2]
        height = float(np.clip(middle[2] + rise, 0.25, 2.3))
        place = (azimuth, height, distance, tuple(middle))
        tight = Camera(*place, VIEW_ANGLE, seen.width, seen.height)
        if _fits(tight, corners, bool(seen.cut)) or distance > 5.5:
            break
        distance += 0.05
    if seen.cut:
        middle = _lowered_edge(tight, middle, float(low[2]))
        place = (azimuth, height, distance, tuple(middle))
    return Camera(*place, wide, seen.width, seen.height, seen.roll)


def _fits(camera: Camera, corners: np.ndarray, cut_below: bool) -> bool:
    seen = camera.project(corners)
    margin = 0.05 * camera.width
    fits = (seen[:, 2] > 0.4) & (seen[:, 0] > margin) & (seen[:, 0] < camera.width - margin)
    fits &= seen[:, 1] > margin * 0.7
    if not cut_below:
        fits &= seen[:, 1] < camera.height - margin * 0.7
    return bool(fits.all())


def _lowered_edge(camera: Camera, middle: np.ndarray, edge: float) -> np.ndarray:
    """The target from which the picture's lower edge runs at a height (m) over the floor."""
    middle = middle.copy()
    for _ in range(60):
        there = replace(camera, target=tuple(middle))
        y = there.project(np.array([[middle[0], middle[1], edge]]))[0, 1]
        if abs(y - camera.height) < 2:
            break
        middle[2] += (y - camera.height) / camera.height * -0.5
    return middle


def _furniture(camera: Camera, clip: Clip, rng: np.random.Generator) -> Prop:
    """A low table or a stool between camera and mat: hides a part, not the person."""
    way = np.array([camera.back[1], -camera.back[0]])
    low = MOTIONS[clip.exercise].mat or clip.exercise == "side_plank"
    off = float(rng.choice([-1, 1])) * float(rng.uniform(0.25, 0.65) if low else rng.uniform(0.0, 0.3))
    away = float(rng.uniform(0.5, 0.7) if low else rng.uniform(0.6, 0.8))
    tall = float(rng.uniform(0.2, 0.3) if low else rng.uniform(0.45, 0.62))
    place = np.array(camera.target[:2]) + camera.back[:2] * away + way[:2] * off
    colour = tuple(int(c) for c in rng.integers(60, 200, 3))
    return Prop(
        "box", (float(place[0]), float(place[1]), tall / 2), (0.42, 0.36, tall), colour, turn=float(rng.uniform(0, 90))
    )


def _company(filmed: Filmed, times: list[float]) -> list[tuple[Dressed, dict[float, Pose | None]]]:
    """The other people with their pose at every time."""
    seen, camera, rng = filmed.script.seen, filmed.camera, filmed.rng
    way = np.array([camera.back[1], -camera.back[0]])
    out = []
    looks = list(filmed.script.company)
    half = _half_width(filmed) + 0.35
    centre = np.array(camera.target[:2])
    yaw = float(np.degrees(np.arctan2(camera.back[0], -camera.back[1])))
    if seen.beside:
        person = Dressed(filmed.scene.stage, looks.pop(0), {})
        place = centre + way * seen.beside * half - camera.back[:2] * 0.25
        turned = yaw - seen.beside * 60.0
        out.append((person, dict(zip(times, beside(person.body, place, turned, times, rng), strict=True))))
    if seen.second:
        person = Dressed(filmed.scene.stage, looks.pop(0), {})
        if seen.second == "walks":
            poses = walking(person.body, camera, centre - camera.back[:2] * 0.95, times, rng)
        else:
            side = -seen.beside or float(rng.choice([-1, 1]))
            place = centre + way * side * half - camera.back[:2] * 0.6
            poses = busy(seen.second, person.body, place, yaw + float(rng.uniform(-40, 40)), times, rng)
        out.append((person, dict(zip(times, poses, strict=True))))
    return out


def _half_width(filmed: Filmed) -> float:
    """How far the exercise reaches to either side in the picture, metres."""
    camera = filmed.camera
    way = np.array([camera.back[1], -camera.back[0], 0.0])
    body = filmed.scene.person.body
    keys = filmed.take.keys[:: max(len(filmed.take.keys) // 12, 1)]
    points = np.vstack([list(Posed(body, k.pose).joints.values()) for k in keys])
    off = np.abs((points - np.array(camera.target)) @ way)
    return float(off[off < 1.3].max(initial=0.3))


def film(script: Script, folder: Path) -> dict[str, object]:
    """Renders a script to `folder/<name>.mp4` with `folder/truth/<name>.npz`; returns its row of `truth.json`."""
    began = time.process_time()
    filmed = prepare(script)
    clip, seen = script.clip, script.seen
    sensor = Sensor(seen, filmed.scene.gain, filmed.rng)
    lens = Lens(seen)
    recorder = Recorder(filmed.camera, world=True)
    pictures = []
    for t in filmed.times:
        drawn, posed, vertices = _exposed(filmed, t)
        pictures.append(sensor.expose(lens.bend(drawn)))
        if not clip.empty:
            recorder.add(t - filmed.times[0], posed, vertices[::MESH_STEP])
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    stamps = [t - filmed.times[0] for t in filmed.times]
    encode(pictures, stamps, folder / f"{clip.name}.mp4")
    sidecar = folder / "truth" / f"{clip.name}.npz"
    recorder.conditions = list(script.said)
    recorder.seen_through(lens.straight_to_bent, seen.mirrored)
    recorder.save(str(sidecar))
    row = _row(filmed, sidecar)
    return row | {"cpu_s": round(time.process_time() - began, 2), "frames": len(pictures)}


def _exposed(filmed: Filmed, t: float) -> tuple[np.ndarray, Posed, np.ndarray]:
    """The picture of a frame: one moment, or the mean of a few while the shutter is open."""
    body = filmed.scene.person.body
    moments = [m for m in filmed.poses if abs(m - t) <= SHUTTER_S / 2 + 1e-6] if filmed.script.seen.blur else [t]
    drawn = []
    for m in moments:
        posed = Posed(body, filmed.poses[m], whole=True)
        vertices = filmed.scene.pose(posed)
        for person, by_time in filmed.others:
            pose = by_time[m]
            person.shown.show(pose is not None)
            if pose is not None:
                person.pose(Posed(person.body, pose, whole=True))
        drawn.append(filmed.scene.stage.draw())
    posed = Posed(body, filmed.poses[t], whole=True)
    picture = drawn[0] if len(drawn) == 1 else np.mean(drawn, axis=0).astype(np.uint8)
    return picture, posed, vertices


def encode(pictures: list[np.ndarray], stamps: list[float], path: Path) -> None:
    """H.264 with every frame's own time (s)."""
    import av

    partial = path.with_suffix(".part.mp4")
    with av.open(str(partial), "w", options={"movflags": "+faststart"}) as out:
        stream = out.add_stream("libx264", rate=60)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, 12000)
        stream.options = {"crf": "25", "preset": "veryfast", "threads": "1", "g": "60", "bf": "0"}
        for picture, t in zip(pictures, stamps, strict=True):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = round(t * 12000), Fraction(1, 12000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    partial.replace(path)


def _row(filmed: Filmed, sidecar: Path) -> dict[str, object]:
    clip, take, seen = filmed.script.clip, filmed.take, filmed.script.seen
    kind = MOTIONS[clip.exercise].kind
    first = filmed.times[0]
    swap = {"left": "right", "right": "left"} if seen.mirrored else {}
    sides = [swap.get(s, s) for _, s in take.peaks]
    holds = [[a - first, b - first] for a, b in _cores(take)]
    two = kind == "sides"
    negative = kind == "none"
    faults, open_faults, values = ([], [], {}) if negative else judge_truth(clip, take, sidecar, first)
    return {
        "clip": f"{clip.name}.mp4",
        "exercise": None if negative else clip.exercise,
        "variant": clip.variant or None,
        "view": None if negative else clip.view,
        "reps": len(take.peaks) if kind in ("reps", "sides") else 0 if negative else None,
        "left_reps": sides.count("left") if two else None,
        "right_reps": sides.count("right") if two else None,
        "rep_peaks_s": [] if negative else [round(t - first, 3) for t, _ in take.peaks],
        "hold_intervals_s": held_intervals(sidecar, holds) if holds else [],
        "faults": None if negative else faults,
        "open_faults": open_faults,
        "measured": values,
        "label": None if negative else "wrong" if faults else "correct",
        "notes": "",
        "conditions": list(filmed.script.said),
        "script": clip.exercise,
    }


def _cores(take: Take) -> list[tuple[float, float]]:
    """Each hold's own stay: without the way into a position that is not complete before, where one stay is most of it."""
    out = []
    for start, end in take.holds:
        inside = [
            (max(a.t, start), min(b.t, end), a.pose == b.pose) for a, b in zip(take.keys, take.keys[1:], strict=False)
        ]
        stays = [(b - a, a, b) for a, b, still in inside if still and b > a]
        longest = max(stays, default=(0.0, start, end))
        out.append((longest[1], longest[2]) if longest[0] >= 0.4 * (end - start) else (start, end))
    return out
