"""Recordings altered as nobody has seen them: ``python -m benchmarks.altered DIR --out FOLDER [--only NAME ...]``.

Each labelled clip of ``DIR`` (with a truth.json) is written anew into ``FOLDER``, mirrored and small, turned and cut, dark and
noisy, played faster and slower, and judged as it was. Printed is what differs from the unaltered clip: reps, held time by more
than a second and a tenth, and major faults of clips that are labelled correct. Looks are kept in ``FOLDER``.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from posturecam.app.evaluate import judge_clip
from posturecam.app.host import Host
from posturecam.errors import PosturecamError
from posturecam.model import ImageArray
from posturecam.report.evaluation import Truth, read_truth
from posturecam.report.types import Report
from posturecam.sinks.video import VideoWriter
from posturecam.sources.file import FileSource
from posturecam.spec.catalogue import load_spec

SMALL_LINES = 240
TURNED_DEGREES, CUT_SHARE = 5.0, 0.1
DARKER, NOISE_GREY = 0.35, 12.0
HELD_S, HELD_SHARE = 1.0, 0.1


@dataclass(frozen=True)
class Alteration:
    """What is done to each picture, and by how much the clip plays faster."""

    of_image: Callable[[ImageArray], ImageArray] = lambda image: image
    faster: float = 1.0


def small_mirrored(image: ImageArray) -> ImageArray:
    """Left is right, in 240 lines."""
    width = round(image.shape[1] * SMALL_LINES / image.shape[0] / 2) * 2
    return cv2.resize(image[:, ::-1], (width, SMALL_LINES), interpolation=cv2.INTER_AREA)


def turned_cut(image: ImageArray) -> ImageArray:
    """Turned by five degrees, and a tenth of its width and height cut away."""
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), TURNED_DEGREES, 1.0)
    turned = cv2.warpAffine(image, turn, (width, height), borderValue=(128, 128, 128))
    down, right = round(height * CUT_SHARE / 2), round(width * CUT_SHARE / 2)
    return turned[down : height - down, right : width - right]


def dark_noisy(image: ImageArray) -> ImageArray:
    """About a third as bright, with a cheap camera's noise; the same noise each time."""
    noise = np.random.default_rng(int(image[::16, ::16].sum())).normal(0.0, NOISE_GREY, image.shape)
    return np.clip(image * DARKER + noise, 0, 255).astype(np.uint8)


ALTERATIONS = {
    "mirrored": Alteration(small_mirrored),
    "turned": Alteration(turned_cut),
    "dark": Alteration(dark_noisy),
    "faster": Alteration(faster=1.5),
    "slower": Alteration(faster=0.6),
}


def write(clip: Path, target: Path, alteration: Alteration) -> Path:
    """The altered clip, written once; raises PosturecamError when ``clip`` cannot be read or nothing can be written."""
    if target.exists():
        return target
    with FileSource(clip) as source, contextlib.closing(VideoWriter(target)) as writer:
        for frame in source:
            image = alteration.of_image(frame.image)
            even = np.ascontiguousarray(image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2])
            writer.show(even, frame.t_s / alteration.faster)
    return target


def differences(truth: Truth, before: Report, after: Report, faster: float) -> Iterator[str]:
    """What the altered clip's report says otherwise."""
    if before.reps.count != after.reps.count:
        yield f"{before.reps.count} reps became {after.reps.count}"
    held_s = before.holds.total_s / faster
    if abs(after.holds.total_s - held_s) > max(HELD_S, HELD_SHARE * held_s):
        yield f"{held_s:.1f} s held became {after.holds.total_s:.1f} s"
    major = [fault.id for fault in after.faults if fault.severity == "major"]
    if truth.label == "correct" and major:
        yield f"major faults: {', '.join(major)}"


def main() -> int:
    """Print what differs, and how many clips are as they were."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, help="folder for the altered clips, outside the project")
    parser.add_argument("--only", nargs="+", choices=ALTERATIONS, default=list(ALTERATIONS))
    parser.add_argument("--clips", default="", help="only clips whose name contains this")
    arguments = parser.parse_args()
    unaltered = list(_unaltered(arguments.folder, arguments.clips, arguments.out / "looks"))
    for name in arguments.only:
        alteration, same = ALTERATIONS[name], 0
        for truth, before in unaltered:
            clip = arguments.folder / truth.clip
            altered = write(clip, arguments.out / name / f"{clip.stem}.mp4", alteration)
            after = _judged(truth, altered, arguments.out / "looks")
            found = list(differences(truth, before, after, alteration.faster))
            same += not found
            if found:
                print(f"{name}\t{truth.clip}\t{'; '.join(found)}", flush=True)
        print(f"{name}\t{same} of {len(unaltered)} clips as they were", flush=True)
    return 0


def _unaltered(folder: Path, part: str, looks: Path) -> Iterator[tuple[Truth, Report]]:
    """The clips that can be judged, with their reports."""
    for truth in read_truth(folder):
        if truth.exercise is None or part not in truth.clip:
            continue
        try:
            yield truth, _judged(truth, folder / truth.clip, looks)
        except PosturecamError as error:
            print(f"{truth.clip} is left out: {error}", file=sys.stderr)


def _judged(truth: Truth, clip: Path, looks: Path) -> Report:
    assert truth.exercise is not None
    return judge_clip(load_spec(truth.exercise), truth.variant, clip, None, Host(), looks)


if __name__ == "__main__":
    sys.exit(main())
