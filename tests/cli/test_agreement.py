"""``posturecam evaluate agreement``: raters' files to kappa, in words and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

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
    assert main(["evaluate", "agreement", *files]) == 0
    header, row, sentence = capsys.readouterr().out.splitlines()
    assert header.split("\t")[:3] == ["raters", "clips", "kappa"]
    # 8 of 10 agreed, half by chance
    assert row.split("\t")[:8] == ["ana, ben", "10", "0.600", "80%", "4", "1", "1", "4"]
    assert sentence == "Mean kappa among raters 0.600, with the program -."
    assert main(["evaluate", "agreement", *files, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["among_raters"] == pytest.approx(0.6)


def test_three_raters_of_known_kappa_and_the_program_as_a_fourth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten clips; ana calls five wrong. ben differs in two (kappa 0.6), cem in all (-1), the program in one (0.8)."""

    def judged(spec: object, variant: object, clip: Path, model: object, host: object, looks: object) -> object:
        wrong = int(clip.stem) in {0, 1, 2, 3}
        fault = SimpleNamespace(id="hips_sagging")
        reps = SimpleNamespace(count=5 + (clip.stem == "9"))
        return SimpleNamespace(
            verdict="faults" if wrong else "ok", kind="reps", reps=reps, faults=[fault] if wrong else []
        )

    monkeypatch.setattr("posturecam.app.agreement.judge_clip", judged)
    ana, ben, cem = {0, 1, 2, 3, 4}, {0, 1, 2, 3, 5}, {5, 6, 7, 8, 9}
    files = [write(tmp_path / f"{name}.json", wrong) for name, wrong in (("ana", ana), ("ben", ben), ("cem", cem))]
    assert main(["evaluate", "agreement", *files, "--clips", str(tmp_path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    pairs = {(pair["first"], pair["second"]): pair for pair in found["pairs"]}
    assert pairs["ana", "ben"]["kappa"] == pytest.approx(0.6)
    assert pairs["ana", "cem"]["kappa"] == pytest.approx(-1.0)
    assert pairs["ana", "posturecam"]["kappa"] == pytest.approx(0.8)
    assert pairs["ana", "posturecam"]["confusion"] == [[5, 0], [1, 4]]
    assert pairs["ana", "posturecam"]["exact"] == pytest.approx(0.9)
    assert pairs["ana", "posturecam"]["off_by_one"] == 1.0
    assert found["among_raters"] == pytest.approx((0.6 - 1.0 - 0.6) / 3)
    kappas = [pairs[name, "posturecam"]["kappa"] for name in ("ana", "ben", "cem")]
    assert found["with_program"] == pytest.approx(sum(kappas) / 3)


def test_the_former_name_still_works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [write(tmp_path / name, {0}) for name in ("ana.json", "ben.json")]
    assert main(["specs", "agreement", *files]) == 0
    assert main(["specs", "--help"]) == 0
    assert "agreement" not in capsys.readouterr().out.split("Commands")[-1]


def test_raters_whose_files_are_all_called_truth_are_named_after_their_folders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [write(tmp_path / name / "truth.json", {0, 1}) for name in ("ana", "ben")]
    assert main(["evaluate", "agreement", *files]) == 0
    assert "ana, ben\t10\t1.000" in capsys.readouterr().out


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ben.json").write_text("{")
    assert main(["evaluate", "agreement", write(tmp_path / "ana.json", set()), str(tmp_path / "ben.json")]) == 2
    err = capsys.readouterr().err
    assert "ben.json" in err
    assert "Traceback" not in err
