"""A clip comes out the same every time, and what nobody does is not counted. Needs the `render` extra."""

import json
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("anny")
pytest.importorskip("numba")
pytest.importorskip("scipy")

from sample_videos.render.__main__ import _write, main
from sample_videos.render.cast import SHIPPED_PEOPLE
from sample_videos.render.clips import recast
from sample_videos.render.motions import all_clips
from sample_videos.render.studio import prepare, render

CLIPS = {clip.name: clip for clip in all_clips()}


def short(name):
    return replace(CLIPS[name], reps=1, fps=2.0)


def test_the_same_clip_comes_out_the_same_twice(tmp_path):
    clip = short("push_up_floor_good")
    rows = [render(clip, tmp_path / run).row for run in "ab"]
    assert rows[0] == rows[1]
    for name in (f"{clip.name}.mp4", f"truth/{clip.name}.npz"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_room_is_drawn_alone_and_the_person_over_it():
    shot = prepare(short("push_up_floor_good"))
    with_person = shot.scene.stage.draw()
    shot.scene.person.shown.show(False)
    alone = shot.scene.stage.draw()
    assert alone.shape == with_person.shape == (480, 640, 3)
    changed = (np.abs(with_person.astype(int) - alone) > 8).any(axis=2)
    assert 0.03 < changed.mean() < 0.4


def test_names_are_unique_and_every_fault_clip_names_its_exercise():
    names = [clip.name for clip in all_clips()]
    assert len(names) == len(set(names))
    assert all(clip.name.startswith(clip.exercise) for clip in all_clips() if clip.faults)


def test_row_of_a_negative_names_no_exercise(tmp_path):
    row = render(replace(short("negative_empty_room"), fps=1.0), tmp_path).row
    assert row["exercise"] is None
    assert row["reps"] == 0
    assert row["faults"] is None
    assert row["label"] is None


def test_truth_keeps_rows_of_other_renders(tmp_path):
    path = tmp_path / "truth.json"
    _write(path, [{"clip": "b.mp4", "reps": 1}], ["a", "b"])
    _write(path, [{"clip": "a.mp4", "reps": 2}], ["a", "b"])
    _write(path, [{"clip": "b.mp4", "reps": 3}], ["a", "b"])
    assert [(row["clip"], row["reps"]) for row in json.loads(path.read_text())] == [("a.mp4", 2), ("b.mp4", 3)]


def test_another_cast_plays_the_same_script_with_people_who_are_in_no_shipped_clip():
    for clip in all_clips():
        other = recast(clip, 1)
        assert (other.name, other.exercise, other.faults, other.reps) == (
            clip.name,
            clip.exercise,
            clip.faults,
            clip.reps,
        )
        assert clip.person < SHIPPED_PEOPLE <= other.person
        assert other.room != clip.room
        assert other.seed not in (clip.seed, recast(clip, 2).seed)
        assert abs(other.turned - clip.turned) <= 9
        assert recast(clip, 0) is clip
        assert recast(clip, 1) == other, "the same cast comes out the same twice"


@pytest.mark.parametrize("option", [["--cast", "1"], ["--passer"]])
def test_what_is_rendered_for_measuring_never_overwrites_the_shipped_clips(option, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["push_up_floor_good", *option])
    assert stopped.value.code == 2
    assert "--out" in capsys.readouterr().err
