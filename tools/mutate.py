"""Changes what guards a verdict, one thing at a time, and says which test notices: ``python -m tools.mutate [WORD...]``.

A constant is a number under a name in capitals in one of the ROOMS, alone, in a tuple or in a mapping: each is made larger and
smaller by FACTOR (a whole number by one step). What is no number is in :data:`tools.mutations.RULES`: a comparison turned round,
the milder of two limits, a condition that is not asked. It is done in a copy of the repository, and the tests of that file are
run until the first that falls. With WORDs only what has one of them in its name or file. Prints
the rows of docs/mutations.md; the exit code tells survivors.
"""

from __future__ import annotations

import argparse
import ast
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import numpy as np  # noqa: F401
import pydantic  # noqa: F401
import pytest
import scipy.optimize  # noqa: F401
from hypothesis import Phase

from tools.mutations import EQUIVALENT, NO_VERDICT, RULES, Mutation

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("counting", "judging", "kinematics", "coaching")
"""The pure rooms below ``posturecam``."""
FACTOR = 1.4
TIMEOUT_S = 240


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 1 when a mutation survives that is not known to change nothing."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("words", nargs="*")
    options = parser.parse_args(argv)
    survivors = 0
    wanted = [one for one in mutations() if not options.words or any(word in one.place for word in options.words)]
    print("| what | changed | falls |\n| --- | --- | --- |")
    sys.dont_write_bytecode = True
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "posturecam"
        ignored = shutil.ignore_patterns(".git", "*.mp4", ".*_cache", "__pycache__", "out")
        shutil.copytree(ROOT, copy, ignore=ignored)
        for tests in dict.fromkeys(tuple(one.tests) for one in wanted):
            if failing := first_failure(copy, tests):
                raise SystemExit(f"{failing} falls as it is; only tests that pass can tell a mutation.")
        for mutation in wanted:
            killer = killed_by(copy, mutation)
            harmless = EQUIVALENT.get(mutation.name)
            survivors += killer is None and harmless is None
            test = killer.removeprefix("tests/") if killer else harmless or "**nothing**"
            print(f"| `{mutation.place}` | {mutation.words} | {test} |", flush=True)
    print(f"\n{len(wanted)} mutations, {survivors} survive.")
    return 1 if survivors else 0


def mutations() -> Iterator[Mutation]:
    """Every constant's, and then the rules."""
    for room in ROOMS:
        for path in sorted((ROOT / "posturecam" / room).glob("*.py")):
            yield from of_constants(path)
    yield from RULES


def of_constants(path: Path) -> Iterator[Mutation]:
    """The mutations of the constants in a file, in a class's body as well."""
    source = path.read_text(encoding="utf-8")
    for number in numbers(ast.parse(source)):
        for value in around(number.value):
            yield Mutation(
                path=str(path.relative_to(ROOT)),
                name=number.name,
                words=f"{number.text} → {value:.4g}",
                at=(number.line, number.column, number.column + len(number.text)),
                before=number.text,
                after=f"{value!r}",
            )


@dataclass(frozen=True)
class Number:
    """A number as it is written in ``line`` (from 1) at ``column`` (from 0), without its sign."""

    name: str
    value: float
    text: str
    line: int
    column: int


def numbers(tree: ast.Module) -> Iterator[Number]:
    """The numbers that a module or its classes give names in capitals; 0 and codes are left out, as nothing lies around them."""
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    for node in (node for body in bodies for node in body):
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            target, value = node.target, node.value
        else:
            continue
        name = ast.unparse(target).strip("()")
        if not name.replace(", ", "").isupper() or NO_VERDICT & set(name.split(", ")):
            continue
        names = name.split(", ")
        for place, found in enumerate(_literals(value)):
            own = names[place] if len(names) > 1 else name
            yield Number(own, found.value, ast.unparse(found), found.lineno, found.col_offset)  # type: ignore[arg-type]


def _literals(value: ast.expr) -> list[ast.Constant]:
    """The numbers of a literal: itself, or the members of a tuple or mapping; none of what is computed."""
    if isinstance(value, ast.UnaryOp):
        return _literals(value.operand)
    members = value.elts if isinstance(value, ast.Tuple) else value.values if isinstance(value, ast.Dict) else [value]
    found = [one for one in members if isinstance(one, ast.Constant) and type(one.value) in (int, float) and one.value]
    return found if len(found) == len(members) else []


def around(value: float) -> tuple[float, float]:
    """A smaller and a larger value."""
    if isinstance(value, int):
        return value - 1, value + 1
    low, high = value / FACTOR, value * FACTOR
    return float(f"{low:.6g}"), float(f"{high:.6g}")


def killed_by(copy: Path, mutation: Mutation) -> str | None:
    """The first test that falls with the mutation made, None when all pass."""
    path = copy / mutation.path
    before = path.read_text(encoding="utf-8")
    path.write_text(mutation.made(before), encoding="utf-8")
    try:
        return first_failure(copy, mutation.tests)
    finally:
        path.write_text(before, encoding="utf-8")


def first_failure(copy: Path, tests: Sequence[str]) -> str | None:
    """The first test that falls, None when all pass."""
    log = copy.parent / "log"
    # forked, so that what tests import from elsewhere is imported once
    child = multiprocessing.get_context("fork").Process(target=_run, args=(copy, tests, log))
    child.start()
    child.join(TIMEOUT_S)
    if child.is_alive():
        child.kill()
        child.join()
        return "the time that it takes"
    told = log.read_text(encoding="utf-8")
    found = re.search(r"^(?:FAILED|ERROR) (\S+?)(?:\[.*\])?(?: - .*)?$", told, re.MULTILINE)
    if found is None and child.exitcode:
        raise SystemExit(f"The tests could not be run: {told[-1000:]}")
    return found.group(1) if found else None


def _run(copy: Path, tests: Sequence[str], log: Path) -> None:
    always_alike = ["-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0", "--hypothesis-profile=quick"]
    # an example found is enough, and needs not be made small
    hypothesis.settings.register_profile("quick", deadline=None, max_examples=10, phases=list(Phase)[:3])
    sys.path.insert(0, str(copy))
    os.environ["PYTHONPATH"] = str(copy)
    os.chdir(copy)
    with log.open("w", encoding="utf-8") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        code = pytest.main(["-x", "-q", "--no-header", "--tb=no", *always_alike, *tests])
    os._exit(int(code))


if __name__ == "__main__":
    sys.exit(main())
