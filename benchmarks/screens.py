"""Every live screen at several screen sizes as one picture, and how high its text is on a 14-inch laptop.

    python -m benchmarks.screens OUT_FOLDER [LANGUAGE]

The pictures are sample clips seen by the real pose model. Heights are those of capital letters, in millimetres on a 16:9 screen
of 14 inches: "read" is the largest text of a screen, "least" its smallest.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from posturecam.app.stage import ASK, demonstration_keys, film_of, needed_text
from posturecam.coaching.goals import Goal, SetProgress, goal_for
from posturecam.coaching.session import LiveState
from posturecam.judging.analyzer import Analyzer
from posturecam.language import SOURCE, gettext, inside, ngettext, use
from posturecam.model import Cue, FrameResult, ImageArray, Progress
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.pose.models import cached_path
from posturecam.report.wording import reps_counted
from posturecam.sinks import film_screens, paint
from posturecam.sinks.live_view import LivePainter, Summary, summary_card
from posturecam.sinks.screens import TextCard, text_card
from posturecam.sinks.window import FRAME
from posturecam.sources.file import FileSource
from posturecam.spec.catalogue import load_exercise
from posturecam.spec.schema import Exercise

CLIPS = Path(__file__).resolve().parent.parent / "sample_videos"
SCREENS = {
    "1280x720": (1280, 720),
    "1366x768": (1366, 768),
    "1920x1080": (1920, 1080),
    "upright": (1080, 1920),
    "window": (1280 - FRAME[0], 720 - FRAME[1]),
}
"""Width and height; "upright" is a screen on its side, "window" what a window has of the smallest screen."""
WIDTH_MM = 14 * 25.4 * 16 / (16**2 + 9**2) ** 0.5
CAPITALS = 0.72
"""Height of a capital letter over the size of the text."""
TILE = 430


@dataclass(frozen=True)
class Scene:
    """An exercise, a picture of it and what was judged there."""

    exercise: Exercise
    image: ImageArray
    result: FrameResult


def scene(clip: str, exercise: str, variant: str | None, at_s: float, shape: tuple[int, int] | None = None) -> Scene:
    """A clip seen and judged up to a moment; ``shape``: cut to that width and height first."""
    chosen = load_exercise(exercise, variant)
    analyzer = Analyzer(chosen)
    with FileSource(CLIPS / clip) as source, MediaPipeEstimator(cached_path("full"), chosen.needs_silhouette) as model:
        for frame in source:
            image = frame.image
            if shape is not None:
                left, top = (image.shape[1] - shape[0]) // 2, (image.shape[0] - shape[1]) // 2
                image = np.ascontiguousarray(image[top : top + shape[1], left : left + shape[0]])
            frame = replace(frame, image=image)
            result = analyzer.update(frame.t_s, model.estimate(frame))
            if frame.t_s >= at_s:
                break
    return Scene(chosen, frame.image, result)


def states(two_sided: bool, hold: bool, target: float) -> Mapping[str, tuple[LiveState, Cue | None, str | None]]:
    """Every screen of a set by name, with a cue and what is wrong with the camera."""
    sides = {"left": 7.0, "right": 0.0} if two_sided else {}
    doing = SetProgress(2, 3, 7.0 if hold else 3.0, target=target, fraction=0.4, **sides)
    changing = replace(doing, left=target) if two_sided else doing
    fault = Cue("x", "Lift your hips", "fault")
    return {
        "framing": (LiveState(guidance="Turn side-on to the camera"), None, None),
        "step back": (LiveState(guidance="Step back, feet out of the picture"), None, None),
        "get into position": (LiveState(), None, None),
        "countdown": (LiveState(screen="countdown", wait_s=2.1, waited=0.3), None, None),
        "waiting": (LiveState(screen="countdown", wait_s=0.0, waited=1.0, steadying=True), None, None),
        "active": (LiveState(screen="active", progress=doing), None, None),
        "fault": (LiveState(screen="active", progress=doing), fault, None),
        "change sides": (LiveState(screen="active", progress=changing), None, None),
        "paused": (LiveState(screen="paused", resumes=True, progress=changing), None, None),
        "going on": (LiveState(screen="paused", resumes=True, wait_s=1.2, waited=0.4, progress=doing), None, None),
        "by key": (LiveState(screen="paused", by_key=True, resumes=True, progress=doing), None, None),
        "resting": (LiveState(screen="resting", rest_s=17.0, progress=doing), None, None),
        "finishing": (LiveState(screen="active", finishing=0.6, progress=doing), None, None),
        "camera lost": (LiveState(screen="active", progress=doing), None, "Camera lost, trying again"),
    }


def cards() -> Mapping[str, TextCard]:
    """The pages of text."""
    flags = (
        "Stop at once if a movement hurts or feels wrong.",
        "Tightness that does not ease, or skin that is sensitive to touch, calls for attention before you go on.",
    )
    lines = (
        ngettext(
            "{number} of {reps} was good{doubt}.",
            "{number} of {reps} were good{doubt}.",
            5,
            reps=reps_counted(8),
            doubt="",
        ),
        gettext("You began the next repetition with bent elbows. Push all the way up each time."),
    )
    start = gettext("Starts by itself after {seconds} s", seconds=15)
    foot = paint.glued(start, gettext("Space: begin now"), gettext("Q: not today"))
    title = gettext("Before you begin: {title}", title=gettext("Upper back relief"))
    keys = paint.glued(gettext("Saved"), gettext("R: open the report"), gettext("Q: close"))
    name = f"{gettext('Push-up')} ({inside(gettext('On the toes'))})"
    return {
        "red flags": TextCard(title, tuple(gettext(flag) for flag in flags), foot, warning=True),
        "summary": summary_card(Summary(name, 74.0, lines, keys, "faults")),
    }


@contextmanager
def sizes_of_text() -> Iterator[list[tuple[int, str]]]:
    """Collects the size and words of every text that is painted."""
    seen: list[tuple[int, str]] = []
    real = paint.put_text

    def noted(image: ImageArray, text: str, at: paint.XY, size: int, colour: paint.Colour, weight: int = 500) -> None:
        seen.append((size, text))
        real(image, text, at, size, colour, weight)

    paint.put_text = noted
    try:
        yield seen
    finally:
        paint.put_text = real


def painted(one: Scene, room: tuple[int, int]) -> Iterator[tuple[str, ImageArray, list[tuple[int, str]]]]:
    """Every screen of a scene in a room: name, picture, text sizes."""
    from posturecam.sinks import cards as overlay_cards

    hold = one.exercise.hold is not None
    target = 15.0 if hold else 8.0
    two_sided = goal_for(one.exercise).per_side
    goal = Goal(3, None if hold else 8, target if hold else None, per_side=two_sided)
    for name, (state, cue, trouble) in states(two_sided, hold, target).items():
        for cached in (overlay_cards.paint_count, overlay_cards.paint_phase, overlay_cards.paint_cue):
            cached.cache_clear()
        overlay_cards.paint_message.cache_clear()
        with sizes_of_text() as seen:
            result = replace(one.result, cue=cue, progress=replace(one.result.progress or Progress(), good_reps=2))
            canvas = LivePainter(one.exercise, goal).paint(one.image, result, state, trouble, room)
        yield name, canvas, seen
    yield from with_film(one.exercise, room)
    text_card.cache_clear()
    for name, card in cards().items():
        with sizes_of_text() as seen:
            canvas = text_card(card, *room)
        yield name, canvas, seen


def with_film(exercise: Exercise, room: tuple[int, int]) -> Iterator[tuple[str, ImageArray, list[tuple[int, str]]]]:
    """The screens that show the exercise's film: before it, and in the rest before it."""
    film, _ = next(film_of(exercise))
    needed = needed_text(exercise.equipment)
    with sizes_of_text() as seen:
        canvas = film_screens.demonstration(
            film,
            room,
            f"{gettext('{number} of {all}', number=2, all=4)}: {gettext(exercise.name)}",
            tuple(gettext(step) for step in exercise.steps),
            needed,
            demonstration_keys(several=True),
        )
    yield "demonstration", canvas, seen
    with sizes_of_text() as seen:
        canvas = film_screens.rest(
            film,
            room,
            17.0,
            20.0,
            gettext("Next: {title}", title=gettext(exercise.name)),
            f"{gettext(ASK)} {needed}".strip(),
        )
    yield "rest between", canvas, seen


