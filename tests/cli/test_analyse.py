"""``posturecam analyse``: what bad input is answered with, what a recording leaves behind, and what never changes a count."""

from __future__ import annotations

import csv
import html
import json
import os
import signal
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest

from posturecam.cli import main as cli
from posturecam.output_folder import MANIFEST
from posturecam.pose import models
from posturecam.report.json_schema import SCHEMA_FILE
from tests import recordings
from tests.conftest import SAMPLE_VIDEOS, MakeClip
from tests.spec.files import COUNTED

FLY = SAMPLE_VIDEOS / "reverse_fly_good.mp4"
SAGGING = SAMPLE_VIDEOS / "push_up_floor_hips_sagging.mp4"
TWO_REPS_S = recordings.after(FLY, 2)


class Said(NamedTuple):
    """How a call ended: exit code, standard output, standard error (also of native code)."""

    code: int
    out: str
    err: str


Analyse = Callable[..., Said]


@pytest.fixture(autouse=True)
def _only_this_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(cli, "COMMANDS", ("analyse", "specs"))
    monkeypatch.setenv("POSTURECAM_DATA", str(tmp_path_factory.mktemp("data")))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def analyse(capfd: pytest.CaptureFixture[str]) -> Analyse:
    """Run ``posturecam analyse ARGUMENTS...`` in an empty folder."""

    def run(*arguments: object) -> Said:
        capfd.readouterr()
        code = cli.main(["analyse", *map(str, arguments)])
        return Said(code, *capfd.readouterr())

    return run


@pytest.fixture(scope="session")
def two_reps(tmp_path_factory: pytest.TempPathFactory, model_path: Path) -> Path:
    """Two good reverse flies, cut from a sample clip."""
    return recordings.record(tmp_path_factory.mktemp("clips") / "two_reps.mp4", recordings.pictures(FLY, 0, TWO_REPS_S))


def report_in(folder: Path) -> Any:
    return json.loads((folder / "report.json").read_text("utf-8"), parse_constant=pytest.fail)


