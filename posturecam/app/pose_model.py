"""The pose model's file, fetched when it is not there yet."""

from __future__ import annotations

from pathlib import Path

from posturecam.app.host import Host
from posturecam.pose.models import obtain_model, ready_model


def model_file(choice: str | None, host: Host) -> Path:
    """The file of the model that ``--model choice`` names; says what it fetches and shows how far it is.

    Raises :class:`posturecam.errors.ModelError`.
    """
    if (path := ready_model(choice)) is not None:
        return path
    with host.progress("Pose model", None, "bytes") as advance:
        return obtain_model(choice, host.say, advance).path
