"""``posturecam specs test``: how well the specs count and judge, on clips whose truth is known."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posturecam.cli.console import print_table
from posturecam.cli.model import ModelOption
from posturecam.errors import CallError, PosturecamError

if TYPE_CHECKING:
    from posturecam.report.evaluation import ClipEvaluation, Row, Truth
    from posturecam.report.types import Report
    from posturecam.spec.load import SpecFile
    from posturecam.spec.schema import Exercise

HEADER = (
    "exercise", "clips", "exact", "off by 1", "mean error", "hold error s", "found", "missed", "invented", "judged", "negatives",
)  # fmt: skip


def evaluate_specs(
    exercise: Annotated[
        str | None, typer.Argument(metavar="[ID|FILE]", help="Which spec, or all.", show_default=False)
    ] = None,
    clips: Annotated[
        Path | None,
        typer.Option("--clips", metavar="DIR", help="Folder of clips with a truth.json.  [default: sample_videos]"),
    ] = None,
    model: ModelOption = None,
    details: Annotated[bool, typer.Option("--details", help="Also a line for every clip that is not right.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Run clips whose truth is known through the whole program and print how well each spec counts and judges."""
    from posturecam.report.evaluation import read_truth, summed_up
    from posturecam.spec.catalogue import exercise_ids, load_spec

    folder = clips or default_clips()
    truths = read_truth(folder)
    known = {truth.exercise for truth in truths if truth.exercise}
    names = [exercise] if exercise else [name for name in exercise_ids() if name in known]
    evidence: dict[str, list[ClipEvaluation]] = {}
    for name in names:
        spec = load_spec(name)
        evidence[spec.default.id] = list(_evidence(spec, truths, folder, model))
    everything = [one for some in evidence.values() for one in some]
    if not any(not one.negative for one in everything):
        raise CallError(f"No clip of {', '.join(evidence) or 'any exercise'} in {folder / 'truth.json'}.")
    rows = [summed_up(name, some) for name, some in evidence.items()] + [summed_up("all", everything)]
    if as_json:
        print(
            json.dumps({"rows": [_row_json(row) for row in rows], "clips": list(map(dataclasses.asdict, everything))})
        )
        return
    _print_rows(rows)
    if details:
        for one in everything:
            if line := _detail(one):
                print(line)


def default_clips() -> Path:
    """The project's own clips, in a checkout; raises CallError where there are none."""
    from posturecam.spec.catalogue import specs_folder

    folder = specs_folder().parent / "sample_videos"
    if not (folder / "truth.json").is_file():
        raise CallError(
            "The sample clips are only in the project's checkout; name a folder of labelled clips with --clips."
        )
    return folder


def _evidence(spec: SpecFile, truths: Sequence[Truth], folder: Path, model: str | None) -> Iterator[ClipEvaluation]:
    from posturecam.cli.console import progress_bar, say
    from posturecam.report.evaluation import compare
    from posturecam.spec.catalogue import choose_variant

    wanted = [truth for truth in truths if truth.exercise in (spec.default.id, None)]
    with progress_bar(spec.default.id, float(len(wanted)), "clips") as advance:
        for number, truth in enumerate(wanted, 1):
            try:
                exercise = choose_variant(spec, truth.variant if truth.exercise else None)
                if truth.exercise and (unknown := set(truth.faults or ()) - set(exercise.checks)):
                    say(
                        f"{truth.clip}: {spec.default.id} has no fault {' or '.join(sorted(unknown))}; correct truth.json."
                    )
                yield compare(truth, _judge(exercise, folder / truth.clip, model))
            except PosturecamError as error:
                say(f"{truth.clip} is left out: {error}")
            advance(number, len(wanted))


def _judge(exercise: Exercise, clip: Path, model: str | None) -> Report:
    """Judge one clip from its landmarks, which are kept, so that another spec or limit costs milliseconds."""
    from datetime import datetime, timezone

    from posturecam.judging.judge import judge
    from posturecam.poses import load
    from posturecam.report.build import build_report, make_provenance

    stored = load(landmarks_of(clip, model))
    result = judge(exercise, stored.poses, still=stored.info.is_still, doubted=stored.info.times_doubted).result()
    epoch = datetime.fromtimestamp(0, timezone.utc)
    return build_report(exercise, result, stored.info, make_provenance(), created=epoch)


def landmarks_of(clip: Path, model: str | None) -> Path:
    """Landmarks and back line of a clip, from the user's cache or estimated now; raises PosturecamError."""
    from posturecam.cli.console import model_file
    from posturecam.pose.mediapipe import MediaPipeEstimator
    from posturecam.pose.models import cache_folder
    from posturecam.sinks.landmarks import LandmarkRecorder
    from posturecam.sources.file import FileSource

    path = model_file(model)
    with FileSource(clip) as source:
        key = hashlib.sha256(clip.read_bytes() + path.read_bytes()).hexdigest()[:32]
        stored = cache_folder().parent / "landmarks" / f"{key}.npz"
        if not stored.exists():
            recorder = LandmarkRecorder(stored, source)
            with MediaPipeEstimator(path, silhouette=True) as estimator:
                for frame in source:
                    recorder.record(frame, estimator.estimate(frame))
            recorder.close()
    return stored


def _number(value: float | None, pattern: str) -> str:
    return "-" if value is None else format(value, pattern)


def _print_rows(rows: Sequence[Row]) -> None:
    print_table(
        HEADER,
        [
            (
                row.name,
                str(row.clips),
                _number(row.exact, ".0%"),
                _number(row.off_by_one, ".0%"),
                _number(row.mean_error, ".2f"),
                _number(row.hold_error_s, ".2f"),
                str(row.found),
                str(row.missed),
                str(row.invented),
                _number(row.judged, ".0%"),
                f"{row.negatives_counted} of {row.negatives} counted" if row.negatives else "-",
            )
            for row in rows
        ],
    )
    total = rows[-1]
    print(
        f"Faults: recall {_number(total.recall, '.2f')}, precision {_number(total.precision, '.2f')}; "
        f"good clips with an invented major fault: {total.good_with_major}; "
        f"worst hold error {_number(total.worst_hold_error_s, '.2f')} s."
    )


def _row_json(row: Row) -> dict[str, object]:
    return {**dataclasses.asdict(row), "recall": row.recall, "precision": row.precision}


def _detail(one: ClipEvaluation) -> str | None:
    said = []
    if one.rep_error:
        said.append(f"{one.rep_error:+d} reps" if not one.negative else f"counted {one.counted}")
    elif one.negative and one.counted:
        said.append(f"counted {one.counted} holds")
    if one.hold_error_s is not None and one.hold_error_s > 0.5:
        said.append(f"hold off by {one.hold_error_s:.1f} s")
    said += [f"missed {fault}" for fault in one.missed] + [f"invented {fault}" for fault in one.invented]
    return f"  {one.exercise}, {one.clip}: {', '.join(said)}" if said else None
