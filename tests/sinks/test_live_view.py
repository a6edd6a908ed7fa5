"""The live screens: every one shows the picture, says what matters, and fits every shape of camera."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from posturecam.coaching.goals import Goal, SetProgress, goal_for
from posturecam.coaching.session import LiveSession, LiveState
from posturecam.model import Cue, Frame, FrameResult, ImageArray, Progress
from posturecam.pipeline import StopSession
from posturecam.sinks.layout import layout_for
from posturecam.sinks.live_view import LivePainter, LiveSink, Summary, summary_card
from posturecam.sinks.screens import TextCard, text_card
from tests.builders import plank
from tests.coaching.test_session import MOVE
from tests.specs import arm_raise, holding

SHAPES = [(640, 480), (1280, 720), (480, 854), (320, 240), (1920, 1080), (100, 400)]
SEEN = FrameResult(1.0, plank(), "active", "side", "rest", {}, (), Progress(reps=3, good_reps=2))
STATES = {
    "framing": LiveState(guidance="Step into the picture"),
    "in place": LiveState(),
    "countdown": LiveState(screen="countdown", wait_s=2.1, waited=0.3),
    "waiting for rest": LiveState(screen="countdown", wait_s=0.0, waited=1.0, steadying=True),
    "active": LiveState(screen="active", progress=SetProgress(2, 3, 3.0, target=8.0, fraction=0.4)),
    "paused": LiveState(screen="paused", resumes=True, guidance="Turn side-on to the camera"),
    "going on": LiveState(screen="paused", resumes=True, wait_s=1.2, waited=0.4),
    "paused by key": LiveState(screen="paused", by_key=True, resumes=True),
    "resting": LiveState(screen="resting", rest_s=17.0, progress=SetProgress(1, 3)),
    "finishing": LiveState(screen="active", finishing=0.6),
    "finished": LiveState(screen="finished", ended="goal"),
}


def room(width: int, height: int) -> ImageArray:
    """A picture whose left half is bright and right half dark."""
    image = np.full((height, width, 3), 40, np.uint8)
    image[:, : width // 2] = 220
    return image


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", STATES)
def test_every_screen_shows_the_mirrored_picture_in_every_shape(name: str, shape: tuple[int, int]) -> None:
    layout = layout_for(*shape)
    canvas = LivePainter(MOVE, Goal(sets=3, reps=8)).paint(room(*shape), replace(SEEN, pose=None), STATES[name])
    assert canvas.shape == (layout.height, layout.width, 3)
    box = layout.picture
    row = canvas[box.y + box.height // 3, box.x : box.x + box.width].mean(axis=1)
    quarter = box.width // 8
    assert np.median(row[-quarter:]) > np.median(row[:quarter]) + 50, "the bright half belongs on the right"


@pytest.mark.parametrize("room_size", [(1256, 616), (720, 1280)])
@pytest.mark.parametrize("name", STATES)
def test_every_screen_fills_the_room_it_is_given(name: str, room_size: tuple[int, int]) -> None:
    painter = LivePainter(MOVE, Goal(sets=3, reps=8))
    canvas = painter.paint(room(640, 360), replace(SEEN, pose=None), STATES[name], room=room_size)
    assert canvas.shape == (room_size[1], room_size[0], 3)


def test_a_recording_keeps_the_size_it_began_with_when_the_window_changes() -> None:
    sizes: list[tuple[int, ...]] = []

    class Sized(Output):
        def show(self, canvas: ImageArray, t_s: float) -> None:
            sizes.append(canvas.shape[:2])

    rooms = iter([(800, 600), (1000, 700), (640, 480)] * 9)
    session = LiveSession(MOVE, Goal(reps=8), 0.0)
    painter = LivePainter(MOVE, Goal(reps=8))
    sink = LiveSink(painter, session, Sized(), Sized(), lambda: None, print, room=lambda: next(rooms))
    for number in range(3):
        sink.write(Frame(number, number / 10, room(64, 48)), session.update(number / 10, plank()))
    assert set(sizes) == {(600, 800)}


def test_the_screens_differ() -> None:
    painted = {
        name: LivePainter(MOVE, Goal(reps=8)).paint(room(640, 480), SEEN, state) for name, state in STATES.items()
    }
    alike = [
        (a, b) for a, b in combinations(painted, 2) if np.array_equal(painted[a], painted[b]) and "finish" not in a + b
    ]
    assert alike == []


def test_guidance_changes_the_picture() -> None:
    painter = LivePainter(MOVE, Goal(reps=8))
    words = ["Step back, feet out of the picture", "Come closer to the camera", "Turn to face the camera"]
    words += ["Move the camera lower", "Something nobody has drawn a sign for"]
    painted = [painter.paint(room(640, 480), SEEN, LiveState(guidance=text)) for text in words]
    assert not any(np.array_equal(a, b) for a, b in combinations(painted, 2))


def test_a_cue_and_a_lost_camera_are_shown() -> None:
    painter = LivePainter(MOVE, Goal(reps=8))
    plain = painter.paint(room(640, 480), SEEN, STATES["active"])
    cued = painter.paint(room(640, 480), replace(SEEN, cue=Cue("x", "Lift your hips", "fault")), STATES["active"])
    lost = painter.paint(room(640, 480), SEEN, STATES["active"], "Camera lost, trying again")
    assert (cued != plain).any()
    assert (lost != plain).any()


@pytest.mark.parametrize("exercise", [holding(), arm_raise()])
def test_holds_and_sides_are_painted(exercise: object) -> None:
    from posturecam.spec.schema import Exercise

    assert isinstance(exercise, Exercise)
    session = LiveSession(exercise, goal_for(exercise), 0.0)
    painter = LivePainter(exercise, goal_for(exercise))
    for number in range(40):
        result = session.update(number / 10, plank())
        assert painter.paint(room(640, 480), result, session.state).any()


def test_cards_hold_much_text_and_none() -> None:
    long = "A sentence that says what to mind, with commas, and goes on for a while. " * 4
    for card in (
        TextCard("Before you begin", (long, long, long), "space: begin", warning=True),
        TextCard("", ()),
        summary_card(Summary("Push-up", None, ("Nothing counted.",), "Saved.")),
        summary_card(Summary("Push-up", 87.4, (long, long), "Saved.")),
    ):
        for size in ((1280, 720), (480, 320), (540, 960)):
            assert text_card(card, *size).shape == (size[1], size[0], 3)


# the sink ---------------------------------------------------------------------------------------------------------------


class Output:
    """A window or a recording that takes so many pictures before it fails."""

    def __init__(self, fails_with: Exception | None = None, after: int = 0) -> None:
        self.times: list[float] = []
        self.fails_with, self.after = fails_with, after
        self.closed = 0

    def show(self, canvas: ImageArray, t_s: float) -> None:
        if self.fails_with is not None and len(self.times) >= self.after:
            raise self.fails_with
        self.times.append(round(t_s, 3))

    def close(self) -> None:
        self.closed += 1


def played(window: Output | None, record: Output | None, countdown_s: float = 0.0, frames: int = 10) -> list[str]:
    session = LiveSession(MOVE, Goal(reps=8), countdown_s)
    warnings: list[str] = []
    sink = LiveSink(LivePainter(MOVE, Goal(reps=8)), session, window, record, lambda: None, warnings.append)
    try:
        for number in range(frames):
            result = session.update(number / 10, plank())
            sink.write(Frame(number, number / 10, room(64, 48)), result)
    finally:
        sink.close()
    return warnings


def test_window_and_recording_get_the_same_frames() -> None:
    window, record = Output(), Output()
    assert played(window, record) == []
    assert window.times == record.times == [number / 10 for number in range(10)]
    assert (window.closed, record.closed) == (0, 1)


def test_the_recording_begins_with_counting() -> None:
    window, record = Output(), Output()
    played(window, record, countdown_s=1.0, frames=30)
    assert len(window.times) == 30
    assert 0 < len(record.times) < 20


def test_a_recording_that_fails_is_dropped_with_a_sentence() -> None:
    window, record = Output(), Output(OSError("no space left on device"), after=3)
    warnings = played(window, record)
    assert len(window.times) == 10
    assert record.closed == 1
    assert len(warnings) == 1
    assert "no space left" in warnings[0]


def test_a_window_that_fails_ends_the_session() -> None:
    record = Output()
    with pytest.raises(StopSession):
        played(Output(RuntimeError("graphics gone"), after=2), record)
    assert record.closed == 1
    with pytest.raises(StopSession):
        played(Output(StopSession()), None)


def test_without_window_and_recording_nothing_is_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("painted for nobody")

    monkeypatch.setattr(LivePainter, "paint", never)
    assert played(None, None) == []
