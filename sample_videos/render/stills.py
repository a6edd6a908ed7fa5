"""Draws a few moments of clips as one picture, without a video: for looking while building."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from .clips import Clip
from .skeleton import Posed
from .studio import prepare


def sheet(clips: list[Clip], count: int, path: Path) -> None:
    """One row per clip with `count` moments: the start, the repetitions' ends, others between.

    Written under each: time (s), lowest point (m), true elbow left/right, shoulder, hip and knee
    angles of the left side (degrees).
    """
    rows = []
    for clip in clips:
        shot = prepare(clip)
        last = len(shot.frames) - 1
        ends = [min(round(t * clip.fps), last) for t, _ in shot.take.peaks][: count - 1]
        rest = np.linspace(0, last, count - len(ends) + 1)[1:-1].astype(int).tolist()
        tiles = []
        for i in sorted({0, *ends, *rest})[:count]:
            t_s, pose = shot.frames[i]
            posed = Posed(shot.body, pose, whole=True)
            low = shot.scene.pose(posed)[:, 2].min()
            tile = shot.scene.stage.draw()
            tile = cv2.resize(
                tile,
                (round(tile.shape[1] * 320 / tile.shape[0]), 320),
                interpolation=cv2.INTER_AREA,
            )
            angles = f"e{posed.angle('elbow', 'l'):.0f}/{posed.angle('elbow', 'r'):.0f} " + " ".join(
                f"{n[0]}{posed.angle(n, 'l'):.0f}" for n in ("shoulder", "hip", "knee")
            )
            _write(tile, f"{t_s:.1f}s low {low:+.3f} {angles}", 312)
            tiles.append(tile)
        row = np.hstack(tiles)
        _write(row, f"{clip.name} ({shot.take.end:.0f} s)", 16)
        rows.append(row)
    wide = max(r.shape[1] for r in rows)
    rows = [np.pad(r, ((0, 0), (0, wide - r.shape[1]), (0, 0))) for r in rows]
    cv2.imwrite(str(path), np.vstack(rows)[:, :, ::-1])


def _write(picture: np.ndarray, text: str, y: int) -> None:
    cv2.putText(picture, text, (6, y), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (170, 0, 0), 1, cv2.LINE_AA)
