"""What one analysed recording leaves behind, each output on its own risk and the most important first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from posturecam.app.rendering import render
from posturecam.errors import OutputError
from posturecam.files import write_whole
from posturecam.model import SourceInfo
from posturecam.poses import PoseSequence
from posturecam.report.gallery import ThumbnailKey
from posturecam.report.picture_files import picture_name
from posturecam.report.types import Report
from posturecam.spec.catalogue import SUFFIXES
from posturecam.store import LANDMARKS, SPEC, THUMBNAILS, Session, SessionStore

OVERLAY = "overlay.mp4"
_NAMES = {"json": "report.json", "csv": "reps.csv", "md": "report.md", "html": "report.html", "pdf": "report.pdf"}
_WITH_PICTURES = ("html", "pdf")
GIVEN_UP = "The annotated video was given up, to make room for the report."


class Outputs:
    """Writes into ``folder`` and into the store; what cannot be written goes to ``say`` at once, and is kept in ``problems``."""

    def __init__(self, folder: Path, formats: tuple[str, ...], say: Callable[[str], None]) -> None:
        self._say = say
        self._folder = folder
        self._formats = [name for name in _NAMES if name in ("json", *formats)]
        self._session: Session | None = None
        self.problems: list[str] = []

    def write_first(self, report: Report, poses: PoseSequence, info: SourceInfo, extra: Mapping[str, object]) -> None:
        """What is small and says all: the report without its pictures, and the landmarks."""
        for format_ in self._formats:
            if format_ not in _WITH_PICTURES:
                self._write(format_, report, {})
        self._try(lambda: poses.save(self._folder / LANDMARKS, info, extra))

    def store(self, store: SessionStore, report: Report, spec: str) -> None:
        """Keep the session for the history and for judging it again."""

        def keep() -> None:
            with store.draft() as draft:
                if (self._folder / LANDMARKS).is_file():
                    draft.add(LANDMARKS, self._folder / LANDMARKS)
                if Path(spec).suffix.lower() in SUFFIXES and Path(spec).is_file():
                    draft.add(SPEC, Path(spec))
                self._session = draft.commit(report.to_json())

        self._try(keep)

    def write_rest(self, report: Report, pictures: Mapping[ThumbnailKey, bytes], lost: list[str]) -> None:
        """The report with its pictures, and the pictures; ``lost`` are sentences on what failed while they were drawn."""
        for sentence in lost:
            self._tell(sentence)
        for format_ in self._formats:
            if format_ in _WITH_PICTURES:
                self._write(format_, report, pictures)
        folders = [self._folder, *([self._session.folder] if self._session is not None else [])]
        for folder in folders:
            self._try(lambda folder=folder: _write_pictures(folder / THUMBNAILS, pictures))  # type: ignore[misc]

    def _write(self, format_: str, report: Report, pictures: Mapping[ThumbnailKey, bytes]) -> None:
        def write() -> None:
            overlay = OVERLAY if (self._folder / OVERLAY).is_file() else None
            write_whole(self._folder / _NAMES[format_], render(report, format_, dict(pictures), overlay=overlay))

        try:
            write()
        except OutputError as error:
            if not (self._folder / OVERLAY).is_file():
                self._tell(str(error))
                return
            (self._folder / OVERLAY).unlink()
            self._tell(GIVEN_UP)
            self._try(write)

    def _try(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OutputError as error:
            self._tell(str(error))

    def _tell(self, sentence: str) -> None:
        self._say(sentence)
        self.problems.append(sentence)


def _write_pictures(folder: Path, pictures: Mapping[ThumbnailKey, bytes]) -> None:
    for key, jpeg in pictures.items():
        write_whole(folder / picture_name(key), jpeg)
