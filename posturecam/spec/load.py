"""From a YAML file to exercises, one per variant; says everything that is wrong with the file at once, with lines.

A file holds the keys of an :class:`~posturecam.spec.schema.Exercise` and, optionally, ``variants``: a mapping of names to
overrides that are laid over the rest of the file (null removes a key), and ``default_variant`` (otherwise the first).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from posturecam.errors import SpecError
from posturecam.spec.lint import find_warnings
from posturecam.spec.measures import MEASURE_KEYS
from posturecam.spec.messages import explain
from posturecam.spec.ranges import ID_RULE, SpecModel, is_id
from posturecam.spec.references import Finding, find_problems, suggestion
from posturecam.spec.schema import Exercise, Programme
from posturecam.spec.tree import Location, Node, Problem, describe, locate, merge, read_tree, to_node

FILE_KEYS = ("variants", "default_variant")
_FIXED_IN_VARIANTS = ("id", "variant", *FILE_KEYS)
FORMER_KEYS = (("setup", "start"), ("reps", "min_seconds"), ("hold", "settling"))
"""Keys of the spec language's first version that no verdict uses any more: skipped, with a warning."""
MAX_VARIANTS = 20
MAX_PROBLEMS = 200
_KINDS = frozenset(MEASURE_KEYS)
_BY_NAME = ("measures", "checks")
_STAND_INS: Mapping[str, Any] = {
    "id": "unnamed",
    "name": "Unnamed",
    "category": "stretch",
    "position": "upright",
    "camera": {"view": ["side", "front"]},
    "dose": {"reps": 1},
    "setup": {"position": {}},
    "reps": {"from": "high", "min_range": 1},
}


