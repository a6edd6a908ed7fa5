"""``posturecam live``: wrong calls, what it saves, and that no accident loses what was finished."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from posturecam.cli.main import main
from posturecam.judging.analyzer import Analyzer
from posturecam.model import ImageArray
from posturecam.pipeline import StopSession
from posturecam.poses import PoseSequence, load
from posturecam.sources import camera
from posturecam.sources.file import FileSource
from posturecam.spec.catalogue import load_exercise
from posturecam.store import read_journal

ROOT = Path(__file__).resolve().parents[2]
CLIPS = ROOT / "sample_videos"
GOOD = CLIPS / "push_up_floor_good.mp4"
SAGGING = CLIPS / "push_up_floor_hips_sagging.mp4"
QUIET = ["--no-window", "--no-voice"]
AT_ONCE = [*QUIET, "--countdown", "0", "--speed", "0"]

needs_clips = pytest.mark.skipif(not (GOOD.exists() and SAGGING.exists()), reason="the sample clips are not rendered")


def reports(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*/report.json"))]


def true_reps(clip: Path) -> int:
    truth = json.loads((CLIPS / "truth.json").read_text(encoding="utf-8"))
    return next(int(row["reps"]) for row in truth if row["clip"] == clip.name)


def only_report(folder: Path) -> dict[str, Any]:
    found = reports(folder)
    assert len(found) == 1
    assert not list(folder.glob(".*")), "an unfinished session was left behind"
    return found[0]


def live(folder: Path, clip: Path | str, *options: str, exercise: str = "push_up") -> int:
    return main(["live", exercise, "--camera", str(clip), "--save", str(folder), *options])


# wrong calls ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Name one exercise"),
        (["push_up", "--programme", "upper_back_relief"], "Name one exercise"),
        (["--programme", "upper_back_relief", "--reps", "3"], "belong to one exercise"),
        (["push_up", "--save", "x", "--no-save"], "contradict"),
        (["pushup"], "push_up"),
        (["push_up", "--variant", "nose"], "no variant 'nose'"),
        (["push_up", "--seconds", "9"], "--reps"),
        (["plank", "--reps", "9"], "--seconds"),
        (["push_up", "--reps", "0"], "--reps"),
        (["--programme", "nothing"], "upper_back_relief"),
        (["push_up", "--pain-before", "11"], "--pain-before"),
    ],
)
def test_wrong_calls(
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POSTURECAM_DATA", str(tmp_path))
    assert main(["live", *arguments, *QUIET]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_no_display(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert live(tmp_path, GOOD) == 1
    err = capsys.readouterr().err
    assert "--no-window" in err
    assert len(err.strip().splitlines()) == 1
    assert reports(tmp_path) == []


@pytest.mark.model
def test_no_camera(capsys: pytest.CaptureFixture[str], tmp_path: Path, model_path: Path) -> None:
    assert live(tmp_path, "97", *QUIET) == 1
    assert "Camera 97 cannot be opened" in capsys.readouterr().err
    assert live(tmp_path, tmp_path / "missing.mp4", *QUIET) == 1
    assert "There is no file" in capsys.readouterr().err


# what a session comes to ------------------------------------------------------------------------------------------------


def essence(report: dict[str, Any]) -> tuple[object, ...]:
    reps = [(rep["index"], [fault["id"] for fault in rep["faults"]]) for rep in report["reps"]["items"]]
    return reps, [fault["id"] for fault in report["faults"]], report["verdict"]


@needs_clips
@pytest.mark.model
@pytest.mark.slow
def test_live_and_analyse_agree(tmp_path: Path, model_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert live(tmp_path / "live", SAGGING, *AT_ONCE) == 0
    out, err = capsys.readouterr()
    assert main(["analyse", str(SAGGING), "-e", "push_up", "--out", str(tmp_path / "out"), "--no-overlay"]) == 0
    analysed = json.loads((tmp_path / "out" / SAGGING.stem / "report.json").read_text(encoding="utf-8"))
    watched = only_report(tmp_path / "live")
    assert essence(watched) == essence(analysed)
    assert watched["score"] == pytest.approx(analysed["score"])
    folder = next((tmp_path / "live").glob("*/report.html"))
    assert str(folder) in out
    assert "rep" in out
    assert err == ""
    assert (folder.parent / "landmarks.npz").exists()


@needs_clips
@pytest.mark.model
@pytest.mark.slow
def test_a_camera_in_a_hurry_drops_frames_but_not_reps(tmp_path: Path, model_path: Path) -> None:
    assert live(tmp_path, SAGGING, *QUIET, "--countdown", "0", "--speed", "2") == 0
    report = only_report(tmp_path)
    assert report["reps"]["count"] == true_reps(SAGGING)
    # a tempo close to its limit may go either way with fewer frames, what is plain to see may not
    assert report["faults"][0]["id"] == "hips_sagging"


@needs_clips
@pytest.mark.model
@pytest.mark.slow
def test_reps_asked_for_end_it_and_the_log_tells_what_was_said(tmp_path: Path, model_path: Path) -> None:
    log = tmp_path / "said.txt"
    options = [*AT_ONCE, "--reps", "2", "--spoken-log", str(log)]
    assert live(tmp_path / "s", SAGGING, *options) == 0
    report = only_report(tmp_path / "s")
    assert report["reps"]["count"] == 2
    assert not report["interrupted"]
    said = [line.split("\t") for line in log.read_text(encoding="utf-8").splitlines()]
    words = [text for _, text in said]
    assert "One" in words
    assert "Two" in words
    assert words.count("Lift your hips") == 1  # two reps last about seven seconds: said once is enough


@needs_clips
@pytest.mark.model
@pytest.mark.slow
def test_a_countdown_and_a_recording(tmp_path: Path, model_path: Path) -> None:
    video = tmp_path / "me.mp4"
    options = [*QUIET, "--speed", "0", "--record", str(video), "--blur-face"]
    assert live(tmp_path / "s", GOOD, *options) == 0
    assert only_report(tmp_path / "s")["reps"]["count"] >= true_reps(GOOD) - 1
    with FileSource(video) as recorded:
        assert recorded.info.width >= 960
        assert sum(1 for _ in recorded) > 100


@pytest.mark.model
@pytest.mark.slow
def test_nobody_for_half_a_minute(
    tmp_path: Path, model_path: Path, make_clip: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = make_clip(frames=150, fps=5)
    assert live(tmp_path / "s", empty, *QUIET, "--speed", "0") == 3
    assert "Nothing was counted" in capsys.readouterr().err
    assert reports(tmp_path / "s") == []
    assert not list((tmp_path / "s").glob(".*"))


@needs_clips
@pytest.mark.model
@pytest.mark.slow
def test_no_save_keeps_nothing(tmp_path: Path, model_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURECAM_DATA", str(tmp_path / "data"))
    assert main(["live", "push_up", "--camera", str(SAGGING), *AT_ONCE, "--no-save"]) == 0
    assert not (tmp_path / "data").exists()


@needs_clips
@pytest.mark.model
@pytest.mark.slow
def test_a_programme_saves_each_exercise(tmp_path: Path, model_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    programme = tmp_path / "two.yaml"
    programme.write_text(
        "id: two_moves\nname: Two moves\nred_flags: [Stop when it hurts.]\nsteps:\n"
        "  - {exercise: push_up, dose: {sets: 1, reps: 2}, rest_s: 1}\n"
        "  - {exercise: plank, variant: high, dose: {sets: 1, seconds: 2}, rest_s: 0}\n",
        encoding="utf-8",
    )
    call = ["live", "--programme", str(programme), "--camera", str(GOOD), *QUIET]
    assert main([*call, "--speed", "0", "--countdown", "1", "--save", str(tmp_path / "s")]) == 0
    assert [report["exercise"] for report in reports(tmp_path / "s")] == ["push_up", "plank"]
    assert "Stop when it hurts." in capsys.readouterr().err


# accidents --------------------------------------------------------------------------------------------------------------


@needs_clips
@pytest.mark.model
@pytest.mark.slow
def test_ctrl_c_saves(tmp_path: Path, model_path: Path) -> None:
    command = [sys.executable, "-m", "posturecam", "live", "push_up", "--camera", str(GOOD), "--save", str(tmp_path)]
    child = subprocess.Popen(
        [*command, *QUIET, "--countdown", "0"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".unfinished-*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(6)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
    finally:
        child.kill()
    assert (child.returncode, err) == (130, "Stopped.\n")
    assert only_report(tmp_path)["interrupted"]
    assert "Report:" in out


@needs_clips
@pytest.mark.model
@pytest.mark.slow
def test_a_full_disk_stops_the_recording_and_nothing_else(
    tmp_path: Path, model_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from posturecam.sinks import video

    class Full(video.VideoWriter):
        shown = 0

        def show(self, canvas: ImageArray, t_s: float) -> None:
            Full.shown += 1
            if Full.shown > 40:
                self._abandon()
                raise self._failure(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
            super().show(canvas, t_s)

    monkeypatch.setattr("posturecam.app.stage.VideoWriter", Full)
    record = tmp_path / "me.mp4"
    assert live(tmp_path / "s", SAGGING, *AT_ONCE, "--record", str(record)) == 1
    assert only_report(tmp_path / "s")["reps"]["count"] == true_reps(SAGGING)
    assert Full.shown == 41
    assert "disk is full" in capsys.readouterr().err
    assert not record.exists()


@needs_clips
@pytest.mark.model
@pytest.mark.slow
def test_a_store_that_is_full_at_the_end_gives_the_summary_and_the_session_once_there_is_room(
    tmp_path: Path, model_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from posturecam.errors import OutputError
    from posturecam.store import Draft

    def full(_self: Draft, _report: str) -> None:
        raise OutputError("The session cannot be saved: no space left on device.")

    with monkeypatch.context() as disk:
        disk.setattr(Draft, "commit", full)
        assert live(tmp_path / "s", SAGGING, *AT_ONCE, "--reps", "1") == 1
    out, err = capsys.readouterr()
    assert "no space left" in err
    assert "the next start of posturecam finishes the session" in err
    assert "Push-up" in out
    assert reports(tmp_path / "s") == []
    assert main(["sessions", "list", "--from", str(tmp_path / "s")]) == 0
    assert "has been recovered" in capsys.readouterr().err
    report = only_report(tmp_path / "s")
    assert (report["recovered"], report["reps"]["count"]) == (True, 1)


@needs_clips
@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("seconds", [2.5, 7.0, 9.5])
def test_a_killed_session_is_finished_at_the_next_start(
    seconds: float, tmp_path: Path, model_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, film = tmp_path / "s", tmp_path / "me.mp4"
    command = [sys.executable, "-m", "posturecam", "live", "push_up", "--camera", str(GOOD), "--save", str(store)]
    child = subprocess.Popen(
        [*command, *QUIET, "--countdown", "0", "--record", str(film)], cwd=ROOT, stderr=subprocess.PIPE
    )
    try:
        deadline = time.monotonic() + 120
        while not film.exists() or film.stat().st_size < 20_000:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        time.sleep(seconds)
    finally:
        child.kill()
        child.communicate()
    (journal,) = store.glob(".unfinished-*/journal")
    poses = read_journal(journal).poses
    live_count = LiveCount(poses)
    assert main(["sessions", "list", "--from", str(store), "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["sessions"]
    report = only_report(store)
    assert [one["recovered"] for one in listed] == [True]
    assert report["reps"]["count"] >= live_count.before(poses.t_s[-1] - 1.0)
    assert len(load(next(store.glob("*/landmarks.npz"))).poses) == len(poses) > 0
    with FileSource(film) as played:
        assert sum(1 for _ in played) > 0


class LiveCount:
    """How many reps the person had been told by when."""

    def __init__(self, poses: PoseSequence) -> None:
        analyzer = Analyzer(load_exercise("push_up"))
        self._told = [(t_s, analyzer.update(t_s, pose).progress.reps) for t_s, pose in poses]

    def before(self, until_s: float) -> int:
        """Reps counted until then."""
        return max((reps for t_s, reps in self._told if t_s <= until_s), default=0)


class FakeWindow:
    """Shows nothing; ``trouble`` happens at its 120th picture, in the middle of a rep."""

    closed_by_person = False
    room = (1280, 720)
    trouble: BaseException = StopSession()

    def __init__(self, *_: object, **__: object) -> None:
        self.keys: dict[str, object] = {}
        self.shown = 0

    def __enter__(self) -> FakeWindow:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, canvas: ImageArray, t_s: float = 0.0) -> None:
        self.shown += 1
        if self.shown == 120:
            self.closed_by_person = True
            raise self.trouble

    def close(self) -> None:
        return None


@needs_clips
@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("trouble", [StopSession(), RuntimeError("graphics gone"), KeyboardInterrupt()])
def test_a_window_closed_or_broken_mid_rep_ends_in_a_saved_session(
    trouble: BaseException,
    tmp_path: Path,
    model_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("posturecam.app.stage.Window", FakeWindow)
    monkeypatch.setattr("posturecam.app.desktop.DisplayProbe", lambda: SimpleNamespace(
        refuse_without_display=lambda: None, check=lambda: None, close=lambda: None, screen=(1280, 720)
    ))  # fmt: skip
    monkeypatch.setattr(FakeWindow, "trouble", trouble)
    code = 130 if isinstance(trouble, KeyboardInterrupt) else 0
    assert live(tmp_path, GOOD, "--no-voice", "--countdown", "0", "--speed", "0") == code
    report = only_report(tmp_path)
    assert report["interrupted"]
    assert report["reps"]["count"] == 2
    if isinstance(trouble, RuntimeError):
        assert "graphics gone" in capsys.readouterr().err


@needs_clips
@pytest.mark.model
@pytest.mark.slow
def test_a_broken_voice_stops_nothing(
    tmp_path: Path, model_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from posturecam.sinks.voice import SilentSpeaker

    def broken(_self: object, _say: object) -> None:
        raise RuntimeError("no sound card")

    monkeypatch.setattr(SilentSpeaker, "say", broken)
    assert live(tmp_path, SAGGING, *AT_ONCE) == 0
    assert only_report(tmp_path)["reps"]["count"] == true_reps(SAGGING)
    assert "the voice stopped" in capsys.readouterr().err


class Unplugged:
    """A camera that plays the clip three times as fast as its clock says, goes away mid-rep for a while, and comes back."""

    width, height, fps, is_file = 640, 480, 15.0, False
    opened = 0
    frames: list[ImageArray] = []  # noqa: RUF012 - shared by all openings on purpose
    AWAY_AT = 90

    def __init__(self, _camera: object) -> None:
        Unplugged.opened += 1
        if Unplugged.opened != 1 and Unplugged.opened != 4:
            raise camera.SourceError("not there")
        self.left = self.frames[: self.AWAY_AT] if Unplugged.opened == 1 else self.frames[self.AWAY_AT :]

    def read(self) -> tuple[ImageArray, float] | None:
        time.sleep(1 / 15 / SPEED)
        if not self.left:
            return None
        image, self.left = self.left[0], self.left[1:]
        return image, camera.time.monotonic()

    def close(self) -> None:
        return None


SPEED = 1.5


@needs_clips
@pytest.mark.model
@pytest.mark.slow
def test_a_camera_that_disappears_mid_rep_loses_only_that_rep(
    tmp_path: Path, model_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = time.monotonic()
    clock = SimpleNamespace(monotonic=lambda: begun + (time.monotonic() - begun) * SPEED)
    with FileSource(GOOD) as clip:
        monkeypatch.setattr(Unplugged, "frames", [frame.image for frame in clip])
    monkeypatch.setattr(Unplugged, "opened", 0)
    monkeypatch.setattr(camera, "time", clock)
    monkeypatch.setattr(camera, "GIVE_UP_S", 6.0)
    monkeypatch.setattr(camera, "StreamDevice", Unplugged)
    assert live(tmp_path, "rtsp://camera", *QUIET, "--countdown", "0") == 0
    report = only_report(tmp_path)
    assert Unplugged.opened >= 4
    assert true_reps(GOOD) - 2 <= report["reps"]["count"] <= true_reps(GOOD)
    assert any("lost" in warning for warning in report["source"]["warnings"])
    assert any("did not come back" in warning for warning in report["source"]["warnings"])
