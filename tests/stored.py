"""Stored sessions for the tests of what reads them: a person of joint angles, judged as the program judges."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np

from posturecam.judging.judge import judge
from posturecam.model import Frame, Pose, SourceInfo
from posturecam.poses import PoseSequence
from posturecam.report.build import build_report, make_provenance
from posturecam.report.types import Report
from posturecam.sinks.landmarks import LandmarkRecorder
from posturecam.spec.catalogue import load_exercise
from posturecam.spec.digest import exercise_digest
from posturecam.spec.schema import Exercise
from posturecam.store import LANDMARKS, Session, SessionStore
from tests import builders as build

WHEN = datetime.fromisoformat("2026-03-01T10:00:00+00:00")
JPEG = bytes(cv2.imencode(".jpg", np.full((48, 64, 3), 96, np.uint8))[1])


class Source:
    """What a recorder asks its source for."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info


def as_stored(pose: Pose | None) -> Pose | None:
    """A pose as the estimator gives it: whatever it holds fits into 32 bits."""
    if pose is None:
        return None

    def single(values: np.ndarray) -> np.ndarray:
        return values.astype(np.float32).astype(np.float64)

    contour = None if pose.contour is None else single(pose.contour)
    return replace(
        pose,
        points=single(pose.points),
        world=single(pose.world),
        visibility=single(pose.visibility),
        contour=contour,
    )


def push_ups(
    depths: tuple[float, ...] = (90.0, 92.0, 130.0, 88.0), *, noise: float = 0.5, **pace: float
) -> list[tuple[float, Pose]]:
    """Push-ups to the given elbow angles, 30 frames per second, with a little noise; ``pace`` as in :func:`build.rounds`."""
    move, seconds = build.rounds(172.0, depths, **pace)
    random = np.random.default_rng(7)
    rows = []
    for t_s in build.times(seconds, 30.0):
        pose = as_stored(build.jittered(build.push_up(move(t_s)), random, noise))
        assert pose is not None
        rows.append((t_s, pose))
    return rows


def store_session(
    store: SessionStore,
    rows: list[tuple[float, Pose]] | None = None,
    *,
    exercise: Exercise | None = None,
    created: datetime = WHEN,
    person: str | None = None,
    path: str = "/home/ana/Videos/push ups.mp4",
    landmarks: bool = True,
    pictures: bool = False,
) -> Session:
    """Judge ``rows`` and store the session as the program does."""
    exercise = exercise or load_exercise("push_up")
    rows = push_ups() if rows is None else rows
    info = SourceInfo(path, build.WIDTH, build.HEIGHT, 30.0, rows[-1][0], len(rows))
    poses = PoseSequence()
    with store.draft() as draft:
        recorder = LandmarkRecorder(draft.folder / LANDMARKS, Source(info))
        image = np.zeros((build.HEIGHT, build.WIDTH, 3), np.uint8)
        for index, (t_s, pose) in enumerate(rows):
            poses.append(t_s, pose, build.WIDTH, build.HEIGHT)
            if landmarks:
                recorder.record(Frame(index, t_s, image), pose)
        recorder.close()
        report = build_report(
            exercise,
            judge(exercise, poses).result(),
            info,
            make_provenance(model="pose_landmarker_full", command="analyse", spec_digest=exercise_digest(exercise)),
            created=created,
            person=person,
        )
        if pictures:
            for item in report.reps.items:
                for mark in item.faults:
                    draft.add(f"thumbnails/rep-{item.index}-{mark.id}.jpg", JPEG)
        return draft.commit(report.to_json())


def report_of(session: Session) -> Report:
    """The stored report, typed."""
    return Report.model_validate_json(session.report_path.read_text())


def own_store(folder: Path) -> SessionStore:
    """The store that the program uses when POSTURECAM_DATA is ``folder``."""
    return SessionStore(folder / "sessions")
