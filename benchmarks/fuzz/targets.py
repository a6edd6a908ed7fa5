"""What is done with a mutated input of each kind: as the program does it, and with the promises checked that hold whatever it is.

A target returns "read" or raises :class:`PosturecamError` (refused). Everything else that it raises is a finding.
"""

from __future__ import annotations

import csv
import io
import os
import random
import shutil
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.fuzz import seeds
from benchmarks.fuzz.mutate import mutated_bytes, mutated_json, mutated_text

Target = Callable[[random.Random, Path], str]
"""Makes its input in the (empty) folder from the random generator, and uses it."""

READ = "read"
MAX_FRAMES = 300
"""A recording may be as long as it likes; this many frames of one tell enough."""


class BrokenPromiseError(AssertionError):
    """The program did what it must never do."""


def video(rng: random.Random, folder: Path) -> str:
    """A recording's bytes, read to the end."""
    path = folder / rng.choice(("a.mp4", "a.mov", "a.mkv", "a.ts", "a.avi", "a.m3u8", "a.txt", "a", "%03d.mp4"))
    data = mutated_bytes(rng, seeds.videos())
    path.write_bytes(data.replace(b"{itself}", path.name.encode()))
    return _frames(path)


def picture(rng: random.Random, folder: Path) -> str:
    """A picture's bytes, read."""
    path = folder / rng.choice(("a.jpg", "a.png", "a.webp", "a.gif", "a.mp4", "a"))
    path.write_bytes(mutated_bytes(rng, seeds.pictures()))
    return _frames(path)


def _frames(path: Path) -> str:
    from posturecam.sources.file import FileSource

    last = -1.0
    with FileSource(path) as source:
        for frame in source:
            if not (frame.t_s > last and frame.image.ndim == 3 and frame.image.dtype == np.uint8):
                raise BrokenPromiseError(f"frame {frame.index} at {frame.t_s} of shape {frame.image.shape}")
            last = frame.t_s
            if frame.index + 1 >= MAX_FRAMES:
                break
    return READ


def spec(rng: random.Random, folder: Path) -> str:
    """An exercise's text, loaded, looked over, and judged with when it is sound."""
    from posturecam.judging.judge import judge
    from posturecam.spec.lint import find_warnings
    from posturecam.spec.load import load_file

    path = folder / "mine.yaml"
    path.write_bytes(mutated_text(rng, seeds.specs()))
    loaded = load_file(path)
    for exercise in loaded.exercises.values():
        find_warnings(exercise)
    judge(rng.choice(list(loaded.exercises.values())), seeds.poses()).result()
    return READ


def programme(rng: random.Random, folder: Path) -> str:
    """A programme's text, loaded."""
    from posturecam.spec.load import load_programme

    path = folder / "mine.yaml"
    path.write_bytes(mutated_text(rng, seeds.programmes()))
    load_programme(path, _shipped())
    return READ


@cache
def _shipped() -> Mapping[str, object]:
    from posturecam.spec.catalogue import shipped_specs

    return shipped_specs()


def truth(rng: random.Random, folder: Path) -> str:
    """A folder's truth file, read."""
    from posturecam.report.evaluation import read_truth

    (folder / "truth.json").write_bytes(mutated_json(rng, seeds.truth()))
    for one in read_truth(folder):
        one.clip.encode("utf-8")
    return READ


def landmarks(rng: random.Random, folder: Path) -> str:
    """A file of stored landmarks: its bytes, or hostile numbers in it; judged when it is sound."""
    from posturecam.judging.judge import judge
    from posturecam.sources.landmarks import LandmarkSource
    from posturecam.spec.catalogue import exercise_ids, load_exercise

    path = folder / "landmarks.npz"
    data = seeds.landmarks()
    path.write_bytes(mutated_bytes(rng, [data]) if rng.random() < 0.4 else _hostile_arrays(rng, data))
    with LandmarkSource(path) as source:
        judge(load_exercise(rng.choice(exercise_ids())), source.poses, still=source.info.is_still).result()
    return READ


