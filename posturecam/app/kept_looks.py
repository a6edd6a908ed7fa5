"""Looks at a recording that are kept: what was found does not depend on any limit, so another one asks for no picture."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from posturecam.app.looking import Looked
from posturecam.errors import SourceError
from posturecam.files import content_digest
from posturecam.model import SourceInfo
from posturecam.pose.models import cache_folder
from posturecam.poses import PoseSequence, load


@dataclass(frozen=True)
class KeptLooks:
    """Where the looks at one recording are kept: files in ``folder`` whose names begin with ``key``."""

    folder: Path
    key: str

    def path(self, look: str) -> Path:
        """The file of one look."""
        return self.folder / f"{self.key}-{look}.npz"


def former_looks() -> Path | None:
    """Where earlier versions kept the landmarks of every clip that was tested; None where nothing is left of it."""
    folder = cache_folder().parent / "looks"
    return folder if folder.is_dir() else None


def kept_looks(folder: Path, video: Path, model: Path) -> KeptLooks:
    """The looks at ``video`` with ``model``, known by what both hold and not by their names. Raises OSError."""
    return KeptLooks(folder, f"{content_digest(video)[:32]}-{content_digest(model)[:16]}")


def first_look(kept: KeptLooks | None, take: Callable[[], Looked]) -> Looked:
    """The kept first look, or the one that is taken now and then kept; one that was interrupted is not."""
    path = kept.path("first") if kept is not None else None
    if path is not None and path.exists():
        with contextlib.suppress(SourceError):
            stored = load(path)
            return Looked(stored.poses, stored.info, bool(stored.extra.get("crowded")))
    looked = take()
    if path is not None and not looked.interrupted and len(looked.poses):
        looked.poses.save(path, looked.info, {"crowded": looked.crowded})
    return looked


def further_look(
    kept: KeptLooks | None, look: str, info: SourceInfo, take: Callable[[], Sequence[PoseSequence] | None]
) -> Sequence[PoseSequence] | None:
    """The bodies of a kept further look, or of the one that is taken now and then kept; None when it was interrupted."""
    if kept is None:
        return take()
    first = kept.path(f"{look}-0")
    with contextlib.suppress(SourceError):
        stored = load(first)
        count = stored.extra.get("bodies")
        if isinstance(count, int):
            return [stored.poses, *(load(kept.path(f"{look}-{number}")).poses for number in range(1, count))]
    found = take()
    if found and all(map(len, found)):
        # the first one last: it tells that all are there
        for number, poses in reversed(list(enumerate(found))):
            poses.save(kept.path(f"{look}-{number}"), info, {"bodies": len(found)})
    return found
