"""One recording through the whole program: source, pose, judging, outputs."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from posturecam.app.host import Host, frames_bar
from posturecam.app.pose_model import model_file
from posturecam.app.seeing import Seen, Wanted, see
from posturecam.app.settings import AnalysisSettings
from posturecam.files import shown
from posturecam.output_folder import output_folder
from posturecam.sources.file import FileSource

if TYPE_CHECKING:
    from posturecam.app.finished import Finished
    from posturecam.app.recognise import Recognised


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
