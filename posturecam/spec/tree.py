"""YAML text as a tree of nodes that know their line, read without trusting the file.

Nothing of YAML that could build objects, loop or explode is let in: no tags, no anchors and aliases, bounded size, depth
and number of nodes. Scalars are read by this module, not by YAML 1.1's rules, so that ``on`` or ``12:30`` stay the text they
look like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from posturecam.errors import SpecError
from posturecam.files import read_bounded

MAX_BYTES = 256 * 1024
MAX_DEPTH = 24
MAX_NODES = 8_000

_INTEGER = re.compile(r"[-+]?\d{1,15}")
_FLOAT = re.compile(r"[-+]?(\d{1,15}\.\d{0,15}|\.\d{1,15}|\d{1,15}(\.\d{0,15})?[eE][-+]?\d{1,2})")
_CONSTANTS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}

Location: TypeAlias = tuple[str | int, ...]


@dataclass
class Node:
    """One value of the file: a dict or list of nodes, or a scalar; ``line`` counts from 1 and is its key's, if it has one."""

    value: Any
    line: int

    def child(self, key: str | int) -> Node | None:
        """The node under ``key`` (a dict's) or at an index (a list's), or None."""
        if isinstance(self.value, dict):
            found = self.value.get(key)
            return found if isinstance(found, Node) else None
        if isinstance(self.value, list) and isinstance(key, int) and 0 <= key < len(self.value):
            item = self.value[key]
            return item if isinstance(item, Node) else None
        return None

    def plain(self) -> Any:
        """The value without lines."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        return [node.plain() for node in self.value] if isinstance(self.value, list) else self.value


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong (or, from the linter, doubtful) at a line of a file."""

    line: int
    text: str

    def at(self, path: Path | str) -> str:
        """Write it as ``path:line: text``, safe to print whatever the file held."""
        return f"{path}:{self.line}: {self.text}".encode("utf-8", "backslashreplace").decode("utf-8")


@dataclass
class _Reader:
    """Builds nodes from PyYAML's events; collects problems instead of stopping at the first."""

    problems: list[Problem] = field(default_factory=list)
    nodes: int = 0

    def document(self, text: str) -> Node | None:
        events = iter(yaml.parse(text, Loader=yaml.SafeLoader))
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise _StopError(_line(event), "expected one document, found a second one ('---')")
                root = self._node(next(events), events, 0)
        return root

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        line = _line(event)
        self.nodes += 1
        if depth > MAX_DEPTH:
            raise _StopError(line, f"nested too deeply: at most {MAX_DEPTH} levels")
        if self.nodes > MAX_NODES:
            raise _StopError(line, f"too many values: at most {MAX_NODES}")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _StopError(line, "anchors (&name) and aliases (*name) are not allowed: write the value out")
        if tag := getattr(event, "tag", None):
            raise _StopError(line, f"tags such as {tag!r} are not allowed: write a plain value")
        if isinstance(event, yaml.MappingStartEvent):
            return Node(self._mapping(events, depth), line)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                items.append(self._node(item, events, depth + 1))
            return Node(items, line)
        return Node(_scalar(event, line), line)

    def _mapping(self, events: Iterator[yaml.Event], depth: int) -> dict[str, Node]:
        found: dict[str, Node] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _StopError(line, "expected a name as key, found a list or mapping")
            key = self._node(event, events, depth + 1).value
            value = self._node(next(events), events, depth + 1)
            if not isinstance(key, str):
                self.problems.append(Problem(line, f"expected a name as key, found {event.value!r}"))
            elif key in found:
                self.problems.append(
                    Problem(line, f"duplicate key {key!r}: it is already set in line {found[key].line}")
                )
            else:
                found[key] = Node(value.value, line)
        return found


def _scalar(event: yaml.Event, line: int) -> str | int | float | bool | None:
    assert isinstance(event, yaml.ScalarEvent)
    text: str = event.value
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise _StopError(line, "expected text, found half of a surrogate pair (a broken \\u escape)")
    if not event.implicit[0]:  # quoted: text, whatever it looks like
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


