"""The short films that show an exercise before it is done, cut from the good sample clips.

    python -m sample_videos.demonstrations [--only ID]

One file for each exercise and variant into ``posturecam/demonstrations``: a rep or two, or getting into a hold, as a loop without
sound. H.264 plays in every browser and comes with PyAV; VP9 and AV1 were 9 and 20 % smaller and play in fewer places.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from posturecam.spec.catalogue import shipped_specs
from posturecam.spec.schema import Exercise

CLIPS = Path(__file__).resolve().parent
OUT = CLIPS.parent / "posturecam" / "demonstrations"
SIZE = (480, 360)
FPS = 12
X264 = {"preset": "veryslow", "crf": "29", "tune": "animation"}
COMING_S, HELD_S = 2.5, 3.5
"""Of a hold: so much of getting into it, and so much of holding."""


def good_clip(exercise: Exercise, truth: list[dict[str, Any]]) -> dict[str, Any]:
    """What is known of the clip that shows an exercise done well."""
    stem = f"{exercise.id}_{exercise.variant}" if exercise.variant else exercise.id
    by_name = {entry["clip"]: entry for entry in truth}
    for name in (f"{stem}_good.mp4", f"{exercise.id}_good.mp4"):
        if name in by_name:
            return by_name[name]
    raise SystemExit(f"there is no good clip of {stem}")


def part(exercise: Exercise, entry: dict[str, Any]) -> tuple[float, float]:
    """From when to when the clip is shown: from rest to rest, so that it loops."""
    peaks = entry["rep_peaks_s"]
    if exercise.reps is not None and len(peaks) > 2:
        two = exercise.reps.sides != "none" and len(peaks) > 3
        last = 2 if two else 1
        return (peaks[0] + peaks[1]) / 2, (peaks[last] + peaks[last + 1]) / 2
    begin, end = entry["hold_intervals_s"][0]
    if exercise.hold is not None and exercise.hold.moves:
        return begin, min(end, begin + 9.0)
    return max(0.0, begin - COMING_S), min(end, begin + HELD_S)


def pictures(path: Path, begin_s: float, end_s: float) -> Iterator[Any]:
    """The pictures of a part of a clip, at an even pace."""
    number = 0
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if frame.time >= end_s:
                return
            if frame.time >= begin_s + number / FPS - 1e-3:
                picture = frame.reformat(*SIZE, "yuv420p")
                picture.pts, picture.time_base = number, Fraction(1, FPS)
                number += 1
                yield picture


def film(clip: Path, begin_s: float, end_s: float, target: Path) -> None:
    """Cut and encode one demonstration."""
    with av.open(str(target), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=FPS, options=X264)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.codec_context.gop_size = 300
        for picture in pictures(clip, begin_s, end_s):
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


def main() -> None:
    """Make all of them, or those of one exercise."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", metavar="ID")
    only = parser.parse_args().only
    truth = json.loads((CLIPS / "truth.json").read_text(encoding="utf-8"))
    OUT.mkdir(exist_ok=True)
    total = 0
    for spec in shipped_specs().values():
        for exercise in spec.exercises.values():
            if only is not None and exercise.id != only:
                continue
            entry = good_clip(exercise, truth)
            begin_s, end_s = part(exercise, entry)
            name = f"{exercise.id}.{exercise.variant}" if exercise.variant else exercise.id
            target = OUT / f"{name}.mp4"
            film(CLIPS / entry["clip"], begin_s, end_s, target)
            total += target.stat().st_size
            print(f"{target.name:40} {end_s - begin_s:5.1f} s {target.stat().st_size / 1000:7.1f} kB")
    print(f"{total / 1e6:.2f} MB in all")


if __name__ == "__main__":
    main()
