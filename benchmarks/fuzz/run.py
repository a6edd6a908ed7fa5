"""Runs the inputs in a process of their own, bounded in count, time and memory, and says what was found."""

from __future__ import annotations

import json
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.fuzz.targets import KINDS

HANG_S = 10.0
MAX_MB = 1000.0
FRESH_AFTER = 400
"""Inputs after which the process is replaced, so that one input's remains do not count for another."""


@dataclass(frozen=True)
class Finding:
    """An input that was neither read nor refused as it must be: ``what`` is traceback, hang, memory or crash."""

    kind: str
    number: int
    what: str
    told: str


@dataclass
class Tally:
    """What became of one kind's inputs."""

    inputs: int = 0
    read: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    slowest: int = 0
    peak_mb: float = 0.0
    findings: list[Finding] = field(default_factory=list)


class _Worker:
    """The process, started when it is needed and again after it was ended."""

    def __init__(self, seed: int, command: Sequence[str] | None = None) -> None:
        self._command = [*(command or (sys.executable, "-m", "benchmarks.fuzz.worker")), str(seed)]
        self._process: subprocess.Popen[str] | None = None
        self._used = 0

    def use(self, kind: str, number: int) -> dict[str, object]:
        """The worker's answer, or one that stands for a hang or a crash."""
        if self._process is None or self._used >= FRESH_AFTER:
            self.end()
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self._used = 0
        fresh = self._used == 0
        self._used += 1
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        begun_s = time.monotonic()
        try:
            process.stdin.write(f"{kind} {number}\n")
            process.stdin.flush()
        except BrokenPipeError:
            return self._gone(begun_s)
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            # its start, with all libraries, is none of the input's time; the rest of it is measured inside
            if not selector.select(HANG_S * (4 if fresh else 1.5)):
                self.end()
                return {"outcome": "hang", "told": "no answer", "seconds": time.monotonic() - begun_s, "peak_mb": 0.0}
        line = process.stdout.readline()
        return json.loads(line) if line else self._gone(begun_s)

    def _gone(self, begun_s: float) -> dict[str, object]:
        assert self._process is not None
        code = self._process.wait()
        self._process = None
        return {"outcome": "crash", "told": f"exit code {code}", "seconds": time.monotonic() - begun_s, "peak_mb": 0.0}

    def end(self) -> None:
        """End the process, which may hang."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def plan(count: int, kinds: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Kinds and numbers of ``count`` inputs, each kind as often as its share."""
    whole = sum(KINDS[kind][1] for kind in kinds)
    for kind in kinds:
        for number in range(max(1, round(count * KINDS[kind][1] / whole))):
            yield kind, number


def run(
    count: int,
    seed: int,
    kinds: Sequence[str] = tuple(KINDS),
    *,
    seconds: float | None = None,
    progress: Callable[[int], None] = lambda _done: None,
    command: Sequence[str] | None = None,
) -> dict[str, Tally]:
    """Use ``count`` inputs, at most for ``seconds``; what was found of each kind. ``command`` runs another worker, for tests."""
    tallies = {kind: Tally() for kind in kinds}
    worker = _Worker(seed, command)
    begun_s = time.monotonic()
    try:
        for done, (kind, number) in enumerate(plan(count, kinds)):
            if seconds is not None and time.monotonic() - begun_s > seconds:
                break
            _count(tallies[kind], kind, number, _used(worker, kind, number))
            progress(done + 1)
    finally:
        worker.end()
    return tallies


def _used(worker: _Worker, kind: str, number: int) -> dict[str, object]:
    """The answer; a slow one is asked for once more, since on a busy machine anything may be slow once."""
    answer = worker.use(kind, number)
    if answer["outcome"] != "hang" and float(str(answer["seconds"])) <= HANG_S:
        return answer
    again = worker.use(kind, number)
    return min(answer, again, key=lambda one: (one["outcome"] == "hang", float(str(one["seconds"]))))


def _count(tally: Tally, kind: str, number: int, answer: dict[str, object]) -> None:
    outcome, told = str(answer["outcome"]), str(answer["told"])
    took_s, peak_mb = float(str(answer["seconds"])), float(str(answer["peak_mb"]))
    tally.inputs += 1
    tally.read += outcome == "read"
    tally.refused += outcome == "refused"
    if took_s > tally.slowest_s:
        tally.slowest_s, tally.slowest = took_s, number
    tally.peak_mb = max(tally.peak_mb, peak_mb)
    if outcome not in ("read", "refused"):
        tally.findings.append(Finding(kind, number, outcome, told))
    elif took_s > HANG_S:
        tally.findings.append(Finding(kind, number, "hang", f"{took_s:.1f} s"))
    if peak_mb > MAX_MB:
        tally.findings.append(Finding(kind, number, "memory", f"{peak_mb:.0f} MB"))


def table(tallies: dict[str, Tally]) -> str:
    """The tallies as lines of equal columns, with the totals."""
    head = (
        "kind",
        "inputs",
        "read",
        "refused",
        "traceback",
        "hang",
        "memory",
        "crash",
        "slowest s",
        "which",
        "peak MB",
    )
    rows = [head]
    for kind, one in tallies.items():
        found = [sum(finding.what == what for finding in one.findings) for what in head[4:8]]
        rows.append(
            (
                kind,
                *map(str, (one.inputs, one.read, one.refused, *found)),
                f"{one.slowest_s:.2f}",
                str(one.slowest),
                f"{one.peak_mb:.0f}",
            )
        )
    sums = [str(sum(int(row[column]) for row in rows[1:])) for column in range(1, 8)]
    every = tallies.values()
    slowest, peak = max(one.slowest_s for one in every), max(one.peak_mb for one in every)
    rows.append(("all", *sums, f"{slowest:.2f}", "", f"{peak:.0f}"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
