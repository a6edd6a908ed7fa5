"""What follows once a recording has been looked at: judging, the report, and pictures that show what it says."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from posturecam import pipeline
from posturecam.app.finished import Finished
from posturecam.app.host import Host
from posturecam.app.looking import number_of_parts
from posturecam.app.obstacles import obstacle_of
from posturecam.app.outputs import OVERLAY, Outputs
from posturecam.app.seeing import Seen
from posturecam.app.settings import AnalysisSettings
from posturecam.app.showing import Drawing, pictures_of, show_shared
from posturecam.app.workers import cores, started_ahead
from posturecam.coaching.coach import Coach
from posturecam.errors import OutputError
from posturecam.files import shown
from posturecam.judging.frames import frames
from posturecam.judging.judge import Judgement
from posturecam.judging.recognise import VariantFound, find_variant
from posturecam.model import Frame, FrameResult, SessionResult, SourceInfo
from posturecam.report import types
from posturecam.report.anonymise import anonymised, nameless_path
from posturecam.report.build import build_report, make_provenance
from posturecam.report.gallery import ThumbnailKey
from posturecam.sinks.face import FaceBlur, FaceBlurred
from posturecam.sinks.overlay import OverlaySink
from posturecam.sinks.thumbnails import Chosen, ThumbnailSink, choose, draw_chosen, moments_at_fault, near
from posturecam.sinks.video import VideoWriter
from posturecam.sources.file import FileSource
from posturecam.sources.recorded import fingerprint, recorded_at
from posturecam.spec.digest import exercise_digest
from posturecam.spec.schema import Exercise

if TYPE_CHECKING:
    from posturecam.app.recognise import Recognised

DRAWING_S = 0.3
"""So long may pictures still take once the user has ended it; everything else is saved by then, and no overlay is begun."""


def conclude(
    settings: AnalysisSettings,
    video: Path,
    folder: Path | None,
    model: Path,
    seen: Seen,
    host: Host,
    recognised: Recognised | None = None,
) -> Finished:
    """Judge what was seen of a recording with the pose ``model``, and write what was asked for into ``folder``, None: nothing."""
    looked, info = seen.looked, _called(seen.info, settings.called)
    found = _found_variant(settings, seen) if recognised is None else None
    if found is not None:
        settings = replace(settings, exercise=found.exercise)
    judgement = seen.judge(settings.exercise, looked.poses, still=info.is_still, doubted=info.times_doubted)
    result = judgement.result(interrupted=looked.interrupted)
    report = build_report(
        settings.exercise,
        result,
        info,
        make_provenance(model=model.stem, command="analyse", **_provenance(settings)),
        created=datetime.now().astimezone(),
        person=settings.person,
        variant_found=_variant_part(found),
        recorded=_recorded(settings, video),
    )
    source = report.source.model_copy(update={"fingerprint": fingerprint(video)})
    report = report.model_copy(update={"source": source})
    if recognised is not None:
        report = report.model_copy(update={"recognised": recognised.part()})
    finished = Finished(report, result, folder)
    if not (finished.judged or finished.interrupted) and recognised is None:
        finished = replace(finished, obstacle=obstacle_of(settings.exercise, looked.poses))
    if folder is None:
        return finished
    written = report if settings.images else anonymised(report)
    outputs = Outputs(folder, settings.formats, host.say)
    outputs.write_first(written, looked.poses, info if settings.images else nameless(info), _provenance(settings))
    if settings.store is not None and finished.judged:
        outputs.store(settings.store, written, settings.spec)
    outputs.write_rest(written, *_show(settings, video, folder, judgement, seen, result, host))
    return replace(finished, problems=tuple(outputs.problems))


def _found_variant(settings: AnalysisSettings, seen: Seen) -> VariantFound | None:
    """The variant that is shown, where none was asked for; None where there is nothing to choose."""
    if not settings.open_variant or len(settings.variants) < 2:
        return None
    usual_first = sorted(settings.variants, key=lambda one: one.variant != settings.exercise.variant)
    return find_variant(usual_first, seen.looked.poses, seen.judge)


def _recorded(settings: AnalysisSettings, video: Path) -> types.Recorded | None:
    if settings.recorded is not None:
        return types.Recorded(at=settings.recorded.isoformat(), known_from="given")
    known = recorded_at(video)
    return types.Recorded(at=known.at.isoformat(), known_from=known.known_from) if known is not None else None


def _variant_part(found: VariantFound | None) -> types.VariantFound | None:
    if found is None or found.exercise.variant is None:
        return None
    return types.VariantFound(variant=found.exercise.variant, confidence=found.confidence)


def _show(
    settings: AnalysisSettings,
    video: Path,
    folder: Path,
    judgement: Judgement,
    seen: Seen,
    result: SessionResult,
    host: Host,
) -> tuple[Mapping[ThumbnailKey, bytes], list[str]]:
    """Write the overlay, and draw the worst moments; returns their pictures, and a sentence for each output that failed."""
    poses = seen.looked.poses
    wanted_s = moments_at_fault(settings.exercise, result, poses.t_s[poses.seen])
    if (pictures := _show_quickly(settings, video, folder, judgement, seen, result, host, wanted_s)) is not None:
        return pictures, []
    with FileSource(video, seen.reading) as source:
        try:
            moving = not source.info.is_still and not seen.looked.interrupted
            sinks, thumbnails = _sinks(settings, folder, wanted_s, overlay=settings.overlay and moving)
        except OutputError as error:
            return {}, [str(error)]
        if not sinks:
            return {}, []
        until_s = time.monotonic() + DRAWING_S if seen.looked.interrupted else math.inf
        total = float(max(len(seen.looked.poses), seen.info.frames or 0))
        with host.progress(f"{shown(video.name)}: pictures", total, "frames") as advance:

            def progress(frame: Frame) -> None:
                advance(frame.index + 1, total)
                if time.monotonic() > until_s:
                    raise pipeline.StopSession

            lost = pipeline.show(host.frames(source), _results(judgement, seen), sinks, progress=progress)
    return (thumbnails.finish(result) if thumbnails is not None else {}), lost


def _show_quickly(
    settings: AnalysisSettings,
    video: Path,
    folder: Path,
    judgement: Judgement,
    seen: Seen,
    result: SessionResult,
    host: Host,
    wanted_s: tuple[float, ...] | None,
) -> Mapping[ThumbnailKey, bytes] | None:
    """The same without reading all of it in one process; None where that has to be."""
    if not settings.overlay and (not settings.images or wanted_s == ()):
        return {}
    jobs = settings.jobs or cores()
    # a face is followed from one frame to the next
    if settings.blur_face or seen.looked.interrupted or seen.info.is_still or (settings.overlay and jobs < 2):
        return None
    # drawing begins as soon as the first part's results are there: its processes start meanwhile
    with started_ahead(jobs, "posturecam.app.showing") if _in_parts(settings, seen) else nullcontext():
        chosen = _chosen(settings.exercise, judgement, seen, result, wanted_s) if settings.images else {}
        moments_s = frozenset(moment.t_s for moment, _ in chosen.values())
        if settings.overlay:
            drawing = Drawing(video, seen.reading, settings.exercise, folder / OVERLAY, moments_s)
            with host.progress(f"{shown(video.name)}: pictures", None, "frames") as advance:
                jpegs = show_shared(drawing, _results(judgement, seen), jobs, advance, host.waiting)
        else:
            times_s = seen.looked.poses.t_s
            jpegs = pictures_of(video, seen.reading, times_s, moments_s, host.waiting) if moments_s else {}
    return None if jpegs is None else draw_chosen(settings.exercise, chosen, jpegs)


def _in_parts(settings: AnalysisSettings, seen: Seen) -> bool:
    """Whether the overlay will be drawn by several processes."""
    t_s = seen.looked.poses.t_s
    return settings.overlay and len(t_s) > 0 and number_of_parts(float(t_s[-1]), settings.jobs or cores()) > 1


def _chosen(
    exercise: Exercise, judgement: Judgement, seen: Seen, result: SessionResult, wanted_s: tuple[float, ...] | None
) -> Chosen:
    """The moments of which there are pictures."""
    poses = seen.looked.poses
    wanted = None if wanted_s is None else near(poses.t_s, wanted_s)
    return choose(exercise, frames(judgement, poses, wanted), result, wanted_s)


def _results(judgement: Judgement, seen: Seen) -> Iterator[FrameResult]:
    coach = Coach(judgement.exercise)
    return (coach.coached(one) for one in frames(judgement, seen.looked.poses))


def nameless(info: SourceInfo) -> SourceInfo:
    """What is known about a source, without its name."""
    return _called(info, nameless_path(info.path))


def _called(info: SourceInfo, path: str | None) -> SourceInfo:
    return (
        info
        if path is None
        else replace(info, path=path, warnings=[text.replace(info.path, path) for text in info.warnings])
    )


def _provenance(settings: AnalysisSettings) -> dict[str, str]:
    digest = {"spec_digest": exercise_digest(settings.exercise)}
    return {"spec_path": settings.spec, **digest} if settings.images else digest


def _sinks(
    settings: AnalysisSettings, folder: Path, wanted_s: tuple[float, ...] | None, *, overlay: bool
) -> tuple[list[pipeline.Sink], ThumbnailSink | None]:
    sinks: list[pipeline.Sink] = []
    thumbnails = ThumbnailSink(settings.exercise, wanted_s) if settings.images else None
    if thumbnails is not None:
        sinks.append(thumbnails)
    if overlay:
        sinks.append(OverlaySink(settings.exercise, [VideoWriter(folder / OVERLAY)]))
    if settings.blur_face:
        blur = FaceBlur()
        return [FaceBlurred(sink, blur) for sink in sinks], thumbnails
    return sinks, thumbnails
