"""``posturecam specs test``: the evidence table over clips whose truth is known."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from posturecam.cli import main as cli
from posturecam.cli.evaluate import HEADER
from posturecam.pose import models
from tests import recordings
from tests.conftest import SAMPLE_VIDEOS

Out = pytest.CaptureFixture[str]
Label = Callable[..., Path]

ONE_FLY = {"clip": "fly.mp4", "exercise": "reverse_fly", "reps": 1, "faults": []}


@pytest.fixture(autouse=True)
def _only_this_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "COMMANDS", ("specs",))


@pytest.fixture
def label(tmp_path: Path) -> Label:
    """A folder whose truth.json says what it is given."""

    def write(*truths: object) -> Path:
        (tmp_path / "truth.json").write_text(json.dumps(truths))
        return tmp_path

    return write


def run(capsys: Out, *arguments: object) -> tuple[int, str, str]:
    code = cli.main(["specs", "test", *map(str, arguments)])
    return code, *capsys.readouterr()


class TestRefusals:
    def refused(self, capsys: Out, *arguments: object) -> str:
        code, out, err = run(capsys, *arguments)
        assert (code, out, err.count("\n")) == (2, "", 1)
        return err.rstrip("\n")

    def test_a_folder_without_truth(self, capsys: Out, tmp_path: Path) -> None:
        sentence = self.refused(capsys, "--clips", tmp_path)
        assert sentence == f"No truth.json in {tmp_path}; name a folder of labelled clips with --clips."

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("nonsense", "cannot be read as a list of clips"),
            ("5", "cannot be read as a list of clips"),
            ('[{"clip": "a.mp4", "reps": -1}]', "reps: Input should be greater than or equal to 0"),
            ("[{}]", "clip: Field required"),
        ],
    )
    def test_a_truth_that_is_none(self, capsys: Out, tmp_path: Path, text: str, said: str) -> None:
        (tmp_path / "truth.json").write_text(text)
        assert said in self.refused(capsys, "--clips", tmp_path)

    def test_an_unknown_exercise(self, capsys: Out, label: Label) -> None:
        assert "did you mean 'push_up'" in self.refused(capsys, "pushup", "--clips", label(ONE_FLY))

    def test_no_clip_of_the_exercise(self, capsys: Out, label: Label) -> None:
        folder = label(ONE_FLY)
        assert self.refused(capsys, "plank", "--clips", folder) == f"No clip of plank in {folder / 'truth.json'}."

    def test_the_sample_clips_outside_the_checkout(
        self, capsys: Out, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("posturecam.spec.catalogue.specs_folder", lambda: tmp_path / "exercise_specs")
        assert "name a folder of labelled clips with --clips" in self.refused(capsys)


@pytest.mark.model
class TestEvidence:
    @pytest.fixture(autouse=True)
    def _own_cache(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model_path: Path) -> None:
        monkeypatch.setenv(models.ENVIRONMENT_VARIABLE, str(model_path))
        monkeypatch.setattr(models, "cache_folder", lambda: tmp_path / "cache" / "models")

    @pytest.fixture
    def folder(self, label: Label, model_path: Path) -> Path:
        """One good rep that is said to be one, the same said to be two shallow ones, nobody at all, and a missing clip."""
        folder = label(
            ONE_FLY,
            {**ONE_FLY, "clip": "wrong.mp4", "reps": 2, "faults": ["hands_too_low"]},
            {"clip": "empty.mp4", "exercise": None},
            {**ONE_FLY, "clip": "lost.mp4", "faults": ["arms_low"]},
        )
        clip = SAMPLE_VIDEOS / "reverse_fly_good.mp4"
        rows = recordings.pictures(clip, 0, recordings.after(clip, 1))
        recordings.record(folder / "fly.mp4", rows)
        recordings.record(folder / "wrong.mp4", [(t_s, image // 2 + 60) for t_s, image in rows])
        recordings.record(folder / "empty.mp4", [(index / 15, rows[0][1] * 0) for index in range(20)])
        return folder

    def test_a_table_that_other_programs_can_read(self, capsys: Out, folder: Path) -> None:
        code, out, err = run(capsys, "--clips", folder, "--details")
        assert code == 0
        assert err.splitlines() == [
            "lost.mp4: reverse_fly has no fault arms_low; correct truth.json.",
            f"lost.mp4 is left out: There is no file {folder / 'lost.mp4'}; check the name.",
        ]
        header, *rows = [line.split("\t") for line in out.splitlines()[:3]]
        assert tuple(header) == HEADER
        assert [row[0] for row in rows] == ["reverse_fly", "all"]
        row = dict(zip(HEADER, rows[0], strict=True))
        assert (row["clips"], row["exact"], row["off by 1"], row["mean error"]) == ("2", "50%", "100%", "0.50")
        assert (row["found"], row["missed"], row["invented"]) == ("0", "1", "0")
        assert row["negatives"] == "0 of 1 counted"
        assert "Faults: recall 0.00, precision -; good clips with an invented major fault: 0;" in out
        assert "  reverse_fly, wrong.mp4: -1 reps, missed hands_too_low" in out
        assert "  reverse_fly, fly.mp4" not in out

    def test_json_and_the_landmarks_that_are_kept(
        self, capsys: Out, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        code, out, _ = run(capsys, "reverse_fly", "--clips", folder, "--json", "--keep-looks", folder / "looks")
        data: Any = json.loads(out, parse_constant=pytest.fail)
        assert code == 0
        assert [row["name"] for row in data["rows"]] == ["reverse_fly", "all"]
        assert [clip["counted"] for clip in data["clips"]] == [1, 1, 0]
        assert len(list((folder / "looks").glob("*-first.npz"))) == 3
        assert not list(folder.rglob("cache/looks")), "nothing of a person is kept where nobody named a folder"

        # the second time no picture is looked at: another limit costs milliseconds
        monkeypatch.setattr("posturecam.pose.mediapipe.MediaPipeEstimator.estimate", pytest.fail)
        again = run(capsys, "reverse_fly", "--clips", folder, "--json", "--keep-looks", folder / "looks")
        assert again[:2] == (0, out)
