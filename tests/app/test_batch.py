"""A batch goes on: whatever happens in one recording is told, and the others are judged."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from posturecam.cli.batch import Outcome, run_batch, table, worst_exit_code
from posturecam.cli.main import main
from posturecam.errors import SourceError
from tests import recordings
from tests.conftest import SAMPLE_VIDEOS

SAGGING = SAMPLE_VIDEOS / "push_up_floor_hips_sagging.mp4"


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
        (SourceError("b.mp4 is damaged."), "b.mp4 is damaged.\n"),
        (IndexError("tuple index out of range"), "went wrong in b.mp4 (IndexError: tuple index out of range)"),
        (MemoryError(), "b.mp4 needs more memory than there is"),
        (RecursionError("too\ndeep"), "(RecursionError: too deep)"),
    ],
)
def test_whatever_happens_in_one_is_one_sentence_and_the_others_are_judged(
    error: Exception, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def judge(video: Path, _folder: Path | None) -> Any:
        if video.name == "b.mp4":
            raise error
        return judged()

    videos = [Path("a.mp4"), Path("b.mp4"), Path("c.mp4")]
    told: list[Any] = []
    outcomes = run_batch(judge, videos, [None] * 3, told=told.append)
    assert [outcome.video for outcome in outcomes] == videos
    assert len(told) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
    assert worst_exit_code(outcomes) == 1


def test_a_single_recording_s_error_is_nobody_else_s() -> None:
    def judge(_video: Path, _folder: Path | None) -> Any:
        raise IndexError("x")

    with pytest.raises(IndexError):
        run_batch(judge, [Path("a.mp4")], [None], told=lambda _done: None)


def test_after_ctrl_c_no_other_is_begun() -> None:
    begun: list[Path] = []

    def judge(video: Path, _folder: Path | None) -> Any:
        begun.append(video)
        return judged(interrupted=True)

    run_batch(judge, [Path("a.mp4"), Path("b.mp4")], [None, None], told=lambda _done: None)
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


@pytest.mark.model
def test_a_real_batch_closes_with_its_table(
    tmp_path: Path, model_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (_, image), *_ = recordings.pictures(SAGGING, recordings.peaks(SAGGING)[0] - 0.05)
    recordings.still(Path("good.png"), image)
    recordings.still(Path("empty.png"), image * 0)
    Path("bad.mp4").write_text("none")
    assert main(["analyse", "bad.mp4", "empty.png", "good.png", "-e", "push_up", "--out", "out", "--no-save"]) == 1
    rows = [line.split("\t") for line in capfd.readouterr().out.splitlines()[-4:]]
    assert rows[0] == ["file", "exercise", "count", "score", "problem"]
    assert [row[0] for row in rows[1:]] == ["bad.mp4", "empty.png", "good.png"]
    assert "is not a recording" in rows[1][4]
    assert "Nobody was seen" in rows[2][4]

    assert main(["analyse", "empty.png", "good.png", "-e", "push_up", "--out", "out", "--no-save"]) == 3
