"""``posturecam evaluate agreement``: how far raters agree on the same clips, among each other and with the program."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer

from posturecam.cli.model import ModelOption

KeepLooks = Annotated[
    Path | None,
    typer.Option(
        "--keep-looks",
        metavar="DIR",
        help="Keep the clips' landmarks there: another time needs no pictures.",
        show_default=False,
    ),
]


def agreement(
    raters: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Two or more raters' labels, each like truth.json.")
    ],
    clips: Annotated[
        Path | None,
        typer.Option("--clips", metavar="DIR", help="The folder of the clips: the program rates them as well."),
    ] = None,
    model: ModelOption = None,
    keep_looks: KeepLooks = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Measure agreement between raters, and with the program: Cohen's kappa, confusion, and counts that are off by one."""
    from posturecam.app.agreement import agreement_of
    from posturecam.cli.console import print_table
    from posturecam.cli.terminal import Terminal
    from posturecam.files import plain

    found = agreement_of(raters, clips, model, Terminal(), keep_looks)
    if as_json:
        print(json.dumps(dataclasses.asdict(found), indent=2))
        return
    header = (
        "raters", "clips", "kappa", "agreed", "both correct", "only first", "only second", "both wrong", "kappa of faults",
        "counted", "same count", "off by 1",
    )  # fmt: skip
    rows = [
        (
            plain(f"{pair.first}, {pair.second}"),
            str(pair.clips),
            _number(pair.kappa, ".3f"),
            _number(pair.agreed, ".0%"),
            *(str(count) for row in pair.confusion for count in row),
            _number(pair.fault_kappa, ".3f"),
            str(pair.counted),
            _number(pair.exact, ".0%"),
            _number(pair.off_by_one, ".0%"),
        )
        for pair in found.pairs
    ]
    print_table(header, rows)
    print(
        f"Mean kappa among raters {_number(found.among_raters, '.3f')}, "
        f"with the program {_number(found.with_program, '.3f')}."
    )


def _number(value: float | None, pattern: str) -> str:
    return "-" if value is None else format(value, pattern)
