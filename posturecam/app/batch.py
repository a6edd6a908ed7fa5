"""Many recordings, one after the other: whatever happens in one is told, the others are judged, and a table closes the batch."""

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

STOPPED = "stopped before anything was seen"
INTERRUPTED = 130
HEADER = ("file", "exercise", "count", "score", "problem")


@dataclass(frozen=True)
class Outcome:
    """What became of one recording: ``finished``, or the ``error`` sentence and exit code that stand for it."""

    video: Path
    finished: Finished | None
    problem: str = ""
    exit_code: int = 0


def run_batch(
    judge: Callable[[Path, Path | None], Finished],
    videos: Sequence[Path],
    folders: Sequence[Path | None],
    host: Host,
    *,
    told: Callable[[Finished], None],
) -> list[Outcome]:
    """Judge every recording and return what became of each, in their order; ``told`` gets each finished one at once.

    A single recording's error is raised as it is; in a batch every error, foreseen or not, becomes a sentence to ``host``.
    Ends at the recording that the user interrupted.
    """
    outcomes: list[Outcome] = []
    for video, folder in zip(videos, folders, strict=True):
        try:
            done = judge(video, folder)
            told(done)
        except BrokenPipeError:
            raise
        except KeyboardInterrupt:
            if len(videos) == 1:
                raise
            outcomes.append(Outcome(video, None, STOPPED, INTERRUPTED))
            break
        except Exception as error:
            if len(videos) == 1:
                raise
            outcomes.append(_failed(video, error, host))
            continue
        outcomes.append(_done(video, done))
        if done.interrupted or host.ending:
            break
    return outcomes


def _done(video: Path, done: Finished) -> Outcome:
    if done.problems:
        return Outcome(video, done, " ".join(done.problems), OutputError.exit_code)
    if done.judged or done.interrupted:
        return Outcome(video, done)
    return Outcome(video, done, done.why_not_judged(), NothingJudgedError.exit_code)


def _failed(video: Path, error: Exception, host: Host) -> Outcome:
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
    host.say(" ".join(plain(line) for line in sentence.splitlines()))
    return Outcome(video, None, sentence, code)


def worst_exit_code(outcomes: Sequence[Outcome]) -> int:
    """The batch's exit code: 1 when one recording could not be judged at all, else 3 when in one nothing could be judged, else 0.

    A wrong call (2) that only shows in one recording counts as 1 in a batch.
    """
    codes = {outcome.exit_code for outcome in outcomes}
    return 1 if codes - {0, NothingJudgedError.exit_code} else max(codes, default=0)


def table(outcomes: Sequence[Outcome]) -> list[tuple[str, ...]]:
    """The rows under :data:`HEADER`, a recording each; what there is not is a dash."""
    return [tuple(plain(cell) for cell in _row(outcome)) for outcome in outcomes]


def _row(outcome: Outcome) -> tuple[str, ...]:
    if outcome.finished is None:
        return shown(outcome.video), "-", "-", "-", outcome.problem
    report = outcome.finished.report
    score = "-" if report.score is None else f"{report.score:.0f}"
    problem = outcome.problem or ("stopped early" if outcome.finished.interrupted else "")
    return shown(outcome.video), report.title(), _count(outcome.finished), score, problem or _noticed(outcome.finished)


def _count(done: Finished) -> str:
    report = done.report
    if report.source.is_still:
        return "-"
    return f"{report.holds.total_s:.0f} s" if report.kind == "hold" else str(report.reps.count)


def _noticed(done: Finished) -> str:
    return next(iter([*done.report.source.warnings, *done.report.tracking.problems]), "-")