@dataclass(frozen=True)
class SpecFile:
    """An exercise file: ``exercises`` by variant (None for a file without variants); ``warnings`` as ``path:line: text``."""

    path: Path
    exercises: Mapping[str | None, Exercise]
    default_variant: str | None
    warnings: tuple[str, ...] = ()

    @property
    def default(self) -> Exercise:
        """The exercise in its default variant."""
        return self.exercises[self.default_variant]

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the variants, as in the file; empty when it has none."""
        return tuple(name for name in self.exercises if name is not None)


def load_file(path: str | Path) -> SpecFile:
    """Read and check an exercise file; SpecError lists everything that is wrong."""
    path = Path(path)
    root, problems = read_tree(path)
    former = _drop_former_keys(root)
    variants, default, shape_problems = _split(root)
    problems = [*problems, *shape_problems]
    exercises: dict[str | None, Exercise] = {}
    found: dict[str | None, list[Problem]] = {}
    warned: dict[str | None, list[Problem]] = {}
    for variant, tree in variants.items():
        if sum(map(len, found.values())) > MAX_PROBLEMS:
            break
        exercise, found[variant] = _read_exercise(tree)
        if exercise is not None:
            exercises[variant] = exercise
            warned[variant] = [] if found[variant] else _located(tree, find_warnings(exercise))
    problems += _gather(found)
    if problems:
        raise _error(path, problems)
    advice = sorted([*former, *_gather(warned, common_only=("is not used",))])
    warnings = tuple(problem.at(path) for problem in advice)
    return SpecFile(path, exercises, default, warnings)


def _error(path: Path, problems: Iterable[Problem]) -> SpecError:
    lines = [problem.at(path) for problem in sorted(set(problems))]
    more = [f"{path}: {len(lines) - MAX_PROBLEMS} more problems"] if len(lines) > MAX_PROBLEMS else []
    return SpecError(lines[:MAX_PROBLEMS] + more)


def _drop_former_keys(root: Node) -> list[Problem]:
    """Take the keys of older files that have no effect out of the tree; returns a warning for each."""
    variants = root.child("variants")
    overrides = variants.value if variants is not None and isinstance(variants.value, dict) else {}
    places = [("", root), *((f"variants.{name}.", node) for name, node in overrides.items())]
    dropped = []
    for where, tree in places:
        for part, key in FORMER_KEYS:
            parent = tree.child(part)
            if parent is not None and parent.child(key) is not None:
                line = parent.value.pop(key).line
                text = f"{where}{part}.{key}: no longer used; counting and holds do without it, so it can be deleted"
                dropped.append(Problem(line, text))
    return dropped


def _read_exercise(tree: Node) -> tuple[Exercise | None, list[Problem]]:
    exercise, problems, wrong = _validate(tree, Exercise)
    if isinstance(exercise, Exercise):
        return exercise, _located(tree, find_problems(exercise))
    # what is left without the parts whose types are wrong can still be checked, so that all is said at once
    remainder, _, _ = _validate(_with_stand_ins(tree, wrong), Exercise)
    if isinstance(remainder, Exercise):
        replaced = {where[0] for where in wrong if where} - set(_BY_NAME)
        mistyped = frozenset(str(where[1]) for where in wrong if len(where) > 1 and where[0] == "measures")
        findings = find_problems(remainder, also_known=mistyped)
        problems += _located(tree, (finding for finding in findings if finding[0][0] not in replaced))
    return None, problems


def _with_stand_ins(tree: Node, wrong: Sequence[Location]) -> Node:
    """The tree without the measures and checks that are wrong, and with something harmless for other wrong parts."""
    kept = dict(tree.value)
    for name in _BY_NAME:
        mistaken = {where[1] for where in wrong if len(where) > 1 and where[0] == name}
        if name in kept and isinstance(kept[name].value, dict):
            entries = {key: node for key, node in kept[name].value.items() if key not in mistaken}
            kept[name] = Node(entries, kept[name].line)
    for where in wrong:
        if where and (len(where) == 1 or where[0] not in _BY_NAME):
            kept.pop(str(where[0]), None)
    first = next(iter(kept["measures"].value), "none") if "measures" in kept else "none"
    for key in {str(where[0]) for where in wrong if where} & _STAND_INS.keys():
        kept[key] = to_node(_STAND_INS[key] | {"drive": first} if key == "reps" else _STAND_INS[key], tree.line)
    return Node(kept, tree.line)


def _located(tree: Node, findings: Iterable[Finding]) -> list[Problem]:
    return [Problem(locate(tree, where), _named(where, text)) for where, text in findings]


def load_programme(path: str | Path, known: Mapping[str, SpecFile] | None = None) -> Programme:
    """Read and check a programme file; SpecError lists everything that is wrong.

    With ``known`` (exercise files by id) its steps must name exercises and variants that are there.
    """
    path = Path(path)
    root, problems = read_tree(path)
    programme, found, _ = _validate(root, Programme)
    problems = [*problems, *found]
    if isinstance(programme, Programme) and known is not None:
        problems += _located(root, _programme_problems(programme, known))
    if problems or not isinstance(programme, Programme):
        raise _error(path, problems)
    return programme


def _programme_problems(programme: Programme, known: Mapping[str, SpecFile]) -> Iterator[Finding]:
    for index, step in enumerate(programme.steps):
        spec = known.get(step.exercise)
        if spec is None:
            hint = suggestion(step.exercise, known)
            yield ("steps", index, "exercise"), f"expected the id of an exercise, found {step.exercise!r}{hint}"
            continue
        if step.variant is not None and step.variant not in spec.exercises:
            expected = f"one of {', '.join(spec.variants)}" if spec.variants else "none, since it has no variants"
            hint = suggestion(step.variant, spec.variants)
            yield ("steps", index, "variant"), f"expected {expected}, found {step.variant!r}{hint}"
        if step.dose is not None and (step.dose.reps is None) != (spec.default.reps is None):
            unit = "seconds" if spec.default.reps is None else "reps"
            yield ("steps", index, "dose"), f"expected a dose in {unit}, as {step.exercise} is counted"


def _split(root: Node) -> tuple[dict[str | None, Node], str | None, list[Problem]]:
    """Lay each variant over the base; returns the trees by variant, the default's name and what is wrong with the shape."""
    problems: list[Problem] = []
    base = Node({key: node for key, node in root.value.items() if key not in FILE_KEYS}, root.line)
    if "variant" in base.value:
        problems.append(Problem(base.value.pop("variant").line, "variant: variants go under 'variants', by name"))
    block, chosen = root.child("variants"), root.child("default_variant")
    if block is None:
        if chosen is not None:
            problems.append(Problem(chosen.line, "default_variant: this file has no variants"))
        return {None: base}, None, problems
    if not isinstance(block.value, dict) or not block.value:
        expected = "expected a mapping of variant names to overrides, such as 'floor: {}'"
        problems.append(Problem(block.line, f"variants: {expected}, found {describe(block.value)}"))
        return {None: base}, None, problems
    if len(block.value) > MAX_VARIANTS:
        problems.append(Problem(block.line, f"variants: expected at most {MAX_VARIANTS}, found {len(block.value)}"))
    trees: dict[str | None, Node] = {}
    for name, override in list(block.value.items())[:MAX_VARIANTS]:
        problems += _shape_of_variant(name, override)
        if not isinstance(override.value, dict):
            override = Node({}, override.line)
        kept = {key: node for key, node in override.value.items() if key not in _FIXED_IN_VARIANTS}
        tree = merge(base, Node(kept, override.line), _KINDS)
        if is_id(name):
            tree.value["variant"] = Node(name, override.line)
        trees[name] = tree
    default = next(iter(trees))
    if chosen is not None:
        if isinstance(chosen.value, str) and chosen.value in block.value:
            default = chosen.value
        else:
            hint = suggestion(str(chosen.value), block.value)
            problems.append(
                Problem(
                    chosen.line,
                    f"default_variant: expected one of {', '.join(block.value)}, found {describe(chosen.value)}{hint}",
                )
            )
    return trees, default, problems


