"""Sound inputs of every kind, small, made on the spot: what the mutations begin with."""

from __future__ import annotations

import io
import json
import tempfile
from datetime import datetime, timezone
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np

from posturecam.judging.judge import judge
from posturecam.model import LANDMARK_COUNT, LANDMARK_INDEX, Pose, SourceInfo
from posturecam.poses import PoseSequence
from posturecam.report.build import build_report, make_provenance
from posturecam.spec.catalogue import load_exercise, specs_folder

FRAMES = 16
PLAY_LISTS = (
    "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{itself}\n",
    '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MAP:URI="{itself}"\n#EXTINF:1,\n/dev/zero\n#EXT-X-ENDLIST\n',
    "ffconcat version 1.0\nfile '{itself}'\nfile '/dev/zero'\n",
    '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><BaseURL>{itself}</BaseURL></Period></MPD>',
    "\x1b[2J\x1b[31mtext as a moving picture\n",
)
"""``{itself}`` stands for the file's own name."""


@cache
def videos() -> tuple[bytes, ...]:
    """Recordings in the containers and codecs that people have."""
    kinds = (
        ("mp4", "libx264", True), ("mov", "libx264", False), ("matroska", "libx264", True), ("mpegts", "libx264", True),
        ("avi", "mpeg4", False), ("flv", "flv", False), ("h264", "libx264", False), ("webm", "libvpx", False),
        ("mpeg", "mpeg2video", False), ("asf", "wmv2", False), ("nut", "ffv1", False), ("mjpeg", "mjpeg", False),
        ("ogg", "libtheora", False),
    )  # fmt: skip
    made = []
    for container, codec, sound in kinds:
        if codec in av.codecs_available:
            made.append(_video(container, codec, sound=sound))
    return (*made, *(text.encode() for text in PLAY_LISTS))


def _video(container: str, codec: str, *, sound: bool) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip"
        with av.open(str(path), "w", format=container) as target:
            video = target.add_stream(codec, rate=25)
            video.width, video.height = 64, 48
            video.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
            video.codec_context.time_base = Fraction(1, 25)
            tone = (
                target.add_stream("mp2" if container == "mpegts" else "aac", rate=16000, layout="mono")
                if sound
                else None
            )
            for number in range(FRAMES):
                frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number * 12, np.uint8), format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, 25)
                target.mux(video.encode(frame))
            target.mux(video.encode(None))
            if tone is not None:
                silence = av.AudioFrame.from_ndarray(
                    np.zeros((1, 9216), np.int16 if container == "mpegts" else np.float32),
                    format="s16" if container == "mpegts" else "fltp",
                    layout="mono",
                )
                silence.sample_rate, silence.pts = 16000, 0
                target.mux(tone.encode(silence))
                target.mux(tone.encode(None))
        return path.read_bytes()


@cache
def pictures() -> tuple[bytes, ...]:
    """Pictures in the formats that people have, still and moving."""
    from PIL import Image

    noise = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8)
    made = []
    for format_, options in (
        ("JPEG", {"exif": _turned()}), ("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {}), ("GIF", {}), ("BMP",
        {}), ("TIFF", {}),
        ("GIF", {"save_all": True, "append_images": [Image.fromarray(noise[::-1].copy())]}),
        ("PNG", {"save_all": True, "append_images": [Image.fromarray(noise[::-1].copy())]}),
    ):  # fmt: skip
        file = io.BytesIO()
        Image.fromarray(noise).save(file, format_, **options)
        made.append(file.getvalue())
    return tuple(made)


def _turned() -> Any:
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


@cache
def specs() -> tuple[str, ...]:
    """The shipped exercises."""
    return tuple(path.read_text("utf-8") for path in sorted(specs_folder().glob("*.yaml")))


@cache
def programmes() -> tuple[str, ...]:
    """The shipped programmes."""
    return tuple(path.read_text("utf-8") for path in sorted((specs_folder() / "programmes").glob("*.yaml")))


@cache
def truth() -> list[Any]:
    """Some clips of the sample videos' truth file, and one with everything that there can be."""
    whole = {
        "clip": "x.mp4", "exercise": "plank", "variant": "high", "view": "side", "reps": None, "left_reps": 2,
        "right_reps": 3,
        "rep_peaks_s": [1.0, 2.0], "hold_intervals_s": [[0.5, 7.5], [9.0, 12.0]], "faults": ["hips_sagging"],
        "label": "wrong", "notes": "-",
    }  # fmt: skip
    path = specs_folder().parent / "sample_videos" / "truth.json"
    known = json.loads(path.read_text("utf-8"))[:8] if path.is_file() else []
    return [whole, *known]


@cache
def poses() -> PoseSequence:
    """Somebody in side view who bends and stretches the elbows, four times in eight seconds."""
    made = PoseSequence()
    for row in range(160):
        t_s = row / 20
        made.append(t_s, _pose(0.5 - 0.5 * np.cos(2 * np.pi * t_s / 2), row), 640, 480)
    return made


def _pose(bend: float, seed: int) -> Pose:
    low = 60 * bend
    places = {
        "shoulder": (430, 250 + low), "elbow": (430 - low, 320 + low / 2), "wrist": (430, 390), "hip": (300, 290 + low * 0.6),
        "knee": (200, 330 + low * 0.3), "ankle": (110, 370), "ear": (480, 225 + low), "eye": (490, 230 + low),
        "index": (440, 392),
        "pinky": (438, 394), "thumb": (442, 392), "heel": (105, 372), "foot_index": (112, 390), "mouth": (492, 240 + low),
    }  # fmt: skip
    points = np.tile(np.array([[495.0, 235.0 + low]]), (LANDMARK_COUNT, 1))
    for name, index in LANDMARK_INDEX.items():
        part = name.removeprefix("left_").removeprefix("right_")
        points[index] = places.get(part, points[index])
    points += np.random.default_rng(seed).normal(0, 0.4, points.shape)
    world = np.column_stack([(points - [300, 290]) / 400, np.where(np.arange(LANDMARK_COUNT) % 2, 0.1, -0.1)])
    return Pose(points, world, np.full(LANDMARK_COUNT, 0.95), 640, 480, None)


@cache
def landmarks() -> bytes:
    """The poses as a stored file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "landmarks.npz"
        poses().save(path, _info(), {})
        return path.read_bytes()


@cache
def report_json() -> str:
    """The report of the poses, for one exercise."""
    exercise = load_exercise("push_up")
    report = build_report(
        exercise,
        judge(exercise, poses()).result(),
        _info(),
        make_provenance(model="full", command="analyse"),
        created=datetime(2026, 3, 1, 10, tzinfo=timezone.utc),
        person="Ana",
    )
    return report.to_json()


def _info() -> SourceInfo:
    return SourceInfo("clip.mp4", 640, 480, 20.0, 8.0, 160)
