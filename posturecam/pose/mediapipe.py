"""MediaPipe's pose landmarker behind the program's own types: the only room that imports mediapipe to look at pictures."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posturecam.errors import ModelError
from posturecam.kinematics.silhouette import back_profile
from posturecam.model import HIPS, LANDMARK_COUNT, SHOULDERS, FloatArray, Frame, ImageArray, Pose
from posturecam.pose.heap import share_one_heap
from posturecam.pose.light import lit
from posturecam.pose.quiet import native_stderr_silenced

MIN_CONFIDENCE = 0.5
MASK_WIDTH_STEP = 4
FORGET_AFTER_S = 2.0
"""After so long without anybody, whoever comes first is the exerciser."""
SETTLING_LOOKS = 5
"""Times the first picture of somebody is looked at before it counts: the model closes in on a body from look to look and smooths
the way there, so that a body at rest would seem to move by up to 4 % of its torso at first. Five looks leave a third of that."""
SETTLING_STEP_MS = 300
"""Time that is said to lie between these looks, milliseconds: long enough for the model's smoothing to hold nothing back."""
UNSETTLED_AFTER_S = 0.5
"""Who was unseen for longer is closed in on again."""


class MediaPipeEstimator:
    """Finds the body in one frame after another; a context manager, because the landmarker must be closed.

    ``model_path`` is a ``.task`` bundle. With ``silhouette`` every pose carries its ``contour``. With ``people`` over 1 that
    many bodies are looked for, and the one that continues the last pose is given: somebody who walks by does not become
    the exerciser. That costs time in every frame that shows fewer people, as the detector keeps looking, and MediaPipe
    smooths a single body only.

    Frames that are ``apart``, seconds from one to the next, are looked at each for itself.

    All numbers are rounded to 32 bits, as they are stored, so that a replay is judged exactly as the live session was.

    Raises :class:`ModelError` when the bundle is missing or cannot be used.
    """

    def __init__(self, model_path: str | Path, silhouette: bool, people: int = 1, *, apart: bool = False) -> None:
        self._silhouette = silhouette
        self._apart = apart
        self._smooths = people == 1 and not apart
        self._last_ms = -1
        self._settling_ms = 0
        self._seen_s = -np.inf
        self._noisy = True
        self._follow = Follower()
        self._landmarker: Any = None
        path = Path(model_path)
        if not path.is_file():
            raise ModelError(f"There is no pose model at {path}; name a .task file or run: posturecam model fetch")
        self._mediapipe, vision, base_options = load_mediapipe()
        options = vision.PoseLandmarkerOptions(
            base_options=base_options(model_asset_path=str(path)),
            running_mode=vision.RunningMode.IMAGE if apart else vision.RunningMode.VIDEO,
            num_poses=people,
            min_pose_detection_confidence=MIN_CONFIDENCE,
            min_pose_presence_confidence=MIN_CONFIDENCE,
            min_tracking_confidence=MIN_CONFIDENCE,
            output_segmentation_masks=silhouette,
        )
        try:
            with native_stderr_silenced():
                self._landmarker = vision.PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(
                f"{path} is not a pose model that can be used; fetch it again with: posturecam model fetch"
            ) from error

    def __enter__(self) -> MediaPipeEstimator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the model; may be called more than once."""
        landmarker, self._landmarker = self._landmarker, None
        if landmarker is not None:
            with native_stderr_silenced():
                landmarker.close()

    def estimate(self, frame: Frame) -> Pose | None:
        """The exerciser's pose, or None when nobody is seen. Frames come in the order of time; ``t_s`` may be rubbish."""
        result, stamp, size, seen_size = self._detect(frame)
        return self._pick(result, (stamp - self._settling_ms) / 1000.0, size, seen_size)

    def estimate_all(self, frame: Frame) -> list[Pose]:
        """Everybody's poses, at most as many as ``people``, in no order."""
        result, _, size, seen_size = self._detect(frame)
        return [self._pose(result, place, size, seen_size) for place in range(len(result.pose_landmarks))]

    def _detect(self, frame: Frame) -> tuple[Any, int, tuple[int, int], tuple[int, int]]:
        """MediaPipe's result, its time stamp in milliseconds, and the sizes of the picture and of the padded one."""
        if self._landmarker is None:
            raise RuntimeError("the estimator is closed")
        height, width = frame.image.shape[:2]
        padded = mask_safe(lit(frame.image))
        image = self._mediapipe.Image(image_format=self._mediapipe.ImageFormat.SRGB, data=padded)
        stamp = self._stamp_ms(frame.t_s)
        if self._noisy:  # it talks on its first frame, and again on the first that shows somebody
            with native_stderr_silenced():
                result = self._run(image, stamp)
            self._noisy = not result.pose_landmarks
        else:
            result = self._run(image, stamp)
        if result.pose_landmarks:
            result, stamp = self._settled(image, result, stamp)
        return result, stamp, (width, height), (padded.shape[1], height)

    def _settled(self, image: Any, result: Any, stamp: int) -> tuple[Any, int]:
        """The result for somebody who was not seen just before, once the model has closed in on them, and its time stamp."""
        unseen_s = (stamp - self._settling_ms) / 1000.0 - self._seen_s
        if self._smooths and unseen_s > UNSETTLED_AFTER_S:
            for _ in range(SETTLING_LOOKS):
                self._settling_ms += SETTLING_STEP_MS
                self._last_ms = stamp = stamp + SETTLING_STEP_MS
                closer = self._run(image, stamp)
                if not closer.pose_landmarks:
                    break
                result = closer
        self._seen_s = (stamp - self._settling_ms) / 1000.0
        return result, stamp

    def _run(self, image: Any, stamp: int) -> Any:
        if self._apart:
            return self._landmarker.detect(image)
        return self._landmarker.detect_for_video(image, stamp)

    def _stamp_ms(self, t_s: float) -> int:
        """Whole milliseconds that strictly increase: MediaPipe refuses anything else."""
        stamp = (round(t_s * 1000.0) if np.isfinite(t_s) else 0) + self._settling_ms
        self._last_ms = max(stamp, self._last_ms + 1)
        return self._last_ms

    def _pick(self, result: Any, t_s: float, size: tuple[int, int], seen_size: tuple[int, int]) -> Pose | None:
        """``size`` is the picture's, ``seen_size`` that of the padded one that MediaPipe's shares refer to."""
        bodies = [_array(body, ("x", "y")) * seen_size for body in result.pose_landmarks]
        chosen = self._follow.choose(t_s, bodies, *size)
        if chosen is None:
            return None
        return self._pose(result, chosen, size, seen_size)

    def _pose(self, result: Any, place: int, size: tuple[int, int], seen_size: tuple[int, int]) -> Pose:
        masks = result.segmentation_masks
        mask = masks[place].numpy_view() if self._silhouette and masks else None
        return to_pose(result.pose_landmarks[place], result.pose_world_landmarks[place], mask, size, seen_size)


