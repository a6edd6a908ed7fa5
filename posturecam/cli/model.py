"""``posturecam model``: where the pose model's file comes from."""

from __future__ import annotations

from typing import Annotated

import typer

from posturecam.cli.terminal import Terminal
from posturecam.errors import ModelError

app = typer.Typer(no_args_is_help=True, help="Fetch the pose model, or tell where it lies.")

ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="lite|full|heavy|PATH",
        help="Which pose model: lite is fastest, heavy most accurate; or a .task file. "
        "Without it POSTURECAM_MODEL counts, then full.",
        show_default=False,
    ),
]
"""The option as every command that looks at pictures takes it."""


@app.command()
def fetch(model: ModelOption = None) -> None:
    """Fetch the pose model into your cache (the program's only use of the network) and print where it lies."""
    from posturecam.app.pose_model import model_file

    print(model_file(model, Terminal()))


@app.command()
def path(model: ModelOption = None) -> None:
    """Print the pose model's file; exit code 1 when it has not been fetched yet."""
    from posturecam.pose.models import ready_model

    found = ready_model(model)
    if found is None:
        raise ModelError("The pose model has not been fetched yet; run: posturecam model fetch")
    print(found)
