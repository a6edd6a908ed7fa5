"""How well the specs count and judge, on clips whose truth is known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path

from posturecam.app.host import Host
from posturecam.app.pose_model import model_file
from posturecam.errors import CallError, PosturecamError
from posturecam.judging.judge import judge
from posturecam.pose import models
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.poses import load
from posturecam.report.build import build_report, make_provenance
from posturecam.report.evaluation import ClipEvaluation, Truth, compare, read_truth
from posturecam.report.types import Report
from posturecam.sinks.landmarks import LandmarkRecorder
from posturecam.sources.file import FileSource
from posturecam.spec import catalogue
from posturecam.spec.catalogue import choose_variant, exercise_ids, load_spec
from posturecam.spec.load import SpecFile
from posturecam.spec.schema import Exercise


def default_clips() -> Path:
    """The project's own clips, in a checkout; raises CallError where there are none."""
    folder = catalogue.specs_folder().parent / "sample_videos"
    if not (folder / "truth.json").is_file():
        raise CallError(
            "The sample clips are only in the project's checkout; name a folder of labelled clips with --clips."
        )
    return folder


def evaluate(folder: Path, exercise: str | None, model: str | None, host: Host) -> dict[str, list[ClipEvaluation]]:
    """What was found in the folder's clips of one exercise (an id or file), or of all that it has, by exercise.

    A clip that cannot be judged is left out, and ``host`` is told so. Raises CallError when there is no clip to judge by.
    """
    truths = read_truth(folder)
    known = {truth.exercise for truth in truths if truth.exercise}
    names = [exercise] if exercise else [name for name in exercise_ids() if name in known]
    found: dict[str, list[ClipEvaluation]] = {}
    for name in names:
        spec = load_spec(name)
        found[spec.default.id] = list(_evaluations(spec, truths, folder, model, host))
    if all(one.negative for some in found.values() for one in some):
        raise CallError(f"No clip of {', '.join(found) or 'any exercise'} in {folder / 'truth.json'}.")
    return found


def _evaluations(
    spec: SpecFile, truths: Sequence[Truth], folder: Path, model: str | None, host: Host
) -> Iterator[ClipEvaluation]:
    wanted = [truth for truth in truths if truth.exercise in (spec.default.id, None)]
    with host.progress(spec.default.id, float(len(wanted)), "clips") as advance:
        for number, truth in enumerate(wanted, 1):
            try:
                exercise = choose_variant(spec, truth.variant if truth.exercise else None)
                if truth.exercise and (unknown := set(truth.faults or ()) - set(exercise.checks)):
                    host.say(
                        f"{truth.clip}: {spec.default.id} has no fault {' or '.join(sorted(unknown))}; correct truth.json."
                    )
                yield compare(truth, judge_clip(exercise, folder / truth.clip, model, host))
            except PosturecamError as error:
                host.say(f"{truth.clip} is left out: {error}")
            advance(number, len(wanted))


def judge_clip(exercise: Exercise, clip: Path, model: str | None, host: Host) -> Report:
    """Judge one clip from its landmarks, which are kept, so that another spec or limit needs no pictures."""
    stored = load(landmarks_of(clip, model, host))
    result = judge(exercise, stored.poses, still=stored.info.is_still, doubted=stored.info.times_doubted).result()
    epoch = datetime.fromtimestamp(0, timezone.utc)
    return build_report(exercise, result, stored.info, make_provenance(), created=epoch)


def landmarks_of(clip: Path, model: str | None, host: Host) -> Path:
    """Landmarks and back line of a clip, from the user's cache or estimated now; raises PosturecamError."""
    path = model_file(model, host)
    with FileSource(clip) as source:
        key = hashlib.sha256(clip.read_bytes() + path.read_bytes()).hexdigest()[:32]
        stored = models.cache_folder().parent / "landmarks" / f"{key}.npz"
        if not stored.exists():
            recorder = LandmarkRecorder(stored, source)
            with MediaPipeEstimator(path, silhouette=True) as estimator:
                for frame in source:
                    recorder.record(frame, estimator.estimate(frame))
            recorder.close()
    return stored
