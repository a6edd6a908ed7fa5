"""``posturecam evaluate``: how well the specs count and judge where the truth is known, and how far raters agree.

``specs test`` is the first of them under its former name.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posturecam.cli.agreement import KeepLooks, agreement
from posturecam.cli.console import print_table
from posturecam.cli.model import ModelOption
from posturecam.cli.terminal import Terminal

if TYPE_CHECKING:
    from posturecam.report.evaluation import ClipEvaluation, Row

app = typer.Typer(
    no_args_is_help=True,
    help="Measure the program against known truth and against other raters.",
    rich_markup_mode=None,
)
app.command("agreement")(agreement)

HEADER = (
    "exercise", "clips", "exact", "off by 1", "mean error", "hold error s", "found", "missed", "invented", "judged", "negatives",
)  # fmt: skip


@app.command("specs")
def evaluate_specs(
    exercise: Annotated[
        str | None, typer.Argument(metavar="[ID|FILE]", help="Which spec, or all.", show_default=False)
    ] = None,
    clips: Annotated[
        Path | None,
        typer.Option("--clips", metavar="DIR", help="Folder of clips with a truth.json.  [default: sample_videos]"),
    ] = None,
    model: ModelOption = None,
    keep_looks: KeepLooks = None,
    details: Annotated[bool, typer.Option("--details", help="Also a line for every clip that is not right.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Run clips whose truth is known through the whole program and print how well each spec counts and judges."""
    from posturecam.app.evaluate import default_clips, evaluate
    from posturecam.report.evaluation import summed_up

    evidence = evaluate(clips or default_clips(), exercise, model, Terminal(), keep_looks)
    everything = [one for some in evidence.values() for one in some]
    rows = [summed_up(name, some) for name, some in evidence.items()] + [summed_up("all", everything)]
    if as_json:
        print(
            json.dumps({"rows": [_row_json(row) for row in rows], "clips": list(map(dataclasses.asdict, everything))})
        )
        return
    _print_rows(rows)
    if details:
        for one in everything:
            if line := _detail(one):
                print(line)


def _number(value: float | None, pattern: str) -> str:
    return "-" if value is None else format(value, pattern)


def _print_rows(rows: Sequence[Row]) -> None:
    print_table(
        HEADER,
        [
            (
                row.name,
                str(row.clips),
                _number(row.exact, ".0%"),
                _number(row.off_by_one, ".0%"),
                _number(row.mean_error, ".2f"),
                _number(row.hold_error_s, ".2f"),
                str(row.found),
                str(row.missed),
                str(row.invented),
                _number(row.judged, ".0%"),
                f"{row.negatives_counted} of {row.negatives} counted" if row.negatives else "-",
            )
            for row in rows
        ],
    )
    total = rows[-1]
    print(
        f"Faults: recall {_number(total.recall, '.2f')}, precision {_number(total.precision, '.2f')}; "
        f"good clips with an invented major fault: {total.good_with_major}; "
        f"worst hold error {_number(total.worst_hold_error_s, '.2f')} s."
    )


def _row_json(row: Row) -> dict[str, object]:
    return {**dataclasses.asdict(row), "recall": row.recall, "precision": row.precision}


def _detail(one: ClipEvaluation) -> str | None:
    said = []
    if one.rep_error:
        said.append(f"{one.rep_error:+d} reps" if not one.negative else f"counted {one.counted}")
    elif one.negative and one.counted:
        said.append(f"counted {one.counted} holds")
    if one.hold_error_s is not None and one.hold_error_s > 0.5:
        said.append(f"hold off by {one.hold_error_s:.1f} s")
    said += [f"missed {fault}" for fault in one.missed] + [f"invented {fault}" for fault in one.invented]
    return f"  {one.exercise}, {one.clip}: {', '.join(said)}" if said else None
