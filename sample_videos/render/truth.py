"""What is exactly known about a clip: joints in the picture, angles, spine, repetitions, holds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .camera import Camera
from .rotation import unit
from .skeleton import Posed

ANGLES = ("elbow", "shoulder", "hip", "knee")


class Recorder:
    """Collects one row per frame and writes the clip's `.npz`."""

    def __init__(self, camera: Camera, world: bool = False) -> None:
        self.camera, self.world = camera, world
        self.conditions: list[str] = []
        self.rows: list[dict[str, np.ndarray | float]] = []
        self.names: list[str] = []

    def add(self, t_s: float, posed: Posed | None, mesh: np.ndarray | None) -> None:
        """One frame; `mesh` = world vertices of everyone in the picture, for occlusion."""
        if posed is None or mesh is None:
            return
        self.names = list(posed.joints)
        world = np.array([posed.joints[n] for n in self.names])
        pixels = self.camera.project(world)
        row: dict[str, np.ndarray | float] = {
            "t_s": t_s,
            "joints2d": pixels[:, :2],
            "visible": self._visible(pixels, mesh),
        }
        if self.world:
            row["world"] = world
        for name in ANGLES:
            row[f"{name}_deg"] = np.array([posed.angle(name, "l"), posed.angle(name, "r")])
        row.update(_trunk_and_head(posed))
        self.rows.append(row)

    def _visible(self, pixels: np.ndarray, mesh: np.ndarray) -> np.ndarray:
        """False where other parts of the body stand over 0.13 m in front of the joint."""
        seen = self.camera.project(mesh)
        out = np.zeros(len(pixels), dtype=bool)
        for i, (x, y, depth) in enumerate(pixels):
            near = (np.abs(seen[:, 0] - x) < 7) & (np.abs(seen[:, 1] - y) < 7)
            front = seen[near, 2].min() if near.any() else depth
            inside = 0 <= x < self.camera.width and 0 <= y < self.camera.height
            out[i] = inside and front > depth - 0.13
        return out

    def seen_through(self, bend: Callable[[np.ndarray], np.ndarray], mirrored: bool) -> None:
        """Moves the pixels as a lens does, and flips picture, world and sides where the picture is mirrored."""
        swap = [self.names.index(_other(n)) for n in self.names]
        for row in self.rows:
            pixels = bend(np.asarray(row["joints2d"]))
            if mirrored:
                pixels = pixels[swap] * [-1.0, 1.0] + [self.camera.width, 0.0]
                row["visible"] = np.asarray(row["visible"])[swap]
                row["world"] = np.asarray(row["world"])[swap] * [-1.0, 1.0, 1.0]
                for name in (*(f"{a}_deg" for a in ANGLES),):
                    row[name] = np.asarray(row[name])[::-1]
                for name in ("head_roll_deg", "head_yaw_deg"):
                    row[name] = -float(np.asarray(row[name]))
            row["joints2d"] = pixels

    def save(self, path: str) -> None:
        """Writes times (s), pixels, visibility and degrees; sides in the order left, right."""
        arrays = {"joint_names": np.array(self.names)}
        if self.conditions:
            arrays["conditions"] = np.array(self.conditions)
        for name in self.rows[0] if self.rows else ():
            values = np.array([row[name] for row in self.rows])
            if name == "t_s":
                values = values.astype(np.float32)
            elif name == "joints2d":
                # steps of an eighth of a pixel pack well
                values = (np.round(values * 8) / 8).astype(np.float32)
            elif name == "world":
                values = values.astype(np.float32)
            elif values.dtype == float:
                values = values.astype(np.float16)
            arrays[name] = values
        np.savez_compressed(path, **arrays)


def _other(name: str) -> str:
    """The same joint of the other side."""
    if name.startswith("left_"):
        return "right_" + name[5:]
    return "left_" + name[6:] if name.startswith("right_") else name


def _trunk_and_head(posed: Posed) -> dict[str, float]:
    j = posed.joints
    up = (j["left_shoulder"] + j["right_shoulder"] - j["left_hip"] - j["right_hip"]) / 2
    tilt = np.degrees(np.arccos(np.clip(unit(up)[2], -1, 1)))
    root, chest, head = (posed.rotation(b) for b in ("root", "spine01", "head"))
    neck = chest.T @ head
    # pitch + = chin down, roll + = left ear down, yaw + = looks to the left, all against the chest
    pitch = np.degrees(np.arctan2(neck[2, 1], neck[2, 2]))
    roll = np.degrees(np.arctan2(-neck[2, 0], np.hypot(neck[2, 1], neck[2, 2])))
    yaw = np.degrees(np.arctan2(neck[1, 0], neck[0, 0]))
    spine = root.T @ chest
    flexion = np.degrees(np.arctan2(spine[2, 1], spine[2, 2]))
    world_pitch = np.degrees(np.arcsin(np.clip(-(head @ np.array([0, -1.0, 0]))[2], -1, 1)))
    return {
        "trunk_tilt_deg": float(tilt),
        "head_pitch_deg": float(pitch),
        "head_roll_deg": float(roll),
        "head_yaw_deg": float(yaw),
        "head_world_pitch_deg": float(world_pitch),
        "spine_flexion_deg": float(flexion),
    }
