"""Finding the exerciser judges the recording; it is not judged again for the report."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from posturecam.app import seeing
from posturecam.app.looking import Looked
from posturecam.app.seeing import Wanted, see
from posturecam.judging import judge as judging
from posturecam.judging.judge import Judgement
from posturecam.judging.recognise import find_variant
from posturecam.model import SourceInfo
from posturecam.pose.closer import Box, worth_a_closer_look
from posturecam.poses import PoseSequence
from posturecam.spec.catalogue import load_exercise, load_spec
from posturecam.spec.schema import Exercise
from tests.builders import push_up, record, rounds, times

ELBOW, SECONDS = rounds(172.0, [85.0] * 3)
INFO = SourceInfo("clip.mp4", 640, 480, 20.0, SECONDS, round(20 * SECONDS))


@contextlib.contextmanager
def silent(_name: str, _total: float | None) -> Iterator[Callable[[float, float | None], None]]:
    yield lambda _done, _of: None


def test_a_recording_is_judged_once_for_each_variant(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: Counter[str | None] = Counter()
    judge = judging.judge

    def counted(exercise: Exercise, poses: PoseSequence, **how: Any) -> Judgement:
        judged[exercise.variant] += 1
        return judge(exercise, poses, **how)

    poses = record(lambda t_s: push_up(ELBOW(t_s)), times(SECONDS, 20))
    monkeypatch.setattr(judging, "judge", counted)
    monkeypatch.setattr(seeing, "look", lambda *_: Looked(poses, INFO, False, False))
    variants = tuple(load_spec("push_up").exercises.values())
    seen = see(Wanted(Path("clip.mp4"), Path("model"), [load_exercise("push_up")], variants), silent)
    found = find_variant(variants, seen.looked.poses, seen.judge)
    assert found is not None
    judgement = seen.judge(found.exercise, seen.looked.poses)
    assert len(judgement.reps) == 3
    assert judged == Counter({variant.variant: 1 for variant in variants})
    assert seen.judge(found.exercise, seen.looked.poses, doubted="frames are missing") is not judgement


def test_who_is_found_in_a_part_of_the_picture_alone_is_followed_there_at_any_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poses = record(lambda t_s: push_up(ELBOW(t_s)), times(SECONDS, 20))
    nobody = record(lambda _t_s: None, times(SECONDS, 20))
    looked_at: list[Box] = []

    def look_at_part(_wanted: Wanted, box: Box, *_: object) -> Looked:
        looked_at.append(box)
        return Looked(poses, INFO, False, False)

    monkeypatch.setattr(seeing, "look", lambda *_: Looked(nobody, INFO, False, False))
    monkeypatch.setattr(seeing, "_searched", lambda _wanted, _poses: poses[::40])
    monkeypatch.setattr(seeing, "_look_at_part", look_at_part)
    assert worth_a_closer_look(poses) is None, "fills too much of the picture to be called small"
    seen = see(Wanted(Path("clip.mp4"), Path("model"), [load_exercise("push_up")]), silent)
    assert len(looked_at) == 1
    assert len(seen.looked.poses) == len(poses)
