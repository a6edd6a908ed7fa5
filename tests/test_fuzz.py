"""A few hundred mutated inputs of every kind, and that the fuzzer finds what there is to find."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from benchmarks.fuzz import seeds
from benchmarks.fuzz.mutate import mutated_bytes, mutated_text
from benchmarks.fuzz.run import Finding, Tally, plan, run, table
from benchmarks.fuzz.targets import KINDS, run_one


def test_what_comes_from_outside_is_read_or_refused() -> None:
    tallies = run(250, seed=2026)
    findings = [finding for tally in tallies.values() for finding in tally.findings]
    assert findings == []
    assert sum(tally.inputs for tally in tallies.values()) >= 245
    for kind, tally in tallies.items():
        if tally.inputs > 20:  # a mutation that always or never hurts tests nothing
            assert tally.read > 0, kind
            assert tally.refused > 0 or kind == "name", kind


def test_the_same_seed_makes_the_same_inputs(tmp_path: Path) -> None:
    first, again, other = (mutated_text(random.Random(f"{seed}/spec/3"), seeds.specs()) for seed in (1, 1, 2))
    assert first == again != other
    data = [b"abcdefgh" * 100]
    assert mutated_bytes(random.Random("1"), data) == mutated_bytes(random.Random("1"), data) != data[0]
    assert run_one("name", 5, 1, tmp_path) == "read"
    assert not list(tmp_path.iterdir())  # what an input needed is gone


BAD_WORKER = """
import json, os, sys, time
for line in sys.stdin:
    kind, number = line.split()
    if kind == "video" and number == "1": os.abort()
    if kind == "picture" and number == "1": time.sleep(60)
    answer = {"outcome": "read", "told": "", "seconds": 0.1, "peak_mb": 50.0}
    if kind == "spec": answer.update(outcome="traceback", told="KeyError in x.py:1 f: 'a'")
    if kind == "truth": answer.update(peak_mb=1500.0)
    if kind == "name": answer.update(seconds=12.0)
    print(json.dumps(answer), flush=True)
"""


def test_crashes_hangs_tracebacks_and_memory_are_found_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.fuzz.run.HANG_S", 0.5)
    kinds = ("video", "picture", "spec", "truth", "name")
    tallies = run(15, 1, kinds, command=(sys.executable, "-c", BAD_WORKER))
    found = {(finding.kind, finding.number): finding.what for tally in tallies.values() for finding in tally.findings}
    assert found[("video", 1)] == "crash"
    assert found[("picture", 1)] == "hang"
    assert found[("spec", 0)] == "traceback"
    assert found[("truth", 0)] == "memory"
    assert found[("name", 0)] == "hang"
    assert tallies["video"].inputs == len([one for one in plan(15, kinds) if one[0] == "video"])


def test_the_table_adds_up() -> None:
    tallies = {
        "video": Tally(10, 6, 3, 1.5, 3, 200.0, [Finding("video", 3, "traceback", "KeyError")]),
        "spec": Tally(5, 2, 3, 0.5, 1, 300.0),
    }
    lines = [line.split() for line in table(tallies).splitlines()]
    assert lines[-1] == ["all", "15", "8", "6", "1", "0", "0", "0", "1.50", "300"]


def test_every_kind_of_the_plan_is_known() -> None:
    assert {kind for kind, _ in plan(1000, tuple(KINDS))} == set(KINDS)
