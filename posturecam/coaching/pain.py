"""Asking for pain on the scale from 0 to 10: what keys and silence mean. Pure, told only seconds and keys."""

from __future__ import annotations

from typing import Literal

from posturecam.language import msgid

When = Literal["before", "after"]
MOST = 10
"""The worst pain imaginable; 0 is none."""
SETTLES_S = 2.0
"""A pressed number is taken once no other key follows it for so long: time to see it, to press another, or to make 1 a 10."""
PATIENCE_S = 20.0
"""Whoever answers nothing for so long is not asked any longer."""
QUESTIONS = {
    "before": msgid("How much pain do you have right now?"),
    "after": msgid("How much pain do you have now, after the exercise?"),
}
SCALE = msgid("0 is no pain, 10 the worst pain imaginable.")
LEAST, WORST = msgid("no pain"), msgid("worst pain imaginable")
KEYS = msgid("Press 0 to 9; for 10 press 1, then 0")
SKIP = msgid("S: rather not say")


class PainAnswer:
    """One answer being given. ``score`` is what is chosen so far; None: nothing yet."""

    def __init__(self, t_s: float) -> None:
        self.score: int | None = None
        self.over = False
        self._last_s = t_s

    def press(self, key: str, t_s: float) -> None:
        """Take a key: a digit chooses, Space or Enter goes on with what is chosen, S says nothing; others mean nothing."""
        if self.over:
            return
        if key == "s":
            self.score, self.over = None, True
        elif key in ("space", "enter"):
            self.over = True
        elif len(key) == 1 and key.isdecimal() and key.isascii():
            ten = self.score == 1 and key == "0" and t_s - self._last_s <= SETTLES_S
            self.score = MOST if ten else int(key)
            self._last_s = t_s

    def passed(self, t_s: float) -> bool:
        """Whether the answer stands at this time; without one ``score`` is None."""
        waits_s = PATIENCE_S if self.score is None else SETTLES_S
        self.over = self.over or t_s - self._last_s > waits_s
        return self.over
