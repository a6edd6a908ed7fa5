"""One recording through the whole program: source, pose, judging, outputs; shared by the commands that do it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from posturecam import pipeline
from posturecam.app.looking import MOST_HZ, Looked, look
from posturecam.app.showing import show_shared
from posturecam.cli.console import model_file, progress_bar, say
from posturecam.cli.recognition import Recognised
from posturecam.coaching.coach import Coach
from posturecam.errors import CallError
from posturecam.files import ensure_writable, write_whole
from posturecam.judging.frames import frames
from posturecam.judging.judge import Judgement, judge
from posturecam.model import FrameResult, SessionResult, SourceInfo
from posturecam.report.build import build_report, make_provenance
from posturecam.report.gallery import ThumbnailKey
from posturecam.report.picture_files import picture_name
from posturecam.report.privacy import nameless_path, without_names
from posturecam.report.types import Report
from posturecam.sinks.face import FaceBlur, FaceBlurred
from posturecam.sinks.overlay import OverlaySink
from posturecam.sinks.thumbnails import ThumbnailSink
from posturecam.sinks.video import VideoWriter
from posturecam.sources.file import FileSource
from posturecam.spec.catalogue import SUFFIXES
from posturecam.spec.digest import exercise_digest
from posturecam.spec.schema import Exercise
from posturecam.store import LANDMARKS, SPEC, THUMBNAILS, Session, SessionStore

OVERLAY = "overlay.mp4"


@dataclass(frozen=True)
class SessionSettings:
    """What the user asked for; ``folder`` None: nothing is written; ``spec``: the id or file the exercise came from.

    Without ``images`` there are no pictures and no names in what is written. ``store`` keeps the session for later, None: nobody.
    ``jobs`` processes share the work, None: as many as there are cores; ``every_frame``: also of faster
    recordings than needed.
    """

    exercise: Exercise
    spec: str
    folder: Path | None
    formats: tuple[str, ...]
    overlay: bool
    images: bool
    blur_face: bool
    person: str | None
    model: str | None
    store: SessionStore | None = None
    jobs: int | None = None
    every_frame: bool = False


@dataclass(frozen=True, eq=False)
class Finished:
    """One judged recording: its ``report``, the ``result`` behind it and the ``folder`` its files are in."""

    report: Report
    result: SessionResult
    folder: Path | None

    @property
    def interrupted(self) -> bool:
        """Whether the user ended it early."""
        return self.result.interrupted

    @property
    def judged(self) -> bool:
        """Whether anything could be judged at all."""
        return self.report.verdict != "unknown" or self.result.tracking.judged > 0

    def why_not_judged(self) -> str:
        """One sentence on why nothing could be judged."""
        source, tracking = self.report.source.path, self.result.tracking
        if tracking.person == 0:
            return f"Nobody was seen in {source}: film the whole body in good light, and try again."
        if tracking.view_ok is False:
            return f"Nothing could be judged in {source}, because the camera stands wrong: {self.report.camera_advice}"
        return (
            f"Nothing could be judged in {source}: the position for {self.report.title()} was never seen; "
            "check that --exercise and --variant are right."
        )

    def text(self) -> str:
        """Summary for the terminal."""
        score = "no score" if self.report.score is None else f"score {self.report.score:.0f}"
        lines = [f"{self.report.title()}, {Path(self.report.source.path).name}: {score}", f"  {self.report.summary}"]
        lines += [f"  {fault.name}{_where(self.report, fault.reps, fault.share)}" for fault in self.report.faults]
        for attempt in self.report.reps.attempts:
            lines.append(f"  Not counted at {attempt.start_s:.1f} s: {attempt.reason}")
        for problem in (*self.report.tracking.problems, *self.report.source.warnings):
            lines.append(f"  Note: {problem}")
        if self.folder is not None:
            page = self.folder / "report.html"
            lines.append(f"  Report: {page if page.exists() else self.folder}")
        return "\n".join(lines)


def _where(report: Report, numbers: list[int], share: float) -> str:
    if report.source.is_still:
        return ""
    if report.kind == "hold":
        return f": {share:.0%} of the held time"
    return f": rep{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def analyse_recording(
    settings: SessionSettings, video: Path, folder: Path | None, recognised: Recognised | None = None
) -> Finished:
    """Judge one recording and write what was asked for into ``folder``; raises PosturecamError.

    First every frame is looked at, then the whole is judged, and then it is shown: pictures and overlay say what the report
    says. ``recognised`` brings the poses along, where the exercise had to be found out from them first.
    """
    path = model_file(settings.model)
    if folder is not None:
        FileSource(video).close()  # a folder is made for recordings only
        _make_ready(folder, video)
    looked = recognised.looked if recognised is not None else _look(settings, path, video)
    info = looked.info
    judgement = judge(settings.exercise, looked.poses, still=info.is_still)
    result = judgement.result(interrupted=looked.interrupted)
    pictures: Mapping[ThumbnailKey, bytes] = {}
    if folder is not None:
        named = info if settings.images else nameless(info)
        looked.poses.save(folder / LANDMARKS, named, _provenance(settings))
        pictures = _show(settings, video, folder, judgement, looked, result)
    report = build_report(
        settings.exercise,
        result,
        info,
        make_provenance(model=path.stem, command="analyse", **_provenance(settings)),
        created=datetime.now().astimezone(),
        person=settings.person,
    )
    if recognised is not None:
        report = report.model_copy(update={"recognised": recognised.part()})
    finished = Finished(report, result, folder)
    if folder is not None:
        shown = report if settings.images else without_names(report)
        _write_files(settings, shown, folder, pictures)
        if settings.store is not None and finished.judged:
            keep_session(settings, shown, folder)
    return finished


def _look(settings: SessionSettings, model: Path, video: Path) -> Looked:
    with progress_bar(video.name, None, "frames") as advance:
        return look(
            video,
            model,
            silhouette=settings.exercise.needs_silhouette,
            jobs=settings.jobs,
            every_frame=settings.every_frame,
            progress=advance,
        )


def _show(
    settings: SessionSettings,
    video: Path,
    folder: Path,
    judgement: Judgement,
    looked: Looked,
    result: SessionResult,
) -> Mapping[ThumbnailKey, bytes]:
    """Write the overlay, and draw the worst moments; returns their pictures."""
    shown = _show_shared(settings, video, folder, judgement, looked, result)
    if shown is not None:
        return shown
    with FileSource(video, None if settings.every_frame else MOST_HZ) as source:
        sinks, thumbnails = _sinks(settings, folder, is_still=source.info.is_still)
        if not sinks:
            return {}
        total = float(source.info.frames or len(looked.poses))
        results = _results(settings, judgement, looked)
        with progress_bar(f"{video.name}: pictures", total, "frames") as advance:
            warnings = pipeline.show(source, results, sinks, progress=lambda frame: advance(frame.index + 1, total))
    for warning in warnings:
        say(warning)
    return thumbnails.finish(result) if thumbnails is not None else {}


def _show_shared(
    settings: SessionSettings,
    video: Path,
    folder: Path,
    judgement: Judgement,
    looked: Looked,
    result: SessionResult,
) -> Mapping[ThumbnailKey, bytes] | None:
    """The same by several processes; None where one has to do it."""
    # without an overlay there is little to do, and a face is followed from one frame to the next
    if not settings.overlay or settings.blur_face or looked.interrupted or looked.info.is_still:
        return None
    thumbnails = ThumbnailSink(settings.exercise) if settings.images else None
    with progress_bar(f"{video.name}: pictures", None, "frames") as advance:
        done = show_shared(
            video,
            _results(settings, judgement, looked),
            settings.exercise,
            folder / OVERLAY,
            thumbnails,
            jobs=settings.jobs,
            every_frame=settings.every_frame,
            progress=advance,
        )
    if not done:
        return None
    return thumbnails.finish(result) if thumbnails is not None else {}


def _results(settings: SessionSettings, judgement: Judgement, looked: Looked) -> Iterator[FrameResult]:
    coach = Coach(settings.exercise)
    return (coach.coached(one) for one in frames(judgement, looked.poses))


def nameless(info: SourceInfo) -> SourceInfo:
    """What is known about a source, without its name."""
    path = nameless_path(info.path)
    return replace(info, path=path, warnings=[text.replace(info.path, path) for text in info.warnings])


def keep_session(settings: SessionSettings, report: Report, folder: Path) -> Session:
    """Store what lies in ``folder`` as a session, for the history and for judging it again; raises OutputError."""
    assert settings.store is not None
    with settings.store.draft() as draft:
        for path in (folder / LANDMARKS, *sorted((folder / THUMBNAILS).glob("*.jpg"))):
            if path.is_file():
                draft.add(str(path.relative_to(folder)), path)
        spec = Path(settings.spec)
        if spec.suffix.lower() in SUFFIXES and spec.is_file():
            draft.add(SPEC, spec)
        return draft.commit(report.to_json())


def _make_ready(folder: Path, video: Path) -> None:
    """Make the folder, without what an earlier analysis left that this one may not replace: another run's pictures mislead."""
    ensure_writable(folder)
    leftovers = [folder / OVERLAY, *(folder / THUMBNAILS).glob("*.jpg")]
    if any(old.resolve() == video.resolve() for old in leftovers):
        raise CallError(f"The results would replace {video} itself; choose another folder with --out.")
    for old in leftovers:
        old.unlink(missing_ok=True)


