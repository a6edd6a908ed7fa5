"""The process that uses the inputs, one after the other, as its parent names them; it may hang or die."""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
import traceback
from pathlib import Path

from benchmarks.fuzz.targets import run_one
from posturecam.errors import PosturecamError

CEILING_BYTES = 3_000_000_000
"""The machine's own protection; what is promised is far below, and measured."""


def main() -> None:
    """Take lines ``kind number`` from standard input and answer each with one of JSON; see :mod:`benchmarks.fuzz.run`."""
    seed = int(sys.argv[1])
    # what the libraries print is none of the answers
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (CEILING_BYTES, hard))
    with tempfile.TemporaryDirectory(prefix="posturecam-fuzz-") as folder:
        for line in sys.stdin:
            kind, number = line.split()
            _reset_peak()
            begun_s = time.monotonic()
            outcome, told = _use(kind, seed, int(number), Path(folder))
            seconds = time.monotonic() - begun_s
            answer = {"outcome": outcome, "told": told, "seconds": seconds, "peak_mb": _peak_mb()}
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


def _use(kind: str, seed: int, number: int, folder: Path) -> tuple[str, str]:
    try:
        return run_one(kind, seed, number, folder), ""
    except PosturecamError as error:
        return ("refused", "") if str(error).strip() else ("traceback", "a refusal without a word")
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno} {last.name}"
        return "traceback", f"{type(error).__name__} in {where}: {error}"[:300]


def _reset_peak() -> None:
    """Let the peak of memory count from now on, where the system can."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def _peak_mb() -> float:
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
