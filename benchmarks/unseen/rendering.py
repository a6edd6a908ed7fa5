"""Renders the casts of seeds into folders of clips with their truth."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from benchmarks.unseen.draw import draw
from sample_videos.render.film import Script


def render(seeds: Sequence[int], out: Path, jobs: int, only: str | None, *, only_list: bool = False) -> int:
    """Renders `out/seedN` for every seed; rows of clips that the seed does not draw any more are dropped."""
    failed = 0
    for seed in seeds:
        drawn = draw(seed)
        scripts = [s for s in drawn if only is None or s.clip.exercise.startswith(only)]
        if only_list:
            for script in scripts:
                print(script.clip.name, ",".join(script.clip.faults) or "good", *script.said)
            continue
        if not scripts:
            print(f"No exercise {only}; see exercise_specs/ for the names.", file=sys.stderr)
            return 2
        failed += _cast(scripts, [f"{s.clip.name}.mp4" for s in drawn], out / f"seed{seed}", jobs)
    return 1 if failed else 0


def _cast(scripts: list[Script], order: list[str], folder: Path, jobs: int) -> int:
    _quiet()
    _bodies(scripts)
    folder.mkdir(parents=True, exist_ok=True)
    failed, spent = 0, 0.0
    with ProcessPoolExecutor(jobs, initializer=_quiet) as pool:
        work = {pool.submit(_one, s, folder): s.clip.name for s in scripts}
        rows: dict[str, dict[str, object]] = _known(folder)
        for job in as_completed(work):
            try:
                row = job.result()
            except Exception as error:
                failed += 1
                print(f"{work[job]}: FAILED, {type(error).__name__}: {error}", file=sys.stderr, flush=True)
                continue
            spent += float(row.pop("cpu_s"))  # type: ignore[arg-type]
            print(f"{work[job]}: {row['frames']} frames, {' '.join(row['conditions'])}", flush=True)  # type: ignore[arg-type]
            rows[str(row["clip"])] = row
            _write(folder / "truth.json", [rows[name] for name in order if name in rows])
    print(f"{folder}: {len(scripts) - failed} clips, {spent:.0f} s of CPU", flush=True)
    return failed


def _quiet() -> None:
    # jobs share the cores; a library that takes them all slows every other down
    os.environ["OMP_NUM_THREADS"] = "1"
    import cv2

    cv2.setNumThreads(1)


def _bodies(scripts: Sequence[Script]) -> None:
    """Builds all bodies once, so that no job waits for the body model."""
    from sample_videos.render.body import load_body

    for shape in dict.fromkeys(looks[0] for s in scripts for looks in (s.clip.looks, *s.company)):
        load_body(shape)


def _one(script: Script, folder: Path) -> dict[str, object]:
    from sample_videos.render.film import film

    return film(script, folder)


def _known(folder: Path) -> dict[str, dict[str, object]]:
    path = folder / "truth.json"
    return {row["clip"]: row for row in json.loads(path.read_text("utf-8"))} if path.exists() else {}


def _write(path: Path, rows: Sequence[dict[str, object]]) -> None:
    partial = path.with_suffix(".part")
    lines = ",\n".join(" " + json.dumps(row) for row in rows)
    partial.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    partial.replace(path)
