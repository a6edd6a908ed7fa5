"""One recording through the whole program: source, pose, judging, outputs; shared by the commands that do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from posturecam import pipeline
from posturecam.app.obstacles import obstacle_of
from posturecam.app.seeing import Seen, Wanted, see
from posturecam.cli.console import model_file, progress_bar, progress_of, say
from posturecam.cli.recognition import Recognised
from posturecam.cli.rendering import render
from posturecam.coaching.coach import Coach
from posturecam.errors import CallError
from posturecam.files import ensure_writable, write_whole
from posturecam.judging.frames import frames
from posturecam.judging.judge import Judgement, judge
from posturecam.model import SessionResult, SourceInfo
<<<<<<< HEAD
=======
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.report.anonymise import anonymised, nameless_path
>>>>>>> main
from posturecam.report.build import build_report, make_provenance
from posturecam.report.gallery import ThumbnailKey
from posturecam.report.picture_files import picture_name
from posturecam.report.presentation import terminal_lines
from posturecam.report.types import Report
from posturecam.sinks.face import FaceBlur, FaceBlurred
from posturecam.sinks.overlay import OverlaySink
from posturecam.sinks.thumbnails import ThumbnailSink
from posturecam.sinks.video import VideoWriter
from posturecam.sources.file import AS_IT_SAYS, FileSource, Reading
from posturecam.spec.catalogue import SUFFIXES
from posturecam.spec.digest import exercise_digest
from posturecam.spec.schema import Exercise
from posturecam.store import LANDMARKS, SPEC, THUMBNAILS, Session, SessionStore

OVERLAY = "overlay.mp4"


@dataclass(frozen=True)
class SessionSettings:
    """What the user asked for; ``folder`` None: nothing is written; ``spec``: the id or file the exercise came from.

    ``reading`` and ``turn``: how the recording is read, and whether a picture that certainly lies on its side may be turned;
    ``variants`` of the exercise tell that it does not. Without ``images`` there are no pictures and no names in what is written.
    ``store`` keeps the session for later, None: nobody.
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
    reading: Reading = AS_IT_SAYS
    turn: bool = True
    variants: tuple[Exercise, ...] = ()


@dataclass(frozen=True, eq=False)
class Finished:
    """One judged recording: its ``report``, the ``result`` behind it and the ``folder`` its files are in.

    ``obstacle`` says what kept it from being judged where nothing was, as far as its poses tell.
    """

    report: Report
    result: SessionResult
    folder: Path | None
    obstacle: str | None = None

    @property
    def interrupted(self) -> bool:
        """Whether the user ended it early."""
        return self.result.interrupted

    @property
    def judged(self) -> bool:
        """Whether anything could be judged at all."""
        done = self.report.reps.count or self.report.holds.items
        posed = self.report.source.is_still and self.result.tracking.judged > 0
        return bool(self.report.verdict != "unknown" or done or posed)

    def why_not_judged(self) -> str:
        """One sentence on why nothing could be judged: the greatest obstacle that is known."""
        source, tracking = self.report.source.path, self.result.tracking
        if tracking.person == 0:
            return f"Nobody was seen in {source}: film the whole body in good light, and try again."
        if self.obstacle is not None:
            return f"Nothing could be judged in {source}: {self.obstacle}."
        if tracking.view_ok is False:
            return f"Nothing could be judged in {source}, because the camera stands wrong: {self.report.camera_advice}"
        if tracking.problems:
            problem = tracking.problems[0]
            return f"Nothing could be judged in {source}: {problem[:1].lower()}{problem[1:]}."
        return (
            f"Nothing could be judged in {source}: the position for {self.report.title()} was never seen; "
            "check that --exercise and --variant are right."
        )

    def text(self) -> str:
        """Summary for the terminal."""
        lines = terminal_lines(self.report)
        if self.folder is not None:
            page = self.folder / "report.html"
            lines.append(f"  Report: {page if page.exists() else self.folder}")
        return "\n".join(lines)


def analyse_recording(
    settings: SessionSettings, video: Path, folder: Path | None, recognised: Recognised | None = None
) -> Finished:
    """Judge one recording and write what was asked for into ``folder``; raises PosturecamError.

    First every frame is looked at, then the whole is judged, and then it is shown: pictures and overlay say what the report
    says. ``recognised`` brings the poses along, where the exercise had to be found out from them first.
    """
    path = model_file(settings.model)
    with FileSource(video):  # what cannot be read leaves no folder behind
        if folder is not None:
            _make_ready(folder, video)
    seen = recognised.seen if recognised is not None else look_at(video, settings, path)
    looked, info = seen.looked, seen.info
    judgement = judge(settings.exercise, looked.poses, still=info.is_still, doubted=info.times_doubted)
    result = judgement.result(interrupted=looked.interrupted)
    pictures: Mapping[ThumbnailKey, bytes] = {}
    if folder is not None:
        named = info if settings.images else nameless(info)
        looked.poses.save(folder / LANDMARKS, named, _provenance(settings))
        pictures = _show(settings, video, folder, judgement, seen, result)
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
    if not finished.judged and recognised is None:
        finished = replace(finished, obstacle=obstacle_of(settings.exercise, looked.poses))
    if folder is not None:
        shown = report if settings.images else anonymised(report)
        _write_files(settings, shown, folder, pictures)
        if settings.store is not None and finished.judged:
            keep_session(settings, shown, folder)
    return finished


def look_at(video: Path, settings: SessionSettings, model: Path) -> Seen:
    """Find the exerciser in a recording; what had to be decided about the picture is among the warnings."""
    wanted = Wanted(video, model, [settings.exercise], settings.variants, settings.reading, settings.turn)
    return see(wanted, progress_of(video.name))


def _show(
    settings: SessionSettings,
    video: Path,
    folder: Path,
    judgement: Judgement,
    seen: Seen,
    result: SessionResult,
) -> Mapping[ThumbnailKey, bytes]:
    """Write the overlay, and draw the worst moments; returns their pictures."""
    with FileSource(video, seen.reading) as source:
        sinks, thumbnails = _sinks(settings, folder, is_still=source.info.is_still)
        if not sinks:
            return {}
        poses = seen.looked.poses
        total = float(len(poses))
        coach = Coach(settings.exercise)
        results = (coach.coached(one) for one in frames(judgement, poses))
        with progress_bar(f"{video.name}: pictures", total, "frames") as advance:
            warnings = pipeline.show(source, results, sinks, progress=lambda frame: advance(frame.index + 1, total))
    for warning in warnings:
        say(warning)
    return thumbnails.finish(result) if thumbnails is not None else {}


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
    names = {"json": "report.json", "html": "report.html", "csv": "reps.csv", "pdf": "report.pdf", "md": "report.md"}
    overlay = OVERLAY if (folder / OVERLAY).is_file() else None
    for format_ in dict.fromkeys(("json", *settings.formats)):
        write_whole(folder / names[format_], render(report, format_, dict(pictures), overlay=overlay))
    for key, jpeg in pictures.items():
        write_whole(folder / THUMBNAILS / picture_name(key), jpeg)
