"""What is asked of every recording of a call, as it can be handed to another process or machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posturecam import __version__, language
from posturecam.app.analyse import analyse_recording
from posturecam.app.host import Host
from posturecam.app.settings import AnalysisSettings
from posturecam.errors import CallError
from posturecam.files import content_digest
from posturecam.sources.file import AS_IT_SAYS
from posturecam.spec.catalogue import exercise_ids, load_exercise, load_spec
from posturecam.spec.digest import whole_digest
from posturecam.spec.schema import Exercise

if TYPE_CHECKING:
    from posturecam.app.finished import Finished

AUTO = "auto"
USUAL: Mapping[str, Any] = {
    "folder": None,
    "formats": ("html", "json", "csv"),
    "overlay": True,
    "images": True,
    "blur_face": False,
    "person": None,
    "model": None,
}
_NOT_IN_THE_RESULT = frozenset({"folder", "store", "jobs", "overwrite"})


@dataclass(frozen=True)
class Order:
    """Recordings of the ``exercise`` (None: find out which) loaded from ``spec``, judged with the ``settings``.

    ``settings`` are fields of :class:`AnalysisSettings` but the exercise's own; ``variants`` are all those of the exercise.
    """

    spec: str
    exercise: Exercise | None
    variants: tuple[Exercise, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


def order(spec: str, variant: str | None = None, **settings: Any) -> Order:
    """An order for an exercise's id or file, or ``auto``; raises CallError or SpecError.

    ``settings`` that are not given are those of ``posturecam analyse``, but that nothing is kept for the history.
    """
    known = {**USUAL, "open_variant": variant is None, **settings}
    if spec != AUTO:
        return Order(spec, load_exercise(spec, variant), tuple(load_spec(spec).exercises.values()), known)
    if variant is not None:
        raise CallError("--variant goes with a named exercise; --exercise auto finds out the variant as well.")
    return Order(spec, None, (), known)


def judge(order: Order, video: Path, root: Path | None, host: Host) -> Finished:
    """Judge one recording as ordered, into a folder of its own in ``root``; raises PosturecamError."""
    wanted = order.settings
    if order.exercise is not None:
        settings = AnalysisSettings(exercise=order.exercise, spec=order.spec, variants=order.variants, **wanted)
        return analyse_recording(settings, video, root, host)
    from posturecam.app.recognise import recognise_recording

    recognised = recognise_recording(
        video, wanted["model"], host, wanted.get("reading", AS_IT_SAYS), wanted.get("jobs")
    )
    settings = AnalysisSettings(exercise=recognised.exercise, spec=recognised.exercise.id, variants=(), **wanted)
    return analyse_recording(settings, video, root, host, recognised)


def work_digest(order: Order, video: Path) -> str:
    """A digest of all that a recording's result depends on: its content, the spec, the settings, and this program's version.

    Raises OSError when the recording cannot be read.
    """
    exercises = order.variants or tuple(one for name in exercise_ids() for one in load_spec(name).exercises.values())
    settings = {name: value for name, value in sorted(order.settings.items()) if name not in _NOT_IN_THE_RESULT}
    if "reading" in settings:
        settings["reading"] = asdict(settings["reading"])
    parts = {
        "recording": content_digest(video),
        "exercise": whole_digest(order.exercise) if order.exercise else AUTO,
        "exercises": sorted(whole_digest(one) for one in exercises),
        "settings": settings,
        "version": __version__,
        "language": language.current(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
