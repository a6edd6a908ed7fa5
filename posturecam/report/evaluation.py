"""How well a spec counts and judges: reports against the known truth of labelled clips.

A folder of clips holds ``truth.json``: a list of clips with what is known of each (see DESIGN, "Clips with known truth"); what
is null is not known and not scored. Pure comparison: running the clips is the command line's work.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from posturecam.errors import CallError
from posturecam.files import read_bounded
from posturecam.report.types import Report

MAX_TRUTH_BYTES = 20_000_000


class Truth(BaseModel):
    """What is known of one clip; None = not known. ``exercise`` None: none of ours, so nothing may be counted in it."""

    model_config = ConfigDict(extra="allow", frozen=True)

    clip: str
    exercise: str | None = None
    variant: str | None = None
    view: str | None = None
    reps: int | None = Field(None, ge=0)
    left_reps: int | None = Field(None, ge=0)
    right_reps: int | None = Field(None, ge=0)
    hold_intervals_s: list[tuple[float, float]] | None = None
    faults: list[str] | None = None
    label: str | None = None
    notes: str = ""


def read_truth(folder: Path) -> list[Truth]:
    """Read a folder's truth.json; raises CallError that says what is wrong with it."""
    return read_truth_file(folder / "truth.json")


def read_truth_file(path: Path) -> list[Truth]:
    """Read the labels in a file of any name; raises CallError that says what is wrong with it."""
    try:
        content = read_bounded(path, MAX_TRUTH_BYTES)
        if len(content) > MAX_TRUTH_BYTES:
            raise ValueError(f"it is larger than {MAX_TRUTH_BYTES} bytes")
        data = json.loads(content.decode("utf-8"))
        json.dumps(data, ensure_ascii=False).encode("utf-8")  # half a surrogate pair could not be written anywhere
        return [Truth.model_validate(item) for item in data]
    except FileNotFoundError:
        raise CallError(f"No {path.name} in {path.parent}; name a folder of labelled clips with --clips.") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise CallError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}.") from error
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise CallError(f"{path} cannot be read as a list of clips: {error}.") from error


@dataclass(frozen=True)
class ClipEvaluation:
    """One clip: what was counted against the truth; None where the truth is not known or does not apply.

    ``hold_error_s`` is the mean difference of held seconds per true hold; ``judged`` the share of frames in which something was
    judged. Faults are those that the report brings up, ``major_invented`` the major ones among ``invented``.
    """

    clip: str
    exercise: str
    negative: bool
    counted: int
    rep_error: int | None
    hold_error_s: float | None
    found: tuple[str, ...]
    missed: tuple[str, ...]
    invented: tuple[str, ...]
    major_invented: tuple[str, ...]
    judged: float


def compare(truth: Truth, report: Report) -> ClipEvaluation:
    """Compare one report with the truth of its clip."""
    negative = truth.exercise is None
    counted = report.reps.count if report.kind == "reps" else len(report.holds.items)
    true_reps = 0 if negative else truth.reps
    error = None
    if report.kind == "reps" and true_reps is not None:
        error = _rep_error(truth, report, true_reps)
    reported = {fault.id: fault.severity for fault in report.faults}
    expected = set(truth.faults or ()) if truth.faults is not None and not negative else None
    invented = sorted(set(reported) - expected) if expected is not None else []
    return ClipEvaluation(
        clip=truth.clip,
        exercise=report.exercise,
        negative=negative,
        counted=counted,
        rep_error=error if not negative else counted,
        hold_error_s=None if negative else _hold_error(truth, report),
        found=tuple(sorted(expected & set(reported))) if expected is not None else (),
        missed=tuple(sorted(expected - set(reported))) if expected is not None else (),
        invented=tuple(invented),
        major_invented=tuple(fault for fault in invented if reported[fault] == "major"),
        judged=report.tracking.judged,
    )


def _rep_error(truth: Truth, report: Report, reps: int) -> int:
    errors = [report.reps.count - reps]
    for known, counted in ((truth.left_reps, report.reps.left), (truth.right_reps, report.reps.right)):
        if known is not None and counted is not None:
            errors.append(counted - known)
    return max(errors, key=abs)


def _hold_error(truth: Truth, report: Report) -> float | None:
    if truth.hold_intervals_s is None or report.kind != "hold":
        return None
    true_s = sum(end - start for start, end in truth.hold_intervals_s)
    return abs(report.holds.total_s - true_s) / max(1, len(truth.hold_intervals_s))


@dataclass(frozen=True)
class Row:
    """One exercise's evidence, or all of it: what the table prints. Rates are None when nothing could be rated."""

    name: str
    clips: int
    exact: float | None
    off_by_one: float | None
    mean_error: float | None
    hold_error_s: float | None
    worst_hold_error_s: float | None
    found: int
    missed: int
    invented: int
    good_with_major: int
    negatives: int
    negatives_counted: int
    judged: float | None

    @property
    def recall(self) -> float | None:
        """Share of the true faults that were found."""
        return self.found / (self.found + self.missed) if self.found + self.missed else None

    @property
    def precision(self) -> float | None:
        """Share of the reported faults that are true."""
        return self.found / (self.found + self.invented) if self.found + self.invented else None


def summed_up(name: str, evidence: Sequence[ClipEvaluation]) -> Row:
    """Sum the evidence of some clips up."""
    real = [one for one in evidence if not one.negative]
    errors = [abs(one.rep_error) for one in real if one.rep_error is not None]
    holds = [one.hold_error_s for one in real if one.hold_error_s is not None]
    return Row(
        name=name,
        clips=len(real),
        exact=_mean(error == 0 for error in errors),
        off_by_one=_mean(error <= 1 for error in errors),
        mean_error=_mean(errors),
        hold_error_s=_mean(holds),
        worst_hold_error_s=max(holds, default=None),
        found=sum(len(one.found) for one in real),
        missed=sum(len(one.missed) for one in real),
        invented=sum(len(one.invented) for one in real),
        good_with_major=sum(bool(one.major_invented) and not one.found and not one.missed for one in real),
        negatives=sum(one.negative for one in evidence),
        negatives_counted=sum(one.negative and one.counted > 0 for one in evidence),
        judged=_mean(one.judged for one in real),
    )


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None
