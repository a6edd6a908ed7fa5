"""Many recordings at once: ``python -m benchmarks.batch CLIPS... --exercise ID|auto [--jobs N] [--overlay] [--dask]``.

The same batch by one job and by several (with ``--dask`` also by a Dask cluster of as many workers on this machine), each as the
command itself; the reports have to be the same. Aim, on two cores and 20 clips: 1.8 times one job. On a machine that is not quiet
the processor time tells more than the clock.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.machine import Stopwatch, as_installed, load
from posturecam.app.workers import cores


def run(clips: list[Path], words: list[str], folder: Path) -> tuple[tuple[float, float], dict[str, Any]]:
    """Seconds that the command takes, on the clock and of processor time, and what its reports say, by recording."""
    command = [sys.executable, "-m", "posturecam", "analyse", *map(str, clips), "--no-save", "--out", str(folder)]
    watch = Stopwatch()
    done = subprocess.run([*command, *words], capture_output=True, text=True, env=as_installed())
    took_s = watch.read()
    if done.returncode not in (0, 3):
        sys.exit(f"exit code {done.returncode}: {done.stderr}")
    told = {}
    for path in folder.glob("*/report.json"):
        report = json.loads(path.read_text())
        faults = sorted(fault["id"] for fault in report["faults"])
        held = round(report["holds"]["total_s"])
        told[report["source"]["path"]] = (report["exercise"], report["reps"]["count"], held, report["verdict"], faults)
    return took_s, told


@contextlib.contextmanager
def cluster(workers: int) -> Iterator[str]:
    """The address of a Dask scheduler with so many workers of one thread."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None) as local:
        yield local.scheduler_address


def main() -> int:
    """Print the table; exit code 1 when reports differ."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--exercise", required=True)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=cores())
    parser.add_argument("--overlay", action="store_true")
    parser.add_argument("--dask", action="store_true")
    arguments = parser.parse_args()
    words = ["--exercise", arguments.exercise, "--overlay" if arguments.overlay else "--no-overlay"]
    before, same = load(), True
    with contextlib.ExitStack() as stack:
        ways = {"1 job": [*words, "--jobs", "1"], f"{arguments.jobs} jobs": [*words, "--jobs", str(arguments.jobs)]}
        if arguments.dask:
            ways["Dask"] = [*words, "--scheduler", stack.enter_context(cluster(arguments.jobs))]
        took: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _ in range(arguments.rounds):
            reports = {}
            for name, way in ways.items():
                with tempfile.TemporaryDirectory() as folder:
                    seconds, reports[name] = run(arguments.clips, way, Path(folder))
                took[name].append(seconds)
            same = same and all(told == reports["1 job"] for told in reports.values())
    clock = {name: statistics.median(seconds for seconds, _ in each) for name, each in took.items()}
    print(f"{len(arguments.clips)} recordings\tseconds (median)\tof processor time (median)\ttimes as fast as one job")
    for name, each in took.items():
        used = "of the workers'" if name == "Dask" else f"{statistics.median(used for _, used in each):.1f}"
        print(f"{name}\t{clock[name]:.1f}\t{used}\t{clock['1 job'] / clock[name]:.2f}")
    print(f"reports {'the same' if same else 'DIFFER'}; {before} before, {load()} after")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
