"""Draws the page's figure of every exercise from the sample clips' known joints: python -m tools.exercise_figures.

The end position (or the hold) is dark, the rest position pale; what is drawn is where the rendered person's joints truly were.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
CLIPS = ROOT / "sample_videos"
OUT = ROOT / "posturecam" / "web" / "static" / "figures"
SIDES = ("left", "right")
LIMBS = (("shoulder", "elbow", "wrist", "index"), ("hip", "knee", "ankle", "foot_index"))
WIDTH, HEIGHT, MARGIN = 240.0, 150.0, 14.0
DARK, PALE = "#0b7285", "#9fb3bd"


def figure(joints: dict[str, np.ndarray], colour: str) -> str:
    """One body as SVG lines."""
    middle = {part: (joints[f"left_{part}"] + joints[f"right_{part}"]) / 2 for part in ("shoulder", "hip", "ear")}
    torso = float(np.hypot(*(middle["shoulder"] - middle["hip"])))
    lines = [[joints[f"{side}_{part}"] for part in limb] for limb in LIMBS for side in SIDES]
    lines += [[joints["left_shoulder"], joints["right_shoulder"]], [joints["left_hip"], joints["right_hip"]]]
    lines += [[middle["ear"], middle["shoulder"], middle["hip"]]]
    width = max(3.0, torso * 0.16)
    drawn = "".join(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in line)}"/>' for line in lines)
    x, y = middle["ear"]
    return (
        f'<g fill="none" stroke="{colour}" stroke-width="{width:.1f}" stroke-linecap="round" stroke-linejoin="round">'
        f'{drawn}<circle cx="{x:.1f}" cy="{y:.1f}" r="{torso * 0.2:.1f}" fill="{colour}" stroke="none"/></g>'
    )


def moments(clip: dict[str, Any]) -> list[float]:
    """Rest and end position, or the middle of a hold, in seconds."""
    if clip["hold_intervals_s"]:
        begin, end = clip["hold_intervals_s"][0]
        return [(begin + end) / 2]
    first, second = clip["rep_peaks_s"][:2]
    return [(first + second) / 2, first]


def draw(clip: dict[str, Any]) -> str:
    """The SVG of one clip."""
    truth = np.load(CLIPS / "truth" / f"{Path(clip['clip']).stem}.npz")
    names = [str(name) for name in truth["joint_names"]]
    rows = [int(np.argmin(np.abs(truth["t_s"] - t_s))) for t_s in moments(clip)]
    points = truth["joints2d"][rows].astype(float)
    low, high = points.min(axis=(0, 1)), points.max(axis=(0, 1))
    scale = min((WIDTH - 2 * MARGIN) / (high - low)[0], (HEIGHT - 2 * MARGIN) / (high - low)[1])
    offset = (np.array([WIDTH, HEIGHT]) - (high - low) * scale) / 2
    placed = (points - low) * scale + offset
    bodies = [dict(zip(names, one, strict=True)) for one in placed]
    colours = [PALE, DARK] if len(bodies) == 2 else [DARK]
    parts = "".join(figure(body, colour) for body, colour in zip(bodies, colours, strict=True))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}">{parts}</svg>\n'


def main() -> None:
    """Write a figure for every exercise and for every variant of it that has a correct clip."""
    OUT.mkdir(parents=True, exist_ok=True)
    done: set[str] = set()
    for clip in json.loads((CLIPS / "truth.json").read_text("utf-8")):
        if clip["label"] != "correct" or not clip["exercise"] or clip["clip"].endswith(("_30fps.mp4", "_passer.mp4")):
            continue
        for name in (clip["exercise"], f"{clip['exercise']}-{clip['variant']}"):
            if name not in done and not name.endswith("-None"):
                done.add(name)
                (OUT / f"{name}.svg").write_text(draw(clip), "utf-8")


if __name__ == "__main__":
    main()
