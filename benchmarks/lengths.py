"""Frame rates and lengths: ``python -m benchmarks.lengths CLIP --exercise ID [--seconds 30] [--minutes 10 60]``.

Made from the clip: a recording at 240 frames per second and its twin at 30, which have to count the same (aim: 1.3 times the
time), and recordings of two lengths at a low rate, whose processes have to need the same memory (aim: within 15 %).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.machine import load
from benchmarks.recordings import repeated

LOW_HZ = 2


def analysed(clip: Path, exercise: str, folder: Path) -> tuple[float, int, float]:
    """Seconds, reps counted, and the most memory of one process in MB, of the command without an overlay."""
    words = ["analyse", str(clip), "--exercise", exercise, "--no-overlay", "--no-save", "--out", str(folder)]
    begun_s = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-m", "posturecam", *words, "--json"], stdout=subprocess.PIPE, text=True)
    peak = _Peak(child.pid)
    out, _ = child.communicate()
    took_s = time.perf_counter() - begun_s
    return took_s, json.loads(out)["reps"]["count"] if out else 0, peak.stop()


class _Peak:
    """Watches how much memory a process and its children have of their own, each by itself."""

    def __init__(self, pid: int) -> None:
        self._pid, self._most, self._ended = pid, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._ended.set()
        self._thread.join()
        return self._most

    def _watch(self) -> None:
        while not self._ended.wait(0.5):
            family = [self._pid, *_children(self._pid)]
            self._most = max([self._most, *(_peak_mb(pid) for pid in family)])


def _children(pid: int) -> list[int]:
    try:
        return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _peak_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def rates(clip: Path, exercise: str, seconds: float, folder: Path) -> None:
    """Print the two twins, in turn."""
    twins = {
        30: repeated(clip, folder / "30.mp4", seconds, fps=30),
        240: repeated(clip, folder / "240.mp4", seconds, fps=240, times=8),
    }
    before = load()
    took: dict[int, list[float]] = {rate: [] for rate in twins}
    for _ in range(2):
        for rate, path in twins.items():
            seconds_, reps, _peak = analysed(path, exercise, folder / "out")
            took[rate].append(seconds_)
            print(f"{rate} frames per second\t{seconds_:.1f} s\t{reps} reps", flush=True)
    print(f"240 over 30: {min(took[240]) / min(took[30]):.2f} times; {before} before, {load()} after")


def memory(clip: Path, exercise: str, minutes: list[float], folder: Path) -> None:
    """Print the recordings of two lengths."""
    peaks = []
    for length in minutes:
        path = repeated(clip, folder / f"{length:g}.mp4", length * 60, fps=LOW_HZ)
        took_s, _reps, peak = analysed(path, exercise, folder / "out")
        peaks.append(peak)
        print(
            f"{length:g} minutes at {LOW_HZ} frames per second\t{took_s:.0f} s\t{peak:.0f} MB in one process",
            flush=True,
        )
    print(f"last over first: {peaks[-1] / peaks[0]:.2f} times")


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("clip", type=Path)
    parser.add_argument("--exercise", required=True)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--minutes", type=float, nargs="+", default=[10.0, 60.0])
    parser.add_argument("--only", choices=("rates", "memory"))
    arguments = parser.parse_args()
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    with tempfile.TemporaryDirectory() as folder:
        if arguments.only != "memory":
            rates(arguments.clip, arguments.exercise, arguments.seconds, Path(folder))
        if arguments.only != "rates":
            memory(arguments.clip, arguments.exercise, arguments.minutes, Path(folder))


if __name__ == "__main__":
    main()
