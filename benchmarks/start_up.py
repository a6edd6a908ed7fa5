"""How long a call takes to get going: ``python -m benchmarks.start_up CLIP --exercise ID [--rounds 5]``.

``analyse CLIP --jobs 1 --no-overlay`` up to the first frame in which the landmarks have been looked for, and ``--help`` beside
it in turn: each a process of its own, on the clock from before it is started, and its processor time. A first round, in which
byte code is written, does not count. Aims, on a quiet machine: 1.2 s and 0.1 s.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import as_installed, load

AIMS_S = {"first frame": 1.2, "--help": 0.1}

FIRST_FRAME = """
import importlib.machinery, os, sys, time

class Watched:
    '''Lets MediaPipe's own room be imported when the program wants it, not before, and ends the process at the first result.'''

    def find_spec(self, name, path, target=None):
        if name != "posturecam.pose.mediapipe":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            detect = module.MediaPipeEstimator.estimate

            def estimate(self, frame):
                detect(self, frame)
                took = os.times()
                print(time.monotonic(), took.user + took.system, flush=True)
                os._exit(0)

            module.MediaPipeEstimator.estimate = estimate

        spec.loader.exec_module = exec_module
        return spec

sys.meta_path.insert(0, Watched())
from posturecam.__main__ import run
run()
"""

HELP = """
import atexit, os, time
def told():
    took = os.times()
    os.write(2, f"{time.monotonic()} {took.user + took.system}".encode())
atexit.register(told)
from posturecam.__main__ import run
run()
"""


def seconds(code: str, words: list[str]) -> tuple[float, float]:
    """Seconds on the clock, and of processor time, that a new process takes to what ``code`` tells last."""
    begun_s = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, env=as_installed())
    told = (done.stderr if code is HELP else done.stdout).split()[-2:]
    if done.returncode != 0 or len(told) != 2:
        sys.exit(f"exit code {done.returncode}: {done.stderr}")
    return float(told[0]) - begun_s, float(told[1])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("clip", type=Path)
    parser.add_argument("--exercise", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in AIMS_S}
    before = load()
    with tempfile.TemporaryDirectory() as folder:
        words = ["analyse", str(arguments.clip), "--exercise", arguments.exercise, "--jobs", "1", "--no-overlay"]
        for number in range(arguments.rounds + 1):
            out = ["--no-save", "--out", f"{folder}/{number}"]
            took["first frame"].append(seconds(FIRST_FRAME, [*words, *out]))
            took["--help"].append(seconds(HELP, ["--help"]))
    print("until\tseconds (median)\tleast\tmost\tof processor time (median)\taim")
    for name, (_, *rounds) in took.items():
        clock = [one for one, _ in rounds]
        busy = statistics.median(one for _, one in rounds)
        print(
            f"{name}\t{statistics.median(clock):.2f}\t{min(clock):.2f}\t{max(clock):.2f}\t{busy:.2f}\t{AIMS_S[name]:.1f}"
        )
    print(f"{before} before, {load()} after")


if __name__ == "__main__":
    main()
