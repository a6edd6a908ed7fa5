"""A picture of a rendered cast: a row per clip with moments of it and its true joints, for looking at what was made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

TALL = 190
LINES = (
    ("shoulder", "elbow"),
    ("elbow", "wrist"),
    ("shoulder", "hip"),
    ("hip", "knee"),
    ("knee", "ankle"),
)


def sheet(folder: Path, path: Path, moments: int = 4, first: int = 0, last: int = 10_000) -> None:
    """Draws clips `first` to `last` of a cast into a PNG."""
    rows = json.loads((folder / "truth.json").read_text(encoding="utf-8"))[first:last]
    strips = [_strip(folder, row, moments) for row in rows]
    wide = max(s.shape[1] for s in strips)
    strips = [np.pad(s, ((0, 0), (0, wide - s.shape[1]), (0, 0))) for s in strips]
    if len(strips) % 2:
        strips.append(np.zeros_like(strips[0]))
    half = len(strips) // 2
    both = np.hstack([np.vstack(strips[:half]), np.vstack(strips[half:])])
    cv2.imwrite(str(path), both[:, :, ::-1])


def _strip(folder: Path, row: dict[str, Any], moments: int) -> np.ndarray:
    with av.open(str(folder / row["clip"])) as video:
        pictures = [frame.to_ndarray(format="rgb24") for frame in video.decode(video=0)]
    sidecar = folder / "truth" / f"{Path(row['clip']).stem}.npz"
    with np.load(sidecar) as loaded:
        known = {name: loaded[name] for name in loaded.files}
    t_s = known["t_s"] if "t_s" in known else np.arange(len(pictures))
    peaks = [int(np.argmin(np.abs(t_s - t))) for t in row["rep_peaks_s"][:1]]
    rest = np.linspace(0, len(pictures) - 1, moments - len(peaks)).astype(int).tolist()
    tiles = []
    for i in sorted({*peaks, *rest}):
        tile = pictures[i].copy()
        if "joints2d" in known:
            _joints(tile, known, i)
        tiles.append(
            cv2.resize(tile, (round(tile.shape[1] * TALL / tile.shape[0]), TALL), interpolation=cv2.INTER_AREA)
        )
    strip = np.hstack(tiles)
    truth = f"reps {row['reps']}" if not row["hold_intervals_s"] else f"holds {row['hold_intervals_s']}"
    said = f"{Path(row['clip']).stem} {t_s[-1]:.0f}s {truth} {row['faults']} ?{row['open_faults']}"
    for text, y in ((said, 11), (" ".join(row["conditions"]), TALL - 5)):
        cv2.putText(strip, text, (3, y), cv2.FONT_HERSHEY_SIMPLEX, 0.36, (0, 0, 0), 3, cv2.LINE_AA)
        cv2.putText(strip, text, (3, y), cv2.FONT_HERSHEY_SIMPLEX, 0.36, (255, 255, 120), 1, cv2.LINE_AA)
    return strip


def _joints(tile: np.ndarray, known: dict[str, np.ndarray], i: int) -> None:
    names = [str(n) for n in known["joint_names"]]
    for side, colour in (("left", (255, 80, 80)), ("right", (80, 160, 255))):
        for a, b in LINES:
            ends = [known["joints2d"][i][names.index(f"{side}_{n}")] for n in (a, b)]
            p, q = (tuple(int(v) for v in np.clip(e, -2000, 2000)) for e in ends)
            cv2.line(tile, p, q, colour, 1, cv2.LINE_AA)
