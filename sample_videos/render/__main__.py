"""`python -m sample_videos.render [CLIP...] [--all] [--list] [--out DIR] [--jobs N] [--cast N] [--passer]`."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

from .cast import SHIPPED_PEOPLE
from .clips import Clip, recast
from .motions import all_clips


def main(argv: list[str] | None = None) -> int:
    """Renders the clips that are named (patterns allowed), and keeps `truth.json` in step."""
    parser = argparse.ArgumentParser(prog="python -m sample_videos.render", description=main.__doc__)
    parser.add_argument("clips", nargs="*", help="clip names or patterns such as 'push_up_*'")
    parser.add_argument("--all", action="store_true", help="every clip")
    parser.add_argument("--list", action="store_true", help="print the clips and stop")
    parser.add_argument("--sheet", type=Path, help="draw moments into this PNG, render no video")
    parser.add_argument("--moments", type=int, default=5, help="moments a clip in the sheet")
    parser.add_argument("--out", type=Path, help="folder to write to (default: the shipped clips')")
    parser.add_argument(
        "--cast", type=int, default=0, help="other people, rooms and cameras, for measuring (needs --out)"
    )
    parser.add_argument("--passer", action="store_true", help="somebody walks past behind, twice (needs --out)")
    parser.add_argument("--jobs", type=int, default=1, help="processes side by side")
    args = parser.parse_args(argv)
    if (args.cast or args.passer) and not (args.out or args.sheet):
        parser.error("--cast and --passer need --out: the shipped clips are as they are")
    args.out = args.out or Path(__file__).resolve().parent.parent
    known = [recast(clip, args.cast) for clip in all_clips()]
    if args.passer:
        known = [replace(clip, passer=(clip.person + 2) % SHIPPED_PEOPLE) for clip in known]
    if args.list:
        for clip in known:
            print(clip.name, clip.exercise, clip.variant or "-", ",".join(clip.faults) or "good")
        return 0
    wanted = [c for c in known if args.all or any(fnmatch(c.name, p) for p in args.clips)]
    if not wanted:
        print("No clip of that name; --list shows them.", file=sys.stderr)
        return 2
    if args.sheet:
        _quiet()
        from .stills import sheet

        sheet(wanted, args.moments, args.sheet)
        return 0
    with ProcessPoolExecutor(args.jobs, initializer=_quiet) as pool:
        # clips without faults first: they show soonest whether an exercise looks right
        jobs = {pool.submit(_one, c, args.out): c.name for c in sorted(wanted, key=lambda c: len(c.faults))}
        failed = 0
        for job in as_completed(jobs):
            try:
                row, said = job.result()
            except Exception as error:
                failed += 1
                print(f"{jobs[job]}: FAILED, {type(error).__name__}: {error}", file=sys.stderr, flush=True)
                continue
            print(f"{jobs[job]}: {said}", flush=True)
            _write(args.out / "truth.json", [row], [c.name for c in known])
    return 1 if failed else 0


def _quiet() -> None:
    # jobs share the cores; a library that takes them all slows every other down
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import cv2

    cv2.setNumThreads(1)


def _one(clip: Clip, out: Path) -> tuple[dict[str, object], str]:
    from .studio import render

    done = render(clip, out)
    size = (out / f"{clip.name}.mp4").stat().st_size / 1000
    return done.row, (f"{done.frame_s * 1000:.0f} ms per frame, {size:.0f} kB, lowest point {done.lowest_m:+.3f} m")


def _write(path: Path, rows: list[dict[str, object]], order: list[str]) -> None:
    """Puts rows into the truth file; several renders may do so at once."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _merge(path, rows, order)


def _merge(path: Path, rows: list[dict[str, object]], order: list[str]) -> None:
    old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    table = {row["clip"]: row for row in old} | {row["clip"]: row for row in rows}
    kept = [table[f"{name}.mp4"] for name in order if f"{name}.mp4" in table]
    partial = path.with_suffix(".part")
    lines = ",\n".join(" " + json.dumps(row) for row in kept)
    partial.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    partial.replace(path)


if __name__ == "__main__":
    sys.exit(main())
