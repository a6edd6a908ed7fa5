"""One recording through the whole program: source, pose, judging, outputs."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from posturecam.app.host import Host, frames_bar
from posturecam.app.pose_model import model_file
from posturecam.app.seeing import Seen, Wanted, see
from posturecam.files import shown
from posturecam.output_folder import output_folder
from posturecam.sources.file import AS_IT_SAYS, FileSource, Reading
from posturecam.spec.schema import Exercise

if TYPE_CHECKING:
    from posturecam.app.finished import Finished
    from posturecam.app.recognise import Recognised
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


def analyse_recording(
    settings: AnalysisSettings, video: Path, root: Path | None, host: Host, recognised: Recognised | None = None
) -> Finished:
    """Judge one recording and write what was asked for into a folder of its own in ``root``; raises PosturecamError.

    First every frame is looked at, then the whole is judged, and then it is shown: pictures and overlay say what the report
    says. ``recognised`` brings the poses along, where the exercise had to be found out from them first.
    """
    with host.deferred(), ExitStack() as stack:
        with host.interruptible():
            path = model_file(settings.model, host)
            stack.enter_context(FileSource(video)).close()  # what cannot be read leaves no folder behind
            folder = stack.enter_context(output_folder(root, video, overwrite=settings.overwrite)) if root else None
        seen = recognised.seen if recognised is not None else look_at(video, settings, path, host)
        if seen.looked.interrupted and not len(seen.looked.poses):
            raise KeyboardInterrupt
        # what judges, reports and draws is slow to import, and not needed before the first frame
        from posturecam.app.conclude import conclude

        return conclude(settings, video, folder, path, seen, host, recognised)


def look_at(video: Path, settings: AnalysisSettings, model: Path, host: Host) -> Seen:
    """Find the exerciser in a recording; what had to be decided about the picture is among the warnings."""
    wanted = Wanted(
        video, model, [settings.exercise], settings.variants, settings.reading, settings.turn, settings.jobs
    )
    return see(wanted, frames_bar(host, shown(video.name)), host.frames, host.waiting)