class _StopError(Exception):
    """Reading cannot go on past this line."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.problem = Problem(line, text)


def read_tree(path: Path) -> tuple[Node, list[Problem]]:
    """Read a YAML file; returns its root and what is wrong with its keys. SpecError when it cannot be read as YAML at all."""
    text = _read_text(path)
    reader = _Reader()
    try:
        root = reader.document(text)
    except _StopError as stop:
        raise _refusal(path, [*reader.problems, stop.problem]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = ", ".join(part for part in (error.context, error.problem) if part)
        said = _unquoted(text, mark.line) or said if mark else said
        raise _refusal(
            path, [*reader.problems, Problem(mark.line + 1 if mark else 1, f"not valid YAML: {said}")]
        ) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # PyYAML itself trips over unprintable characters and impossible \U escapes
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise _refusal(path, [*reader.problems, Problem(1, f"not valid YAML: {said}")]) from None
    if root is None or root.value is None:
        raise _refusal(path, [Problem(1, "expected an exercise, found an empty file")])
    if not isinstance(root.value, dict):
        raise _refusal(
            path, [Problem(root.line, f"expected keys such as 'id: my_exercise', found {describe(root.value)}")]
        )
    return root, reader.problems


_COMPARISON = re.compile(r"""^\s*[^'"#]*?(\w+)\s*:\s*([<>]=?\s*-?[\d.]+\s*%?)""")


def _unquoted(text: str, line: int) -> str | None:
    """What to say where YAML takes a comparison for the beginning of a folded text; None where there is none."""
    lines = text.splitlines()
    found = _COMPARISON.match(lines[line]) if line < len(lines) else None
    return f'put the range in quotes: {found[1]}: "{found[2].strip()}"' if found else None


def _read_text(path: Path) -> str:
    try:
        data = read_bounded(path, MAX_BYTES)
    except OSError as error:
        raise SpecError([f"{path}: cannot be read: {error.strerror or error}"]) from None
    except ValueError:  # a NUL in the path
        raise SpecError([f"{str(path)!r}: not a path of a file"]) from None
    if len(data) > MAX_BYTES:
        raise _refusal(path, [Problem(1, f"expected a spec of at most {MAX_BYTES // 1024} KiB, found a larger file")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refusal(path, [Problem(line, f"expected UTF-8 text, found byte 0x{data[error.start]:02x}")]) from None


def _refusal(path: Path, problems: Sequence[Problem]) -> SpecError:
    return SpecError([problem.at(path) for problem in problems])


def locate(root: Node, location: Sequence[str | int]) -> int:
    """Line of the innermost value on the way to ``location`` that is in the file."""
    node = root
    for key in location:
        found = node.child(key)
        if found is None:
            break
        node = found
    return node.line


def describe(value: object) -> str:
    """Say what a value is, short enough for a message."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "...")
    return f"the number {value:g}" if isinstance(value, (int, float)) else repr(value)


MEASURE_MAPS = "measures"


def merge(base: Node, override: Node, whole_keys: frozenset[str], path: Location = ()) -> Node:
    """Lay ``override`` over ``base``: mappings merge, everything else replaces, null removes the key.

    A measure whose kind (one of ``whole_keys``) is written in the override is replaced as a whole, and so is a check's source:
    what was read for the base says nothing about the variant.
    """
    if not (isinstance(base.value, dict) and isinstance(override.value, dict)):
        return override
    if len(path) == 2 and path[0] == MEASURE_MAPS and whole_keys & override.value.keys():
        return override
    if len(path) == 3 and path[0] == "checks" and path[2] == "source":
        return override
    merged = dict(base.value)
    for key, node in override.value.items():
        if node.value is None:
            merged.pop(key, None)
        elif key in merged:
            merged[key] = merge(merged[key], node, whole_keys, (*path, key))
        else:
            merged[key] = node
    return Node(merged, base.line)


def to_node(value: Any, line: int) -> Node:
    """Nodes of a plain value, all at one line."""
    if isinstance(value, dict):
        return Node({key: to_node(item, line) for key, item in value.items()}, line)
    return Node([to_node(item, line) for item in value] if isinstance(value, list) else value, line)
