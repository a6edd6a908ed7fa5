"""With --blur-face no picture shows a face: what covers it is too large rather than too small, and never late."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posturecam.model import LANDMARK_INDEX, Frame, ImageArray, Pose
from posturecam.sinks.face import FACE, FaceBlur, FaceBlurred, coarsened, face_region
from tests import builders as build

CLIPS = Path(__file__).parents[2] / "sample_videos"
POSES = {
    "facing the camera": build.standing(),
    "seen from the side": build.standing(yaw=90),
    "turned away": build.standing(yaw=180),
    "face down": build.push_up(),
    "on hands and knees": build.table(),
    "chin up": build.standing(head_pitch=40),
}


def picture(seed: int = 0) -> ImageArray:
    """Noise: every change of a pixel shows."""
    return np.random.default_rng(seed).integers(0, 256, (build.HEIGHT, build.WIDTH, 3), dtype=np.uint8)


def without(pose: Pose, *indices: int) -> Pose:
    points = pose.points.copy()
    points[list(indices)] = np.nan
    return replace(pose, points=points)


def detail(image: ImageArray) -> float:
    """How much neighbouring pixels differ: what makes a face recognisable."""
    return float(np.abs(np.diff(image.astype(float), axis=1)).mean())


@pytest.mark.parametrize("pose", POSES.values(), ids=POSES.keys())
def test_the_whole_head_is_covered_with_room_to_spare(pose: Pose) -> None:
    region = face_region(pose)
    assert region is not None
    away = [math.dist((region.x, region.y), point) for point in pose.points[list(FACE)]]
    assert max(away) < 0.75 * region.radius
    # a head is 0.24 m high, of which the face's landmarks span the lower half
    assert region.radius > 0.17 * build.PIXELS_PER_METRE


def test_the_face_is_gone_and_the_rest_is_untouched() -> None:
    image, pose = picture(), build.standing()
    region = face_region(pose)
    assert region is not None
    covered = coarsened(image, region)
    rows, columns = np.ogrid[: build.HEIGHT, : build.WIDTH]
    inside = (columns - region.x) ** 2 + (rows - region.y) ** 2 <= region.radius**2
    assert np.array_equal(covered[~inside], image[~inside])
    box = np.s_[int(region.y - 15) : int(region.y + 15), int(region.x - 15) : int(region.x + 15)]
    assert detail(covered[box]) < 0.1 * detail(image[box])
    assert (covered[inside] != image[inside]).mean() > 0.95


def test_the_picture_given_in_is_never_changed() -> None:
    image = picture()
    before = image.copy()
    coarsened(image, face_region(build.standing()))
    assert np.array_equal(image, before)


@pytest.mark.parametrize("at", [(0.0, 0.0), (-300.0, 50.0), (640.0, 480.0), (5000.0, 5000.0)])
def test_a_face_at_or_over_the_pictures_edge_breaks_nothing(at: tuple[float, float]) -> None:
    pose = build.make_pose(at_px=at)
    assert coarsened(picture(), face_region(pose)).shape == picture().shape


def test_one_visible_point_of_the_face_is_enough() -> None:
    pose = without(build.standing(), *FACE[1:])
    region = face_region(pose)
    assert region is not None
    assert region.radius >= 0.17 * build.PIXELS_PER_METRE


def test_before_anybody_was_found_the_whole_picture_is_coarse() -> None:
    image = picture()
    covered = FaceBlur().cover(Frame(0, 0.0, image), None).image
    assert covered.shape == image.shape
    assert detail(covered) < 0.1 * detail(image)


def test_a_face_lost_for_a_moment_stays_covered_by_a_growing_disc() -> None:
    blur, pose = FaceBlur(), build.standing()
    seen = blur.region(0.0, pose)
    soon = blur.region(0.3, None)
    later = blur.region(1.0, without(pose, *FACE))
    assert seen is not None
    assert soon is not None
    assert later is not None
    assert seen.radius < soon.radius < later.radius
    assert (seen.x, seen.y) == (later.x, later.y)
    assert blur.region(3.0, None) is None  # too long ago: the whole picture
    again = blur.region(3.1, pose)
    assert again is not None
    assert again.radius == pytest.approx(seen.radius)


def test_a_head_that_turns_is_not_uncovered_by_points_that_close_up() -> None:
    blur = FaceBlur()
    wide = blur.region(0.0, build.standing())
    narrow = build.standing()
    narrow.points[list(FACE)] = narrow.points[LANDMARK_INDEX["nose"]]
    turned = blur.region(0.1, narrow)
    assert wide is not None
    assert turned is not None
    assert turned.radius >= wide.radius


def test_sinks_that_share_a_blur_get_the_same_covered_frame() -> None:
    class Keeper:
        title = "window"

        def __init__(self) -> None:
            self.frames: list[Frame] = []
            self.closed = False

        def write(self, frame: Frame, result: object) -> None:
            self.frames.append(frame)

        def close(self) -> None:
            self.closed = True

    from posturecam.model import FrameResult, Progress

    first, second, blur = Keeper(), Keeper(), FaceBlur()
    sinks = [FaceBlurred(first, blur), FaceBlurred(second, blur)]
    frame = Frame(0, 0.0, picture())
    result = FrameResult(0.0, build.standing(), "active", "front", "", {}, (), Progress())
    for sink in sinks:
        sink.write(frame, result)
        sink.close()
    assert first.frames[0] is second.frames[0]
    assert first.frames[0].t_s == frame.t_s
    assert not np.array_equal(first.frames[0].image, frame.image)
    assert first.closed
    assert sinks[0].title == "window"


@pytest.mark.model
@pytest.mark.parametrize("clip", ["push_up_floor_good", "reverse_fly_good"])
def test_on_a_rendered_clip_the_face_is_gone_in_every_frame(clip: str, model_path: Path) -> None:
    from posturecam.pose.mediapipe import MediaPipeEstimator
    from posturecam.sources.file import FileSource

    blur, seen = FaceBlur(), 0
    with FileSource(CLIPS / f"{clip}.mp4") as source, MediaPipeEstimator(model_path, False) as estimator:
        for frame in source:
            pose = estimator.estimate(frame)
            covered = blur.cover(frame, pose).image
            if pose is not None:
                face = pose.points[list(FACE)]
                (left, top), (right, bottom) = (
                    np.floor(face.min(axis=0)).astype(int),
                    np.ceil(face.max(axis=0)).astype(int),
                )
                box = np.s_[max(top - 3, 0) : bottom + 3, max(left - 3, 0) : right + 3]
                assert (covered[box] != frame.image[box]).any(axis=2).mean() > 0.98
                assert detail(covered[box]) < 0.45 * detail(frame.image[box])
                seen += 1
            if frame.index >= 45:
                break
    assert seen > 30
