"""How well the specs count and judge, on clips whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path

from posturecam.app.host import Host, frames_bar
from posturecam.app.kept_looks import kept_looks
from posturecam.app.pose_model import model_file
from posturecam.app.seeing import Seen, Wanted, see
from posturecam.errors import CallError, PosturecamError
from posturecam.files import shown
from posturecam.report.build import build_report, make_provenance
from posturecam.report.evaluation import ClipEvaluation, Truth, compare, read_truth
from posturecam.report.types import Report
from posturecam.sources.file import FileSource
from posturecam.spec import catalogue
from posturecam.spec.catalogue import choose_variant, exercise_ids, load_spec
from posturecam.spec.load import SpecFile


def default_clips() -> Path:
    """The project's own clips, in a checkout; raises CallError where there are none."""
    folder = catalogue.specs_folder().parent / "sample_videos"
    if not (folder / "truth.json").is_file():
        raise CallError(
            "The sample clips are only in the project's checkout; name a folder of labelled clips with --clips."
        )
    return folder


def evaluate(
    folder: Path, exercise: str | None, model: str | None, host: Host, looks: Path | None = None
) -> dict[str, list[ClipEvaluation]]:
    """What was found in the folder's clips of one exercise (an id or file), or of all that it has, by exercise.

    The landmarks are kept in ``looks`` (None: nowhere).

    A clip that cannot be judged is left out, and ``host`` is told so. Raises CallError when there is no clip to judge by.
    """
    truths = read_truth(folder)
    known = {truth.exercise for truth in truths if truth.exercise}
    names = [exercise] if exercise else [name for name in exercise_ids() if name in known]
    found: dict[str, list[ClipEvaluation]] = {}
    for name in names:
        spec = load_spec(name)
        found[spec.default.id] = list(_evaluations(spec, truths, folder, model, host, looks))
    if all(one.negative for some in found.values() for one in some):
        raise CallError(f"No clip of {', '.join(found) or 'any exercise'} in {folder / 'truth.json'}.")
    return found


def _evaluations(
    spec: SpecFile, truths: Sequence[Truth], folder: Path, model: str | None, host: Host, looks: Path | None
) -> Iterator[ClipEvaluation]:
    wanted = [truth for truth in truths if truth.exercise in (spec.default.id, None)]
    with host.progress(spec.default.id, float(len(wanted)), "clips") as advance:
        for number, truth in enumerate(wanted, 1):
            try:
                variant = truth.variant if truth.exercise else None
                exercise = choose_variant(spec, variant)
                if truth.exercise and (unknown := set(truth.faults or ()) - set(exercise.checks)):
                    host.say(
                        f"{truth.clip}: {spec.default.id} has no fault {' or '.join(sorted(unknown))}; correct truth.json."
                    )
                yield compare(truth, judge_clip(spec, variant, folder / truth.clip, model, host, looks))
            except PosturecamError as error:
                host.say(f"{truth.clip} is left out: {error}")
            advance(number, len(wanted))


def judge_clip(
    spec: SpecFile, variant: str | None, clip: Path, model: str | None, host: Host, folder: Path | None = None
) -> Report:
    """Judge one clip as ``analyse`` does; raises PosturecamError. See :func:`see_clip`."""
    exercise = choose_variant(spec, variant)
    seen = see_clip(spec, variant, clip, model, host, folder)
    info = seen.info
    result = seen.judge(exercise, seen.looked.poses, still=info.is_still, doubted=info.times_doubted).result()
    epoch = datetime.fromtimestamp(0, timezone.utc)
    return build_report(exercise, result, info, make_provenance(), created=epoch)


def see_clip(
    spec: SpecFile, variant: str | None, clip: Path, model: str | None, host: Host, folder: Path | None = None
) -> Seen:
    """The exerciser in a clip as ``analyse`` finds them, by one process so that every machine finds the same.

    What was looked at is kept in ``folder`` (None: nowhere), so that another spec or limit needs no pictures.
    """
    path = model_file(model, host)
    FileSource(clip).close()  # what cannot be read is said in its own words
    kept = kept_looks(folder, clip, path) if folder is not None else None
    wanted = Wanted(clip, path, [choose_variant(spec, variant)], tuple(spec.exercises.values()), jobs=1, kept=kept)
    seen = see(wanted, frames_bar(host, shown(clip.name)))
    if seen.looked.interrupted:
        raise KeyboardInterrupt
    return seen
