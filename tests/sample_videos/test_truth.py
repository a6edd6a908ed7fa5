"""The clips' truth files agree with the clips and with the contract of the labels."""

import json
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "sample_videos"
ROWS = json.loads((FOLDER / "truth.json").read_text()) if (FOLDER / "truth.json").exists() else []
KEYS = {
    "clip",
    "exercise",
    "variant",
    "view",
    "reps",
    "left_reps",
    "right_reps",
    "rep_peaks_s",
    "hold_intervals_s",
    "faults",
    "label",
    "notes",
}


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["clip"])
def test_row_matches_its_clip(row):
    assert set(row) == KEYS
    clip = FOLDER / row["clip"]
    assert 10_000 < clip.stat().st_size <= 250_000
    if row["reps"] is not None:
        assert len(row["rep_peaks_s"]) == row["reps"]
    with np.load(FOLDER / "truth" / f"{clip.stem}.npz") as truth:
        if "t_s" not in truth:
            return
        assert np.all(np.diff(truth["t_s"]) > 0)
        assert all(0 < t < truth["t_s"][-1] for t in row["rep_peaks_s"])
        assert all(a < b <= truth["t_s"][-1] for a, b in row["hold_intervals_s"])
        assert truth["joints2d"].shape == (len(truth["t_s"]), len(truth["joint_names"]), 2)


def test_folder_stays_small():
    assert sum(p.stat().st_size for p in FOLDER.rglob("*") if p.suffix in (".mp4", ".npz")) < 25e6
