"""One recording through the whole program: source, pose, judging, outputs; shared by the commands that do it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from posturecam import pipeline
from posturecam.cli.console import model_file, progress_bar, say
from posturecam.files import ensure_writable, write_whole
from posturecam.form.analyzer import Analyzer
from posturecam.model import Frame, SessionResult
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.report.build import build_report, make_provenance
from posturecam.report.types import Report
from posturecam.sinks.landmarks import LandmarkRecorder
from posturecam.sources.file import FileSource
from posturecam.spec.schema import Exercise


@dataclass(frozen=True)
class SessionSettings:
    """What the user asked for; ``folder`` None: nothing is written; ``spec``: the id or file the exercise came from."""

    exercise: Exercise
    spec: str
    folder: Path | None
    formats: tuple[str, ...]
    overlay: bool
    images: bool
    blur_face: bool
    person: str | None
    model: str | None


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
        lines += [
            f"  {fault.name}: {'; '.join(_where(self.report, fault.reps, fault.share))}" for fault in self.report.faults
        ]
        for attempt in self.report.reps.attempts:
            lines.append(f"  Not counted at {attempt.start_s:.1f} s: {attempt.reason}")
        for problem in (*self.report.tracking.problems, *self.report.source.warnings):
            lines.append(f"  Note: {problem}")
        if self.folder is not None:
            page = self.folder / "report.html"
            lines.append(f"  Report: {page if page.exists() else self.folder}")
        return "\n".join(lines)


def _where(report: Report, numbers: list[int], share: float) -> list[str]:
    if report.kind == "hold":
        return [f"{share:.0%} of the held time"]
    return [f"rep{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"]


def analyse_recording(settings: SessionSettings, video: Path, folder: Path | None) -> Finished:
    """Judge one recording and write what was asked for into ``folder``; raises PosturecamError."""
    if folder is not None:
        ensure_writable(folder)
    with ExitStack() as stack:
        source = stack.enter_context(FileSource(video))
        path = model_file(settings.model)
        estimator = stack.enter_context(MediaPipeEstimator(path, settings.exercise.needs_silhouette))
        info = source.info
        total = float(info.frames) if info.frames else None
        advance = stack.enter_context(progress_bar(Path(video).name, total, "frames"))

        def progress(frame: Frame) -> None:
            advance(frame.index + 1, total)

        outcome = pipeline.run(
            source,
            estimator,
            Analyzer(settings.exercise, still=info.is_still),
            (),
            recorder=LandmarkRecorder(folder / "landmarks.npz", source) if folder else None,
            progress=progress,
        )
        info = source.info
    for warning in outcome.warnings:
        say(warning)
    provenance = make_provenance(model=path.stem, command="analyse")
    report = build_report(
        settings.exercise,
        outcome.session,
        info,
        provenance,
        created=datetime.now().astimezone(),
        person=settings.person,
    )
    if folder is not None:
        write_whole(folder / "report.json", report.to_json())
    return Finished(report, outcome.session, folder)
