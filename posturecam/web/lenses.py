"""Phones that lend their camera, and the sessions on the computer's screen that look through it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from posturecam.web.access import Guest
from posturecam.web.room import Room


class Lens:
    """One phone's camera. ``send`` gets what the phone is told, from any thread; ``guest`` is whose phone it is."""

    def __init__(self, guest: Guest, send: Callable[[str], None]) -> None:
        self.guest = guest
        self._send = send
        self._room: Room | None = None

    @property
    def free(self) -> bool:
        """Whether no session that still goes on looks through it."""
        return self._room is None or self._room.over.is_set()

    def offer(self, t_s: float, number: int, jpeg: bytes) -> None:
        """A picture of the phone; dropped where nobody looks."""
        if self._room is not None:
            self._room.camera.offer(t_s, number, jpeg)

    def lend(self, room: Room) -> None:
        """From now on its pictures are this session's."""
        self._room = room
        room.look_through(self.tell)

    def take_away(self) -> None:
        """The phone has gone."""
        if self._room is not None:
            self._room.look_away(self.tell)

    def tell(self, message: Mapping[str, Any]) -> None:
        """Tell the phone."""
        with suppress(RuntimeError):  # its event loop has ended
            self._send(json.dumps(message))


class Lenses:
    """All phones that lend their camera now; the newest serves first."""

    def __init__(self) -> None:
        self._lenses: list[Lens] = []
        self._waiting: list[Room] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._lenses)

    def add(self, lens: Lens) -> None:
        """A phone lends its camera: to the session that waits for one, the newest first."""
        with self._lock:
            self._lenses.append(lens)
            self._match()

    def remove(self, lens: Lens) -> None:
        """It does so no longer; the session that looked through it waits for another, or for this one again."""
        with self._lock:
            self._lenses.remove(lens)
            lens.take_away()
            self._match()

    def want(self, room: Room) -> None:
        """A session needs a camera: now, and whenever the one that it has goes away."""
        with self._lock:
            self._waiting = [one for one in self._waiting if not one.over.is_set()] + [room]
            self._match()

    def _match(self) -> None:
        for room in reversed(self._waiting):
            lens = next((one for one in reversed(self._lenses) if one.free), None)
            if lens is not None and not room.over.is_set() and not room.seeing:
                lens.lend(room)
