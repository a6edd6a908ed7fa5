"""Raters' files read, and the program as one more rater of the same clips."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from posturecam.app.evaluate import judge_clip
from posturecam.app.host import Host
from posturecam.errors import CallError, PosturecamError
from posturecam.report.agreement import PROGRAM, Agreements, agreements
from posturecam.report.evaluation import Truth, read_truth_file
from posturecam.spec.catalogue import load_spec


def agreement_of(
    files: Sequence[Path], clips: Path | None, model: str | None, host: Host, looks: Path | None = None
) -> Agreements:
    """The agreement of the raters in ``files``, and with the program where there is a folder of ``clips``.

    The clips' landmarks are kept in ``looks`` (None: nowhere).

    Raises CallError when a file cannot be read or there are fewer than two raters.
    """
    raters = {name: read_truth_file(path) for name, path in zip(_names(files), files, strict=True)}
    if clips is not None:
        rated = {truth.clip: truth for truths in raters.values() for truth in truths if truth.exercise}
        raters[PROGRAM] = _program(list(rated.values()), clips, model, host, looks)
    return agreements(raters)


def _program(truths: Sequence[Truth], folder: Path, model: str | None, host: Host, looks: Path | None) -> list[Truth]:
    """What the program says of every clip; one that cannot be judged is left out, and ``host`` is told so."""
    found = []
    with host.progress("posturecam", float(len(truths)), "clips") as advance:
        for number, truth in enumerate(truths, 1):
            try:
                spec = load_spec(truth.exercise or "")
                report = judge_clip(spec, truth.variant, folder / truth.clip, model, host, looks)
            except PosturecamError as error:
                host.say(f"{truth.clip} is left out: {error}")
                continue
            if report.verdict != "unknown":
                found.append(
                    Truth(
                        clip=truth.clip,
                        exercise=truth.exercise,
                        variant=truth.variant,
                        reps=report.reps.count if report.kind == "reps" else None,
                        left_reps=None,
                        right_reps=None,
                        faults=[fault.id for fault in report.faults],
                    )
                )
            advance(number, len(truths))
    return found


def _names(files: Sequence[Path]) -> list[str]:
    """What to call the raters: their files' names, or their folders' where all files have one name."""
    stems = [path.stem for path in files]
    if len(set(stems)) < len(stems):
        stems = [path.resolve().parent.name for path in files]
    if len(set(stems)) < len(stems) or PROGRAM in stems:
        raise CallError(f"Give each rater's file a name of its own, and none the name {PROGRAM}.")
    return stems
