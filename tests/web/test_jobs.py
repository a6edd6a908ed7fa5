"""Recordings that have come whole are judged as ``posturecam analyse`` judges them, and lie beside their session."""

from __future__ import annotations

import hashlib
import time

import pytest

from posturecam import language
from posturecam.store import THUMBNAILS
from posturecam.web.arriving import About, Arriving
from posturecam.web.desk import Desk
from posturecam.web.jobs import Job
from tests.conftest import SAMPLE_VIDEOS
from tests.web.serving import desk_client

PATIENCE_S = 180.0


def arrived(desk: Desk, content: bytes, name: str, exercise: str = "push_up") -> Arriving:
    about = About(name, len(content), exercise, None, "Ana")
    arriving = desk.uploads.begin(about, hashlib.sha256(content).hexdigest())
    arriving.part.write_bytes(content)
    assert arriving.whole
    return arriving


def judged(desk: Desk) -> Job:
    until_s = time.monotonic() + PATIENCE_S
    while desk.jobs.busy and time.monotonic() < until_s:
        time.sleep(0.1)
    [job] = desk.jobs.all()
    return job


@pytest.mark.model
@pytest.mark.slow
def test_a_recording_becomes_a_session_with_its_videos(desk: Desk, model_path: object) -> None:
    clip = SAMPLE_VIDEOS / "push_up_floor_mixed.mp4"
    arriving = arrived(desk, clip.read_bytes(), "ana <b>.mp4")
    desk.jobs.add(arriving, None)
    job = judged(desk)
    assert job.state == "done", job
    assert job.row[0] == "ana <b>.mp4"
    folder = desk.store.root / str(job.session)
    assert (folder / "recording.mp4").read_bytes() == clip.read_bytes()
    assert (folder / "overlay.mp4").is_file()
    assert any((folder / THUMBNAILS).iterdir())
    assert not arriving.folder.exists()
    client = desk_client(desk)
    assert "ana &lt;b&gt;.mp4" in client.get(f"/sessions/{job.session}/framed").text
    assert client.get(f"/sessions/{job.session}/video").content[4:8] == b"ftyp"


def test_what_is_no_recording_is_named_and_kept_for_another_try(desk: Desk) -> None:
    arriving = arrived(desk, b"no film at all" * 100, "broken.mov")
    desk.jobs.add(arriving, None)
    job = judged(desk)
    assert job.state == "failed"
    assert job.row[0] == "broken.mov"
    assert "recording" in job.row[-1]
    assert desk.store.ids() == ()
    assert arriving.folder.exists()
    assert [one.name for one in desk.uploads.root.iterdir()] == [arriving.id]


def test_one_that_was_stopped_before_its_turn_is_not_judged(desk: Desk) -> None:
    arriving = arrived(desk, b"x" * 100, "x.mp4")
    desk.jobs.stop(arriving.id)
    desk.jobs._known[arriving.id] = Job(arriving.id, "x.mp4")
    desk.jobs._queue.put((arriving, None, language.current()))
    assert judged(desk).state == "stopped"
