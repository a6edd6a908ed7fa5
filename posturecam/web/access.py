"""Who may come in: the browser that was opened with the program's own link, and phones that were paired by hand."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["desk", "phone"]

INVITATION_S = 300.0
"""So long a link for a phone can be used; it can be used once."""
ANSWER_S = 180.0
"""So long a phone that has knocked waits to be let in."""
PHONE_S = 7200.0
"""So long a paired phone stays: a long evening of exercises."""
DESK_S = 43_200.0
MOST_GUESTS = 64


@dataclass(eq=False)
class Guest:
    """A browser that holds a cookie of ours.

    ``csrf`` is what its forms must bring along; ``address`` the machine that a phone's cookie is good for; ``until_s`` when it
    ends, on the clock of :class:`Access`. A phone that has only knocked is not yet ``let_in``; ``code`` is what both screens
    show. ``made``: the sessions that a phone made, the only ones it may see.
    """

    kind: Kind
    csrf: str
    until_s: float
    let_in: bool = True
    address: str | None = None
    code: str = ""
    made: set[str] = field(default_factory=set)


class Access:
    """Keys, cookies and invitations of one run of the program; nothing of it is on the disk, so all of it ends with it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.key = secrets.token_urlsafe(24)
        """What the link for this computer's own browser holds."""
        self._guests: dict[bytes, Guest] = {}
        self._invitations: dict[bytes, float] = {}

    # this computer's browser ----------------------------------------------------------------------------------------

    def enter(self, key: str) -> str | None:
        """A new cookie for whoever brings the key; None for a wrong one."""
        if not same(key, self.key):
            return None
        return self._new(Guest("desk", secrets.token_urlsafe(24), self._clock() + DESK_S))

    def guest(self, cookie: str, kind: Kind, address: str | None) -> Guest | None:
        """Whose cookie it is; None for one that is unknown, has ended, or comes from another machine than it was made for."""
        found = self._guests.get(_digest(cookie)) if cookie else None
        if found is None or found.kind != kind or self._clock() >= found.until_s:
            return None
        if found.address is not None and found.address != address:
            return None
        return found

    def stays(self, guest: Guest) -> bool:
        """Whether somebody who has come in may still be here; asked again and again of whoever keeps a socket open."""
        return guest.let_in and self._clock() < guest.until_s

    # phones ---------------------------------------------------------------------------------------------------------

    def invite(self) -> str:
        """A token for the link to be shown; the ones before it are good no longer."""
        token = secrets.token_urlsafe(24)
        self._invitations = {_digest(token): self._clock() + INVITATION_S}
        return token

    def knock(self, token: str, address: str | None) -> tuple[str, Guest] | None:
        """Use the token up: a cookie and a guest who waits to be let in. None for one that is wrong, used or too old."""
        until_s = self._invitations.pop(_digest(token), None)
        if until_s is None or self._clock() >= until_s:
            return None
        guest = Guest("phone", secrets.token_urlsafe(24), self._clock() + ANSWER_S, let_in=False, address=address)
        guest.code = f"{secrets.randbelow(10_000):04d}"
        return self._new(guest), guest

    def phones(self) -> list[Guest]:
        """The phones that wait or are in."""
        return [one for one in self._guests.values() if one.kind == "phone" and self._clock() < one.until_s]

    def answer(self, code: str, *, let_in: bool) -> bool:
        """Let the phone with this code in, or send it away; False when there is none that waits with it."""
        for guest in self.phones():
            if not guest.let_in and same(code, guest.code):
                guest.let_in = let_in
                guest.until_s = self._clock() + PHONE_S if let_in else 0.0
                return True
        return False

    def end_phones(self) -> None:
        """All phones are out, and no link is good any longer."""
        self._invitations.clear()
        for guest in self.phones():
            guest.until_s = 0.0

    def _new(self, guest: Guest) -> str:
        now_s = self._clock()
        self._guests = {key: one for key, one in self._guests.items() if now_s < one.until_s}
        while len(self._guests) >= MOST_GUESTS:
            del self._guests[next(iter(self._guests))]
        cookie = secrets.token_urlsafe(32)
        self._guests[_digest(cookie)] = guest
        return cookie


def same(given: str, right: str) -> bool:
    """Whether two secrets are the same, in a time that does not tell how much of them is."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())


def _digest(secret: str) -> bytes:
    """What a secret is looked up by: comparing digests tells nothing about it."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
