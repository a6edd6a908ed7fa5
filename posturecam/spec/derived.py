"""What is made of an exercise once and then kept: one that has been loaded never changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from posturecam.spec.schema import Exercise

T = TypeVar("T")
KEPT = 64
"""Twice the shipped exercises and their variants."""


class Derived(Generic[T]):
    """A function of an exercise that is worked out once for each: ``@Derived`` over it."""

    def __init__(self, make: Callable[[Exercise], T]) -> None:
        self.__doc__ = make.__doc__
        self._make = make
        self._kept: dict[int, tuple[Exercise, T]] = {}

    def __call__(self, exercise: Exercise) -> T:
        """What is made of ``exercise``, the same object each time."""
        kept = self._kept.get(id(exercise))
        # the id alone may be another's by now; what is kept keeps its exercise alive, so theirs is not
        if kept is None or kept[0] is not exercise:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            kept = self._kept[id(exercise)] = (exercise, self._make(exercise))
        return kept[1]
