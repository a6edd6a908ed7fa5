"""What became of each of many recordings: whatever happens in one is told, the others are judged, a table closes the batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from posturecam.errors import NothingJudgedError, OutputError, PosturecamError
from posturecam.files import plain, shown

if TYPE_CHECKING:
    from posturecam.app.finished import Finished
    from posturecam.app.host import Host
    from posturecam.report.types import Report

STOPPED = "stopped before anything was seen"
INTERRUPTED = 130
HEADER = ("file", "person", "exercise", "variant", "reps", "hold", "score", "faults", "problem")


@dataclass(frozen=True)
class Outcome:
    """What became of one recording: ``finished``, or the ``problem`` sentence and exit code that stand for it.

    ``earlier`` is the report of a recording that an earlier run had done, in its ``earlier_folder``.
    """

    video: Path
    finished: Finished | None
    problem: str = ""
    exit_code: int = 0
    earlier: Report | None = None
    earlier_folder: Path | None = None

    @property
    def report(self) -> Report | None:
        """The recording's report, from now or before."""
        return self.earlier if self.finished is None else self.finished.report

    @property
    def folder(self) -> Path | None:
        """The folder that its files are in."""
        return self.earlier_folder if self.finished is None else self.finished.folder


def settle(judge: Callable[[Path, Path | None], Finished], video: Path, folder: Path | None, host: Host) -> Outcome:
    """Judge one recording of a batch; every error, foreseen or not, becomes a sentence to ``host`` and an outcome."""
    try:
        return outcome_of(video, judge(video, folder))
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        return Outcome(video, None, STOPPED, INTERRUPTED)
    except Exception as error:
        return failed(video, error, host)


def ended(outcome: Outcome) -> bool:
    """Whether the user's wish to end is what became of it."""
    return outcome.exit_code == INTERRUPTED or (outcome.finished is not None and outcome.finished.interrupted)


def outcome_of(video: Path, done: Finished) -> Outcome:
    """What became of a recording that was judged."""
    if done.problems:
        return Outcome(video, done, " ".join(done.problems), OutputError.exit_code)
    if done.judged or done.interrupted:
        return Outcome(video, done)
    return Outcome(video, done, done.why_not_judged(), NothingJudgedError.exit_code)


def failed(video: Path, error: Exception, host: Host) -> Outcome:
    """What became of a recording whose judging raised an error, which is told."""
    host.trace(error)
    if isinstance(error, PosturecamError):
        sentence, code = str(error), error.exit_code
    elif isinstance(error, MemoryError):
        sentence, code = f"{shown(video)} needs more memory than there is; make the recording shorter or smaller.", 1
    else:
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        sentence = (
            f"Something unforeseen went wrong in {shown(video)} ({what}); "
            "run it alone with --debug and report what it prints."
        )
        code = 1
    sentence = " ".join(plain(line) for line in sentence.splitlines())
    host.say(sentence)
    return Outcome(video, None, sentence, code)


def worst_exit_code(outcomes: Sequence[Outcome]) -> int:
    """The batch's exit code: 1 when one recording could not be judged at all, else 3 when in one nothing could be judged, else 0.

    A wrong call (2) that only shows in one recording counts as 1 in a batch.
    """
    codes = {outcome.exit_code for outcome in outcomes}
    return 1 if codes - {0, NothingJudgedError.exit_code} else max(codes, default=0)


def table(outcomes: Sequence[Outcome]) -> list[tuple[str, ...]]:
    """The rows under :data:`HEADER`, a recording each; what there is not is a dash."""
    return [tuple(plain(cell) or "-" for cell in row(outcome)) for outcome in outcomes]


def row(outcome: Outcome) -> tuple[str, ...]:
    """What became of one recording, in the order of :data:`HEADER`; what there is not is empty."""
    report = outcome.report
    if report is None:
        return shown(outcome.video), "", "", "", "", "", "", "", outcome.problem
    counts, holds = report.kind == "reps" and not report.source.is_still, report.kind == "hold"
    return (
        shown(outcome.video),
        report.person_name or "",
        report.name,
        report.variant_name,
        str(report.reps.count) if counts else "",
        f"{report.holds.total_s:.0f} s" if holds and not report.source.is_still else "",
        "" if report.score is None else f"{report.score:.0f}",
        ", ".join(fault.name for fault in report.faults),
        outcome.problem or _noticed(report),
    )


def _noticed(report: Report) -> str:
    if report.interrupted:
        return "stopped early"
    return next(iter([*report.source.warnings, *report.tracking.problems]), "")


def line(outcome: Outcome) -> str:
    """One line for a recording that has ended."""
    file, _, exercise, variant, reps, hold, score, faults, problem = (plain(cell) for cell in row(outcome))
    if outcome.report is None:
        return f"{file}: {problem}"
    what = f"{exercise} ({variant.lower()})" if variant else exercise
    found = [
        f"{reps} rep{'' if reps == '1' else 's'}" if reps else "",
        f"{hold} held" if hold else "",
        f"score {score}" if score else "",
    ]
    notes = [f"faults: {faults}" if faults else "", problem, "done before" if outcome.earlier is not None else ""]
    return "; ".join([f"{file}: {', '.join([what, *filter(None, found)])}", *filter(None, notes)])