class TestRefusals:
    """One sentence on standard error, nothing on standard output, and nothing is left behind."""

    def refused(self, analyse: Analyse, code: int, *arguments: object) -> str:
        said = analyse(*arguments)
        assert (said.code, said.out) == (code, "")
        assert said.err.count("\n") == 1
        return said.err.rstrip("\n")

    def test_a_missing_file(self, analyse: Analyse) -> None:
        assert self.refused(analyse, 1, "none.mp4", "-e", "push_up") == "There is no file none.mp4; check the name."

    def test_a_text_named_mp4(self, analyse: Analyse) -> None:
        Path("notes.mp4").write_text("Monday: 12 push-ups\n" * 20)
        sentence = self.refused(analyse, 1, "notes.mp4", "-e", "push_up")
        assert sentence.startswith("notes.mp4 is not a recording or picture that can be read (")
        assert sentence.endswith("; try mp4, mov, mkv, webm, jpg or png.")

    def test_an_empty_file(self, analyse: Analyse) -> None:
        Path("clip.mp4").touch()
        sentence = self.refused(analyse, 1, "clip.mp4", "-e", "push_up")
        assert sentence == "clip.mp4 is empty (0 bytes); copy or record it again."

    def test_sound_only(self, analyse: Analyse) -> None:
        with wave.open("song.wav", "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            sound.writeframes(bytes(16000))
        sentence = self.refused(analyse, 1, "song.wav", "-e", "push_up")
        assert sentence == "song.wav holds sound but no pictures; choose a recording with video."

    def test_a_recording_cut_off_before_its_index(self, analyse: Analyse, make_clip: MakeClip) -> None:
        clip = make_clip()
        clip.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
        assert "is not a recording or picture that can be read (" in self.refused(analyse, 1, clip, "-e", "push_up")

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (
                ["-e", "pushup"],
                "No exercise called 'pushup' (did you mean 'push_up'?); 'posturecam specs list' shows all 19.",
            ),
            (
                ["-e", "push_up", "--variant", "flor"],
                "push_up has no variant 'flor' (did you mean 'floor'?); it has floor, knee, incline, wall.",
            ),
            (
                ["-e", "push_up", "--format", "html,doc"],
                "--format 'html,doc' is not known; choose from html, json, csv, pdf, md, separated by commas.",
            ),
            (
                ["-e", "push_up", "--recorded", "last Monday"],
                "--recorded 'last Monday' is not a date; write it like 2026-05-31 or 2026-05-31T18:30.",
            ),
            ([], "Missing option '--exercise' / '-e'; see: posturecam analyse --help"),
        ],
    )
    def test_a_wrong_call(self, analyse: Analyse, arguments: list[str], sentence: str) -> None:
        assert self.refused(analyse, 2, "clip.mp4", *arguments) == sentence

    def test_no_recording_named(self, analyse: Analyse) -> None:
        assert self.refused(analyse, 2, "-e", "push_up").startswith("Missing argument 'VIDEO")

    def test_a_broken_spec_with_all_its_errors(self, analyse: Analyse) -> None:
        Path("mine.yaml").write_text(COUNTED.replace("severity: major", "severity: awful") + "\nnonsense: 1\n")
        said = analyse("clip.mp4", "-e", "mine.yaml")
        assert (said.code, said.out) == (2, "")
        lines = said.err.splitlines()
        assert len(lines) == 2
        assert all(line.startswith("mine.yaml:") for line in lines)
        assert any("awful" in line for line in lines)
        assert any("nonsense" in line for line in lines)

    def test_a_folder_that_cannot_be_written_to_is_told_before_any_work(self, analyse: Analyse) -> None:
        Path("occupied").touch()
        sentence = self.refused(analyse, 1, "none.mp4", "gone.mp4", "-e", "push_up", "--out", "occupied/results")
        assert sentence == "The folder occupied/results cannot be written to (Not a directory); choose another."

    def test_a_model_that_is_not_there(
        self, analyse: Analyse, make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(models.ENVIRONMENT_VARIABLE, "/nowhere/own.task")
        assert "/nowhere/own.task" in self.refused(analyse, 1, make_clip(), "-e", "push_up")


@pytest.mark.model
class TestNames:
    """A recording's name is never a path, and results replace nothing."""

    def judged(self, analyse: Analyse, *arguments: object) -> None:
        said = analyse(*arguments, "-e", "push_up", "--out", "out", "--no-overlay", "--format", "html,json,csv,pdf,md")
        assert said.code == 3, said.err  # an empty room: all is written, nobody is seen

    @pytest.mark.parametrize("name", ["...mp4", "..mp4", "....mp4", ". .mp4"])
    def test_a_name_of_dots_stays_in_its_folder(
        self, analyse: Analyse, make_clip: MakeClip, model_path: Path, name: str
    ) -> None:
        Path("out/thumbnails").mkdir(parents=True)
        precious = [
            Path("overlay.mp4"),
            Path("out/overlay.mp4"),
            Path("out/thumbnails/rep-1-x.jpg"),
            Path("report.json"),
        ]
        for path in precious:
            path.write_bytes(b"mine")
        Path("videos").mkdir()
        clip = make_clip().rename(Path("videos") / name)
        self.judged(analyse, clip)
        assert all(path.read_bytes() == b"mine" for path in precious)
        assert {path.name for path in Path("out").iterdir()} == {"overlay.mp4", "thumbnails", "recording"}
        assert {path.name for path in Path().iterdir()} == {"out", "videos", "overlay.mp4", "report.json"}

    def test_results_never_replace_the_recording_itself(
        self, analyse: Analyse, make_clip: MakeClip, model_path: Path
    ) -> None:
        Path("out/overlay").mkdir(parents=True)
        clip = make_clip("clip.mp4").rename("out/overlay/overlay.mp4")
        before = clip.read_bytes()
        self.judged(analyse, clip)
        self.judged(analyse, clip, "--overwrite")
        assert clip.read_bytes() == before
        assert [path.name for path in Path("out/overlay").iterdir()] == ["overlay.mp4"]

    def test_one_name_in_two_folders(self, analyse: Analyse, make_clip: MakeClip, model_path: Path) -> None:
        for folder in ("monday", "tuesday"):
            Path(folder).mkdir()
            make_clip().rename(Path(folder) / "clip.mp4")
        self.judged(analyse, "monday/clip.mp4", "tuesday/clip.mp4")
        self.judged(analyse, "tuesday/clip.mp4", "--overwrite")
        self.judged(analyse, "monday/clip.mp4")
        paths = {
            folder.name: report_in(folder)["source"]["path"] for folder in Path("out").iterdir() if folder.is_dir()
        }
        assert {paths["clip"], paths["clip-2"]} == {"monday/clip.mp4", "tuesday/clip.mp4"}
        assert (len(paths), paths["clip-3"]) == (3, "monday/clip.mp4")

    @pytest.mark.parametrize(
        ("name", "folder", "told"),
        [
            (b"r\xe9p.mp4", "r_p", "r%E9p.mp4"),
            (b"a\nb\x1b[31m.mp4", "a_b__31m", "a%0Ab%1B[31m.mp4"),
            (b"<script>alert(1)<!--'\".mp4", "_script_alert(1)__--__", "<script>alert(1)<!--'\".mp4"),
            ("\u202egnp.Jos\u00e9.mp4".encode(), "_gnp.Jos\u00e9", "%E2%80%AEgnp.Jos\u00e9.mp4"),
            (b"=1+1|[x](y) `z`.mp4", "_1+1__x_(y) _z_", "=1+1|[x](y) `z`.mp4"),
            (b"[red]{a}%s.mp4", "_red__a__s", "[red]{a}%s.mp4"),
        ],
    )
    def test_any_name_is_shown_escaped_everywhere_and_nothing_is_lost(
        self, analyse: Analyse, make_clip: MakeClip, model_path: Path, name: bytes, folder: str, told: str
    ) -> None:
        clip = make_clip().rename(os.fsdecode(name))
        self.judged(analyse, clip, "--name", os.fsdecode(b"An\xe9 <b>"))
        results = Path("out") / folder
        assert [path.name for path in Path("out").iterdir()] == [folder]
        report = report_in(results)
        assert (report["source"]["path"], report["person"]) == (told, "An%E9 <b>")
        page = (results / "report.html").read_text("utf-8")
        assert told in html.unescape(page)
        assert "<script>alert" not in page
        for file in results.iterdir():
            if file.suffix in (".md", ".csv", ".html", ".json"):
                text = file.read_bytes().decode("utf-8")
                assert not [char for char in text if not char.isprintable() and char not in "\r\n\t"]
        assert (results / "report.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.model
class TestNothingToJudge:
    """The work is done and its files are written, but the exit code is 3 and one sentence says why."""

    def test_nobody_in_the_picture(self, analyse: Analyse, make_clip: MakeClip, model_path: Path) -> None:
        said = analyse(make_clip("empty_room.mp4"), "-e", "push_up", "--out", "out")
        assert said.code == 3
        assert said.err.startswith("Nobody was seen in ")
        assert said.err.endswith("empty_room.mp4: film the whole body in good light, and try again.\n")
        report = report_in(Path("out/empty_room"))
        assert (report["verdict"], report["tracking"]["person"]) == ("unknown", 0)
        assert Path("out/empty_room/report.html").exists()

    def test_somebody_upright_in_an_exercise_that_is_done_lying(self, analyse: Analyse, model_path: Path) -> None:
        clip = recordings.record(Path("front.mp4"), recordings.pictures(FLY, 3, 5))
        said = analyse(clip, "-e", "push_up", "--no-overlay", "--out", "out")
        assert said.code == 3
        assert said.err.startswith(
            "Nothing could be judged in front.mp4: the person stands upright in the picture, while Push-up is done lying"
        )
        assert report_in(Path("out/front"))["tracking"]["view_ok"] is False

    def test_another_position_than_the_exercise_has(self, analyse: Analyse, model_path: Path) -> None:
        clip = recordings.record(Path("floor.mp4"), recordings.pictures(SAGGING, 2, 9))
        said = analyse(clip, "-e", "push_up", "--variant", "wall", "--no-overlay", "--out", "out")
        assert said.code == 3
        assert "this looks like Push-up (on the toes); if it is, say --exercise push_up --variant floor" in said.err
        assert report_in(Path("out/floor"))["reps"]["count"] == 0


@pytest.mark.model
class TestResults:
    def test_json_is_the_only_thing_said_and_nothing_is_written(self, two_reps: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "posturecam", "analyse", str(two_reps), "-e", "reverse_fly", "--json"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")  # not a line of MediaPipe, absl or Qt either
        report = json.loads(done.stdout, parse_constant=pytest.fail)
        jsonschema.validate(report, json.loads(SCHEMA_FILE.read_text("utf-8")))
        assert (report["reps"]["count"], report["verdict"]) == (2, "ok")
        assert list(Path().iterdir()) == []

    def test_every_format_the_overlay_the_landmarks_and_the_worst_moments(
        self, analyse: Analyse, model_path: Path
    ) -> None:
        clip = recordings.record(Path("sagging.mp4"), recordings.pictures(SAGGING, 0, recordings.after(SAGGING, 1)))
        said = analyse(clip, "-e", "push_up", "--out", "out", "--format", "html,json,csv,pdf,md", "--name", "Ana")
        folder = Path("out/sagging")
        assert (said.code, said.err) == (0, "")
        assert "Hips sagging: in rep 1" in said.out
        assert f"Report: {folder / 'report.html'}" in said.out
        files = {path.name for path in folder.iterdir()}
        names = ["report.html", "report.json", "report.md", "report.pdf", "reps.csv"]
        assert files == {"landmarks.npz", "overlay.mp4", "thumbnails", MANIFEST, *names}
        assert list((folder / "thumbnails").glob("*.jpg"))
        assert "Ana" in (folder / "report.md").read_text()
        shown = [t_s for t_s, _ in recordings.pictures(folder / "overlay.mp4")]
        assert shown == pytest.approx([t_s for t_s, _ in recordings.pictures(clip)], abs=0.001)

        # again without pictures: none of the first time may stay
        assert analyse(clip, "-e", "push_up", "--out", "out", "--no-overlay", "--no-images", "--overwrite").code == 0
        assert not (folder / "overlay.mp4").exists()
        assert not list((folder / "thumbnails").glob("*.jpg"))

    @pytest.mark.parametrize("name", ["sagging.jpg", "sagging.png"])
    def test_a_picture_is_judged_by_its_position(self, analyse: Analyse, model_path: Path, name: str) -> None:
        (_, image), *_ = recordings.pictures(SAGGING, recordings.peaks(SAGGING)[0] - 0.05)
        recordings.still(Path(name), image)
        said = analyse(name, "-e", "push_up", "--out", "out")
        assert (said.code, said.err) == (0, "")
        assert "Work on: hips sagging. A picture shows the position only" in said.out
        report = report_in(Path("out/sagging"))
        assert report["source"]["is_still"] is True
        assert [fault["id"] for fault in report["faults"]] == ["hips_sagging"]

    def test_a_cut_off_recording_is_judged_up_to_the_break(self, analyse: Analyse, two_reps: Path) -> None:
        content = two_reps.read_bytes()
        share = 1.1 * recordings.after(FLY, 1) / TWO_REPS_S
        Path("broken.mp4").write_bytes(content[: int(len(content) * share)])
        said = analyse("broken.mp4", "-e", "reverse_fly", "--no-overlay", "--out", "out")
        assert (said.code, said.err) == (0, "")
        report = report_in(Path("out/broken"))
        assert report["reps"]["count"] == 1
        (warning,) = report["source"]["warnings"]
        assert warning.startswith(f"The recording says it lasts {TWO_REPS_S:.1f} s but its pictures end after ")
        assert f"Note: {warning}" in said.out
        assert "its pictures end after" in Path("out/broken/report.html").read_text()


@pytest.mark.model
class TestSeveral:
    def test_one_bad_recording_does_not_cost_the_others(self, analyse: Analyse, model_path: Path) -> None:
        (_, image), *_ = recordings.pictures(SAGGING, recordings.peaks(SAGGING)[0] - 0.05)
        for folder in ("monday", "Tuesday"):
            Path(folder).mkdir()
            recordings.still(Path(folder) / "sagging.png", image)
        Path("bad.mp4").write_text("none")
        videos = ["monday/sagging.png", "bad.mp4", "Tuesday/sagging.png"]
        said = analyse(*videos, "-e", "push_up", "--out", "out")
        assert said.code == 1
        assert said.err.startswith("bad.mp4 is not a recording")
        assert said.err.count("\n") == 1
        pages = [row["report"] for row in csv.DictReader(Path("out/summary.csv").read_text().splitlines())]
        assert sorted(pages) == ["", "sagging-2/report.html", "sagging/report.html"]
        assert not Path("out/bad").exists()
        sources = [report_in(Path("out") / name)["source"]["path"] for name in ("sagging", "sagging-2")]
        assert {Path(source).parent.name for source in sources} == {"monday", "Tuesday"}

        said = analyse(*videos, "-e", "push_up", "--json")
        assert said.code == 1
        assert [report["exercise"] for report in json.loads(said.out)] == ["push_up", "push_up"]


@pytest.mark.model
def test_a_real_batch_closes_with_its_table(
    tmp_path: Path, model_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (_, image), *_ = recordings.pictures(SAGGING, recordings.peaks(SAGGING)[0] - 0.05)
    recordings.still(Path("good.png"), image)
    recordings.still(Path("empty.png"), image * 0)
    Path("bad.mp4").write_text("none")
    assert cli.main(["analyse", "bad.mp4", "empty.png", "good.png", "-e", "push_up", "--out", "out", "--no-save"]) == 1
    rows = [line.split("\t") for line in capfd.readouterr().out.splitlines()[-4:]]
    assert rows[0] == ["file", "person", "exercise", "variant", "reps", "hold", "score", "faults", "problem"]
    assert [row[0] for row in rows[1:]] == ["bad.mp4", "empty.png", "good.png"]
    assert "is not a recording" in rows[1][-1]
    assert "Nobody was seen" in rows[2][-1]

    assert cli.main(["analyse", "empty.png", "good.png", "-e", "push_up", "--out", "out", "--no-save"]) == 3


@pytest.mark.model
class TestStopped:
    def test_ctrl_c_keeps_what_was_finished(
        self, analyse: Analyse, two_reps: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from posturecam.pose.mediapipe import MediaPipeEstimator

        real = MediaPipeEstimator.estimate

        def estimate(self: MediaPipeEstimator, frame: Any) -> Any:
            if frame.t_s > recordings.after(FLY, 1):
                os.kill(os.getpid(), signal.SIGINT)
            return real(self, frame)

        monkeypatch.setattr(MediaPipeEstimator, "estimate", estimate)
        # one process: the estimator is replaced in this one only
        said = analyse(two_reps, SAGGING, "-e", "reverse_fly", "--jobs", "1", "--out", "out")
        assert (said.code, said.err) == (130, "Stopped.\n")
        assert "Reverse fly (standing, band), 1 rep, score" in said.out
        assert "stopped early" in said.out
        folder = Path("out/two_reps")
        report = report_in(folder)
        assert (report["reps"]["count"], report["interrupted"]) == (1, True)
        for name in ("report.html", "reps.csv", "landmarks.npz"):
            assert (folder / name).stat().st_size > 200
        assert not (folder / "overlay.mp4").exists()  # which would take as long as the analysis
        assert not (Path("out") / SAGGING.stem).exists()


@pytest.mark.model
class TestSameCount:
    """Neither how the phone was held nor its uneven frame rate changes what is counted and judged."""

    def counted(self, analyse: Analyse, clip: Path) -> tuple[int, int, float]:
        said = analyse(clip, "-e", "reverse_fly", "--json")
        assert (said.code, said.err) == (0, "")
        report = json.loads(said.out)
        assert report["faults"] == []
        for rep, peak in zip(report["reps"]["items"], recordings.peaks(FLY), strict=False):
            assert rep["start_s"] < peak < rep["end_s"]
        return report["reps"]["count"], report["reps"]["good"], report["source"]["height"] / report["source"]["width"]

    def test_of_a_phone_held_upright(self, analyse: Analyse, model_path: Path) -> None:
        rows = recordings.pictures(FLY, 0, TWO_REPS_S)
        lying = [(t_s, recordings.on_its_side(recordings.portrait(image))) for t_s, image in rows]
        clip = recordings.held_upright(recordings.record(Path("phone.mp4"), lying))
        assert self.counted(analyse, clip) == (2, 2, pytest.approx(4 / 3, abs=0.05))

    def test_of_a_variable_frame_rate(self, analyse: Analyse, model_path: Path) -> None:
        rows = recordings.thinned(recordings.pictures(FLY, 0, TWO_REPS_S))
        clip = recordings.record(Path("uneven.mp4"), rows)
        assert self.counted(analyse, clip) == (2, 2, pytest.approx(0.75))
