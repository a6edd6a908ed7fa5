"""A Dask cluster of two workers on this machine: nothing is lost with a worker, and recordings go where they cannot be read."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from posturecam.app import analyse_many, cluster
from posturecam.app.batch import Outcome
from posturecam.app.cluster import ClusterError, Unit, judge_there
from posturecam.app.orders import order
from posturecam.output_folder import MANIFEST
from tests.conftest import MakeClip
from tests.hosts import Listening

distributed = pytest.importorskip("distributed")
WISHES: dict[str, Any] = {"overlay": False, "formats": ("html", "json")}


@pytest.fixture
def address() -> Iterator[str]:
    """The scheduler of two workers, each a process that is started again when it dies."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as local:
        yield local.scheduler_address


def unit(clip: Path, **changes: Any) -> Unit:
    wishes = order("push_up", called=str(clip), **WISHES)
    return replace(Unit(wishes, clip, clip.absolute(), clip.stat().st_size, filed=True), **changes)


@pytest.mark.model
@pytest.mark.slow
def test_a_worker_that_dies_has_its_recordings_done_by_another(
    address: str, make_clip: MakeClip, tmp_path: Path, model_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips = [make_clip(f"{number}.mp4", frames=6, fps=10) for number in range(5)]
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no recording" * 50)
    killed: list[int] = []

    def kill_one(_outcome: Outcome) -> None:
        if not killed:
            with distributed.Client(address, set_as_default=False) as client:
                killed.extend(client.run(os.getpid).values())
            os.kill(killed[0], signal.SIGKILL)

    host = Listening()
    out = tmp_path / "out"
    outcomes = analyse_many(order("push_up", **WISHES), [*clips, broken], out, host, scheduler=address, told=kill_one)
    assert len(killed) == 2
    assert [outcome.exit_code for outcome in outcomes] == [3, 3, 3, 3, 3, 1]
    assert sum("broken.mp4 is not a recording" in line for line in host.said) == 1
    for number in range(5):
        assert {path.name for path in (out / str(number)).iterdir()} == {
            "report.json", "report.html", "landmarks.npz", MANIFEST,
        }  # fmt: skip
    again = analyse_many(order("push_up", **WISHES), clips, out, host, jobs=1, resume=True)
    assert all(outcome.earlier is not None for outcome in again)


@pytest.mark.model
def test_a_recording_that_a_worker_cannot_read_is_sent_along(
    make_clip: MakeClip, tmp_path: Path, model_path: Path
) -> None:
    clip = make_clip(frames=6, fps=10)
    away = unit(clip, where=tmp_path / "not" / "here.mp4")
    assert judge_there(away).outcome is None
    assert judge_there(unit(clip, size=1)).outcome is None  # another file of that name
    brought = judge_there(replace(away, content=clip.read_bytes()))
    assert brought.outcome is not None
    assert brought.outcome.video == clip
    report = brought.outcome.report
    assert report is not None
    assert report.source.path == str(clip)
    assert str(clip) in brought.files["report.json"].decode()
    assert str(clip) in brought.outcome.problem
    assert MANIFEST not in brought.files


def test_a_worker_of_another_version_says_so(make_clip: MakeClip) -> None:
    with pytest.raises(ClusterError, match=r"a worker has posturecam .* where 0\.0\.1 is asked for"):
        judge_there(unit(make_clip(), version="0.0.1"))


def test_nobody_answers(make_clip: MakeClip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_S", 0.5)
    with pytest.raises(ClusterError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        analyse_many(order("push_up"), [make_clip()], tmp_path / "out", scheduler="tcp://127.0.0.1:9")
