"""One live session over the page: a thread that judges, and the browser that is told of every frame."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal

from posturecam.app.finished import Finished
from posturecam.app.host import Host
from posturecam.app.live import LiveRun, LiveSource, RestWish
from posturecam.app.live_steps import Routine, Step
from posturecam.app.pose_model import model_file
from posturecam.app.recovery import make_store_ready
from posturecam.app.saving import Keeping
from posturecam.coaching.announcer import Announcer
from posturecam.coaching.session import LiveSession, LiveState
from posturecam.errors import PosturecamError
from posturecam.model import Frame, FrameResult
from posturecam.pipeline import Sink
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.sinks.figures import check_indices
from posturecam.store import SessionStore
from posturecam.web.camera import BrowserCamera

Wish = Literal["pause", "skip", "finish"]
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
        "guidance": state.guidance or result.guidance,
        "steps": list(step.exercise.steps[:2]),
        "camera": step.exercise.camera.advice,
        "wait_s": state.wait_s,
        "rest_s": state.rest_s,
        "finishing": round(state.finishing, 2),
        "by_key": state.by_key,
        "phase": result.phase,
        "end": result.end,
        "side": result.side,
        "fraction": result.progress.fraction,
        "cue": [cue.kind, cue.text] if cue is not None else None,
        "set": [done.number, done.sets],
        "done": done.done,
        "left": done.left,
        "right": done.right,
        "target": done.target,
        "reps": result.progress.reps,
    }


class PageStage:
    """The page as the stage of a live session; wishes come from the socket and are granted between two frames."""

    def __init__(self, camera: BrowserCamera, tell: Tell) -> None:
        self.closed_by_person = False
        self.problems: Sequence[str] = ()
        self._camera = camera
        self._tell = tell
        self._session: LiveSession | None = None
        self._wishes: list[Wish] = []

    def wish(self, wish: Wish) -> None:
        """Take what the person wants; may be called from any thread."""
        self._wishes.append(wish)

    def before(self, gap: bool) -> None:
        """Grant what was wished since the last frame; after a gap the session waits for the position again."""
        session = self._session
        if session is None:
            return
        if gap and session.state.screen == "active" and session.guided:
            session.wish("pause")
            session.wish("pause")
        wishes, self._wishes = self._wishes, []
        for wish in wishes:
            session.wish(wish)
            self.closed_by_person |= wish == "finish"

    def red_flags(self, title: str, flags: Sequence[str]) -> bool:
        """They stand on the page from which the session was begun."""
        del title, flags
        return True

    def sinks(self, step: Step, session: LiveSession, source: LiveSource, *, number: int, of: int) -> Sequence[Sink]:
        """The browser sees and says it."""
        del source
        self._session, self._wishes = session, []
        self._tell({"kind": "step", "number": number + 1, "of": of, "title": step.title})
        return (Showing(step, session, self._camera, self._tell),)

    def rest_begins(self, step: Step, after: Step, t_s: float) -> None:
        """Say what comes next."""
        del t_s
        self._session = None
        says = [["stage", f"Rest. Next: {after.title}."]]
        self._tell({"kind": "rest", "n": 0, "rest_s": step.rest_s, "next": after.title, "says": says})

    def resting(self, step: Step, after: Step, left_s: float, t_s: float) -> RestWish | None:
        """Show the seconds that are left."""
        del step, t_s
        self._tell({"kind": "rest", "n": self._camera.number, "rest_s": left_s, "next": after.title, "says": []})
        wishes, self._wishes = self._wishes, []
        self.closed_by_person |= "finish" in wishes
        return "stop" if "finish" in wishes else "go" if "skip" in wishes else None

    def summary(self, done: Sequence[Finished]) -> None:
        """The room tells at the end what was saved."""
        del done


class Room:
    """A live session that goes on whether or not a browser is looking. ``saved`` is told the id of each stored session."""

    def __init__(
        self, routine: Routine, store: SessionStore, model: str | None, host: Host, saved: Callable[[str], None]
    ) -> None:
        self.id = secrets.token_urlsafe(12)
        self.camera = BrowserCamera()
        self.stage = PageStage(self.camera, self._tell)
        self.camera.before = self.stage.before
        self.over = threading.Event()
        self._routine = routine
        self._store = store
        self._model = model
        self._host = host
        self._saved = saved
        self._listener: Callable[[str], None] | None = None
        self._last: str | None = None
        self._thread = threading.Thread(target=self._run, name=f"room {self.id}", daemon=True)
        self._thread.start()

    def attach(self, listener: Callable[[str], None]) -> None:
        """From now on this browser is told, and its pictures count; ``listener`` is called from the judging thread."""
        self._listener = listener
        self.camera.attach()
        if self.over.is_set() and self._last is not None:
            listener(self._last)

    def detach(self, listener: Callable[[str], None]) -> None:
        """This browser has gone; the session waits for it, for a while."""
        if self._listener is listener:
            self._listener = None

    def finish(self) -> None:
        """End it: what was done is saved."""
        self.stage.closed_by_person = True
        self.camera.end()

    def wait(self, seconds: float) -> bool:
        """Wait until all is saved; False when that takes longer."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _tell(self, message: Mapping[str, Any]) -> None:
        text = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        if message["kind"] == "end":
            self._last = text
        if (listener := self._listener) is not None:
            with suppress(RuntimeError):  # its event loop has ended
                listener(text)

    def _run(self) -> None:
        done: list[Finished] = []
        problem: str | None = None
        try:
            problem = self._coach(done)
        except PosturecamError as error:
            problem = str(error)
        except Exception as error:
            self._host.trace(error)
            problem = f"Something unforeseen went wrong ({type(error).__name__}); what was finished is saved."
        finally:
            ids = [one.folder.name for one in done if one.folder is not None]
            summaries = [f"{one.report.title()}: {one.report.summary}" for one in done]
            self._tell({"kind": "end", "sessions": ids, "summaries": summaries, "problem": problem})
            self.over.set()

    def _coach(self, done: list[Finished]) -> str | None:
        """The whole session; ``done`` gets what was saved. Returns what could not be kept."""
        make_store_ready(self._store, self._host)
        model = model_file(self._model, self._host)
        with MediaPipeEstimator(model, self._routine.silhouette) as estimator:
            self._tell({"kind": "ready"})
            if not self.camera.wait_for_first():
                return None

            def told(finished: Finished) -> None:
                done.append(finished)
                if finished.folder is not None:
                    self._saved(finished.folder.name)

            keeping = Keeping(self._store, model.stem, None, self._host.say)
            run = LiveRun(self.camera, estimator, self.stage, keeping, self._host, told=told)
            run.run(self._routine.steps)
            return " ".join(run.problems) or None
