"""MediaPipe behind the program's own types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from posturecam.errors import ModelError
from posturecam.model import Frame
from posturecam.pose.mediapipe import Follower, MediaPipeEstimator, to_pose
from posturecam.sources.file import FileSource

BLANK = np.zeros((48, 64, 3), np.uint8)


def body(x: float, y: float, size: float = 100.0) -> Any:
    """33 points around (x, y), with shoulders and hips at that centre."""
    points = np.full((33, 2), (x, y), dtype=float)
    points[0] = (x, y - size / 2)
    points[31] = (x, y + size / 2)
    return points


class TestFollower:
    def test_nobody_is_nobody(self) -> None:
        assert Follower().choose(0.0, [], 640, 480) is None

    def test_the_first_exerciser_is_the_large_one_in_the_middle(self) -> None:
        assert Follower().choose(0.0, [body(20, 200, 80), body(320, 240, 200)], 640, 480) == 1

    def test_whoever_walks_by_does_not_become_the_exerciser(self) -> None:
        follower = Follower()
        follower.choose(0.0, [body(320, 240, 200)], 640, 480)
        for step in range(1, 30):
            walker = body(step * 22, 240, 260)
            people = [walker, body(320, 240, 200)] if step % 2 else [body(320, 240, 200), walker]
            assert follower.choose(step / 10, people, 640, 480) == (1 if step % 2 else 0)

    def test_somebody_nearer_in_the_same_place_is_told_by_the_size(self) -> None:
        follower = Follower()
        follower.choose(0.0, [body(320, 240, 150)], 640, 480)
        assert follower.choose(0.1, [body(322, 240, 400), body(330, 240, 152)], 640, 480) == 1

    def test_the_exerciser_may_move(self) -> None:
        follower = Follower()
        for step in range(20):
            assert follower.choose(step / 10, [body(100, 240), body(300 + 10 * step, 240)], 640, 480) == 1 or step == 0

    def test_after_two_seconds_without_anybody_it_starts_anew(self) -> None:
        follower = Follower()
        follower.choose(0.0, [body(20, 240, 50)], 640, 480)
        assert follower.choose(1.0, [body(30, 240, 50), body(320, 240, 200)], 640, 480) == 0
        assert follower.choose(4.0, [body(30, 240, 50), body(320, 240, 200)], 640, 480) == 1


class TestConversion:
    def landmarks(self, **missing: None) -> list[Any]:
        values = {"x": 0.1, "y": 0.7, "z": 0.3, "visibility": 0.9} | missing
        return [SimpleNamespace(**values) for _ in range(33)]

    def test_points_are_pixels_and_world_metres_rounded_as_they_are_stored(self) -> None:
        pose = to_pose(self.landmarks(), self.landmarks(), None, (640, 480))
        assert pose.points[5] == pytest.approx([64, 336])
        assert pose.world[5] == pytest.approx([0.1, 0.7, 0.3])
        assert pose.visibility[5] == pytest.approx(0.9)
        assert (pose.width, pose.height, pose.contour) == (640, 480, None)
        for array in (pose.points, pose.world, pose.visibility):
            assert np.array_equal(array, array.astype(np.float32).astype(float))

    def test_a_missing_visibility_is_invisible(self) -> None:
        assert to_pose(self.landmarks(visibility=None), self.landmarks(), None, (640, 480)).visibility[0] == 0

    def test_a_mask_becomes_a_contour_and_goes_no_further(self) -> None:
        pose = to_pose(self.landmarks(), self.landmarks(), np.ones((480, 640, 1), np.float32), (640, 480))
        assert pose.contour is not None
        assert pose.contour.shape == (2, 15)


class TestModelFile:
    def test_a_missing_one_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="There is no pose model at"):
            MediaPipeEstimator(tmp_path / "none.task", silhouette=False)

    @pytest.mark.parametrize("content", [b"", b"PK rubbish", b"hello" * 1000])
    def test_one_that_is_none_is_told_without_native_noise(
        self, tmp_path: Path, content: bytes, capfd: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "a.task").write_bytes(content)
        with pytest.raises(ModelError, match=r"a\.task is not a pose model that can be used"):
            MediaPipeEstimator(tmp_path / "a.task", silhouette=False)
        assert capfd.readouterr() == ("", "")


def test_a_mediapipe_that_cannot_be_loaded_sends_to_the_doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.task").write_bytes(b"PK")
    monkeypatch.setitem(sys.modules, "mediapipe", None)
    with pytest.raises(ModelError, match="posturecam doctor"):
        MediaPipeEstimator(tmp_path / "a.task", silhouette=False)


class FakeLandmarker:
    """Sees somebody as ``seen`` says, picture by picture, and remembers the time stamps."""

    def __init__(self, seen: list[bool]) -> None:
        self.seen, self.stamps = seen, list[int]()

    def detect_for_video(self, image: int, stamp: int) -> SimpleNamespace:
        self.stamps.append(stamp)
        point = SimpleNamespace(x=0.5, y=0.5, z=0.0, visibility=0.9)
        bodies = [[point] * 33] if self.seen[image] else []
        return SimpleNamespace(pose_landmarks=bodies, pose_world_landmarks=bodies, segmentation_masks=None)


class TestSettling:
    """The model closes in on a body from look to look, so that the first ones are made on the same picture."""

    @staticmethod
    def looks(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *seen: bool, people: int = 1
    ) -> tuple[list[int], list[int]]:
        """Time stamps of all looks, and how many there were at each picture; ten pictures per second."""
        fake = FakeLandmarker(list(seen))
        images = iter(range(len(seen)))
        mediapipe = SimpleNamespace(Image=lambda **_: next(images), ImageFormat=SimpleNamespace(SRGB=1))
        vision = SimpleNamespace(
            PoseLandmarkerOptions=lambda **_: None,
            RunningMode=SimpleNamespace(IMAGE=1, VIDEO=2),
            PoseLandmarker=SimpleNamespace(create_from_options=lambda _: fake),
        )
        monkeypatch.setattr("posturecam.pose.mediapipe.load_mediapipe", lambda: (mediapipe, vision, lambda **_: None))
        model = tmp_path / "model.task"
        model.touch()
        estimator = MediaPipeEstimator(model, silhouette=False, people=people)
        counts = []
        for index in range(len(seen)):
            before = len(fake.stamps)
            estimator.estimate(Frame(index, index / 10, BLANK))
            counts.append(len(fake.stamps) - before)
        return fake.stamps, counts

    def test_who_comes_is_closed_in_on(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        _, counts = self.looks(monkeypatch, tmp_path, False, True, True, True)
        assert counts == [1, 6, 1, 1]

    def test_and_again_after_half_a_second_unseen(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        _, counts = self.looks(monkeypatch, tmp_path, True, *[False] * 4, True, *[False] * 5, True)
        assert [index for index, count in enumerate(counts) if count > 1] == [0, 11]

    def test_frames_keep_their_distance_in_time(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        stamps, _ = self.looks(monkeypatch, tmp_path, True, True, True)
        assert stamps == [0, 300, 600, 900, 1200, 1500, 1600, 1700]

    def test_among_several_people_nothing_is_smoothed(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        _, counts = self.looks(monkeypatch, tmp_path, True, True, people=2)
        assert counts == [1, 1]


@pytest.mark.model
class TestRealModel:
    def test_a_still_body_does_not_move_when_it_is_first_seen(self, model_path: Path, sample_clip: Path) -> None:
        with FileSource(sample_clip) as source:
            image = next(iter(source)).image
        with MediaPipeEstimator(model_path, silhouette=False) as estimator:
            poses = [estimator.estimate(Frame(index, index / 10, image)) for index in range(16)]
        first, last = (pose.points[[0, 7, 8, 11, 12, 23, 24]] for pose in (poses[0], poses[-1]) if pose is not None)
        torso = np.linalg.norm(last[3:5].mean(axis=0) - last[5:].mean(axis=0))
        assert np.linalg.norm(first - last, axis=1).max() / torso < 0.02

    def test_an_empty_picture_has_nobody(self, model_path: Path) -> None:
        with MediaPipeEstimator(model_path, silhouette=True) as estimator:
            assert estimator.estimate(Frame(0, 0.0, BLANK)) is None

    def test_any_times_are_borne(self, model_path: Path) -> None:
        with MediaPipeEstimator(model_path, silhouette=False) as estimator:
            for t_s in (5.0, 5.0, 4.0, float("nan"), float("inf"), -3.0, 5.0001, 9.0):
                assert estimator.estimate(Frame(0, t_s, BLANK)) is None

    def test_odd_memory_layouts_are_borne(self, model_path: Path) -> None:
        with MediaPipeEstimator(model_path, silhouette=False) as estimator:
            assert estimator.estimate(Frame(0, 0.0, np.broadcast_to(np.uint8(0), (47, 63, 3)))) is None
            assert estimator.estimate(Frame(1, 0.1, BLANK[::-1, ::-1])) is None

    @pytest.mark.parametrize("width", [201, 202, 203])
    def test_a_width_that_is_no_multiple_of_four_does_not_abort_the_process(
        self, model_path: Path, sample_clip: Path, width: int
    ) -> None:
        # the silhouette of such a picture ended the process in MediaPipe 0.10.31, so this runs in one of its own
        script = (
            "import sys, numpy as np\n"
            "from posturecam.pose.mediapipe import MediaPipeEstimator\n"
            "from posturecam.model import Frame\n"
            "from posturecam.sources.file import FileSource\n"
            "width = int(sys.argv[3])\n"
            "with FileSource(sys.argv[2]) as source, MediaPipeEstimator(sys.argv[1], silhouette=True) as estimator:\n"
            "    for frame in source:\n"
            "        rows = frame.image[::3, ::3]\n"
            "        pose = estimator.estimate(Frame(frame.index, frame.t_s, rows[:, :width]))\n"
            "        if frame.index == 10:\n"
            "            break\n"
            "print(pose.width, pose.contour.shape)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, str(model_path), str(sample_clip), str(width)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, f"{width} (2, 15)\n")

    def test_it_is_closed_once_and_for_all(self, model_path: Path) -> None:
        estimator = MediaPipeEstimator(model_path, silhouette=False)
        estimator.close()
        estimator.close()
        with pytest.raises(RuntimeError, match="closed"):
            estimator.estimate(Frame(0, 0.0, BLANK))

    def test_nothing_is_printed_and_stderr_is_given_back(self, model_path: Path) -> None:
        script = (
            "import sys, numpy as np\n"
            "from posturecam.pose.mediapipe import MediaPipeEstimator\n"
            "from posturecam.model import Frame\n"
            "for _ in range(2):\n"
            "    with MediaPipeEstimator(sys.argv[1], silhouette=True) as estimator:\n"
            "        for index in range(3):\n"
            "            estimator.estimate(Frame(index, index / 10, np.zeros((48, 64, 3), np.uint8)))\n"
            "print('after', file=sys.stderr)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, str(model_path)], capture_output=True, text=True, check=True
        )
        assert (done.stdout, done.stderr) == ("", "after\n")

    @pytest.mark.parametrize("people", [1, 2])
    def test_a_rendered_person_is_found_with_the_backs_line(
        self, model_path: Path, sample_clip: Path, people: int
    ) -> None:
        seen = []
        with (
            FileSource(sample_clip) as source,
            MediaPipeEstimator(model_path, silhouette=True, people=people) as estimator,
        ):
            for frame in source:
                seen.append(estimator.estimate(frame))
                if frame.index == 20:
                    break
        poses = [pose for pose in seen if pose is not None]
        assert len(poses) >= 19
        last = poses[-1]
        assert last.points.shape == (33, 2)
        assert (last.points[11] > 0).all()
        assert (last.points[11] < (last.width, last.height)).all()
        assert last.contour is not None
        assert np.isfinite(last.contour).mean() > 0.6