def _provenance(settings: SessionSettings) -> dict[str, str]:
    digest = {"spec_digest": exercise_digest(settings.exercise)}
    return {"spec_path": settings.spec, **digest} if settings.images else digest


def _sinks(
    settings: SessionSettings, folder: Path | None, *, is_still: bool
) -> tuple[list[pipeline.Sink], ThumbnailSink | None]:
    if folder is None:
        return [], None
    sinks: list[pipeline.Sink] = []
    thumbnails = ThumbnailSink(settings.exercise) if settings.images else None
    if thumbnails is not None:
        sinks.append(thumbnails)
    if settings.overlay and not is_still:
        sinks.append(OverlaySink(settings.exercise, [VideoWriter(folder / OVERLAY)]))
    if settings.blur_face:
        blur = FaceBlur()
        return [FaceBlurred(sink, blur) for sink in sinks], thumbnails
    return sinks, thumbnails


def _write_files(
    settings: SessionSettings, report: Report, folder: Path, pictures: Mapping[ThumbnailKey, bytes]
) -> None:
    # the report comes first in every format it can be read in: pictures are the most that a full disk may cost
    from posturecam.cli.rendering import render  # slow to import, and not needed before the first frame

    names = {"json": "report.json", "html": "report.html", "csv": "reps.csv", "pdf": "report.pdf", "md": "report.md"}
    overlay = OVERLAY if (folder / OVERLAY).is_file() else None
    for format_ in dict.fromkeys(("json", *settings.formats)):
        write_whole(folder / names[format_], render(report, format_, dict(pictures), overlay=overlay))
    for key, jpeg in pictures.items():
        write_whole(folder / THUMBNAILS / picture_name(key), jpeg)
