"""A batch goes on: whatever happens in one recording is told, and the others are judged."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from posturecam.app.batch import Outcome, ended, line, settle, table, worst_exit_code
from posturecam.app.host import Host
from posturecam.errors import SourceError
from posturecam.report.types import Report
from tests import builders_report as make
from tests.hosts import Listening


def judged(report: Report | None = None, **changes: Any) -> Any:
    """What is asked of a finished recording, without the work of finishing one."""
    fields = {"report": report or push_ups(), "judged": True, "interrupted": False, "problems": (), "folder": None}
    fields["why_not_judged"] = lambda: "Nobody was seen."
    return SimpleNamespace(**{**fields, **changes})


def push_ups() -> Report:
    """Five push-ups, of which two had sagging hips."""
    reps = [make.make_rep(number, *([make.fault()] if number < 3 else [])) for number in range(1, 6)]
    report = make.make_report(make.make_session(reps))
    return report.model_copy(update={"score": 87.4, "person": "Ana"})


def a_hold() -> Report:
    """A hold of twelve seconds."""
    report = push_ups()
    return report.model_copy(update={"kind": "hold", "holds": report.holds.model_copy(update={"total_s": 12.4})})


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SourceError("b.mp4 is damaged."), "b.mp4 is damaged."),
        (IndexError("tuple index out of range"), "went wrong in b.mp4 (IndexError: tuple index out of range)"),
        (MemoryError(), "b.mp4 needs more memory than there is"),
        (RecursionError("too\ndeep"), "(RecursionError: too deep)"),
    ],
)
def test_whatever_happens_in_one_is_one_sentence_and_an_outcome(error: Exception, said: str) -> None:
    def judge(_video: Path, _folder: Path | None) -> Any:
        raise error

    host = Listening()
    outcome = settle(judge, Path("b.mp4"), None, host)
    (sentence,) = host.said
    assert said in sentence
    assert "\n" not in sentence
    assert host.errors == [error]
    assert (outcome.problem, worst_exit_code([outcome, Outcome(Path("a.mp4"), judged())])) == (sentence, 1)


def test_the_wish_to_end_is_an_outcome() -> None:
    def judge(_video: Path, _folder: Path | None) -> Any:
        raise KeyboardInterrupt

    outcome = settle(judge, Path("a.mp4"), None, Host())
    assert ended(outcome)
    assert outcome.problem == "stopped before anything was seen"
    assert ended(settle(lambda _video, _folder: judged(interrupted=True), Path("a.mp4"), None, Host()))
    assert not ended(settle(lambda _video, _folder: judged(), Path("a.mp4"), None, Host()))


@pytest.mark.parametrize(
    ("codes", "worst"), [([0, 0], 0), ([0, 3], 3), ([3, 1, 0], 1), ([0, 2], 1), ([3, 3], 3), ([], 0)]
)
def test_the_exit_code_is_the_worst(codes: list[int], worst: int) -> None:
    assert worst_exit_code([Outcome(Path("a"), None, "x", code) for code in codes]) == worst


def test_the_table_says_what_became_of_each() -> None:
    rows = table(
        [
            Outcome(Path("a.mp4"), judged()),
            Outcome(Path("b.mp4"), judged(a_hold())),
            Outcome(Path("c\n.mp4"), None, "It is damaged.", 1),
            Outcome(Path("d.mp4"), None, "Nobody was seen.", 3, push_ups(), Path("out/d")),
        ]
    )
    assert rows == [
        ("a.mp4", "Ana", "Push-up", "On the toes", "5", "-", "87", "Hips sagging", "-"),
        ("b.mp4", "Ana", "Push-up", "On the toes", "-", "12 s", "87", "Hips sagging", "-"),
        ("c%0A.mp4", "-", "-", "-", "-", "-", "-", "-", "It is damaged."),
        ("d.mp4", "Ana", "Push-up", "On the toes", "5", "-", "87", "Hips sagging", "Nobody was seen."),
    ]


def test_one_line_for_a_recording_that_has_ended() -> None:
    assert (
        line(Outcome(Path("a.mp4"), judged())) == "a.mp4: Push-up (on the toes), 5 reps, score 87; faults: Hips sagging"
    )
    before = Outcome(Path("b.mp4"), None, "", 0, a_hold(), Path("out/b"))
    assert line(before) == "b.mp4: Push-up (on the toes), 12 s held, score 87; faults: Hips sagging; done before"
    assert line(Outcome(Path("c.mp4"), None, "It is damaged.", 1)) == "c.mp4: It is damaged."