def _hostile_arrays(rng: random.Random, data: bytes) -> bytes:
    with np.load(io.BytesIO(data)) as bundle:
        arrays = {name: bundle[name] for name in bundle.files}
    for _ in range(rng.choice((1, 1, 2, 4))):
        name = rng.choice(sorted(arrays))
        array = arrays[name]
        what = rng.randrange(6)
        if name in ("info", "schema"):
            arrays[name] = np.array(
                rng.choice(("", "{}", str(array).replace("160", "1e999"), str(array)[: rng.randrange(80)], "[" * 5000))
            )
        elif what == 0:
            arrays[name] = array[: rng.randrange(len(array) + 1)]
        elif what == 1:
            arrays[name] = array.astype(rng.choice((np.float64, np.int8, np.float16, bool)))
        elif what == 2:
            arrays[name] = np.zeros_like(array)
        else:
            array = array.copy()
            part = array.reshape(len(array), -1) if len(array) else array.reshape(0, 1)
            for _ in range(rng.choice((1, 30))):
                if part.size:
                    _spoil(rng, part)
            arrays[name] = array
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _spoil(rng: random.Random, part: np.ndarray) -> None:
    row = rng.randrange(len(part))
    rows = slice(row, row + rng.choice((1, 1, 20, 500)))
    with np.errstate(all="ignore"):
        value = rng.choice((float("nan"), float("inf"), -1e30, 1e30, 0.0, -1.0, 1e-30, 3e9))
        if part.dtype.kind != "f":
            value = rng.choice((0, 1, -1, 2**31 - 1, 7))
        part[rows, rng.randrange(part.shape[1])] = np.array(value).astype(part.dtype)


def session(rng: random.Random, folder: Path) -> str:
    """A stored session: its report mutated, listed, opened, rendered in every format, and put into the history."""
    import json

    from posturecam.app.host import Host
    from posturecam.app.rendering import SUFFIXES, render
    from posturecam.app.stored import load, load_all
    from posturecam.report.picture_files import read_pictures
    from posturecam.store import SessionStore, open_session

    own = folder / "store" / "20260301-100000-push_up"
    (own / "thumbnails").mkdir(parents=True)
    text = seeds.report_json().encode()
    if rng.random() < 0.2:
        (own / "thumbnails" / "rep-1-hips_sagging.jpg").write_bytes(mutated_bytes(rng, seeds.pictures()[:2]))
    else:
        text = mutated_json(rng, json.loads(text))
    (own / "report.json").write_bytes(text)
    load_all(SessionStore(folder / "store"), Host())
    stored = load(open_session(own))
    pictures = read_pictures(own / "thumbnails")
    for format_ in SUFFIXES:
        if format_ == "pdf" and rng.random() < 0.7:  # the slowest by far
            continue
        text = render(stored.report, format_, pictures)
        if isinstance(text, str):
            text.encode("utf-8")
    return READ


def model(rng: random.Random, folder: Path) -> str:
    """A bundle of weights, and the packages that weights are taken from; natively loaded when it is not refused before."""
    from posturecam.pose import npm, wheel
    from posturecam.pose.mediapipe import MediaPipeEstimator
    from posturecam.pose.models import chosen_model

    which = rng.randrange(4)
    if which == 0:
        path = folder / "mediapipe-1.whl"
        path.write_bytes(mutated_bytes(rng, [_archive(wheel.DETECTOR)]))
        wheel._weights(path, wheel.DETECTOR)
        return READ
    if which == 1:
        path = folder / "package.tgz"
        path.write_bytes(mutated_bytes(rng, [_tar(npm.LANDMARKS.format(name="lite"))]))
        npm._weights(path, npm.LANDMARKS.format(name="lite"))
        return READ
    path = folder / "mine.task"
    path.write_bytes(_mutated_bundle(rng, natively=which == 2))
    chosen = chosen_model(str(path))
    with MediaPipeEstimator(str(chosen), silhouette=False):
        return READ


def _archive(member: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, bytes(range(256)) * 40)
    return file.getvalue()


def _tar(member: str) -> bytes:
    import tarfile

    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        entry = tarfile.TarInfo(member)
        entry.size = 10_240
        archive.addfile(entry, io.BytesIO(bytes(range(256)) * 40))
    return file.getvalue()


@cache
def _bundle() -> bytes:
    from posturecam.pose.models import ready_model

    path = ready_model("full")
    return path.read_bytes() if path else _archive("pose_detector.tflite")


