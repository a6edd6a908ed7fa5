"""``posturecam specs``: the exercises, what is in them, and whether a file of one's own is right."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from posturecam.cli import completion
from posturecam.cli.agreement import agreement
from posturecam.cli.console import print_table
from posturecam.cli.evaluate import evaluate_specs
from posturecam.cli.streams import print_json
from posturecam.errors import SpecError

if TYPE_CHECKING:
    from posturecam.spec.load import SpecFile
    from posturecam.spec.schema import Check, Exercise

app = typer.Typer(no_args_is_help=True, help="List, show, check and test exercise specs.", rich_markup_mode=None)
app.command("test")(evaluate_specs)
app.command("agreement", hidden=True)(agreement)  # its former name

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


@app.command("list")
def list_specs(as_json: AsJson = False) -> None:
    """List the exercises with their variants, views and doses."""
    from posturecam.spec.catalogue import shipped_specs
    from posturecam.spec.words import dose_text

    specs = list(shipped_specs().values())
    if as_json:
        _print_json([_summary(spec) for spec in specs])
        return
    rows = [
        (
            spec.default.id,
            spec.default.name,
            spec.default.category,
            ", ".join(spec.variants) or "-",
            " or ".join(spec.default.camera.view),
            dose_text(spec.default),
        )
        for spec in specs
    ]
    print_table(("id", "name", "category", "variants", "view", "dose"), rows)


@app.command("show")
def show_spec(
    exercise: Annotated[
        str,
        typer.Argument(metavar="ID", help="Exercise id, or path of a YAML file.", autocompletion=completion.exercises),
    ],
    variant: Annotated[
        str | None,
        typer.Option(help="Variant; the default one when left out.", autocompletion=completion.variants),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show one exercise: how it is done, how it is counted, and every check with its limits and their source."""
    from posturecam.spec.catalogue import choose_variant, load_spec

    spec = load_spec(exercise)
    chosen = choose_variant(spec, variant)
    if as_json:
        _print_json(_full(chosen))
        return
    _print_text(_describe(spec, chosen))
    rows = [
        (name, check.severity, _asked(check), str(check.ok), str(check.fault), check.cue)
        for name, check in chosen.checks.items()
    ]
    print_table(("fault", "severity", "measured", "ok", "fault from", "cue"), rows)
    _print_text(["", "Where the limits come from:"])
    _print_text([f"  {name}: {check.source.text}" for name, check in chosen.checks.items()])


@app.command("check")
def check_specs(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="YAML files of exercises or programmes.")],
    as_json: AsJson = False,
) -> None:
    """Check spec files: every error and warning as path:line. Exit code 2 when there is an error."""
    problems: list[str] = []
    warnings: list[str] = []
    for path in files:
        try:
            warnings += _check_file(path)
        except SpecError as error:
            problems += error.problems
    if as_json:
        _print_json({"ok": not problems, "errors": problems, "warnings": warnings})
        raise typer.Exit(SpecError.exit_code if problems else 0)
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    if problems:
        raise SpecError(problems)
    print(f"{_counted(len(files), 'file')} right, {_counted(len(warnings), 'warning')}")


@app.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of exercise files, for editors."""
    from posturecam.spec.json_schema import file_schema_text

    print(file_schema_text(), end="")


@app.command("docs")
def print_docs(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write it there instead of printing it.", show_default=False),
    ] = None,
) -> None:
    """Print the guide to all exercises as Markdown: how to stand, where the camera goes, what is checked, cues and doses."""
    from posturecam.files import write_whole
    from posturecam.report.exercise_guide import exercise_guide
    from posturecam.spec.catalogue import shipped_specs

    text = exercise_guide(shipped_specs().values())
    if out is None:
        print(text, end="")
        return
    write_whole(out, text)
    print(out)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _check_file(path: Path) -> tuple[str, ...]:
    from posturecam.spec.catalogue import shipped_specs
    from posturecam.spec.load import load_file, load_programme
    from posturecam.spec.tree import read_tree

    root, _ = read_tree(path)
    # only a programme's steps are mappings that name exercises
    if "red_flags" in root.value and "measures" not in root.value:
        load_programme(path, shipped_specs())
        return ()
    return load_file(path).warnings


def _summary(spec: SpecFile) -> dict[str, Any]:
    exercise = spec.default
    return {
        "id": exercise.id,
        "name": exercise.name,
        "category": exercise.category,
        "variants": list(spec.variants),
        "default_variant": spec.default_variant,
        "view": list(exercise.camera.view),
        "dose": exercise.dose.model_dump(),
        "counts": "reps" if exercise.reps else "holds",
        "faults": list(dict.fromkeys(name for variant in spec.exercises.values() for name in variant.checks)),
    }


def _full(exercise: Exercise) -> dict[str, Any]:
    data = exercise.model_dump(by_alias=True, exclude_none=True)
    # ranges as a spec writes them: JSON knows no infinity
    for part, conditions in _conditions(exercise, data):
        for key, limits in conditions.items():
            part[key] = str(limits)
    for name, check in exercise.checks.items():
        data["checks"][name].update(ok=str(check.ok), fault=str(check.fault))
    return data


def _conditions(exercise: Exercise, data: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    found: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (data["setup"]["position"], exercise.setup.position),
    ]
    if exercise.hold is not None:
        found.append((data["hold"]["while"], exercise.hold.position))
        found.append((data["hold"]["rest"], exercise.hold.rest))
    return found + [(data["checks"][name]["when"], check.when) for name, check in exercise.checks.items()]


def _describe(spec: SpecFile, exercise: Exercise) -> list[str]:
    from posturecam.spec.words import dose_text

    title = exercise.name + (f": {exercise.variant_name or exercise.variant}" if exercise.variant else "")
    lines = [title, "=" * len(title), "", *(f"  {number}. {step}" for number, step in enumerate(exercise.steps, 1)), ""]
    view = " or ".join(exercise.camera.view)
    lines.append(f"Camera    {view} view. {exercise.camera.advice}")
    lines.append(f"Dose      {dose_text(exercise)} ({'the article' if exercise.dose.origin == 'article' else 'ours'})")
    lines.append(f"Muscles   {', '.join(exercise.muscles)}")
    if spec.variants:
        others = (f"{name} (default)" if name == spec.default_variant else name for name in spec.variants)
        lines.append(f"Variants  {', '.join(others)}")
    lines += [f"Source    {exercise.source}", ""]
    return lines


def _asked(check: Check) -> str:
    if not check.judged:
        return "not from one camera"
    if check.tempo is not None:
        return f"seconds of the {check.tempo}"
    when = f"at {check.at}" if check.at is not None else f"during {check.during}"
    return f"{check.measure} {when}{f' ({check.end})' if check.end else ''}"


def _print_json(data: object) -> None:
    print_json(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))


def _print_text(lines: list[str]) -> None:
    print("\n".join(lines))
