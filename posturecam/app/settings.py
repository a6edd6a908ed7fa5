"""What a user asked for when a recording is judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from posturecam.sources.file import AS_IT_SAYS, Reading
from posturecam.spec.schema import Exercise

if TYPE_CHECKING:
    from posturecam.report import types
    from posturecam.store import SessionStore


@dataclass(frozen=True)
class AnalysisSettings:
    """What the user asked for; ``folder`` None: nothing is written; ``spec``: the id or file the exercise came from.

    ``reading`` and ``turn``: how the recording is read, and whether a picture that certainly lies on its side may be turned;
    ``variants`` of the exercise tell that it does not, and with ``open_variant`` the one that is shown is found among them.
    Without ``images`` there are no pictures and no names in what is written. ``store`` keeps the session for later, None:
    nobody. ``jobs``: by how many processes it is looked at, None: one for each core. ``called``: the recording's name in what is
    written, where it is another than its path. ``recorded``: when it was filmed, None: as its tag or file says.
    """

    exercise: Exercise
    spec: str
    folder: Path | None
    formats: tuple[str, ...]
    overlay: bool
    images: bool
    blur_face: bool
    person: types.Person | str | None
    model: str | None
    overwrite: bool = False
    store: SessionStore | None = None
    reading: Reading = AS_IT_SAYS
    turn: bool = True
    variants: tuple[Exercise, ...] = ()
    open_variant: bool = False
    jobs: int | None = None
    called: str | None = None
    recorded: datetime | None = None
