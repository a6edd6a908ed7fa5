"""``python -m benchmarks.fuzz``: mutated inputs of every kind, and a table of what became of them."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.fuzz.run import run, table
from benchmarks.fuzz.targets import KINDS, run_one

SHOWN = 25


def main() -> int:
    """Exit code 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="inputs in all (default 10000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(KINDS), help=f"some of {','.join(KINDS)}")
    parser.add_argument("--seconds", type=float, help="stop after so long")
    parser.add_argument("--again", metavar="KIND:NUMBER", help="use one input by itself, with its traceback")
    options = parser.parse_args()
    if options.again:
        kind, _, number = options.again.partition(":")
        with tempfile.TemporaryDirectory() as folder:
            print(run_one(kind, options.seed, int(number), Path(folder)))
        return 0
    begun_s = time.monotonic()

    def progress(done: int) -> None:
        if sys.stderr.isatty():
            print(
                f"\r{done} of {options.count}, {done / (time.monotonic() - begun_s):.0f} a second",
                end="",
                file=sys.stderr,
            )

    tallies = run(options.count, options.seed, options.kinds.split(","), seconds=options.seconds, progress=progress)
    print(f"\nseed {options.seed}, {time.monotonic() - begun_s:.0f} s\n{table(tallies)}")
    findings = [finding for tally in tallies.values() for finding in tally.findings]
    alike = Counter((finding.kind, finding.what, finding.told.split(": ")[0]) for finding in findings)
    for (kind, what, told), times in alike.most_common(SHOWN):
        first = next(f for f in findings if (f.kind, f.what, f.told.split(": ")[0]) == (kind, what, told))
        print(f"{times} x {kind}:{first.number} {what}: {first.told}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
