"""``posturecam specs agreement``: raters' files to kappa, in words and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from posturecam.cli.main import main


def write(path: Path, wrong: set[int]) -> str:
    clips = [
        {"clip": f"{n}.mp4", "exercise": "push_up", "reps": 5, "faults": ["hips_sagging"] if n in wrong else []}
        for n in range(10)
    ]
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(clips))
    return str(path)


def test_raters_are_named_after_their_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [write(tmp_path / "ana.json", {0, 1, 2, 3, 4}), write(tmp_path / "ben.json", {0, 1, 2, 3, 5})]
    assert main(["specs", "agreement", *files]) == 0
    header, row, sentence = capsys.readouterr().out.splitlines()
    assert header.split("\t")[:3] == ["raters", "clips", "kappa"]
    # 8 of 10 agreed, half by chance
    assert row.split("\t")[:8] == ["ana, ben", "10", "0.600", "80%", "4", "1", "1", "4"]
    assert sentence == "Mean kappa among raters 0.600, with the program -."
    assert main(["specs", "agreement", *files, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["among_raters"] == pytest.approx(0.6)


def test_raters_whose_files_are_all_called_truth_are_named_after_their_folders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [write(tmp_path / name / "truth.json", {0, 1}) for name in ("ana", "ben")]
    assert main(["specs", "agreement", *files]) == 0
    assert "ana, ben\t10\t1.000" in capsys.readouterr().out


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ben.json").write_text("{")
    assert main(["specs", "agreement", write(tmp_path / "ana.json", set()), str(tmp_path / "ben.json")]) == 2
    err = capsys.readouterr().err
    assert "ben.json" in err
    assert "Traceback" not in err