def _shape_of_variant(name: str, override: Node) -> list[Problem]:
    problems = []
    where = f"variants.{name}"
    if not is_id(name):
        problems.append(Problem(override.line, f"variants: expected a name of {ID_RULE}, found {describe(name)}"))
    if override.value is not None and not isinstance(override.value, dict):
        problems.append(
            Problem(override.line, f"{where}: expected a mapping of overrides, found {describe(override.value)}")
        )
    elif override.value is not None:
        fixed = [key for key in _FIXED_IN_VARIANTS if key in override.value]
        problems += [
            Problem(override.value[key].line, f"{where}.{key}: cannot be changed by a variant") for key in fixed
        ]
    return problems


def _validate(tree: Node, model: type[SpecModel]) -> tuple[SpecModel | None, list[Problem], list[Location]]:
    """Validate; returns the model or None, what is wrong, and where (in the tree)."""
    try:
        return model.model_validate(tree.plain()), [], []
    except ValidationError as error:
        details = [(_without_tags(detail["loc"]), detail) for detail in error.errors(include_url=False)]
    problems = []
    for where, detail in details:
        # a list whose entries are wrong also counts as too short: once is enough
        if detail["type"] == "too_short" and any(
            len(other) > len(where) == len(_shared(other, where)) for other, _ in details
        ):
            continue
        problems.append(Problem(locate(tree, where), _named(where, explain(detail, where, model))))
    return None, problems, [where for where, _ in details]


def _shared(first: Location, second: Location) -> Location:
    return tuple(a for a, b in zip(first, second, strict=False) if a == b)


def _without_tags(location: Sequence[Any]) -> Location:
    """Drop what pydantic adds to a location: the measure's kind after its name, and the "[key]" of a wrong key."""
    where = list(location)
    if len(where) > 2 and where[0] == "measures" and where[2] in MEASURE_KEYS:
        del where[2]
    return tuple(part for part in where if part != "[key]")


def _named(where: Location, text: str) -> str:
    """Put the name of the place before the text: ``checks.hips.ok: expected ...``."""
    name = ""
    for part in where:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else str(part)
    return f"{name}: {text}" if name else text


def _gather(found: Mapping[str | None, Iterable[Problem]], common_only: Sequence[str] = ()) -> list[Problem]:
    """Merge the variants' problems: what all of them share once, the rest with the variant's name.

    Texts that end in one of ``common_only`` count only when every variant has them.
    """
    sharers: dict[Problem, list[str]] = {}
    for variant, problems in found.items():
        for problem in dict.fromkeys(problems):
            sharers.setdefault(problem, []).append(str(variant))
    merged = []
    for problem, variants in sharers.items():
        if len(variants) == len(found):
            merged.append(problem)
        elif not problem.text.endswith(tuple(common_only)):
            plural = "s" if len(variants) > 1 else ""
            merged.append(Problem(problem.line, f"{problem.text} [variant{plural} {', '.join(variants)}]"))
    return sorted(merged)
