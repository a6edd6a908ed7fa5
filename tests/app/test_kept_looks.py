"""A look at a recording is taken once: its poses depend on no limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from posturecam.app import doctor
from posturecam.app import kept_looks as module
from posturecam.app.kept_looks import KeptLooks, first_look, former_looks, further_look, kept_looks
from posturecam.app.looking import Looked
from posturecam.model import SourceInfo
from posturecam.poses import PoseSequence
from tests.builders import push_up, record, times

INFO = SourceInfo("clip.mp4", 640, 480, 30.0, 1.0, 30)


class Looks:
    """Counts how often somebody looks."""

    def __init__(self, *bodies: PoseSequence, crowded: bool = False, interrupted: bool = False) -> None:
        self.taken, self._bodies, self._crowded, self._interrupted = 0, bodies, crowded, interrupted

    def first(self) -> Looked:
        self.taken += 1
        return Looked(self._bodies[0], INFO, self._crowded, self._interrupted)

    def further(self) -> list[PoseSequence] | None:
        self.taken += 1
        return None if self._interrupted else list(self._bodies)


def body(elbow: float) -> PoseSequence:
    return record(lambda _t_s: push_up(elbow), times(1.0, 30))


@pytest.fixture
def kept(tmp_path: Path) -> KeptLooks:
    return KeptLooks(tmp_path / "looks", "clip")


@pytest.mark.parametrize("crowded", [False, True])
def test_the_first_look_is_taken_once(kept: KeptLooks, crowded: bool) -> None:
    looks = Looks(body(90), crowded=crowded)
    taken, again = first_look(kept, looks.first), first_look(kept, looks.first)
    assert looks.taken == 1
    assert again.crowded == taken.crowded == crowded
    assert again.info == INFO
    assert all(again.poses.arrays[name].tobytes() == rows.tobytes() for name, rows in taken.poses.arrays.items())


def test_every_body_of_a_further_look_is_kept_in_order(kept: KeptLooks) -> None:
    looks = Looks(body(90), body(140), body(170))
    taken = further_look(kept, "everybody", INFO, looks.further)
    again = further_look(kept, "everybody", INFO, looks.further)
    assert looks.taken == 1
    assert taken is not None
    assert again is not None
    assert [one.points.tobytes() for one in again] == [one.points.tobytes() for one in taken]
    further_look(kept, "part-0-0-320-240", INFO, looks.further)
    assert looks.taken == 2


def test_what_was_interrupted_is_not_kept(kept: KeptLooks) -> None:
    looks = Looks(body(90), interrupted=True)
    assert first_look(kept, looks.first).interrupted
    assert further_look(kept, "everybody", INFO, looks.further) is None
    assert not kept.folder.exists()


def test_a_damaged_file_is_looked_at_again(kept: KeptLooks) -> None:
    looks = Looks(body(90), body(140))
    first_look(kept, looks.first)
    further_look(kept, "everybody", INFO, looks.further)
    for path in kept.folder.iterdir():
        path.write_bytes(path.read_bytes()[:100])
    first_look(kept, looks.first)
    assert len(further_look(kept, "everybody", INFO, looks.further) or ()) == 2
    assert looks.taken == 4
    assert first_look(kept, looks.first).info == INFO
    assert looks.taken == 4


def test_a_recording_is_known_by_what_it_holds(tmp_path: Path) -> None:
    model, one, same, other = (tmp_path / name for name in ("model", "one", "same", "other"))
    for path, content in ((model, b"m"), (one, b"1"), (same, b"1"), (other, b"2")):
        path.write_bytes(content)
    key = kept_looks(tmp_path, one, model).key
    assert kept_looks(tmp_path, same, model).key == key
    assert kept_looks(tmp_path, other, model).key != key
    assert kept_looks(tmp_path, one, other).key != key


def test_what_earlier_versions_kept_in_the_cache_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cache_folder", lambda: tmp_path / "models")
    assert former_looks() is None
    (tmp_path / "looks").mkdir()
    assert former_looks() == tmp_path / "looks"
    (finding,) = [one for one in doctor.examine() if one.subject == "Cache" and one.state == "note"]
    assert str(tmp_path / "looks") in finding.detail
