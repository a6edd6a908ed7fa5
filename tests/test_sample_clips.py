"""Sample clips through the real program, one of each kind of exercise; ``posturecam specs test`` runs them all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from posturecam.cli import main as cli
from posturecam.pose import models
from posturecam.report.evaluation import read_truth
from tests.conftest import SAMPLE_VIDEOS

CLIPS = {
    "strengthen, counted": "push_up_floor_hips_sagging.mp4",
    "strengthen, held": "plank_forearm_good.mp4",
    "strengthen, from the front": "reverse_fly_good.mp4",
    "mobilise, both ways": "cat_cow_good.mp4",
}
pytestmark = pytest.mark.model


@pytest.mark.parametrize("clip", CLIPS.values(), ids=CLIPS)
def test_it_is_counted_and_judged_as_it_was_made(
    clip: str, tmp_path: Any, model_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (truth,) = [truth for truth in read_truth(SAMPLE_VIDEOS) if truth.clip == clip]
    (tmp_path / "truth.json").write_text(json.dumps([truth.model_dump(mode="json")]))
    (tmp_path / clip).symlink_to(SAMPLE_VIDEOS / clip)
    monkeypatch.setenv(models.ENVIRONMENT_VARIABLE, str(model_path))
    monkeypatch.setattr(models, "cache_folder", lambda: tmp_path / "cache" / "models")
    monkeypatch.setattr(cli, "COMMANDS", ("specs",))

    assert truth.exercise is not None
    looks = tmp_path / "looks"
    call = ["specs", "test", truth.exercise, "--clips", str(tmp_path), "--keep-looks", str(looks), "--json"]
    assert cli.main(call) == 0
    (evidence,) = json.loads(capsys.readouterr().out)["clips"]
    assert evidence["rep_error"] in (0, None)
    assert evidence["hold_error_s"] is None or evidence["hold_error_s"] <= 0.5
    assert (evidence["missed"], evidence["major_invented"]) == ([], [])
    assert evidence["judged"] > 0.5
    assert list(looks.glob("*-first.npz"))
