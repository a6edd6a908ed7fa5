"""Speaks what the announcer says, without ever making a frame wait."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from posturecam.coaching.announcer import Announcer, Say, SayKind
from posturecam.coaching.session import LiveState
from posturecam.language import gettext
from posturecam.model import Frame, FrameResult
from posturecam.sinks.speech import Engine, patience_s

STALE_S: dict[SayKind, float] = {"count": 2.5, "time": 1.5, "cue": 2.5, "guide": 5.0, "stage": 6.0}
"""How late it is still worth saying: a count that comes after the next one confuses."""
MAX_WAITING = 6
FAILURES_ALLOWED = 2
CLOSE_S = 4.0


class Speaker(Protocol):
    """Where the words go."""

    def say(self, say: Say) -> None:
        """Take words to be spoken; returns at once."""
        ...

    def close(self) -> None:
        """Let the last words be finished, for a few seconds at most."""
        ...


class SilentSpeaker:
    """Says nothing."""

    def say(self, say: Say) -> None:
        """Leave it unsaid."""

    def close(self) -> None:
        """Nothing to do."""


class RecordingSpeaker:
    """Writes down what would have been said, and when: ``said`` holds (seconds on the source's clock, words)."""

    def __init__(self) -> None:
        self.said: list[tuple[float, str]] = []

    def say(self, say: Say) -> None:
        """Write it down."""
        self.said.append((say.t_s, say.text))

    def close(self) -> None:
        """Nothing to do."""


class EngineSpeaker:
    """Speaks through an engine on a thread of its own; what has become stale while another text was spoken is left out.

    An engine that fails or hangs twice in a row is given up: ``fallback`` makes the next one, and when there is none
    ``on_silence`` is told once.
    """

    def __init__(
        self,
        engine: Engine,
        fallback: Callable[[], Engine | None] = lambda: None,
        on_silence: Callable[[str], None] = lambda _text: None,
        patience: Callable[[str], float] = patience_s,
    ) -> None:
        self._engine: Engine | None = engine
        self._fallback: Callable[[], Engine | None] | None = fallback
        self._on_silence = on_silence
        self._patience = patience
        self._waiting: deque[tuple[float, Say]] = deque(maxlen=MAX_WAITING)
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._speak_all, name="voice", daemon=True)
        self._thread.start()

    def say(self, say: Say) -> None:
        """Queue the words; the oldest give way when too many wait."""
        with self._changed:
            if say.kind in ("count", "time"):
                # a newer number makes the older one wrong
                kept = [item for item in self._waiting if item[1].kind != say.kind]
                self._waiting = deque(kept, maxlen=MAX_WAITING)
            self._waiting.append((time.monotonic(), say))
            self._changed.notify()

    def close(self) -> None:
        """Let the last words be finished, then end the engine."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(CLOSE_S)
        engine = self._engine
        if engine is not None:
            engine.close()
        self._thread.join(1.0)

    def _speak_all(self) -> None:
        failures = 0
        while True:
            with self._changed:
                while not self._waiting and not self._closing:
                    self._changed.wait()
                if not self._waiting:
                    return
                since_s, say = self._waiting.popleft()
            if self._engine is None or time.monotonic() - since_s > STALE_S[say.kind]:
                continue
            if self._engine.speak(say.text, self._patience(say.text)):
                failures = 0
                continue
            failures += 1
            if failures >= FAILURES_ALLOWED and not self._closing:
                failures = 0
                self._replace_engine()

    def _replace_engine(self) -> None:
        assert self._engine is not None
        failed = self._engine
        failed.close()
        make, self._fallback = self._fallback, None
        self._engine = make() if make else None
        if self._engine is None:
            self._on_silence(
                gettext(
                    "The voice ({engine}) has stopped working; the cues are on the screen from now on.",
                    engine=failed.name,
                )
            )


class VoiceSink:
    """The announcer between the frames and a speaker. ``state`` and ``camera`` are asked every frame."""

    title = "the voice"

    def __init__(
        self,
        announcer: Announcer,
        speaker: Speaker,
        state: Callable[[], LiveState],
        camera: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._announcer = announcer
        self._speaker = speaker
        self._state = state
        self._camera = camera

    def write(self, frame: Frame, result: FrameResult) -> None:  # noqa: ARG002 - the sinks' contract
        """Say what this frame calls for."""
        for say in self._announcer.update(result, self._state(), self._camera()):
            self._speaker.say(say)

    def close(self) -> None:
        """The speaker outlives the exercise; whoever made it closes it."""