def _mutated_bundle(rng: random.Random, *, natively: bool) -> bytes:
    """The bundle's own bytes mutated where the archive's directory is, or the weights inside a sound archive."""
    data = bytearray(_bundle())
    if natively:
        for _ in range(rng.choice((1, 5, 200))):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        return bytes(data)
    tail = len(data) - rng.randrange(1, 400)
    return bytes(data[:tail]) + mutated_bytes(rng, [bytes(data[tail:])])


NAME_PARTS = (
    ".", "..", "...", " ", "\t", "\n", "\r", "\x1b[31m", "\x7f", "\udcff", "\udce9", "\u202e", "\u200d", "\ufeff", "é",
    "e\u0301", "💪", "上", "'",
    '"', "<b>", "<script>", "&amp;", "|", "`", "$(x)", ";", "%", "%2e%2e", "{0}", "\\", "..\\", "C:", "con", "nul", "-",
    "--out", "=1+1", "@x", "*",
    "?", "a", "clip", ".mp4", ".MP4", ".jpg", ".json", "report", "thumbnails", "overlay", "~", "x" * 60,
)  # fmt: skip


def name(rng: random.Random, folder: Path) -> str:
    """A recording's name: a folder for its results, a source, a report in every format; nothing of others is touched."""
    from posturecam.files import shown
    from posturecam.output_folder import output_folder
    from posturecam.report.csv import RISKY, render_csv
    from posturecam.report.html import render_html
    from posturecam.report.markdown import render_markdown
    from posturecam.report.types import Report
    from posturecam.sources.file import FileSource

    precious = [folder / "overlay.mp4", folder / "out" / "overlay.mp4", folder / "out" / "thumbnails" / "rep-1-a.jpg"]
    precious[-1].parent.mkdir(parents=True)
    for path in precious:
        path.write_bytes(b"mine")
    (folder / "in").mkdir()
    text = "".join(rng.choice(NAME_PARTS) for _ in range(rng.randrange(1, 6)))
    while len(os.fsencode(text)) > 250 or text in (".", ".."):
        text = text[1:] or "a"
    recording = folder / "in" / text
    recording.write_bytes(seeds.videos()[0])
    for overwrite in (False, rng.random() < 0.5, True):
        with output_folder(folder / "out", recording, overwrite=overwrite) as own:
            if own.parent != folder / "out" or own.is_symlink() or own.resolve().parent != (folder / "out").resolve():
                raise BrokenPromiseError(f"{text!r} leads to {own}")
            (own / "report.json").write_text("{}")
            (own / "overlay.mp4").write_bytes(b"made")
    with FileSource(recording) as source:
        path = source.info.path
    if not path.isprintable() or path != shown(recording):
        raise BrokenPromiseError(f"{text!r} is shown as {path!r}")
    report = Report.model_validate_json(seeds.report_json())
    named = report.model_copy(update={"person": path, "source": report.source.model_copy(update={"path": path})})
    if any(cell.startswith(RISKY) for row in csv.reader(io.StringIO(render_csv(named))) for cell in row[:2]):
        raise BrokenPromiseError(f"{text!r} is a formula in the table")
    Report.to_json(named).encode("utf-8")
    for render in (render_html, render_markdown):
        if "<b><script>" in render(named).encode("utf-8").decode():  # type: ignore[operator]
            raise BrokenPromiseError(f"{text!r} is markup in {render.__name__}")
    if any(path.read_bytes() != b"mine" for path in precious):
        raise BrokenPromiseError(f"{text!r} cost somebody a file")
    return READ


KINDS: Mapping[str, tuple[Target, int]] = {
    "video": (video, 30),
    "picture": (picture, 15),
    "spec": (spec, 14),
    "landmarks": (landmarks, 12),
    "name": (name, 10),
    "truth": (truth, 7),
    "programme": (programme, 6),
    "session": (session, 5),
    "model": (model, 1),
}
"""Each kind's target, and how many of a hundred inputs are of it."""


def run_one(kind: str, seed: int, number: int, folder: Path) -> str:
    """Make one input and use it, in an empty folder of its own that is removed afterwards."""
    place = folder / f"{kind}-{number}"
    place.mkdir(parents=True)
    try:
        return KINDS[kind][0](random.Random(f"{seed}/{kind}/{number}"), place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
