"""Imports run one way, pure rooms stay pure, and no file or function grows past what one can take in."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES, FUNCTION_LINES = 400, 50
NO_COMMANDS = {
    "agreement",
    "choosing",
    "completion",
    "main",
    "console",
    "signals",
    "streams",
    "terminal",
    "evaluate",
}
"""Files of the command line that are no command: its entry, its ways out, and ``specs test``."""
ROOMS = ("posturecam", "sample_videos/render", "benchmarks")


def sources() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            # neither a command's many options nor a good explanation make a function long
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            yield node.name, node.end_lineno - first.lineno + 1


def test_the_rooms_are_there() -> None:
    assert len(list(sources())) > 30


def test_no_file_is_too_long() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {name: count for name, count in lines.items() if count > FILE_LINES} == {}


def test_no_function_is_too_long() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{name}": lines
        for path in sources()
        for name, lines in functions(path)
        if lines > FUNCTION_LINES
    }
    assert found == {}


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path, known: set[str]) -> Iterator[str]:
    """Modules of ours that a file imports anywhere: at its top, inside functions, or for types only."""
    package = module_of(path).split(".") if path.name == "__init__.py" else module_of(path).split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in known)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            for name in node.names:
                whole = f"{source}.{name.name}"
                yield whole if whole in known else source


def test_no_imports_run_in_a_circle() -> None:
    files = {module_of(path): path for path in sources()}
    graph = {
        module: {other for other in imported(path, set(files)) if other in files} for module, path in files.items()
    }
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as circle:
        pytest.fail(" - ".join(circle.args[1]))


def test_the_command_line_holds_a_file_a_command() -> None:
    from posturecam.cli.main import COMMANDS

    files = {path.stem for path in (ROOT / "posturecam" / "cli").glob("*.py")}
    assert files == {*COMMANDS, *NO_COMMANDS, "__init__"}


def test_imports_run_one_way_through_the_rooms() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    if not command.exists():
        pytest.skip("import-linter is not installed (extra 'dev')")
    result = subprocess.run(
        [str(command), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr


def test_judging_loads_no_camera_codec_or_command_line() -> None:
    program = (
        "import sys, posturecam.judging.analyzer, posturecam.judging.judge, posturecam.coaching.announcer;"
        "heavy = {'cv2', 'mediapipe', 'av', 'typer', 'matplotlib'} & set(sys.modules);"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("room", ["kinematics", "counting", "judging", "coaching"])
def test_the_map_of_rooms_names_every_file_of_the_programs_own_craft(room: str) -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (row,) = [line for line in page.splitlines() if line.startswith(f"| **`{room}/`**")]
    files = {path.name for path in (ROOT / "posturecam" / room).glob("*.py")} - {"__init__.py"}
    assert set(re.findall(r"`(\w+\.py)`", row)) == files


def test_every_file_that_the_map_of_rooms_names_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    there = {path.name for path in ROOT.rglob("*.py")}
    assert set(re.findall(r"`(?:\w+/)*(\w+\.py)`", page)) <= there
