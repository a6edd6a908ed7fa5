"""A batch goes on: whatever happens in one recording is told, and the others are judged."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from posturecam.app.batch import Outcome, run_batch, table, worst_exit_code
from posturecam.app.host import Host
from posturecam.errors import SourceError
from tests.hosts import Listening


def judged(**changes: Any) -> Any:
    """What is asked of a finished recording, without the work of finishing one."""
    report = SimpleNamespace(
        title=lambda: "Push-up",
        kind="reps",
        score=87.4,
        reps=SimpleNamespace(count=5),
        holds=SimpleNamespace(total_s=12.4),
        source=SimpleNamespace(is_still=False, warnings=[]),
        tracking=SimpleNamespace(problems=[]),
    )
    fields = {"report": report, "judged": True, "interrupted": False, "problems": ()}
    fields["why_not_judged"] = lambda: "Nobody was seen."
    return SimpleNamespace(**{**fields, **changes})


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SourceError("b.mp4 is damaged."), "b.mp4 is damaged."),
        (IndexError("tuple index out of range"), "went wrong in b.mp4 (IndexError: tuple index out of range)"),
        (MemoryError(), "b.mp4 needs more memory than there is"),
        (RecursionError("too\ndeep"), "(RecursionError: too deep)"),
    ],
)
def test_whatever_happens_in_one_is_one_sentence_and_the_others_are_judged(error: Exception, said: str) -> None:
    def judge(video: Path, _folder: Path | None) -> Any:
        if video.name == "b.mp4":
            raise error
        return judged()

    videos = [Path("a.mp4"), Path("b.mp4"), Path("c.mp4")]
    told: list[Any] = []
    host = Listening()
    outcomes = run_batch(judge, videos, [None] * 3, host, told=told.append)
    assert [outcome.video for outcome in outcomes] == videos
    assert len(told) == 2
    (sentence,) = host.said
    assert said in sentence
    assert "\n" not in sentence
    assert host.errors == [error]
    assert worst_exit_code(outcomes) == 1


def test_a_single_recording_s_error_is_nobody_else_s() -> None:
    def judge(_video: Path, _folder: Path | None) -> Any:
        raise IndexError("x")

    with pytest.raises(IndexError):
        run_batch(judge, [Path("a.mp4")], [None], Host(), told=lambda _done: None)


def test_after_ctrl_c_no_other_is_begun() -> None:
    begun: list[Path] = []

    def judge(video: Path, _folder: Path | None) -> Any:
        begun.append(video)
        return judged(interrupted=True)

    run_batch(judge, [Path("a.mp4"), Path("b.mp4")], [None, None], Host(), told=lambda _done: None)
    assert begun == [Path("a.mp4")]


@pytest.mark.parametrize(
    ("codes", "worst"), [([0, 0], 0), ([0, 3], 3), ([3, 1, 0], 1), ([0, 2], 1), ([3, 3], 3), ([], 0)]
)
def test_the_exit_code_is_the_worst(codes: list[int], worst: int) -> None:
    assert worst_exit_code([Outcome(Path("a"), None, "x", code) for code in codes]) == worst


def test_the_table_says_what_became_of_each() -> None:
    hold = judged()
    hold.report.kind = "hold"
    rows = table(
        [
            Outcome(Path("a.mp4"), judged()),
            Outcome(Path("b.mp4"), hold),
            Outcome(Path("c\n.mp4"), None, "It is damaged.", 1),
            Outcome(Path("d.mp4"), judged(judged=False), "Nobody was seen.", 3),
        ]
    )
    assert rows == [
        ("a.mp4", "Push-up", "5", "87", "-"),
        ("b.mp4", "Push-up", "12 s", "87", "-"),
        ("c%0A.mp4", "-", "-", "-", "It is damaged."),
        ("d.mp4", "Push-up", "5", "87", "Nobody was seen."),
    ]


def test_ctrl_c_in_one_of_many_is_told_in_the_table() -> None:
    def judge(_video: Path, _folder: Path | None) -> Any:
        raise KeyboardInterrupt

    outcomes = run_batch(judge, [Path("a.mp4"), Path("b.mp4")], [None, None], Host(), told=lambda _done: None)
    assert [outcome.problem for outcome in outcomes] == ["stopped before anything was seen"]


def test_a_wish_to_end_between_two_recordings_ends_it() -> None:
    host = Listening()
    begun: list[Path] = []

    def judge(video: Path, _folder: Path | None) -> Any:
        begun.append(video)
        host.wants_to_end = True
        return judged()

    run_batch(judge, [Path("a.mp4"), Path("b.mp4")], [None, None], host, told=lambda _done: None)
    assert begun == [Path("a.mp4")]
