"""What to say, and when: a pure fold over the frames of a live session. Saying it is a sink's business."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from posturecam.coaching.goals import change_sides
from posturecam.coaching.session import LiveState, Screen
from posturecam.language import capital, gettext, msgid
from posturecam.model import Cue, FrameResult, Side
from posturecam.spec.schema import Exercise

SayKind = Literal["count", "cue", "time", "guide", "stage"]

STEADY_S = 0.8
"""Guidance must have been the same for so long before it is said."""
AGAIN_S = 8.0
"""The same guidance is said again after so long, then after twice as long, and so on."""
STEADY = msgid("Hold still in the start position")
"""What the countdown waits for once its seconds are over."""
POSITION, BACK = msgid("Get into position"), msgid("Get back into position")
LAST_SECONDS = (5, 3, 2, 1)
SHORTEST_HALVED_S = 12.0
NUMBERS = (
    msgid("zero"),
    msgid("one"),
    msgid("two"),
    msgid("three"),
    msgid("four"),
    msgid("five"),
    msgid("six"),
    msgid("seven"),
    msgid("eight"),
    msgid("nine"),
    msgid("ten"),
    msgid("eleven"),
    msgid("twelve"),
    msgid("thirteen"),
    msgid("fourteen"),
    msgid("fifteen"),
    msgid("sixteen"),
    msgid("seventeen"),
    msgid("eighteen"),
    msgid("nineteen"),
    msgid("twenty"),
)


@dataclass(frozen=True)
class Say:
    """Words to be spoken now, in the language chosen; ``kind`` tells what may be dropped when they come too late to be true."""

    t_s: float
    text: str
    kind: SayKind


def number(value: int) -> str:
    """A count as a word up to twenty, as digits above."""
    return gettext(NUMBERS[value]) if 0 <= value < len(NUMBERS) else str(value)


class Announcer:
    """Counts aloud, passes the coach's cues on, announces the time of holds, guides into position.

    The coach limits how often cues come; here it only matters that each is said once.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._screen: Screen | None = None
        self._cue: Cue | None = None
        self._counts: Mapping[str, int] = {}
        self._second: int | None = None
        self._guidance: str | None = None
        self._guidance_since_s = 0.0
        self._said_guidance: dict[str, tuple[float, float]] = {}
        self._told_steps = False
        self._hold_left_s = math.inf
        self._halved: set[tuple[int, str | None]] = set()
        self._reached = False
        self._steadying = False
        self._side_to_come: Side | None = None
        self._camera: str | None = None

    def update(self, result: FrameResult, state: LiveState, camera: str | None = None) -> list[Say]:
        """What to say after this frame, in this order; ``camera`` is what is wrong with the camera, if anything."""
        t_s = result.t_s
        says = self._camera_says(t_s, camera)
        says += self._screen_says(t_s, state)
        if state.screen in ("framing", "paused") and not state.by_key and not camera:
            says += self._guide(t_s, result, state)
        if state.screen == "countdown" or (state.screen == "paused" and state.wait_s is not None):
            says += self._count_down(t_s, state)
        elif state.screen == "resting":
            says += self._rest(t_s, state)
        else:
            self._second = None
        if state.screen in ("active", "finished", "resting"):
            says += self._counted(t_s, result, state)
        if state.screen == "active":
            says += self._cued(t_s, result) + self._timed(t_s, result, state)
        return says + self._sides(t_s, state)

    def _sides(self, t_s: float, state: LiveState) -> list[Say]:
        """One side is done: time for the other."""
        side = state.progress.side_to_come
        before, self._side_to_come = self._side_to_come, side
        if side is None or side == before or state.ended:
            return []
        return [Say(t_s, gettext(change_sides(side)), "stage")]

    def _camera_says(self, t_s: float, camera: str | None) -> list[Say]:
        changed, self._camera = camera != self._camera, camera
        if not changed:
            return []
        return [Say(t_s, gettext("I lost the camera") if camera else gettext("The camera is back"), "stage")]

    def _screen_says(self, t_s: float, state: LiveState) -> list[Say]:
        before, self._screen = self._screen, state.screen
        if before == state.screen:
            return []
        if state.screen == "framing" and before is None:
            return [Say(t_s, gettext(self._exercise.name), "stage")]
        if state.screen == "active":
            words = gettext("Go on") if before == "paused" else gettext("Go")
            return [] if before is None else [Say(t_s, words, "stage")]
        if state.screen == "paused":
            return [Say(t_s, gettext("Paused"), "stage")]
        if state.screen == "resting":
            return [Say(t_s, gettext("Set {number} done. Rest.", number=number(state.progress.number)), "stage")]
        if state.screen == "framing":
            return [Say(t_s, gettext("Set {number}. Get ready.", number=number(state.progress.number)), "stage")]
        words = gettext("Well done") if state.ended == "goal" else gettext("Finished")
        return [Say(t_s, words, "stage")] if state.ended else []

    def _guide(self, t_s: float, result: FrameResult, state: LiveState) -> list[Say]:
        words = state.guidance or result.guidance
        if words is None and state.wait_s is None:
            side = state.progress.side_to_come
            back = change_sides(side) if side is not None else BACK
            words = back if state.screen == "paused" else POSITION
        if words != self._guidance:
            self._guidance, self._guidance_since_s = words, t_s
        if words is None or t_s - self._guidance_since_s < STEADY_S:
            return []
        last_s, pause_s = self._said_guidance.get(words, (-math.inf, AGAIN_S / 2))
        if t_s - last_s < pause_s:
            return []
        self._said_guidance[words] = (t_s, min(60.0, pause_s * 2))
        says = [Say(t_s, gettext(words), "guide")]
        if words == POSITION and not self._told_steps and self._exercise.steps:
            self._told_steps = True
            says.append(Say(t_s, gettext(self._exercise.steps[0]), "guide"))
        return says

    def _count_down(self, t_s: float, state: LiveState) -> list[Say]:
        newly, self._steadying = state.steadying and not self._steadying, state.steadying
        if newly:
            return [Say(t_s, gettext(STEADY), "guide")]
        if state.wait_s is None or state.screen == "paused":
            return []
        second = math.ceil(state.wait_s - 1e-6)
        if second == self._second or second <= 0:
            return []
        self._second = second
        return [Say(t_s, number(second), "time")]

    def _rest(self, t_s: float, state: LiveState) -> list[Say]:
        second = math.ceil(state.rest_s or 0.0)
        before, self._second = self._second, second
        if before is not None and before > 10 >= second:
            return [Say(t_s, gettext("Ten seconds"), "time")]
        return []

    def _counted(self, t_s: float, result: FrameResult, state: LiveState) -> list[Say]:
        if self._exercise.reps is None:
            return self._goal_says(t_s, state)
        progress, in_set = result.progress, state.progress
        now = {"": progress.reps, "left": progress.left or 0, "right": progress.right or 0}
        before, self._counts = self._counts, now
        if progress.reps <= before.get("", 0):
            return self._goal_says(t_s, state)
        if progress.left is None:
            text = capital(number(int(in_set.done)))
        else:
            side = "left" if now["left"] > before.get("left", 0) else "right"
            done = in_set.left if side == "left" else in_set.right
            count = number(int(done if done is not None else now[side]))
            text = gettext("Left {count}", count=count) if side == "left" else gettext("Right {count}", count=count)
        if in_set.left is None and in_set.target - in_set.done == 1 and in_set.target > 2:
            text = gettext("{count}. Last one", count=text)
        return [Say(t_s, text, "count"), *self._goal_says(t_s, state)]

    def _goal_says(self, t_s: float, state: LiveState) -> list[Say]:
        newly = state.progress.reached and not self._reached
        self._reached = state.progress.reached
        if newly and not state.progress.ends and state.progress.last:
            return [Say(t_s, gettext("Goal reached"), "stage")]
        return []

    def _cued(self, t_s: float, result: FrameResult) -> list[Say]:
        if result.cue is self._cue:
            return []
        self._cue = result.cue
        return [Say(t_s, gettext(result.cue.text), "cue")] if result.cue is not None else []

    def _timed(self, t_s: float, result: FrameResult, state: LiveState) -> list[Say]:
        """Half of the hold, and its last seconds."""
        if self._exercise.hold is None or result.progress.hold_s <= 0:
            self._hold_left_s = math.inf
            return []
        goal = state.progress
        done = {"left": goal.left, "right": goal.right}.get(result.side or "") if goal.left is not None else goal.done
        left_s = goal.target - (done or 0.0)
        before_s, self._hold_left_s = self._hold_left_s, left_s
        if math.isinf(before_s):
            before_s = left_s + 0.1
        half = (goal.number, result.side)
        if before_s > goal.target / 2 >= left_s and goal.target >= SHORTEST_HALVED_S and half not in self._halved:
            self._halved.add(half)
            return [Say(t_s, gettext("Half way"), "time")]
        for second in LAST_SECONDS:
            if before_s > second >= left_s and goal.target > 2 * second:
                first = second == LAST_SECONDS[0]
                words = gettext("{number} seconds", number=number(second)) if first else number(second)
                return [Say(t_s, words, "time")]
        return []
