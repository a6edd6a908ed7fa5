"""One live session over the page: a thread that judges, and the browser that is told of every frame."""

from __future__ import annotations

import json
import secrets
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from posturecam import language
from posturecam.app.finished import Finished
from posturecam.app.host import Host
from posturecam.app.live import LiveRun
from posturecam.app.live_steps import Routine
from posturecam.app.pose_model import model_file
from posturecam.app.recovery import make_store_ready
from posturecam.app.saving import Keeping
from posturecam.errors import PosturecamError
from posturecam.language import stored
from posturecam.pose.mediapipe import MediaPipeEstimator
from posturecam.report.summary import summary_text
from posturecam.web.camera import BrowserCamera
from posturecam.web.stage import PageStage, Tell

HEAD = struct.Struct("<I")
"""Before a message that comes with its picture: the length of the message in bytes."""


def with_picture(text: str, jpeg: bytes) -> bytes:
    """A message and the picture that it is about, in one."""
    content = text.encode()
    return HEAD.pack(len(content)) + content + jpeg


UNFORESEEN = stored("Something unforeseen went wrong ({error}); what was finished is saved.")


class Room:
    """A live session that goes on whether or not a browser is looking.

    ``keeping`` as in :class:`LiveRun`, but for the pose model's name. ``saved`` is told the id of each stored session. It begins
    with step ``first``, from 0; ``reached`` is told which is due at the end. ``remote``: the pictures come from another browser
    than the one that shows the session, which is sent them as well.
    """

    def __init__(
        self,
        routine: Routine,
        keeping: Keeping,
        model: str | None,
        host: Host,
        saved: Callable[[str], None],
        *,
        remote: bool = False,
        first: int = 0,
        reached: Callable[[int], None] = lambda _at: None,
    ) -> None:
        self.id = secrets.token_urlsafe(12)
        self.remote = remote
        self.camera = BrowserCamera()
        self.stage = PageStage(self.camera, self._tell)
        self.camera.before = self.stage.before
        self.over = threading.Event()
        self._routine = routine
        self._keeping = keeping
        self._model = model
        self._host = host
        self._saved = saved
        self._first = first
        self._reached = reached
        self._listener: Callable[[str | bytes], None] | None = None
        self._lens: Tell | None = None
        self._last: str | None = None
        self._telling = threading.Lock()
        self._language = language.current()
        self._thread = threading.Thread(target=self._run, name=f"room {self.id}", daemon=True)
        self._thread.start()

    def attach(self, listener: Callable[[str | bytes], None]) -> None:
        """From now on this browser is told, and its pictures count; ``listener`` is called from the judging thread."""
        with self._telling:
            self._listener, last = listener, self._last
        if not self.remote:
            self.camera.attach()
        if last is not None:
            listener(last)

    def detach(self, listener: Callable[[str | bytes], None]) -> None:
        """This browser has gone; the session waits for it, for a while."""
        if self._listener is listener:
            self._listener = None

    @property
    def seeing(self) -> bool:
        """Whether somebody lends it a camera."""
        return self._lens is not None

    def look_through(self, lens: Tell) -> None:
        """Another browser lends its camera, and is told which of its pictures have been judged."""
        self._lens = lens
        self.camera.attach()
        lens({"kind": "watched"})
        self._tell({"kind": "camera", "on": True})

    def look_away(self, lens: Tell) -> None:
        """That browser has gone; the session waits for another."""
        if self._lens == lens:  # a bound method is a new object each time
            self._lens = None
            self._tell({"kind": "camera", "on": False})

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
        kind = message["kind"]
        with self._telling:  # the end reaches a browser that comes just now, and once
            listener = self._listener
            self._last = text if kind == "end" else self._last
        if listener is not None:
            pictured = self.remote and message.get("n") == self.camera.number
            with suppress(RuntimeError):  # its event loop has ended
                listener(with_picture(text, self.camera.jpeg) if pictured else text)
        if (lens := self._lens) is not None and "n" in message:
            lens({"kind": "taken", "n": message["n"]})
        elif lens is not None and kind == "end":
            lens({"kind": "idle"})

    def _run(self) -> None:
        done: list[Finished] = []
        problem: str | None = None
        try:
            with language.spoken(self._language):
                problem = self._coach(done)
        except PosturecamError as error:
            problem = str(error)
        except Exception as error:
            self._host.trace(error)
            problem = stored(UNFORESEEN, error=type(error).__name__)
        finally:
            ids = [one.folder.name for one in done if one.folder is not None]
            with language.spoken(self._language):
                summaries = [f"{one.report.title()}: {summary_text(one.report)}" for one in done]
                problem = language.retold(problem) if problem else None
            self._tell({"kind": "end", "sessions": ids, "summaries": summaries, "problem": problem})
            self.over.set()

    def _coach(self, done: list[Finished]) -> str | None:
        """The whole session; ``done`` gets what was saved. Returns what could not be kept."""
        store = self._keeping.store
        if store is not None:
            make_store_ready(store, self._host)
        model = model_file(self._model, self._host)
        with MediaPipeEstimator(model, self._routine.silhouette) as estimator:

            def told(finished: Finished) -> None:
                done.append(finished)
                if finished.folder is not None:
                    self._saved(finished.folder.name)

            keeping = replace(self._keeping, model=model.stem)
            run = LiveRun(self.camera, estimator, self.stage, keeping, self._host, told=told, at=self._first)
            self._tell({"kind": "ready"})
            if not self.camera.wait_for_first():
                return None
            try:
                run.run(self._routine.steps)
            finally:
                self._reached(run.at)
            return " ".join(run.problems) or None
