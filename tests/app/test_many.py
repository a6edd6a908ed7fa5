"""Many recordings: all cores at them, every one on its own risk, and what was finished is never done again."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from posturecam.app import analyse_many, order
from posturecam.app.batch import HEADER, Outcome
from posturecam.app.many import _Many
from posturecam.app.orders import work_digest
from posturecam.app.pool import LOOKING, share_of
from posturecam.sources.file import Reading
from tests.conftest import MakeClip
from tests.hosts import Listening

EMPTY = {"overlay": False, "formats": ("html", "json")}


@pytest.fixture
def empty_rooms(make_clip: MakeClip) -> list[Path]:
    """Three recordings without anybody, the second of which is broken."""
    rooms = [make_clip(f"{name}.mp4", frames=8, fps=10) for name in "abc"]
    rooms[1].write_bytes(b"no recording at all" * 50)
    return rooms


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.model
@pytest.mark.parametrize("jobs", [1, 2])
def test_each_is_judged_on_its_own_risk(empty_rooms: list[Path], tmp_path: Path, model_path: Path, jobs: int) -> None:
    host, told = Listening(), []
    out = tmp_path / "out"
    outcomes = analyse_many(order("push_up", **EMPTY), empty_rooms, out, host, jobs=jobs, told=told.append)
    assert [outcome.video for outcome in outcomes] == empty_rooms
    assert [outcome.exit_code for outcome in outcomes] == [3, 1, 3]
    assert sorted(outcome.video for outcome in told) == empty_rooms
    assert len(host.said) == 1
    assert "b.mp4 is not a recording" in host.said[0]
    summary = rows(out / "summary.csv")
    assert [Path(row["file"]).name for row in summary] == ["a.mp4", "b.mp4", "c.mp4"]
    assert [row["report"] for row in summary] == ["a/report.html", "", "c/report.html"]
    assert tuple(summary[0]) == (*HEADER, "report")
    page = (out / "index.html").read_text()
    assert page.count("<a href=") == 2
    assert 'href="c/report.html"' in page


@pytest.mark.model
def test_only_what_is_missing_is_done_again(empty_rooms: list[Path], tmp_path: Path, model_path: Path) -> None:
    out = tmp_path / "out"
    analyse_many(order("push_up", **EMPTY), empty_rooms, out, jobs=1)
    shutil.rmtree(out / "c")
    before = (out / "a" / "report.json").read_bytes()
    outcomes = analyse_many(order("push_up", **EMPTY), empty_rooms, out, jobs=1, resume=True)
    assert [outcome.earlier is not None for outcome in outcomes] == [True, False, False]
    assert [outcome.exit_code for outcome in outcomes] == [3, 1, 3]
    assert (out / "a" / "report.json").read_bytes() == before
    assert sorted(path.name for path in out.iterdir()) == ["a", "c", "index.html", "summary.csv"]
    assert [row["report"] for row in rows(out / "summary.csv")] == ["a/report.html", "", "c/report.html"]
    other = analyse_many(order("push_up", "knee", **EMPTY), empty_rooms[:1], out, jobs=1, resume=True)
    assert other[0].earlier is None


def test_what_a_result_depends_on(make_clip: MakeClip, tmp_path: Path) -> None:
    clip = make_clip()
    usual = work_digest(order("push_up"), clip)
    copy = tmp_path / "copy.mp4"
    shutil.copy(clip, copy)
    assert work_digest(order("push_up", folder=tmp_path, jobs=7, overwrite=True), copy) == usual
    others = [
        order("push_up", "knee"),
        order("chin_tuck"),
        order("auto"),
        order("push_up", overlay=False),
        order("push_up", reading=Reading(turns=1)),
    ]
    digests = {work_digest(other, clip) for other in others}
    assert len(digests) == len(others)
    assert usual not in digests
    reworded = order("push_up")
    reworded = replace(reworded, exercise=reworded.exercise.model_copy(update={"name": "Press-up"}))
    assert work_digest(reworded, clip) != usual  # the report says it
    with copy.open("ab") as file:
        file.write(b"x")
    assert work_digest(order("push_up"), copy) != usual


def test_the_longest_come_first_and_one_that_outlasts_all_others_is_shared(make_clip: MakeClip) -> None:
    clips = [make_clip(f"{frames}.mp4", frames=frames) for frames in (10, 40, 20)]
    many = _Many(order("push_up"), [*clips, Path("missing.mp4")], None, Listening(), lambda _outcome: None)
    assert many.left() == [1, 2, 0, 3]
    assert many._outlasts([1, 2, 0, 3], 2)
    assert not many._outlasts([2, 0], 1)
    assert not many._outlasts([1, 2, 0, 3], 1)


@pytest.mark.model
def test_the_wish_to_end_begins_no_other(empty_rooms: list[Path], tmp_path: Path, model_path: Path) -> None:
    host = Listening()

    def stop(_outcome: Outcome) -> None:
        host.wants_to_end = True

    outcomes = analyse_many(order("push_up", **EMPTY), empty_rooms, tmp_path / "out", host, jobs=1, told=stop)
    assert len(outcomes) == 1
    assert (tmp_path / "out" / "summary.csv").is_file()


def test_progress_is_a_share_of_the_recording() -> None:
    assert share_of("a.mp4", "frames", 50, 100, drawn=False) == 0.5
    assert share_of("a.mp4", "frames", 50, 100, drawn=True) == pytest.approx(0.5 * LOOKING)
    assert share_of("a.mp4: pictures", "frames", 100, 100, drawn=True) == 1.0
    assert share_of("Pose model", "bytes", 50, 100, drawn=True) == 0.0
    assert share_of("a.mp4", "frames", 50, None, drawn=True) == 0.0