def load_mediapipe() -> tuple[Any, Any, Any]:
    """The modules ``mediapipe`` and ``vision`` and the class ``BaseOptions``; ModelError when a system library is missing."""
    share_one_heap()
    try:
        with native_stderr_silenced():
            import mediapipe
            from mediapipe.tasks.python import vision
            from mediapipe.tasks.python.core.base_options import BaseOptions
    except (ImportError, OSError) as error:
        reason = (str(error).splitlines() or ["unknown reason"])[0].rstrip(".")
        raise ModelError(
            f"MediaPipe cannot be loaded ({reason}); run 'posturecam doctor', which says what to install."
        ) from error
    return mediapipe, vision, BaseOptions


def mask_safe(image: ImageArray) -> ImageArray:
    """The image, contiguous and up to three black columns wider, so that its width is a multiple of four.

    MediaPipe 0.10.30 and 0.10.31 abort the whole process when a silhouette's rows are not a multiple of 16 bytes (a failed
    check in ``ImageFrame::CopyToBuffer``), which no exception can catch.
    """
    missing = -image.shape[1] % MASK_WIDTH_STEP
    if missing:
        return np.pad(image, ((0, 0), (0, missing), (0, 0)))
    return np.ascontiguousarray(image)


def to_pose(
    landmarks: Any,
    world: Any,
    mask: NDArray[np.float32] | None,
    size: tuple[int, int],
    seen_size: tuple[int, int] | None = None,
) -> Pose:
    """MediaPipe's normalised ``landmarks``, ``world`` landmarks and silhouette ``mask`` (or None) as a :class:`Pose`.

    ``size`` is the picture's width and height; ``seen_size`` that of the padded picture that the landmarks are shares of,
    where it differs.
    """
    width, height = size
    points = _rounded(_array(landmarks, ("x", "y")) * (seen_size or size))
    contour = None
    if mask is not None:
        contour = _rounded(
            back_profile(np.squeeze(mask)[:, :width], points[SHOULDERS].mean(axis=0), points[HIPS].mean(axis=0))
        )
    return Pose(
        points=points,
        world=_rounded(_array(world, ("x", "y", "z"))),
        visibility=_rounded(_array(landmarks, ("visibility",))[:, 0]),
        width=width,
        height=height,
        contour=contour,
    )


class Follower:
    """Chooses among several bodies the one that was the exerciser before."""

    def __init__(self) -> None:
        self._last: FloatArray | None = None
        self._seen_s = 0.0

    def choose(self, t_s: float, bodies: list[FloatArray], width: int, height: int) -> int | None:
        """The index of the exerciser among ``bodies`` (33, 2) in pixels, or None when there is nobody."""
        if not bodies:
            return None
        best = 0 if len(bodies) == 1 else self._best(t_s, bodies, np.array([width, height]) / 2)
        self._last, self._seen_s = bodies[best], t_s
        return best

    def _best(self, t_s: float, bodies: list[FloatArray], middle: FloatArray) -> int:
        places = [_centre_and_size(body) for body in bodies]
        if self._last is None or t_s - self._seen_s > FORGET_AFTER_S:
            return int(np.argmax([size - float(np.hypot(*(centre - middle))) for centre, size in places]))
        last, last_size = _centre_and_size(self._last)
        return int(
            np.argmin([float(np.hypot(*(centre - last))) + 0.5 * abs(size - last_size) for centre, size in places])
        )


def _centre_and_size(body: FloatArray) -> tuple[FloatArray, float]:
    """Middle of a body's trunk (2,) and the extent of its landmarks (33, 2), in pixels."""
    return body[SHOULDERS + HIPS].mean(axis=0), float(np.hypot(*(body.max(axis=0) - body.min(axis=0))))


def _array(landmarks: Any, fields: tuple[str, ...]) -> FloatArray:
    """The named fields of 33 landmarks as an array (33, len(fields)); a missing value becomes 0."""
    values = [[getattr(landmark, field) or 0.0 for field in fields] for landmark in landmarks]
    return np.array(values, dtype=np.float64).reshape(LANDMARK_COUNT, len(fields))


def _rounded(values: FloatArray) -> FloatArray:
    return values.astype(np.float32).astype(np.float64)
