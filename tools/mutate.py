"""Changes each constant that guards a verdict, one at a time, and says which test notices.

``python -m tools.mutate [WORD...]``: a constant is an assignment of a number to a name in capitals in one of the ROOMS.
Each is made larger and smaller by FACTOR (a whole number by one step) in a copy of the repository, and the tests of its room
are run until the first that falls. With WORDs only constants whose name or file holds one of them. The exit code tells survivors.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {
    "posturecam/counting": ("tests/counting",),
    "posturecam/judging": ("tests/judging", "tests/counting"),
    "posturecam/kinematics/tracker.py": ("tests/kinematics/test_tracker.py", "tests/kinematics/test_filters.py"),
    "posturecam/coaching": ("tests/coaching",),
}
"""What is mutated, and the tests that have to notice."""
SKIPPED = ("FASTEST_GRID_S", "SLOWEST_GRID_S", "DECIDE_EVERY_S", "BLOCK", "GIVEN", "UNKNOWN", "CONTRARY")
"""Speed, not verdicts; and codes."""
FACTOR = 1.4
TIMEOUT_S = 240


@dataclass(frozen=True)
class Constant:
    """A named number in ``path``, on a ``line`` counted from 1."""

    path: Path
    line: int
    name: str
    value: float


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 1 when a mutation survives."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("words", nargs="*")
    options = parser.parse_args(argv)
    survivors = 0
    print("constant\tmutation\tkilled by")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "posturecam"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", "*.mp4", ".*_cache", "__pycache__", "out"))
        for room, tests in ROOMS.items():
            if failing := first_failure(copy, tests):
                raise SystemExit(f"{failing} falls as it is; only tests that pass can tell a mutation.")
            for constant in constants(ROOT / room):
                place = f"{constant.path.relative_to(ROOT)}:{constant.name}"
                if options.words and not any(word in place for word in options.words):
                    continue
                for value in mutations(constant.value):
                    killer = killed_by(copy, constant, value, tests)
                    survivors += killer is None
                    print(f"{place}\t{constant.value:g} -> {value:g}\t{killer or 'SURVIVES'}", flush=True)
    print(f"{survivors} survive")
    return 1 if survivors else 0


def constants(place: Path) -> Iterator[Constant]:
    """The constants of a file, or of the files in a folder."""
    for path in sorted(place.glob("*.py")) if place.is_dir() else [place]:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
                continue
            name = node.targets[0].id
            try:
                value = ast.literal_eval(node.value)
            except ValueError:
                continue
            if name.isupper() and name not in SKIPPED and isinstance(value, int | float):
                yield Constant(path, node.lineno, name, value)


def mutations(value: float) -> tuple[float, float]:
    """A smaller and a larger value."""
    if isinstance(value, int):
        return value - 1, value + 1
    return tuple(sorted((value / FACTOR, value * FACTOR)))  # type: ignore[return-value]


def killed_by(copy: Path, constant: Constant, value: float, tests: Sequence[str]) -> str | None:
    """The first test that falls with the constant changed, None when all pass."""
    path = copy / constant.path.relative_to(ROOT)
    before = path.read_text(encoding="utf-8")
    lines = before.splitlines(keepends=True)
    lines[constant.line - 1] = re.sub(r"=.*", f"= {value!r}", lines[constant.line - 1])
    path.write_text("".join(lines), encoding="utf-8")
    try:
        return first_failure(copy, tests)
    finally:
        path.write_text(before, encoding="utf-8")


def first_failure(copy: Path, tests: Sequence[str]) -> str | None:
    """The first test that falls, None when all pass."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider", *tests],
            cwd=copy,
            env=os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "the time that it takes"
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    if found is None and done.returncode:
        raise SystemExit(f"The tests could not be run: {done.stdout[-500:]}{done.stderr[-500:]}")
    return found.group(1) if found else None


if __name__ == "__main__":
    sys.exit(main())
