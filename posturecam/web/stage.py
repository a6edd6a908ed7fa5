"""The page as the stage of a live session: what it is told of every frame, and the wishes that come back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from posturecam.app.finished import Finished
from posturecam.app.live import LiveSource, RestWish
from posturecam.app.live_steps import Step
from posturecam.app.stage import PAUSE_S, WORDS_A_SECOND, needed_text, rest_note, rest_words
from posturecam.coaching.announcer import Announcer
from posturecam.coaching.session import LiveSession, LiveState
from posturecam.language import gettext
from posturecam.model import Frame, FrameResult
from posturecam.pipeline import Sink
from posturecam.sinks.figures import check_indices
from posturecam.web.camera import BrowserCamera
from posturecam.web.films import film_of

Wish = Literal["pause", "skip", "next", "back", "finish"]
GRANTED: Mapping[Wish, RestWish] = {"skip": "go", "next": "next", "back": "back", "finish": "stop"}
"""What a wish means between two exercises."""
POLL_S = 0.1
Tell = Callable[[Mapping[str, Any]], None]


class Showing:
    """The sink that tells the browser what the window would show, and what the voice would say."""

    title = "the page"

    def __init__(self, step: Step, session: LiveSession, camera: BrowserCamera, tell: Tell) -> None:
        self._step = step
        self._session = session
        self._camera = camera
        self._tell = tell
        self._announcer = Announcer(step.exercise)
        self._scores: list[float] = []

    def write(self, frame: Frame, result: FrameResult) -> None:
        """Tell of one frame."""
        state = self._session.state
        self._scores += [rep.score for rep in result.finished_reps if rep.score is not None]
        self._scores += [hold.score for hold in result.finished_holds if hold.score is not None]
        says = self._announcer.update(result, state)
        self._tell(
            {
                "kind": "frame",
                "n": self._camera.number,
                "points": _points(frame, result),
                "focus": list(result.focus),
                "wrong": self._wrong(result),
                "says": [[say.kind, say.text] for say in says],
                "score": sum(self._scores) / len(self._scores) if self._scores else None,
                **_shown(self._step, result, state),
            }
        )

    def close(self) -> None:
        """Nothing to finish."""

    def _wrong(self, result: FrameResult) -> list[int]:
        faults = [verdict.check for verdict in result.verdicts if verdict.state == "fault"]
        found = (check_indices(self._step.exercise, check, result.near, result.side or result.near) for check in faults)
        return sorted(frozenset().union(*found))


def _points(frame: Frame, result: FrameResult) -> list[list[float]] | None:
    """Landmarks as shares of the picture, with their visibility."""
    if result.pose is None:
        return None
    height, width = frame.image.shape[:2]
    shares = result.pose.points / (width, height)
    rows = zip(shares.round(4).tolist(), result.pose.visibility.round(2).tolist(), strict=True)
    return [[x, y, seen] if x == x and y == y else [0.0, 0.0, 0.0] for (x, y), seen in rows]


def _shown(step: Step, result: FrameResult, state: LiveState) -> dict[str, Any]:
    done = state.progress
    cue = result.cue if state.screen == "active" else None
    return {
        "screen": state.screen,
        "ended": state.ended,
        "title": step.title,
        "hold": step.exercise.hold is not None,
        "guidance": _told(state.guidance or result.guidance),
        "steps": [gettext(one) for one in step.exercise.steps[:2]],
        "camera": gettext(step.exercise.camera.advice),
        "wait_s": state.wait_s,
        "rest_s": state.rest_s,
        "finishing": round(state.finishing, 2),
        "turning": state.turning,
        "turned": round(state.turned, 2),
        "by_key": state.by_key,
        "phase": result.phase,
        "end": result.end,
        "side": result.side,
        "fraction": result.progress.fraction,
        "cue": [cue.kind, gettext(cue.text)] if cue is not None else None,
        "set": [done.number, done.sets],
        "done": done.done,
        "left": done.left,
        "right": done.right,
        "target": done.target,
        "reps": result.progress.reps,
    }


def _told(text: str | None) -> str | None:
    return gettext(text) if text else None


class PageStage:
    """The page as the stage of a live session; wishes come from the socket and are granted between two frames."""

    def __init__(self, camera: BrowserCamera, tell: Tell) -> None:
        self.closed_by_person = False
        self.problems: Sequence[str] = ()
        self._camera = camera
        self._tell = tell
        self._session: LiveSession | None = None
        self._wishes: list[Wish] = []
        self._wished = threading.Event()
        self._begun = False

    def wish(self, wish: Wish) -> None:
        """Take what the person wants; may be called from any thread."""
        self._wishes.append(wish)
        self._wished.set()

    def before(self, gap: bool) -> None:
        """Grant what was wished since the last frame; after a gap the session waits for the position again."""
        session = self._session
        if session is None:
            return
        if gap and session.state.screen == "active" and session.guided:
            session.wish("pause")
            session.wish("pause")
        for wish in self._take():
            session.wish(wish)
            self.closed_by_person |= wish == "finish"

    def red_flags(self, title: str, flags: Sequence[str]) -> bool:
        """They stand on the page from which the session was begun."""
        del title, flags
        return True

    def demonstrate(self, step: Step, source: LiveSource, *, number: int, of: int) -> RestWish:
        """Show the film and have the steps read aloud; it ends by itself, or by a wish.

        Of the first exercise, the page from which the session was begun has shown it already.
        """
        del source
        if not self._begun:
            return "go"
        self._session, self._wishes = None, []
        title, steps = f"{number + 1} / {of}: {step.title}", [gettext(one) for one in step.exercise.steps]
        spoken = [title, *steps, needed_text(step.exercise.equipment)]
        self._tell(
            {
                "kind": "demonstration",
                "title": title,
                "film": film_of(step.exercise.id, step.exercise.variant),
                "steps": steps,
                "needed": spoken[-1],
                "says": [["stage", " ".join(spoken).strip()]],
            }
        )
        until_s = self._camera.now() + sum(len(words.split()) / WORDS_A_SECOND + PAUSE_S for words in spoken)
        while self._camera.now() < until_s and not self._camera.ended:
            self._wished.wait(POLL_S)
            if (wish := self._rest_wish()) is not None:
                return wish
        return "stop" if self._camera.ended else "go"

    def sinks(self, step: Step, session: LiveSession, source: LiveSource, *, number: int, of: int) -> Sequence[Sink]:
        """The browser sees and says it."""
        del source
        self._session, self._wishes, self._begun = session, [], True
        self._tell({"kind": "step", "number": number + 1, "of": of, "title": step.title})
        return (Showing(step, session, self._camera, self._tell),)

    def rest_begins(self, step: Step, after: Step, t_s: float) -> None:
        """Say what comes next."""
        del t_s
        self._session = None
        self._rest(0, step.rest_s, after, rest_words(after))

    def resting(self, step: Step, after: Step, left_s: float, t_s: float) -> RestWish | None:
        """Show the seconds that are left."""
        del step, t_s
        self._rest(self._camera.number, left_s, after)
        return self._rest_wish()

    def _rest(self, number: int, left_s: float, after: Step, words: str = "") -> None:
        film = film_of(after.exercise.id, after.exercise.variant)
        says = [["stage", words]] if words else []
        self._tell(
            {
                "kind": "rest",
                "n": number,
                "rest_s": left_s,
                "next": after.title,
                "film": film,
                "more": rest_note(after),
                "says": says,
            }
        )

    def _rest_wish(self) -> RestWish | None:
        wishes = [GRANTED[wish] for wish in self._take() if wish in GRANTED]
        self.closed_by_person |= "stop" in wishes
        return "stop" if "stop" in wishes else wishes[0] if wishes else None

    def _take(self) -> list[Wish]:
        self._wished.clear()
        wishes, self._wishes = self._wishes, []
        return wishes

    def summary(self, done: Sequence[Finished]) -> None:
        """The room tells at the end what was saved."""
        del done