def sheet(pictures: list[tuple[str, ImageArray]]) -> ImageArray:
    """The pictures as one, four in a row."""
    tiles = []
    for name, picture in pictures:
        height = round(TILE * picture.shape[0] / picture.shape[1])
        tile = np.full((height + 26, TILE + 8, 3), 90, np.uint8)
        tile[24 : 24 + height, 4 : 4 + TILE] = cv2.resize(picture, (TILE, height), interpolation=cv2.INTER_AREA)
        paint.put_text(tile, name, (6, 2), 16, paint.WHITE)
        tiles.append(tile)
    while len(tiles) % 4:
        tiles.append(np.full_like(tiles[0], 90))
    return np.vstack([np.hstack(tiles[n : n + 4]) for n in range(0, len(tiles), 4)])


def main(out: Path) -> None:
    """Write the sheets, and print the heights of the text."""
    out.mkdir(parents=True, exist_ok=True)
    scenes = {
        "push-up 4:3": scene("push_up_floor_good.mp4", "push_up", "floor", 6.5),
        "side plank 16:9": scene("side_plank_good.mp4", "side_plank", "classic", 8.0, (640, 360)),
        "neck portrait": scene("neck_flexion_good.mp4", "neck_flexion", None, 8.0, (270, 480)),
    }
    print(f"{'picture':18} {'screen':10} {'name':18} {'read mm':>8} {'least mm':>8}  smallest text")
    for of, one in scenes.items():
        for screen, room in SCREENS.items():
            whole = SCREENS["1280x720"] if screen == "window" else room
            per_px = WIDTH_MM / max(whole) * CAPITALS
            pictures = []
            for name, picture, seen in painted(one, room):
                pictures.append((name, picture))
                (least, words), most = min(seen), max(seen)[0]
                print(f"{of:18} {screen:10} {name:18} {most * per_px:8.1f} {least * per_px:8.1f}  {words}")
            path = out / f"{of.replace(' ', '_').replace(':', '')}_{screen}.png"
            cv2.imwrite(str(path), cv2.cvtColor(sheet(pictures), cv2.COLOR_RGB2BGR))


if __name__ == "__main__":
    use(sys.argv[2] if len(sys.argv) > 2 else SOURCE)
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
