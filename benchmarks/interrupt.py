"""How long ``analyse`` takes to end: ``python -m benchmarks.interrupt CLIP --exercise ID [--moments 10] [--signal INT]``.

It is run once to its end, and then as often as there are moments, each time ended by the signal at another moment between its
start and its end. Aim: under a second in every state, exit code 130 (143, 129), nothing unfinished left behind.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import load

CODES = {"INT": 130, "TERM": 143, "HUP": 129}
LONGEST_S = 600.0


def start(words: list[str], folder: Path) -> subprocess.Popen[str]:
    """The command, which shows nothing."""
    command = [sys.executable, "-m", "posturecam", "analyse", *words, "--no-save", "--out", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(words: list[str], after_s: float, name: str) -> tuple[float, int, str, str]:
    """Seconds from the signal to the end, the exit code, what was said, and what is left, after a signal so late."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "out"
        child = start(words, folder)
        time.sleep(after_s)
        child.send_signal(getattr(signal, f"SIG{name}"))
        begun_s = time.perf_counter()
        _, said = child.communicate(timeout=LONGEST_S)
        took_s = time.perf_counter() - begun_s
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        unfinished = [path.name for path in files if ".part" in path.name or path.name.startswith(".")]
        left = ", ".join(unfinished) if unfinished else f"{len(files)} whole files"
    return took_s, child.returncode, " / ".join(said.split("\n")).strip(" /"), left


def main() -> int:
    """Print the table; exit code 1 when one end took a second or more, or left something unfinished."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("clips", nargs="+")
    parser.add_argument("--exercise", required=True)
    parser.add_argument("--moments", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--signal", choices=CODES, default="INT")
    arguments = parser.parse_args()
    for name in CODES:  # a shell's background jobs do not hear Ctrl-C, and the program respects that
        signal.signal(getattr(signal, f"SIG{name}"), signal.SIG_DFL)
    words = [*arguments.clips, "--exercise", arguments.exercise, "--jobs", str(arguments.jobs)]
    with tempfile.TemporaryDirectory() as place:
        begun_s = time.perf_counter()
        start(words, Path(place)).communicate(timeout=LONGEST_S)
        whole_s = time.perf_counter() - begun_s
    print(f"the whole: {whole_s:.1f} s, {load()}\nafter s\tended within s\texit code\tsaid\tleft", flush=True)
    good = True
    for moment in range(arguments.moments):
        after_s = whole_s * (moment + 0.5) / arguments.moments
        took_s, code, said, left = ended(words, after_s, arguments.signal)
        good = good and took_s < 1.0 and code in (0, CODES[arguments.signal]) and ".part" not in left
        print(f"{after_s:.1f}\t{took_s:.2f}\t{code}\t{said}\t{left}", flush=True)
    print(load())
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
